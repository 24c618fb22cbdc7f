"""Anyone, signed in nowhere, opens the site, on a telephone too, in both languages."""

import pytest

from tests.factories import make_unit
from tests.journeys.checks import assert_accessible, assert_keyboard_reaches, assert_no_sideways_scroll
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _district(transactional_db: None) -> None:
    """A district with nothing in it yet."""
    make_unit()


class TestFirstPage:
    @pytest.mark.parametrize("width", [1280, 320])
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_is_whole_and_accessible(self, open_page: OpenPage, width: int, language: str) -> None:
        page = open_page("/", width=width, language=language)
        assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-CN")
        assert page.locator("h1").count() == 1
        assert_accessible(page)
        assert_no_sideways_scroll(page)

    def test_lets_the_keyboard_skip_to_the_content(self, open_page: OpenPage) -> None:
        page = open_page("/")
        assert_keyboard_reaches(page, "跳到正文", presses=1)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"

    def test_is_styled_by_our_own_files_only(self, open_page: OpenPage) -> None:
        page = open_page("/")
        assert (
            page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--water').trim()") == "#0b5f6b"
        )
        assert page.locator("[style], style, script:not([src]):not([type='application/json'])").count() == 0


class TestAbsentPage:
    def test_says_so_in_a_page_of_its_own(self, open_page: OpenPage) -> None:
        page = open_page("/no-such-page")
        assert page.locator("h1").inner_text() == "找不到这个页面"
        assert_accessible(page)
