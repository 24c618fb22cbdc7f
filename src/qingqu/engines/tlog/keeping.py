"""Whether a log kept a promise: what the files show, with the witnesses' times as the clock nobody can turn back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qingqu.engines.tlog.audit import Report
from qingqu.engines.tlog.findings import Advice, Code
from qingqu.engines.tlog.hashing import HASH_SIZE
from qingqu.engines.tlog.log import read_tile
from qingqu.engines.tlog.notes import BadSignature, Note, NoteError, Unsigned
from qingqu.engines.tlog.policies import Judgement, Policy
from qingqu.engines.tlog.promises import Promise, PromiseError, open_promise
from qingqu.engines.tlog.storage import Readable
from qingqu.engines.tlog.tiles import TILE_WIDTH, Tile, TileError, width_at


class Standing(StrEnum):
    """What became of a promise."""

    KEPT = "KEPT"
    NOT_DUE = "NOT_DUE"
    OVERDUE = "OVERDUE"
    BROKEN = "BROKEN"
    MALFORMED = "MALFORMED"
    LOG_UNKNOWN = "LOG_UNKNOWN"
    SIGNATURE_WRONG = "SIGNATURE_WRONG"
    OTHER_LOG = "OTHER_LOG"
    LOG_UNSOUND = "LOG_UNSOUND"


ADVICE: Mapping[Standing, Advice] = {
    Standing.KEPT: Advice(
        "日志已如约收录这一条：可改为留存它的回执，回执不再依赖任何承诺。",
        "the log took the entry in as promised: keep its receipt instead, which rests on nobody's word",
    ),
    Standing.NOT_DUE: Advice(
        "期限未到，日志中还没有这一条：留存这份收录保证，到期后再核验。",
        "it is not due yet and not in the log yet: keep the promise and check again when it is due",
    ),
    Standing.OVERDUE: Advice(
        "按本机时钟期限已过，而这份日志里没有这一条；检查点没有见证时间能证明它晚于期限，可能只是旧副本："
        "取得最新且有见证的检查点，再核验一次。",
        "by this machine's clock it is overdue and this log does not have it, but no witness shows the head to be "
        "younger than the deadline, it may be an old copy: get the latest witnessed head and check again",
    ),
    Standing.BROKEN: Advice(
        "运营方违约：见证方在期限之后看到的日志里没有这一条。保全收录保证与检查点，两者合在一起即可向任何人证明，"
        "交监督部门核查。",
        "the operator broke its word: witnesses saw the log after the deadline without the entry. Keep the promise and "
        "the head, together they prove it to anybody, and hand them to the supervisor",
    ),
    Standing.MALFORMED: Advice(
        "这不是一份收录保证，或者已残缺：找出下载时的原件。",
        "this is not a promise, or not a whole one: find the file as it was downloaded",
    ),
    Standing.LOG_UNKNOWN: Advice(
        "收录保证不是由策略所列的日志签署：核对公钥或策略文件。",
        "no log of the policy made this promise: check the key or the policy file",
    ),
    Standing.SIGNATURE_WRONG: Advice(
        "收录保证的签名不成立，内容已被改动：它不能证明什么，找出下载时的原件。",
        "the signature of the promise does not hold, it was changed and proves nothing: find the file as downloaded",
    ),
    Standing.OTHER_LOG: Advice(
        "收录保证出自另一部日志：用它所写的那部日志来核验。",
        "the promise is of another log: check it against the log it names",
    ),
    Standing.LOG_UNSOUND: Advice(
        "日志本身没有通过核验，无从判断收录保证：先处理上面列出的问题，再用另一份副本核验。",
        "the log itself did not pass, so that nothing can be said of the promise: see what was found, then check it "
        "against another copy",
    ),
}

_HARMLESS = frozenset({Code.QUORUM_SHORT, Code.NO_TIME, Code.STALE})
"""Findings that leave it certain which leaves the log has."""


@dataclass(frozen=True)
class Answer:
    """What became of a promise; ``promise`` is None when it could not be read, ``index`` when no such leaf is there."""

    standing: Standing
    promise: Promise | None = None
    index: int | None = None

    @property
    def is_bad(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.standing not in {Standing.KEPT, Standing.NOT_DUE}

    @property
    def advice(self) -> Advice:
        """What it means and what to do."""
        return ADVICE[self.standing]


def check_promise(
    raw: bytes, policy: Policy, storage: Readable, report: Report, *, at: int, remembered: Note | None = None
) -> Answer:
    """Whether the log in ``storage``, of which ``report`` is the audit, kept a promise; ``at`` is the POSIX second.

    ``remembered`` is a head of the same log that the audit was given too: witnessed after the deadline and without the
    leaf it shows that the leaf came late. Raises NoteError or CheckpointError when that is not a head of the policy's.
    """
    try:
        promise = open_promise(raw, policy)
    except Unsigned:
        return Answer(Standing.LOG_UNKNOWN)
    except BadSignature:
        return Answer(Standing.SIGNATURE_WRONG)
    except (NoteError, PromiseError):
        return Answer(Standing.MALFORMED)
    judgement = report.judgement
    if judgement is None or any(finding.code not in _HARMLESS for finding in report.findings):
        return Answer(Standing.LOG_UNSOUND, promise)
    head = judgement.checkpoint
    if head.origin != promise.origin:
        return Answer(Standing.OTHER_LOG, promise)
    index = places(storage, head.size, [promise.leaf]).get(promise.leaf)
    heads = [judgement] if remembered is None else [judgement, policy.judge(remembered)]
    if any(_is_without(seen, index) and _is_after(seen, promise.due_at, policy) for seen in heads):
        return Answer(Standing.BROKEN, promise, index)
    if index is not None:
        return Answer(Standing.KEPT, promise, index)
    return Answer(Standing.NOT_DUE if at <= promise.due_at else Standing.OVERDUE, promise)


def places(storage: Readable, size: int, leaves: Collection[bytes]) -> dict[bytes, int]:
    """{hash of a leaf: the first index that has it} of those of ``leaves`` that a log of ``size`` holds.

    The tiles are trusted, as after an audit; one that is missing holds nothing.
    """
    wanted, found = set(leaves), dict[bytes, int]()
    for number in range(-(-size // TILE_WIDTH)):
        if not wanted:
            break
        try:
            row = read_tile(storage, Tile(0, number, width_at(0, number, size)), size=size)
        except TileError:
            continue
        for place in range(len(row) // HASH_SIZE):
            leaf = row[place * HASH_SIZE : (place + 1) * HASH_SIZE]
            if leaf in wanted:
                found[leaf] = number * TILE_WIDTH + place
                wanted.discard(leaf)
    return found


def _is_without(seen: Judgement, index: int | None) -> bool:
    return index is None or index >= seen.checkpoint.size


def _is_after(seen: Judgement, second: int, policy: Policy) -> bool:
    """Whether enough witnesses for the policy, and one at least, state that they saw the head after a second."""
    later = [name for name, signed in seen.witnesses.items() if signed.at is not None and signed.at > second]
    return bool(later) and policy.is_enough(later)
