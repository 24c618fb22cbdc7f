"""The generated documentation says what the code does."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from qingqu.site import reference
from tests.house.tree import ROOT

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    path = ROOT / "docs" / name
    assert path.exists(), "run `make reference`"
    assert path.read_text(encoding="utf-8") == reference.page(name), "run `make reference`"


def test_every_variable_is_described() -> None:
    assert reference.variables_read() == set(reference.VARIABLES)


def test_every_route_is_served_under_a_policy() -> None:
    assert "never served" not in reference.routes()


def test_a_changed_page_is_noticed(tmp_path: Path) -> None:
    assert set(reference.write(tmp_path)) == set(reference.PAGES)
    (tmp_path / "map.md").write_text("something else", encoding="utf-8")
    assert reference.stale(tmp_path) == ["map.md"]


def test_links_inside_the_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
