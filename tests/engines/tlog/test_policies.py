"""Trust policies: read strictly, judged by quorum."""

import pytest

from qingqu.engines.tlog.checkpoints import Checkpoint, CheckpointError, sign_checkpoint
from qingqu.engines.tlog.cosignatures import CosignatureSigner, MlDsaSigner
from qingqu.engines.tlog.notes import BadSignature, Ed25519Signer, Note, SignatureLine, Unsigned, sign, write_vkey
from qingqu.engines.tlog.notes import key_id as id_of
from qingqu.engines.tlog.policies import Policy, PolicyError

LOG = Ed25519Signer("log.example/district", bytes(32))
HEAD = Checkpoint("log.example/district", 7, bytes(range(32)))
NAMES = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
WITNESSES = {name: CosignatureSigner(f"{name}.example", bytes([i]) * 32) for i, name in enumerate(NAMES, 1)}
EXAMPLE = "\n".join(
    [
        "# the example of the specification",
        f"log {write_vkey(LOG.verifier)}",
        "",
        *(f"witness\t{name}  {write_vkey(signer.verifier)} " for name, signer in WITNESSES.items()),
        "group X-witnesses 2 X1 X2 X3",
        "group Y-witnesses any Y1 Y2 Y3",
        "\tgroup X-and-Y all X-witnesses Y-witnesses",
        "quorum X-and-Y",
    ]
)


def witnessed(*names):
    return sign(HEAD.text, [LOG, *(WITNESSES[name] for name in names)], at=1000)


class TestJudgement:
    @pytest.mark.parametrize(
        ("names", "enough"),
        [
            ([], False),
            (["X1", "X2"], False),
            (["X1", "Y1"], False),
            (["Y1", "Y2", "Y3"], False),
            (["X1", "X3", "Y2"], True),
            (NAMES, True),
        ],
    )
    def test_follows_the_example_of_the_specification(self, names, enough):
        judgement = Policy.parse(EXAMPLE.encode()).judge(witnessed(*names))
        assert judgement.has_quorum is enough
        assert sorted(judgement.witnesses) == names
        assert judgement.needed == 3
        assert judgement.checkpoint == HEAD
        assert judgement.newest == (1000 if names else None)
        assert Policy.parse(EXAMPLE.encode()).is_enough([*names, "stranger"]) is enough

    def test_needs_no_witness_when_none_is_asked_for(self):
        judgement = Policy.of_log(write_vkey(LOG.verifier)).judge(witnessed())
        assert (judgement.has_quorum, judgement.needed) == (True, 0)

    def test_believes_only_its_logs(self):
        policy = Policy.parse(EXAMPLE.encode())
        other = Ed25519Signer("log.example/other", bytes(32))
        with pytest.raises(Unsigned, match=r"names no log log\.example/other"):
            policy.judge(sign_checkpoint(Checkpoint("log.example/other", 7, HEAD.root), [other]))
        with pytest.raises(Unsigned):
            policy.judge(sign(HEAD.text, [WITNESSES["X1"]], at=1))
        with pytest.raises(CheckpointError):
            policy.judge(sign("a letter\n", [LOG], at=1))

    def test_does_not_let_one_log_sign_for_another(self):
        other = Ed25519Signer("log.example/other", bytes(range(32)))
        policy = Policy.parse(
            f"log {write_vkey(LOG.verifier)}\nlog {write_vkey(other.verifier)}\nquorum none\n".encode()
        )
        with pytest.raises(Unsigned):
            policy.judge(sign(HEAD.text, [other], at=0))

    def test_is_spoilt_by_a_wrong_line_of_its_witnesses(self):
        witness = WITNESSES["X1"].verifier
        note = witnessed("X2")
        spoilt = Note(note.text, (*note.signatures, SignatureLine(witness.name, id_of(witness), bytes(72))))
        with pytest.raises(BadSignature):
            Policy.parse(EXAMPLE.encode()).judge(spoilt)

    def test_takes_witnesses_with_ml_dsa(self):
        quantum = MlDsaSigner("q.example", bytes(32))
        policy = Policy.parse(
            f"log {write_vkey(LOG.verifier)}\nwitness q {write_vkey(quantum.verifier)}\nquorum q\n".encode()
        )
        assert policy.judge(sign(HEAD.text, [LOG, quantum], at=5)).has_quorum


class TestFile:
    def test_keeps_addresses_and_opaque_names(self):
        vkey = write_vkey(WITNESSES["X1"].verifier)
        raw = f"witness 家长委员会 {vkey} https://w.example/\n".encode() + b"quorum \xe5\xae\xb6"
        with pytest.raises(PolicyError, match="line 2"):
            Policy.parse(raw)
        policy = Policy.parse(f"witness 家长委员会 {vkey} https://w.example/\nquorum 家长委员会\n".encode())
        assert policy.witnesses["家长委员会"].url == "https://w.example/"
        latin = Policy.parse(b"witness \xe9 " + vkey.encode() + b"\nquorum \xe9\n")
        assert [name.encode("utf-8", "surrogateescape") for name in latin.witnesses] == [b"\xe9"]

    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            ("", "no quorum line"),
            ("quorum none\nquorum none", "line 2 of the policy: there is a second quorum"),
            ("quorum a", "not defined above"),
            ("quorum", "number of words"),
            ("quorum none none", "number of words"),
            ("quorums none", "begins with none of"),
            ("log\nquorum none", "number of words"),
            ("log X\nquorum none", "line 1 of the policy: this is not a public key"),
            ("log W1\nquorum none", "a log does not sign with a key of this type"),
            ("witness none W1\nquorum none", "the name 'none' is taken"),
            ("witness a LOG\nquorum none", "a witness does not sign"),
            ("witness a W1\nwitness a W2\nquorum a", "the name 'a' is taken"),
            ("witness a W1\nwitness b W1\nquorum a", "is there already"),
            ("log LOG\nlog LOG\nquorum none", "is there already"),
            ("group g any\nquorum g", "number of words"),
            ("group g any a\nquorum g", "'a' is not defined above"),
            ("witness a W1\ngroup g 0 a\nquorum g", "cannot be asked for"),
            ("witness a W1\ngroup g 2 a\nquorum g", "cannot be asked for"),
            ("witness a W1\ngroup g 01 a\nquorum g", "cannot be asked for"),
            ("witness a W1\ngroup g some a\nquorum g", "cannot be asked for"),
            ("witness a W1\ngroup g 1 a a\nquorum g", "in a group already"),
            ("witness a W1\ngroup g any a\ngroup h any a\nquorum h", "in a group already"),
            ("witness a W1\ngroup a any a\nquorum a", "the name 'a' is taken"),
            ("witness a W1\ngroup g any none\nquorum a", "'none' is not defined"),
            ("quorum none\r", "control characters"),
            ("quorum none\x7f", "control characters"),
        ],
    )
    def test_has_one_form_only(self, lines, said):
        keys = {"W1": WITNESSES["X1"], "W2": WITNESSES["X2"], "LOG": LOG}
        for word, signer in keys.items():
            lines = lines.replace(word, write_vkey(signer.verifier))
        with pytest.raises(PolicyError, match=said):
            Policy.parse(lines.encode())

    def test_may_name_32_of_each(self):
        logs = [Ed25519Signer(f"log{i}.example", bytes([i]) * 32) for i in range(1, 33)]
        signers = [CosignatureSigner(f"w{i}.example", bytes([i]) * 32) for i in range(101, 133)]
        lines = [f"log {write_vkey(signer.verifier)}" for signer in logs]
        lines += [f"witness w{i} {write_vkey(signer.verifier)}" for i, signer in enumerate(signers)]
        lines += ["group g0 any w0", *(f"group g{i} any g{i - 1} w{i}" for i in range(1, 32)), "quorum g31"]
        assert len(Policy.parse("\n".join(lines).encode()).groups) == 32
