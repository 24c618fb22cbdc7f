"""The verifier in the reader's browser comes to what our Python engine comes to, and no change of one bit passes it."""

import json
import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from qingqu.engines.tlog.notes import write_vkey
from qingqu.engines.tlog.policies import Policy, PolicyError
from qingqu.engines.tlog.receipts import verify_receipt
from qingqu.kernel.ledger import proofs, rules
from tests.frontend.verifying import (
    BOTH,
    COPY,
    LOG,
    ORIGIN,
    PARENTS,
    POLICY,
    ROOT,
    SALT,
    UNION,
    VKEY,
    ask,
    bundle,
    fields,
    flipped,
    leaf,
    packed,
    proof_file,
    receipt,
    shown,
)

PAGE = {"policy": POLICY.decode()}
TEMPLATE = ROOT / "src/qingqu/portal/templates/portal/verifier.html"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier, bundled for node."""
    assert shutil.which("node"), "the verifier's tests need node, as the front end's build does"
    return bundle(tmp_path_factory.mktemp("verifier"))


def judged(raw: bytes, entry: bytes, policy: bytes) -> dict[str, Any]:
    """What the Python engine comes to, in the shape of the other's answer."""
    try:
        verdict = verify_receipt(raw, entry, Policy.parse(policy))
    except PolicyError:
        return {"malformed": "policy"}
    is_shown = verdict.outcome in {"INCLUDED", "QUORUM_SHORT"}
    return {"outcome": verdict.outcome.value, "seen": [[one.name, one.at] for one in verdict.witnesses if is_shown]}


def agree(program: Path, cases: list[tuple[bytes, bytes, bytes]]) -> list[dict[str, Any]]:
    """The answers of both for (receipt, entry, policy), which must be the same."""
    questions = [{"of": "receipt", "raw": packed(r), "leaf": packed(e), "policy": packed(p)} for r, e, p in cases]
    expected = [judged(*case) for case in cases]
    assert [{"malformed": "policy"} if "malformed" in said else said for said in ask(program, questions)] == expected
    return expected


def checked(program: Path, *files: dict[str, Any] | bytes, trust: dict[str, str] | None = None) -> list[Any]:
    """The reports of proof files under a trust, the page's unless one is given."""
    raws = [file if isinstance(file, bytes) else json.dumps(file, ensure_ascii=False).encode() for file in files]
    return ask(program, [{"of": "file", "raw": packed(raw), "trust": PAGE if trust is None else trust} for raw in raws])


def codes(report: dict[str, Any]) -> dict[str, str]:
    return {step["of"]: step["code"] for step in report["steps"]}


class TestReceipts:
    @pytest.mark.parametrize("size", [1, 2, 3, 8, 9, 255, 256, 257, 300])
    def test_are_believed_wherever_the_entry_stands(self, program: Path, size: int) -> None:
        places = sorted({0, 1, size // 2, size - 1} & set(range(size)))
        cases = [(receipt(b"x", index=place, size=size).raw, b"x", POLICY) for place in places]
        assert {found["outcome"] for found in agree(program, cases)} == {"INCLUDED"}

    def test_come_to_every_outcome_of_the_engine(self, program: Path) -> None:
        given = receipt(b"x").raw
        alone = receipt(b"x", signers=(LOG,)).raw
        cases = [
            (given, b"x", POLICY),
            (given, b"y", POLICY),
            (given, b"x", BOTH),
            (receipt(b"x", signers=(LOG, PARENTS, UNION)).raw, b"x", BOTH),
            (alone, b"x", POLICY),
            (alone, b"x", f"log {VKEY}\nquorum none\n".encode()),
            (given, b"x", POLICY.replace(VKEY.encode(), VKEY.replace("district", "other").encode())),
            (receipt(b"x", signers=(PARENTS,)).raw, b"x", POLICY),
            (given.replace(b"\n300\n", b"\n301\n"), b"x", POLICY),
            (given.replace(b"index 7\n", b"index 8\n"), b"x", POLICY),
            (given.replace(b"index 7\n", b"extra AA==\nindex 7\n"), b"x", POLICY),
            (given[:-1], b"x", POLICY),
            (b"", b"x", POLICY),
        ]
        found = [each.get("outcome", "policy") for each in agree(program, cases)]
        assert set(found) == {
            *("INCLUDED", "NOT_INCLUDED", "QUORUM_SHORT", "LOG_UNKNOWN", "SIGNATURE_WRONG", "MALFORMED", "policy")
        }

    @pytest.mark.slow
    def test_with_one_bit_changed_are_judged_alike_and_never_believed_for_another(self, program: Path) -> None:
        raw = receipt(b"x", signers=(LOG, PARENTS, UNION)).raw
        found = agree(program, [(changed, b"x", BOTH) for _place, changed in flipped(raw)])
        assert not [place for place, each in enumerate(found) if each["outcome"] == "INCLUDED"]

    def test_under_a_policy_with_one_bit_changed_are_judged_alike(self, program: Path) -> None:
        raw = receipt(b"x").raw
        agree(program, [(raw, b"x", changed) for _place, changed in flipped(POLICY) if _is_utf8(changed)])

    def test_of_an_entry_with_one_bit_changed_are_refused(self, program: Path) -> None:
        raw = receipt(leaf()).raw
        found = agree(program, [(raw, changed, POLICY) for _place, changed in flipped(leaf())])
        assert {each["outcome"] for each in found} == {"NOT_INCLUDED"}


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


class TestOpenings:
    @pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3"])
    @pytest.mark.parametrize(
        "value", ["é", "e\u0301", "𠮷\uffff", 0, -(2**53) + 1, True, None, ["甲", {"b": 1, "a": "x"}]]
    )
    def test_come_to_the_same_commitment(self, program: Path, algorithm: str, value: Any) -> None:
        given = rules.opening({"名": value, "z": 1, "隐": "李明"}, frozenset({"名", "z"}), SALT, algorithm)
        assert ask(program, [{"of": "opening", "opening": given}]) == [rules.opened(given).commitment]

    def test_that_show_and_hide_one_field_are_refused(self, program: Path) -> None:
        given = rules.opening(fields(), shown(), SALT, "hmac-sha256")
        given["hidden"]["kind"] = rules.commitments(fields(), SALT, "hmac-sha256")["kind"]
        assert ask(program, [{"of": "opening", "opening": given}]) == [{"malformed": "opening"}]

    def test_hash_as_the_standard_says(self, program: Path) -> None:
        # GB/T 32905-2016, examples A.1 and A.2.
        long = {"of": "sm3", "text": "abcd" * 16}
        assert ask(program, [{"of": "sm3", "text": "abc"}, long]) == [
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        ]

    def test_give_keys_the_fingerprint_of_the_poster(self, program: Path) -> None:
        assert ask(program, [{"of": "fingerprint", "key": VKEY}]) == [proofs.fingerprint(VKEY)]


class TestProofFiles:
    @pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3"])
    def test_that_are_whole_are_verified_step_by_step(self, program: Path, algorithm: str) -> None:
        (report,) = checked(program, proof_file(algorithm))
        assert report["code"] == "VERIFIED"
        assert codes(report) == {
            "file": "FILE_WHOLE",
            "text": "TEXT_COMMITTED",
            "leaf": "LEAF_INCLUDED",
            "key": "KEY_OF_PAGE",
            "witness": "WITNESSED",
        }
        assert report["witnesses"] == [{"name": "家长", "at": 1_790_000_000}]
        assert report["text"]["title"] == "关于某校的通报"
        assert report["text"]["sha256"] == sha256(COPY).hexdigest()
        assert report["log"]["fingerprints"] == [proofs.fingerprint(VKEY)]

    def test_say_which_step_a_change_breaks(self, program: Path) -> None:
        opening = rules.opening(fields(), shown(), SALT, "hmac-sha256")
        other = json.loads(json.dumps(opening))
        other["fields"]["payload.number"]["value"] = "GK2026-000002"
        salted = json.loads(json.dumps(opening))
        salted["fields"]["kind"]["salt"] = "00" * 32
        hidden = json.loads(json.dumps(opening))
        hidden["hidden"]["actor"] = "00" * 32
        text = receipt(leaf()).raw.decode()
        broken = {
            "COPY_DIFFERS": proof_file(copy=packed(COPY.replace(b"1,", b"2,"))),
            "OPENING_DIFFERS": proof_file(opening=other),
            "NOT_INCLUDED": proof_file(receipt=text.replace("index 7\n", "index 6\n")),
            "SIGNATURE_WRONG": proof_file(receipt=text.replace("\n300\n", "\n301\n")),
            "FILE_BASE64": proof_file(copy=packed(COPY)[:-1]),
            "FILE_RECEIPT": proof_file(receipt=text.replace("index", "Index")),
            "FILE_NOTE": proof_file(receipt=text[:-5]),
            "FILE_OPENING": proof_file(opening={}),
            "FILE_FORMAT": proof_file(format="qingqu-proof/v9"),
        }
        for code, report in zip(broken, checked(program, *broken.values()), strict=True):
            assert (report["code"], code in codes(report).values()) == ("REFUTED", True), code
        for report in checked(program, proof_file(opening=salted), proof_file(opening=hidden)):
            assert codes(report)["text"] == "OPENING_DIFFERS"

    @pytest.mark.slow
    def test_with_one_bit_changed_anywhere_that_counts_are_never_verified(self, program: Path) -> None:
        whole = json.dumps(proof_file(), ensure_ascii=False).encode()
        counted = whole[: whole.index(b', "log": ')]
        changed = [head + whole[len(counted) :] for _place, head in flipped(counted)]
        verified = [place for place, report in enumerate(checked(program, *changed)) if report["code"] == "VERIFIED"]
        assert [counted[place : place + 20] for place in verified] == []

    def test_of_something_withdrawn_show_only_that_the_entry_is_there(self, program: Path) -> None:
        (report,) = checked(program, proof_file(copy=None, opening=None))
        assert (report["code"], codes(report)["text"]) == ("NOT_ENOUGH", "TEXT_WITHDRAWN")
        assert codes(report)["leaf"] == "LEAF_INCLUDED"

    def test_do_not_vouch_for_themselves(self, program: Path) -> None:
        (report,) = checked(program, proof_file(), trust={"policy": ""})
        assert (report["code"], codes(report)["key"]) == ("NOT_ENOUGH", "KEY_OF_FILE")
        assert codes(report)["witness"] == "WITNESSES_OF_FILE"

    def test_are_believed_by_the_fingerprint_of_the_poster(self, program: Path) -> None:
        right = {"policy": "", "given": proofs.fingerprint(VKEY).upper()}
        wrong = {"policy": "", "given": proofs.fingerprint(VKEY + "x")}
        (believed,) = checked(program, proof_file(), trust=right)
        (doubted,) = checked(program, proof_file(), trust=wrong)
        assert (believed["code"], codes(believed)["key"]) == ("VERIFIED", "KEY_OF_READER")
        assert (doubted["code"], codes(doubted)["key"]) == ("REFUTED", "LOG_UNKNOWN")

    @pytest.mark.parametrize(("given", "code"), [(VKEY, "KEY_OF_READER"), (POLICY.decode(), "KEY_OF_READER")])
    def test_are_believed_by_the_readers_own_key_or_policy(self, program: Path, given: str, code: str) -> None:
        (report,) = checked(program, proof_file(), trust={"policy": "", "given": given})
        assert (report["code"], codes(report)["key"]) == ("VERIFIED", code)

    def test_of_a_forger_who_brings_a_policy_along_are_refused(self, program: Path) -> None:
        forger = type(LOG)(ORIGIN, bytes([9]) * 32)
        own = f"log {write_vkey(forger.verifier)}\nquorum none\n"
        forged = proof_file(receipt=receipt(leaf(), signers=(forger,)).raw.decode(), policy=own, log=[own.split()[1]])
        (report,) = checked(program, forged)
        assert (report["code"], codes(report)["key"]) == ("REFUTED", "LOG_UNKNOWN")

    def test_short_of_witnesses_are_not_enough(self, program: Path) -> None:
        (report,) = checked(program, proof_file(), trust={"policy": BOTH.decode()})
        assert (report["code"], codes(report)["witness"]) == ("NOT_ENOUGH", "QUORUM_SHORT")

    def test_say_when_the_readers_own_word_is_not_one(self, program: Path) -> None:
        (report,) = checked(program, proof_file(), trust={"policy": "", "given": "abc"})
        assert codes(report) == {"file": "FILE_GIVEN"}


class TestReceiptsAlone:
    def test_show_key_and_witnesses_and_say_what_is_missing(self, program: Path) -> None:
        (report,) = checked(program, receipt(leaf()).raw)
        assert report["code"] == "NOT_ENOUGH"
        assert codes(report)["text"] == "TEXT_ABSENT"
        assert codes(report)["key"] == "KEY_OF_PAGE"

    def test_show_the_entry_when_it_lies_beside_them(self, program: Path) -> None:
        question = {"of": "file", "raw": packed(receipt(leaf()).raw), "leaf": packed(leaf()), "trust": PAGE}
        (report,) = ask(program, [question])
        assert codes(report)["leaf"] == "LEAF_INCLUDED"


class TestHeads:
    def test_kept_from_before_are_held_against_the_log_of_today(self, program: Path) -> None:
        def head(size: int, entry: bytes = b"x") -> str:
            return receipt(entry, size=size).note.raw.decode()

        file = proof_file()
        same = receipt(leaf()).note.raw.decode()
        cases = {
            "PRESENT_SAME": {"present": same},
            "PRESENT_GREW": {"present": head(301)},
            "PRESENT_SHORTER": {"present": head(299)},
            "PRESENT_FORKED": {"present": head(300)},
            "HEAD_UNSIGNED": {"present": head(301).replace("\n301\n", "\n302\n")},
            "FILE_PRESENT": {"present": "<html>"},
            "REMEMBERED_SAME": {"remembered": same},
            "REMEMBERED_GREW": {"remembered": head(301)},
            "REMEMBERED_FORKED": {"remembered": head(300)},
            "FILE_REMEMBERED": {"remembered": "x"},
        }
        for code, trust in cases.items():
            (report,) = checked(program, file, trust=PAGE | trust)
            assert code in [step["code"] for step in report["steps"]], code
            is_bad = code.endswith(("SHORTER", "FORKED", "UNSIGNED")) or code.startswith("FILE_")
            assert (report["code"] == "REFUTED") is is_bad, code
        (report,) = checked(program, file, trust=PAGE | {"present": head(301), "remembered": head(302)})
        assert [step["code"] for step in report["steps"]][-1] == "REMEMBERED_SHORTER"


class TestWords:
    def test_stand_in_the_template_for_every_code(self) -> None:
        source = "".join((ROOT / f"frontend/log/{name}.ts").read_text() for name in ("verdicts", "page", "policies"))
        whole = "".join(path.read_text() for path in ROOT.glob("frontend/log/*.ts"))
        parts = set(re.findall(r'new Malformed\("(\w+)"', whole))
        parts |= set(re.findall(r'reading\("(\w+)"', source))
        codes = set(re.findall(r'"([A-Z]+(?:_[A-Z0-9]+)+)"', source)) | {f"FILE_{part.upper()}" for part in parts}
        endings = re.findall(r"\$\{which\}(_[A-Z_]+)", source)
        codes |= {f"{which}{ending}" for which in ("PRESENT", "REMEMBERED") for ending in endings}
        codes |= {f"{code}{end}" for code in ("VERIFIED", "NOT_ENOUGH", "REFUTED") for end in ("", "_MEANS")}
        codes |= {f"OF_{step.upper()}" for step in ("file", "text", "leaf", "key", "witness", "head")}
        codes |= {f"STATE_{state}" for state in ("GOOD", "OPEN", "BAD", "NOTE")} | {"LIMITS", "WITNESSED"}
        said = set(re.findall(r'data-words="(\w+)"', TEMPLATE.read_text()))
        assert said == codes
