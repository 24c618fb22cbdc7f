"""An installation outside the test's own database: made, archived and restored by processes of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str, home: Path, database: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """``qingqu ARGUMENTS`` on the installation in ``home``."""
    return _python("import sys; from qingqu.site.cli import main; sys.exit(main())", *arguments, home=home,
                   database=database, **variables)  # fmt: skip


def asked(*arguments: str, home: Path, database: str = "", **variables: str) -> Any:
    """What ``qingqu ARGUMENTS --json`` prints; fails with its errors when it does not succeed."""
    done = run(*arguments, "--json", home=home, database=database, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def fill(home: Path, *, database: str = "") -> None:
    """Migrate, and write a little of everything an installation keeps."""
    done = _python("from tests.site.commands import installation; installation.write()", home=home, database=database)
    assert done.returncode == 0, done.stderr


def happen(home: Path, name: str, *, database: str = "") -> list[int]:
    """Record a public and another event that say ``name``, have the log take them in; gives their places in it."""
    code = "import sys; from tests.site.commands import installation; installation.plant(sys.argv[1])"
    done = _python(code, name, home=home, database=database)
    assert done.returncode == 0, done.stderr
    return [int(place) for place in done.stdout.split()]


def keep(home: Path, *, database: str = "") -> None:
    """Let the log do once what the worker lets it do every few seconds."""
    done = _python("from tests.site.commands import installation; installation.tend()", home=home, database=database)
    assert done.returncode == 0, done.stderr


def verified(home: Path, *, database: str = "") -> tuple[int, int]:
    """How many entries the published log has, and how many receipts of them hold."""
    done = _python("from tests.site.commands import installation; installation.prove()", home=home, database=database)
    assert done.returncode == 0, done.stderr
    size, held = done.stdout.split()
    return int(size), int(held)


def _python(
    code: str, *arguments: str, home: Path, database: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Python with the product on its path, set to one installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QINGQU_")}
    set_to = {"QINGQU_HOME": str(home), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", **variables}
    if database:
        set_to["QINGQU_DATABASE_URL"] = database
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=kept | set_to,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def write() -> None:
    """Units, people with accounts and relationships, a duty, a stored file, a publication with its frozen copy."""
    _become()
    from datetime import date, timedelta  # noqa: PLC0415
    from io import BytesIO  # noqa: PLC0415

    from django.core.management import call_command  # noqa: PLC0415

    from qingqu.kernel.duties import operations as duties  # noqa: PLC0415
    from qingqu.kernel.files import operations as files  # noqa: PLC0415
    from qingqu.kernel.org import operations as org  # noqa: PLC0415
    from qingqu.kernel.org.models import Post  # noqa: PLC0415
    from qingqu.kernel.org.types import Role  # noqa: PLC0415
    from qingqu.kernel.publications import operations as publications  # noqa: PLC0415
    from qingqu.site import environment  # noqa: PLC0415
    from tests.factories import AT, actor, make_unit, seat  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    district = make_unit()
    school = make_unit("第一小学“北”", parent=district, kind="PRIMARY")
    writer, publisher = seat(Role.DISCIPLINE, district, "写手"), seat(Role.OFFICE, district, "发布者")
    head = seat(Role.PRINCIPAL, school, "校长\u3000甲")
    org.open_account(person=head, username="head", password="correct-Horse-battery-7", at=AT)
    org.declare_relationship(person=head, other=org.Other("SUPPLIER", "91", "商行"), kind="SHARES", on=AT.date(), at=AT)
    org.set_setting(key="calendar.day_off", unit=district, value="校庆", valid_from=date(2026, 10, 12), at=AT)
    duties.assign(
        title="报送", post=Post.objects.get(unit=school), subject_kind="trial", subject_id=1, start_on=AT.date(), at=AT,
        rule_id="WB-15",
    )  # fmt: skip
    files.store(
        name="说明.txt", content=BytesIO("内容\r\n".encode()), subject_kind="trial", subject_id=1, unit=school, at=AT
    )
    row = publications.draft(kind="NOTICE", title="通报", body="正文", unit=district, author_id=writer.pk, at=AT)
    publications.submit(publication=row, at=AT, actor=actor(writer))
    publications.publish(publication=row, at=AT + timedelta(hours=1), actor=actor(publisher))
    home = environment.home()
    (home / "log" / "tile").mkdir(parents=True)
    (home / "log" / "tile" / "000").write_bytes(bytes(range(256)))
    (home / "log" / "signer").write_text("PRIVATE+KEY+qingqu+00000000+AAAA", encoding="utf-8")
    (home / "tls.pem").write_text("-----BEGIN PRIVATE KEY-----", encoding="utf-8")


def tend() -> None:
    """One round of the log."""
    _become()
    from qingqu.kernel.ledger import tasks  # noqa: PLC0415

    tasks.keep()


def plant(name: str) -> None:
    """Two events that say ``name``, one of them opened to the public; prints their places in the log."""
    _become()
    from django.db import transaction  # noqa: PLC0415

    from qingqu.kernel.core.clock import now  # noqa: PLC0415
    from qingqu.kernel.ledger import operations, queries, tasks  # noqa: PLC0415

    at = now()
    with transaction.atomic():
        made = [
            operations.record(kind, at=at, subject_kind="trial", subject_id=9, actor_id=name, payload={"entry": name})
            for kind in ("draw.recused", "unit.renamed")
        ]
    tasks.keep()
    entries = [queries.entry_of(event.id) for event in made]
    sys.stdout.write(" ".join(str(entry.index) for entry in entries if entry))


def prove() -> None:
    """Verify the receipt of every entry of the published log; prints how many there are and how many hold."""
    _become()
    from qingqu.engines.tlog.notes import Note  # noqa: PLC0415
    from qingqu.engines.tlog.receipts import Receipt, verify_receipt  # noqa: PLC0415
    from qingqu.kernel.ledger import installation as own  # noqa: PLC0415
    from qingqu.kernel.ledger import queries  # noqa: PLC0415

    head, policy, tree = queries.checkpoint(), own.policy(own.signer().vkeys), queries.tree()
    assert head is not None
    note = Note.parse(head.text.encode())
    held = [
        verify_receipt(
            Receipt(index, tuple(tree.inclusion_proof(index, head.size)), note).raw,
            queries.leaf(index, head.size),
            policy,
        ).is_included
        for index in range(head.size)
    ]
    sys.stdout.write(f"{head.size} {sum(held)}")


def _become() -> None:
    """Make this process the installation."""
    from qingqu.site.commands.server import setup_django  # noqa: PLC0415 - this process is the installation

    os.environ["DJANGO_SETTINGS_MODULE"] = "qingqu.site.settings"
    setup_django()
