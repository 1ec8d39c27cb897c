"""What drawing a screen costs with 300 products, against a bare Streamlit page with as many widgets.

`python -m benchmarks.screens [SCREEN …]`. Times are taken over the websocket, from the touch to the last message of
the answer; both servers run with the same settings, and every redraw of ours is followed by one of the bare page, so
that a busy machine slows them alike. First is the first draw of a session, when nothing is remembered yet.
"""

import sys
from statistics import median

from benchmarks.serving import SCREENS, Contest, contest
from benchmarks.shelf_company import Size

RUNS, TOUCHES = 5, 9
FACTOR, ADDITION = 1.6, 0.040


def main() -> None:
    """Prints a row a screen."""
    wanted = sys.argv[1:]
    print("| screen | widgets | first | bare first | p50 | bare p50 | ratio | difference | aim |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with contest(Size()) as servers:
        for account, page in SCREENS:
            if not wanted or page in wanted:
                print(measure(servers, account, page), flush=True)
    print(
        f"\nMedians of {RUNS} runs of {TOUCHES} touches; the aim: p50 ≤ {FACTOR} × or + {ADDITION * 1000:.0f} ms."
    )


def measure(servers: Contest, account: str, page: str) -> str:
    """Draws a screen and its bare page in turn."""
    ours = servers.open_ours(account, page)
    first, drawn = ours.rerun()
    bare = servers.open_bare(drawn["widgets"])
    bare_first, _ = bare.rerun()
    pages = (ours, bare)
    for one in pages:
        one.rerun()
    runs: list[tuple[float, float]] = []
    for _ in range(RUNS):
        touches = [tuple(one.rerun()[0] for one in pages) for _ in range(TOUCHES)]
        runs.append((median(touch[0] for touch in touches), median(touch[1] for touch in touches)))
    for one in pages:
        one.close()
    p50, bare_p50 = (median(column) for column in zip(*runs, strict=True))
    met = p50 <= max(FACTOR * bare_p50, bare_p50 + ADDITION)
    times = " | ".join(f"{1000 * seconds:.0f} ms" for seconds in (first, bare_first, p50, bare_p50))
    return (
        f"| {page} | {drawn['widgets']} | {times} | {p50 / bare_p50:.2f} | {1000 * (p50 - bare_p50):+.0f} ms "
        f"| {'within' if met else 'over'} |"
    )


if __name__ == "__main__":
    main()
