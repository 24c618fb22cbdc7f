// A party's part in a draw: the sentence and the random number never leave this computer before they are revealed.

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const OTHER_SPACES = /[^ \u3000\P{Zs}]/u;
const MOST = 200;
const NONCE_BYTES = 32;

/** Make commitments and read back saved files on a party's page; every other page is left alone. */
export function helpParties(page: Document): void {
  page.querySelectorAll<HTMLElement>("[data-commit]").forEach((part) => offerCommitment(page, part));
  page.querySelectorAll<HTMLElement>("[data-reveal]").forEach((part) => offerFile(page, part));
}

function offerCommitment(page: Document, part: HTMLElement): void {
  const sentence = part.querySelector<HTMLInputElement>("input");
  const error = part.querySelector<HTMLElement>(".field-error");
  const target = page.querySelector<HTMLInputElement>("input[name=commitment]");
  if (!sentence || !error || !target) return;
  part.hidden = false;
  part.querySelector("button")?.addEventListener("click", async () => {
    const words = sentence.value.trim().normalize("NFC");
    const isBad = !words || [...words].length > MOST || HIDDEN.test(words) || OTHER_SPACES.test(words);
    // Browsers compute digests on secure addresses alone.
    const problem = !globalThis.crypto?.subtle ? part.dataset.insecure : isBad ? part.dataset.bad : "";
    say(error, sentence, problem ?? "");
    if (problem) return;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    target.value = await commitment(words, nonce);
    save(page, `${part.dataset.name}-secret.json`, JSON.stringify({ contribution: words, nonce: hex(nonce) }));
    target.focus();
  });
}

function offerFile(page: Document, part: HTMLElement): void {
  const chosen = part.querySelector<HTMLInputElement>("input[type=file]");
  const error = part.querySelector<HTMLElement>(".field-error");
  const words = page.querySelector<HTMLInputElement>("input[name=contribution]");
  const number = page.querySelector<HTMLInputElement>("input[name=nonce]");
  if (!chosen || !error || !words || !number) return;
  part.hidden = false;
  chosen.addEventListener("change", async () => {
    const saved = read(await (chosen.files?.[0]?.text() ?? ""));
    say(error, chosen, saved ? "" : (part.dataset.bad ?? ""));
    if (!saved) return;
    words.value = saved.contribution;
    number.value = saved.nonce;
    words.focus();
  });
}

/** SHA-256 of the sentence in UTF-8 followed by the random number, in hex: what `qingqu draw commit` computes. */
async function commitment(words: string, nonce: Uint8Array): Promise<string> {
  const sentence = new TextEncoder().encode(words);
  const joined = new Uint8Array(sentence.length + nonce.length);
  joined.set(sentence);
  joined.set(nonce, sentence.length);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", joined)));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read(text: string): { contribution: string; nonce: string } | null {
  try {
    const found = JSON.parse(text);
    return typeof found.contribution === "string" && typeof found.nonce === "string" ? found : null;
  } catch {
    return null;
  }
}

function save(page: Document, name: string, text: string): void {
  const link = page.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function say(error: HTMLElement, field: HTMLInputElement, problem: string): void {
  error.textContent = problem;
  error.hidden = !problem;
  field.toggleAttribute("aria-invalid", Boolean(problem));
}
