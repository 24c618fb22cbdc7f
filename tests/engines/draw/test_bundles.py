"""A bundle is read strictly, replayed, and gives away whatever was changed in it."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.engines import draw
from qingqu.engines.draw import beacons
from tests.engines.draw.rosters import PARTIES, bundle, content, inputs, nonce, vectors

RECUSAL = draw.Recusal("高风险", "S001", "督查组长的亲属在该校任职")


def finished() -> draw.Bundle:
    """One party silent, one school recused, a receipt of the log."""
    made = bundle(silent=("家长代表",), recusals=(RECUSAL,))
    return draw.Bundle(made.roster, made.inputs, made.result, {"frozen": "c2sp.org/tlog-proof@v1\n"})


def as_json() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(draw.write_bundle(finished()))
    return read


class TestDraw:
    def test_gives_a_result_that_names_everything(self) -> None:
        result = finished().result

        assert result["missing"] == ["家长代表"]
        assert result["strata"]["高风险"]["skipped"] == ["S001"]
        assert "S001" not in result["strata"]["高风险"]["chosen"]
        assert len(result["strata"]["高风险"]["chosen"]) == 2
        assert len(result["strata"]["Ａ类"]["chosen"]) == 1
        assert set(result["inputs"]) == {"commitments", "frozen", "public", "recusals", "reveals"}

    def test_agrees_with_its_parts(self) -> None:
        made = bundle()
        found = draw.seed_of(
            made.roster, commitments=made.inputs.commitments, reveals=made.inputs.reveals, public=made.inputs.public
        )
        order = draw.in_order(found.value, made.roster.draw_id, "高风险", made.roster.strata["高风险"])

        assert made.result["seed"] == found.value.hex()
        assert made.result["strata"]["高风险"] == {"chosen": order[:2], "reserves": order[2:3], "skipped": []}

    def test_does_not_depend_on_the_order_in_which_anything_was_written(self) -> None:
        turned = content(strata={name: ids[::-1] for name, ids in reversed(content()["strata"].items())})
        given_inputs = inputs()
        other = draw.Inputs(
            commitments=dict(reversed(given_inputs.commitments.items())),
            reveals=dict(reversed(given_inputs.reveals.items())),
            public=given_inputs.public,
        )

        assert draw.encode_result(draw.draw(draw.freeze(turned), other).result) == draw.encode_result(bundle().result)

    def test_is_refused_for_somebody_recused_twice(self) -> None:
        twice = {"recusals": [RECUSAL.as_json(), RECUSAL.as_json()]}

        with pytest.raises(draw.Duplicate, match=r"recusals\[1\]"):
            draw.read_inputs(twice)


class TestReadBundle:
    def test_gives_back_what_was_written(self) -> None:
        assert draw.read_bundle(draw.write_bundle(finished())) == finished()

    @pytest.mark.parametrize("key", ["format", "frozen", "commitments", "reveals", "public", "recusals", "result"])
    def test_needs_every_part(self, key: str) -> None:
        with pytest.raises(draw.BadShape, match=key):
            draw.read_bundle({name: value for name, value in as_json().items() if name != key})

    @pytest.mark.parametrize(
        ("changes", "place"),
        [
            ({"format": "qingqu/draw-bundle/v2"}, "format"),
            ({"extra": 1}, "extra"),
            ({"commitments": []}, "commitments"),
            ({"commitments": {"学校": "00"}}, "commitments.学校"),
            ({"commitments": {"学校": "A" * 64}}, "commitments.学校"),
            ({"reveals": {"学校": {"contribution": "甲"}}}, "reveals.学校.nonce"),
            ({"reveals": {"学校": {"contribution": "甲", "nonce": 7}}}, "reveals.学校.nonce"),
            ({"recusals": {}}, "recusals"),
            ({"recusals": [{"stratum": "甲", "id": "乙"}]}, "recusals[0].reason"),
            ({"result": []}, "result"),
            ({"receipts": {"frozen": 1}}, "receipts.frozen"),
        ],
    )
    def test_names_the_place_of_what_is_wrong(self, changes: dict[str, Any], place: str) -> None:
        with pytest.raises(draw.DrawError) as refused:
            draw.read_bundle({**as_json(), **changes})

        assert refused.value.place == place


class TestReplay:
    def test_finds_the_same(self) -> None:
        found = draw.replay(draw.write_bundle(finished()), roster_sha256=finished().roster.digest)

        assert found.is_same
        assert found.codes == ("SAME", "RECEIPTS_NOT_CHECKED")
        assert found.recomputed == finished().result
        assert found.differences == ()

    def test_names_the_reason_that_was_reworded(self) -> None:
        changed = as_json()
        changed["recusals"][0]["reason"] += "。"

        found = draw.replay(changed)

        assert found.codes[0] == "RESULT_DIFFERS"
        assert [each.place for each in found.differences] == ["result.inputs.recusals"]

    def test_names_the_place_that_was_exchanged(self) -> None:
        changed = as_json()
        chosen = changed["result"]["strata"]["高风险"]["chosen"]
        chosen[1] = "S001"

        found = draw.replay(changed)

        assert [each.place for each in found.differences] == ["result.strata.高风险.chosen[1]"]
        assert found.differences[0].published == "S001"

    def test_refuses_a_reveal_that_was_changed(self) -> None:
        changed = as_json()
        changed["reveals"]["学校"]["contribution"] = "学校祝抽签公正"

        found = draw.replay(changed)

        assert (found.verdict, found.codes, found.recomputed) == ("REFUSED", ("DRAW_BAD_REVEAL",), None)
        assert found.refusal is not None
        assert found.refusal.place == "reveals.学校"
        assert found.as_json()["refusal"]["code"] == "DRAW_BAD_REVEAL"

    def test_notices_that_roster_and_result_were_exchanged_together(self) -> None:
        published = draw.freeze(content()).digest
        other = content(strata={"高风险": ["S001", "S002", "S004"], "Ａ类": ["S011", "S010", "S012"]})
        forged = draw.draw(draw.freeze(other), inputs())

        assert draw.replay(forged).is_same
        found = draw.replay(forged, roster_sha256=published)
        assert found.verdict == "DIFFERENT"
        assert found.codes == ("ROSTER_DIFFERS",)

    def test_notices_that_somebody_was_added_after_the_draw(self) -> None:
        changed = as_json()
        changed["frozen"]["strata"]["Ａ类"].append("S013")

        places = [each.place for each in draw.replay(changed).differences]

        assert "result.inputs.frozen" in places
        assert "result.seed" in places

    def test_tells_one_kind_of_value_from_another(self) -> None:
        changed = as_json()
        changed["result"]["v"] = True

        assert [each.place for each in draw.replay(changed).differences] == ["result.v"]

    @pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{}", b'"x"', b"\xff", b"[" * 100_000])
    def test_refuses_what_is_no_bundle(self, raw: bytes) -> None:
        assert draw.replay(raw).verdict == "REFUSED"


def bits_of_everything() -> st.SearchStrategy[tuple[int, int]]:
    # The receipts are checked by the log, not by the draw: they stand at the end of no digest.
    raw = draw.write_bundle(bundle(silent=("家长代表",), recusals=(RECUSAL,)))
    return st.tuples(st.integers(0, len(raw) - 1), st.integers(0, 7))


class TestOneBitOfABundle:
    @settings(max_examples=400, deadline=None)
    @given(bits_of_everything())
    def test_is_never_changed_unseen(self, where: tuple[int, int]) -> None:
        raw = bytearray(draw.write_bundle(bundle(silent=("家长代表",), recusals=(RECUSAL,))))
        before = json.loads(raw)
        raw[where[0]] ^= 1 << where[1]

        found = draw.replay(bytes(raw))

        try:
            is_another = json.loads(raw) != before
        except ValueError:
            is_another = True
        # A bit of the white space between values may turn a space into nothing that counts.
        assert found.is_same is not is_another
        assert bool(found.differences or found.refusal) is is_another


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def paths(value: Any, *before: Any) -> list[tuple[Any, ...]]:
    """The way to every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before, *(found for key, each in inner for found in paths(each, *before, key))]


class TestAnyOtherValueInABundle:
    @settings(max_examples=300, deadline=None)
    @given(st.data(), JSON)
    def test_is_answered_and_never_breaks_the_replay(self, chosen, other) -> None:
        changed = as_json()
        *way, last = chosen.draw(st.sampled_from([path for path in paths(changed) if path]))
        inside = changed
        for key in way:
            inside = inside[key]
        is_same = type(inside[last]) is type(other) and inside[last] == other
        inside[last] = other

        for found in (draw.replay(changed), draw.replay(json.dumps(changed))):
            # Receipts may say anything: they are no part of the draw.
            assert found.is_same is is_same or "receipts" in (*way, last)
            json.dumps(found.as_json(), ensure_ascii=False)

    @pytest.mark.parametrize("depth", [100, 900, 990, 2_000, 100_000])
    def test_is_answered_however_deep_it_goes(self, depth: int) -> None:
        raw = draw.write_bundle(finished()).decode()
        at = raw.rindex('"v": 1')
        deep = raw[:at] + '"v": ' + "[" * depth + "]" * depth + raw[at + 6 :]

        assert not draw.replay(deep).is_same

    def test_with_half_a_letter_is_refused(self) -> None:
        raw = draw.write_bundle(finished()).decode().replace('"draw_id": "', '"draw_id": "\\ud800')

        assert draw.replay(raw).codes == ("DRAW_BAD_FILE",)


class TestADrawWithABeacon:
    def made(self) -> tuple[draw.Roster, draw.Inputs]:
        given_beacon = vectors("drand_quicknet.json")
        at = draw.published_at(given_beacon["round"])
        roster = draw.freeze(
            content(
                sources=[
                    {"id": "区教育局", "kind": "PARTY"},
                    {
                        "id": "drand",
                        "kind": "DRAND",
                        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                        "round": given_beacon["round"],
                    },
                ],
                deadlines={"commit_by": "2023-09-01T00:00:00Z", "reveal_by": "2023-09-02T00:00:00Z"},
            )
        )
        value = f"{given_beacon['round']}:{given_beacon['randomness']}:{given_beacon['signature']}"
        name = PARTIES[0]
        committed = {name: draw.commitment("公平", nonce(name))}
        return roster, draw.Inputs(committed, {name: draw.Reveal("公平", nonce(name))}, {"drand": value})

    def test_says_that_the_beacon_was_verified(self) -> None:
        pytest.importorskip(beacons.LIBRARY, reason="py-arkworks-bls12381 is not installed: no beacon is verified")

        assert draw.replay(draw.draw(*self.made())).codes == ("SAME", "BEACON_VERIFIED")

    def test_says_that_the_beacon_was_not_verified(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(beacons, "LIBRARY", "no_such_library_is_installed")

        assert draw.replay(draw.draw(*self.made())).codes == ("SAME", "BEACON_NOT_CHECKED")

    def test_is_refused_with_a_forged_beacon(self) -> None:
        pytest.importorskip(beacons.LIBRARY, reason="py-arkworks-bls12381 is not installed: no beacon is verified")
        roster, given_inputs = self.made()
        number, _randomness, _signature = given_inputs.public["drand"].split(":")
        forged = bytes([0x80]) + bytes(47)
        value = f"{number}:{hashlib.sha256(forged).hexdigest()}:{forged.hex()}"

        with pytest.raises(draw.BadBeacon):
            draw.draw(roster, draw.Inputs(given_inputs.commitments, given_inputs.reveals, {"drand": value}))
