// Signed notes and the head of a log in them (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature).
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { equal, fromBase64, fromDecimal, fromHex, fromUtf8, joined, utf8 } from "./bytes";
import { HASH_SIZE } from "./tree";

// The limits of golang.org/x/mod/sumdb/note.
const MAX_NOTE = 1_000_000;
const MAX_SIGNATURES = 100;
const ID_SIZE = 4;
const TIME_SIZE = 8;
const DASH = "— ";
const MAX_SIZE = (1n << 63n) - 1n;
// What Python calls a space; a key's name holds none.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const ED25519 = 0x01;
const COSIGNATURE = 0x04;
const ML_DSA_44 = 0x06;

/** Something is not of its form; the message is for developers, `part` says which part of the file it is. */
export class Malformed extends Error {
  constructor(
    readonly part: string,
    message: string,
  ) {
    super(message);
  }
}

export interface SignatureLine {
  name: string;
  id: Uint8Array;
  signature: Uint8Array;
}

export interface Note {
  text: string;
  signatures: SignatureLine[];
}

export interface Head {
  origin: string;
  size: bigint;
  root: Uint8Array;
}

/** What a key signs with: this verifier checks Ed25519 (of logs) and its cosignatures (of witnesses). */
export type Kind = "log" | "witness" | "either" | "unknown";

export interface Key {
  name: string;
  id: Uint8Array;
  /** Type and key, as they stand in the key's text. */
  raw: Uint8Array;
  kind: Kind;
  text: string;
}

/** What one line of a note comes to for a key: absent, wrong, of a type that is not checked here, or good. */
export type Line = { found: "absent" | "wrong" | "unchecked" } | { found: "good"; at: bigint | null };

/** The note of a file. Throws Malformed. */
export function parseNote(raw: Uint8Array): Note {
  const whole = raw.length > MAX_NOTE ? null : fromUtf8(raw);
  if (whole === null || !whole.endsWith("\n") || /[\0-\x09\x0b-\x1f]/.test(whole)) throw new Malformed("note", "not a note");
  const at = whole.lastIndexOf("\n\n");
  if (at < 0 || at + 2 === whole.length) throw new Malformed("note", "no signatures");
  const lines = whole.slice(at + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw new Malformed("note", "too many signatures");
  return { text: whole.slice(0, at + 1), signatures: lines.map(parseLine) };
}

function parseLine(line: string): SignatureLine {
  const [, name = "", encoded = ""] = /^— ([^ ]*) (.*)$/u.exec(line) ?? [];
  const raw = fromBase64(encoded);
  if (!line.startsWith(DASH) || !isName(name) || raw === null || raw.length <= ID_SIZE) {
    throw new Malformed("note", "not a signature line");
  }
  return { name, id: raw.slice(0, ID_SIZE), signature: raw.slice(ID_SIZE) };
}

function isName(name: string): boolean {
  return name !== "" && !name.includes("+") && !SPACE.test(name);
}

/** The head that a note's text states. Throws Malformed. */
export function parseHead(text: string): Head {
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length < 3 || lines.includes("")) throw new Malformed("head", "too few lines");
  const [origin = "", count = "", encoded = ""] = lines;
  const size = fromDecimal(count);
  const root = fromBase64(encoded);
  if (size === null || size > MAX_SIZE) throw new Malformed("head", "not a size");
  if (root === null || root.length !== HASH_SIZE) throw new Malformed("head", "not a root");
  if (size === 0n && !equal(root, sha256(new Uint8Array()))) throw new Malformed("head", "not the root of nothing");
  return { origin, size, root };
}

/** A public key from its text, `name+id+key`. Throws Malformed. */
export function parseKey(text: string): Key {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  const name = text.slice(0, first);
  const id = /^[0-9a-f]{8}$/.test(text.slice(first + 1, second)) ? fromHex(text.slice(first + 1, second)) : null;
  const raw = fromBase64(text.slice(second + 1));
  if (first < 0 || second < 0 || !isName(name) || id === null || !raw?.length) throw new Malformed("key", "not a key");
  const kind = kindOf(raw);
  if (kind !== "unknown" && kind !== "either" && raw.length !== 1 + 32) throw new Malformed("key", "not a key of its type");
  if (!equal(id, sha256(joined(utf8(`${name}\n`), raw)).slice(0, ID_SIZE))) throw new Malformed("key", "another id");
  return { name, id, raw, kind, text };
}

function kindOf(raw: Uint8Array): Kind {
  if (raw[0] === ED25519) return "log";
  if (raw[0] === COSIGNATURE) return "witness";
  return raw[0] === ML_DSA_44 ? "either" : "unknown";
}

/** What the note's line of a key comes to; the first line of the key counts. */
export function lineOf(note: Note, key: Key): Line {
  const line = note.signatures.find((each) => each.name === key.name && equal(each.id, key.id));
  if (!line) return { found: "absent" };
  if (key.kind === "either" || key.kind === "unknown") return { found: "unchecked" };
  return key.kind === "log" ? signed(line.signature, note.text, key, null) : cosigned(line.signature, note.text, key);
}

function cosigned(signature: Uint8Array, text: string, key: Key): Line {
  if (signature.length < TIME_SIZE) return { found: "wrong" };
  const at = signature.slice(0, TIME_SIZE).reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
  if (at > MAX_SIZE) return { found: "wrong" };
  return signed(signature.slice(TIME_SIZE), `cosignature/v1\ntime ${at}\n${text}`, key, at);
}

function signed(signature: Uint8Array, message: string, key: Key, at: bigint | null): Line {
  try {
    // Strict as RFC 8032 says, not as ZIP 215 allows.
    const holds = ed25519.verify(signature, utf8(message), key.raw.slice(1), { zip215: false });
    return holds ? { found: "good", at } : { found: "wrong" };
  } catch {
    return { found: "wrong" };
  }
}
