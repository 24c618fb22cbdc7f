"""Whether a promise was kept: by the log's files, the witnesses' times, and one's own clock where there is no other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.engines.tlog.audit import audit
from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.cosignatures import CosignatureSigner
from qingqu.engines.tlog.hashing import leaf_hash
from qingqu.engines.tlog.keeping import ADVICE, Standing, check_promise, places
from qingqu.engines.tlog.log import Log
from qingqu.engines.tlog.notes import Ed25519Signer, Unsigned, sign, write_vkey
from qingqu.engines.tlog.policies import Policy
from qingqu.engines.tlog.promises import Promise, PromiseSigner, sign_promise
from qingqu.engines.tlog.storage import MemoryStorage

ORIGIN = "log.example/district"
LOG = Ed25519Signer(ORIGIN, bytes(32))
SIGNER = PromiseSigner(ORIGIN, bytes(32))
PARENTS = CosignatureSigner("parents.example", bytes(range(32)))
UNION = CosignatureSigner("union.example", bytes(range(1, 33)))
WITNESSES = "".join(
    f"witness {name} {write_vkey(key.verifier)}\n" for name, key in (("parents", PARENTS), ("union", UNION))
)
ONE = Policy.parse(f"log {write_vkey(LOG.verifier)}\n{WITNESSES}group any any parents union\nquorum any\n".encode())
BOTH = Policy.parse(f"log {write_vkey(LOG.verifier)}\n{WITNESSES}group all all parents union\nquorum all\n".encode())
LOG_ONLY = Policy.of_log(write_vkey(LOG.verifier))
ENTRIES = [b"entry %d" % number for number in range(600)]
MADE, DUE = 1_000_000, 1_086_400
LATER = DUE + 1


class Published:
    """A log whose head witnesses saw at certain seconds."""

    def __init__(self, entries, *seen):
        self.storage = MemoryStorage()
        self.log = Log(self.storage, origin=ORIGIN)
        self.log.append(entries)
        self.note = sign(Checkpoint(ORIGIN, self.log.size, self.log.root()).text, [LOG], at=0)
        for witness, at in seen:
            self.note = self.note.merged(sign(self.note.text, [witness], at=at).signatures)
        self.storage.files["checkpoint"] = self.note.raw

    def answer(self, raw=None, policy=ONE, *, at=LATER, remembered=None):
        head = Checkpoint.parse(remembered.text) if remembered else None
        report = audit(self.storage, policy, remembered=head, at=at)
        given = promised(b"entry 599") if raw is None else raw
        return check_promise(given, policy, self.storage, report, at=at, remembered=remembered)


def promised(entry, *, origin=ORIGIN, signer=SIGNER):
    return sign_promise(Promise(origin, leaf_hash(entry), MADE, DUE), signer).raw


class TestPromise:
    def test_is_kept_when_the_leaf_is_there(self):
        answer = Published(ENTRIES, (PARENTS, LATER)).answer()
        assert (answer.standing, answer.index, answer.is_bad) == (Standing.KEPT, 599, False)

    def test_is_kept_without_any_witness_too(self):
        assert Published(ENTRIES).answer(policy=LOG_ONLY).standing is Standing.KEPT

    def test_is_broken_when_a_witness_saw_the_log_without_it_after_the_deadline(self):
        answer = Published(ENTRIES[:-1], (PARENTS, LATER)).answer()
        assert (answer.standing, answer.index, answer.is_bad) == (Standing.BROKEN, None, True)
        assert answer.promise == Promise(ORIGIN, leaf_hash(ENTRIES[-1]), MADE, DUE)

    def test_is_not_broken_at_its_last_second(self):
        answer = Published(ENTRIES[:-1], (PARENTS, DUE)).answer(at=DUE)
        assert (answer.standing, answer.is_bad) == (Standing.NOT_DUE, False)

    def test_is_overdue_and_not_broken_where_no_witness_says_the_time(self):
        assert Published(ENTRIES[:-1]).answer(policy=LOG_ONLY).standing is Standing.OVERDUE

    def test_is_overdue_and_not_broken_when_the_head_may_be_an_old_copy(self):
        assert Published(ENTRIES[:-1], (PARENTS, DUE)).answer().standing is Standing.OVERDUE

    def test_is_broken_only_by_as_many_witnesses_as_the_policy_asks_for(self):
        early, both = (
            Published(ENTRIES[:-1], (PARENTS, LATER), (UNION, DUE)),
            Published(ENTRIES[:-1], (PARENTS, LATER), (UNION, LATER)),
        )
        assert early.answer(policy=BOTH).standing is Standing.OVERDUE
        assert both.answer(policy=BOTH).standing is Standing.BROKEN

    def test_is_broken_when_the_leaf_came_late_and_an_earlier_head_shows_it(self):
        before = Published(ENTRIES[:500], (PARENTS, LATER))
        after = Published(ENTRIES, (PARENTS, LATER + 100))
        at = LATER + 100
        assert after.answer(at=at).standing is Standing.KEPT
        late = after.answer(at=at, remembered=before.note)
        assert (late.standing, late.index) == (Standing.BROKEN, 599)
        assert after.answer(promised(b"entry 499"), at=at, remembered=before.note).standing is Standing.KEPT

    def test_is_not_late_by_a_head_from_before_the_deadline(self):
        before = Published(ENTRIES[:500], (PARENTS, DUE))
        assert Published(ENTRIES, (PARENTS, LATER)).answer(remembered=before.note).standing is Standing.KEPT

    def test_is_not_held_against_a_head_that_nobody_of_the_policy_signed(self):
        forged = sign(Checkpoint(ORIGIN, 600, Published(ENTRIES).log.root()).text, [UNION], at=LATER)
        with pytest.raises(Unsigned):
            Published(ENTRIES, (PARENTS, LATER)).answer(remembered=forged)


class TestAnswer:
    def test_names_a_file_that_is_no_promise(self):
        published = Published(ENTRIES)
        for raw in (b"", b"\xff", published.note.raw, promised(b"x")[:-10]):
            assert published.answer(raw, LOG_ONLY).standing is Standing.MALFORMED

    def test_names_a_promise_that_was_changed(self):
        raw = promised(b"entry 5").replace(b"due 1970-01-13", b"due 1970-01-14")
        assert Published(ENTRIES).answer(raw, LOG_ONLY).standing is Standing.SIGNATURE_WRONG

    def test_names_a_promise_of_a_log_that_is_not_known(self):
        raw = promised(b"x", origin="other.example", signer=PromiseSigner("other.example", bytes(32)))
        assert Published(ENTRIES).answer(raw, LOG_ONLY).standing is Standing.LOG_UNKNOWN

    def test_names_a_promise_of_another_log_of_the_policy(self):
        other = Ed25519Signer("other.example", bytes(range(2, 34)))
        keys = (LOG.verifier, other.verifier)
        policy = Policy.parse("".join([*(f"log {write_vkey(key)}\n" for key in keys), "quorum none\n"]).encode())
        raw = promised(b"entry 5", origin="other.example", signer=PromiseSigner("other.example", other.secret))
        assert Published(ENTRIES).answer(raw, policy).standing is Standing.OTHER_LOG

    def test_says_nothing_of_a_log_that_is_not_sound(self):
        published = Published(ENTRIES)
        published.storage.files["tile/0/000"] = leaf_hash(b"y") + published.storage.files["tile/0/000"][32:]
        assert published.answer(policy=LOG_ONLY).standing is Standing.LOG_UNSOUND
        del published.storage.files["checkpoint"]
        assert published.answer(policy=LOG_ONLY).standing is Standing.LOG_UNSOUND

    def test_tells_in_both_languages_what_to_do(self):
        assert set(ADVICE) == set(Standing)
        assert all(advice.zh and advice.en for advice in ADVICE.values())
        assert Published(ENTRIES).answer(policy=LOG_ONLY).advice is ADVICE[Standing.KEPT]


class TestPlaces:
    @settings(deadline=None, max_examples=30)
    @given(st.integers(1, 599), st.sets(st.integers(0, 599), max_size=5))
    def test_are_those_of_the_leaves_that_a_log_of_some_size_holds(self, size, wanted):
        leaves = {leaf_hash(ENTRIES[index]): index for index in wanted}
        expected = {leaf: index for leaf, index in leaves.items() if index < size}
        assert places(Published(ENTRIES[:size]).storage, size, leaves.keys()) == expected

    def test_are_the_first_of_equal_entries(self):
        storage = Published([b"a", b"b", b"b"]).storage
        assert places(storage, 3, [leaf_hash(b"b")]) == {leaf_hash(b"b"): 1}

    def test_are_not_found_in_a_missing_tile(self):
        storage = Published(ENTRIES).storage
        del storage.files["tile/0/000"]
        assert places(storage, 600, [leaf_hash(b"entry 5"), leaf_hash(b"entry 300")]) == {leaf_hash(b"entry 300"): 300}
