"""One procurement process written row by row: lawful unless told otherwise."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from qingqu.site.demo.plants.ground import Ground
from qingqu.site.demo.world.book import account_of
from qingqu.site.demo.world.catalogue import ACCOUNTS, CATEGORIES, METHODS

_OPENING = time(1, 30)
"""Half past nine in the morning, in UTC."""


@dataclass(frozen=True)
class Offer:
    """One bid: who, how much, how it was judged, and how many minutes after the deadline it came (before: negative)."""

    supplier: str
    fen: int
    status: str = "valid"
    late_minutes: int = -90


@dataclass(frozen=True)
class Process:
    """What is special about one process; everything else follows the rules.

    ``wait_days`` from issue to closing, ``sign_days`` natural days from notice to signature, ``show_workdays``
    working days from signature to publication; ``pays`` is [(days after acceptance, share of the price)].
    """

    unit: str
    published: date
    offers: tuple[Offer, ...]
    trade: str = "GOODS"
    category: str = ""
    detail: str = "公开招标"
    estimate_fen: int = 0
    wait_days: int = 24
    winner: str = ""
    sign_days: int = 12
    show_workdays: int = 1
    deliver_days: int = 30
    pays: tuple[tuple[int, float], ...] = ((12, 1.0),)
    has_plan: bool = True


@dataclass(frozen=True)
class Written:
    """The ids of a written process."""

    tender: str
    contract: str
    supplier: str
    accepted: date
    payments: tuple[str, ...]


def write(ground: Ground, process: Process) -> Written:
    """Write the whole chain from plan to payment; returns its ids."""
    whole = _completed(process)
    tender = ground.new_id("QY-T")
    closes = ground.workday(whole.published + timedelta(days=whole.wait_days))
    if whole.detail == "公开招标" and whole.wait_days < _SHORT:
        closes = whole.published + timedelta(days=whole.wait_days)
    _tender(ground, whole, tender, closes)
    for position, offer in enumerate(whole.offers):
        _bid(ground, whole, tender, closes, position, offer)
    noticed = ground.workday(closes, 3)
    _award(ground, whole, tender, ground.workday(closes, 2), noticed)
    return _contract(ground, whole, tender, noticed)


_SHORT = 20
"""Below this many days the closing day is taken as given and not rolled to a working day."""


def pay(
    ground: Ground, *, unit: str, supplier: str, paid: date, fen: int, account: str = "30201",
    category: str = "05040101", contract: str | None = None, number: str = "", method: str = "DIRECT",
    paid_to: str = "",
) -> str:  # fmt: skip
    """One invoice and its payment; returns the payment's id."""
    payment = ground.new_id("PN")
    given = number or f"26{ground.chance(payment).integers(10**16, 10**18):018d}"
    invoice = f"I{payment}"
    ground.row(
        "invoice", invoice_id=invoice, supplier_id=supplier, contract_id=contract, unit_id=unit, number=given,
        number_norm=given.replace("-", "").lstrip("0"), kind="数电票", issued_on=paid - timedelta(days=6),
        amount_fen=fen,
    )  # fmt: skip
    ground.row(
        "payment", payment_id=payment, invoice_id=invoice, contract_id=contract, supplier_id=supplier, unit_id=unit,
        paid_on=paid, amount_fen=fen, account_code=account, category=category, method=method,
        payee_account=account_of(paid_to or supplier), approver_id=ground.head(unit),
        budget_id=f"B-{unit}-{paid.year}-{account}",
    )  # fmt: skip
    return payment


def _completed(process: Process) -> Process:
    """The process with its category, estimate and winner filled in: the lowest valid bid wins."""
    valid = [offer for offer in process.offers if offer.status == "valid"]
    winner = process.winner or min(valid, key=lambda offer: offer.fen).supplier
    return replace(
        process,
        category=process.category or CATEGORIES[process.trade][0],
        estimate_fen=process.estimate_fen or int(max(offer.fen for offer in process.offers) * 1.06),
        winner=winner,
    )


def _moment(day: date, minutes: int = 0) -> datetime:
    return datetime.combine(day, _OPENING, tzinfo=UTC) + timedelta(minutes=minutes)


def _raw(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _tender(ground: Ground, process: Process, tender: str, closes: date) -> None:
    account = ACCOUNTS[process.trade]
    plan = f"{tender}-P" if process.has_plan else None
    if plan:
        ground.row(
            "procurement_plan", plan_id=plan, unit_id=process.unit, category=process.category,
            budget_id=f"B-{process.unit}-{process.published.year}-{account}", method=METHODS[process.detail],
            planned_fen=process.estimate_fen, intended_on=process.published,
            published_on=process.published - timedelta(days=40),
        )  # fmt: skip
    opens, ends = _moment(process.published, -30), _moment(closes)
    ground.row(
        "tender", tender_id=tender, plan_id=plan, unit_id=process.unit, title="采购项目", category=process.category,
        method=METHODS[process.detail], method_detail=process.detail, status="complete",
        estimate_fen=process.estimate_fen, published_on=process.published, opens_at=opens, closes_at=ends,
        opens_raw=_raw(opens), closes_raw=_raw(ends), opened_at=ends, bid_bond_fen=process.estimate_fen // 100,
        tenderers_count=len(process.offers), buyer_id=process.unit, procuring_entity_id=process.unit, agent_id="AG03",
        is_framework=False, has_awards=True, has_bids=True, ids_are_text=True,
    )  # fmt: skip
    ground.row(
        "lot", lot_id=f"{tender}-1", tender_id=tender, unit_id=process.unit, category=process.category, quantity=1.0,
        unit="项", estimate_fen=process.estimate_fen,
    )  # fmt: skip


def _bid(ground: Ground, process: Process, tender: str, closes: date, position: int, offer: Offer) -> None:
    sent = _moment(closes, offer.late_minutes - position)
    name = str(position + 1)
    ground.row(
        "bid", bid_id=name, tender_id=tender, lot_id=f"{tender}-1", unit_id=process.unit, position=position,
        tenderers_count=1, submitted_at=sent, submitted_raw=_raw(sent), amount_fen=offer.fen, amount=offer.fen / 100,
        status=offer.status, bond_account=account_of(offer.supplier), file_author=f"author-{offer.supplier}",
        file_mac=f"mac-{offer.supplier}", file_hash=f"{tender}-{name}",
    )  # fmt: skip
    ground.row(
        "bid_tenderer", tender_id=tender, bid_id=name, supplier_id=offer.supplier, unit_id=process.unit, id_is_text=True
    )


def _award(ground: Ground, process: Process, tender: str, decided: date, noticed: date) -> None:
    fen = _price(process)
    award = f"{tender}-A"
    ground.row(
        "award", award_id=award, tender_id=tender, lot_id=f"{tender}-1", unit_id=process.unit, status="active",
        suppliers_count=1, decided_on=decided, amount_fen=fen, amount=fen / 100, notice_on=noticed,
    )  # fmt: skip
    ground.row(
        "award_supplier", tender_id=tender, award_id=award, supplier_id=process.winner, unit_id=process.unit,
        id_is_text=True,
    )  # fmt: skip
    ground.row(
        "award_item", tender_id=tender, award_id=award, item_no=1, category=process.category,
        classification_id=process.category, quantity=10.0, unit="套", unit_price_fen=fen // 10, unit_id=process.unit,
    )  # fmt: skip


def _price(process: Process) -> int:
    return min(offer.fen for offer in process.offers if offer.supplier == process.winner)


def _contract(ground: Ground, process: Process, tender: str, noticed: date) -> Written:
    contract, fen = f"{tender}-C", _price(process)
    signed = noticed + timedelta(days=process.sign_days)
    accepted = ground.workday(signed + timedelta(days=process.deliver_days))
    ground.row(
        "contract", contract_id=contract, award_id=f"{tender}-A", tender_id=tender, supplier_id=process.winner,
        unit_id=process.unit, signed_on=signed, published_on=ground.workday(signed, process.show_workdays),
        filed_on=ground.workday(signed, 5), amount_fen=fen, starts_on=signed, ends_on=accepted + timedelta(days=60),
        advance_share=0.0, retention_share=0.0,
    )  # fmt: skip
    staff = ground.world.staff_by_unit[process.unit]
    ground.row(
        "acceptance", acceptance_id=f"{contract}-Y", contract_id=contract, unit_id=process.unit, accepted_on=accepted,
        accepted_fen=fen, acceptor_ids="|".join(sorted((staff[3], staff[5]))), users_invited=True,
    )  # fmt: skip
    payments = tuple(
        pay(ground, unit=process.unit, supplier=process.winner, paid=accepted + timedelta(days=after),
            fen=int(fen * share), account=ACCOUNTS[process.trade], category=process.category, contract=contract,
            method=METHODS[process.detail])
        for after, share in process.pays
    )  # fmt: skip
    return Written(tender, contract, process.winner, accepted, payments)
