"""Requests to a witness: written and read in one form."""

import pytest

from qingqu.engines.tlog.witness import Request, RequestError


class TestRequest:
    def test_is_read_as_it_is_written(self, witnessed):
        for old in (0, 7, 600):
            request = Request(old, tuple(witnessed.log.consistency_proof(old, 600)), witnessed.head(600))
            assert Request.parse(request.raw) == request

    def test_has_the_lines_of_the_specification(self, witnessed):
        lines = Request(7, tuple(witnessed.log.consistency_proof(7, 8)), witnessed.head(8)).raw.decode().split("\n")
        assert lines[0] == "old 7"
        assert [len(line) for line in lines[1:5]] == [44, 44, 44, 44]
        assert lines[5:7] == ["", "log.example/district"]

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (b"old 7", b"old 07", "not the old size"),
            (b"old 7", b"older 7", "not the old size"),
            (b"old 7", "old 7\n—".encode(), "the head in the request"),
            (b"old 7", b"old 7\nAAAA", "not a hash"),
            (b"old 7", b"old 7" + b"\n" + b"\n".join([b"A" * 43 + b"="] * 64), "at most 63"),
            (b"\n\n", b"\n", "no blank line|the head"),
        ],
    )
    def test_has_one_form_only(self, witnessed, old, new, said):
        raw = Request(7, tuple(witnessed.log.consistency_proof(7, 8)), witnessed.head(8)).raw
        with pytest.raises(RequestError, match=said):
            Request.parse(raw.replace(old, new, 1))
