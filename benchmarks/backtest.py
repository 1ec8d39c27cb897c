"""Replays what sold as periodic review, and compares ways to order at equal average stock.

`python -m benchmarks.backtest` prints the tables of docs/formulas_order.md. At the beginning of each period a policy
sees what was asked for until then and orders up to its level; the order arrives after the lead time (0: at once);
what cannot be served is lost. Product fill is the mean over the products of served / asked for, unit fill the same
over all units, stock the mean of what stands on the shelf over a period.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from benchmarks import backtest_methods as methods
from benchmarks.backtest_orders import print_orders
from benchmarks.histories import History, monthly, weekly
from core.demand_forecast import forecast

Matrix = np.ndarray
LEAD_TIMES = (0, 1, 2)
MULTIPLES = (1.0, 1.5, 2.0)
SERVICE_LEVELS = [
    1e-12, 1e-9, 1e-6, 1e-4, 0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93,
    0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9999, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12,
]  # fmt: skip
FILL_RATES = [0.02, 0.1, *np.linspace(0.2, 0.95, 16), 0.97, 0.98, 0.99, 0.995, 0.999, 0.9999, 1 - 1e-6]


class Outcome(NamedTuple):
    stock: float
    product_fill: float
    unit_fill: float


def replay(history: History, lead_time: int, level_of: Callable[[int, Matrix, Matrix], Matrix]) -> Outcome:
    """One run. `level_of` gets the period, what was sold until then, and where the shelf did not run empty."""
    demand, (products, periods) = history.demand, history.demand.shape
    sold, in_stock = demand.copy(), np.ones(demand.shape, dtype=bool)
    on_hand = np.maximum(level_of(history.known, sold[:, : history.known], in_stock[:, : history.known]), 0)
    pipeline = [np.zeros(products) for _ in range(lead_time)]
    stock = 0.0
    for period in range(history.known, periods):
        level = level_of(period, sold[:, :period], in_stock[:, :period])
        pipeline.append(np.maximum(level - on_hand - sum(pipeline), 0))
        on_hand = on_hand + pipeline.pop(0)
        sold[:, period] = np.minimum(on_hand, demand[:, period])
        in_stock[:, period] = on_hand >= demand[:, period]
        stock += float((on_hand - sold[:, period] / 2).sum())
        on_hand = on_hand - sold[:, period]
    asked, served = demand[:, history.known :].sum(axis=1), sold[:, history.known :].sum(axis=1)
    asking = asked > 0
    return Outcome(
        stock / (periods - history.known),
        float(np.mean(served[asking] / asked[asking])),
        float(served.sum() / asked.sum()),
    )


def last_again(history: History, lead_time: int, multiple: float, *, sees_sold: bool = False) -> Outcome:
    """Orders up to a multiple of the last period."""
    asked = history.demand

    def level(period: int, sold: Matrix, in_stock: Matrix) -> Matrix:
        return multiple * (sold if sees_sold else asked)[:, period - 1]

    return replay(history, lead_time, level)


Frontier = list[Outcome]


def frontier(
    history: History, lead_time: int, moments: tuple[Matrix, Matrix], by_fill: bool = False
) -> Frontier:
    """The outcomes over all service levels."""
    mean, sd = moments
    rule, swept = (methods.fill_rate, FILL_RATES) if by_fill else (methods.cycle_service, SERVICE_LEVELS)
    outcomes = []
    for service in swept:
        levels = rule(mean, sd, lead_time + 1, service)
        outcomes.append(replay(history, lead_time, lambda period, *_, levels=levels: levels[:, period]))
    return outcomes


def at_stock(outcomes: Frontier, stock: float) -> Outcome | None:
    """The outcome of a frontier at an average stock, between its neighbours; None beyond its ends."""
    table = np.array(sorted(outcomes))
    if not table[0, 0] <= stock <= table[-1, 0]:
        return None
    fills = [float(np.interp(stock, table[:, 0], table[:, column])) for column in (1, 2)]
    return Outcome(stock, *fills)


ALTERNATIVES: dict[str, tuple[Callable[[History], tuple[Matrix, Matrix]], bool]] = {
    "start: smoothing 0.3, TSB 0.2 / 0.2": (methods.by_point(methods.start), False),
    "textbook: smoothing 0.1, SBA 0.1": (methods.by_point(methods.textbook), False),
    "1. start, fill-rate targets": (methods.by_point(methods.start), True),
    "2. per item the least past error": (methods.by_choice, False),
    "3. combination (the default)": (methods.default, False),
}
DEFAULT = "3. combination (the default)"


def rivals(history: History, lead_time: int) -> dict[str, Outcome]:
    """The outcomes to beat at their own stock."""
    again = {f"last again × {m:g}": last_again(history, lead_time, m * (lead_time + 1)) for m in MULTIPLES}
    return again | ({"1.5 rule": last_again(history, lead_time, 1.5)} if lead_time else {})


def print_frontiers(histories: list[History]) -> None:
    gains: dict[str, list[tuple[float, float]]] = {name: [] for name in ALTERNATIVES}
    print("| data | lead time | rival | stock | rival's product / unit fill | default's | gain in points |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for history in histories:
        known = {name: (moments(history), by_fill) for name, (moments, by_fill) in ALTERNATIVES.items()}
        for lead_time in LEAD_TIMES:
            frontiers = {name: frontier(history, lead_time, *of) for name, of in known.items()}
            for rival, outcome in rivals(history, lead_time).items():
                for name, outcomes in frontiers.items():
                    ours = at_stock(outcomes, outcome.stock)
                    if ours is not None:
                        gains[name].append(points(ours, outcome))
                    if name == DEFAULT:
                        print_gain(history, lead_time, rival, outcome, ours)
    print("\n| alternative | product fill: least, mean gain | unit fill: least, mean gain | lost on either |")
    print("| --- | --- | --- | --- |")
    for name, found in gains.items():
        product, unit = zip(*found, strict=True)
        lost = sum(p < 0 or u < 0 for p, u in found)
        print(
            f"| {name} | {min(product):+.1f}, {np.mean(product):+.1f} | {min(unit):+.1f}, {np.mean(unit):+.1f} "
            f"| {lost} of {len(found)} |"
        )


def points(ours: Outcome, rival: Outcome) -> tuple[float, float]:
    return 100 * (ours.product_fill - rival.product_fill), 100 * (ours.unit_fill - rival.unit_fill)


def print_gain(history: History, lead_time: int, rival: str, outcome: Outcome, ours: Outcome | None) -> None:
    row = f"| {history.name} | {lead_time} | {rival} | {outcome.stock:,.0f} "
    row += f"| {outcome.product_fill:.3f} / {outcome.unit_fill:.3f} "
    if ours is None:
        print(row + "| beyond its frontier | |")
        return
    product, unit = points(ours, outcome)
    print(row + f"| {ours.product_fill:.3f} / {ours.unit_fill:.3f} | {product:+.1f} / {unit:+.1f} |")


def print_censored(histories: list[History]) -> None:
    """Alternative 4: policies see only what was sold; periods that ran out count as they are, or not at all."""
    print(
        "| data | lead time | last again × 1, product / unit fill | gain, all periods | gain, in-stock ones |"
    )
    print("| --- | --- | --- | --- | --- |")
    for history in histories:
        for lead_time in LEAD_TIMES:
            rival = last_again(history, lead_time, lead_time + 1.0, sees_sold=True)
            cells = []
            for masked in (False, True):
                outcomes = [
                    sees_sold(history, lead_time, s, masked) for s in (1e-6, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9)
                ]
                ours = at_stock(outcomes, rival.stock)
                cells.append("beyond" if ours is None else "{:+.1f} / {:+.1f}".format(*points(ours, rival)))
            print(
                f"| {history.name} | {lead_time} | {rival.product_fill:.3f} / {rival.unit_fill:.3f} | "
                + " | ".join(cells)
                + " |"
            )


def sees_sold(history: History, lead_time: int, service: float, masked: bool) -> Outcome:
    def level(period: int, sold: Matrix, in_stock: Matrix) -> Matrix:
        # A product that never had stock enough keeps the little that is known of it.
        usable = in_stock | ~in_stock.any(axis=1)[:, None]
        answer = forecast(sold, in_stock=usable if masked else None)
        return methods.cycle_service(
            answer["mean"].to_numpy(), answer["sd"].to_numpy(), lead_time + 1, service
        )

    return replay(history, lead_time, level)


def print_other_seeds() -> None:
    """The same generated weeks from other seeds, for the default alone."""
    found = []
    for history in (weekly(seed) for seed in (1, 2, 3)):
        moments = methods.default(history)
        for lead_time in LEAD_TIMES:
            outcomes = frontier(history, lead_time, moments)
            for rival in rivals(history, lead_time).values():
                ours = at_stock(outcomes, rival.stock)
                if ours is not None:
                    found.append(points(ours, rival))
    product, unit = zip(*found, strict=True)
    print(f"Weeks of seeds 1 to 3: product fill {min(product):+.1f} to {max(product):+.1f}, ", end="")
    print(f"unit fill {min(unit):+.1f} to {max(unit):+.1f} points.")


if __name__ == "__main__":
    replayed = [monthly(), weekly(), monthly(all_products=True)]
    print_frontiers(replayed)
    print()
    print_censored(replayed[:2])
    print()
    print_orders(replayed[:2])
    print()
    print_other_seeds()
