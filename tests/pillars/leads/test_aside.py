"""What never becomes a lead: matters that go up with zero retention (S22), and harm to a minor."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from qingqu.kernel.duties.models import Duty
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org.models import Person
from qingqu.pillars.leads import operations
from qingqu.pillars.leads.models import Alarm, Lead, Passage
from tests.factories import AT, actor, sign_in
from tests.pillars.leads.district import make_district, open_one

pytestmark = pytest.mark.django_db

PLANTED = "QX7PLANTED"
"""Stands in everything that is sent about the bureau's director; it may be found nowhere afterwards."""

ORDINARY = "QX7ORDINARY"
"""Stands in an ordinary lead; it must be found, or the search finds nothing at all."""

SCRIPT = """
import django, sys
django.setup()
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse
call_command("migrate", verbosity=0)
setup_test_environment()
from qingqu.pillars.leads.models import Lead, Passage
from tests.factories import sign_in
from tests.pillars.leads.district import make_district
planted, ordinary = sys.argv[1:]
district, client = make_district(), Client()
sign_in(client, district.keeper)
def typed(word, person, track):
    return {
        "title": word, "body": word, "unit": district.school.pk, "track": track, "channel": "LETTER",
        "source_kind": "transfer", "source_id": word, "suppliers": word, "about": person.number,
    }
for track in ("T1", "T2"):
    refused = client.post(reverse("leads:new"), typed(planted, district.leader, track))
    assert refused.status_code == 422, refused.status_code
assert client.post(reverse("leads:new"), typed(ordinary, district.principal, "T1")).status_code == 302
sent = {"title": planted, "body": planted, "about": planted}
assert client.post(reverse("leads:upward") + "?q=" + planted, sent).status_code == 302
assert client.get(reverse("leads:upward")).status_code == 200
assert (Lead.objects.count(), Passage.objects.count()) == (1, 1)
"""


def files_with(folder: Path, word: str) -> list[str]:
    """The names of the files that hold a word, as it is or escaped."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes())


class TestAMatterForAHigherLevel:
    def test_leaves_nothing_in_the_raw_files_of_the_installation(self, tmp_path: Path) -> None:
        root = Path(__file__).resolve().parents[3]
        wanted = {"DJANGO_SETTINGS_MODULE": "qingqu.site.settings", "QINGQU_HOME": str(tmp_path)}
        kept = {key: value for key, value in os.environ.items() if not key.startswith("QINGQU_")}
        path = {"PYTHONPATH": os.pathsep.join((str(root / "src"), str(root)))}

        # Ends without closing the database, so that the write-ahead log is still there.
        script = f"{SCRIPT}\nimport os; sys.stdout.flush(); os._exit(0)"
        done = subprocess.run(
            [sys.executable, "-c", script, PLANTED, ORDINARY],
            env=kept | wanted | path,
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        assert any(name.endswith("-wal") for name in files_with(tmp_path, ORDINARY)), "the search must find something"
        assert files_with(tmp_path, PLANTED) == []
        assert PLANTED not in done.stderr + done.stdout

    def test_keeps_number_time_and_handler_and_has_no_place_for_more(self) -> None:
        district = make_district()

        row = operations.pass_up(at=AT, actor=actor(district.keeper))

        assert (row.number, row.at, row.handler_id) == (f"SJ2026-{row.pk:06d}", AT, district.keeper.pk)
        assert {field.name for field in Passage._meta.get_fields()} == {"id", "number", "at", "handler"}
        event = Event.objects.get(kind="lead.passed_up")
        assert (event.payload, event.unit_id) == ({}, "")

    def test_is_due_in_five_working_days_at_the_handler_s_seat_alone(self) -> None:
        district = make_district()

        row = operations.pass_up(at=AT, actor=actor(district.keeper))

        duty = Duty.objects.get(subject_kind="passage", subject_id=str(row.pk))
        assert (duty.rule_id, duty.due_on, duty.is_private) == ("WB-04", date(2026, 10, 9), True)

    @pytest.mark.parametrize("who", ["leader", "auditor", "office", "principal"])
    def test_is_handed_up_by_the_discipline_desk_alone(self, who: str, client: Client) -> None:
        district = make_district()
        person: Person = getattr(district, who)
        sign_in(client, person)

        with pytest.raises(operations.NotYours):
            operations.pass_up(at=AT, actor=actor(person))
        assert client.post(reverse("leads:upward")).status_code == 404
        assert not Passage.objects.exists()

    @pytest.mark.parametrize(
        ("track", "source"), [("T1", "flag"), ("T1", "hand"), ("T2", "assignment"), ("T3", "hand")]
    )
    def test_is_refused_as_a_lead(self, track: str, source: str) -> None:
        district = make_district()

        with pytest.raises(operations.AboveUs):
            open_one(district, track=track, source_kind=source, about=[district.principal.pk, district.leader.pk])
        assert not Lead.objects.exists()

    def test_is_no_matter_about_a_principal(self) -> None:
        district = make_district()

        assert open_one(district, track="T1", source_kind="hand", about=[district.principal.pk]).pk

    def test_is_seen_by_its_handler_alone(self, client: Client) -> None:
        district = make_district()
        row = operations.pass_up(at=AT, actor=actor(district.keeper))
        found = []
        for person in (district.keeper, district.second_keeper):
            sign_in(client, person)
            found.append(str(row.number) in client.get(reverse("leads:upward")).content.decode())

        assert found == [True, False]


class TestHarmToAMinor:
    def test_shows_everybody_on_the_staff_what_to_do_and_whom_to_call(self, client: Client) -> None:
        district = make_district()
        for person in (district.principal, district.office, district.auditor):
            sign_in(client, person)
            page = client.get(reverse("leads:minors")).content.decode()
            for number in ("tel:110", "tel:12309", "tel:12355", "tel:12345"):
                assert number in page
            assert reverse("leads:minors") in client.get(reverse("workbench:home")).content.decode()

    def test_gives_a_receipt_once_the_police_were_told(self, client: Client) -> None:
        district = make_district()
        sign_in(client, district.principal)

        early = client.post(reverse("leads:minors"), {})
        assert early.status_code == 422
        assert "请先拨打 110 报警" in early.content.decode()
        assert not Alarm.objects.exists()
        client.post(reverse("leads:minors"), {"is_reported": "on", "body": PLANTED})

        row = Alarm.objects.get()
        assert row.reporter_id == district.principal.pk
        assert str(row.number) in client.get(reverse("leads:minors")).content.decode()
        assert {field.name for field in Alarm._meta.get_fields()} == {"id", "number", "at", "reporter"}

    def test_is_never_a_queue_nor_a_duty_and_a_lead_may_follow(self) -> None:
        district = make_district()

        operations.raise_alarm(is_reported=True, at=AT, actor=actor(district.keeper))

        assert not Duty.objects.exists()
        assert not Lead.objects.exists()
        with pytest.raises(operations.ReportAtOnce):
            open_one(district, track="T4")
        assert open_one(district, track="T2").pk
