"""One OCDS release as the rows of the flat mart, arrays' shapes and source order kept.

Rules that the eleven Cardinal indicators depend on: a missing status stays null; an absent array differs
from an empty one; ids that were numbers are marked; joint bids keep the length of their array, parties
without an id included; bids keep their position; raw date texts stand beside the parsed moments.
"""

from collections import Counter
from datetime import date
from typing import Any

from qingqu.engines.redflags.load.values import (
    Notes,
    array,
    day,
    identifier,
    instant,
    money,
    number,
    obj,
    objects,
    text,
    whole,
)

TABLES = (
    "supplier",
    "tender",
    "lot",
    "bid",
    "bid_tenderer",
    "award",
    "award_supplier",
    "award_item",
    "contract",
)
NO_UNIT = "UNASSIGNED"
USCC_SCHEMES = {"CN-USCC", "CN-USCI"}
PARTY_ROLES = {"supplier", "tenderer"}

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def flatten(
    release: dict[str, Any], *, line: int, unit_id: str | None, source: str, notes: Notes | None = None
) -> Rows:
    """The mart rows of a release: ``{table: [row, …]}`` for every table of ``TABLES``, rows being ``{column: value}``.

    ``unit_id`` None means the buyer of each release (or its procuring entity). ``notes`` counts what
    was changed on the way, by code of ``errors.NOTES``. The release must have an ``ocid`` that is text.
    """
    return _Flattening(release, line=line, unit_id=unit_id, source=source, notes=notes).rows


class _Flattening:
    """The state of one flattening: the rows so far and what every row shares."""

    def __init__(self, release: Row, *, line: int, unit_id: str | None, source: str, notes: Notes | None) -> None:
        """Flattens at once; the result is in ``rows``."""
        self.rows: Rows = {table: [] for table in TABLES}
        self.notes: Notes = Counter() if notes is None else notes
        self.release = release
        self.ocid: str = release["ocid"]
        self.tender = obj(release.get("tender"))
        self.suppliers: set[str] = set()
        self.lots: set[str] = set()
        self.award_money: dict[str, tuple[int | None, str | None]] = {}
        self.award_winners: dict[str, list[str]] = {}
        self.buyer, buyer_is_text = self._party(release.get("buyer"))
        self.entity, entity_is_text = self._party(self.tender.get("procuringEntity"))
        self.ids_are_text = buyer_is_text and entity_is_text
        unit = unit_id or self.buyer or self.entity or NO_UNIT
        self.shared = {"unit_id": unit, "source": source, "source_row": line}
        self._tender()
        self._lots()
        self._parties()
        self._bids()
        self._awards()
        self._contracts()

    def _add(self, table: str, row: Row) -> None:
        """One more row of a table, with the columns every row has."""
        row.update(self.shared)
        self.rows[table].append(row)

    def _party(self, reference: object) -> tuple[str | None, bool]:
        """The id an organisation reference carries and whether it was text."""
        return identifier(obj(reference).get("id"), self.notes)

    def _tender(self) -> None:
        """The one row of the contracting process."""
        tender, notes = self.tender, self.notes
        period = obj(tender.get("tenderPeriod"))
        _, estimate, currency = money(tender.get("value"), notes)
        row: Row = {
            "tender_id": self.ocid,
            "plan_id": None,
            "title": text(tender.get("title")) or text(tender.get("description")),
            "category": text(tender.get("mainProcurementCategory")),
            "method": text(tender.get("procurementMethod")),
            "method_detail": text(tender.get("procurementMethodDetails")),
            "status": text(tender.get("status")),
            "estimate_fen": estimate,
            "currency": currency,
            "published_on": self._published(tender, "tenderNotice"),
            "opens_at": instant(period.get("startDate"), notes),
            "closes_at": instant(period.get("endDate"), notes),
            "opens_raw": text(period.get("startDate")),
            "closes_raw": text(period.get("endDate")),
            "opened_at": instant(obj(tender.get("bidOpening")).get("date"), notes),
            "bid_bond_fen": None,
            "tenderers_count": whole(tender.get("numberOfTenderers")),
            "buyer_id": self.buyer,
            "procuring_entity_id": self.entity,
            "agent_id": None,
            "rationale": text(tender.get("procurementMethodRationale")),
            "is_framework": self._framework(),
            "has_awards": isinstance(self.release.get("awards"), list),
            "has_bids": isinstance(obj(self.release.get("bids")).get("details"), list),
            "ids_are_text": self.ids_are_text,
        }
        self._add("tender", row)

    def _framework(self) -> bool | None:
        """Whether the release says it is a framework agreement."""
        said = obj(self.tender.get("techniques")).get("hasFrameworkAgreement")
        return said if isinstance(said, bool) else None

    def _published(self, part: Row, kind: str) -> date | None:
        """The day a notice came out: the part's own, or that of its first document of the kind."""
        own = part.get("datePublished")
        if own is None:
            documents = objects(part.get("documents"))
            own = next((entry.get("datePublished") for entry in documents if entry.get("documentType") == kind), None)
        return day(own, self.notes)

    def _lots(self) -> None:
        """The lots of the tender; their ids are unique within a process only, so the ocid goes before."""
        for lot in objects(self.tender.get("lots")):
            found, _ = identifier(lot.get("id"), self.notes)
            if found is None or found in self.lots:
                continue
            self.lots.add(found)
            _, estimate, currency = money(lot.get("value"), self.notes)
            self._add(
                "lot",
                {
                    "lot_id": f"{self.ocid}/{found}",
                    "tender_id": self.ocid,
                    "category": text(lot.get("mainProcurementCategory")),
                    "quantity": None,
                    "unit": None,
                    "estimate_fen": estimate,
                    "currency": currency,
                },
            )

    def _lot_of(self, part: Row) -> str | None:
        """The one lot a bid or award is for; None when it is for none or several."""
        related = part.get("relatedLots")
        if not isinstance(related, list) or len(related) != 1:
            return None
        found, _ = identifier(related[0], self.notes)
        return f"{self.ocid}/{found}" if found in self.lots else None

    def _parties(self) -> None:
        """The suppliers and tenderers among the parties, with what is known of them."""
        for party in objects(self.release.get("parties")):
            roles = party.get("roles")
            if isinstance(roles, list) and PARTY_ROLES.intersection(role for role in roles if isinstance(role, str)):
                found, _ = identifier(party.get("id"), self.notes)
                if found is not None:
                    self._supplier(found, party)

    def _supplier(self, found: str, party: Row) -> None:
        """The row of a supplier, once per release; phone and address wait for a district's key to hash them."""
        if found in self.suppliers:
            return
        self.suppliers.add(found)
        known = obj(party.get("identifier"))
        self._add(
            "supplier",
            {
                "supplier_id": found,
                "uscc": text(known.get("id")) if known.get("scheme") in USCC_SCHEMES else None,
                "name": text(party.get("name")) or text(known.get("legalName")) or found,
                "name_core": None,
                "legal_person": None,
                "phone": None,
                "address": None,
                "bank_account": None,
                "registered_on": None,
                "debarred_until": None,
            },
        )

    def _named(self, entries: list[Any]) -> list[str]:
        """The id each entry of an array is stored under: its own, or ``#position`` when absent or repeated."""
        taken: set[str] = set()
        names = []
        for position, entry in enumerate(entries, 1):
            found, _ = identifier(obj(entry).get("id"), self.notes)
            if found is None or found in taken:
                self.notes["ID_MISSING" if found is None else "ID_REPEATED"] += 1
                found = f"#{position}"
                while found in taken:
                    found = f"#{found}"
            taken.add(found)
            names.append(found)
        return names

    def _members(self, table: str, keys: Row, references: list[Any]) -> list[str]:
        """The link rows of a bid's tenderers or an award's suppliers; gives their ids in order, each once."""
        found: dict[str, Row] = {}
        for reference in references:
            party, is_text = self._party(reference)
            if party is None:
                self.notes["PARTY_WITHOUT_ID"] += 1
                continue
            if party in found:
                found[party]["id_is_text"] |= is_text
                continue
            found[party] = {**keys, "supplier_id": party, "id_is_text": is_text}
            self._add(table, found[party])
            self._supplier(party, obj(reference))
        return list(found)

    def _bids(self) -> None:
        """The bids in source order, and who made each."""
        details = obj(self.release.get("bids")).get("details")
        if not isinstance(details, list):
            return
        for position, (bid_id, entry) in enumerate(zip(self._named(details), details, strict=True), 1):
            bid = obj(entry)
            tenderers = array(bid.get("tenderers"))
            amount, units, currency = money(bid.get("value"), self.notes)
            self._add(
                "bid",
                {
                    "bid_id": bid_id,
                    "tender_id": self.ocid,
                    "lot_id": self._lot_of(bid),
                    "position": position,
                    "tenderers_count": len(tenderers),
                    "submitted_at": instant(bid.get("date"), self.notes),
                    "submitted_raw": text(bid.get("date")),
                    "amount_fen": units,
                    "amount": amount,
                    "currency": currency,
                    "status": text(bid.get("status")),
                    "bond_account": None,
                    "file_author": None,
                    "file_mac": None,
                    "file_hash": None,
                },
            )
            self._members("bid_tenderer", {"tender_id": self.ocid, "bid_id": bid_id}, tenderers)

    def _awards(self) -> None:
        """The awards, their suppliers and items."""
        awards = self.release.get("awards")
        if not isinstance(awards, list):
            return
        for award_id, entry in zip(self._named(awards), awards, strict=True):
            award = obj(entry)
            suppliers = array(award.get("suppliers"))
            amount, units, currency = money(award.get("value"), self.notes)
            self._add(
                "award",
                {
                    "award_id": award_id,
                    "tender_id": self.ocid,
                    "lot_id": self._lot_of(award),
                    "status": text(award.get("status")),
                    "suppliers_count": len(suppliers),
                    "decided_on": day(award.get("date"), self.notes),
                    "amount_fen": units,
                    "amount": amount,
                    "currency": currency,
                    "notice_on": self._published(award, "awardNotice"),
                },
            )
            keys = {"tender_id": self.ocid, "award_id": award_id}
            self.award_winners[award_id] = self._members("award_supplier", keys, suppliers)
            self.award_money[award_id] = (units, currency)
            self._items(keys, award)

    def _items(self, keys: Row, award: Row) -> None:
        """The items of an award, numbered by place."""
        for place, item in enumerate(objects(award.get("items")), 1):
            unit = obj(item.get("unit"))
            classification, _ = identifier(obj(item.get("classification")).get("id"), self.notes)
            _, price, currency = money(unit.get("value"), self.notes)
            self._add(
                "award_item",
                {
                    **keys,
                    "item_no": place,
                    "category": text(obj(item.get("classification")).get("description")),
                    "classification_id": classification,
                    "quantity": number(item.get("quantity")),
                    "unit": text(unit.get("name")),
                    "unit_price_fen": price,
                    "currency": currency,
                },
            )

    def _contracts(self) -> None:
        """The contracts with their award's supplier; one without supplier or amount is noted, not invented."""
        entries = self.release.get("contracts")
        if not isinstance(entries, list):
            return
        for name, entry in zip(self._named(entries), entries, strict=True):
            contract = obj(entry)
            award_id, _ = identifier(contract.get("awardID"), self.notes)
            winners = self.award_winners.get(award_id or "", [])
            _, units, currency = money(contract.get("value"), self.notes)
            if units is None:
                units, currency = self.award_money.get(award_id or "", (None, None))
            if not winners or units is None:
                self.notes["CONTRACT_INCOMPLETE"] += 1
                continue
            self.notes["SEVERAL_SUPPLIERS"] += len(winners) > 1
            period = obj(contract.get("period"))
            self._add(
                "contract",
                {
                    "contract_id": f"{self.ocid}/{name}",
                    "award_id": award_id,
                    "tender_id": self.ocid,
                    "supplier_id": winners[0],
                    "signed_on": day(contract.get("dateSigned"), self.notes),
                    "published_on": self._published(contract, "contractNotice"),
                    "filed_on": None,
                    "amount_fen": units,
                    "currency": currency,
                    "starts_on": day(period.get("startDate"), self.notes),
                    "ends_on": day(period.get("endDate"), self.notes),
                    "advance_share": None,
                    "retention_share": None,
                },
            )
