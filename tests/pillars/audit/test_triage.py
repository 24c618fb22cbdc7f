"""What people make of a flag."""

from datetime import date

import pytest
from django.conf import settings

from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org.models import Relationship
from qingqu.pillars.audit import operations, presentation
from qingqu.pillars.audit.models import Flag, Triage
from qingqu.pillars.audit.operations import NotTriaged
from qingqu.pillars.audit.types import FlagState
from qingqu.pillars.leads.models import Lead
from tests.factories import AT, actor
from tests.pillars.audit.desk import (
    District,
    events,
    make_district,
    many_flags,
    overpaid,
    raised,
    run_audit,
    write_mart,
)

pytestmark = pytest.mark.django_db


def decide(district: District, flag: Flag, outcome: FlagState, reason: str = "已核对合同与发票") -> Triage:
    """A decision with the evidence as the page shows it."""
    evidence = presentation.frozen(presentation.read_evidence(flag, settings.QINGQU_MART))
    return operations.triage(
        flag=flag, outcome=outcome, reason=reason, actor=actor(district.auditor), at=AT, evidence=evidence
    )


def tied(district: District, supplier: str) -> None:
    """The auditor's own interest in a supplier."""
    Relationship.objects.create(
        person=district.auditor,
        other_kind="SUPPLIER",
        other_id=supplier,
        kind="SHAREHOLDER",
        declared_on=date(2025, 1, 1),
    )


class TestTriage:
    @pytest.mark.parametrize("outcome", [FlagState.EXPLAINED, FlagState.DISMISSED])
    def test_records_the_conclusion_with_its_reason(self, outcome: FlagState) -> None:
        district = make_district()
        (flag,) = raised(district)

        decided = decide(district, flag, outcome, "  有补充合同 ")

        event = Event.objects.get(kind="audit.flag_triaged")
        assert Flag.objects.get().state == outcome
        assert (decided.reason, decided.person_id, decided.lead_id) == ("有补充合同", str(district.auditor.pk), "")
        assert event.payload == {"outcome": outcome, "indicator": "R068", "lead": ""}
        assert (event.unit_id, event.at) == (str(district.school.pk), AT)
        assert not Lead.objects.exists()

    def test_opens_a_lead_that_names_the_unit_and_the_suppliers(self) -> None:
        district = make_district()
        (flag,) = raised(district)

        decided = decide(district, flag, FlagState.LEAD)

        lead = Lead.objects.get()
        assert decided.lead_id == str(lead.pk)
        assert (lead.unit, lead.source_kind, lead.source_id) == (district.school, "flag", str(flag.pk))
        assert lead.title == f"付款超过合同金额：{flag.subject_id}"
        assert list(lead.parties.values_list("supplier_id", flat=True)) == ["S1"]
        assert lead.evidence["rows"]["payment"][0]["amount_fen"] == 150_000

    def test_freezes_the_evidence_of_a_lead_whatever_the_records_say_later(self) -> None:
        district = make_district()
        (flag,) = raised(district)
        decide(district, flag, FlagState.LEAD)
        before = Lead.objects.get().evidence
        write_mart(overpaid(district.school, 0, times=9))

        run_audit(district.auditor)

        assert Flag.objects.get().score == 9.0
        assert Flag.objects.get().state == "LEAD"
        assert Lead.objects.get().evidence == before

    def test_records_a_second_submission_of_the_same_decision_once(self) -> None:
        district = make_district()
        (flag,) = raised(district)
        stale = Flag.objects.get()
        decide(district, flag, FlagState.LEAD)

        with pytest.raises(NotTriaged, match="已有核查结论"):
            decide(district, stale, FlagState.LEAD)

        assert (Lead.objects.count(), Triage.objects.count()) == (1, 1)
        assert events("audit.flag_triaged") == ["audit.flag_triaged"]

    @pytest.mark.parametrize("reason", ["", "  ", "\n"])
    def test_asks_for_a_reason(self, reason: str) -> None:
        district = make_district()
        (flag,) = raised(district)

        with pytest.raises(NotTriaged) as refused:
            decide(district, flag, FlagState.DISMISSED, reason)

        assert "reason" in refused.value.fields
        assert Flag.objects.get().state == "OPEN"

    def test_opens_a_decided_flag_again_and_keeps_both_decisions(self) -> None:
        district = make_district()
        (flag,) = raised(district)
        decide(district, flag, FlagState.DISMISSED, "录入错误")

        decide(district, flag, FlagState.OPEN, "发票是伪造的")

        assert Flag.objects.get().state == "OPEN"
        assert list(Triage.objects.order_by("id").values_list("outcome", "reason")) == [
            ("DISMISSED", "录入错误"), ("OPEN", "发票是伪造的"),
        ]  # fmt: skip

    def test_never_opens_a_lead_again(self) -> None:
        district = make_district()
        (flag,) = raised(district)
        decide(district, flag, FlagState.LEAD)

        with pytest.raises(NotTriaged):
            decide(district, flag, FlagState.OPEN)

    def test_is_closed_to_somebody_with_an_interest_in_a_supplier_of_the_evidence(self) -> None:
        district = make_district()
        (flag,) = raised(district)
        tied(district, "S1")

        with pytest.raises(NotTriaged, match="回避"):
            decide(district, flag, FlagState.EXPLAINED)

        assert not Triage.objects.exists()

    def test_is_closed_to_them_also_when_the_flag_is_about_no_one_unit(self) -> None:
        district = make_district()
        (flag,) = many_flags(None, 1, subject_kind="SUPPLIER", subject_id="S7", indicator="R025")
        tied(district, "S7")

        with pytest.raises(NotTriaged, match="回避"):
            operations.triage(flag=flag, outcome=FlagState.DISMISSED, reason="x", actor=actor(district.auditor), at=AT)

    def test_takes_names_of_any_length(self) -> None:
        district = make_district()
        (flag,) = many_flags(district.school, 1, subject_id="长" * 3000, unit_code="单" * 300, period="期" * 300)

        operations.triage(flag=flag, outcome=FlagState.LEAD, reason="x", actor=actor(district.auditor), at=AT)

        assert Lead.objects.get().source_id == str(flag.pk)
