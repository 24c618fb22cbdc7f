"""What an audit of a log finds, where, and what to do about it, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """What is wrong."""

    HEAD_MISSING = "HEAD_MISSING"
    HEAD_MALFORMED = "HEAD_MALFORMED"
    LOG_UNKNOWN = "LOG_UNKNOWN"
    SIGNATURE_WRONG = "SIGNATURE_WRONG"
    QUORUM_SHORT = "QUORUM_SHORT"
    NO_TIME = "NO_TIME"
    STALE = "STALE"
    TIME_AHEAD = "TIME_AHEAD"
    ROLLED_BACK = "ROLLED_BACK"
    FORKED = "FORKED"
    REWRITTEN = "REWRITTEN"
    ROOT_DIFFERS = "ROOT_DIFFERS"
    ENTRY_CHANGED = "ENTRY_CHANGED"
    SUBTREE_CHANGED = "SUBTREE_CHANGED"
    TILE_CHANGED = "TILE_CHANGED"
    TILE_MISSING = "TILE_MISSING"
    TILE_MALFORMED = "TILE_MALFORMED"
    BUNDLE_MISSING = "BUNDLE_MISSING"
    BUNDLE_MALFORMED = "BUNDLE_MALFORMED"
    TAIL_MISSING = "TAIL_MISSING"


@dataclass(frozen=True)
class Advice:
    """One sentence in both languages."""

    zh: str
    en: str


_RESTORE = Advice(
    "先原样保全现有文件作为证据，再从另一份副本恢复该文件，并重新核验。",
    "keep the present files as evidence, restore this file from another copy, and audit again",
)
_CONFRONT = Advice(
    "这证明日志运营方对外给出了两份不同的历史：保全两份检查点，交见证方与监督部门核查，在查清之前不再采信该日志。",
    "this proves two different histories: keep both heads, hand them to the witnesses and the supervisor, and do not "
    "rely on the log until it is explained",
)
_FRESH = Advice(
    "可能被隐瞒了更新的记录：向另一处镜像或见证方索取最新检查点，再与本次结果比对。",
    "newer records may be withheld: ask another mirror or a witness for the latest head and compare",
)

ADVICE: Mapping[Code, Advice] = {
    Code.HEAD_MISSING: Advice(
        "没有检查点，无法核验：核对地址，或向另一处镜像索取。",
        "there is no head to check against: check the address, or ask another mirror",
    ),
    Code.HEAD_MALFORMED: Advice(
        "检查点不合格式：从另一处镜像或见证方取得原件。",
        "the head is not of its form: get it from another mirror or a witness",
    ),
    Code.LOG_UNKNOWN: Advice(
        "检查点不是由策略所列的日志签署：核对策略文件与日志名称。",
        "no log of the policy signed the head: check the policy file and the log's name",
    ),
    Code.SIGNATURE_WRONG: Advice(
        "检查点的签名不成立，内容已被改动：保全该文件，从另一处镜像或见证方取得原件。",
        "a signature of the head does not hold, its content was changed: keep the file, get the original from another "
        "mirror or a witness",
    ),
    Code.QUORUM_SHORT: Advice(
        "见证方人数不足，这份历史可能只给您一个人看过：等待补齐，或向见证方直接查询。",
        "too few witnesses have seen this head, it may have been shown to you alone: wait for more, or ask a witness",
    ),
    Code.NO_TIME: _FRESH,
    Code.STALE: _FRESH,
    Code.TIME_AHEAD: Advice(
        "见证时间晚于当前时间：核对本机时钟；若时钟无误，请见证方核对其时钟。",
        "a witness states a time that has not come: check this machine's clock, then the witness's",
    ),
    Code.ROLLED_BACK: Advice(
        "日志比您记得的更短，尾部被删去或换回了旧备份：保全记得的检查点作为证据，要求运营方恢复全部记录。",
        "the log is shorter than the head you remember, its tail was removed or an old backup restored: keep the "
        "remembered head as evidence and demand the whole log",
    ),
    Code.FORKED: _CONFRONT,
    Code.REWRITTEN: _CONFRONT,
    Code.ROOT_DIFFERS: Advice(
        "各文件彼此相符，却与检查点不符：或是检查点被改，或是整棵树被重算；用另一份副本比对，找出从哪一条起不同。",
        "the files fit one another and not the head: the head was changed, or the whole tree computed anew; compare "
        "with another copy to find the first entry that differs",
    ),
    Code.ENTRY_CHANGED: _RESTORE,
    Code.SUBTREE_CHANGED: _RESTORE,
    Code.TILE_CHANGED: _RESTORE,
    Code.TILE_MISSING: _RESTORE,
    Code.TILE_MALFORMED: _RESTORE,
    Code.BUNDLE_MISSING: _RESTORE,
    Code.BUNDLE_MALFORMED: _RESTORE,
    Code.TAIL_MISSING: Advice(
        "日志尾部的文件全部缺失：要求运营方补齐；此前的记录已核验，缺失部分的条数见“entries”。",
        "all files at the end of the log are missing: demand them; what comes before was checked, `entries` counts "
        "what is missing",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    ``place`` is the path of a file. ``numbers`` of a file are the entries that are touched, ``{"first": index,
    "entries": count}``; of a head what is compared: ``{"size", "remembered"}``, ``{"witnesses", "needed"}``,
    ``{"seconds", "most"}``.
    """

    code: Code
    place: str
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def advice(self) -> Advice:
        """What to do."""
        return ADVICE[self.code]
