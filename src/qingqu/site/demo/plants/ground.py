"""Where plants are set: units taken in turn, new ids and companies, and the list of what was planted."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.random import Generator

from qingqu.site.demo import district, names
from qingqu.site.demo.truth import Planted
from qingqu.site.demo.world.book import hashed
from qingqu.site.demo.world.parties import World


@dataclass
class Ground:
    """The world being planted; every unit comes up once before any comes up again."""

    world: World
    planted: list[Planted] = field(default_factory=list)
    _count: int = 0
    _units: list[str] = field(default_factory=list)
    _large: list[str] = field(default_factory=list)
    _companies: int = 0

    @property
    def row(self) -> Any:
        """Write one row: ``row(table, column=value, …)``."""
        return self.world.book.row

    def chance(self, name: str) -> Generator:
        """A stream of numbers for one class of plants."""
        return self.world.chance(f"plant {name}")

    def unit(self) -> str:
        """The next school."""
        if not self._units:
            self._units = list(self.world.chance("plant units").permutation(self.world.schools))
        return self._units.pop()

    def large_unit(self) -> str:
        """The next middle or vocational school: one whose budget holds a purchase of millions."""
        if not self._large:
            known = [school.code for school in district.SCHOOLS if school.kind in {"JUNIOR", "SENIOR", "VOCATIONAL"}]
            self._large = list(self.world.chance("large units").permutation(np.array(known, dtype=object)))
        return self._large.pop()

    def new_id(self, prefix: str) -> str:
        """An id that no other row has; it does not tell that the row was planted."""
        self._count += 1
        return f"{prefix}{50_000 + self._count}"

    def company(self, trade: str) -> str:
        """A new company of a trade, with no history in the district; returns its id."""
        self._companies += 1
        number = 2000 + self._companies
        chance = self.chance(f"company {number}")
        name = names.company_names(chance, trade, 1)[0].replace("清源", "清源新", 1)
        supplier = f"V{number}"
        self.row(
            "supplier", supplier_id=supplier, unit_id="QY",
            uscc=names.uscc(self.world.seed % 1000 * 10_000 + number), name=name,
            name_core=name.removeprefix("清源").removesuffix("有限公司"), legal_person=names.person_names(chance, 1)[0],
            phone=hashed("phone", [supplier])[0], address=hashed("address", [supplier])[0],
            bank_account=hashed("account", [supplier])[0],
            registered_on=date(2012, 1, 1) + timedelta(days=int(chance.integers(0, 3000))),
        )  # fmt: skip
        return supplier

    def some(self, trade: str, count: int, name: str) -> list[str]:
        """Different companies of a trade that already deal with the district."""
        found: list[str] = self.chance(name).choice(self.world.suppliers(trade), count, replace=False).tolist()
        return found

    def workday(self, day: date, later: int = 0) -> date:
        """The working day ``later`` working days after a day."""
        found: date = self.world.days.after(np.array([day], dtype="datetime64[D]"), later)[0].item()
        return found

    def head(self, unit: str) -> str:
        """The staff id of a unit's head."""
        return self.world.staff_by_unit[unit][0]

    def note(
        self, anomaly: str, indicator: str, subject: tuple[str, str], unit: str, zh: str, en: str, *,
        is_clean: bool, period: str = "",
    ) -> None:  # fmt: skip
        """Enter one anomaly into the truth; ``subject`` is (kind, id)."""
        self.planted.append(
            Planted(
                anomaly=anomaly, indicator=indicator, subject_kind=subject[0], subject_id=subject[1], unit_id=unit,
                period=period, is_clean=is_clean, note_zh=zh, note_en=en,
            )
        )  # fmt: skip
