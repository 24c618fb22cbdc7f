"""What Cardinal's indicators share: the pre-filter, final processes, prices, and whose bid is whose."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from qingqu.engines.redflags.expressions import ref
from qingqu.engines.redflags.frames import Frames

FAMILY = "CARDINAL"
SOURCE = "Open Contracting Partnership, Red flags in public procurement; cardinal-rs"

BESIDE = (
    "该供应商涉及 %(n)s 个被提示的项目，明细见所列项目。",
    "This supplier took part in %(n)s hinted processes, listed as evidence.",
)
"""What is said of a supplier named beside the process."""

FINAL_STATUSES = ("active", "cancelled", "unsuccessful")
NOT_SUBMITTED = ("invited", "withdrawn")


def processes(frames: Frames) -> ir.Table:
    """The contracting processes that are looked at: not cancelled, not of an excluded method detail."""
    tender, excluded = frames["tender"], frames.shared.excluded_method_details
    kept = tender.filter(tender.status.fill_null("") != "cancelled")
    if excluded:
        kept = kept.filter(~kept.method_detail.fill_null("").isin(excluded))
    return kept.mutate(
        year=ibis.coalesce(
            kept.published_on.year().cast("string"), kept.closes_at.year().cast("string"), ibis.literal("")
        )
    )


def compared(frames: Frames) -> ir.Table:
    """The processes whose prices are compared; the allow list wins over the deny list."""
    table, shared = frames.derived(processes), frames.shared
    if shared.price_comparison_methods is not None:
        return table.filter(table.method_detail.isin(shared.price_comparison_methods))
    if shared.no_price_comparison_methods:
        return table.filter(~table.method_detail.fill_null("").isin(shared.no_price_comparison_methods))
    return table


def final(frames: Frames) -> ir.Table:
    """The ids of processes whose awards all have a final status or none; an empty array of awards is final."""
    award = frames["award"]
    states = award.group_by("tender_id").aggregate(
        open_awards=(award.status.notnull() & ~award.status.isin(FINAL_STATUSES)).sum()
    )
    table = frames.derived(processes)
    table = table.filter(table.has_awards, table.has_bids)
    joined = table.left_join(states, table.tender_id == states.tender_id)
    return joined.filter(joined.open_awards.fill_null(0) == 0).select("tender_id", "unit_id", "year")


def active_awards(frames: Frames) -> ir.Table:
    """One row a process with an active award: how many there are."""
    award = frames["award"]
    active = award.filter(award.status == "active")
    return active.group_by("tender_id").aggregate(active_count=active.count())


def single_winners(frames: Frames) -> ir.Table:
    """Final processes with exactly one active award to exactly one supplier: ``(tender_id, winner_id, award_id)``."""
    award, link = frames["award"], frames["award_supplier"]
    active = award.filter(award.status == "active")
    one = active.group_by("tender_id").aggregate(
        active_count=active.count(), award_id=active.award_id.max(), suppliers_count=active.suppliers_count.max()
    )
    one = one.filter(one.active_count == 1, one.suppliers_count == 1)
    winner = link.filter(link.id_is_text).select("tender_id", "award_id", winner_id=link.supplier_id)
    table = frames.derived(final)
    return (
        table.join(one, "tender_id")
        .join(winner, ["tender_id", "award_id"])
        .select("tender_id", "unit_id", "year", "award_id", "winner_id")
    )


def submitted_bids(frames: Frames) -> ir.Table:
    """The bids of the looked-at processes whose status is set and neither invited nor withdrawn."""
    bid = frames["bid"].select("tender_id", "bid_id", "position", "tenderers_count", "amount", "amount_fen", "currency",
                               "status", "submitted_raw", "submitted_at")  # fmt: skip
    bid = bid.filter(bid.status.notnull() & ~bid.status.isin(NOT_SUBMITTED))
    table = frames.derived(processes).select("tender_id", "unit_id", "year")
    bid = bid.join(table, "tender_id")
    return bid.mutate(
        price=ibis.coalesce(bid.amount, bid.amount_fen / 100.0),
        bid_ref=ref("bid", tender_id=bid.tender_id, bid_id=bid.bid_id),
    )


def tenderers(frames: Frames) -> ir.Table:
    """The tenderers of bids whose id is text: ``(tender_id, bid_id, supplier_id)``."""
    link = frames["bid_tenderer"]
    return link.filter(link.id_is_text).select("tender_id", "bid_id", "supplier_id")


def single_bids(frames: Frames) -> ir.Table:
    """The valid bids of exactly one tenderer whose id is text, with that tenderer."""
    bid = frames.derived(submitted_bids)
    bid = bid.filter(bid.status == "valid", bid.tenderers_count == 1)
    return bid.join(frames.derived(tenderers), ["tender_id", "bid_id"])


def winners(frames: Frames) -> ir.Table:
    """The suppliers of any active award of a looked-at process: ``(tender_id, supplier_id)``, each once."""
    award, link = frames["award"], frames["award_supplier"]
    active = award.filter(award.status == "active").select("tender_id", "award_id")
    link = link.filter(link.id_is_text).select("tender_id", "award_id", "supplier_id")
    return active.join(link, ["tender_id", "award_id"]).select("tender_id", "supplier_id").distinct()
