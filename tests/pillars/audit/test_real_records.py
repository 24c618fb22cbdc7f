"""Real public records through the desk: the same figures as from the command line, and flags that open their rows."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from qingqu.pillars.audit.models import Flag, ImportJob, Reject
from tests.engines.redflags.load.factories import stored
from tests.engines.redflags.load.test_real_records import HOW_TO
from tests.factories import sign_in
from tests.pillars.audit.desk import ask, make_district, perform, run_audit, saved_mapping
from tests.shared import shared_path

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class TestExeterPayments:
    def test_come_in_file_by_file_through_one_saved_mapping(self, client: Client) -> None:
        folder = shared_path("data/real/exeter")
        auditor = make_district().auditor
        mapping = saved_mapping((HOW_TO / "exeter-payments.yaml").read_text(encoding="utf-8"), "埃克塞特付款")

        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            job = perform(ask(auditor, path.read_bytes(), path.name, mapping=mapping))
            assert job.state == "DONE", job.message_zh

        figures = [
            sum(each) for each in zip(*ImportJob.objects.values_list("read", "accepted", "rejected"), strict=True)
        ]
        assert figures == [60_177, 60_156, 21]
        assert Reject.objects.count() == 21
        assert stored(settings.QINGQU_MART, "payment", "count(*), count(DISTINCT payment_id)") == [(60_156, 60_156)]
        sign_in(client, auditor)
        rejected = ImportJob.objects.filter(rejected__gt=0).latest("id")
        assert "为空，此项必填" in client.get(reverse("audit:import", args=[rejected.pk])).content.decode()


class TestPortugueseContracts:
    def test_come_in_and_raise_flags_that_open_their_rows(self, client: Client) -> None:
        path = shared_path("data/real/pt_impic_100_releases.json")
        auditor = make_district().auditor

        job = perform(ask(auditor, path.read_bytes(), path.name, format="ocds"))
        run = run_audit(auditor)

        assert (job.read, job.accepted, job.rejected) == (100, 100, 0)
        assert (run.state, run.raised) == ("DONE", Flag.objects.count())
        skipped = {each["indicator"] for each in run.manifest["skipped"]}
        assert {"R068", "M02", "R024"} <= skipped
        assert not skipped & set(run.manifest["counts"])
        sign_in(client, auditor)
        for flag in Flag.objects.order_by("id")[:5]:
            page = client.get(reverse("audit:flag", args=[flag.pk])).content.decode()
            assert "依据的原始记录" in page
            assert "原始记录不在库中" not in page
