"""Seeing leads."""

from datetime import date
from itertools import product

import pytest

from qingqu.kernel.org import queries as org
from qingqu.kernel.org.models import Relationship
from qingqu.pillars.leads import queries
from tests.factories import AT, actor
from tests.pillars.leads.district import make_district, open_one

pytestmark = pytest.mark.django_db


class TestVisible:
    def test_gives_the_same_answer_as_the_conflict_of_interest_question(self) -> None:
        district = make_district()
        declared = {"declared_on": date(2025, 1, 1)}
        Relationship.objects.create(
            person=district.keeper, other_kind="PERSON", other_id=str(district.principal.pk), kind="SPOUSE", **declared
        )
        Relationship.objects.create(
            person=district.principal, other_kind="SUPPLIER", other_id="S1", kind="SHARES", **declared
        )
        Relationship.objects.create(
            person=district.other_principal,
            other_kind="PERSON",
            other_id=str(district.second_keeper.pk),
            kind="LINEAL",
            ends_on=date(2026, 9, 23),
            **declared,
        )
        everybody = [
            district.keeper,
            district.second_keeper,
            district.principal,
            district.other_principal,
            district.leader,
        ]
        leads = [open_one(district, about=[one.pk]) for one in everybody]
        cases = [(lead, {"about": [one.pk]}) for lead, one in zip(leads, everybody, strict=True)]
        cases += [(open_one(district, own_acts=[one.pk]), {"own_acts": [one.pk]}) for one in everybody]
        cases += [(open_one(district, suppliers=[key]), {"suppliers": [key]}) for key in ("S1", "S2")]

        for reader, (lead, matter) in product((district.keeper, district.second_keeper, district.leader), cases):
            allowed = org.may_touch(reader.pk, unit=lead.unit, on=AT.date(), **matter).allowed
            assert queries.visible(actor(reader)).filter(pk=lead.pk).exists() is allowed, (reader.name, matter)
