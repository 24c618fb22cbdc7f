"""Tickets: one line to recompute, even over all numbers, and independent of each other."""

import hashlib
import hmac
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.engines import draw

SEED = hashlib.sha256(b"a fixed seed").digest()
IDS = st.sets(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12), min_size=1, max_size=30)
# 99.9 % points of chi-square with 49 and with 99 degrees of freedom; the seeds are fixed, so these never flicker.
CHI_SQUARE_49, CHI_SQUARE_99 = 85.35, 148.23


def chi_square(counts: list[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 for count in counts) / expected


class TestTicket:
    def test_is_one_line_of_anybodys_python(self) -> None:
        message = "draw-ticket/v1\0清源-01\0高风险\0S001".encode()

        assert draw.ticket(SEED, "清源-01", "高风险", "S001") == hmac.new(SEED, message, "sha256").digest()

    def test_has_a_variant_with_sm3(self) -> None:
        message = b"draw-ticket/v1\0d\0s\0e"
        if "sm3" not in hashlib.algorithms_available:
            pytest.skip("this computer's OpenSSL has no SM3")

        assert draw.ticket(SEED, "d", "s", "e", algorithm="ticket-hmac-sm3/v1") == hmac.digest(SEED, message, "sm3")

    def test_says_so_when_the_computer_has_no_sm3(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hashlib, "algorithms_available", {"sha256"})

        with pytest.raises(draw.UnknownAlgorithm, match="sm3"):
            draw.ticket(SEED, "d", "s", "e", algorithm="ticket-hmac-sm3/v1")

    @pytest.mark.parametrize("seed", [b"", SEED[:-1], SEED + b"x"])
    def test_needs_a_whole_seed(self, seed: bytes) -> None:
        with pytest.raises(draw.BadShape):
            draw.ticket(seed, "d", "s", "e")

    @pytest.mark.parametrize("parts", [("d\0", "s", "e"), ("d", "s\0x", "e"), ("d", "s", "\0e")])
    def test_refuses_the_character_that_separates_its_parts(self, parts: tuple[str, str, str]) -> None:
        with pytest.raises(draw.BadText):
            draw.ticket(SEED, *parts)

    def test_refuses_an_unknown_algorithm(self) -> None:
        with pytest.raises(draw.UnknownAlgorithm):
            draw.ticket(SEED, "d", "s", "e", algorithm="ticket-md5/v1")

    def test_differs_between_draws_strata_and_entries(self) -> None:
        found = {
            draw.ticket(SEED, *parts) for parts in (("d", "s", "e"), ("x", "s", "e"), ("d", "x", "e"), ("d", "s", "x"))
        }

        assert len(found) == 4

    @settings(deadline=None)
    @given(IDS, st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12))
    def test_of_everybody_stays_when_one_is_added(self, ids: set[str], added: str) -> None:
        before = draw.tickets(SEED, "d", "s", sorted(ids))
        after = draw.tickets(SEED, "d", "s", sorted(ids | {added}))

        assert {each: after[each] for each in ids} == before

    def test_of_an_entry_that_stands_twice_is_refused(self) -> None:
        with pytest.raises(draw.Duplicate):
            draw.tickets(SEED, "d", "s", ["a", "b", "a"])


class TestTicketsOfManyEntries:
    """A hundred thousand tickets of one seed, and one entry under ten thousand seeds."""

    def test_fill_fifty_equal_boxes_evenly(self) -> None:
        counts = [0] * 50
        for found in draw.tickets(SEED, "d", "s", (f"P{number:06d}" for number in range(100_000))).values():
            counts[int.from_bytes(found[:8], "big") * 50 >> 64] += 1

        assert chi_square(counts) < CHI_SQUARE_49

    def test_do_not_follow_each_other(self) -> None:
        # Pairs of neighbours in the list, each in one of ten by ten boxes: every box as likely as the other.
        found = draw.tickets(SEED, "d", "s", (f"P{number:06d}" for number in range(100_001)))
        boxes = [int.from_bytes(each[:8], "big") * 10 >> 64 for each in found.values()]
        counts = [0] * 100
        for one, other in list(pairwise(boxes))[::2]:
            counts[one * 10 + other] += 1

        assert chi_square(counts) < CHI_SQUARE_99

    def test_are_not_correlated_with_the_ones_before(self) -> None:
        found = draw.tickets(SEED, "d", "s", (f"P{number:06d}" for number in range(100_000)))
        shares = [int.from_bytes(each[:8], "big") / 2**64 - 0.5 for each in found.values()]
        lagged = sum(one * other for one, other in pairwise(shares)) / sum(share * share for share in shares)

        # Four standard errors of a serial correlation of 100,000 independent numbers.
        assert abs(lagged) < 4 / 100_000**0.5

    def test_give_every_place_in_the_list_the_same_chance(self) -> None:
        counts = [0] * 50
        ids = [f"S{number:02d}" for number in range(50)]
        for draw_number in range(4_000):
            seed = hashlib.sha256(f"seed {draw_number}".encode()).digest()
            for chosen in draw.select(seed, "d", {"s": ids}, {"s": 5})["s"]:
                counts[ids.index(chosen)] += 1

        # Five of fifty without replacement: the sum is scaled by 49/45 to follow chi-square.
        assert chi_square(counts) * 49 / 45 < CHI_SQUARE_49


class TestInOrder:
    @settings(deadline=None)
    @given(IDS, st.randoms(use_true_random=False))
    def test_is_the_same_for_any_order_of_the_list(self, ids, chance) -> None:
        shuffled = sorted(ids)
        chance.shuffle(shuffled)

        assert draw.in_order(SEED, "d", "s", shuffled) == draw.in_order(SEED, "d", "s", sorted(ids))

    def test_ascends_by_ticket(self) -> None:
        order = draw.in_order(SEED, "d", "s", ["a", "b", "c", "d"])

        assert order == sorted("abcd", key=lambda each: draw.ticket(SEED, "d", "s", each))


class TestPlaceOf:
    def test_gives_ones_own_ticket_and_place(self) -> None:
        ids = ["a", "b", "c", "d"]
        order = draw.in_order(SEED, "d", "s", ids)

        for place, each in enumerate(order, 1):
            expected = draw.Place(each, draw.ticket(SEED, "d", "s", each).hex(), place, 4)
            assert draw.place_of(SEED, "d", "s", ids, each) == expected

    def test_refuses_somebody_who_is_not_on_the_list(self) -> None:
        with pytest.raises(draw.UnknownEntry, match="e"):
            draw.place_of(SEED, "d", "s", ["a"], "e")
