// Whom to believe: the logs, the witnesses and the quorum of a policy file (c2sp.org/tlog-policy).
import { equal, fromDecimal, fromUtf8 } from "./bytes";
import { Malformed, lineOf, parseHead, parseKey, type Head, type Key, type Kind, type Note } from "./notes";

const NONE = "none";

export interface Group {
  needed: number;
  members: string[];
}

export interface Policy {
  logs: Key[];
  witnesses: Map<string, Key>;
  groups: Map<string, Group>;
  quorum: string;
}

export interface Seen {
  name: string;
  /** The POSIX second; null when the witness states none. */
  at: number | null;
}

export interface Judgement {
  outcome: "GOOD" | "LOG_UNKNOWN" | "SIGNATURE_WRONG";
  head: Head;
  /** The keys of the log whose lines hold. */
  logs: Key[];
  witnesses: Seen[];
  hasQuorum: boolean;
  needed: number;
}

/** The policy of a file. Throws Malformed. */
export function parsePolicy(raw: Uint8Array): Policy {
  const text = fromUtf8(raw);
  if (text === null || /[\0-\x08\x0b-\x1f\x7f]/.test(text)) throw new Malformed("policy", "control characters");
  const reader = new Reader();
  for (const line of text.split("\n")) reader.read(line.split(/[ \t]+/).filter((word) => word !== ""));
  return reader.policy();
}

/** The policy that believes one log and asks for no witness. Throws Malformed. */
export function policyOf(key: string): Policy {
  const reader = new Reader();
  reader.read(["log", key]);
  reader.read(["quorum", NONE]);
  return reader.policy();
}

/** What a policy says of a note. Throws Malformed when its text is not a head. */
export function judge(policy: Policy, note: Note): Judgement {
  const head = parseHead(note.text);
  const none = { head, logs: [], witnesses: [], hasQuorum: false, needed: 0 };
  const keys = policy.logs.filter((key) => key.name === head.origin);
  const lines = keys.map((key) => ({ key, line: lineOf(note, key) }));
  if (lines.some(({ line }) => line.found === "wrong")) return { ...none, outcome: "SIGNATURE_WRONG" };
  const logs = lines.filter(({ line }) => line.found === "good").map(({ key }) => key);
  if (logs.length === 0) return { ...none, outcome: "LOG_UNKNOWN" };
  const seen = new Map<string, Seen>();
  for (const [name, key] of policy.witnesses) {
    const line = lineOf(note, key);
    if (line.found === "wrong") return { ...none, outcome: "SIGNATURE_WRONG" };
    if (line.found === "good") seen.set(name, { name, at: line.at === null ? null : Number(line.at) });
  }
  const hasQuorum = holds(policy, policy.quorum, new Set(seen.keys()));
  return { outcome: "GOOD", head, logs, witnesses: [...seen.values()], hasQuorum, needed: least(policy, policy.quorum) };
}

function holds(policy: Policy, name: string, seen: Set<string>): boolean {
  if (name === NONE) return true;
  const group = policy.groups.get(name);
  if (!group) return seen.has(name);
  return group.members.filter((member) => holds(policy, member, seen)).length >= group.needed;
}

function least(policy: Policy, name: string): number {
  if (name === NONE) return 0;
  const group = policy.groups.get(name);
  if (!group) return 1;
  const each = group.members.map((member) => least(policy, member)).sort((one, other) => one - other);
  return each.slice(0, group.needed).reduce((sum, count) => sum + count, 0);
}

class Reader {
  private readonly logs: Key[] = [];
  private readonly witnesses = new Map<string, Key>();
  private readonly groups = new Map<string, Group>();
  private readonly grouped = new Set<string>();
  private quorum: string | null = null;

  read(words: string[]): void {
    const [verb = "", ...rest] = words;
    if (verb === "" || verb.startsWith("#")) return;
    if (verb === "log" && (rest.length === 1 || rest.length === 2)) return this.log(rest[0]!);
    if (verb === "witness" && (rest.length === 2 || rest.length === 3)) return this.witness(rest[0]!, rest[1]!);
    if (verb === "group" && rest.length >= 3) return this.group(rest[0]!, rest[1]!, rest.slice(2));
    if (verb === "quorum" && rest.length === 1) return this.setQuorum(rest[0]!);
    throw new Malformed("policy", `not a line of a policy: ${verb}`);
  }

  policy(): Policy {
    if (this.quorum === null) throw new Malformed("policy", "no quorum");
    return { logs: this.logs, witnesses: this.witnesses, groups: this.groups, quorum: this.quorum };
  }

  private log(text: string): void {
    this.logs.push(this.key(text, "log", this.logs));
  }

  private witness(name: string, text: string): void {
    this.isNew(name);
    this.witnesses.set(name, this.key(text, "witness", [...this.witnesses.values()]));
  }

  private group(name: string, count: string, members: string[]): void {
    this.isNew(name);
    for (const member of members) {
      this.isDefined(member);
      if (this.grouped.has(member)) throw new Malformed("policy", "in a group already");
      this.grouped.add(member);
    }
    const needed = count === "any" ? 1 : count === "all" ? members.length : Number(fromDecimal(count) ?? 0n);
    if (needed < 1 || needed > members.length) throw new Malformed("policy", "not a count of members");
    this.groups.set(name, { needed, members });
  }

  private setQuorum(name: string): void {
    if (this.quorum !== null) throw new Malformed("policy", "a second quorum");
    if (name !== NONE) this.isDefined(name);
    this.quorum = name;
  }

  private isNew(name: string): void {
    if (name === NONE || this.witnesses.has(name) || this.groups.has(name)) throw new Malformed("policy", "name taken");
  }

  private isDefined(name: string): void {
    if (!this.witnesses.has(name) && !this.groups.has(name)) throw new Malformed("policy", "not defined above");
  }

  // Keys of types that are not checked here are kept: they count as not having signed.
  private key(text: string, role: Kind, known: Key[]): Key {
    const key = parseKey(text);
    const other: Kind = role === "log" ? "witness" : "log";
    if (key.kind === other) throw new Malformed("policy", `not a key of a ${role}`);
    if (known.some((one) => equal(one.raw.slice(1), key.raw.slice(1)))) throw new Malformed("policy", "this key is there already");
    return key;
  }
}
