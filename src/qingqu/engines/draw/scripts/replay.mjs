// Recompute a Qingqu draw: in a browser `import { jcs, replay }`; `node replay.mjs BUNDLE.json` prints the result.
const node = (name) => globalThis.process?.getBuiltinModule?.(name);
const bytes = (text) => [...new TextEncoder().encode(text)];
const unhex = (text) => text.match(/../g).map((pair) => parseInt(pair, 16));
const hex = (raw) => [...new Uint8Array(raw)].map((each) => each.toString(16).padStart(2, "0")).join("");
const sha256 = (list) => crypto.subtle.digest("SHA-256", Uint8Array.from(list));
export const jcs = (value) => Array.isArray(value) ? `[${value.map(jcs)}]` : value === null || typeof value !== "object"
  ? JSON.stringify(value) : `{${Object.keys(value).sort().map((key) => `${jcs(key)}:${jcs(value[key])}`)}}`;
export async function replay(bundle) {
  const { frozen, reveals, recusals } = bundle, { draw_id, algorithm, sources } = frozen, inputs = {}, missing = [], strata = [];
  for (const part of ["commitments", "frozen", "public", "recusals", "reveals"]) inputs[part] = hex(await sha256(bytes(jcs(bundle[part]))));
  const seeded = [bytes("qingqu/seed/v1" + draw_id), unhex(inputs.frozen)];
  for (const { id, kind } of sources) {
    let value = kind === "PARTY" ? [] : bytes(bundle.public[id]);
    if (kind === "PARTY" && Object.hasOwn(reveals, id)) {
      value = [...bytes(reveals[id].contribution), ...unhex(reveals[id].nonce)];
      if (hex(await sha256(value)) !== bundle.commitments[id]) throw Error(`${id}: the reveal is not what was committed to`);
    } else if (kind === "PARTY") missing.push(id);
    seeded.push(unhex(value.length.toString(16).padStart(8, "0")), value);
  }
  if (missing.length && !sources.some(({ at }) => at > frozen.deadlines.reveal_by)) throw Error(`${missing[0]}: no reveal, no later source`);
  const seed = await sha256(seeded.flat()), hash = algorithm.slice(12, -3), hmac = { name: "HMAC", hash: "SHA-256" };
  if (hash !== "sha256" && !node("node:crypto")) throw Error(`a browser has no ${hash}: use Node or replay.py`);
  const key = await crypto.subtle.importKey("raw", seed, hmac, false, ["sign"]);
  const sign = async (text) => node("node:crypto")?.createHmac(hash, new Uint8Array(seed)).update(text).digest("hex")
    ?? hex(await crypto.subtle.sign("HMAC", key, Uint8Array.from(bytes(text))));
  for (const [stratum, ids] of Object.entries(frozen.strata)) {
    const ticket = async (id) => [await sign(["draw-ticket/v1", draw_id, stratum, id].join("\0")), id];
    const order = (await Promise.all(ids.map(ticket))).sort().map(([, id]) => id), quota = frozen.quotas[stratum];
    const passed = new Set(recusals.filter((each) => each.stratum === stratum).map((each) => each.id));
    const kept = order.filter((id) => !passed.has(id)), reserves = kept.slice(quota, quota + frozen.reserves[stratum]);
    strata.push([stratum, { chosen: kept.slice(0, quota), reserves, skipped: order.filter((id) => passed.has(id)) }]);
  }
  return { v: 1, draw_id, algorithm, seed: hex(seed), missing, inputs, strata: Object.fromEntries(strata) };
}
if (globalThis.process?.argv[1]?.endsWith("replay.mjs")) {
  const bundle = JSON.parse(node("node:fs").readFileSync(process.argv[2], "utf8")), result = jcs(await replay(bundle));
  console.log(result);
  if (result !== jcs(bundle.result)) throw Error("RESULT_DIFFERS from the published result");
}
