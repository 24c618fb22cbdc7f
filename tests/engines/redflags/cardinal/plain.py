"""Five of Cardinal's indicators as plain loops over releases: slow, obvious, and sharing no code with the engine."""

import math
from collections import defaultdict
from fractions import Fraction
from typing import Any

Results = dict[str, dict[str, dict[str, float]]]


def fused(times: float, factor: float, plus: float) -> float:
    return float(Fraction(times) * Fraction(factor) + Fraction(plus))


def quantile(values: list[float], share: float) -> float:
    ordered, height = sorted(values), (len(values) + 1.0 / 3.0) * share + 1.0 / 3.0
    floor = math.floor(height)
    if floor <= 0:
        return ordered[0]
    if floor >= len(ordered):
        return ordered[-1]
    return fused(height - floor, ordered[floor] - ordered[floor - 1], ordered[floor - 1])


def quartiles(values: list[float]) -> tuple[float, float]:
    return quantile(values, 0.25), quantile(values, 0.75)


def bids(release: dict[str, Any]) -> list[dict[str, Any]]:
    return [bid for bid in release["bids"]["details"] if bid.get("status") not in {None, "invited", "withdrawn"}]


def active(release: dict[str, Any]) -> list[dict[str, Any]]:
    return [award for award in release["awards"] if award.get("status") == "active"]


def is_final(release: dict[str, Any]) -> bool:
    states = [award["status"] for award in release["awards"] if "status" in award]
    return all(state in {"active", "cancelled", "unsuccessful"} for state in states)


def price(bid: dict[str, Any]) -> float | None:
    value = bid.get("value", {})
    return float(value["amount"]) if value.get("currency") == "CNY" and "amount" in value else None


def ratios(releases: list[dict[str, Any]]) -> dict[str, tuple[float, str, str]]:
    found = {}
    for release in releases:
        winners = active(release)
        if not is_final(release) or len(winners) != 1 or len(winners[0]["suppliers"]) != 1:
            continue
        winner = winners[0]["suppliers"][0]["id"]
        singles = [
            (price(bid), bid["tenderers"][0]["id"])
            for bid in bids(release)
            if bid["status"] == "valid" and len(bid["tenderers"]) == 1 and price(bid) is not None
        ]
        own = [amount for amount, who in singles if who == winner]
        others = [(amount, who) for amount, who in singles if who != winner]
        if own and others:
            lowest = min(others, key=lambda each: each[0])
            if lowest[0] >= min(own):
                found[release["ocid"]] = ((lowest[0] - min(own)) / min(own), winner, lowest[1])
    return found


def r024(releases: list[dict[str, Any]], results: Results) -> None:
    found = ratios(releases)
    if not found:
        return
    first, third = quartiles([each[0] for each in found.values()])
    fence = fused(third - first, -1.5, first)
    if first <= 0 or fence <= 0:
        return
    for ocid, (ratio, winner, runner) in found.items():
        if ratio <= fence:
            results["OCID"][ocid]["R024"] = ratio
            results["Tenderer"][winner]["R024"] = results["Tenderer"][runner]["R024"] = 0.0


def r058(releases: list[dict[str, Any]], results: Results) -> None:
    found = ratios(releases)
    if not found:
        return
    first, third = quartiles([each[0] for each in found.values()])
    fence = fused(third - first, 1.5, third)
    for ocid, (ratio, winner, _) in found.items():
        if fence > 0 and ratio >= fence:
            results["OCID"][ocid]["R058"] = ratio
            results["Tenderer"][winner]["R058"] = 0.0


def r028(releases: list[dict[str, Any]], results: Results) -> None:
    for release in releases:
        by = defaultdict(list)
        for bid in bids(release):
            who = frozenset(each["id"] for each in bid["tenderers"])
            if "amount" in bid.get("value", {}) and who:
                by[bid["value"]["amount"], bid["value"]["currency"]].append(who)
        for sets in by.values():
            if len(set(sets)) > 1:
                results["OCID"][release["ocid"]]["R028"] = 1.0
                for one in frozenset().union(*sets):
                    results["Tenderer"][one]["R028"] = 1.0


def r036(releases: list[dict[str, Any]], results: Results) -> None:
    for release in releases:
        priced = [bid for bid in bids(release) if price(bid) is not None]
        if active(release) and any(bid["status"] == "valid" for bid in priced):
            lowest = min(priced, key=lambda bid: price(bid) or 0.0)
            if lowest["status"] == "disqualified":
                results["OCID"][release["ocid"]]["R036"] = 1.0


def r048(releases: list[dict[str, Any]], results: Results, *, minimum: int) -> None:
    classes, processes = defaultdict(set), defaultdict(set)
    for release in releases:
        for award in active(release):
            for item in award.get("items", []) if len(award["suppliers"]) == 1 else []:
                who = award["suppliers"][0]["id"]
                classes[who].add(item["classification"]["id"][:2])
                processes[who].add(release["ocid"])
    counts = {who: len(found) for who, found in classes.items() if len(processes[who]) >= minimum}
    if counts:
        first, third = quartiles([float(count) for count in counts.values()])
        for who, count in counts.items():
            if count >= fused(third - first, 1.5, third):
                results["Tenderer"][who]["R048"] = float(count)


def results_of(releases: list[dict[str, Any]], *, minimum: int) -> Results:
    found: Results = {"OCID": defaultdict(dict), "Tenderer": defaultdict(dict)}
    r024(releases, found)
    r028(releases, found)
    r036(releases, found)
    r048(releases, found, minimum=minimum)
    r058(releases, found)
    return {group: dict(each) for group, each in found.items() if each}
