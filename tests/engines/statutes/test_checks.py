"""Code checks warn and never raise."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.engines.statutes import check_resident_id, check_school_code, check_uscc
from tests.shared import shared_path


def _vectors() -> dict[str, dict[str, list[str]]]:
    return json.loads(shared_path("data/identifiers/test_vectors.json").read_text(encoding="utf-8"))


class TestOfficialVectors:
    def test_valid_codes_raise_no_warning(self) -> None:
        vectors = _vectors()
        assert not any(check_uscc(code) for code in vectors["uscc"]["valid"])
        assert not any(check_resident_id(code) for code in vectors["cn_id"]["valid_examples_synthetic"])
        assert not any(check_school_code(code) for code in vectors["school_code"]["examples"])

    def test_codes_that_fail_the_check_digit_are_warned_about(self) -> None:
        uscc = _vectors()["uscc"]
        assert all(check_uscc(code) for code in [*uscc["invalid"], *uscc["real_but_fail_check"]])


class TestAnyText:
    @given(st.text(max_size=24))
    def test_is_answered_without_an_error(self, text: str) -> None:
        for check in (check_uscc, check_resident_id, check_school_code):
            assert all(warning.zh and warning.en for warning in check(text))

    @given(st.integers(0, 16), st.integers(1, 9))
    def test_one_wrong_digit_of_a_resident_id_is_noticed(self, place: int, shift: int) -> None:
        code = "11010519491231002X"
        wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
        assert check_resident_id(wrong)

    @pytest.mark.parametrize("code", ["", "123", "9135010OM000100Y43", "110105194913310021", "9944000501"])
    def test_malformed_codes_are_warned_about(self, code: str) -> None:
        assert check_uscc(code) or check_resident_id(code)
        assert check_school_code(code)
