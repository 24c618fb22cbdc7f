// Receipts: that an entry is in the log, in one file (c2sp.org/tlog-proof, version 1).
import { equal, fromBase64, fromDecimal } from "./bytes";
import { Malformed, parseHead, parseNote, type Head, type Note } from "./notes";
import { judge, type Judgement, type Policy } from "./policies";
import { HASH_SIZE, rootFromInclusion } from "./tree";

export const HEADER = "c2sp.org/tlog-proof@v1";
const MAX_HASHES = 63;
const MAX_INDEX = (1n << 63n) - 1n;

export interface Receipt {
  index: bigint;
  proof: Uint8Array[];
  note: Note;
  head: Head;
}

/** The receipt of a file. Throws Malformed. */
export function parseReceipt(raw: Uint8Array): Receipt {
  const at = raw.findIndex((octet, place) => octet === 10 && raw[place + 1] === 10);
  if (at < 0) throw new Malformed("receipt", "no head");
  const upper = raw.slice(0, at);
  if (upper.some((octet) => octet > 0x7f)) throw new Malformed("receipt", "not ASCII");
  const lines = String.fromCharCode(...upper).split("\n");
  const note = parseNote(raw.slice(at + 2));
  if (lines.shift() !== HEADER) throw new Malformed("receipt", "not a receipt");
  if (lines[0]?.startsWith("extra ") && fromBase64(lines.shift()!.slice(6)) === null) throw new Malformed("receipt", "extra");
  const index = lines[0]?.startsWith("index ") ? fromDecimal(lines.shift()!.slice(6)) : null;
  if (index === null || index > MAX_INDEX) throw new Malformed("receipt", "no index");
  if (lines.length > MAX_HASHES) throw new Malformed("receipt", "too many hashes");
  return { index, proof: lines.map(parseHash), note, head: parseHead(note.text) };
}

function parseHash(line: string): Uint8Array {
  const found = fromBase64(line);
  if (found === null || found.length !== HASH_SIZE) throw new Malformed("receipt", "not a hash");
  return found;
}

/** Whether the receipt's proof leads from a leaf's hash to the root of its head. */
export function includes(receipt: Receipt, leaf: Uint8Array): boolean {
  const root = rootFromInclusion(leaf, receipt.index, receipt.head.size, receipt.proof);
  return root !== null && equal(root, receipt.head.root);
}

export type Outcome = "INCLUDED" | "MALFORMED" | "LOG_UNKNOWN" | "SIGNATURE_WRONG" | "NOT_INCLUDED" | "QUORUM_SHORT";

/** The outcome of a receipt for a leaf's hash under a policy, in the codes of the Python engine. Never throws. */
export function verifyReceipt(raw: Uint8Array, leaf: Uint8Array, policy: Policy): { outcome: Outcome; judgement?: Judgement } {
  let receipt: Receipt;
  try {
    receipt = parseReceipt(raw);
  } catch (error) {
    if (error instanceof Malformed) return { outcome: "MALFORMED" };
    throw error;
  }
  const judgement = judge(policy, receipt.note);
  if (judgement.outcome !== "GOOD") return { outcome: judgement.outcome, judgement };
  if (!includes(receipt, leaf)) return { outcome: "NOT_INCLUDED", judgement };
  return { outcome: judgement.hasQuorum ? "INCLUDED" : "QUORUM_SHORT", judgement };
}
