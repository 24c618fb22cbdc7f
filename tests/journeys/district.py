"""The demonstration district, running: our own server and task worker as processes, on the database of the run."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.error import URLError

import psycopg
from django.conf import settings
from playwright.sync_api import Page

from qingqu.site.demo.guide import PASSWORD

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "qingqu.site.cli")
SECONDS_TO_START = 60
LOADED = "qingqu_demo_loaded"

_numbers = count(1)


@dataclass(frozen=True)
class Loaded:
    """The district before anybody touched it: its home folder, and its PostgreSQL database when the run has one."""

    home: Path
    server: str


@dataclass(frozen=True)
class District:
    """A running district: the address of its first page and its home folder."""

    url: str
    home: Path
    engine: str


def load_once(shared: Path) -> Loaded:
    """Load the district into ``shared`` unless it is there; other processes of the run wait for it."""
    home, server = shared / "demo", _server()
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "loaded").exists():
            if server:
                _administer(server, f"CREATE DATABASE {LOADED}")
            home.mkdir(exist_ok=True)
            subprocess.run(
                [*COMMAND, "demo", "--load-only"],
                check=True,
                env=_environment(home, _address(server, LOADED)),
                stdout=subprocess.DEVNULL,
            )
            (home / "loaded").touch()
    return Loaded(home, server)


@contextmanager
def running(loaded: Loaded, folder: Path) -> Iterator[District]:
    """A copy of the district in ``folder``, served on a free port with a task worker beside it."""
    home = folder / "home"
    shutil.copytree(loaded.home, home)
    database = f"qingqu_journey_{os.getpid()}_{next(_numbers)}"
    if loaded.server:
        _administer(loaded.server, f"CREATE DATABASE {database} TEMPLATE {LOADED}")
    environment = _environment(home, _address(loaded.server, database))
    port = _free_port()
    commands = ([*COMMAND, "serve", "--port", str(port)], [*COMMAND, "worker"])
    with (folder / "log").open("wb") as log:
        processes = [subprocess.Popen(each, env=environment, stdout=log, stderr=log) for each in commands]
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, processes, folder / "log")
            yield District(url, home, "PostgreSQL" if loaded.server else "SQLite")
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=SECONDS_TO_START)


def sign_in_by_clicking(page: Page, username: str) -> None:
    """From the first page to the person's home, as a person does it."""
    page.get_by_role("link", name="工作人员登录").or_(page.get_by_role("link", name="Staff sign-in")).first.click()
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("nav.staff-nav").wait_for()


def _server() -> str:
    """The PostgreSQL server of the run as ``postgres://user@host:port``; empty when the run uses SQLite."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("postgresql"):
        return ""
    who = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
    return f"postgres://{who}@{database['HOST']}:{database['PORT']}"


def _address(server: str, database: str) -> str:
    return f"{server}/{database}" if server else ""


def _administer(server: str, statement: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _environment(home: Path, database_url: str) -> dict[str, str]:
    """What our programs are told; nothing of the test run's own database or home reaches them."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "qingqu.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "QINGQU_HOME": str(home),
        "QINGQU_DATABASE_URL": database_url,
        "QINGQU_DEMO": "1",
    }


def _wait(url: str, processes: list[subprocess.Popen[bytes]], log: Path) -> None:
    """Return once the first page is answered; otherwise fail with what the programs said."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace"))


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
