"""Reading draws."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingqu.engines import draw as engine
from qingqu.kernel.draws import queries
from qingqu.kernel.draws.types import Outcome
from qingqu.kernel.files import subjects
from qingqu.kernel.org.types import Role
from tests.factories import actor, make_unit, seat
from tests.kernel.draws.stage import DICE, PEOPLE, SOURCE_AT, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    """A ceremony in preparation."""
    return Stage()


class TestOrder:
    def test_is_that_of_the_tickets_with_the_units(self, stage: Stage) -> None:
        for name in ("乙校", "丙校"):
            make_unit(name, parent=stage.root, kind="PRIMARY")
        units = [queries.Line(unit.name, "", "", unit.pk) for unit in queries.units_below(stage.row, ["PRIMARY"])]
        rollout = stage.act("put_draw", title="推行次序", kind="ROLLOUT", given=units, counts="")
        stage.drawn()

        found = queries.order(rollout.pk)

        rollout.refresh_from_db()
        chosen = rollout.result.content["strata"]["全部"]["chosen"]
        assert [entry.number for entry in found] == chosen
        assert {entry.unit.name for entry in found} == {"第一小学", "乙校", "丙校"}

    def test_goes_on_behind_the_reserves_and_leaves_out_the_recused(self, stage: Stage) -> None:
        stage.frozen()
        stage.act("recuse", draw_id=stage.draw.pk, number="第二小学", reason="亲属")
        stage.act("record_source", at=SOURCE_AT, value=DICE)
        stage.act("confirm_source", at=SOURCE_AT, value=DICE, by="second")
        stage.act("draw", at=SOURCE_AT)

        found = [entry.number for entry in queries.order(stage.draw.pk, "高风险")]

        drawn = stage.draw.result.content["strata"]["高风险"]
        assert found[:2] == [*drawn["chosen"], *drawn["reserves"]]
        assert set(found) == {"第一小学", "第三小学"}

    def test_is_not_there_before_the_result_nor_for_another_stratum(self, stage: Stage) -> None:
        stage.with_source()
        with pytest.raises(queries.NotDrawn):
            queries.order(stage.draw.pk, "高风险")
        stage.act("draw", at=SOURCE_AT)
        with pytest.raises(queries.NotDrawn):
            queries.order(stage.draw.pk, "中风险")
        with pytest.raises(queries.NotDrawn):
            queries.order(987_654)

    def test_costs_two_queries(self, stage: Stage) -> None:
        stage.drawn()
        key = stage.draw.pk

        with CaptureQueriesContext(connection) as captured:
            queries.order(key, "高风险")

        assert len(captured) == 2


class TestStanding:
    def test_is_what_the_engine_says_of_each_entry(self, stage: Stage) -> None:
        stage.drawn()
        drawn = stage.draw
        for stratum, ids in drawn.roster["strata"].items():
            for entry_id in ids:
                found = queries.standing(drawn, entry_id)
                place = engine.place_of(bytes.fromhex(drawn.result.seed), drawn.number, stratum, ids, entry_id)
                assert (found.ticket, found.place, found.of) == (place.ticket, place.place, 3)
                expected = [Outcome.CHOSEN, Outcome.RESERVE, Outcome.NOT_CHOSEN][place.place - 1]
                assert found.outcome == expected

    def test_is_none_for_somebody_who_is_not_on_the_roster(self, stage: Stage) -> None:
        stage.frozen()

        assert queries.standing(stage.draw, "无此学校") is None


class TestVisible:
    def test_ends_where_the_scope_ends(self, stage: Stage) -> None:
        neighbour = make_unit("第二小学", parent=stage.root, kind="PRIMARY")
        other = actor(seat(Role.OFFICE, neighbour))
        mine = actor(seat(Role.OFFICE, stage.school))
        row = stage.prepared(unit=stage.school)

        assert [queries.visible(one).filter(pk=row.pk).exists() for one in (other, mine, stage.organiser)] == [
            False,
            True,
            True,
        ]

    def test_subjects_are_found_by_organisers_alone(self, stage: Stage) -> None:
        found = subjects.find(stage.organiser, "ceremony", stage.row.pk)

        assert (found.title, found.may_attach) == (stage.row.title, True)
        for one in (None, stage.actor("principal"), stage.actor("区教育局")):
            assert subjects.find(one, "ceremony", stage.row.pk) is None
        assert subjects.find(stage.organiser, "ceremony", "x") is None


class TestPartOf:
    def test_is_the_holders_alone_and_only_once_frozen(self, stage: Stage) -> None:
        assert queries.part_of(stage.actor("区教育局"), stage.row.pk) is None
        stage.frozen()

        assert queries.part_of(stage.actor("区教育局"), stage.row.pk) == stage.party("区教育局")
        assert queries.part_of(stage.organiser, stage.row.pk) is None


class TestNamesDrawn:
    def test_are_those_of_people_drawn_or_in_reserve_in_one_query(self, stage: Stage) -> None:
        people = stage.with_roster("EXPERTS", PEOPLE, "1，1")
        stage.drawn()
        draws = queries.draws(stage.row)

        with CaptureQueriesContext(connection) as captured:
            found = queries.names_drawn(draws)

        assert len(found) == 2
        assert {key for key, _number in found} == {people.pk}
        assert set(found.values()) < set(PEOPLE.split())
        assert len(captured) == 1
