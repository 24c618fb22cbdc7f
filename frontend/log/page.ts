// The "verify" page: reads what it is given, shows what the checks found. Its words are <template data-words="CODE">
// elements beside it, in the reader's language; nothing is sent anywhere and nothing is kept.
//
//   <div data-verifier [data-proof="/publications/…"] [data-head="/log/checkpoint"]>
//     <template data-policy>…</template> <template data-words="VERIFIED">…</template> …
//     <input type="file" data-file> <textarea data-paste> <textarea data-given> <textarea data-remembered>
//     <button data-check> <div data-result>
//   </div>
import { fromUtf8, utf8 } from "./bytes";
import { check, type Report, type Step, type Trust } from "./verdicts";

const TONES: Record<string, string> = { good: "done", open: "waiting", bad: "danger", note: "info" };

class Verifier {
  private readonly language: string;

  constructor(private readonly root: HTMLElement) {
    this.language = root.closest("[lang]")?.getAttribute("lang") ?? "zh-CN";
  }

  start(): void {
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-needs-script]")) part.hidden = false;
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-without-script]")) part.hidden = true;
    const file = this.field<HTMLInputElement>("[data-file]");
    file.addEventListener("change", () => void this.readFiles([...(file.files ?? [])]));
    this.field("[data-check]").addEventListener("click", () => void this.readTyped(file));
    this.root.addEventListener("dragover", (event) => event.preventDefault());
    this.root.addEventListener("drop", (event) => {
      event.preventDefault();
      void this.readFiles([...(event.dataTransfer?.files ?? [])]);
    });
    if (this.root.dataset.proof) void this.readAddress(this.root.dataset.proof, this.root.dataset.head ?? "");
  }

  /** Two files are a receipt and its leaf, in either order; one is everything, or a receipt alone. */
  private async readFiles(files: File[]): Promise<void> {
    if (files.length === 0) return;
    const read = await Promise.all(files.slice(0, 2).map(async (file) => new Uint8Array(await file.arrayBuffer())));
    const [first, second = null] = read.sort((one, other) => rank(one) - rank(other));
    if (first) this.show(check(first, this.trust(), second));
  }

  private async readTyped(file: HTMLInputElement): Promise<void> {
    const pasted = this.field<HTMLTextAreaElement>("[data-paste]").value;
    if (pasted.trim() === "") return this.readFiles([...(file.files ?? [])]);
    // Browsers give back what was pasted without its last line end, which a receipt has.
    this.show(check(utf8(`${pasted.trimStart().trimEnd()}\n`), this.trust()));
  }

  private async readAddress(proof: string, head: string): Promise<void> {
    try {
      const [file, present] = await Promise.all([proof, head].map(fetched));
      this.show(check(file!, { ...this.trust(), present: present! }));
    } catch {
      this.result().replaceChildren(this.paragraph(this.words("NOT_FETCHED")));
    }
  }

  private trust(): Trust {
    const remembered = this.field<HTMLTextAreaElement>("[data-remembered]").value;
    const trust: Trust = {
      policy: this.root.querySelector<HTMLTemplateElement>("template[data-policy]")?.content.textContent ?? "",
      given: this.field<HTMLTextAreaElement>("[data-given]").value,
    };
    if (remembered.trim() !== "") trust.remembered = utf8(`${remembered.trim()}\n`);
    return trust;
  }

  private show(report: Report): void {
    const verdict = element("div", `notice notice-${{ good: "success", bad: "danger" }[report.state as string] ?? "warning"}`);
    verdict.dataset.verdict = report.code;
    const title = element("h3", "", this.words(report.code));
    verdict.append(title, this.paragraph(this.words(`${report.code}_MEANS`)));
    const steps = element("ol", "verify-steps");
    steps.append(...report.steps.map((step) => this.step(step, report)));
    this.result().replaceChildren(verdict, steps, this.facts(report), this.paragraph(this.words("LIMITS")));
    title.tabIndex = -1;
    title.focus();
  }

  private step(step: Step, report: Report): HTMLElement {
    const item = element("li", "verify-step");
    item.dataset.step = step.of;
    item.dataset.code = step.code;
    const head = element("p", "verify-step-head");
    const name = element("strong", "", this.words(`OF_${step.of.toUpperCase()}`));
    head.append(element("span", `chip chip-${TONES[step.state]}`, this.words(`STATE_${step.state.toUpperCase()}`)), " ", name);
    item.append(head, this.paragraph(this.words(step.code, step.numbers)));
    if (step.of === "witness" && report.witnesses.length > 0) {
      const list = element("ul", "");
      for (const { name, at } of report.witnesses) {
        const code = at === null ? "WITNESS_UNDATED" : "WITNESS_AT";
        list.append(element("li", "", this.words(code, { name, at: at === null ? "" : this.moment(at) })));
      }
      item.append(list);
    }
    return item;
  }

  private facts(report: Report): HTMLElement {
    const list = element("dl", "facts");
    const add = (code: string, text: string, language = ""): void => {
      const value = element("dd", "", text);
      if (language) value.lang = language;
      list.append(element("dt", "", this.words(code)), value);
    };
    if (report.text) {
      add("FACT_NUMBER", `${report.text.number} · ${report.text.ordinal}`);
      add("FACT_TITLE", report.text.title, "zh-CN");
      add("FACT_SHA256", report.text.sha256);
    }
    if (report.log) {
      add("FACT_ORIGIN", report.log.origin);
      add("FACT_INDEX", `${report.log.index} / ${report.log.size}`);
      add("FACT_ROOT", report.log.root);
      for (const each of report.log.fingerprints) add("FACT_FINGERPRINT", each);
    }
    return list;
  }

  private moment(seconds: number): string {
    const shape: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short" };
    return new Intl.DateTimeFormat(this.language, shape).format(new Date(seconds * 1000));
  }

  private words(code: string, numbers: Record<string, string> = {}): string {
    const found = this.root.querySelector<HTMLTemplateElement>(`template[data-words="${code}"]`)?.content.textContent ?? code;
    return found.trim().replaceAll(/\{(\w+)\}/g, (whole, name: string) => numbers[name] ?? whole);
  }

  private paragraph(text: string): HTMLElement {
    return element("p", "", text);
  }

  private result(): HTMLElement {
    return this.field("[data-result]");
  }

  private field<T extends HTMLElement>(selector: string): T {
    const found = this.root.querySelector<T>(selector);
    if (!found) throw new Error(`the page has no ${selector}`);
    return found;
  }
}

function element(tag: string, name: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

async function fetched(address: string): Promise<Uint8Array> {
  const answer = await fetch(address, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return new Uint8Array(await answer.arrayBuffer());
}

/** A leaf comes after what proves it. */
function rank(raw: Uint8Array): number {
  const start = fromUtf8(raw.slice(0, 24)) ?? "";
  return start.startsWith("c2sp.org/tlog-proof@v1") || start.includes('"format"') ? 0 : 1;
}

for (const root of document.querySelectorAll<HTMLElement>("[data-verifier]")) new Verifier(root).start();
