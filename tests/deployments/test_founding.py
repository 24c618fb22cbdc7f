"""The founding document as a directive, and the public meetings as references."""

import json
from datetime import date

import pytest

from qingqu.deployments import queries
from qingqu.deployments.founding import load_founding
from qingqu.deployments.models import Directive, Measure
from tests.deployments.places import AT, ENDS, District, post_of
from tests.shared import shared_path
from tools.typography import widened

pytestmark = pytest.mark.django_db


def load(district, **changes):
    """The founding directive of a district."""
    return load_founding(unit=district.root, issuer="区教育工委", issued_on=date(2026, 9, 1), at=AT, **changes)


class TestLoadFounding:
    def test_has_the_documents_measures_in_its_words(self):
        source = json.loads(shared_path("data/founding_measures.json").read_text("utf-8"))

        load(District())

        summary = queries.pillar_summary(on=AT.date())
        for pillar, wanted in zip(summary, source["pillars"], strict=True):
            assert [measure.name for measure in pillar.measures] == [row["name"] for row in wanted["measures"]]
            assert (pillar.title, pillar.keyword, pillar.target_effect, pillar.closing_label) == (
                widened(wanted["name"]),
                wanted["keyword"],
                widened(wanted["target_effect"]),
                wanted["closing_label"],
            )
            assert pillar.table_measures == "、".join(wanted["table_measures"])
        assert sum(len(pillar.measures) for pillar in summary) == 14

    def test_quotes_the_public_meetings_with_their_source_and_date(self):
        source = json.loads(shared_path("data/local/qianjiang.json").read_text("utf-8"))

        references = load(District()).references

        assert {row.issued_on.isoformat() for row in references} == {row["date"] for row in source if "date" in row}
        for row in references:
            assert row.is_external_reference
            assert any(row.source_url.endswith(item["src"].split()[0]) for item in source)

    def test_doubles_nothing_when_loaded_again(self):
        district = District()
        load(district)

        load(district, owners={"ETHICS": post_of(district.office)}, ends_on=ENDS)

        assert (Directive.objects.count(), Measure.objects.count()) == (3, 14)
        assert Measure.objects.filter(owner__isnull=False).count() == 3
