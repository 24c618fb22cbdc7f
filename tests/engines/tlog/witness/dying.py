"""A witness that is killed at its n-th flush to the disk: run as ``python -m … FOLDER N``; N 0 never dies."""

import os
import signal
import sys
from itertools import count
from pathlib import Path

from qingqu.engines.tlog.witness import serve


def say(address):
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


def main(folder, deadly):
    flush, flushes = os.fsync, count(1)

    def fsync(handle):
        if next(flushes) == deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        flush(handle)

    os.fsync = fsync
    serve(Path(folder), "127.0.0.1:0", clock=lambda: 1000, ready=say)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
