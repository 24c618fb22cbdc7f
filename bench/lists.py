"""What a request for each list costs in CPU time, at 1,000, 10,000 and 100,000 rows.

    python bench/lists.py [--largest 100000] [--json]

The lists, the district and its rows are those of tests/site/test_scale.py, which asserts what can be asserted on any
machine: the number of queries, and that the database works no harder at a hundred thousand rows. Here is the time.
"""

import argparse
import os
import sys
import tempfile

from measuring import ROOT, cpu_ms, show

PEER = {1_000: 94.0, 10_000: 200.0}
"""CPU ms of a list of 20 risk scenarios of CISO Assistant (commit f990d7b1b) at so many rows, one administrator, on 2
cores with its own SQLite settings; median of five warm requests, of 116 and 118 queries. Published in the project's
comparison of peers (A4), not measured by this run."""

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """Make the district in a folder of its own, grow it, and ask every list at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "QINGQU_HOME": home,
            "QINGQU_ALLOWED_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "qingqu.site.settings",
        }
        sys.path[:0] = [str(ROOT), str(ROOT / "src")]
        _measure(options)


def _measure(options: argparse.Namespace) -> None:
    import django  # noqa: PLC0415 - settings are chosen by now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from qingqu.kernel.core.clock import now  # noqa: PLC0415
    from tests.site import scale, test_scale  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    world = scale.make_world(now())
    lists = {address: letters[0] for address, letters in (test_scale.WORK | test_scale.STAFF).items()}
    pages = [page for page in test_scale.addresses(world, lists) if f"page={test_scale.LAST}" not in page[1]]
    browsers = {letter: world.client(letter) for letter in "PTHSOLDAM"}
    found: dict[tuple[str, str], dict[int, float]] = {page: {} for page in pages}
    for size in (each for each in SIZES if each <= options.largest):
        if size > scale.BASE:
            world.grow_staff(size)
            world.grow_work(size)
        for letter, address in pages:
            browser = browsers[letter]
            found[letter, address][size] = cpu_ms(lambda browser=browser, address=address: browser.get(address))  # type: ignore[misc]
    rows = [_row(page, costs) for page, costs in found.items()]
    worst = max(rows, key=lambda row: row["ms at 10,000"])
    notes = [
        "A letter is the role that asks: P the public, T teacher, H head, O office, L leader, D discipline, A audit, M "
        "administrator.",
        f"Peer: CISO Assistant f990d7b1b, a list of 20 of 10,000 risk scenarios, {PEER[10_000]:.0f} ms; of 1,000, "
        f"{PEER[1_000]:.0f} ms (published figures, another kind of list, another run).",
        f"Dearest at 10,000 rows: {worst['list']}, {worst['ms at 10,000']:.1f} ms.",
    ]
    show("bench/lists.py", rows, as_json=options.json, notes=notes)


def _row(page: tuple[str, str], costs: dict[int, float]) -> dict[str, object]:
    """A list's times, how much dearer the largest is than ten thousand, and the peer's time over ours."""
    at = {f"ms at {size:,}": costs.get(size) for size in SIZES}
    largest = costs.get(SIZES[-1])
    return {
        "list": " ".join(page),
        **at,
        "100,000 / 10,000": largest / costs[10_000] if largest else None,
        "peer / ours at 10,000": PEER[10_000] / costs[10_000],
    }


if __name__ == "__main__":
    main()
