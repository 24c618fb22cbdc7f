"""Honest rolls: pupils who come, move in mid-term and leave, and subsidies paid to those who are there."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

import numpy as np

from qingqu.site.demo import district
from qingqu.site.demo.world.book import hashed
from qingqu.site.demo.world.days import Dates, Numbers
from qingqu.site.demo.world.money import Texts
from qingqu.site.demo.world.parties import World

TERMS = (("2024-SPRING", "2024-04-15"), ("2024-AUTUMN", "2024-10-20"), ("2025-SPRING", "2025-04-15"),
         ("2025-AUTUMN", "2025-10-20"), ("2026-SPRING", "2026-04-15"), ("2026-AUTUMN", "2026-10-15"))  # fmt: skip
"""Terms and the day their subsidies are paid."""

SUBSIDY_FEN = {"KINDERGARTEN": 50_000, "PRIMARY": 62_500, "JUNIOR": 75_000, "SENIOR": 100_000, "VOCATIONAL": 100_000,
               "SPECIAL": 75_000}  # fmt: skip
"""What a pupil of each kind of school receives a term in the demo district."""

_SHARE = 0.06


def write_pupils(world: World) -> None:
    """The roll of every school and the subsidies of every term."""
    unit = np.repeat(np.arange(len(world.schools)), world.pupils)
    student = np.array(
        [f"X{number:07d}" for number in world.chance("pupils").permutation(len(unit)) + 1_000_000], dtype=object
    )
    enrolled, left, reason, moved = _stays(world, len(unit))
    world.book.add(
        "student", student_id=student, unit_id=world.schools[unit], enrolled_on=enrolled, left_on=left,
        left_reason=reason, **{"class": _classes(enrolled)},
    )  # fmt: skip
    beside = _neighbours(world, unit[moved])
    world.book.add(
        "student", student_id=student[moved], unit_id=world.schools[beside], enrolled_on=left[moved] + 1,
    )  # fmt: skip
    _subsidies(world, unit, student, enrolled, left)


def _classes(enrolled: Dates) -> list[str]:
    """A class for each pupil, named after the year of entry."""
    years = enrolled.astype("datetime64[Y]").astype(str)
    return [f"{year}级{1 + number % 8}班" for number, year in enumerate(years)]


def _stays(world: World, count: int) -> tuple[Dates, Dates, Texts, Numbers]:
    """When each pupil came and left, why, and the places of those who moved to another school of the district."""
    chance = world.chance("stays")
    enrolled = np.datetime64("2021-09-01") + 365 * chance.integers(0, 4, count) + chance.integers(0, 3, count)
    left = np.full(count, np.datetime64("NaT"), dtype="datetime64[D]")
    reason = np.full(count, None, dtype=object)
    gone = np.flatnonzero(chance.random(count) < 0.02)
    earliest = np.maximum(enrolled[gone] + 60, world.days.start)
    left[gone] = earliest + chance.integers(0, 600, len(gone))
    left[left > world.days.end] = np.datetime64("NaT")
    gone = gone[~np.isnat(left[gone])]
    reason[gone] = chance.choice(np.array(["TRANSFER", "TRANSFER", "MOVED_AWAY"], dtype=object), len(gone))
    return enrolled, left, reason, np.flatnonzero(reason == "TRANSFER")


def _neighbours(world: World, unit: Numbers) -> Numbers:
    """Another school of the same kind: the next on the list, or the one before at the end."""
    kinds = np.array([school.kind for school in district.SCHOOLS], dtype=object)
    following = np.minimum(unit + 1, len(world.schools) - 1)
    return np.where((kinds[following] == kinds[unit]) & (following != unit), following, unit - 1)


def _subsidies(world: World, unit: Numbers, student: Texts, enrolled: Dates, left: Dates) -> None:
    """One payment a term to each pupil in need who is on the roll that day."""
    chance = world.chance("subsidies")
    is_special = np.array([school.kind == "SPECIAL" for school in district.SCHOOLS])[unit]
    needs = (chance.random(len(unit)) < _SHARE) | is_special
    amounts = np.array([SUBSIDY_FEN[school.kind] for school in district.SCHOOLS])
    for period, day in TERMS:
        paid = np.datetime64(day)
        if paid > world.days.end:
            continue
        rows = np.flatnonzero(needs & (enrolled <= paid) & (np.isnat(left) | (left > paid)))
        world.book.add(
            "subsidy", subsidy_id=[f"Z-{period}-{one}" for one in student[rows]], scheme="家庭经济困难学生资助",
            student_id=student[rows], unit_id=world.schools[unit[rows]], period=period,
            amount_fen=amounts[unit[rows]], granted_on=paid - 20, paid_on=paid,
            payee_account=hashed("account", student[rows]),
        )  # fmt: skip
