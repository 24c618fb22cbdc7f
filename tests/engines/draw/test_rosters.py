"""What may be frozen, and that freezing leaves one form only."""

import hashlib
import json
import random

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.engines import draw
from tests.engines.draw.rosters import content

PARTY = {"id": "区教育局", "kind": "PARTY"}
AT = "2026-09-03T02:00:00Z"
DICE = {"id": "骰子", "kind": "DICE", "at": AT, "throws": 20}


class TestFreeze:
    def test_gives_the_canonical_json_and_its_digest(self) -> None:
        roster = draw.freeze(content())

        assert roster.encoded == rfc8785.dumps(json.loads(roster.encoded))
        assert roster.digest == hashlib.sha256(roster.encoded).hexdigest()

    def test_sorts_entries_so_that_nobodys_place_in_a_list_matters(self) -> None:
        assert draw.freeze(content()).strata["高风险"] == ("S001", "S002", "S003", "𠮷田小学")

    def test_fills_in_what_may_be_left_out(self) -> None:
        roster = draw.freeze(content())

        assert roster.reserves == {"高风险": 1, "Ａ类": 0}
        assert roster.algorithm == "ticket-hmac-sha256/v1"

    @settings(deadline=None)
    @given(st.randoms(use_true_random=False))
    def test_gives_the_same_digest_for_any_order_of_entries_and_keys(self, chance: random.Random) -> None:
        written = content()
        strata = [(stratum, chance.sample(ids, len(ids))) for stratum, ids in written["strata"].items()]
        chance.shuffle(strata)
        keys = list(written.items())
        chance.shuffle(keys)

        assert draw.freeze({**dict(keys), "strata": dict(strata)}).digest == draw.freeze(written).digest

    def test_keeps_the_order_of_sources(self) -> None:
        written = content()
        turned = content(sources=written["sources"][::-1])

        assert draw.freeze(turned).digest != draw.freeze(written).digest

    def test_accepts_private_use_letters_of_rare_names(self) -> None:
        assert draw.freeze(content(strata={"一": ["\ue123某"]}, quotas={"一": 1}, reserves={}))

    def test_accepts_a_usual_space_between_words(self) -> None:
        assert draw.freeze(content(strata={"一": ["QY-1 一小", "一　小"]}, quotas={"一": 1}, reserves={}))


def strata(*ids: object) -> dict[str, object]:
    return {"strata": {"一": list(ids)}, "quotas": {"一": 1}, "reserves": {}}


BAD = {
    "twice": (strata("a", "b", "a"), draw.Duplicate, "roster.strata.一[2]"),
    "twice in two strata": (
        {"strata": {"一": ["a"], "二": ["b", "a"]}, "quotas": {"一": 1, "二": 1}, "reserves": {}},
        draw.Duplicate,
        "roster.strata.二[1]",
    ),
    "an empty id": (strata("a", ""), draw.Empty, "roster.strata.一[1]"),
    "an empty stratum": (strata(), draw.Empty, "roster.strata.一"),
    "no stratum": ({"strata": {}, "quotas": {}, "reserves": {}}, draw.Empty, "roster.strata"),
    "a control character": (strata("a\u0007"), draw.BadText, "roster.strata.一[0]"),
    "a zero character": (strata("a\0b"), draw.BadText, "roster.strata.一[0]"),
    "a line break": (strata("a\nb"), draw.BadText, "roster.strata.一[0]"),
    "a zero-width space": (strata("a\u200bb"), draw.BadText, "roster.strata.一[0]"),
    "a turn of direction": (strata("a\u202eb"), draw.BadText, "roster.strata.一[0]"),
    "a variation selector": (strata("甲\ufe00"), draw.BadText, "roster.strata.一[0]"),
    "an ideographic variation": (strata("甲\U000e0100"), draw.BadText, "roster.strata.一[0]"),
    "a filler": (strata("a\u3164"), draw.BadText, "roster.strata.一[0]"),
    "a joiner of marks": (strata("a\u034f"), draw.BadText, "roster.strata.一[0]"),
    "a space that does not break": (strata("a\u00a0b"), draw.BadText, "roster.strata.一[0]"),
    "half a letter": (strata("a\ud800"), draw.BadText, "roster.strata.一[0]"),
    "a space at the end": (strata("a "), draw.BadText, "roster.strata.一[0]"),
    "a wide space in front": (strata("\u3000甲"), draw.BadText, "roster.strata.一[0]"),
    "another normal form": (strata("e\u0301"), draw.BadText, "roster.strata.一[0]"),
    "an endless id": (strata("a" * 201), draw.BadText, "roster.strata.一[0]"),
    "a number for an id": (strata("a", 7), draw.BadShape, "roster.strata.一[1]"),
    "a text for a list": ({"strata": {"一": "abc"}}, draw.BadShape, "roster.strata.一"),
    "another form in a stratum": ({"strata": {"e\u0301": ["a"]}}, draw.BadText, "roster.strata"),
    "another form in the draw": ({"draw_id": "e\u0301"}, draw.BadText, "roster.draw_id"),
    "more than there are": ({"quotas": {"高风险": 5, "Ａ类": 1}}, draw.TooMany, "roster.quotas.高风险"),
    "more reserves than rest": ({"reserves": {"高风险": 3}}, draw.TooMany, "roster.reserves.高风险"),
    "nobody": ({"quotas": {"高风险": 0, "Ａ类": 0}}, draw.Empty, "roster.quotas"),
    "less than nobody": ({"quotas": {"高风险": -1, "Ａ类": 1}}, draw.BadShape, "roster.quotas.高风险"),
    "a truth for a number": ({"quotas": {"高风险": True, "Ａ类": 1}}, draw.BadShape, "roster.quotas.高风险"),
    "a stratum without quota": ({"quotas": {"高风险": 1}}, draw.BadShape, "roster.quotas.Ａ类"),
    "a quota without stratum": ({"quotas": {"高风险": 1, "Ａ类": 1, "三": 1}}, draw.BadShape, "roster.quotas.三"),
    "an unknown algorithm": ({"algorithm": "md5"}, draw.UnknownAlgorithm, "roster.algorithm"),
    "a list for an algorithm": ({"algorithm": []}, draw.UnknownAlgorithm, "roster.algorithm"),
    "a list for a game": (
        {"sources": [PARTY, {"id": "x", "kind": "LOTTERY", "at": AT, "game": [], "issue": "2026101"}]},
        draw.BadShape,
        "roster.sources[1].game",
    ),
    "a list for a kind of source": ({"sources": [{"id": "x", "kind": []}]}, draw.BadShape, "roster.sources[0].kind"),
    "nothing for a kind of source": ({"sources": [{"id": "x", "kind": None}]}, draw.BadShape, "roster.sources[0].kind"),
    "a text for a source": ({"sources": ["dice"]}, draw.BadShape, "roster.sources[0]"),
    "an unknown key": ({"seed": "00"}, draw.BadShape, "roster.seed"),
    "a later version": ({"v": 2}, draw.BadShape, "roster.v"),
    "a kind in small letters": ({"kind": "schools"}, draw.BadShape, "roster.kind"),
    "no source": ({"sources": []}, draw.Empty, "roster.sources"),
    "a source twice": ({"sources": [PARTY, PARTY]}, draw.Duplicate, "roster.sources[1].id"),
    "a source of another kind": ({"sources": [{"id": "x", "kind": "MOON"}]}, draw.BadShape, "roster.sources[0].kind"),
    "a source without kind": ({"sources": [{"id": "x"}]}, draw.BadShape, "roster.sources[0].kind"),
    "a few dice alone": ({"sources": [DICE], "deadlines": {}}, draw.WeakSources, "roster.sources"),
    "too few dice": ({"sources": [PARTY, {**DICE, "throws": 4}]}, draw.BadShape, "roster.sources[1].throws"),
    "dice before the reveals end": (
        {"sources": [PARTY, {**DICE, "at": "2026-09-02T02:00:00Z"}]},
        draw.BadDeadline,
        "roster.sources[1].at",
    ),
    "a local time": (
        {"deadlines": {"commit_by": "2026-09-01T10:00:00+08:00", "reveal_by": "2026-09-02T02:00:00Z"}},
        draw.BadDeadline,
        "roster.deadlines.commit_by",
    ),
    "a day that is none": (
        {"deadlines": {"commit_by": "2026-02-30T10:00:00Z", "reveal_by": "2026-09-02T02:00:00Z"}},
        draw.BadDeadline,
        "roster.deadlines.commit_by",
    ),
    "reveals before commitments": (
        {"deadlines": {"commit_by": "2026-09-02T02:00:00Z", "reveal_by": "2026-09-02T02:00:00Z"}},
        draw.BadDeadline,
        "roster.deadlines.reveal_by",
    ),
    "parties without deadlines": ({"deadlines": {}}, draw.BadShape, "roster.deadlines.commit_by"),
}


@pytest.mark.parametrize(("changes", "error", "place"), BAD.values(), ids=BAD.keys())
class TestARosterWith:
    def test_something_wrong_is_refused_at_its_place(self, changes, error, place) -> None:
        with pytest.raises(error) as refused:
            draw.freeze(content(**changes))

        assert type(refused.value) is error
        assert refused.value.place == place
        assert refused.value.zh
        assert refused.value.en


class TestReadRoster:
    def test_gives_back_what_was_frozen(self) -> None:
        roster = draw.freeze(content())

        assert draw.read_roster(json.loads(roster.encoded)) == roster

    def test_refuses_entries_in_another_order_than_the_digest_has(self) -> None:
        frozen = draw.freeze(content()).as_json()
        frozen["strata"]["高风险"].reverse()

        with pytest.raises(draw.BadShape, match=r"frozen\.strata\.高风险"):
            draw.read_roster(frozen)

    def test_refuses_a_draft(self) -> None:
        with pytest.raises(draw.BadShape, match=r"frozen\.algorithm"):
            draw.read_roster(content())
