"""``qingqu draw``: freeze a roster, commit, draw, replay a bundle, find one's own ticket; all of it offline."""

import argparse
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from qingqu.engines import draw
from qingqu.engines.draw.canonical import decode, hex32, shaped
from qingqu.engines.draw.seeds import NONCE_BYTES
from qingqu.site.commands.output import fail, show, with_json
from qingqu.site.commands.server import Commands

PARTS = ("commitments", "reveals", "public", "recusals")
SHOWN = 20
SCRIPTS = ("replay.py", "replay.mjs")
SAYS = {
    "SAME": "重算结果与公布结果完全一致 / the recomputed result is the published one",
    "DIFFERENT": "重算结果与公布的不一致，请保存此文件并向公布单位和监督方反映 / "
    "what was published is not what comes out; keep this file and report it to the publisher and the supervisors",
    "REFUSED": "此文件不符合抽签规则，不能据以抽取；请向公布单位索取原件 / "
    "the file breaks a rule of the draw, nothing can be drawn from it; ask the publisher for the original",
}
NOTES = {
    "ROSTER_DIFFERS": "名单不是抽签前公布的那一份 / the roster is not the one published before the draw",
    "BEACON_VERIFIED": "drand 信标的签名已验证 / the signature of the drand beacon was verified",
    "BEACON_NOT_CHECKED": "未验证 drand 信标的签名：本机未安装 py-arkworks-bls12381 / "
    "the signature of the drand beacon was NOT verified: py-arkworks-bls12381 is not installed",
    "RECEIPTS_NOT_CHECKED": "日志回执未在此验证，请用 qingqu ledger verify / "
    "receipts of the log are not checked here; use qingqu ledger verify",
}


def add(commands: Commands) -> None:
    """Declare the subcommands."""
    group = commands.add_parser("draw", help="可复算的抽签 / draws anybody can recompute").add_subparsers(
        dest="subcommand", required=True, metavar="SUBCOMMAND"
    )
    freeze = _command(group, "freeze", "冻结名单 / freeze a roster", _freeze)
    freeze.add_argument("roster", type=Path)
    freeze.add_argument("--out", type=Path, help="保存冻结后的名单 / where to keep the frozen roster")
    commit = _command(group, "commit", "作出承诺 / make a commitment", _commit)
    commit.add_argument("contribution", help="自己的一句话 / a sentence of one's own")
    commit.add_argument("--out", type=Path, required=True, help="揭示前保密的文件 / kept secret until the reveal")
    run = _command(group, "run", "抽签 / draw", _run)
    run.add_argument("roster", type=Path)
    run.add_argument("--inputs", type=Path, help="承诺、揭示、回避 / commitments, reveals, recusals")
    run.add_argument(
        "--public",
        action="append",
        default=[],
        metavar="ID=VALUE",
        help="公开随机源的结果 / outcome of a public source",
    )
    run.add_argument("--out", type=Path, help="保存复算包 / where to keep the bundle")
    replay = _command(group, "replay", "复算 / recompute a published draw", _replay)
    replay.add_argument("bundle", type=Path)
    replay.add_argument(
        "--roster-sha256", metavar="HEX", help="抽签前公布的名单摘要 / digest published before the draw"
    )
    ticket = _command(group, "ticket", "某个对象的签号与名次 / an entry's own ticket and place", _ticket)
    ticket.add_argument("bundle", type=Path)
    ticket.add_argument("entry")
    scripts = _command(group, "scripts", "独立复算脚本 / the independent replay scripts", _scripts)
    scripts.add_argument("folder", type=Path)


def _command(group: Any, name: str, says: str, work: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    """A subcommand whose refusals and unreadable files go to stderr with exit code 1."""

    def run(options: argparse.Namespace) -> int:
        try:
            return work(options)
        except draw.DrawError as error:
            return fail(f"{error.code}: {error}")
        except FileExistsError as error:
            return fail(f"{error.filename} 已存在，请另取文件名 / {error.filename} exists already; name another file")
        except OSError as error:
            return fail(f"无法读写 {error.filename} / cannot read or write {error.filename}: {error.strerror}")

    command = with_json(group.add_parser(name, help=says))
    command.set_defaults(run=run)
    return command


def _freeze(options: argparse.Namespace) -> int:
    roster = draw.freeze(decode(options.roster.read_bytes(), place=str(options.roster)))
    if options.out:
        _keep(options.out, roster.encoded + b"\n")
    lines = [
        f"名单摘要 / roster SHA-256: {roster.digest}",
        "请在承诺开始前公布此摘要 / publish this digest before anybody commits",
    ]
    return show({"roster_sha256": roster.digest, "frozen": roster.as_json()}, as_json=options.json, lines=lines)


def _commit(options: argparse.Namespace) -> int:
    reveal = draw.Reveal(options.contribution, secrets.token_bytes(NONCE_BYTES))
    committed = draw.commitment(reveal.contribution, reveal.nonce).hex()
    _keep(options.out, draw.encode_result(reveal.as_json()), mode=0o600)
    lines = [
        f"承诺 / commitment: {committed}",
        f"{options.out} 在揭示前请保密，不可遗失 / keep {options.out} secret until the reveal, and do not lose it",
    ]
    return show({"commitment": committed, "secret": str(options.out)}, as_json=options.json, lines=lines)


def _run(options: argparse.Namespace) -> int:
    roster = draw.freeze(decode(options.roster.read_bytes(), place=str(options.roster)))
    given: dict[str, Any] = {}
    if options.inputs:
        given.update(
            shaped(decode(options.inputs.read_bytes(), place=str(options.inputs)), "inputs", needs=(), may=PARTS)
        )
    given["public"] = {**given.get("public", {}), **_public(options.public)}
    bundle = draw.draw(roster, draw.read_inputs(given))
    if options.out:
        _keep(options.out, draw.write_bundle(bundle))
    return show(bundle.as_json(), as_json=options.json, lines=_outcome(bundle, options.out))


def _public(given: list[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    for name, equals, _value in pairs:
        if not equals:
            raise draw.BadShape(f"--public {name}", "应写成 源=结果", "write it as ID=VALUE")
    return {name: value for name, _equals, value in pairs}


def _outcome(bundle: draw.Bundle, kept: Path | None) -> Iterator[str]:
    result = bundle.result
    yield f"名单摘要 / roster SHA-256: {bundle.roster.digest}"
    yield f"种子 / seed: {result['seed']}"
    if result["missing"]:
        yield f"未揭示 / did not reveal: {'、'.join(result['missing'])}"
    for stratum, found in result["strata"].items():
        yield f"【{stratum}】抽中 / chosen: {'、'.join(found['chosen'])}"
        for name, label in (("reserves", "备选 / reserves"), ("skipped", "回避 / recused")):
            if found[name]:
                yield f"【{stratum}】{label}: {'、'.join(found[name])}"
    yield from (NOTES[code] for code in draw.replay(bundle).codes if code in NOTES)
    yield f"复算包 / bundle: {kept}" if kept else "加 --out 文件名 保存复算包 / add --out FILE to keep the bundle"


def _replay(options: argparse.Namespace) -> int:
    expected = options.roster_sha256
    if expected is not None:
        hex32(expected, "--roster-sha256")
    found = draw.replay(options.bundle.read_bytes(), roster_sha256=expected)
    lines = [SAYS[found.verdict], *(NOTES[code] for code in found.codes if code in NOTES)]
    if found.is_same or options.json:
        show(found.as_json(), as_json=options.json, lines=lines)
    if found.is_same:
        return 0
    reasons = [found.refusal] if found.refusal else found.differences[:SHOWN]
    return fail("\n".join([" ".join(found.codes), *lines, *map(str, reasons)]))


def _ticket(options: argparse.Namespace) -> int:
    bundle = draw.read_bundle(options.bundle.read_bytes())
    again = draw.replay(bundle)
    if not again.is_same or again.recomputed is None:
        return fail(f"{SAYS[again.verdict]}\nqingqu draw replay {options.bundle}")
    stratum = next((name for name, ids in bundle.roster.strata.items() if options.entry in ids), None)
    if stratum is None:
        raise draw.UnknownEntry(
            str(options.bundle),
            f"名单中没有“{options.entry}”，请核对写法",
            f"“{options.entry}” is not on the list; check its spelling",
        )
    place = draw.place_of(
        bytes.fromhex(again.recomputed["seed"]),
        bundle.roster.draw_id,
        stratum,
        bundle.roster.strata[stratum],
        options.entry,
        algorithm=bundle.roster.algorithm,
    )
    standing = _standing(again.recomputed["strata"][stratum], options.entry)
    lines = [
        f"分层 / stratum: {stratum}",
        f"签号 / ticket: {place.ticket}",
        f"名次 / place: {place.place} / {place.of}",
        f"结果 / outcome: {standing}",
    ]
    return show({"stratum": stratum, **vars(place), "outcome": standing}, as_json=options.json, lines=lines)


def _standing(found: Mapping[str, list[str]], entry: str) -> str:
    """CHOSEN, RESERVE, RECUSED or NOT_CHOSEN."""
    names = {"chosen": "CHOSEN", "reserves": "RESERVE", "skipped": "RECUSED"}
    return next((code for name, code in names.items() if entry in found[name]), "NOT_CHOSEN")


def _scripts(options: argparse.Namespace) -> int:
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in SCRIPTS:
        (options.folder / name).write_bytes(draw.script(name))
    kept = [str(options.folder / name) for name in SCRIPTS]
    return show({"scripts": kept}, as_json=options.json, lines=kept)


def _keep(path: Path, raw: bytes, *, mode: int = 0o644) -> None:
    """Write a new file; an existing one is never written over, a draw least of all."""
    path.touch(mode=mode, exist_ok=False)
    path.write_bytes(raw)
