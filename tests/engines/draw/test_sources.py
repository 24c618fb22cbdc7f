"""The one spelling of every public outcome, and the round of a beacon."""

import hashlib

import pytest

from qingqu.engines import draw
from qingqu.engines.draw import beacons, sources
from tests.engines.draw.rosters import vectors

AT = "2026-09-03T02:00:00Z"


def source(**fields: object) -> draw.Source:
    return sources.read_source({"id": "源", "at": AT, **fields}, "sources[0]")


def lottery(game: str) -> draw.Source:
    return source(kind="LOTTERY", game=game, issue="2026101")


KL8 = "2026101:" + ",".join(f"{number:02d}" for number in range(1, 21))
GOOD = [
    (source(kind="DICE", throws=6), "351624"),
    (lottery("SSQ"), "2026101:01,05,12,20,28,33+07"),
    (lottery("SSQ"), "2026101:01,05,12,20,28,33+01"),
    (lottery("QLC"), "2026101:02,05,12,20,25,28,30+07"),
    (lottery("FC3D"), "2026101:4,0,4"),
    (lottery("KL8"), KL8),
]
BAD = [
    (source(kind="DICE", throws=6), "35162"),
    (source(kind="DICE", throws=6), "351627"),
    (source(kind="DICE", throws=6), "35162 4"),
    (source(kind="DICE", throws=6), "３51624"),
    (source(kind="DICE", throws=6), "351624\n"),
    (lottery("SSQ"), "2026102:01,05,12,20,28,33+07"),
    (lottery("SSQ"), "2026101:05,01,12,20,28,33+07"),
    (lottery("SSQ"), "2026101:01,01,12,20,28,33+07"),
    (lottery("SSQ"), "2026101:1,05,12,20,28,33+07"),
    (lottery("SSQ"), "2026101:01,05,12,20,28,34+07"),
    (lottery("SSQ"), "2026101:00,05,12,20,28,33+07"),
    (lottery("SSQ"), "2026101:01,05,12,20,28,33+17"),
    (lottery("SSQ"), "2026101:01,05,12,20,28,33+00"),
    (lottery("SSQ"), "2026101:01,05,12,20,28,33"),
    (lottery("SSQ"), "2026101:01,05,12,20,28+07"),
    (lottery("SSQ"), "2026101:01,05,12,20,28,33+07 "),
    (lottery("QLC"), "2026101:02,05,12,20,25,28,30+30"),
    (lottery("FC3D"), "2026101:4,0"),
    (lottery("FC3D"), "2026101:4,0,10"),
    (lottery("KL8"), KL8 + "+01"),
]


class TestCheckValue:
    @pytest.mark.parametrize(("of", "value"), GOOD)
    def test_accepts_a_possible_outcome(self, of: draw.Source, value: str) -> None:
        assert draw.check_value(of, value, "public.源") == value

    @pytest.mark.parametrize(("of", "value"), BAD)
    def test_refuses_any_other_spelling(self, of: draw.Source, value: str) -> None:
        with pytest.raises(draw.BadSourceValue) as refused:
            draw.check_value(of, value, "public.源")

        assert refused.value.place == "public.源"

    @pytest.mark.parametrize("value", [None, 351624, ["3"]])
    def test_refuses_what_is_no_text(self, value: object) -> None:
        with pytest.raises(draw.BadSourceValue):
            draw.check_value(source(kind="DICE", throws=6), value, "public.源")


class TestReadSource:
    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "LOTTERY", "game": "DLT", "issue": "2026101"},
            {"kind": "LOTTERY", "game": "SSQ", "issue": "26101"},
            {"kind": "DICE", "throws": 201},
            {"kind": "DICE", "throws": 20, "sides": 6},
            {"kind": "DICE", "throws": "20"},
        ],
    )
    def test_refuses_a_source_nobody_could_read_out(self, fields: dict[str, object]) -> None:
        with pytest.raises(draw.BadShape):
            source(**fields)

    def test_refuses_a_round_that_is_not_the_one_of_the_promised_moment(self) -> None:
        promised = draw.round_at(AT)

        assert source(kind="DRAND", round=promised).round == promised
        for other in (promised - 1, promised + 1):
            with pytest.raises(draw.BadBeacon, match=str(promised)):
                source(kind="DRAND", round=other)

    @pytest.mark.parametrize(
        ("fields", "bits"),
        [
            ({"kind": "DICE", "throws": 50}, 129.248),
            ({"kind": "LOTTERY", "game": "SSQ", "issue": "2026101"}, 24.079),
            ({"kind": "LOTTERY", "game": "FC3D", "issue": "2026101"}, 9.966),
        ],
    )
    def test_counts_the_outcomes_of_a_public_source(self, fields: dict[str, object], bits: float) -> None:
        assert source(**fields).bits == pytest.approx(bits, abs=0.001)


class TestRoundAt:
    def test_is_the_first_round_at_or_after_the_moment(self) -> None:
        # Round 1 is published at the genesis, 2023-08-23T15:09:27Z, the next every three seconds.
        assert draw.round_at("2023-08-23T15:09:27Z") == 1
        assert draw.round_at("2023-08-23T15:09:28Z") == 2
        assert draw.round_at("2023-08-23T15:09:30Z") == 2
        assert draw.round_at("2023-08-23T15:09:31Z") == 3

    def test_agrees_with_the_moment_a_round_is_published(self) -> None:
        for number in (1, 2, 657413, 40_000_000):
            at = draw.published_at(number).strftime("%Y-%m-%dT%H:%M:%SZ")
            assert draw.round_at(at) == number

    def test_refuses_a_moment_before_the_chain(self) -> None:
        with pytest.raises(draw.BadDeadline):
            draw.round_at("2023-08-23T15:09:26Z")


class TestABeacon:
    def beacon(self) -> tuple[draw.Source, str, dict[str, str]]:
        given = vectors("drand_quicknet.json")
        at = draw.published_at(given["round"]).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = {"id": "drand", "kind": "DRAND", "at": at, "round": given["round"]}
        value = f"{given['round']}:{given['randomness']}:{given['signature']}"
        return sources.read_source(fields, "sources[0]"), value, given

    def test_of_the_chain_is_accepted(self) -> None:
        of, value, _given = self.beacon()

        assert draw.check_value(of, value, "public.drand") == value

    def test_of_another_round_is_refused(self) -> None:
        of, value, given = self.beacon()

        with pytest.raises(draw.BadBeacon, match=str(given["round"])):
            draw.check_value(of, value.replace(str(given["round"]), str(given["invalid_round"])), "public.drand")

    def test_whose_randomness_is_not_the_hash_of_its_signature_is_refused(self) -> None:
        of, value, given = self.beacon()
        other = given["randomness"].replace("f", "e", 1)

        with pytest.raises(draw.BadBeacon, match="SHA-256"):
            draw.check_value(of, value.replace(given["randomness"], other), "public.drand")

    @pytest.mark.parametrize("value", ["", "657413", "657413:00:00", "0657413:" + "0" * 64 + ":" + "0" * 96])
    def test_of_another_form_is_refused(self, value: str) -> None:
        of, _value, _given = self.beacon()

        with pytest.raises(draw.BadBeacon):
            draw.check_value(of, value, "public.drand")

    def test_carries_the_signature_of_the_chain(self) -> None:
        pytest.importorskip(beacons.LIBRARY, reason="py-arkworks-bls12381 is not installed: no beacon is verified")
        _of, value, given = self.beacon()

        assert bytes.fromhex(given["public_key"]) == beacons.QUICKNET_KEY
        assert beacons.verify(value, "public.drand") == "VERIFIED"

    def test_with_another_signature_is_found_out(self) -> None:
        pytest.importorskip(beacons.LIBRARY, reason="py-arkworks-bls12381 is not installed: no beacon is verified")
        _of, _value, given = self.beacon()
        signature = bytes.fromhex(given["signature"])
        negated = bytes([signature[0] ^ 0x20]) + signature[1:]
        for forged in (negated, bytes([0xC0]) + bytes(47), b"\xff" * 48, bytes(48), signature[:-1] + b"\0"):
            randomness = hashlib.sha256(forged).hexdigest()
            with pytest.raises(draw.BadBeacon):
                beacons.verify(f"{given['round']}:{randomness}:{forged.hex()}", "public.drand")

        with pytest.raises(draw.BadBeacon):
            beacons.verify(f"{given['invalid_round']}:{given['randomness']}:{given['signature']}", "public.drand")

    def test_is_never_called_genuine_without_the_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(beacons, "LIBRARY", "no_such_library_is_installed")

        assert beacons.verify("1:00:00", "public.drand") == "NOT_CHECKED"
