"""Deciding about rectifications."""

import pytest

from qingqu.pillars.rectification import rules
from qingqu.pillars.rectification.types import State


class TestTransitions:
    @pytest.mark.parametrize(
        ("state", "verbs"),
        [
            (State.ORDERED, {"plan"}),
            (State.PLANNED, {"plan", "report"}),
            (State.DONE, {"verify", "reopen"}),
            (State.REOPENED, {"plan", "report"}),
            (State.VERIFIED, {"reopen"}),
        ],
    )
    def test_allow_just_these_steps(self, state: State, verbs: set[str]) -> None:
        assert {verb for verb in ("plan", "report", "verify", "reopen") if rules.may_move(state, verb)} == verbs

    def test_lead_to_verified_by_the_re_check_only(self) -> None:
        ways = {
            (state, move.verb)
            for state, moves in rules.TRANSITIONS.items()
            for move in moves
            if move.to is State.VERIFIED
        }

        assert ways == {(State.DONE, "verify")}
