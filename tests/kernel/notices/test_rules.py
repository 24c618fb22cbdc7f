"""Where notices may go, how often they are tried, what is kept of a calendar address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.notices import rules


class TestIsRobot:
    @pytest.mark.parametrize("address", ["wecombot://key", "dingtalk://secret@token", "FEISHU://token"])
    def test_takes_the_three_with_a_fixed_host(self, address: str) -> None:
        assert rules.is_robot(address)

    @pytest.mark.parametrize(
        "address", ["", "wecombot", "wecombot:/key", "json://10.0.0.1", "http://wecombot://x", " wecombot://key"]
    )
    def test_takes_nothing_else(self, address: str) -> None:
        assert not rules.is_robot(address)

    @given(st.text(max_size=30))
    def test_never_takes_an_address_of_another_scheme(self, text: str) -> None:
        assert rules.is_robot(text) == text.lower().startswith(tuple(f"{robot}://" for robot in rules.ROBOTS))


class TestMayRetry:
    @pytest.mark.parametrize(("tries", "may"), [(0, True), (4, True), (5, False), (6, False)])
    def test_ends_after_the_fifth_try(self, tries: int, may: bool) -> None:
        assert rules.may_retry(tries) is may

    @given(st.integers(0, 50))
    def test_never_begins_again(self, tries: int) -> None:
        assert rules.may_retry(tries) or not rules.may_retry(tries + 1)


class TestSecretHash:
    @given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
    def test_is_the_same_for_the_same_secret_only(self, one: str, another: str) -> None:
        assert (rules.secret_hash(one) == rules.secret_hash(another)) is (one == another)

    @given(st.text("abcdefgh", min_size=8, max_size=40))
    def test_holds_nothing_of_the_secret(self, secret: str) -> None:
        assert secret not in rules.secret_hash(secret)
