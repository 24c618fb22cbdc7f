"""Commitments hide what is not shown and hold what is."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.ledger import rules
from qingqu.kernel.ledger.models import Event
from tests.factories import AT

SALT = bytes(range(32))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.dictionaries(st.text(min_size=1, max_size=12), VALUES, min_size=1, max_size=6)
ALGORITHMS = st.sampled_from(["hmac-sha256", "hmac-sm3"])


class TestCanonicalJson:
    @given(VALUES)
    def test_is_what_rfc_8785_says(self, value: object) -> None:
        canonical = rules.canonical(value)
        assert rules.jcs(canonical) == rfc8785.dumps(canonical)

    def test_sorts_names_beyond_the_basic_plane_as_rfc_8785_does(self) -> None:
        assert rules.jcs({"\U00020bb7": 1, "\uff61": 2}) == rfc8785.dumps({"\U00020bb7": 1, "\uff61": 2})

    def test_writes_one_text_one_way(self) -> None:
        assert rules.canonical("e\u0301") == rules.canonical("\u00e9")

    def test_writes_a_moment_the_same_in_every_zone(self) -> None:
        at = datetime(2026, 9, 24, 16, 0, 0, 5, tzinfo=UTC)
        assert (
            rules.moment(at)
            == rules.moment(at.astimezone(timezone(timedelta(hours=8))))
            == "2026-09-24T16:00:00.000005Z"
        )


class TestOpening:
    @given(FIELDS, ALGORITHMS, st.data())
    def test_opens_to_the_commitment_whatever_is_shown(
        self, fields: dict[str, object], algorithm: str, draw: st.DataObject
    ) -> None:
        shown = draw.draw(st.frozensets(st.sampled_from(sorted(fields))))
        opening = json.loads(json.dumps(rules.opening(fields, shown, SALT, algorithm)))
        opened = rules.opened(opening)
        assert opened.commitment == rules.joined(rules.commitments(fields, SALT, algorithm))
        assert set(opened.fields) == shown

    def test_says_nothing_of_what_it_hides(self) -> None:
        opening = rules.opening({"number": "GK-1", "secret": "王某"}, frozenset({"number"}), SALT, "hmac-sha256")
        assert "王某" not in json.dumps(opening, ensure_ascii=False)
        assert rules.field_salt(SALT, "secret", "hmac-sha256").hex() not in json.dumps(opening)

    @pytest.mark.parametrize("change", ["value", "salt", "hidden", "name"])
    def test_comes_to_another_commitment_when_anything_is_changed(self, change: str) -> None:
        opening = rules.opening({"a": 1, "b": 2}, frozenset({"a"}), SALT, "hmac-sha256")
        before = rules.opened(opening).commitment
        if change == "value":
            opening["fields"]["a"]["value"] = 2
        elif change == "salt":
            opening["fields"]["a"]["salt"] = "00" * 32
        elif change == "hidden":
            opening["hidden"]["b"] = "00" * 32
        else:
            opening["fields"]["c"] = opening["fields"].pop("a")
        assert rules.opened(opening).commitment != before

    @pytest.mark.parametrize(
        "broken",
        [{}, {"salted": "md5", "fields": {}, "hidden": {}}, {"salted": "hmac-sha256", "fields": [], "hidden": {}}],
    )
    def test_is_refused_when_it_is_none(self, broken: dict[str, object]) -> None:
        with pytest.raises(rules.BadOpening):
            rules.opened({"fields": {"a": {"salt": "zz", "value": 1}}, **broken})

    def test_is_refused_when_a_hidden_commitment_stands_behind_a_shown_lie(self) -> None:
        given = rules.opening({"sum": 1, "other": 2}, frozenset({"sum"}), b"s" * 32, "hmac-sha256")
        real = rules.commitments({"sum": 1}, b"s" * 32, "hmac-sha256")["sum"]
        given["fields"]["sum"]["value"] = 9
        given["hidden"]["sum"] = real
        with pytest.raises(rules.BadOpening):
            rules.opened(given)


class TestLeaf:
    @pytest.mark.parametrize("is_public", [True, False])
    @pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3"])
    def test_is_canonical_json_over_the_commitment_of_all_fields(self, is_public: bool, algorithm: str) -> None:
        event = Event(id=1, kind="lead.opened", at=AT, subject_kind="lead", subject_id="7", payload={"甲": "乙"}, seq=1)
        made = rules.leaf_of(event, "ab", salt=SALT, is_public=is_public, algorithm=algorithm)
        committed = rules.commitments(rules.fields(event, "ab", is_public=is_public), SALT, algorithm)
        assert rfc8785.dumps(json.loads(made)) == made
        assert json.loads(made)["c"] == rules.joined(committed)

    def test_holds_neither_name_nor_id(self) -> None:
        leaf = json.loads(rules.leaf(kind="record", ts="2026-09-24", commitment="00" * 32, algorithm="hmac-sha256"))
        assert set(leaf) == {"v", "type", "ts", "c", "salted"}
