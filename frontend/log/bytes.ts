// Bytes and their one form each as text: what can be written in two ways can be changed unnoticed.

/** The bytes of a text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8 bytes; null when they are not UTF-8. */
export function fromUtf8(raw: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return null;
  }
}

/** Standard base 64 with padding (RFC 4648, section 4). */
export function toBase64(raw: Uint8Array): string {
  let text = "";
  for (const octet of raw) text += String.fromCharCode(octet);
  return btoa(text);
}

/** The bytes; null when the text is not exactly what `toBase64` writes. */
export function fromBase64(text: string): Uint8Array | null {
  let raw: Uint8Array;
  try {
    raw = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
  return toBase64(raw) === text ? raw : null;
}

/** A whole number below 10^19; null when it has a sign, leading zeros, or anything else. */
export function fromDecimal(text: string): bigint | null {
  return /^(?:0|[1-9][0-9]{0,18})$/.test(text) ? BigInt(text) : null;
}

/** Lower-case hexadecimal. */
export function toHex(raw: Uint8Array): string {
  return Array.from(raw, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** The bytes; null when the text is not pairs of small hexadecimal digits. */
export function fromHex(text: string): Uint8Array | null {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Bytes as people compare them: hexadecimal in groups of four. */
export function grouped(raw: Uint8Array): string {
  return (toHex(raw).match(/.{1,4}/g) ?? []).join(" ");
}

/** Whether two byte strings are the same. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, place) => octet === other[place]);
}

/** One after the other. */
export function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
