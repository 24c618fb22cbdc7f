"""``qingqu ledger``: copy the public log, verify one, prove an entry, run a witness, destroy an opener.

An opener is destroyed in the installation and in archives made before.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qingqu.engines import tlog
from qingqu.engines.tlog.tiles import CHECKPOINT_PATH
from qingqu.site.commands import verification
from qingqu.site.commands.output import fail, show, with_json
from qingqu.site.commands.server import Commands, setup_django

if TYPE_CHECKING:
    from qingqu.site.archive import Cleansed


def add(commands: Commands) -> None:
    """Declare the subcommands."""
    group = commands.add_parser("ledger", help="公开日志 / the public log").add_subparsers(
        dest="subcommand", required=True, metavar="SUBCOMMAND"
    )
    export = _command(group, "export", "导出静态日志 / copy the log as static files", _export)
    export.add_argument("folder", type=Path)
    verification.declare(_command(group, "verify", "完整核验 / verify everything", verification.verify))
    prove = _command(group, "prove", "出具回执 / write the receipt of an entry", _prove)
    prove.add_argument("id", help="公开件编号，或“#”加日志序号 / a publication's number, or # and a number in the log")
    prove.add_argument("--out", type=Path, default=Path(), help="存放的文件夹 / folder to write to")
    witness = _command(group, "witness", "运行见证服务 / run a witness", _witness)
    witness.add_argument("folder", type=Path)
    witness.add_argument("--name", help="首次运行时的名称 / its name, the first time")
    witness.add_argument(
        "--log", action="append", default=[], metavar="VKEY", help="要见证的日志公钥 / a log's public key"
    )
    witness.add_argument("--listen", default="127.0.0.1:7380", metavar="HOST:PORT")
    erase = _command(group, "erase", "销毁一条记录的开启信息 / destroy what opens an entry", _erase)
    erase.add_argument("index", type=int, help="日志序号 / number in the log")
    erase.add_argument("--reason", required=True, help="理由和依据 / reason and ground")
    cleanse = _command(
        group, "cleanse", "从已有的备份中除去已销毁的内容 / take what was erased out of archives", _cleanse
    )
    cleanse.add_argument("archives", nargs="+", type=Path, metavar="ARCHIVE", help="qingqu backup 的备份 / archives")


def _command(group: Any, name: str, says: str, work: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    """A subcommand whose refusals and unreadable files go to stderr with exit code 1."""

    def run(options: argparse.Namespace) -> int:
        try:
            return work(options)
        except tlog.TlogError as error:
            return fail(f"{error.code}: {error}")
        except OSError as error:
            return fail(f"无法读写 {error.filename} / cannot read or write {error.filename}: {error.strerror}")

    command = with_json(group.add_parser(name, help=says))
    command.set_defaults(run=run)
    return command


def _export(options: argparse.Namespace) -> int:
    setup_django()
    from qingqu.kernel.ledger import queries  # noqa: PLC0415 - models are ready only now

    head = queries.checkpoint()
    if head is None:
        return fail("日志还没有发布，请先运行 qingqu worker / nothing is published yet: run qingqu worker first")
    folder, files = tlog.DirectoryStorage(options.folder), 0
    for path, content in queries.files():
        folder.write(path, content)
        files += 1
    folder.write(CHECKPOINT_PATH, head.text.encode())
    for stamped in queries.stamped():
        place = f"stamps/{stamped.published_at:%Y-%m-%d}-{stamped.size}"
        folder.write(f"{place}.checkpoint", stamped.text.encode())
        folder.write(f"{place}.tsr", bytes(stamped.stamp or b""))
        files += 2
    lines = [
        f"已导出 {head.size} 条，{files + 1} 个文件：{options.folder}",
        f"copied {head.size} entries; check them with: qingqu ledger verify {options.folder} --vkey …",
    ]
    return show(
        {"size": head.size, "files": files + 1, "folder": str(options.folder)}, as_json=options.json, lines=lines
    )


def _prove(options: argparse.Namespace) -> int:
    setup_django()
    from qingqu.kernel.ledger import proofs, queries  # noqa: PLC0415 - models are ready only now

    event_id = _event_of(options.id)
    proof = proofs.of_event(event_id) if event_id is not None else None
    if proof is None:
        return fail(
            f"日志中没有“{options.id}”，或者尚未发布，请稍后再试 / "
            f"“{options.id}” is not in the published log; try again later"
        )
    options.out.mkdir(parents=True, exist_ok=True)
    base = options.out / f"entry-{proof.index}"
    receipt, leaf = base.with_suffix(".tlog-proof"), base.with_suffix(".leaf")
    receipt.write_bytes(proof.receipt)
    leaf.write_bytes(proof.leaf)
    head = queries.checkpoint()
    lines = [f"{receipt}", f"{leaf}", f"第 {proof.index} 条，共 {proof.size} 条 / entry {proof.index} of {proof.size}"]
    content = {"index": proof.index, "size": proof.size, "receipt": str(receipt), "leaf": str(leaf)}
    return show(content | {"witnesses": head.witnesses if head else []}, as_json=options.json, lines=lines)


def _event_of(given: str) -> int | None:
    """The event behind ``#number`` of the log or behind a publication's number; None when there is none."""
    from qingqu.kernel.ledger import queries  # noqa: PLC0415 - models are ready only now
    from qingqu.kernel.publications import queries as publications  # noqa: PLC0415

    if given.startswith("#") and given[1:].isdecimal():
        return queries.event_at(int(given[1:]))
    return publications.published_event(given)


def _witness(options: argparse.Namespace) -> int:
    from qingqu.engines.tlog.notes import write_vkey  # noqa: PLC0415 - only the witness needs it
    from qingqu.engines.tlog.witness.records import Records  # noqa: PLC0415
    from qingqu.engines.tlog.witness.server import serve  # noqa: PLC0415

    records = Records.create(options.folder, options.name) if options.name else Records(options.folder)
    for vkey in options.log:
        records.add_log(vkey)
    show(
        {"vkey": write_vkey(records.verifier), "listen": options.listen},
        as_json=options.json,
        lines=[f"见证公钥 / public key: {write_vkey(records.verifier)}", f"http://{options.listen}"],
    )
    serve(options.folder, options.listen, clock=lambda: int(time.time()))
    return 0


def _erase(options: argparse.Namespace) -> int:
    setup_django()
    from qingqu.kernel.core.clock import now  # noqa: PLC0415 - models are ready only now
    from qingqu.kernel.ledger import installation, operations, queries  # noqa: PLC0415

    event_id = queries.event_at(options.index)
    if event_id is None:
        return fail(f"日志第 {options.index} 条没有可以销毁的内容 / entry {options.index} holds nothing to destroy")
    operations.erase(event_id=event_id, reason=options.reason, actor_id="", at=now(), vault=installation.vault())
    lines = [
        f"第 {options.index} 条的内容与开启信息已销毁，证明仍然有效；日志将记载此次销毁。",
        "destroyed; every proof stays valid, and the log will say so",
        "此前的备份仍有其内容，请逐一运行 qingqu ledger cleanse，并重新复制密钥文件夹。",
        "archives made before still hold it: run qingqu ledger cleanse on each, and copy the folder of keys anew",
    ]
    return show({"index": options.index}, as_json=options.json, lines=lines)


def _cleanse(options: argparse.Namespace) -> int:
    """Each archive by itself: one that is refused stays as it is and does not keep the others from being cleansed."""
    setup_django()
    from qingqu.kernel.core.errors import Refused  # noqa: PLC0415 - models are ready only now
    from qingqu.kernel.ledger import installation, operations  # noqa: PLC0415
    from qingqu.site import archive  # noqa: PLC0415

    erased = {(row.event_id, row.mark): row for row in (*installation.vault().erased(), *operations.erased())}
    done: list[archive.Cleansed] = []
    refusals: dict[str, str] = {}
    for path in options.archives:
        try:
            done.append(archive.cleanse(path, erased=erased.values()))
        except Refused as refused:
            refusals[str(path)] = f"{refused.code}: {refused.message}"
    content = {"cleansed": [asdict(one) for one in done], "refused": refusals}
    if done or options.json:
        show(content, as_json=options.json, lines=[line for one in done for line in _cleansed_lines(one)])
    return fail("\n".join(refusals.values())) if refusals else 0


def _cleansed_lines(done: "Cleansed") -> list[str]:
    if not done.is_changed:
        return [f"{done.path}：没有已销毁的内容，未作改动 / holds nothing of what was erased, not touched"]
    lines = [
        f"{done.path}：已除去 {len(done.events)} 个事件的内容（{done.rows} 行"
        f"{''.join(f'，{name}' for name in done.files)}），其余逐字节未动，已核对 / took out what {len(done.events)} "
        f"events said ({done.rows} rows, {len(done.files)} files), all else byte for byte as it was; verified"
    ]
    if done.other_names:
        lines.append(
            f"这个文件另有 {done.other_names} 个名称（硬链接），仍指向旧内容，请删除。 / {done.other_names} other hard "
            "links to the old file still hold everything; remove them"
        )
    return lines
