"""What the tests of the whole site share."""

from functools import lru_cache

import pytest

from qingqu.kernel.files import documents


@pytest.fixture(autouse=True)
def _sheets_are_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sheet, asked for by every role, is set once: most of its second goes into cutting the font."""
    monkeypatch.setattr(documents, "sheet", lru_cache(documents.sheet))
