"""Local values, rights and reach as pure decisions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.org import rules
from qingqu.kernel.org.types import Actor, Grant, Right, Role
from tests.factories import AT

PATHS = st.sampled_from(["/1/", "/1/2/", "/1/2/3/", "/1/4/", "/12/", "/12/2/"])
GRANTS = st.lists(
    st.builds(Grant, st.integers(1, 9), st.just("岗"), st.sampled_from(Role), st.integers(1, 9), PATHS), max_size=5
)


def holding(grants: list[Grant]) -> Actor:
    """Somebody with these posts."""
    return Actor(1, "某", AT, date(2026, 9, 24), tuple(grants))


NUMBERS = sorted(key for key, shape in rules.SETTINGS.items() if shape != "TEXT")


class TestFits:
    @pytest.mark.parametrize(
        ("key", "value", "fits"),
        [
            ("ethics.veto_years", "0", True),
            ("ethics.veto_years", " 5 ", True),
            ("ethics.veto_years", "-1", False),
            ("ethics.veto_years", "1.5", False),
            ("ethics.veto_years", "\u0665", False),
            ("ethics.veto_years", "", False),
            ("procurement.goods_limit_fen", "40000000", True),
            ("procurement.goods_limit_fen", "40万", False),
            ("calendar.day_off", "校庆", True),
            ("calendar.day_off", " \t", False),
        ],
    )
    def test_knows_numbers_amounts_and_texts(self, key: str, value: str, fits: bool) -> None:
        assert rules.fits(key, value) is fits

    @given(st.sampled_from(NUMBERS), st.text(max_size=12))
    def test_takes_only_what_reads_as_a_whole_number_without_a_sign(self, key: str, value: str) -> None:
        if rules.fits(key, value):
            assert int(value) >= 0


class TestRights:
    @given(GRANTS, st.sampled_from(Right), PATHS)
    def test_held_in_a_unit_are_held_below_it_and_never_above_it(
        self, grants: list[Grant], right: Right, path: str
    ) -> None:
        actor = holding(grants)
        expected = any(right in rules.RIGHTS[grant.role] and path.startswith(grant.unit_path) for grant in grants)

        assert rules.may_in(actor, right, path) is expected
        if expected:
            assert rules.may(actor, right)
            assert rules.may_in(actor, right, f"{path}99/")

    @given(GRANTS)
    def test_reach_names_every_right_held_somewhere_and_no_other(self, grants: list[Grant]) -> None:
        actor = holding(grants)

        assert set(rules.reach(actor)) == {str(right) for right in Right if rules.may(actor, right)}
        assert all(paths for paths in rules.reach(actor).values())

    def test_of_a_unit_whose_number_begins_alike_are_another_units(self) -> None:
        actor = holding([Grant(1, "岗", Role.LEADER, 1, "/1/")])

        assert not rules.may_in(actor, Right.VIEW_UNIT, "/12/")

    def test_of_the_administrator_are_administration_alone(self) -> None:
        assert rules.RIGHTS[Role.ADMINISTRATOR] == {Right.ADMINISTER}
        assert not any(
            Right.ADMINISTER in held for role, held in rules.RIGHTS.items() if role is not Role.ADMINISTRATOR
        )

    def test_to_draft_and_to_publish_never_come_with_one_post(self) -> None:
        assert not any({Right.DRAFT_PUBLICATIONS, Right.PUBLISH} <= held for held in rules.RIGHTS.values())
