"""``qingqu backup`` and ``qingqu restore``: one verified archive of database, files, log and settings."""

import argparse
from dataclasses import asdict
from pathlib import Path

from qingqu.engines.tlog.storage import DirectoryStorage, HttpReader, Readable
from qingqu.site.commands.output import show, with_json
from qingqu.site.commands.server import Commands, setup_django


def add(commands: Commands) -> None:
    """Declare the subcommands."""
    backup = with_json(commands.add_parser("backup", help="备份到一个文件 / archive everything into one file"))
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=_backup)
    restore = with_json(commands.add_parser("restore", help="恢复到空的安装 / restore into an empty installation"))
    restore.add_argument("file", type=Path)
    restore.add_argument(
        "--log",
        metavar="LOG",
        help="公开日志的最新副本（文件夹或网址），其中所载的删除不予恢复 / a recent copy of the public log (folder or "
        "address): what it says was erased is not brought back",
    )
    restore.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> int:
    """Archive the installation this process is set to."""
    setup_django()
    from django.conf import settings  # noqa: PLC0415 - settings are chosen by then

    from qingqu.kernel.core.clock import now  # noqa: PLC0415
    from qingqu.site import archive  # noqa: PLC0415 - models are ready only now

    log = getattr(settings, "QINGQU_LOG", None)
    made = archive.make(options.file, home=settings.QINGQU_HOME, at=now(), log=log, keys=settings.QINGQU_KEYS)
    lines = [
        f"已备份并核对：{made.path}（{made.size} 字节；{made.tables} 张表 {made.rows} 行，{made.files} 个文件）",
        f"archived and verified: {made.tables} tables, {made.rows} rows, {made.files} files",
        f"密钥不在备份中，请另行保管：{_listed(made.left_out)} / keys are not in it; keep them elsewhere",
        "备份含个人信息，请加密保管。 / the archive holds personal data; keep it encrypted",
    ]
    return show(asdict(made), as_json=options.json, lines=lines)


def _restore(options: argparse.Namespace) -> int:
    """Restore into the empty installation this process is set to."""
    setup_django()
    from django.conf import settings  # noqa: PLC0415 - settings are chosen by then

    from qingqu.kernel.ledger import installation  # noqa: PLC0415 - models are ready only now
    from qingqu.site import archive  # noqa: PLC0415

    vault = installation.vault()
    has_list = vault.has_list or options.log is not None
    erased = archive.erased_in(_log(options.log), path=options.file) if options.log else []
    done = archive.restore(options.file, home=settings.QINGQU_HOME, erased=[*erased, *vault.erased()])
    lines = [
        f"已恢复 {done.made_at} 的备份：{done.tables} 张表 {done.rows} 行，{done.files} 个文件。",
        f"restored the archive of {done.made_at}: {done.tables} tables, {done.rows} rows, {done.files} files",
        *(f"原设置 / as it was set: {name}={value}" for name, value in done.settings.items()),
        f"请放回另行保管的密钥：{_listed(done.left_out)}；所有人须重新登录。",
        "bring back the keys you kept elsewhere; everybody signs in anew",
        *_about_erasures(done.erased if has_list else None, settings.QINGQU_KEYS),
    ]
    content = asdict(done) | {"erased": done.erased if has_list else None}
    return show(content, as_json=options.json, lines=lines)


def _log(place: str) -> Readable:
    """A copy of the public log, by its folder or its address."""
    return HttpReader(place) if "://" in place else DirectoryStorage(Path(place))


def _about_erasures(erased: list[int] | None, keys: Path) -> list[str]:
    """Whether what was erased after the archive was made is back; ``erased`` is None where nobody could say."""
    if erased is None:
        return [
            f"没有找到删除清单（随密钥存放，应在 {keys}），也没有用 --log 给出公开日志："
            "备份之后删除过的内容此刻又在数据库中。请立即放回密钥并运行 qingqu worker，由它再次删除。",
            f"no list of erasures (it is kept with the keys, in {keys}) and no --log: what was erased after the "
            "archive was made is in the database again; bring the keys and start qingqu worker, which erases it",
        ]
    return [
        f"按删除清单或公开日志，备份之后删除过的 {len(erased)} 个事件的内容没有恢复。 / by the list of erasures or the "
        f"public log, what {len(erased)} events said that were erased later was not brought back"
    ]


def _listed(names: list[str]) -> str:
    return "、".join(names) or "—"
