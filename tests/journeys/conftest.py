"""A real browser for the journeys: the system's Chromium, watched for errors, closed to other machines."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright

from qingqu.kernel.org.models import Person
from tests.factories import sign_in
from tests.journeys.district import District, Loaded, load_once, running, sign_in_by_clicking

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]

# Playwright keeps an event loop in this thread; Django would otherwise refuse its own synchronous calls.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def chromium_path() -> str | None:
    """The system's Chromium: QINGQU_CHROMIUM, or the first of the usual names."""
    return os.environ.get("QINGQU_CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the whole run; each page gets a profile of its own."""
    path = chromium_path()
    if path is None:
        pytest.fail("no Chromium here: install the system's `chromium` package, or set QINGQU_CHROMIUM to its path")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    opened = playwright.chromium.launch(executable_path=path, args=[*SWITCHES, *sandbox])
    yield opened
    opened.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """``open_page("/", person=None, width=1280, language="zh-hans")`` gives a page of the running site.

    ``person`` is signed in. At the end of the test every page must have been free of script errors, refused
    styles or scripts, and failed requests for our own files.
    """
    complaints: list[str] = []
    contexts = []

    def open_one(
        path: str = "/", *, person: Person | None = None, width: int = 1280, language: str = "zh-hans"
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="en" if language == "en" else "zh-CN",
        )
        contexts.append(context)
        cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
        if person is not None:
            client = Client()
            sign_in(client, person)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url})
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _complain(complaints, page, message))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _complain(complaints: list[str], page: Page, message: ConsoleMessage) -> None:
    """Keep what the browser calls an error; an answer of 404 or 422 that a journey asks for is none."""
    if message.type == "error" and "Failed to load resource" not in message.text:
        complaints.append(f"{page.url}: {message.text}")
    elif message.type == "error" and "/static/" in (message.location or {}).get("url", ""):
        complaints.append(f"{page.url}: {message.location['url']}: {message.text}")


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The demonstration district, loaded once for the whole run, whichever process of the run asks first."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    return load_once(shared)


@pytest.fixture(scope="module")
def district(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """The district as this module found it, served by a server and a task worker of its own."""
    with running(loaded, tmp_path_factory.mktemp("district")) as served:
        yield served


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, district: District) -> Iterator[Enter]:
    """``enter("audit")`` gives a page on which that demo account has signed in; ``enter()`` the public first page.

    Everybody starts at the first page and clicks; at the end no page may have complained.
    """
    complaints: list[str] = []
    contexts = []

    def enter_as(username: str = "", *, width: int = 1280, height: int = 900, language: str = "zh-CN") -> Page:
        context = browser.new_context(
            base_url=district.url, viewport={"width": width, "height": height}, locale=language
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _complain(complaints, page, message))
        page.goto("/")
        if username:
            sign_in_by_clicking(page, username)
        return page

    yield enter_as
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)
