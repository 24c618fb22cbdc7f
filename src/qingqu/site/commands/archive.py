"""``qingqu backup`` and ``qingqu restore``: one verified archive of database, files, log and settings."""

import argparse
from dataclasses import asdict
from pathlib import Path

from qingqu.site.commands.output import show, with_json
from qingqu.site.commands.server import Commands, setup_django


def add(commands: Commands) -> None:
    """Declare the subcommands."""
    backup = with_json(commands.add_parser("backup", help="备份到一个文件 / archive everything into one file"))
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=_backup)
    restore = with_json(commands.add_parser("restore", help="恢复到空的安装 / restore into an empty installation"))
    restore.add_argument("file", type=Path)
    restore.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> int:
    """Archive the installation this process is set to."""
    setup_django()
    from django.conf import settings  # noqa: PLC0415 - settings are chosen by then

    from qingqu.kernel.core.clock import now  # noqa: PLC0415
    from qingqu.site import archive  # noqa: PLC0415 - models are ready only now

    log = getattr(settings, "QINGQU_LOG", None)
    made = archive.make(options.file, home=settings.QINGQU_HOME, at=now(), log=log)
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

    from qingqu.site import archive  # noqa: PLC0415 - models are ready only now

    done = archive.restore(options.file, home=settings.QINGQU_HOME)
    lines = [
        f"已恢复 {done.made_at} 的备份：{done.tables} 张表 {done.rows} 行，{done.files} 个文件。",
        f"restored the archive of {done.made_at}: {done.tables} tables, {done.rows} rows, {done.files} files",
        *(f"原设置 / as it was set: {name}={value}" for name, value in done.settings.items()),
        f"请放回另行保管的密钥：{_listed(done.left_out)}；所有人须重新登录。",
        "bring back the keys you kept elsewhere; everybody signs in anew",
    ]
    return show(asdict(done), as_json=options.json, lines=lines)


def _listed(names: list[str]) -> str:
    return "、".join(names) or "—"
