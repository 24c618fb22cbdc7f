"""``qingqu audit``: import records, run the indicators, list them, measure them on planted anomalies."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from qingqu.engines import redflags
from qingqu.engines.redflags import load as loader
from qingqu.site.commands.output import fail, show, with_json
from qingqu.site.commands.server import Commands


def add(commands: Commands) -> None:
    """Declare the subcommands."""
    group = commands.add_parser("audit", help="跟踪审计 / the tracking audit").add_subparsers(
        dest="subcommand", required=True, metavar="SUBCOMMAND"
    )
    load = with_json(group.add_parser("import", help="导入记录 / load records into a mart"))
    load.add_argument("source", type=Path)
    load.add_argument("--format", required=True, choices=loader.FORMATS)
    load.add_argument("--mapping", type=Path)
    load.add_argument("--mart", type=Path, required=True)
    load.add_argument("--unit", default=None, help="OCDS 数据归入的单位代码 / unit the OCDS records belong to")
    load.set_defaults(run=_import)
    run = with_json(group.add_parser("run", help="计算提示 / compute flags"))
    source = run.add_mutually_exclusive_group(required=True)
    source.add_argument("--mart", type=Path)
    source.add_argument("--input", type=Path)
    run.add_argument("--format", choices=("ocds",), default="ocds")
    run.add_argument("--indicators", help="用逗号分隔 / separated by commas")
    run.add_argument("--settings", type=Path)
    run.add_argument("--profile", choices=("cardinal",))
    run.add_argument("--out", type=Path)
    run.set_defaults(run=_run)
    listing = with_json(group.add_parser("indicators", help="指标清单 / the indicators"))
    listing.set_defaults(run=_indicators)
    evaluation = with_json(group.add_parser("evaluate", help="在植入异常上测量 / measure on planted anomalies"))
    evaluation.add_argument("--seed", type=int, default=None)
    evaluation.set_defaults(run=_evaluate)


def _progress(stage: str, done: int, total: int | None = None) -> None:
    """One line on stderr that is written over; nothing when stderr is no terminal."""
    if sys.stderr.isatty():
        print(f"\r{stage} {done}{f'/{total}' if total else ''}   ", end="", file=sys.stderr, flush=True)


def _import(options: argparse.Namespace) -> int:
    try:
        report = loader.load(
            options.source,
            format=options.format,
            mart=options.mart,
            mapping=options.mapping,
            unit_id=options.unit,
            progress=lambda done, stage: _progress(stage, done),
        )
    except loader.BadSource as bad:
        return fail(str(bad))
    data = {
        "read": report.read,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "batch": report.batch,
        "tables": report.tables,
        "reasons": report.reasons,
        "notes": report.notes,
        "rejects": str(report.rejects_path) if report.rejects_path else None,
        "already_imported": report.already_imported,
    }
    return show(data, as_json=True, lines=())


def _run(options: argparse.Namespace) -> int:
    names = options.indicators.split(",") if options.indicators else None
    try:
        if options.mart is not None:
            return _compute(options.mart, names, options)
        with tempfile.TemporaryDirectory(prefix="qingqu-") as folder:
            report = loader.load(
                options.input,
                format=options.format,
                mart=Path(folder),
                progress=lambda done, stage: _progress(stage, done),
            )
            _tell_rejected(report)
            return _compute(Path(folder), names, options)
    except (loader.BadSource, redflags.MartError, redflags.SettingsError, redflags.UnknownIndicator) as error:
        return fail(str(error))


def _tell_rejected(report: loader.ImportReport) -> None:
    """On stderr, what of the input could not be read: the result is computed without it."""
    if report.rejected:
        reasons = ", ".join(f"{code}: {count}" for code, count in sorted(report.reasons.items()))
        print(f"未读入 {report.rejected} 条 / {report.rejected} records not read ({reasons})", file=sys.stderr)


def _compute(mart: Path, names: list[str] | None, options: argparse.Namespace) -> int:
    if not mart.is_dir():
        return fail(f"没有这个目录：{mart} / no such folder: {mart}")
    with redflags.open_mart(mart) as opened:
        if options.profile == "cardinal":
            print(
                json.dumps(
                    redflags.cardinal_results(opened, redflags.load_settings(options.settings)),
                    ensure_ascii=False,
                    sort_keys=True,
                )
            )
            return 0
        run = redflags.run(opened, names, options.settings, out=options.out, progress=_progress)
        manifest = run.manifest.as_json()
        if not options.json and options.out is None:
            for flag in run.flags():
                print(json.dumps({**_plain(flag), "fingerprint": redflags.fingerprint(flag)}, ensure_ascii=False))
            return 0
        lines = [f"{name}: {count}" for name, count in sorted(manifest["counts"].items())]
        return show(manifest, as_json=options.json, lines=lines)


def _plain(flag: redflags.FlagRow) -> dict[str, Any]:
    return {name: getattr(flag, name) for name in flag.__slots__}


def _indicators(options: argparse.Namespace) -> int:
    data = redflags.indicators_reference()
    lines = [f"{each['id']:<8} {each['title']['zh']} / {each['title']['en']}" for each in data]
    return show(data, as_json=options.json, lines=lines)


def _evaluate(options: argparse.Namespace) -> int:
    from qingqu.site.demo import evaluate  # noqa: PLC0415 - only this command generates records

    with tempfile.TemporaryDirectory(prefix="qingqu-") as folder:
        seed = evaluate.SCORING_SEED if options.seed is None else options.seed
        scores = evaluate.measured(Path(folder), seed=seed)
    titles = {each.id: each.title.zh for each in redflags.indicators()}
    return show(
        evaluate.as_json(scores),
        as_json=options.json,
        lines=[evaluate.heading(seed), evaluate.table(scores, titles=titles)],
    )
