// What an opening shows of a record, and the commitment that its leaf must hold.
import { sha256 } from "@noble/hashes/sha2.js";

import { fromHex, joined, toHex, utf8 } from "./bytes";
import { Malformed } from "./notes";
import { sm3 } from "./sm3";

const COMMIT = "qingqu/commit/v1\0";
const FIELDS = "qingqu/fields/v1\0";
const SALT_SIZE = 32;
const BLOCK = 64;
const HASHES = { "hmac-sha256": sha256, "hmac-sm3": sm3 } as const;

export interface Opened {
  fields: Map<string, unknown>;
  commitment: string;
  algorithm: string;
}

/** What an opening shows, and the commitment it comes to. Throws Malformed. */
export function open(opening: unknown): Opened {
  const { salted, fields, hidden } = record(opening);
  const hash = HASHES[salted as keyof typeof HASHES];
  if (!Object.hasOwn(HASHES, String(salted))) throw new Malformed("opening", "unknown way to commit");
  const shown = new Map<string, unknown>();
  const committed = new Map<string, string>();
  for (const [name, field] of Object.entries(record(fields))) {
    const { salt, value } = record(field);
    const key = typeof salt === "string" ? fromHex(salt) : null;
    if (key?.length !== SALT_SIZE || value === undefined) throw new Malformed("opening", "not a salt");
    shown.set(name, value);
    committed.set(name, toHex(hmac(hash, key, utf8(COMMIT + canonical([name, value])))));
  }
  for (const [name, commitment] of Object.entries(record(hidden))) {
    // A field both shown and hidden would show what the leaf does not commit to.
    if (typeof commitment !== "string" || committed.has(name)) throw new Malformed("opening", "shown and hidden");
    committed.set(name, commitment);
  }
  const whole = canonical(Object.fromEntries(committed));
  return { fields: shown, commitment: toHex(sha256(utf8(FIELDS + whole))), algorithm: String(salted) };
}

/** Canonical JSON (RFC 8785) of a value with whole numbers only; text in NFC. Throws Malformed for other numbers. */
export function canonical(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.normalize("NFC"));
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Malformed("opening", "not a whole number");
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.entries(value).map(([name, inner]) => [name.normalize("NFC"), inner] as const);
  pairs.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${pairs.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(",")}}`;
}

// RFC 2104 for keys shorter than a block, which salts are.
function hmac(hash: (message: Uint8Array) => Uint8Array, key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(key);
  const inner = hash(joined(block.map((octet) => octet ^ 0x36), message));
  return hash(joined(block.map((octet) => octet ^ 0x5c), inner));
}

function record(value: unknown): Record<string, unknown> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Malformed("opening", "not an object");
  return value as Record<string, unknown>;
}
