"""What happens by itself: jobs left unfinished are taken up again, and time is noticed every few minutes."""

import threading

from django.db import connection

from qingqu.kernel.duties import tasks as duties
from qingqu.kernel.notices import tasks as notices
from qingqu.kernel.publications import tasks as publications
from qingqu.pillars.audit import tasks as audit

SECONDS_BETWEEN_TICKS = 600.0
"""How often the clock is looked at; reminders and embargoes are by the day and hour, so minutes are enough."""

JOBS = (duties.tick, notices.retry, publications.lift_embargoes)
"""Jobs that may run any number of times: each does only what is due and has not been done."""


def tick() -> None:
    """Queue every job of the clock once."""
    for job in JOBS:
        job.enqueue()


def start() -> threading.Event:
    """Take up what a stopped worker left, then tick until the returned event is set."""
    stopped = threading.Event()
    audit.resume()
    threading.Thread(target=_run, args=(stopped,), name="qingqu-clock", daemon=True).start()
    return stopped


def _run(stopped: threading.Event) -> None:
    while True:
        try:
            tick()
        finally:
            connection.close()
        if stopped.wait(SECONDS_BETWEEN_TICKS):
            return
