"""Deciding about leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.pillars.leads import rules
from qingqu.pillars.leads.types import Exit, Kind, State


class TestTransitions:
    @pytest.mark.parametrize(
        ("state", "verbs"),
        [
            (State.RECEIVED, {"propose"}),
            (State.PROPOSED, {"approve", "return"}),
            (State.DISPOSED, {"propose"}),
            (State.CLOSED, set()),
        ],
    )
    def test_allow_just_these_steps(self, state: State, verbs: set[str]) -> None:
        assert {verb for verb in ("propose", "approve", "return", "close") if rules.may_move(state, verb)} == verbs

    def test_lead_to_closed_by_approval_only(self) -> None:
        ways = {
            (state, move.verb)
            for state, moves in rules.TRANSITIONS.items()
            for move in moves
            if move.to is State.CLOSED
        }

        assert ways == {(State.PROPOSED, "approve")}

    def test_cover_what_follows_each_kind(self) -> None:
        reached = {move.to for move in rules.TRANSITIONS[State.PROPOSED] if move.verb == "approve"}

        assert {rules.after_approval(kind) for kind in Kind} == reached


class TestWaysOut:
    @pytest.mark.parametrize(
        ("previous", "kinds"),
        [
            (None, {"TALK", "VERIFY", "HOLD", "SETTLE"}),
            ("TALK", {"TALK", "VERIFY", "SETTLE"}),
            ("VERIFY", {"HOLD", "SETTLE"}),
            ("HOLD", {"TALK", "VERIFY", "HOLD", "SETTLE"}),
            ("SETTLE", set()),
        ],
    )
    def test_lead_to_just_these_dispositions(self, previous: str | None, kinds: set[str]) -> None:
        assert set(rules.kinds_after(previous)) == kinds

    def test_are_five_after_a_talk_and_five_after_a_check(self) -> None:
        assert [len(rules.exits(kind)) for kind in ("TALK", "VERIFY")] == [5, 5]

    @pytest.mark.parametrize(
        ("previous", "kind", "given"),
        [("TALK", "HOLD", ""), ("VERIFY", "TALK", ""), ("TALK", "SETTLE", "CHECK"), (None, "TALK", "AGAIN")],
    )
    def test_refuse_what_the_list_does_not_hold(self, previous: str | None, kind: str, given: str) -> None:
        with pytest.raises(ValueError, match="no way out"):
            rules.exit_for(previous, kind, given)

    def test_take_the_first_that_leads_there_unless_one_is_named(self) -> None:
        assert rules.exit_for("VERIFY", "SETTLE") == Exit.SETTLED
        assert rules.exit_for("VERIFY", "SETTLE", "FILED") == Exit.FILED


class TestEvidenceHash:
    @given(st.dictionaries(st.text(), st.integers() | st.text() | st.lists(st.integers())))
    def test_does_not_depend_on_the_order_of_keys(self, evidence: dict[str, object]) -> None:
        turned = dict(reversed(evidence.items()))

        assert rules.evidence_hash(evidence) == rules.evidence_hash(turned)

    def test_refuses_what_json_cannot_say(self) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            rules.evidence_hash({"x": float("nan")})
