"""The tree as the repository holds it."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "qingqu"
TEXT = {
    ".py",
    ".html",
    ".md",
    ".toml",
    ".txt",
    ".json",
    ".yaml",
    ".yml",
    ".po",
    ".ts",
    ".css",
    ".js",
    ".mjs",
    ".svg",
    "",
}


def tracked() -> list[Path]:
    """Every text file under version control that is still there."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    paths = [ROOT / name for name in names.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def packages() -> list[Path]:
    """Every Django package: the folders that hold an ``apps.py``."""
    return sorted(path.parent for path in SOURCE.rglob("apps.py"))


def engines() -> list[Path]:
    """Every engine."""
    return sorted(path.parent for path in (SOURCE / "engines").glob("*/__init__.py"))


def name_of(path: Path) -> str:
    """A path as a reader would write it."""
    return path.relative_to(ROOT).as_posix()
