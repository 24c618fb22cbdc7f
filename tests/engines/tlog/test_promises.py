"""Promises: written, read strictly, signed by the log's key, and never taken for a head or a head for them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.engines.tlog.checkpoints import Checkpoint, CheckpointError, open_checkpoint, sign_checkpoint
from qingqu.engines.tlog.hashing import leaf_hash
from qingqu.engines.tlog.notes import (
    BadSignature,
    Ed25519Signer,
    Ed25519Verifier,
    Note,
    NoteError,
    SignatureLine,
    Unsigned,
    check_text,
    key_id,
    sign,
    write_vkey,
)
from qingqu.engines.tlog.policies import Policy
from qingqu.engines.tlog.promises import (
    HEADER,
    Promise,
    PromiseError,
    PromiseSigner,
    open_promise,
    sign_promise,
)

ORIGIN = "log.example/district"
SEED = bytes(32)
LOG = Ed25519Signer(ORIGIN, SEED)
SIGNER = PromiseSigner(ORIGIN, SEED)
POLICY = Policy.of_log(write_vkey(LOG.verifier))
LEAF = leaf_hash(b"entry")
PROMISE = Promise(ORIGIN, LEAF, 1_790_211_600, 1_790_298_000)
LAST = 253_402_300_799

names = (
    st.text(min_size=1)
    .filter(lambda name: "+" not in name and not any(each.isspace() or each < " " for each in name))
    .filter(lambda name: name.isprintable())
)
promises = st.builds(
    lambda origin, leaf, moments: Promise(origin, leaf, min(moments), max(moments)),
    names,
    st.binary(min_size=32, max_size=32),
    st.lists(st.integers(0, LAST), min_size=2, max_size=2, unique=True),
)


class TestText:
    def test_says_what_is_promised_line_by_line(self):
        assert PROMISE.text == (
            "qingqu/promise/v1\n"
            "log log.example/district\n"
            f"leaf {base64.b64encode(LEAF).decode()}\n"
            "promised 2026-09-24T01:00:00Z\n"
            "due 2026-09-25T01:00:00Z\n"
        )

    @given(promises)
    def test_is_read_as_it_is_written(self, promise):
        assert Promise.parse(promise.text) == promise

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("qingqu/promise/v1", "qingqu/promise/v2", "first line"),
            ("log log", "origin log", "begin with 'log'"),
            ("district", "dist rict", "cannot be the origin"),
            ("leaf ", "leaf ?", "not base 64"),
            ("leaf ", "leaf AAAA", "has 32 bytes"),
            ("promised 2026", "promised 26", "not a moment"),
            ("2026-09-24T01:00:00Z", "2026-09-24T01:00:00+00:00", "not a moment"),
            ("2026-09-24T01:00:00Z", "2026-09-24T01:00:00.000Z", "not a moment"),
            ("2026-09-24T01:00:00Z", "2026-09-24 01:00:00Z", "not a moment"),
            ("2026-09-24T01:00:00Z", "1969-12-31T23:59:59Z", "due after it was made"),
            ("due 2026-09-25", "due 2026-09-24", "due after it was made"),
            ("due 2026", "by 2026", "begin with 'due'"),
            ("due 2026-09-25T01:00:00Z\n", "", "one line each"),
            ("due 2026-09-25T01:00:00Z\n", "due 2026-09-25T01:00:00Z\nmore\n", "one line each"),
        ],
    )
    def test_has_one_form_only(self, old, new, said):
        with pytest.raises(PromiseError, match=said):
            Promise.parse(PROMISE.text.replace(old, new))

    @given(st.text())
    def test_of_any_other_kind_is_refused_with_words(self, text):
        with pytest.raises(PromiseError):
            Promise.parse(text)


class TestFile:
    @given(promises)
    def test_signed_by_the_log_opens_to_what_was_promised(self, promise):
        signer = PromiseSigner(promise.origin, SEED)
        policy = Policy.of_log(write_vkey(Ed25519Verifier(promise.origin, signer.verifier.public_key)))
        assert open_promise(sign_promise(promise, signer).raw, policy) == promise

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"2026-09-25", b"2026-09-26"),
            (b"promised 2026-09-24", b"promised 2026-09-23"),
            (base64.b64encode(LEAF), base64.b64encode(leaf_hash(b"another"))),
        ],
    )
    def test_that_was_tampered_with_does_not_open(self, old, new):
        raw = sign_promise(PROMISE, SIGNER).raw
        assert old in raw
        with pytest.raises(BadSignature):
            open_promise(raw.replace(old, new), POLICY)

    @given(st.data())
    def test_opens_in_its_own_bytes_only(self, data):
        raw = sign_promise(PROMISE, SIGNER).raw
        place = data.draw(st.integers(0, len(raw) - 1))
        octet = data.draw(st.integers(0, 255).filter(lambda other: other != raw[place]))
        with pytest.raises((NoteError, PromiseError)):
            open_promise(raw[:place] + bytes([octet]) + raw[place + 1 :], POLICY)

    def test_of_a_log_that_the_policy_does_not_name_is_unsigned(self):
        another = Policy.of_log(write_vkey(Ed25519Signer("other.example", SEED).verifier))
        with pytest.raises(Unsigned, match=r"no log log\.example/district"):
            open_promise(sign_promise(PROMISE, SIGNER).raw, another)

    def test_of_another_key_of_the_same_name_is_unsigned(self):
        another = Policy.of_log(write_vkey(Ed25519Signer(ORIGIN, bytes(range(32))).verifier))
        with pytest.raises(Unsigned):
            open_promise(sign_promise(PROMISE, SIGNER).raw, another)

    def test_is_not_made_for_another_log(self):
        with pytest.raises(PromiseError, match="cannot promise for"):
            sign_promise(PROMISE, PromiseSigner("other.example", SEED))

    def test_cannot_promise_the_past_or_half_a_hash(self):
        with pytest.raises(PromiseError):
            Promise(ORIGIN, LEAF, 10, 10)
        with pytest.raises(PromiseError):
            Promise(ORIGIN, LEAF[:-1], 10, 20)
        with pytest.raises(PromiseError):
            Promise(ORIGIN, LEAF, 10, LAST + 1)


HEADS = [ORIGIN, HEADER, "7"]


class TestPromiseAndHead:
    """The same key signs both; no file of one kind is ever read as the other."""

    def test_a_promise_is_no_head(self):
        note = sign_promise(PROMISE, SIGNER)
        with pytest.raises(CheckpointError):
            POLICY.judge(note)
        with pytest.raises(Unsigned):
            open_checkpoint(note.raw, [LOG.verifier], origin=ORIGIN)

    @given(promises)
    def test_no_promise_has_the_text_of_a_head(self, promise):
        with pytest.raises(CheckpointError):
            Checkpoint.parse(promise.text)

    @given(st.sampled_from(HEADS), st.integers(1, 10**9), st.binary(min_size=32, max_size=32))
    def test_no_head_has_the_text_of_a_promise(self, origin, size, root):
        with pytest.raises(PromiseError):
            Promise.parse(Checkpoint(origin, size, root).text)

    def test_a_head_is_no_promise(self):
        head = sign_checkpoint(Checkpoint(ORIGIN, 1, LEAF), [LOG])
        with pytest.raises(PromiseError, match="first line"):
            open_promise(head.raw, POLICY)

    def test_the_key_of_promises_signs_no_head(self):
        with pytest.raises(PromiseError):
            sign(Checkpoint(ORIGIN, 1, LEAF).text, [SIGNER], at=1)

    def test_a_promises_line_put_under_a_head_counts_for_nothing(self):
        line = sign_promise(PROMISE, SIGNER).signatures[0]
        with pytest.raises(Unsigned):
            POLICY.judge(Note(Checkpoint(ORIGIN, 1, LEAF).text, (line,)))

    def test_a_promises_signature_relabelled_as_a_heads_does_not_hold(self):
        note = sign_promise(PROMISE, SIGNER)
        relabelled = SignatureLine(ORIGIN, key_id(LOG.verifier), note.signatures[0].signature)
        with pytest.raises(BadSignature):
            Note(note.text, (relabelled,)).verify([LOG.verifier])

    def test_a_text_signed_as_a_note_is_no_promise_even_relabelled(self):
        signature = LOG.sign(PROMISE.text, at=0)
        relabelled = SignatureLine(ORIGIN, key_id(SIGNER.verifier), signature)
        with pytest.raises(BadSignature):
            open_promise(Note(PROMISE.text, (relabelled,)).raw, POLICY)

    def test_what_is_signed_can_be_the_text_of_no_note(self):
        signature = SIGNER.sign(PROMISE.text, at=0)
        signed = f"{HEADER}\n\x00{PROMISE.text}"
        LOG.verifier.check(signed, signature)  # the bytes that the key did sign …
        with pytest.raises(NoteError, match="control character"):
            check_text(signed)  # … which every reader of notes refuses

    def test_both_keys_have_ids_of_their_own(self):
        assert SIGNER.verifier.public_key == LOG.verifier.public_key
        assert key_id(SIGNER.verifier) != key_id(LOG.verifier)
