"""What fifty reps at work cost: a touch each eight seconds, against as many on the bare page.

`python -m benchmarks.sessions` takes some four minutes. Every session stays on a step of a visit; the steps and the
visits are spread over the sessions, so that nobody profits from what another's page remembered. Both servers hold
all their sessions all the time and are touched in turn, five times.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from benchmarks.serving import STEPS, contest
from benchmarks.shelf_company import REP, Size
from benchmarks.streamlit_client import StreamlitClient

SESSIONS, PAUSE, TOUCHES, ROUNDS = 50, 8.0, 2, 5
FACTOR = 2.0


def main() -> None:
    """Prints a row a round, and the medians."""
    with contest(Size(full=13, weeks=12)) as servers:
        ours, bare = [], []
        for number in range(SESSIONS):
            page = servers.open_ours(REP, STEPS[number % len(STEPS)], visit=number)
            _, drawn = page.rerun()
            beside = servers.open_bare(drawn["widgets"])
            beside.rerun()
            ours.append(page)
            bare.append(beside)
        print(f"{SESSIONS} sessions, a touch each {PAUSE:.0f} s\n")
        print("| round | p50 | p95 | bare p50 | bare p95 | p95 ratio |")
        print("| --- | --- | --- | --- | --- | --- |")
        rounds = []
        for number in range(ROUNDS):
            figures = [*touched(ours), *touched(bare)]
            rounds.append(figures)
            print(row(str(number + 1), figures), flush=True)
        print(row("median", [median(column) for column in zip(*rounds, strict=True)]))
        print(f"\nThe aim: p95 ≤ {FACTOR:.0f} × the bare page's.")
        for page in (*ours, *bare):
            page.close()


def touched(pages: Sequence[StreamlitClient]) -> tuple[float, float]:
    """Median and 95th percentile in seconds when every page is touched, evenly over the pause."""
    start = time.perf_counter()

    def work(place: int) -> list[float]:
        taken = []
        for touch in range(TOUCHES):
            due = start + PAUSE * (touch + place / len(pages))
            time.sleep(max(due - time.perf_counter(), 0))
            taken.append(pages[place].rerun()[0])
        return taken

    with ThreadPoolExecutor(len(pages)) as reps:
        seconds = [second for taken in reps.map(work, range(len(pages))) for second in taken]
    return median(seconds), quantiles(seconds, n=20)[-1]


def row(name: str, figures: Sequence[float]) -> str:
    """The four figures in milliseconds and the ratio of the 95th percentiles."""
    cells = " | ".join(f"{1000 * seconds:.0f} ms" for seconds in figures)
    return f"| {name} | {cells} | {figures[1] / figures[3]:.2f} |"


if __name__ == "__main__":
    main()
