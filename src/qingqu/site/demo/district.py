"""清源区: the education office, its offices, one hundred schools and the people who work there.

All of it is fictional and follows from a seed; the same seed gives the same district.
"""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from qingqu.site.demo import names

SEED = 20260924
"""The seed of the district's people; records have their own (``evaluate``)."""

STAFF = 8000
"""How many people work in the district."""


@dataclass(frozen=True)
class Unit:
    """A unit: ``kind`` is a unit kind of the organisation, ``parent`` the code above ("" for the root)."""

    code: str
    name: str
    kind: str
    parent: str


@dataclass(frozen=True)
class Staff:
    """A member of staff; ``unit_code`` is the school or the office, ``department_code`` the unit inside it."""

    staff_id: str
    name: str
    unit_code: str
    department_code: str
    title: str
    is_party_member: bool
    birth_year: int


@dataclass(frozen=True)
class Seat:
    """A post and who holds it; ``role`` is a role code of the organisation."""

    code: str
    unit_code: str
    title: str
    role: str
    staff_id: str


OFFICES = (
    ("QY-DW", "教育工委办公室"), ("QY-CW", "计划财务科"), ("QY-SJ", "审计科"), ("QY-JJ", "派驻纪检监察组"),
    ("QY-JC", "基础教育科"), ("QY-XQ", "学前教育科"), ("QY-ZJ", "职业与成人教育科"), ("QY-RS", "人事科"),
    ("QY-HQ", "后勤保障科"), ("QY-ZZ", "学生资助中心"), ("QY-XX", "教育信息中心"), ("QY-DD", "教育督导室"),
)  # fmt: skip
"""Code and name of the education office's own offices."""

DEPARTMENTS = (("DZ", "党支部"), ("JW", "教务处"), ("DY", "德育处"), ("ZW", "总务处"), ("CW", "财务室"))
"""Suffix and name of the departments of a school."""

_KINDS = (
    ("KINDERGARTEN", 20, "幼儿园", 36, 260),
    ("PRIMARY", 45, "小学", 70, 1100),
    ("JUNIOR", 18, "初级中学", 100, 1250),
    ("SENIOR", 9, "高级中学", 158, 1900),
    ("VOCATIONAL", 5, "职业学校", 128, 1600),
    ("SPECIAL", 3, "特殊教育学校", 42, 160),
)
"""Kind, how many, how the name ends, usual staff, usual pupils."""

_ORDINALS = "一二三四五六七八九"

_OFFICE_TITLES = ("科长", "副科长", "四级主任科员", "科员")

_SCHOOL_TITLES = (
    ("校长", "DZ"), ("党支部书记", "DZ"), ("分管总务副校长", "ZW"), ("教导主任", "JW"), ("德育主任", "DY"),
    ("总务主任", "ZW"), ("会计", "CW"), ("出纳", "CW"), ("食堂管理员", "ZW"), ("采购员", "ZW"),
)  # fmt: skip
"""Who every school has, in this order, and in which department; the others teach."""

_DISTRICT_SEATS = (
    ("LEADER.1", "教育工委书记", "LEADER", "QY-DW", 0),
    ("LEADER.2", "教育局局长", "LEADER", "QY-DW", 1),
    ("LEADER.3", "分管财务副局长", "LEADER", "QY-CW", 0),
    ("LEADER.4", "分管基础教育副局长", "LEADER", "QY-JC", 0),
    ("OFFICE.DW", "教育工委办公室主任", "OFFICE", "QY-DW", 2),
    ("OFFICE.CW", "计划财务科科长", "OFFICE", "QY-CW", 1),
    ("OFFICE.JC", "基础教育科科长", "OFFICE", "QY-JC", 1),
    ("OFFICE.XQ", "学前教育科科长", "OFFICE", "QY-XQ", 0),
    ("OFFICE.ZJ", "职业与成人教育科科长", "OFFICE", "QY-ZJ", 0),
    ("OFFICE.RS", "人事科科长", "OFFICE", "QY-RS", 0),
    ("OFFICE.HQ", "后勤保障科科长", "OFFICE", "QY-HQ", 0),
    ("OFFICE.ZZ", "学生资助中心主任", "OFFICE", "QY-ZZ", 0),
    ("OFFICE.DD", "教育督导室主任", "OFFICE", "QY-DD", 0),
    ("AUDITOR.1", "审计科科长", "AUDITOR", "QY-SJ", 0),
    ("AUDITOR.2", "审计科审计员", "AUDITOR", "QY-SJ", 1),
    ("DISCIPLINE.1", "派驻纪检监察组组长", "DISCIPLINE", "QY-JJ", 0),
    ("DISCIPLINE.2", "派驻纪检监察组副组长", "DISCIPLINE", "QY-JJ", 1),
    ("DISCIPLINE.3", "派驻纪检监察组干部", "DISCIPLINE", "QY-JJ", 2),
    ("ADMINISTRATOR.1", "系统管理员", "ADMINISTRATOR", "QY-XX", 0),
)
"""Seats with the whole district in view: code, title, role, office, and which member of that office sits there."""

_SCHOOL_SEATS = (
    ("PRINCIPAL", "校长", "PRINCIPAL"),
    ("SECRETARY", "党支部书记", "SECRETARY"),
    ("LOGISTICS", "分管总务副校长", "TEACHER"),
    ("FINANCE", "会计", "TEACHER"),
)


def _schools() -> Iterator[Unit]:
    """The one hundred schools, numbered in the order of their kinds."""
    number = 0
    for kind, count, ending, _, _ in _KINDS:
        start = number
        for index in range(count):
            number += 1
            yield Unit(f"QY{number:03d}", _school_name(kind, index, ending, start), kind, "QY")


def _school_name(kind: str, index: int, ending: str, start: int) -> str:
    """A numbered name for the first few of a kind, a place name for the others."""
    if kind == "PRIMARY" and index < 2:
        return f"清源区第{_ORDINALS[index]}实验小学"
    if kind in {"JUNIOR", "SENIOR"} and index < 4:
        return f"清源区第{_ORDINALS[index]}{ending}"
    if kind == "SPECIAL" and index == 0:
        return "清源区特殊教育学校"
    place = names.PLACES[(start + index) % len(names.PLACES)]
    return f"清源区{place}{ending}"


SCHOOLS: tuple[Unit, ...] = tuple(_schools())
"""The schools, QY001 to QY100."""

OFFICE = Unit("QY", "清源区教育局", "DISTRICT", "")
"""The education office, root of the tree."""

UNITS: tuple[Unit, ...] = (
    OFFICE,
    *(Unit(code, name, "OFFICE", "QY") for code, name in OFFICES),
    *SCHOOLS,
    *(
        Unit(f"{school.code}-{suffix}", name, "DEPARTMENT", school.code)
        for school in SCHOOLS
        for suffix, name in DEPARTMENTS
    ),
)
"""Every unit, a parent always before its children."""

_STAFFED = {kind: staff for kind, _, _, staff, _ in _KINDS}
_USUAL_PUPILS = {kind: pupils for kind, _, _, _, pupils in _KINDS}


def pupils(code: str) -> int:
    """How many pupils a school usually has: the size of its kind, larger or smaller by up to a quarter."""
    number = int(code.removeprefix("QY"))
    usual = _USUAL_PUPILS[SCHOOLS[number - 1].kind]
    return int(usual * (0.75 + 0.5 * ((number * 37) % 100) / 100))


def _sizes() -> dict[str, int]:
    """Staff of every school; what is left of the 8,000 works in the education office's offices."""
    return {school.code: _STAFFED[school.kind] + (index * 13) % 5 - 2 for index, school in enumerate(SCHOOLS)}


def _places() -> list[tuple[str, str, str]]:
    """(unit, department, title) of every member of staff: the education office first, then school by school."""
    sizes = _sizes()
    in_office = STAFF - sum(sizes.values())
    rows = []
    for index in range(in_office):
        title = _OFFICE_TITLES[min(index // len(OFFICES), len(_OFFICE_TITLES) - 1)]
        rows.append((OFFICE.code, OFFICES[index % len(OFFICES)][0], title))
    for school in SCHOOLS:
        head = "园长" if school.kind == "KINDERGARTEN" else "校长"
        listed = [(title.replace("校长", head), department) for title, department in _SCHOOL_TITLES]
        teachers = [("教师", ("JW", "DY")[place % 5 == 0]) for place in range(sizes[school.code] - len(listed))]
        rows.extend((school.code, f"{school.code}-{department}", title) for title, department in [*listed, *teachers])
    return rows


@cache
def people(seed: int = SEED) -> tuple[Staff, ...]:
    """The 8,000 members of staff; ids are pseudonymous numbers that say nothing about the person."""
    generator = np.random.default_rng([seed, 1])
    called = names.person_names(generator, STAFF)
    is_party = generator.random(STAFF) < 0.36
    born = np.clip(generator.normal(1983, 9, STAFF), 1966, 2003).astype(int)
    numbers = generator.permutation(STAFF) + 10_000
    rows = []
    for index, (unit, department, title) in enumerate(_places()):
        leads = title not in {"教师", "科员", "食堂管理员", "采购员", "出纳", "会计"}
        rows.append(
            Staff(
                staff_id=f"S{numbers[index]}",
                name=called[index],
                unit_code=unit,
                department_code=department,
                title=title,
                is_party_member=bool(is_party[index]) or leads,
                birth_year=int(min(born[index], 1988) if leads else born[index]),
            )
        )
    return tuple(rows)


def staff_with(title: str, *, seed: int = SEED) -> dict[str, Staff]:
    """The one member of staff with a title in each school, {school code: staff}; "校长" also finds "园长"."""
    wanted = {title, title.replace("校长", "园长")}
    return {person.unit_code: person for person in people(seed) if person.title in wanted}


def seats(seed: int = SEED) -> tuple[Seat, ...]:
    """The district's posts with their holders: the district's own, then four of every school.

    A post with the whole district in view belongs to the root unit, wherever its holder's desk stands.
    """
    by_office: dict[str, list[Staff]] = {}
    for person in people(seed):
        by_office.setdefault(person.department_code, []).append(person)
    district = [
        Seat(f"QY.{code}", "QY", title, role, by_office[office][place].staff_id)
        for code, title, role, office, place in _DISTRICT_SEATS
    ]
    holders = {title: staff_with(title, seed=seed) for _, title, _ in _SCHOOL_SEATS}
    schools = [
        Seat(f"{school.code}.{code}", school.code, holders[title][school.code].title, role,
             holders[title][school.code].staff_id)
        for school in SCHOOLS
        for code, title, role in _SCHOOL_SEATS
    ]  # fmt: skip
    return (*district, *schools)
