"""The tables refuse what the operations would never write, from the ORM and in plain SQL."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from qingqu.kernel.draws.models import Ceremony, Draw, Entry, Party, Recusal, Result
from tests.factories import AT
from tests.kernel.draws.stage import PEOPLE, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    """A ceremony in preparation."""
    return Stage()


CEREMONY: dict[str, dict[str, Any]] = {
    "ceremony_state_known": {"state": "LOST", "frozen_at": AT},
    "ceremony_moments_in_order": {"reveal_by": AT},
    "ceremony_source_whole": {"throws": None},
    "ceremony_source_recorded_pair": {"source_value": "1234"},
    "ceremony_source_confirmed_pair": {"confirmed_at": AT},
    "ceremony_frozen_pair": {"frozen_at": AT},
    "ceremony_closed_pair": {"closed_at": AT},
    "ceremony_drawn_pair": {"drawn_at": AT},
    "ceremony_abandoned_pair": {"abandon_reason": "无"},
}
PLAIN: dict[str, str] = {
    "ceremony_state_known": "UPDATE draws_ceremony SET state='LOST', frozen_at=created_at",
    "ceremony_moments_in_order": "UPDATE draws_ceremony SET reveal_by=commit_by",
    "ceremony_source_whole": "UPDATE draws_ceremony SET issue='2026101'",
    "ceremony_source_recorded_pair": "UPDATE draws_ceremony SET recorded_at=created_at",
    "ceremony_source_confirmed_pair": "UPDATE draws_ceremony SET confirmed_at=created_at",
    "ceremony_frozen_pair": "UPDATE draws_ceremony SET state='FROZEN'",
    "ceremony_closed_pair": "UPDATE draws_ceremony SET closed_at=created_at",
    "ceremony_drawn_pair": "UPDATE draws_ceremony SET drawn_at=created_at",
    "ceremony_abandoned_pair": "UPDATE draws_ceremony SET abandoned_at=created_at",
    "draw_kind_known": "UPDATE draws_draw SET kind='LOST'",
    "draw_people_by_number": "UPDATE draws_draw SET kind='CHILDREN'",
    "draw_frozen_pair": "UPDATE draws_draw SET digest='ab'",
    "draw_result_after_freeze": "UPDATE draws_draw SET result_sha256='ab'",
    "entry_has_number_and_label": "UPDATE draws_entry SET label=''",
    "party_by_post_or_link": "UPDATE draws_party SET secret_sha256='ab' WHERE post_id IS NOT NULL",
    "party_commitment_pair": "UPDATE draws_party SET commitment='ab'",
    "party_reveal_whole": "UPDATE draws_party SET nonce='ab'",
}


class TestCeremony:
    @pytest.mark.parametrize("constraint", CEREMONY)
    def test_is_refused_in_halves(self, stage: Stage, constraint: str) -> None:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Ceremony.objects.filter(pk=stage.row.pk).update(**CEREMONY[constraint])

    def test_is_not_confirmed_by_whoever_recorded(self, stage: Stage) -> None:
        stage.with_source()

        with pytest.raises(IntegrityError, match="confirmed_by_another"), transaction.atomic():
            Ceremony.objects.filter(pk=stage.row.pk).update(confirmed_by=stage.person("organiser").pk)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE draws_ceremony SET confirmed_by_id=recorded_by_id")

    def test_is_not_abandoned_once_the_source_is_known(self, stage: Stage) -> None:
        stage.with_source()

        with pytest.raises(IntegrityError, match="ceremony_abandoned_pair"), transaction.atomic():
            Ceremony.objects.filter(pk=stage.row.pk).update(
                state="ABANDONED", abandoned_at=AT, abandoned_by=stage.person("organiser").pk, abandon_reason="不满意"
            )


@pytest.mark.parametrize("constraint", PLAIN)
def test_plain_sql_is_refused_too(stage: Stage, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAIN[constraint])


class TestRows:
    def test_of_people_are_never_public_by_name(self, stage: Stage) -> None:
        drawn = stage.with_roster("EXPERTS", PEOPLE, "1")

        with pytest.raises(IntegrityError, match="draw_people_by_number"), transaction.atomic():
            Draw.objects.filter(pk=drawn.pk).update(is_personal=False)

    def test_have_a_number_once(self, stage: Stage) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(draw=stage.draw, stratum="高风险", number="第一小学", label="又一个")

    @pytest.mark.parametrize("name", ["name", "post", "secret_sha256", "commitment"])
    def test_of_parties_are_unlike_one_another(self, stage: Stage, name: str) -> None:
        stage.all_committed()
        facts: dict[str, Any] = {"ceremony": stage.row, "name": "新的", "speaks_for": "某", "secret_sha256": "ab"}
        known = stage.party("家长代表" if name == "secret_sha256" else "区教育局")
        facts |= {name: getattr(known, name)} | ({"secret_sha256": ""} if name == "post" else {})
        facts |= {"committed_at": AT} if name == "commitment" else {}

        with pytest.raises(IntegrityError), transaction.atomic():
            Party.objects.create(**facts)

    def test_say_why_somebody_is_recused(self, stage: Stage) -> None:
        entry = stage.draw.entries.get(number="第一小学")

        with pytest.raises(IntegrityError, match="recusal_has_reason"), transaction.atomic():
            Recusal.objects.create(
                entry=entry, draw=stage.draw, reason="", salt="ab", by=stage.person("organiser"), at=AT
            )

    def test_of_results_are_whole_and_single(self, stage: Stage) -> None:
        stage.drawn()

        with pytest.raises(IntegrityError, match="result_is_whole"), transaction.atomic():
            Result.objects.filter(draw=stage.draw).update(seed="")
        with pytest.raises(IntegrityError), transaction.atomic():
            Result.objects.create(draw=stage.draw, seed="ab", content={}, bundle=b"", at=AT)
