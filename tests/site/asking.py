"""Asking a route: as a browser would, what came back, and whether anything was written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

LOGIN = "/accounts/login/"

TELLING = ("Content-Type", "Content-Length", "Content-Disposition", "Location", "Allow", "Vary", "Cache-Control")
"""Headers by which two answers could be told apart."""

TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+|(?<="X-CSRFToken": ")[^"]+')
"""What differs every time a page is asked for."""

UNCOUNTED = frozenset({"django_session"})
"""Tables that a look may write to: a session keeps what a person has been told."""


@dataclass(frozen=True)
class Answer:
    """What came back, as far as anybody could tell two answers apart."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return dict(self.headers).get("Location", "")

    @property
    def is_let_in(self) -> bool:
        """Whether the route answered at all: not absent, not closed to the method, not a request to sign in."""
        return self.status not in {404, 405} and not self.location.startswith(LOGIN)


def asked(client: Client, method: str, address: str, **extra: Any) -> Answer:
    """The answer to one request; the asked address is blanked in it, and so are tokens that change every time."""
    given: Any = getattr(client, method)(address, **extra)
    body = b"".join(given.streaming_content) if given.streaming else given.content
    told = {name: given[name].replace(quote(address), "…") for name in TELLING if name in given}
    if body.startswith(b"PK"):
        body, told["Content-Length"] = _unpacked(body), ""
    return Answer(given.status_code, TOKEN.sub(b"", body), tuple(sorted(told.items())), tuple(sorted(given.cookies)))


def _unpacked(book: bytes) -> bytes:
    """What a workbook holds, without the moment it was written."""
    with ZipFile(BytesIO(book)) as parts:
        return b"".join(parts.read(name) for name in sorted(parts.namelist()) if name != "docProps/core.xml")


def sent(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as a browser sends them when the consequences have been read: bytes become a file."""
    return {"confirmed": "1"} | {
        name: SimpleUploadedFile("凭证.pdf", value) if isinstance(value, bytes) else value
        for name, value in fields.items()
    }


def posted(client: Client, address: str, fields: dict[str, Any]) -> tuple[Answer, bool]:
    """The answer to a POST and whether it changed any row; the change is taken back."""
    writes = Writes()
    with undone(), connection.execute_wrapper(writes):
        answer = asked(client, "post", address, data=sent(fields))
        after = snapshot() if writes.count else {}
    return answer, bool(writes.count) and snapshot() != after


def snapshot() -> dict[str, list[Any]]:
    """Every row of every table, but for sessions."""
    return {
        model._meta.db_table: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in UNCOUNTED
    }


class Writes:
    """Counts the statements that write, sessions aside."""

    def __init__(self) -> None:
        """None yet."""
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        """Count one statement and run it."""
        verb = sql.lstrip().split(" ", 1)[0].upper()
        if verb in {"INSERT", "UPDATE", "DELETE"} and not any(table in sql for table in UNCOUNTED):
            self.count += 1
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
