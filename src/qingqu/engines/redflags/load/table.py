"""Tables (CSV, Excel, Parquet) into the flat mart through a saved column mapping."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from qingqu.engines.redflags.load import batch as batches
from qingqu.engines.redflags.load.mapping import Mapping, read_mapping
from qingqu.engines.redflags.load.plan import Plan, plan
from qingqu.engines.redflags.load.schema import fields_of
from qingqu.engines.redflags.load.sheets import Sheet, open_sheet
from qingqu.engines.redflags.load.sniff import TABLE_SUFFIXES, files_of
from qingqu.engines.redflags.load.types import ImportReport, Progress
from qingqu.engines.redflags.load.work import Work


def load_table(
    source: Path,
    mapping: Mapping | Path | str | dict[str, Any],
    *,
    mart: Path,
    progress: Progress | None = None,
) -> ImportReport:
    """Imports a table file, or every table file of a folder, as one batch.

    ``mapping`` is a ``Mapping`` or anything ``read_mapping`` takes. A row is accepted when every cell
    fits its column, nothing required is empty and its key is new, in the file and in the mart;
    otherwise it is kept with all its reasons. Raises BadSource, having changed nothing.
    """
    checked = plan(mapping if isinstance(mapping, Mapping) else read_mapping(mapping))
    files = files_of(source, TABLE_SUFFIXES)

    def sheets() -> Iterator[Sheet]:
        for path in files:
            sheet = open_sheet(path, checked.mapping.shape)
            sheet.file = str(path.relative_to(source)) if source.is_dir() else path.name
            yield sheet

    return import_sheets(sheets, checked, files=files, mart=mart, progress=progress)


def import_sheets(
    sheets: Callable[[], Iterator[Sheet]],
    checked: Plan,
    *,
    files: list[Path],
    mart: Path,
    progress: Progress | None = None,
    again: bool = False,
) -> ImportReport:
    """Imports opened tables as one batch named by the content of ``files`` and by the mapping.

    ``again`` says that the rows were rejected before.
    """
    settings = {"format": "table", "mapping": checked.mapping.as_dict(), **({"again": True} if again else {})}
    name = batches.batch_id(files, settings)
    with batches.writing(mart):
        earlier = batches.earlier_report(mart, name)
        if earlier is not None:
            return earlier
        with batches.staging(mart, name) as folder:
            report = _stage(sheets(), checked, folder=folder, name=name, mart=mart, progress=progress)
            return batches.commit(mart, folder, report, files=[path.name for path in files], settings=settings)


def _stage(
    sheets: Iterator[Sheet], checked: Plan, *, folder: Path, name: str, mart: Path, progress: Progress | None
) -> ImportReport:
    """Writes the staged table and rejects of a batch and counts them."""
    with Work(folder, checked, mart) as work:
        for sheet in sheets:
            with closing(sheet):
                work.fill(sheet, progress)
        _tell(progress, work.read, "CHECK")
        work.judge(f"@{name}")
        _tell(progress, work.read, "WRITE")
        columns = [field.name for field in fields_of(checked.table)]
        accepted = work.write_accepted(folder / f"{checked.table}.parquet", columns)
        rejected = _write_rejects(work, folder / batches.REJECTED, name)
        orphans = work.orphan_count() if checked.mapping.references == "report" else 0
        return ImportReport(
            read=work.read,
            accepted=accepted,
            rejected=rejected,
            batch=name,
            tables={checked.table: accepted} if accepted else {},
            reasons=work.reason_counts(),
            notes={"UNCHECKED_REFERENCE": orphans} if orphans else {},
        )


def _write_rejects(work: Work, path: Path, name: str) -> int:
    """Writes the rejected rows as JSON Lines; gives their number and leaves no file for none."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for reject in work.rejects():
            file.write(json.dumps(reject.as_dict(name), ensure_ascii=False) + "\n")
            count += 1
    if not count:
        path.unlink()
    return count


def _tell(progress: Progress | None, done: int, stage: str) -> None:
    """Reports a stage when somebody listens."""
    if progress is not None:
        progress(done, stage)
