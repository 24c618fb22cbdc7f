"""``qingqu ledger verify``: a whole log, this installation's records against it, and what the log once promised."""

import argparse
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qingqu.engines import tlog
from qingqu.engines.tlog.audit import Report, audit
from qingqu.engines.tlog.keeping import Answer
from qingqu.engines.tlog.storage import Readable
from qingqu.site.commands.output import fail, show
from qingqu.site.commands.server import setup_django

HOUR = 3600


def declare(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    command.add_argument("log", nargs="?", help="文件夹或网址；不写则核验本安装 / folder or address; this installation")
    command.add_argument("--policy", type=Path, help="信任策略文件 / trust policy (C2SP tlog-policy)")
    command.add_argument("--vkey", help="日志公钥 / the log's public key, where there is no policy")
    command.add_argument("--remembered", type=Path, help="以前留存的检查点 / a head kept from before")
    command.add_argument("--promise", type=Path, help="收录保证，查是否做到 / a promise; says whether it was kept")
    command.add_argument(
        "--max-age", type=int, metavar="HOURS", help="见证最久允许多少小时前 / greatest age of a cosignature"
    )


def verify(options: argparse.Namespace) -> int:
    """Verify and say what was found; exit code 1 for anything that somebody has to do something about."""
    if options.log is None:
        return _verify_installation(options)
    if not options.policy and not options.vkey:
        return fail(
            "请用 --vkey 给出日志公钥，或用 --policy 给出策略文件 / name the log's key by --vkey, or a --policy file"
        )
    policy = tlog.Policy.parse(options.policy.read_bytes()) if options.policy else tlog.Policy.of_log(options.vkey)
    note = _remembered(options)
    return _verified(_opened(options.log), policy, note, _head(note), [], options)


def _verify_installation(options: argparse.Namespace) -> int:
    """The log as the database holds it, against what was signed last, and every record against the log."""
    setup_django()
    from qingqu.kernel.core.clock import now  # noqa: PLC0415 - models are ready only now
    from qingqu.kernel.ledger import installation, queries  # noqa: PLC0415
    from qingqu.kernel.ledger.checks import check_records  # noqa: PLC0415

    signer, note = installation.signer(), _remembered(options)
    records = [asdict(finding) for finding in check_records(vault=installation.vault(), at=now())]
    policy = installation.policy(signer.vkeys)
    return _verified(queries.Published(), policy, note, _head(note) or signer.last(), records, options)


def _opened(place: str) -> Readable:
    return tlog.HttpReader(place) if "://" in place else tlog.DirectoryStorage(Path(place))


def _remembered(options: argparse.Namespace) -> tlog.Note | None:
    return None if options.remembered is None else tlog.Note.parse(options.remembered.read_bytes())


def _head(note: tlog.Note | None) -> tlog.Checkpoint | None:
    return None if note is None else tlog.Checkpoint.parse(note.text)


def _verified(
    storage: Readable,
    policy: tlog.Policy,
    note: tlog.Note | None,
    remembered: tlog.Checkpoint | None,
    records: list[dict[str, Any]],
    options: argparse.Namespace,
) -> int:
    at = int(time.time())
    age = None if options.max_age is None else options.max_age * HOUR
    report = audit(storage, policy, remembered=remembered, at=at, max_age_seconds=age)
    answer = None
    if options.promise is not None:
        raw = options.promise.read_bytes()
        answer = tlog.check_promise(raw, policy, storage, report, at=at, remembered=note)
    return _say(report, records, answer, options)


def _say(report: Report, records: list[dict[str, Any]], answer: Answer | None, options: argparse.Namespace) -> int:
    head = report.checkpoint
    is_sound = report.is_sound and not records and not (answer and answer.is_bad)
    content = {
        "sound": is_sound,
        "origin": head.origin if head else None,
        "size": head.size if head else None,
        "witnesses": sorted(report.judgement.witnesses) if report.judgement else [],
        "findings": [
            {"code": each.code, "place": each.place, **each.numbers, "zh": each.advice.zh, "en": each.advice.en}
            for each in report.findings
        ],
        "records": records,
        "promise": None if answer is None else _answered(answer),
    }
    lines = [] if answer is None else [_answer_line(answer)]
    if is_sound:
        size = content["size"]
        lines.insert(0, f"核验通过：{size} 条，未发现改动 / sound: {size} entries, nothing was changed")
        return show(content, as_json=options.json, lines=lines)
    if options.json:
        show(content, as_json=True, lines=lines)
    found = [
        f"{each.code} {each.place} {dict(each.numbers)}: {each.advice.zh} / {each.advice.en}"
        for each in report.findings
    ]
    return fail("\n".join([*found, *map(_record_line, records), *lines]))


def _answered(answer: Answer) -> dict[str, Any]:
    """The answer as JSON: {"standing", "index", "leaf": hex, "promised_at", "due_at": POSIX seconds, "zh", "en"}."""
    promise = answer.promise
    return {
        "standing": answer.standing,
        "index": answer.index,
        "leaf": promise.leaf.hex() if promise else None,
        "promised_at": promise.promised_at if promise else None,
        "due_at": promise.due_at if promise else None,
        "zh": answer.advice.zh,
        "en": answer.advice.en,
    }


def _answer_line(answer: Answer) -> str:
    place = "" if answer.index is None else f" #{answer.index}"
    due = f" ({time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(answer.promise.due_at))})" if answer.promise else ""
    return f"{answer.standing}{place}{due}: {answer.advice.zh} / {answer.advice.en}"


def _record_line(found: dict[str, Any]) -> str:
    if found["trouble"] == "PROMISE_BROKEN":
        return (
            f"PROMISE_BROKEN {found['subject_kind']}:{found['subject_id']}: "
            "保证收录的一条到期不在已发布的日志中，或者迟到：查明原因并公告，持有收录保证的人可以证明 / "
            "what was promised is not in the published log, or came late: find out why and say so publicly, its holder "
            "can prove it"
        )
    return (
        f"{found['trouble']} #{found['index']} {found['subject_kind']}:{found['subject_id']}: "
        "记录与日志所承诺的不同，请保全数据库后从备份比对查明 / "
        "the record is not what was committed: keep the database as evidence and compare it with a backup"
    )
