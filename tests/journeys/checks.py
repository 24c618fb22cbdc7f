"""What every page must pass, asked of the page as the browser shows it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def assert_accessible(page: Page) -> None:
    """No violation of the accessibility rules that a machine can check (WCAG 2 A, AA and best practice)."""
    found = Axe().run(page).response["violations"]
    assert not found, "\n".join(
        f"{page.url} {violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes'][:5]]}"
        for violation in found
    )


def assert_no_sideways_scroll(page: Page) -> None:
    """The page is not wider than the screen; wide tables scroll inside their own region."""
    width, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= screen, f"{page.url} is {width} px wide on a screen of {screen} px"


def assert_keyboard_reaches(page: Page, name: str, *, presses: int = 80) -> None:
    """Tab from the top of the page reaches the control called ``name``."""
    for _press in range(presses):
        page.keyboard.press("Tab")
        focused = page.evaluate("(document.activeElement?.innerText || document.activeElement?.value || '').trim()")
        if focused == name:
            return
    message = f"{page.url}: {presses} presses of Tab never reached {name}"
    raise AssertionError(message)
