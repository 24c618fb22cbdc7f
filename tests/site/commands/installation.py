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
    from qingqu.site.commands.server import setup_django  # noqa: PLC0415 - this process is the installation

    os.environ["DJANGO_SETTINGS_MODULE"] = "qingqu.site.settings"
    setup_django()
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
