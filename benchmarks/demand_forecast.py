"""Intermittent demand against statsforecast: the same figures, and how many times faster.

`python -m benchmarks.demand_forecast` measures; with `--store` it writes what the tests hold the formulas
against: generated series and what statsforecast says of them.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from statsforecast.models import TSB, CrostonClassic, CrostonSBA

from core.demand_forecast import croston, sba, tsb

STORED = Path("tests/core/intermittent_series.json")
REAL_DATA = Path(os.environ.get("REAL_DATA", "../shared/data"))
TOLERANCE = 1e-9
NEEDED_RATIO = 30
SERIES = 30_000

Matrix = np.ndarray
METHODS: dict[str, tuple[Callable[[Matrix], Matrix], Callable[[], object]]] = {
    "croston": (croston, CrostonClassic),
    "sba": (sba, CrostonSBA),
    "tsb": (lambda y: tsb(y, alpha_d=0.2, alpha_p=0.1), lambda: TSB(alpha_d=0.2, alpha_p=0.1)),
}


def random_series(rows: int, periods: int, seed: int) -> Matrix:
    """Intermittent sales of many kinds: rare to regular, small to large, whole units."""
    random = np.random.default_rng(seed)
    chance = random.uniform(0.02, 1, (rows, 1))
    size = np.ceil(random.gamma(1.5, random.lognormal(2, 1.2, (rows, 1)), (rows, periods)))
    return np.where(random.random((rows, periods)) < chance, size, 0.0)


def real_series() -> Matrix:
    """The wholesaler's product-months, returns netted, months below zero as none."""
    sales = pd.read_csv(REAL_DATA / "uci_product_month.csv.gz")
    return (
        sales.pivot_table(index="stock_code", columns="month", values="qty", aggfunc="sum")
        .fillna(0)
        .clip(lower=0)
        .to_numpy()
    )


def peer(make: Callable[[], object], series: Matrix) -> Matrix:
    model = make()
    return np.array([model.forecast(y=row, h=1)["mean"][0] for row in series])


def fastest(*runs: Callable[[], object], times: int = 5) -> list[float]:
    """The shortest time of each, taken in turns, so that a busy machine disturbs all alike."""
    shortest = [float("inf")] * len(runs)
    for _ in range(times):
        for number, run in enumerate(runs):
            start = time.perf_counter()
            run()
            shortest[number] = min(shortest[number], time.perf_counter() - start)
    return shortest


def agreement() -> None:
    sets = {
        "real product-months": real_series(),
        "generated, 12 periods": random_series(4000, 12, 1),
        "generated, 60 periods": random_series(4000, 60, 2),
    }
    for name, series in sets.items():
        for method, (ours, theirs) in METHODS.items():
            expected = peer(theirs, series)
            apart = np.max(np.abs(ours(series) - expected) / np.maximum(np.abs(expected), 1))
            print(f"{method:8} {name:22} {len(series):6} series, furthest apart {apart:.1e}")
            if apart > TOLERANCE:
                raise SystemExit(f"{method} differs from statsforecast on {name}")


def speed() -> None:
    for periods in (12, 24, 60):
        series = random_series(SERIES, periods, 3)
        ours, theirs = fastest(lambda y=series: sba(y), lambda y=series: peer(CrostonSBA, y))
        ratio = theirs / ours
        print(
            f"sba      {SERIES} series of {periods} periods: {ratio:.0f} x statsforecast ({ours * 1e3:.0f} ms)"
        )
        if periods <= 24 and ratio < NEEDED_RATIO:
            raise SystemExit(f"below {NEEDED_RATIO} x")


def store() -> None:
    series = np.vstack([random_series(40, 24, 4), np.zeros((1, 24)), np.eye(24)[[0, 23]] * 7])
    expected = {method: peer(theirs, series).tolist() for method, (_, theirs) in METHODS.items()}
    rows = ",\n".join(json.dumps(row) for row in series.astype(int).tolist())
    figures = ",\n".join(f'"{method}": {json.dumps(values)}' for method, values in expected.items())
    STORED.write_text(f'{{"series": [\n{rows}],\n{figures}}}\n')


if __name__ == "__main__":
    if "--store" in sys.argv:
        store()
    else:
        agreement()
        speed()
