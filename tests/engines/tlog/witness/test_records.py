"""What a witness remembers: never a step back, never two roots of one size, evidence of forks."""

import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingqu.engines.tlog.checkpoints import Checkpoint, sign_checkpoint
from qingqu.engines.tlog.cosignatures import ML_DSA_44, CosignatureSigner
from qingqu.engines.tlog.notes import ED25519, Ed25519Signer, Note, SignatureLine, write_vkey
from qingqu.engines.tlog.suites import new_signer
from qingqu.engines.tlog.witness import Records, Request, WitnessError
from tests.engines.tlog.witness.conftest import ORIGIN


def post(records, witnessed, old, new, *, log=None, at=1000):
    log = log or witnessed.log
    proof = tuple(log.consistency_proof(old, new)) if old <= new else ()
    return records.add_checkpoint(Request(old, proof, witnessed.head(new, log)).raw, at=at)


class TestAddCheckpoint:
    def test_gives_a_cosignature_and_remembers_the_head(self, records, witnessed):
        reply = post(records, witnessed, 0, 300)
        assert reply.status == 200
        line = SignatureLine.parse(reply.body.decode().rstrip("\n"))
        head = witnessed.head(300)
        (signed,) = Note(head.text, (line,)).verify([records.verifier])
        assert signed.at == 1000
        assert records.head(ORIGIN) == head.merged([line])

    def test_goes_on_from_what_it_knows(self, records, witnessed):
        assert post(records, witnessed, 0, 300).status == 200
        assert post(records, witnessed, 300, 600).status == 200
        assert Checkpoint.parse(records.head(ORIGIN).text).size == 600

    def test_cosigns_the_same_head_again_with_a_new_second(self, records, witnessed):
        post(records, witnessed, 0, 300)
        assert post(records, witnessed, 300, 300, at=2000).status == 200
        assert [signed.at for signed in records.head(ORIGIN).verify([records.verifier])] == [2000]

    def test_cosigns_an_empty_log(self, records, witnessed):
        assert post(records, witnessed, 0, 0).status == 200
        assert post(records, witnessed, 0, 5).status == 200

    def test_names_the_size_it_knows_instead_of_stepping_back(self, records, witnessed):
        post(records, witnessed, 0, 300)
        for old, new in ((0, 600), (200, 600), (0, 200), (200, 250)):
            reply = post(records, witnessed, old, new)
            assert (reply.status, reply.body, reply.kind) == (409, b"300\n", "text/x.tlog.size")
        assert Checkpoint.parse(records.head(ORIGIN).text).size == 300

    def test_refuses_a_malformed_request(self, records, witnessed):
        assert records.add_checkpoint(b"old x\n\n", at=0).status == 400
        assert post(records, witnessed, 301, 300).status == 400
        letter = Request(0, (), Note("a letter\n", witnessed.head(3).signatures)).raw
        assert records.add_checkpoint(letter, at=0).status == 400

    def test_refuses_a_log_it_does_not_know_and_a_key_it_does_not_know(self, records, witnessed):
        other = Ed25519Signer("log.example/other", bytes(32))
        unknown = sign_checkpoint(Checkpoint("log.example/other", 3, bytes(32)), [other])
        assert records.add_checkpoint(Request(0, (), unknown).raw, at=0).status == 404
        stranger = Ed25519Signer(ORIGIN, bytes(32))
        forged = sign_checkpoint(Checkpoint(ORIGIN, 3, witnessed.log.root(3)), [stranger])
        assert records.add_checkpoint(Request(0, (), forged).raw, at=0).status == 403
        assert records.head(ORIGIN) is None

    def test_refuses_a_rewritten_history_and_keeps_it(self, records, witnessed):
        post(records, witnessed, 0, 300)
        assert post(records, witnessed, 300, 600, log=witnessed.rewritten).status == 422
        (kept,) = records.evidence(ORIGIN)
        assert kept.name.startswith("unproved-")
        raw = kept.read_bytes()
        assert witnessed.head(600, witnessed.rewritten).raw in raw
        assert records.head(ORIGIN).raw in raw
        assert Checkpoint.parse(records.head(ORIGIN).text).size == 300

    def test_refuses_a_second_root_of_one_size_and_keeps_it_as_a_fork(self, records, witnessed):
        post(records, witnessed, 0, 300)
        assert post(records, witnessed, 300, 300, log=witnessed.rewritten).status == 422
        assert post(records, witnessed, 0, 300, log=witnessed.rewritten).status == 409
        assert {kept.name.partition("-")[0] for kept in records.evidence(ORIGIN)} == {"fork"}
        assert records.evidence(ORIGIN)[0].read_bytes().startswith(b"FORK\n\n")

    def test_keeps_the_same_evidence_once(self, records, witnessed):
        post(records, witnessed, 0, 300)
        for _time in range(3):
            post(records, witnessed, 300, 300, log=witnessed.rewritten)
        assert len(records.evidence(ORIGIN)) == 1

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600), st.booleans()), max_size=12))
    def test_never_cosigns_two_histories_in_any_order(self, tmp_path_factory, witnessed, steps):
        records = Records.create(tmp_path_factory.mktemp("witness"), "witness.example/parents")
        records.add_log(witnessed.vkey)
        cosigned = []
        for guess, new, rewritten in steps:
            log = witnessed.rewritten if rewritten else witnessed.log
            known = records.head(ORIGIN)
            old = guess if known is None or guess % 2 else Checkpoint.parse(known.text).size
            if post(records, witnessed, old, new, log=log).status == 200:
                cosigned.append((new, log.root(new)))
        sizes = [size for size, _root in cosigned]
        assert sizes == sorted(sizes)
        histories = [{(size, log.root(size)) for size in sizes} for log in (witnessed.log, witnessed.rewritten)]
        assert any(set(cosigned) <= history for history in histories)


class TestFolder:
    def test_keeps_its_key_to_itself(self, records):
        place = records.folder / "witness.key"
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        assert (records.folder / "witness.vkey").read_text(encoding="utf-8").strip() == write_vkey(records.verifier)

    def test_is_opened_again_with_the_same_key_and_heads(self, records, witnessed):
        post(records, witnessed, 0, 300)
        again = Records(records.folder)
        assert again.verifier.public_key == records.verifier.public_key
        assert post(again, witnessed, 0, 600).status == 409

    def test_is_never_made_anew_over_an_old_one_nor_started_empty(self, records, tmp_path):
        with pytest.raises(WitnessError, match="holds a witness already"):
            Records.create(records.folder, "witness.example/parents")
        with pytest.raises(WitnessError, match="retire its name"):
            Records(tmp_path / "elsewhere")

    def test_takes_keys_of_one_log_only(self, records, witnessed):
        other = write_vkey(Ed25519Signer("log.example/other", bytes(32)).verifier)
        witness = write_vkey(CosignatureSigner(ORIGIN, bytes(32)).verifier)
        for vkeys in ((witnessed.vkey, other), (witness,), ()):
            with pytest.raises(WitnessError, match="keys of one log"):
                records.add_log(*vkeys)

    def test_accepts_a_log_by_any_of_its_keys(self, records, witnessed):
        second = new_signer(ORIGIN)
        assert records.add_log(witnessed.vkey, write_vkey(second.verifier)) == ORIGIN
        head = sign_checkpoint(Checkpoint(ORIGIN, 3, witnessed.log.root(3)), [second])
        assert records.add_checkpoint(Request(0, (), head).raw, at=0).status == 200

    def test_signs_with_ml_dsa_when_made_so(self, tmp_path, witnessed):
        records = Records.create(tmp_path / "q", "witness.example/q", ML_DSA_44)
        records.add_log(witnessed.vkey)
        assert post(records, witnessed, 0, 300).status == 200
        assert [signed.at for signed in records.head(ORIGIN).verify([records.verifier])] == [1000]
        with pytest.raises(WitnessError, match="not sign with a key of this type"):
            Records.create(tmp_path / "e", "witness.example/e", ED25519)
