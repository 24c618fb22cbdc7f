"""A ceremony on its way, made by the product's own operations: who takes part, and how far it has come."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from qingqu.engines.draw import commitment
from qingqu.kernel.draws import operations, queries, rules
from qingqu.kernel.draws.models import Ceremony, Draw, Party
from qingqu.kernel.draws.types import SourceKind, Terms
from qingqu.kernel.ledger import installation
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Person, Post, Unit
from qingqu.kernel.org.types import Actor, Role
from tests.factories import AT, actor, make_unit, seat

HOUR = timedelta(hours=1)
COMMIT_BY, REVEAL_BY, SOURCE_AT = AT + 2 * HOUR, AT + 4 * HOUR, AT + 5 * HOUR
THROWS = 20
DICE = "35162442631553126415"
TERMS = Terms(COMMIT_BY, REVEAL_BY, SOURCE_AT, SourceKind.DICE, THROWS)
SCHOOLS = "第一小学，高风险\n第二小学，高风险\n第三小学，高风险\n第四小学，低风险\n第五小学，低风险\n第六小学，低风险"
COUNTS = "高风险，1，1\n低风险，1，1"
PEOPLE = "张三\n李四\n王五\n赵六"
SENTENCES = {"区教育局": "愿每一所学校都经得起检查", "派驻纪检组": "抽到谁就是谁", "家长代表": "为了孩子"}


def log_it(at: datetime = AT) -> None:
    """Commit what waits to the public log."""
    ledger.sequence(at=at, vault=installation.vault())


def nonce(name: str) -> str:
    """The random number of a party: the same every time, because this is a test."""
    return name.encode().hex().ljust(64, "0")[:64]


def committed(name: str) -> str:
    """What a party hands in."""
    return commitment(SENTENCES[name], bytes.fromhex(nonce(name))).hex()


@dataclass
class Stage:
    """A district, two organisers, two posts that are parties, an outside body, a principal elsewhere; the ceremony."""

    row: Ceremony = field(init=False)
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Seat everybody and prepare the ceremony with two rosters and three parties."""
        self.root = make_unit()
        self.school = make_unit("第一小学", parent=self.root, kind="PRIMARY")
        self.seated = {
            "organiser": seat(Role.DISCIPLINE, self.root, "组织人"),
            "second": seat(Role.OFFICE, self.root, "核对人"),
            "区教育局": seat(Role.LEADER, self.root, "局领导"),
            "派驻纪检组": seat(Role.AUDITOR, self.root, "纪检员"),
            "principal": seat(Role.PRINCIPAL, self.school, "校长"),
        }
        self.row = self.prepared()
        self.with_roster()
        for name in ("区教育局", "派驻纪检组"):
            self.act("put_party", name=name, post=self.post(name))
        self.secrets["家长代表"] = self.act("put_party", name="家长代表", post=None, speaks_for="家长委员会")[1]

    @cached_property
    def organiser(self) -> Actor:
        """Whoever organises."""
        return self.actor("organiser")

    def actor(self, name: str) -> Actor:
        """Somebody as an actor."""
        return actor(self.seated[name])

    def person(self, name: str) -> Person:
        """Somebody as a person."""
        return self.seated[name]

    def post(self, name: str) -> Post:
        """Somebody's post."""
        return Post.objects.get(appointments__person=self.seated[name])

    def prepared(self, *, unit: Unit | None = None, terms: Terms = TERMS) -> Ceremony:
        """A ceremony without rosters and parties."""
        return operations.prepare(
            title="秋季收费检查",
            purpose="按风险等级抽取学校",
            unit=unit or self.root,
            terms=terms,
            at=AT,
            actor=self.organiser,
        )

    def with_roster(self, kind: str = "SCHOOLS", text: str = SCHOOLS, counts: str = COUNTS, **given: Any) -> Draw:
        """Add a draw."""
        return operations.put_draw(
            ceremony=self.row,
            title="被检查学校",
            kind=kind,
            given=rules.lines(text),
            counts=counts,
            at=AT,
            actor=self.organiser,
            **given,
        )

    def act(self, step: str, *, at: datetime = AT, by: str = "organiser", **given: Any) -> Any:
        """Somebody takes a step."""
        done = getattr(operations, step)(ceremony=self.row, at=at, actor=self.actor(by), **given)
        self.row.refresh_from_db()
        return done

    def party(self, name: str) -> Party:
        """A party."""
        return self.row.parties.get(name=name)

    def who(self, name: str) -> dict[str, Any]:
        """How a party shows that it is the one."""
        return {"secret": self.secrets[name]} if name in self.secrets else {"actor": self.actor(name)}

    def commit(self, name: str, *, at: datetime = AT, **given: Any) -> Party:
        """A party commits."""
        facts = {"commitment": committed(name)} | self.who(name) | given
        done = operations.commit(party=self.party(name), at=at, **facts)
        self.row.refresh_from_db()
        return done

    def reveal(self, name: str, *, at: datetime = COMMIT_BY + HOUR, **given: Any) -> Party:
        """A party reveals."""
        facts = {"contribution": SENTENCES[name], "nonce": nonce(name)} | self.who(name) | given
        done = operations.reveal(party=self.party(name), at=at, **facts)
        self.row.refresh_from_db()
        return done

    def frozen(self) -> "Stage":
        """The rosters frozen and in the log."""
        self.act("freeze")
        log_it()
        return self

    def all_committed(self) -> "Stage":
        """Every party has committed."""
        self.frozen()
        for name in SENTENCES:
            self.commit(name)
        return self

    def two_revealed(self) -> "Stage":
        """The parents' representative does not reveal."""
        self.all_committed()
        for name in ("区教育局", "派驻纪检组"):
            self.reveal(name)
        return self

    def with_source(self) -> "Stage":
        """The dice have fallen, and two people read them."""
        self.two_revealed()
        self.act("record_source", at=SOURCE_AT, value=DICE)
        self.act("confirm_source", at=SOURCE_AT, value=DICE, by="second")
        return self

    def drawn(self) -> "Stage":
        """It is drawn."""
        self.with_source()
        self.act("draw", at=SOURCE_AT)
        return self

    @property
    def draw(self) -> Draw:
        """The first draw with its roster."""
        return self.row.draws.select_related("result").order_by("id")[0]

    def kinds(self) -> list[str]:
        """What has been recorded, oldest first."""
        return [each.event.kind for each in queries.in_the_log(self.row)]
