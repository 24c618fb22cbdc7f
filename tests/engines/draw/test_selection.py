"""Who is chosen, who is next, and who is passed over."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.engines import draw

SEED = hashlib.sha256(b"another fixed seed").digest()
STRATA = {"甲": ["a", "b", "c", "d", "e"], "乙": ["x", "y", "z"]}


class TestSelect:
    def test_gives_the_smallest_tickets_of_every_stratum(self) -> None:
        found = draw.select(SEED, "d", STRATA, {"甲": 2, "乙": 1})

        for stratum, quota in (("甲", 2), ("乙", 1)):
            order = draw.in_order(SEED, "d", stratum, STRATA[stratum])
            assert found[stratum] == order[:quota]
            assert found[stratum].reserves == order[quota:]
            assert found[stratum].skipped == []

    def test_keeps_as_many_reserves_as_were_asked_for(self) -> None:
        found = draw.select(SEED, "d", STRATA, {"甲": 2, "乙": 1}, reserves={"甲": 1})

        assert len(found["甲"].reserves) == 1
        assert found["乙"].reserves == []

    def test_lets_the_next_move_up_for_somebody_recused(self) -> None:
        order = draw.in_order(SEED, "d", "甲", STRATA["甲"])
        found = draw.select(SEED, "d", STRATA, {"甲": 2, "乙": 1}, recused={"甲": [order[0], order[4]]})

        assert found["甲"].chosen == order[1:3]
        assert found["甲"].reserves == [order[3]]
        assert found["甲"].skipped == [order[0], order[4]]

    @settings(deadline=None)
    @given(
        st.dictionaries(st.sampled_from("甲乙丙"), st.sets(st.integers(0, 60), min_size=1), min_size=1),
        st.randoms(use_true_random=False),
    )
    def test_gives_the_same_for_any_order_of_lists_and_strata(self, numbers, chance) -> None:
        strata = {stratum: [f"S{each}" for each in sorted(found)] for stratum, found in numbers.items()}
        quotas = {stratum: chance.randint(0, len(ids)) for stratum, ids in strata.items()}
        turned = {stratum: chance.sample(strata[stratum], len(strata[stratum])) for stratum in reversed(strata)}

        first, second = (draw.select(SEED, "d", each, quotas) for each in (strata, turned))
        assert first == second
        assert all(first[each].reserves == second[each].reserves for each in strata)

    @settings(deadline=None)
    @given(st.sets(st.integers(0, 200), min_size=3, max_size=40), st.integers(201, 300))
    def test_changes_one_place_at_most_when_one_entry_is_added(self, numbers: set[int], added: int) -> None:
        ids = [f"S{each}" for each in numbers]
        before = draw.select(SEED, "d", {"s": ids}, {"s": 2})["s"]
        after = draw.select(SEED, "d", {"s": [*ids, f"S{added}"]}, {"s": 2})["s"]

        assert set(after) - set(before) <= {f"S{added}"}
        assert len(set(before) - set(after)) <= 1


class TestASelectionIsRefused:
    def test_when_recusals_leave_too_few(self) -> None:
        with pytest.raises(draw.TooMany, match=r"quotas\.乙"):
            draw.select(SEED, "d", STRATA, {"甲": 1, "乙": 3}, recused={"乙": ["x"]})

    def test_when_more_are_asked_for_than_there_are(self) -> None:
        with pytest.raises(draw.TooMany, match=r"quotas\.甲"):
            draw.select(SEED, "d", STRATA, {"甲": 6, "乙": 1})

    def test_when_less_than_nobody_is_asked_for(self) -> None:
        with pytest.raises(draw.TooMany):
            draw.select(SEED, "d", STRATA, {"甲": -1, "乙": 1})

    @pytest.mark.parametrize("quotas", [{"甲": 1}, {"甲": 1, "乙": 1, "丙": 1}])
    def test_when_quotas_and_strata_differ(self, quotas: dict[str, int]) -> None:
        with pytest.raises(draw.BadShape):
            draw.select(SEED, "d", STRATA, quotas)

    @pytest.mark.parametrize("recused", [{"甲": ["x"]}, {"丙": ["a"]}])
    def test_when_somebody_is_recused_who_is_not_there(self, recused: dict[str, list[str]]) -> None:
        with pytest.raises(draw.UnknownEntry):
            draw.select(SEED, "d", STRATA, {"甲": 1, "乙": 1}, recused=recused)

    def test_when_an_entry_stands_twice(self) -> None:
        with pytest.raises(draw.Duplicate):
            draw.select(SEED, "d", {"s": ["a", "a"]}, {"s": 1})
