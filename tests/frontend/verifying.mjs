// Runs the browser's verifier on questions from a file and prints its answers: node verifying.mjs QUESTIONS
import { readFileSync } from "node:fs";

import { fromBase64, toHex, utf8 } from "../../frontend/log/bytes";
import { open } from "../../frontend/log/openings";
import { parsePolicy } from "../../frontend/log/policies";
import { verifyReceipt } from "../../frontend/log/receipts";
import { sm3 } from "../../frontend/log/sm3";
import { leafHash } from "../../frontend/log/tree";
import { check, fingerprint } from "../../frontend/log/verdicts";

const ANSWERS = {
  receipt: ({ raw, leaf, policy }) => answered(verifyReceipt(fromBase64(raw), leafHash(fromBase64(leaf)), parsePolicy(fromBase64(policy)))),
  file: ({ raw, leaf, trust }) => check(fromBase64(raw), opened(trust), leaf ? fromBase64(leaf) : null),
  opening: ({ opening }) => open(opening).commitment,
  sm3: ({ text }) => toHex(sm3(utf8(text))),
  fingerprint: ({ key }) => fingerprint(key),
};

const questions = JSON.parse(readFileSync(process.argv[2], "utf8"));
process.stdout.write(JSON.stringify(questions.map(asked), (_key, value) => (typeof value === "bigint" ? String(value) : value)));

function asked({ of, ...question }) {
  try {
    return ANSWERS[of](question);
  } catch (error) {
    return { malformed: error.part ?? String(error) };
  }
}

function answered({ outcome, judgement }) {
  const seen = (judgement?.witnesses ?? []).map(({ name, at }) => [name, at]);
  return { outcome, seen: outcome === "INCLUDED" || outcome === "QUORUM_SHORT" ? seen : [] };
}

function opened({ remembered, present, ...trust }) {
  const heads = Object.entries({ remembered, present }).filter(([, head]) => head !== undefined);
  return { ...trust, ...Object.fromEntries(heads.map(([name, head]) => [name, utf8(head)])) };
}
