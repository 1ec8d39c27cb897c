"""Order suggestion against the bare closed form in NumPy, the levels against stockpyl, the split against the best.

`python -m benchmarks.order_suggestion`
"""

import time
import tracemalloc
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pandas as pd
from stockpyl.newsvendor import newsvendor_normal

from core import order_budget
from core.order_suggestion import fit_to_budget, order_up_to_level, suggest_order

ROWS = 1_000_000
MOST_REQUIRED = 6
MOST_OPTIONAL = 10


def order_lines(rows: int) -> pd.DataFrame:
    """Product × distributor lines with the required columns, texts as categories."""
    random = np.random.default_rng(6)
    products = [f"product {n}" for n in range(2000)]
    return pd.DataFrame(
        {
            "product_id": pd.Categorical.from_codes(np.arange(rows) % 2000, categories=products),
            "on_hand": random.integers(0, 200, rows).astype(float),
            "on_order": random.integers(0, 50, rows).astype(float),
            "demand_mean": random.gamma(2, 5, rows),
            "demand_sd": random.gamma(2, 2, rows),
            "lead_time": random.integers(1, 10, rows).astype(float),
            "review_period": 7.0,
            "service_level": random.choice([0.9, 0.95, 0.98], rows),
            "pack": random.choice([6.0, 12.0, 24.0], rows),
            "minimum": random.choice([0.0, 24.0], rows),
            "unit_price": random.uniform(1, 50, rows),
        }
    )


def with_optional(lines: pd.DataFrame) -> pd.DataFrame:
    """The same lines with every optional column."""
    random, rows = np.random.default_rng(7), len(lines)
    return lines.assign(
        lead_time_sd=random.uniform(0, 2, rows),
        promo_uplift=random.choice([0.0, 0.2], rows),
        unusable=random.integers(0, 5, rows).astype(float),
        shelf_life=random.integers(30, 300, rows).astype(float),
        max_days=random.integers(20, 60, rows).astype(float),
        min_level=random.integers(0, 50, rows).astype(float),
        max_level=random.integers(100, 500, rows).astype(float),
        cover_days=14.0,
        discontinued=random.random(rows) < 0.02,
        previous_on_hand=random.integers(0, 200, rows).astype(float),
        receipts=random.integers(0, 100, rows).astype(float),
    )


def closed_form(lines: pd.DataFrame) -> np.ndarray:
    """The order-up-to level of each line and nothing else; z once for each service level."""
    names = ("demand_mean", "demand_sd", "lead_time", "review_period", "service_level")
    mean, sd, lead_time, review_period, service_level = (lines[name].to_numpy() for name in names)
    levels, place = np.unique(service_level, return_inverse=True)
    z = np.array([NormalDist().inv_cdf(level) for level in levels])[place]
    days = lead_time + review_period
    return mean * days + z * sd * np.sqrt(days)


def fastest(*runs: Callable[[], object], times: int = 15) -> list[float]:
    """The shortest time of each, taken in turns, so that a busy machine disturbs all alike."""
    shortest = [float("inf")] * len(runs)
    for _ in range(times):
        for number, run in enumerate(runs):
            start = time.perf_counter()
            run()
            shortest[number] = min(shortest[number], time.perf_counter() - start)
    return shortest


def ratios() -> None:
    lines = order_lines(ROWS)
    for name, table, most in (
        ("required columns", lines, MOST_REQUIRED),
        ("all optional columns", with_optional(lines), MOST_OPTIONAL),
    ):
        bare, full = fastest(lambda table=table: closed_form(table), lambda table=table: suggest_order(table))
        print(
            f"{ROWS:,} lines, {name}: {full * 1e3:.0f} ms, {full / bare:.1f} x the closed form "
            f"({bare * 1e3:.0f} ms), at most {most}"
        )
        if full > most * bare:
            raise SystemExit("too slow")


def growth() -> None:
    for rows in (250_000, 500_000, 1_000_000):
        table = with_optional(order_lines(rows))
        taken = fastest(lambda table=table: suggest_order(table), times=5)[0]
        tracemalloc.start()
        suggest_order(table)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{rows:>9,} lines: {taken / rows * 1e9:.0f} ns and {peak / rows:.0f} bytes a line")


def agreement() -> None:
    """Periodic review with normal demand is a newsvendor over lead time + review, at the critical ratio."""
    random = np.random.default_rng(8)
    apart = 0.0
    for _ in range(500):
        mean, sd = random.uniform(1, 500), random.uniform(0.1, 100)
        holding, stockout, lead_time = (
            random.uniform(0.1, 2),
            random.uniform(2, 50),
            int(random.integers(0, 12)),
        )
        theirs, _ = newsvendor_normal(holding, stockout, mean, sd, lead_time=lead_time)
        ours = order_up_to_level(
            mean, sd, lead_time=lead_time, review_period=1, service_level=stockout / (stockout + holding)
        )
        apart = max(apart, abs(float(ours) / theirs - 1))
    print(f"order-up-to level against stockpyl, 500 cases: furthest apart {apart:.1e}")
    if apart > 1e-9:
        raise SystemExit("differs from stockpyl")


def budget_gap() -> None:
    """How much risk the split pack by pack avoids of what the best split avoids, on orders of random lines."""
    usual = order_budget.MOST_STATES
    for rows in (4, 8, 12, 20, 60):
        shares = []
        for seed in range(40):
            lines = order_lines(4000).sample(rows, random_state=seed).assign(on_hand=0.0, on_order=0.0)
            suggestion = suggest_order(lines)
            budget = (0.2 + 0.6 * seed / 40) * float(suggestion["amount"].sum())
            order_budget.MOST_STATES = usual
            best = avoided(suggestion, fit_to_budget(suggestion, budget)["after_credit"])
            order_budget.MOST_STATES = 0
            shares.append(avoided(suggestion, fit_to_budget(suggestion, budget)["after_credit"]) / best)
        order_budget.MOST_STATES = usual
        print(
            f"pack by pack, {rows:2} lines: least {min(shares):.1%}, mean {np.mean(shares):.2%} of the best split"
        )


def avoided(suggestion: pd.DataFrame, kept: pd.Series) -> float:
    """The share of demand that the kept quantities rescue, over all lines."""
    days = suggestion["lead_time"] + suggestion["review_period"]
    mean, sd = suggestion["demand_mean"] * days, suggestion["demand_sd"] * np.sqrt(days)

    def short(stock: pd.Series) -> np.ndarray:
        k = (stock - mean) / sd
        tail = np.array([NormalDist().cdf(-x) for x in k])
        density = np.array([NormalDist().pdf(x) for x in k])
        return (sd * density - (stock - mean) * tail) / mean

    return float((short(suggestion["usable"]) - short(suggestion["usable"] + kept)).sum())


if __name__ == "__main__":
    agreement()
    budget_gap()
    ratios()
    growth()
