"""Pages whose cost does not grow with the list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.core import paging
from qingqu.kernel.core.paging import Page, paginate
from qingqu.kernel.org.models import Person
from tests.factories import make_unit


@pytest.fixture
def people(db: None) -> None:
    """Forty-five people in one unit."""
    unit = make_unit()
    Person.objects.bulk_create(Person(number=f"{n:03}", name="某", unit=unit) for n in range(45))


@pytest.mark.usefixtures("people")
class TestPaginate:
    @pytest.mark.parametrize(
        ("asked", "number", "first"),
        [
            ("1", 1, "000"),
            ("2", 2, "020"),
            ("3", 3, "040"),
            ("", 1, "000"),
            ("x", 1, "000"),
            ("-1", 1, "000"),
            ("0", 1, "000"),
            (None, 1, "000"),
            ("²", 1, "000"),
            ("9" * 5000, 1, "000"),
        ],
    )
    def test_gives_the_nearest_page_to_what_was_asked(self, asked: str | None, number: int, first: str) -> None:
        page = paginate(Person.objects.order_by("number"), asked)
        assert (page.number, page.rows[0].number) == (number, first)

    @pytest.mark.parametrize("asked", ["4", "99", "99999999"])
    def test_gives_the_last_page_for_one_beyond_it(self, asked: str) -> None:
        page = paginate(Person.objects.order_by("number"), asked)
        assert [row.number for row in page.rows] == ["040", "041", "042", "043", "044"]
        assert not page.has_next

    def test_takes_two_queries(self, django_assert_num_queries) -> None:
        with django_assert_num_queries(2):
            paginate(Person.objects.order_by("number"), 2)

    def test_counts_exactly_up_to_its_limit_and_says_when_there_are_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert (paginate(Person.objects.all(), 1).total_label, paginate(Person.objects.none(), 1).total_label) == (
            "45",
            "0",
        )
        monkeypatch.setattr(paging, "COUNT_LIMIT", 40)
        page = paginate(Person.objects.order_by("number"), 1)
        assert (page.total_label, page.is_capped) == ("40+", True)

    def test_covers_every_row_exactly_once(self) -> None:
        numbers = [row.number for page in (1, 2, 3) for row in paginate(Person.objects.order_by("number"), page).rows]
        assert numbers == sorted(set(numbers))
        assert len(numbers) == 45


class TestPage:
    @given(st.integers(0, 200), st.integers(1, 10), st.integers(1, 50))
    def test_has_a_next_page_exactly_when_rows_are_left(self, total: int, number: int, size: int) -> None:
        left = max(0, min(size, total - (number - 1) * size))
        page: Page[Person] = Page([Person()] * left, number, size, total, is_capped=False)
        assert page.has_next is (total > number * size)
        assert page.has_previous is (number > 1)


@pytest.mark.usefixtures("people")
class TestCounts:
    def test_counts_several_lists_in_one_query(self, django_assert_num_queries) -> None:
        lists = {
            "all": Person.objects.order_by("number"),
            "some": Person.objects.filter(number__lt="010").select_related("unit"),
            "none": Person.objects.filter(pk__in=()),
        }
        with django_assert_num_queries(1):
            found = paging.counts(lists)
        assert {name: str(tally) for name, tally in found.items()} == {"all": "45", "some": "10", "none": "0"}
        assert not found["none"]

    def test_counts_no_list_past_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paging, "COUNT_LIMIT", 40)
        assert str(paging.counts({"all": Person.objects.all()})["all"]) == "40+"

    def test_asks_nothing_when_every_list_is_known_to_be_empty(self, django_assert_num_queries) -> None:
        with django_assert_num_queries(0):
            assert paging.counts({"none": Person.objects.none()})["none"].number == 0
