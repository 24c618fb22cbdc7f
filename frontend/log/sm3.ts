// The hash SM3 (GB/T 32905-2016), for commitments of the profile gm.

const FIRST = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
const BLOCK = 64;

/** The 32-byte hash of a message. */
export function sm3(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / BLOCK) * BLOCK);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  let state = FIRST;
  for (let at = 0; at < padded.length; at += BLOCK) state = compressed(state, expanded(view, at));
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => digest.setUint32(4 * place, word));
  return new Uint8Array(digest.buffer);
}

function expanded(view: DataView, at: number): number[] {
  const words = Array.from({ length: 16 }, (_, place) => view.getUint32(at + 4 * place));
  for (let j = 16; j < 68; j += 1) {
    const mixed = words[j - 16]! ^ words[j - 9]! ^ turned(words[j - 3]!, 15);
    words.push(mixed ^ turned(mixed, 15) ^ turned(mixed, 23) ^ turned(words[j - 13]!, 7) ^ words[j - 6]!);
  }
  return words;
}

function compressed(state: number[], words: number[]): number[] {
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  for (let j = 0; j < 64; j += 1) {
    const constant = j < 16 ? 0x79cc4519 : 0x7a879d8a;
    const first = turned((turned(a, 12) + e + turned(constant, j % 32)) | 0, 7);
    const second = first ^ turned(a, 12);
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const one = (ff + d + second + (words[j]! ^ words[j + 4]!)) | 0;
    const two = (gg + h + first + words[j]!) | 0;
    [a, b, c, d] = [one, a, turned(b, 9), c];
    [e, f, g, h] = [two ^ turned(two, 9) ^ turned(two, 17), e, turned(f, 19), g];
  }
  return [a, b, c, d, e, f, g, h].map((word, place) => word ^ state[place]!);
}

function turned(word: number, by: number): number {
  return by === 0 ? word : (word << by) | (word >>> (32 - by));
}
