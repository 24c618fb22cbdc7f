"""What may become of a flag, and how often an indicator was right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.pillars.audit.rules import TRANSITIONS, may_become, precision
from qingqu.pillars.audit.types import FlagState

OPEN, EXPLAINED, DISMISSED, LEAD = FlagState


class TestMayBecome:
    @pytest.mark.parametrize("outcome", [EXPLAINED, DISMISSED, LEAD])
    def test_lets_an_open_flag_be_decided(self, outcome: FlagState) -> None:
        assert may_become(OPEN, outcome)

    @pytest.mark.parametrize("decided", [EXPLAINED, DISMISSED])
    def test_lets_a_decided_flag_be_opened_again_only(self, decided: FlagState) -> None:
        assert [state for state in FlagState if may_become(decided, state)] == [OPEN]

    @given(st.sampled_from(FlagState))
    def test_never_lets_a_lead_be_anything_else(self, wanted: FlagState) -> None:
        assert not may_become(LEAD, wanted)

    def test_knows_every_state(self) -> None:
        assert set(TRANSITIONS) == set(FlagState)


class TestPrecision:
    @pytest.mark.parametrize(
        ("lead", "explained", "dismissed", "share"),
        [(0, 0, 0, None), (1, 0, 0, 1.0), (0, 1, 0, 0.0), (0, 0, 1, 0.0), (3, 1, 0, 0.75), (1, 1, 2, 0.25)],
    )
    def test_is_the_share_of_leads_among_the_decided(
        self, lead: int, explained: int, dismissed: int, share: float | None
    ) -> None:
        assert precision(lead=lead, explained=explained, dismissed=dismissed) == share

    @given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
    def test_is_a_share_and_falls_with_every_innocent_flag(self, lead: int, explained: int, dismissed: int) -> None:
        found = precision(lead=lead, explained=explained, dismissed=dismissed)
        one_more = precision(lead=lead, explained=explained, dismissed=dismissed + 1)

        assert one_more is not None
        assert found is None or (0 <= one_more <= found <= 1)
