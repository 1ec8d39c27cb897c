"""What many reps at work cost: a touch each eight seconds, against as many on the bare page.

`python -m benchmarks.sessions [SESSIONS …]` takes some eight minutes for fifty. Every session stays on a step of a
visit of its own, so that nobody profits from what another's page remembered. Both servers hold all their sessions
all the time and are touched in turn, five times; the first touches of a session are not counted. Beside the
answers' times stands what the processor worked for a touch, which a busy machine changes least.
"""

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from benchmarks.serving import STEPS, Contest, contest, seconds_worked
from benchmarks.shelf_company import REP, Size
from benchmarks.streamlit_client import StreamlitClient
from tests.running_app import RunningApp

SESSIONS, PAUSE, TOUCHES, ROUNDS = 50, 8.0, 2, 5
FACTOR = 2.0
COLUMNS = ("p50", "p95", "work", "bare p50", "bare p95", "bare work")


def main() -> None:
    """Prints a row a round, and the medians."""
    counts = [int(given) for given in sys.argv[1:]] or [SESSIONS]
    with contest(Size(full=max(counts), distributors=max(counts), weeks=6)) as servers:
        for sessions in counts:
            measure(servers, sessions)


def measure(servers: Contest, sessions: int) -> None:
    """Touches so many sessions of both servers in turn."""
    ours, bare = [], []
    for number in range(sessions):
        page = servers.open_ours(REP, STEPS[number % len(STEPS)], visit=number)
        page.rerun()
        _, drawn = page.rerun()
        beside = servers.open_bare(drawn["widgets"])
        beside.rerun()
        ours.append(page)
        bare.append(beside)
    print(f"{sessions} sessions, a touch each {PAUSE:.0f} s\n")
    print(f"| round | {' | '.join(COLUMNS)} | p95 ratio | work ratio |")
    print(f"| --- {'| --- ' * (len(COLUMNS) + 2)}|")
    rounds = []
    for number in range(ROUNDS):
        figures = [*touched(servers.ours, ours), *touched(servers.bare, bare)]
        rounds.append(figures)
        print(row(str(number + 1), figures), flush=True)
    medians = [median(column) for column in zip(*rounds, strict=True)]
    print(row("median", medians))
    verdict = "within it" if medians[1] <= FACTOR * medians[4] else "over it"
    print(f"\nThe aim: p95 ≤ {FACTOR:.0f} × the bare page's: {verdict}.\n", flush=True)
    for page in (*ours, *bare):
        page.close()


def touched(server: RunningApp, pages: Sequence[StreamlitClient]) -> tuple[float, float, float]:
    """Seconds a touch when every page is touched, evenly over the pause: median, 95th percentile, processor time."""
    start, worked = time.perf_counter(), seconds_worked(server)

    def work(place: int) -> list[float]:
        taken = []
        for touch in range(TOUCHES):
            due = start + PAUSE * (touch + place / len(pages))
            time.sleep(max(due - time.perf_counter(), 0))
            taken.append(pages[place].rerun()[0])
        return taken

    with ThreadPoolExecutor(len(pages)) as reps:
        seconds = [second for taken in reps.map(work, range(len(pages))) for second in taken]
    return median(seconds), quantiles(seconds, n=20)[-1], (seconds_worked(server) - worked) / len(seconds)


def row(name: str, figures: Sequence[float]) -> str:
    """The six figures in milliseconds and the ratios of the 95th percentiles and of the work."""
    cells = " | ".join(f"{1000 * seconds:.0f} ms" for seconds in figures)
    return f"| {name} | {cells} | {figures[1] / figures[4]:.2f} | {figures[2] / figures[5]:.2f} |"


if __name__ == "__main__":
    main()
