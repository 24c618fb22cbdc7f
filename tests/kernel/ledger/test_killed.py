"""Killed at any moment while it sequences and publishes, the log loses nothing, doubles nothing, and only grows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).parents[3]
ROUNDS = {"sqlite": 50, "postgresql": 25}


@pytest.fixture
def database_url() -> str:
    """A database of its own on the server of the run; empty for SQLite, which lives in the home folder."""
    if connection.vendor == "sqlite":
        return ""
    given = connection.settings_dict
    server = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
    name = f"qingqu_killed_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return f"{server}/{name}"


@pytest.mark.slow
def test_killing_it_often_costs_nothing(tmp_path: Path, database_url: str) -> None:
    rounds = ROUNDS[connection.vendor]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qingqu.site.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "QINGQU_HOME": str(tmp_path),
        "QINGQU_DATABASE_URL": database_url,
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tests.kernel.ledger.killing", str(rounds), "20261124"],
        check=True, capture_output=True, cwd=ROOT, env=environment, text=True,
    )  # fmt: skip
    left = json.loads(ran.stdout.splitlines()[-1])
    assert left["acknowledged"] >= rounds
    assert (left["lost"], left["doubled"], left["waiting"], left["broken"]) == (0, 0, 0, 0)
    assert left["events"] == left["leaves"] == left["size"]
    assert left["heads"] >= rounds // 3
    assert left["findings"] == []
    assert left["sound"]
