"""What may lie in the tree, and what every package must hold."""

import re
from pathlib import Path

import pytest

from tests.house.tree import SOURCE, engines, name_of, packages, tracked

# Written in two halves, so that this file does not hold what it looks for.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js", "npm" + "mirror", "deb" + ".debian.org"]
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:"
    + "|".join(["wo" + r"rk/(?:main|shared|\.)", "ro" + "ot/", "ho" + r"me/\w", "Us" + r"ers/\w"])
    + ")"
)
ROOMS = {
    "types", "rules", "models", "queries", "operations", "forms", "pages", "api", "tasks", "urls", "apps", "checks",
}  # fmt: skip
README_LINES = range(5, 41)


def found_in(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}"
        for path in tracked()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


class TestTree:
    def test_names_no_package_registry(self) -> None:
        assert found_in(re.compile("|".join(map(re.escape, REGISTRIES)))) == []

    def test_names_no_path_of_somebodys_machine(self) -> None:
        assert found_in(MACHINE_PATHS) == []

    def test_keeps_no_note_to_do_something_later(self) -> None:
        assert found_in(re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")) == []

    def test_keeps_the_npm_lock_without_addresses(self) -> None:
        lock = next(path for path in tracked() if path.name == "package-lock.json")
        assert '"resolved"' not in lock.read_text(encoding="utf-8")

    def test_pins_every_python_package_by_hash(self) -> None:
        for path in tracked():
            if path.parent.name == "requirements":
                lines = path.read_text(encoding="utf-8").splitlines()
                pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
                assert pinned
                assert all("==" in line and line.endswith("\\") for line in pinned)


@pytest.mark.parametrize("package", [*packages(), *engines()], ids=name_of)
class TestPackage:
    def test_says_what_it_is(self, package: Path) -> None:
        readme = package / "README.md"
        assert readme.exists(), f"{name_of(package)} needs a README.md of about 15 lines"
        assert len(readme.read_text(encoding="utf-8").splitlines()) in README_LINES

    def test_is_not_empty(self, package: Path) -> None:
        held = [path for path in package.rglob("*.py") if path.name != "__init__.py" and "migrations" not in path.parts]
        assert len(held) >= 2, f"{name_of(package)} holds nothing: make a package when it has content"


@pytest.mark.parametrize("package", packages(), ids=name_of)
def test_a_package_keeps_the_rooms_that_the_house_knows(package: Path) -> None:
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    nouns = modules - ROOMS
    # A noun of its own (paging, middleware, …) is fine; a room under another name is not.
    assert not nouns & {
        "views",
        "serializers",
        "services",
        "selectors",
        "utils",
        "helpers",
        "managers",
        "signals",
        "admin",
    }


def test_every_python_folder_is_a_package() -> None:
    bare = {path.parent for path in SOURCE.rglob("*.py")} - {path.parent for path in SOURCE.rglob("__init__.py")}
    assert sorted(map(name_of, bare)) == []
