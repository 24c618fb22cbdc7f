// Checks a proof file step by step and says what it found in codes and numbers; the page has the words.
import { sha256 } from "@noble/hashes/sha2.js";

import { equal, fromBase64, fromUtf8, grouped, toHex, utf8 } from "./bytes";
import { Malformed, parseHead, parseNote, type Head, type Key } from "./notes";
import { open, type Opened } from "./openings";
import { judge, parsePolicy, policyOf, type Judgement, type Policy } from "./policies";
import { HEADER, includes, parseReceipt, type Receipt } from "./receipts";
import { leafHash } from "./tree";

export const FORMAT = "qingqu-proof/v1";

/** good: shown to hold. open: not shown and not refuted. bad: refuted. note: worth knowing, decides nothing. */
export type State = "good" | "open" | "bad" | "note";

export interface Step {
  of: "file" | "text" | "leaf" | "key" | "witness" | "head";
  state: State;
  code: string;
  numbers: Record<string, string>;
}

export interface Report {
  state: State;
  /** VERIFIED, NOT_ENOUGH (nothing is refuted, something is not shown), or REFUTED. */
  code: string;
  steps: Step[];
  /** Number and title of the text, when it could be read. */
  text: { number: string; ordinal: string; title: string; sha256: string } | null;
  log: { origin: string; index: string; size: string; root: string; fingerprints: string[] } | null;
  witnesses: { name: string; at: number | null }[];
}

/** What the reader holds against the file. */
export interface Trust {
  /** The policy this page came with; empty when there is none. */
  policy: string;
  /** What the reader typed: a policy, a public key, or the fingerprint from a poster. */
  given?: string;
  /** A head kept from before. */
  remembered?: Uint8Array;
  /** The log's present head, when it was fetched. */
  present?: Uint8Array;
}

interface File {
  receipt: Receipt;
  leaf: Uint8Array | null;
  copy: Uint8Array | null;
  opening: unknown;
  policy: string;
}

/** The SHA-256 of a public key's text, in groups of four, as the poster shows it. */
export function fingerprint(key: string): string {
  return grouped(sha256(utf8(key)));
}

/** Check a `.proof.json`, or a `.tlog-proof` with its leaf beside it if there is one. Never throws. */
export function check(raw: Uint8Array, trust: Trust, leaf: Uint8Array | null = null): Report {
  try {
    return checked(read(raw, leaf), trust);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const step: Step = { of: "file", state: "bad", code: `FILE_${error.part.toUpperCase()}`, numbers: {} };
    return { state: "bad", code: "REFUTED", steps: [step], text: null, log: null, witnesses: [] };
  }
}

function read(raw: Uint8Array, leaf: Uint8Array | null): File {
  const text = fromUtf8(raw);
  if (text?.startsWith(HEADER)) return { receipt: parseReceipt(raw), leaf, copy: null, opening: null, policy: "" };
  const file = parsed(text);
  if (file.format !== FORMAT) throw new Malformed("format", "another format");
  return {
    receipt: parseReceipt(utf8(String(file.receipt))),
    leaf: bytes(file.leaf),
    copy: file.copy === null ? null : bytes(file.copy),
    opening: file.opening,
    policy: typeof file.policy === "string" ? file.policy : "",
  };
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text ?? "");
    if (found !== null && typeof found === "object") return found as Record<string, unknown>;
  } catch {
    // Said below, like every other file that is none of ours.
  }
  throw new Malformed("format", "not JSON");
}

function bytes(value: unknown): Uint8Array {
  const found = typeof value === "string" ? fromBase64(value) : null;
  if (found === null) throw new Malformed("base64", "not base 64");
  return found;
}

function checked(file: File, trust: Trust): Report {
  const { receipt } = file;
  const { policy, key: believed, witnesses } = believedPolicy(file, trust);
  const judgement = policy && judge(policy, receipt.note);
  const opened = file.opening === null ? null : open(file.opening);
  const steps = [
    step("file", "good", "FILE_WHOLE"),
    textStep(file, opened),
    leafStep(file),
    keyStep(judgement, believed, receipt.head.origin),
    witnessStep(judgement, witnesses),
    ...headSteps(receipt.head, trust, policy),
  ];
  const states = steps.map((each) => each.state);
  const state = states.includes("bad") ? "bad" : states.includes("open") ? "open" : "good";
  return {
    state,
    code: { good: "VERIFIED", open: "NOT_ENOUGH", bad: "REFUTED" }[state],
    steps,
    text: file.copy && textOf(file.copy),
    log: logOf(receipt, judgement?.logs ?? []),
    witnesses: judgement?.outcome === "GOOD" ? judgement.witnesses : [],
  };
}

/** What `read` gives; what is malformed in it is said to be this part. */
function reading<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Malformed ? new Malformed(part, error.message) : error;
  }
}

type Source = "page" | "reader" | "file" | "nobody";

/** The policy to judge by, who vouches for its key, and who for its witnesses. */
interface Believed {
  policy: Policy | null;
  key: Source;
  witnesses: Source;
}

/** The reader's own word comes before the page's, the page's before the file's, which only vouches for itself. */
function believedPolicy(file: File, trust: Trust): Believed {
  const given = trust.given?.trim() ?? "";
  const text = trust.policy || file.policy;
  const source = trust.policy ? "page" : file.policy ? "file" : "nobody";
  const digits = given.replaceAll(/\s/g, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return { policy: ofFingerprint(text, digits), key: "reader", witnesses: source };
  if (given !== "") {
    const policy = reading("given", () => (/\s/.test(given) ? parsePolicy(utf8(given)) : policyOf(given)));
    return { policy, key: "reader", witnesses: "reader" };
  }
  return { policy: text ? parsePolicy(utf8(text)) : null, key: source, witnesses: source };
}

/** The policy with only the key of that fingerprint; without any key when none has it. */
function ofFingerprint(text: string, digits: string): Policy | null {
  if (text === "") return null;
  const policy = parsePolicy(utf8(text));
  return { ...policy, logs: policy.logs.filter((key) => toHex(sha256(utf8(key.text))) === digits) };
}

function step(of: Step["of"], state: State, code: string, numbers: Record<string, string> = {}): Step {
  return { of, state, code, numbers };
}

function textStep(file: File, opened: Opened | null): Step {
  if (file.leaf === null) return step("text", "open", "TEXT_ABSENT");
  if (file.copy === null || opened === null) return step("text", "open", "TEXT_WITHDRAWN");
  const leaf = parsed(fromUtf8(file.leaf));
  if (toHex(sha256(file.copy)) !== opened.fields.get("payload.sha256")) return step("text", "bad", "COPY_DIFFERS");
  if (leaf.c !== opened.commitment || leaf.salted !== opened.algorithm) return step("text", "bad", "OPENING_DIFFERS");
  const { number, ordinal } = textOf(file.copy);
  const said = [opened.fields.get("payload.number"), opened.fields.get("payload.ordinal")].map(String);
  if (said[0] !== number || said[1] !== ordinal) return step("text", "bad", "NUMBER_DIFFERS");
  return step("text", "good", "TEXT_COMMITTED", { number, ordinal });
}

function leafStep(file: File): Step {
  const numbers = { index: String(file.receipt.index), size: String(file.receipt.head.size) };
  if (file.leaf === null) return step("leaf", "open", "LEAF_ABSENT", numbers);
  const isIn = includes(file.receipt, leafHash(file.leaf));
  return isIn ? step("leaf", "good", "LEAF_INCLUDED", numbers) : step("leaf", "bad", "NOT_INCLUDED", numbers);
}

function keyStep(judgement: Judgement | null, believed: Source, origin: string): Step {
  if (judgement === null) return step("key", "open", "KEY_NOT_NAMED", { origin });
  if (judgement.outcome !== "GOOD") return step("key", "bad", judgement.outcome, { origin });
  if (believed === "file") return step("key", "open", "KEY_OF_FILE", { origin });
  return step("key", "good", believed === "page" ? "KEY_OF_PAGE" : "KEY_OF_READER", { origin });
}

function witnessStep(judgement: Judgement | null, source: Source): Step {
  if (judgement?.outcome !== "GOOD") return step("witness", "open", "WITNESS_UNKNOWN");
  const numbers = { seen: String(judgement.witnesses.length), needed: String(judgement.needed) };
  if (!judgement.hasQuorum) return step("witness", "open", "QUORUM_SHORT", numbers);
  if (judgement.witnesses.length === 0) return step("witness", "note", "WITNESS_NONE", numbers);
  return source === "file" ? step("witness", "note", "WITNESSES_OF_FILE", numbers) : step("witness", "good", "WITNESSED", numbers);
}

/** The head of the file against one kept from before and against the present one. */
function headSteps(head: Head, trust: Trust, policy: Policy | null): Step[] {
  const steps: Step[] = [];
  const fetched = trust.present;
  const present = fetched && reading("present", () => presentHead(fetched, policy));
  if (present === null) return [step("head", "bad", "HEAD_UNSIGNED")];
  if (present) steps.push(compared(head, present, "PRESENT"));
  if (trust.remembered) {
    const kept = trust.remembered;
    const remembered = reading("remembered", () => parseHead(parseNote(kept).text));
    // A file may well be older than what the reader remembers; the log of today may not.
    const isOlder = !present && head.size < remembered.size;
    steps.push(isOlder ? compared(head, remembered, "REMEMBERED") : compared(remembered, present ?? head, "REMEMBERED"));
  }
  return steps;
}

function presentHead(raw: Uint8Array, policy: Policy | null): Head | null {
  const note = parseNote(raw);
  if (policy && judge(policy, note).outcome !== "GOOD") return null;
  return parseHead(note.text);
}

/** Whether the later head can continue the earlier one, as far as sizes and roots tell. */
function compared(earlier: Head, later: Head, which: string): Step {
  const numbers = { earlier: String(earlier.size), later: String(later.size) };
  if (earlier.origin !== later.origin) return step("head", "bad", `${which}_OF_ANOTHER_LOG`, numbers);
  if (earlier.size === later.size) {
    return equal(earlier.root, later.root) ? step("head", "good", `${which}_SAME`, numbers) : step("head", "bad", `${which}_FORKED`, numbers);
  }
  if (earlier.size < later.size) return step("head", "note", `${which}_GREW`, numbers);
  return step("head", "bad", `${which}_SHORTER`, numbers);
}

function textOf(copy: Uint8Array): { number: string; ordinal: string; title: string; sha256: string } {
  const { number, ordinal, title } = parsed(fromUtf8(copy));
  return { number: String(number), ordinal: String(ordinal), title: String(title), sha256: toHex(sha256(copy)) };
}

function logOf(receipt: Receipt, keys: Key[]): Report["log"] {
  const { origin, size, root } = receipt.head;
  const fingerprints = keys.map((key) => fingerprint(key.text));
  return { origin, index: String(receipt.index), size: String(size), root: grouped(root), fingerprints };
}
