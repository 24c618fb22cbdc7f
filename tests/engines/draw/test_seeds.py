"""Commitments, reveals, and the rule for whoever does not reveal."""

import hashlib
import unicodedata

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.engines import draw
from tests.engines.draw.rosters import PARTIES, content, inputs, nonce

# One spelling each: normalised as a page normalises what a party types.
WORDS = st.text(st.characters(exclude_categories=["C", "Z", "M"]), min_size=1, max_size=20).map(
    lambda word: unicodedata.normalize("NFC", word)
)


def seed_of(roster: draw.Roster, given_inputs: draw.Inputs) -> draw.Seed:
    return draw.seed_of(
        roster, commitments=given_inputs.commitments, reveals=given_inputs.reveals, public=given_inputs.public
    )


class TestCommitment:
    def test_is_the_hash_of_contribution_and_nonce(self) -> None:
        assert draw.commitment("愿公平", b"\1" * 32) == hashlib.sha256("愿公平".encode() + b"\1" * 32).digest()

    @pytest.mark.parametrize("length", [0, 31, 33])
    def test_needs_a_nonce_of_32_bytes(self, length: int) -> None:
        with pytest.raises(draw.BadShape):
            draw.commitment("愿公平", bytes(length))

    @pytest.mark.parametrize("text", ["", " a", "e\u0301", "a\u200b"])
    def test_refuses_a_contribution_with_two_spellings(self, text: str) -> None:
        with pytest.raises(draw.DrawError):
            draw.commitment(text, bytes(32))


class TestVerifyReveal:
    def test_accepts_what_was_committed_to(self) -> None:
        draw.verify_reveal(draw.commitment("愿公平", nonce("a")), "愿公平", nonce("a"))

    @pytest.mark.parametrize(("text", "secret"), [("愿公正", "a"), ("愿公平", "b")])
    def test_refuses_anything_else(self, text: str, secret: str) -> None:
        with pytest.raises(draw.BadReveal):
            draw.verify_reveal(draw.commitment("愿公平", nonce("a")), text, nonce(secret))


class TestSeed:
    def test_is_the_hash_the_reference_describes(self) -> None:
        roster, everybody = draw.freeze(content()), inputs()
        hashed = b"qingqu/seed/v1" + roster.draw_id.encode()
        hashed += hashlib.sha256(rfc8785.dumps(roster.as_json())).digest()
        for name in PARTIES:
            value = f"{name}祝抽签公平".encode() + nonce(name)
            hashed += len(value).to_bytes(4, "big") + value
        hashed += (20).to_bytes(4, "big") + b"35162442631553126415"

        assert seed_of(roster, everybody) == draw.Seed(hashlib.sha256(hashed).digest(), ())

    @settings(deadline=None)
    @given(st.lists(WORDS, min_size=2, max_size=2, unique=True))
    def test_changes_with_a_single_contribution(self, words: list[str]) -> None:
        roster = draw.freeze(content())
        seeds = set()
        for word in words:
            given_inputs = inputs()
            commitments = {**given_inputs.commitments, "学校": draw.commitment(word, nonce("学校"))}
            reveals = {**given_inputs.reveals, "学校": draw.Reveal(word, nonce("学校"))}
            seeds.add(seed_of(roster, inputs(commitments=commitments, reveals=reveals)).value)

        assert len(seeds) == 2

    def test_does_not_let_one_value_flow_into_the_next(self) -> None:
        assert draw.seed_bytes("a", bytes(32), [b"xy", b"z"]) != draw.seed_bytes("a", bytes(32), [b"x", b"yz"])
        assert draw.seed_bytes("a", bytes(32), [b"", b"x"]) != draw.seed_bytes("a", bytes(32), [b"x", b""])


class TestAPartyThatDoesNotReveal:
    def test_is_named_and_contributes_nothing(self) -> None:
        roster = draw.freeze(content())
        found = seed_of(roster, inputs(silent=("家长代表",)))
        values = [f"{name}祝抽签公平".encode() + nonce(name) for name in PARTIES[:2]]

        assert found.missing == ("家长代表",)
        assert found.value == draw.seed_bytes(
            roster.draw_id, bytes.fromhex(roster.digest), [*values, b"", b"35162442631553126415"]
        )

    def test_gives_another_seed_than_if_it_had(self) -> None:
        roster = draw.freeze(content())

        assert seed_of(roster, inputs(silent=("学校",))).value != seed_of(roster, inputs()).value

    def test_is_told_apart_from_another_that_does_not(self) -> None:
        roster = draw.freeze(content())
        same = {"学校": draw.Reveal("同", nonce("x")), "家长代表": draw.Reveal("同", nonce("x"))}
        seeds = {
            seed_of(
                roster,
                inputs(commitments={name: draw.commitment(reveal.contribution, reveal.nonce)}, reveals={name: reveal}),
            ).value
            for name, reveal in same.items()
        }

        assert len(seeds) == 2

    def test_may_never_have_committed(self) -> None:
        roster = draw.freeze(content())
        found = seed_of(roster, inputs(silent=PARTIES, commitments={}))

        assert found.missing == PARTIES

    def test_stops_a_draw_without_a_public_source(self) -> None:
        roster = draw.freeze(content(sources=[{"id": name, "kind": "PARTY"} for name in PARTIES]))

        assert seed_of(roster, inputs(public={})).missing == ()
        with pytest.raises(draw.NoLateSource, match="家长代表"):
            seed_of(roster, inputs(silent=("家长代表",), public={}))


class TestASeedIsRefused:
    def test_when_a_reveal_has_no_commitment(self) -> None:
        with pytest.raises(draw.BadReveal, match=r"reveals\.区教育局"):
            seed_of(draw.freeze(content()), inputs(commitments={}))

    def test_when_a_reveal_is_not_what_was_committed_to(self) -> None:
        reveals = {**inputs().reveals, "学校": draw.Reveal("另一句话", nonce("学校"))}
        with pytest.raises(draw.BadReveal, match=r"reveals\.学校"):
            seed_of(draw.freeze(content()), inputs(reveals=reveals))

    def test_when_somebody_else_commits(self) -> None:
        with pytest.raises(draw.BadCommitment, match=r"commitments\.路人"):
            seed_of(draw.freeze(content()), inputs(commitments={"路人": bytes(32)}, reveals={}))

    def test_when_one_party_copies_another(self) -> None:
        copied = {**inputs().commitments, "学校": inputs().commitments["区教育局"]}
        with pytest.raises(draw.BadCommitment, match=r"commitments\.学校"):
            seed_of(draw.freeze(content()), inputs(commitments=copied, silent=("学校",)))

    def test_when_a_public_source_is_missing(self) -> None:
        with pytest.raises(draw.BadSourceValue, match=r"public\.骰子"):
            seed_of(draw.freeze(content()), inputs(public={}))

    def test_when_a_public_source_was_not_fixed_before(self) -> None:
        with pytest.raises(draw.BadShape, match=r"public\.硬币"):
            seed_of(draw.freeze(content()), inputs(public={**inputs().public, "硬币": "1"}))
