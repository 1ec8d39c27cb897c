"""What reconciling costs against the plain exact join of the same frames: `python -m benchmarks.reconciliation`.

Every figure is a ratio of two measurements in one run, taken in turns, the best of four each.
"""

import gc
import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

from core.reconciliation import match_payments, reconcile
from tests.ledgers import Ledger, make_ledger, score_links
from tests.open_items import make_open_items, score_payments

_KEYS = ["distributor_id", "reference", "amount_minor"]
_LINES = 200_000


def main() -> None:
    """Prints speed, growth, memory and quality."""
    books = make_ledger(_LINES, seed=1)
    join, ours = _in_turns(lambda: books.ours.merge(books.theirs, on=_KEYS), lambda: _run(books))
    print(f"exact join of {len(books.ours):,} x {len(books.theirs):,} lines  {join * 1000:8.0f} ms")
    print(f"reconcile of the same                    {ours * 1000:8.0f} ms  {ours / join:.1f} x the join")
    for lines in (10_000, 100_000, 1_000_000):
        grown = make_ledger(lines, seed=2)
        _, took = _in_turns(lambda: None, lambda grown=grown: _run(grown), rounds=2)
        print(f"growth: {lines:>9,} lines a side {took * 1000:8.0f} ms  {took / lines * 1e6:.2f} us a line")
        del grown
    _quality()
    print(_peak())


def peak() -> None:
    """Prints the memory that one reconciliation adds at its peak, in a process of its own."""
    books = make_ledger(_LINES, seed=1)
    for warm in (make_ledger(1_000, seed=3), books):
        del warm.truth
        gc.collect()
        before = _resident("VmRSS")
        with open("/proc/self/clear_refs", "w") as reset:
            reset.write("5")
        _run(warm)
        added = _resident("VmHWM") - before
    size = sum(int(table.memory_usage(deep=True).sum()) for table in (books.ours, books.theirs))
    print(
        f"peak memory beyond the input: {added / 1e6:.0f} MB for {size / 1e6:.0f} MB of input, "
        f"{added / size:.1f} x; with the input {(added + size) / size:.1f} x"
    )


def _run(books: Ledger) -> object:
    return reconcile(books.ours, books.theirs)


def _in_turns(
    first: Callable[[], object], second: Callable[[], object], rounds: int = 4
) -> tuple[float, float]:
    """The best time of each, measured in turns."""
    best = [float("inf"), float("inf")]
    for _ in range(rounds):
        for place, call in enumerate((first, second)):
            gc.collect()
            start = perf_counter()
            call()
            best[place] = min(best[place], perf_counter() - start)
    return best[0], best[1]


def _quality() -> None:
    for lines, density in ((20_000, 100), (200_000, 100), (200_000, 1000)):
        books = make_ledger(lines, seed=4, lines_per_distributor=density)
        score = score_links(books.truth, reconcile(books.ours, books.theirs))
        print(
            f"links, {lines:,} lines, {density} a distributor: recall {score.recall:.5f} precision "
            f"{score.precision:.5f} misposted offered {score.misposted_offered:.4f}"
        )
    for invoices in (10_000, 100_000):
        items = make_open_items(invoices, seed=4)
        recall, precision = score_payments(items.truth, match_payments(items.invoices, items.payments))
        print(f"payments, {invoices:,} invoices: recall {recall:.5f} precision {precision:.5f}")


def _peak() -> str:
    command = [sys.executable, "-c", "from benchmarks.reconciliation import peak; peak()"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _resident(name: str) -> int:
    """A figure of this process in bytes, from Linux's own account of it."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
