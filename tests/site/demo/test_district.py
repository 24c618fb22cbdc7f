"""The demo district has the promised size, one tree, and holders who exist."""

import re
from collections import Counter

import numpy as np

from qingqu.site.demo import district, names


class TestUnits:
    """The unit tree."""

    def test_holds_one_hundred_schools_with_names_of_their_own(self) -> None:
        assert len(district.SCHOOLS) == 100
        assert len({school.name for school in district.SCHOOLS}) == 100
        assert [district.SCHOOLS[0].code, district.SCHOOLS[-1].code] == ["QY001", "QY100"]

    def test_lists_every_parent_before_its_children_and_every_code_once(self) -> None:
        seen = {""}
        for unit in district.UNITS:
            assert unit.parent in seen
            assert unit.code not in seen
            seen.add(unit.code)


class TestPeople:
    """The staff."""

    def test_counts_eight_thousand_people_in_units_that_exist(self) -> None:
        staff = district.people()
        codes = {unit.code for unit in district.UNITS}

        assert len(staff) == len({person.staff_id for person in staff}) == 8000
        assert {person.unit_code for person in staff} | {person.department_code for person in staff} <= codes
        assert all(person.department_code.startswith(person.unit_code) for person in staff)

    def test_gives_every_school_one_principal_one_secretary_and_its_finance_staff(self) -> None:
        for title in ("校长", "党支部书记", "会计", "出纳"):
            assert set(district.staff_with(title)) == {school.code for school in district.SCHOOLS}

    def test_is_the_same_for_the_same_seed_and_another_for_another(self) -> None:
        again = district.people.__wrapped__(district.SEED)

        assert again == district.people()
        assert district.people(1) != district.people()


class TestSeats:
    """The posts."""

    def test_seats_people_who_exist_and_nobody_twice(self) -> None:
        seats = district.seats()
        ids = {person.staff_id for person in district.people()}

        assert {seat.staff_id for seat in seats} <= ids
        assert max(Counter(seat.staff_id for seat in seats).values()) == 1
        assert len({seat.code for seat in seats}) == len(seats)

    def test_covers_every_role_of_the_district(self) -> None:
        assert {seat.role for seat in district.seats()} >= {
            "LEADER", "OFFICE", "DISCIPLINE", "AUDITOR", "ADMINISTRATOR", "PRINCIPAL", "SECRETARY",
        }  # fmt: skip


class TestNames:
    """Generated names and codes."""

    def test_reproduces_the_check_digits_of_a_published_example(self) -> None:
        assert re.fullmatch(r"91990099[0-9]{8}[0-9X][0-9A-HJ-NP-RTUWXY]", names.uscc(1))
        assert names.organisation_code("M000100Y") == "M000100Y4"
        assert names.with_check_digit("91350100M000100Y4") == "91350100M000100Y43"

    def test_never_repeats_a_company(self) -> None:
        found = names.company_names(np.random.default_rng(1), "FOOD", 60)

        assert len(set(found)) == 60
