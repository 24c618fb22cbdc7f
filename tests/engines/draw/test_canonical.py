"""Canonical JSON and strict reading of files."""

import json

import pytest

from qingqu.engines.draw import canonical
from qingqu.engines.draw.errors import BadFile
from tests.engines.draw.rosters import VECTORS


class TestEncode:
    def test_agrees_with_the_examples_of_the_standard(self) -> None:
        folder = VECTORS / "json-canonicalization"
        inputs = sorted(folder.rglob("input/*.json"))
        if not inputs:
            pytest.skip("the public examples of RFC 8785 are not beside the repository")

        for path in inputs:
            value = json.loads(path.read_text(encoding="utf-8"))
            expected = (path.parent.parent / "output" / path.name).read_bytes()
            assert canonical.encode(value) == expected.rstrip(b"\n"), path.name


class TestDecode:
    @pytest.mark.parametrize(
        "raw",
        [
            b'{"a":1,"a":2}',
            b'{"a":1.5}',
            b'{"a":1e2}',
            b'{"a":NaN}',
            b'{"a":9007199254740992}',
            b'{"a":-9007199254740992}',
            b'{"a":' + b"9" * 5000 + b"}",
            b"\xff\xfe",
            b"{",
            b"",
            b"[" * 100_000,
        ],
    )
    def test_refuses_what_two_readers_could_read_in_two_ways(self, raw: bytes) -> None:
        with pytest.raises(BadFile):
            canonical.decode(raw)

    def test_reads_whole_numbers_up_to_53_bits(self) -> None:
        assert canonical.decode(b'[9007199254740991,-1,0,true,null,"\xe6\xb8\xa0"]') == [
            9007199254740991,
            -1,
            0,
            True,
            None,
            "渠",
        ]
