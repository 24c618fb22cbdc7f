"""The worked example of RFC 3797."""

import hashlib

import pytest

from qingqu.engines.draw import rfc3797
from qingqu.engines.draw.errors import BadShape
from tests.engines.draw.rosters import vectors


class TestSelected:
    def test_agrees_with_the_worked_example(self) -> None:
        example = vectors("rfc3797.json")
        key = rfc3797.key_string([[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]])
        hashes = [
            hashlib.md5(counter + key.encode() + counter, usedforsecurity=False).hexdigest().upper()
            for counter in (index.to_bytes(2, "big") for index in range(example["select"]))
        ]

        assert key == example["key"]
        assert hashes == example["md5"]
        assert rfc3797.selected(key, example["pool"], example["select"]) == example["selected"]

    def test_gives_everybody_once_when_all_are_selected(self) -> None:
        assert sorted(rfc3797.selected("1./", 50, 50)) == list(range(1, 51))

    def test_refuses_more_than_there_are(self) -> None:
        with pytest.raises(BadShape):
            rfc3797.selected("1./", 3, 4)
