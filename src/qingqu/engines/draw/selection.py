"""Selection by ticket: the smallest tickets of every stratum, the next ones in reserve."""

from collections.abc import Collection, Mapping, Sequence

from qingqu.engines.draw.errors import BadShape, TooMany, UnknownEntry
from qingqu.engines.draw.tickets import DEFAULT_ALGORITHM, in_order


class Selected(list[str]):
    """The chosen ids of one stratum in the order of their tickets, and what else the draw gives.

    ``reserves`` are the next in order; ``skipped`` the entries passed over for a logged reason, wherever their ticket
    stands. It equals a plain list of the chosen.
    """

    def __init__(self, chosen: Sequence[str], *, reserves: Sequence[str] = (), skipped: Sequence[str] = ()) -> None:
        """Keep the three lists."""
        super().__init__(chosen)
        self.reserves = list(reserves)
        self.skipped = list(skipped)

    @property
    def chosen(self) -> list[str]:
        """The chosen ids as a plain list."""
        return list(self)


def select(
    seed: bytes,
    draw_id: str,
    strata: Mapping[str, Collection[str]],
    quotas: Mapping[str, int],
    *,
    reserves: Mapping[str, int] | None = None,
    recused: Mapping[str, Collection[str]] | None = None,
    algorithm: str = DEFAULT_ALGORITHM,
) -> dict[str, Selected]:
    """``{stratum: Selected}``: the ``quotas[stratum]`` smallest tickets, then the reserves.

    ``reserves`` None keeps all the others in reserve, in order; a number that recusals leave short gives fewer.
    ``recused`` entries are passed over and the next ticket moves up. Raises TooMany when a quota cannot be filled,
    UnknownEntry for a recusal of nobody, BadShape for a quota without a stratum or the reverse, Duplicate.
    """
    if set(quotas) != set(strata):
        odd = min(set(quotas) ^ set(strata))
        raise BadShape(f"quotas.{odd}", "名额与分层不对应", "quotas and strata do not name the same strata")
    passed = recused or {}
    unknown = next((stratum for stratum in passed if stratum not in strata), None)
    if unknown is not None:
        raise UnknownEntry(f"recusals.{unknown}", "没有这个分层", "there is no such stratum")
    return {
        stratum: _of_stratum(
            in_order(seed, draw_id, stratum, strata[stratum], algorithm=algorithm),
            stratum,
            quotas[stratum],
            None if reserves is None else reserves.get(stratum, 0),
            frozenset(passed.get(stratum, ())),
        )
        for stratum in strata
    }


def _of_stratum(order: list[str], stratum: str, quota: int, reserve: int | None, passed: frozenset[str]) -> Selected:
    skipped = [each for each in order if each in passed] if passed else []
    if len(skipped) != len(passed):
        nobody = min(passed.difference(skipped))
        raise UnknownEntry(
            f"recusals.{stratum}", f"名单中没有“{nobody}”，不能回避", f"“{nobody}” is not on the list; nobody to recuse"
        )
    kept = [each for each in order if each not in passed] if passed else order
    if not 0 <= quota <= len(kept):
        raise TooMany(
            f"quotas.{stratum}",
            f"除去回避只剩 {len(kept)} 个，不足 {quota} 个，请补充名单后重新抽取",
            f"{len(kept)} are left after recusals, not {quota}; complete the roster and draw again",
        )
    end = len(kept) if reserve is None else quota + reserve
    return Selected(kept[:quota], reserves=kept[quota:end], skipped=skipped)
