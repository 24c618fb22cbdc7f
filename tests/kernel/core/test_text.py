"""Conditions on text that an index answers."""

import pytest

from qingqu.kernel.core.text import beginning
from qingqu.kernel.org.models import Person
from tests.factories import make_unit

NAMES = ("王", "王一", "王%", "黄", "wang", "Wang", "wa", "")


@pytest.mark.django_db
class TestBeginning:
    @pytest.mark.parametrize("text", ["王", "王一", "王%", "w", "W", "wang", "%", "_", "没有"])
    def test_finds_what_python_finds(self, text: str) -> None:
        unit = make_unit()
        Person.objects.bulk_create(Person(number=str(n), name=name, unit=unit) for n, name in enumerate(NAMES))
        found = Person.objects.filter(beginning("name", text)).values_list("name", flat=True)
        assert sorted(found) == sorted(name for name in NAMES if name.startswith(text))
