"""Correcting rows that an import sent back."""

from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from qingqu.engines.redflags.load import still
from qingqu.pillars.audit import operations
from qingqu.pillars.audit.models import ImportJob, Reject
from qingqu.pillars.audit.operations import StillWrong
from tests.engines.redflags.load.factories import payment, stored
from tests.factories import AT, actor
from tests.pillars.audit.desk import District, ask, events, imported, make_district, perform

pytestmark = pytest.mark.django_db


def sent_back(district: District) -> Reject:
    """A row without a readable amount, beside a sound one."""
    imported(district.auditor, [payment(1), payment(2, 金额="两元")])
    return Reject.objects.get()


def correct(district: District, reject: Reject, row: Any) -> Reject:
    """The row as a person corrected it, imported again."""
    return operations.correct_reject(
        reject=reject, row=row, mart=settings.QINGQU_MART, actor=actor(district.auditor), at=AT
    )


class TestCorrectReject:
    def test_brings_the_row_in_and_keeps_it_as_first_read(self) -> None:
        district = make_district()
        reject = sent_back(district)

        correct(district, reject, {**reject.row, "金额": "2.00"})

        reject.refresh_from_db()
        job = ImportJob.objects.get()
        assert (reject.corrected_at, reject.row["金额"]) == (AT, "两元")
        assert (job.read, job.accepted, job.rejected) == (2, 2, 0)
        assert stored(settings.QINGQU_MART, "payment", "payment_id, amount_fen") == [("P1", 150), ("P2", 200)]
        assert events()[-1] == "audit.reject_corrected"

    def test_says_why_a_row_is_still_wrong_and_leaves_it(self) -> None:
        district = make_district()
        reject = sent_back(district)

        with pytest.raises(StillWrong, match="金额 的值“三元”不是数字"):
            correct(district, reject, {**reject.row, "金额": "三元"})
        with translation.override("en"), pytest.raises(StillWrong, match="is not a number"):
            correct(district, reject, {**reject.row, "金额": "三元"})

        job = ImportJob.objects.get()
        assert (job.accepted, job.rejected, Reject.objects.get().corrected_at) == (1, 1, None)
        assert "audit.reject_corrected" not in events()

    @pytest.mark.parametrize("row", [None, [], "x", 7])
    def test_refuses_what_is_no_row(self, row: object) -> None:
        district = make_district()

        with pytest.raises(StillWrong, match="JSON"):
            correct(district, sent_back(district), row)

    def test_brings_a_row_in_once_when_two_people_correct_it(self) -> None:
        district = make_district()
        first, second = sent_back(district), Reject.objects.get()
        correct(district, first, {**first.row, "金额": "2.00"})

        with pytest.raises(StillWrong, match="已经更正"):
            correct(district, second, {**second.row, "付款编号": "P9", "金额": "9.00"})

        job = ImportJob.objects.get()
        assert (job.accepted, job.rejected) == (2, 0)
        assert len(stored(settings.QINGQU_MART, "payment")) == 2
        assert events("audit.reject_corrected") == ["audit.reject_corrected"]

    def test_takes_the_same_correction_again_after_a_kill_before_the_database_knew(self) -> None:
        district = make_district()
        reject = sent_back(district)
        row = {**reject.row, "金额": "2.00"}
        correct(district, reject, row)
        Reject.objects.update(corrected_at=None)
        ImportJob.objects.update(accepted=1, rejected=1)

        correct(district, Reject.objects.get(), row)

        assert ImportJob.objects.get().accepted == 2
        assert len(stored(settings.QINGQU_MART, "payment")) == 2

    def test_asks_to_wait_while_the_mart_is_in_use(self) -> None:
        district = make_district()
        reject = sent_back(district)

        with still(settings.QINGQU_MART), pytest.raises(StillWrong, match="稍后再试"):
            correct(district, reject, {**reject.row, "金额": "2.00"})

        assert Reject.objects.get().corrected_at is None

    def test_brings_in_a_release_and_a_line_that_could_not_be_read(self) -> None:
        district = make_district()
        perform(ask(district.auditor, b'{"ocid": "o1"}\n{"id": 2}\n{"ocid": \n', "a.jsonl", format="ocds"))
        release, line = Reject.objects.order_by("line")

        correct(district, release, {"ocid": "o2"})
        correct(district, line, {"ocid": "o3"})

        assert stored(settings.QINGQU_MART, "tender", "tender_id") == [("o1",), ("o2",), ("o3",)]
