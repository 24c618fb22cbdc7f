// The hashes of the tree and the proof that a leaf is in it (RFC 6962, section 2.1; RFC 9162, section 2.1.3).
import { sha256 } from "@noble/hashes/sha2.js";

import { joined } from "./bytes";

export const HASH_SIZE = 32;

/** The hash of an entry as a leaf. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(joined(Uint8Array.of(0), entry));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joined(Uint8Array.of(1), left, right));
}

/** The root that a proof leads to from a leaf; null when the proof cannot be one of that leaf. */
export function rootFromInclusion(leaf: Uint8Array, index: bigint, size: bigint, proof: Uint8Array[]): Uint8Array | null {
  if (index < 0n || index >= size) return null;
  const inner = bits(index ^ (size - 1n));
  if (proof.length !== inner + ones(index >> BigInt(inner))) return null;
  return proof.reduce((found, part, height) => {
    const isRight = height >= inner || (index >> BigInt(height)) & 1n;
    return isRight ? nodeHash(part, found) : nodeHash(found, part);
  }, leaf);
}

function bits(number: bigint): number {
  return number === 0n ? 0 : number.toString(2).length;
}

function ones(number: bigint): number {
  return number.toString(2).replaceAll("0", "").length;
}
