"""What happens by itself: jobs left unfinished are taken up again, and time is noticed every few minutes."""

import logging
import threading
from collections.abc import Callable

from django.db import connection

from qingqu.kernel.duties import tasks as duties
from qingqu.kernel.ledger import tasks as ledger
from qingqu.kernel.notices import tasks as notices
from qingqu.kernel.publications import tasks as publications
from qingqu.pillars.audit import tasks as audit

log = logging.getLogger("qingqu.schedule")

SECONDS_BETWEEN_TICKS = 600.0
"""How often the clock is looked at; reminders and embargoes are by the day and hour, so minutes are enough."""

SECONDS_BETWEEN_HEADS = 10.0
"""How often the public log takes in what happened; a reader waits no longer for a proof."""

JOBS = (duties.tick, notices.retry, publications.lift_embargoes, ledger.check, ledger.stamp)
"""Jobs that may run any number of times: each does only what is due and has not been done."""


def tick() -> None:
    """Queue every job of the clock once."""
    for job in JOBS:
        job.enqueue()


def start() -> threading.Event:
    """Take up what a stopped worker left, then tick until the returned event is set."""
    stopped = threading.Event()
    audit.resume()
    for name, job, seconds in (("clock", tick, SECONDS_BETWEEN_TICKS), ("log", ledger.keep, SECONDS_BETWEEN_HEADS)):
        threading.Thread(target=_repeat, args=(job, seconds, stopped), name=f"qingqu-{name}", daemon=True).start()
    return stopped


def _repeat(job: Callable[[], object], seconds: float, stopped: threading.Event) -> None:
    """Do the job now and then; what goes wrong is said and tried again."""
    while True:
        try:
            job()
        except Exception:  # the thread must live; the next round tries again
            log.exception("%s failed and is tried again in %s seconds", threading.current_thread().name, seconds)
        finally:
            connection.close()
        if stopped.wait(seconds):
            return
