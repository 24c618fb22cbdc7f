"""The tamper drill: each change to a log is found, named, and told apart from the others."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingqu.engines.tlog.audit import audit
from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.cosignatures import CosignatureSigner
from qingqu.engines.tlog.findings import ADVICE, Code
from qingqu.engines.tlog.hashing import empty_root, leaf_hash, parent_row
from qingqu.engines.tlog.log import Log
from qingqu.engines.tlog.notes import Ed25519Signer, Note, SignatureLine, key_id, sign, write_vkey
from qingqu.engines.tlog.policies import Policy
from qingqu.engines.tlog.storage import MemoryStorage
from qingqu.engines.tlog.sweep import check_tree
from qingqu.engines.tlog.tiles import bundles_of, decode_bundle, encode_bundle, superseded, tiles_of

ORIGIN = "log.example/district"
LOG = Ed25519Signer(ORIGIN, bytes(32))
WITNESS = CosignatureSigner("parents.example", bytes(range(32)))
POLICY = Policy.parse(
    f"log {write_vkey(LOG.verifier)}\nwitness parents {write_vkey(WITNESS.verifier)}\nquorum parents\n".encode()
)
SIZE = 66_100
AT = 1_000_000


class Published:
    """A log as its readers find it, and its whole history."""

    def __init__(self):
        self.entries = [b"entry %d" % number for number in range(SIZE)]
        self.storage = MemoryStorage()
        self.log = Log(self.storage, origin=ORIGIN)
        self.log.append(self.entries[:60_000])
        self.older = self.head(60_000)
        self.log.append(self.entries[60_000:])
        for path in superseded(60_000, SIZE):
            del self.storage.files[path]
        self.storage.files["checkpoint"] = self.head(SIZE).raw

    def head(self, size, signers=(LOG, WITNESS), at=AT):
        return sign(Checkpoint(ORIGIN, size, self.log.root(size)).text, signers, at=at)


@pytest.fixture(scope="session")
def published():
    return Published()


@pytest.fixture
def files(published):
    return dict(published.storage.files)


def found(files, **asked):
    report = audit(MemoryStorage(files), POLICY, **asked)
    return [(finding.code, finding.place, dict(finding.numbers)) for finding in report.findings]


def codes(files, **asked):
    return [code for code, _place, _numbers in found(files, **asked)]


def flipped(raw, place):
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def change_entry(files, path, place):
    entries = decode_bundle(files[path])
    entries[place] = b"forged"
    files[path] = encode_bundle(entries)


class TestSoundLog:
    def test_is_found_sound(self, files, published):
        told = []
        report = audit(
            MemoryStorage(files),
            POLICY,
            remembered=Checkpoint.parse(published.older.text),
            at=AT + 60,
            max_age_seconds=3600,
            progress=lambda done, size: told.append((done, size)),
        )
        assert report.is_sound
        assert report.checkpoint.size == SIZE
        assert list(report.judgement.witnesses) == ["parents"]
        assert told[-1] == (SIZE, SIZE)

    @pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 65_536])
    def test_is_found_sound_at_every_size(self, size):
        storage = MemoryStorage()
        log = Log(storage, origin=ORIGIN)
        log.append([b"%d" % number for number in range(size)])
        assert check_tree(storage, Checkpoint(ORIGIN, size, log.root())) == []
        assert [finding.code for finding in check_tree(storage, Checkpoint(ORIGIN, size, bytes(32)))] == [
            Code.ROOT_DIFFERS
        ]


class TestTamperDrill:
    @pytest.mark.parametrize(("path", "place", "index"), [
        ("tile/entries/000", 7, 7),
        ("tile/entries/257", 255, 66_047),
        ("tile/entries/258.p/52", 51, 66_099),
    ])  # fmt: skip
    def test_names_an_edited_entry(self, files, path, place, index):
        change_entry(files, path, place)
        assert found(files) == [(Code.ENTRY_CHANGED, path, {"first": index, "entries": 1})]

    @pytest.mark.parametrize(("path", "place", "first", "entries"), [
        ("tile/0/003", 5, 773, 1),
        ("tile/0/258.p/52", 51, 66_099, 1),
        ("tile/1/000", 9, 2_304, 256),
        ("tile/1/001.p/2", 0, 65_536, 256),
        ("tile/2/000.p/1", 0, 0, 65_536),
    ])  # fmt: skip
    def test_names_an_edited_tile_of_any_level(self, files, path, place, first, entries):
        files[path] = flipped(files[path], place * 32)
        assert found(files) == [(Code.TILE_CHANGED, path, {"first": first, "entries": entries})]

    def test_names_entries_edited_together_with_their_tile(self, files):
        change_entry(files, "tile/entries/003", 5)
        hashes = bytearray(files["tile/0/003"])
        hashes[5 * 32 : 6 * 32] = leaf_hash(b"forged")
        files["tile/0/003"] = bytes(hashes)
        assert found(files) == [(Code.SUBTREE_CHANGED, "tile/0/003", {"first": 768, "entries": 256})]

        row = files["tile/0/003"]
        for _height in range(8):
            row = parent_row(row)
        upper = bytearray(files["tile/1/000"])
        upper[3 * 32 : 4 * 32] = row
        files["tile/1/000"] = bytes(upper)
        assert found(files) == [(Code.SUBTREE_CHANGED, "tile/1/000", {"first": 0, "entries": 65_536})]

    def test_names_an_edited_head(self, files):
        note = Note.parse(files["checkpoint"])
        forged = Note(Checkpoint(ORIGIN, SIZE, bytes(32)).text, note.signatures)
        files["checkpoint"] = forged.raw
        assert found(files) == [
            (Code.SIGNATURE_WRONG, "checkpoint", {}),
            (Code.ROOT_DIFFERS, "checkpoint", {"size": SIZE}),
        ]

    def test_names_a_whole_tree_computed_anew_without_the_key(self, files, published):
        rewritten = MemoryStorage()
        Log(rewritten, origin=ORIGIN).append([b"another", *published.entries[1:]])
        rewritten.files["checkpoint"] = files["checkpoint"]
        assert codes(rewritten.files) == [Code.ROOT_DIFFERS]

    def test_names_a_deleted_tail_once(self, files):
        for index in ("256", "257", "258.p/52"):
            del files[f"tile/entries/{index}"], files[f"tile/0/{index}"]
        assert found(files) == [(Code.TAIL_MISSING, "tile/entries/256", {"first": 65_536, "entries": 564})]

    def test_cannot_see_a_rollback_without_memory_or_clock(self, files, published):
        files["checkpoint"] = published.older.raw
        assert codes(files) == []

    def test_names_a_rollback_to_an_older_signed_head_by_what_is_remembered(self, files, published):
        remembered = Checkpoint.parse(Note.parse(files["checkpoint"]).text)
        files["checkpoint"] = published.older.raw
        assert found(files, remembered=remembered) == [
            (Code.ROLLED_BACK, "checkpoint", {"size": 60_000, "remembered": SIZE})
        ]

    def test_names_a_rollback_by_the_age_of_its_cosignature(self, files, published):
        files["checkpoint"] = published.older.raw
        asked = {"at": AT + 7200, "max_age_seconds": 3600}
        assert found(files, **asked) == [(Code.STALE, "checkpoint", {"seconds": 7200, "most": 3600})]

    def test_names_a_history_rewritten_with_the_real_key(self, published):
        rewritten = MemoryStorage()
        log = Log(rewritten, origin=ORIGIN)
        log.append([b"another", *published.entries[1:]])
        log.checkpoint(LOG)
        older = Checkpoint.parse(published.older.text)
        assert found(rewritten.files, remembered=older) == [
            (Code.QUORUM_SHORT, "checkpoint", {"witnesses": 0, "needed": 1}),
            (Code.REWRITTEN, "checkpoint", {"size": SIZE, "remembered": 60_000}),
        ]
        same_size = Checkpoint(ORIGIN, SIZE, published.log.root())
        assert codes(rewritten.files, remembered=same_size) == [Code.QUORUM_SHORT, Code.FORKED]

    def test_names_several_changes_at_once(self, files):
        change_entry(files, "tile/entries/000", 7)
        files["tile/0/100"] = flipped(files["tile/0/100"], 0)
        files["tile/1/001.p/2"] = flipped(files["tile/1/001.p/2"], 0)
        assert codes(files) == [Code.ENTRY_CHANGED, Code.TILE_CHANGED, Code.TILE_CHANGED]

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(st.data())
    def test_finds_any_changed_byte_of_any_file(self, data):
        storage = MemoryStorage()
        log = Log(storage, origin=ORIGIN)
        size = data.draw(st.sampled_from([1, 200, 256, 300, 700]))
        log.append([b"entry %d" % number for number in range(size)])
        storage.files["checkpoint"] = sign(Checkpoint(ORIGIN, size, log.root()).text, [LOG, WITNESS], at=AT).raw
        del storage.files["state"]
        path = data.draw(st.sampled_from(sorted(storage.files)))
        content = storage.files[path]
        storage.files[path] = flipped(content, data.draw(st.integers(0, len(content) - 1)))
        assert codes(storage.files) != []


class TestMissingAndMalformedFiles:
    def test_are_named_and_the_rest_is_checked(self, files):
        del files["tile/entries/003"], files["tile/0/004"], files["tile/1/000"]
        files["tile/entries/005"] = files["tile/entries/005"][:-1]
        files["tile/entries/006"] = encode_bundle([b"one"])
        files["tile/0/007"] = bytes(31)
        change_entry(files, "tile/entries/200", 0)
        said = {(code, place) for code, place, _numbers in found(files)}
        assert said >= {
            (Code.BUNDLE_MISSING, "tile/entries/003"),
            (Code.TILE_MISSING, "tile/0/004"),
            (Code.TILE_MISSING, "tile/1/000"),
            (Code.BUNDLE_MALFORMED, "tile/entries/005"),
            (Code.BUNDLE_MALFORMED, "tile/entries/006"),
            (Code.TILE_MALFORMED, "tile/0/007"),
        }
        assert any("200" in place for _code, place in said)

    def test_of_both_forms_leave_the_rest_to_the_tile_above(self, files):
        del files["tile/entries/003"], files["tile/0/003"]
        change_entry(files, "tile/entries/000", 0)
        assert codes(files) == [Code.ENTRY_CHANGED, Code.BUNDLE_MISSING, Code.TILE_MISSING]

    def test_of_a_missing_upper_tile_are_found_too(self, files):
        del files["tile/2/000.p/1"]
        assert codes(files) == [Code.TILE_MISSING]

    def test_leave_what_is_remembered_unasked(self, files, published):
        del files["tile/entries/003"], files["tile/0/003"]
        older = Checkpoint.parse(published.older.text)
        assert codes(files, remembered=older) == [Code.BUNDLE_MISSING, Code.TILE_MISSING]


class TestHead:
    def test_must_be_there_and_be_one(self, files):
        assert codes({}) == [Code.HEAD_MISSING]
        files["checkpoint"] = b"hello"
        assert codes(files) == [Code.HEAD_MALFORMED]
        files["checkpoint"] = sign("a letter\n", [LOG], at=0).raw
        assert codes(files) == [Code.HEAD_MALFORMED]

    def test_must_be_signed_by_a_log_of_the_policy(self, files, published):
        other = Ed25519Signer("log.example/other", bytes(32))
        files["checkpoint"] = sign(Checkpoint("log.example/other", SIZE, published.log.root()).text, [other], at=0).raw
        assert codes(files) == [Code.LOG_UNKNOWN]

    def test_is_spoilt_by_a_wrong_cosignature(self, files):
        note = Note.parse(files["checkpoint"])
        wrong = SignatureLine(WITNESS.verifier.name, key_id(WITNESS.verifier), bytes(72))
        files["checkpoint"] = note.merged([wrong]).raw
        assert codes(files) == [Code.SIGNATURE_WRONG]

    def test_needs_a_time_when_an_age_is_asked_for(self, published, files):
        policy = Policy.of_log(write_vkey(LOG.verifier))
        report = audit(MemoryStorage(files), policy, at=AT, max_age_seconds=60)
        assert [finding.code for finding in report.findings] == [Code.NO_TIME]
        assert audit(MemoryStorage(files), policy, at=AT).is_sound

    def test_may_not_come_from_the_future(self, files):
        assert found(files, at=AT - 61) == [(Code.TIME_AHEAD, "checkpoint", {"seconds": 61})]
        assert codes(files, at=AT - 60) == []

    def test_of_an_empty_log_is_sound(self):
        text = Checkpoint(ORIGIN, 0, empty_root()).text
        assert codes({"checkpoint": sign(text, [LOG, WITNESS], at=AT).raw}) == []


class TestAdvice:
    def test_is_given_for_every_finding_in_both_languages(self):
        assert set(ADVICE) == set(Code)
        assert all(advice.zh and advice.en for advice in ADVICE.values())

    def test_comes_with_the_finding(self, files):
        del files["checkpoint"]
        (finding,) = audit(MemoryStorage(files), POLICY).findings
        assert finding.advice is ADVICE[Code.HEAD_MISSING]


def test_every_file_of_the_published_log_belongs_to_it(published):
    belongs = {tile.path for tile in (*tiles_of(SIZE), *bundles_of(SIZE))}
    assert set(published.storage.files) == belongs | {"checkpoint", "state"}
