"""Prices, stock and sales mix: their calculations against the same queries in DuckDB and plain pandas.

Run `python -m benchmarks.prices_stock_mix` from the checkout; the real data stands where REAL_DATA says, by
default in ../shared/data. All contestants run in this one process, in turn, and the best of the rounds counts,
so that a busy machine slows them alike. Every answer is compared before anything is timed. DuckDB reads from
tables of its own, filled beforehand, and hands its result over as a DataFrame.
"""

import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.prices_stock_mix_queries import (
    ABC,
    AS_OF,
    BRIDGE,
    COMPARE,
    EXPIRY,
    pandas_abc,
    pandas_bridge,
    pandas_comparison,
    pandas_expiry,
)
from core.inventory import classify_abc, near_expiry
from core.price_comparison import compare_distributors
from core.sales_mix import price_volume_mix

ROUNDS = 15
Contestants = dict[str, Callable[[], object]]


def best_of(contestants: Contestants, rounds: int = ROUNDS) -> dict[str, float]:
    """The shortest time of each contestant in seconds, all of them in turn in every round."""
    best = dict.fromkeys(contestants, float("inf"))
    for _ in range(rounds):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def report(title: str, aim: float, contestants: Contestants) -> None:
    best = best_of(contestants)
    ours = best.pop("ours")
    ratios = "  ".join(f"{name} {1000 * taken:7.1f} ms → {ours / taken:.2f}" for name, taken in best.items())
    print(f"{title:46} ours {1000 * ours:7.1f} ms   {ratios}   (aim ≤ {aim})")


def growth(title: str, prepare: Callable[[int], Callable[[], object]]) -> None:
    """Time and peak of what is allocated beyond the input, at 10^4, 10^5 and 10^6 rows."""
    for rows in (10_000, 100_000, 1_000_000):
        run = prepare(rows)
        taken = best_of({"ours": run}, rounds=5)["ours"]
        tracemalloc.start()
        run()
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        print(
            f"{title:22} {rows:>9,} rows {1000 * taken:9.1f} ms {1e6 * taken / rows:6.2f} µs a row {peak:8.1f} MB"
        )


def wholesale_lines() -> pd.DataFrame:
    text = {"CustomerID": "str", "StockCode": "str", "InvoiceNo": "str"}
    return pd.read_csv(folder() / "uci_lines_2011_11.csv.gz", dtype=text)


def folder() -> Path:
    path = Path(os.environ.get("REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not path.is_dir():
        sys.exit(f"No real data in {path}: set REAL_DATA to the folder that has it.")
    return path


def pairs(lines: pd.DataFrame) -> pd.DataFrame:
    """Invoice lines reduced to the last price of each customer and product."""
    known = lines[lines["CustomerID"].notna()]
    last = known.groupby(["CustomerID", "StockCode"], as_index=False)["UnitPrice"].last()
    return last.set_axis(["distributor_id", "product_id", "price"], axis=1)


def made_pairs(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(rows)
    products = max(rows // 20, 1)
    key = rng.choice(products * 200, size=rows, replace=False)
    price = np.where(rng.random(rows) < 0.8, 10.0, rng.lognormal(2, 0.3, rows).round(2))
    return pd.DataFrame(
        {
            "distributor_id": pd.Series(key % 200).map("D{:03d}".format),
            "product_id": pd.Series(key // 200).map("P{:06d}".format),
            "price": price,
        }
    )


def made_period(rows: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(rows + seed)
    names = rng.permutation(rows * 11 // 10)[:rows]
    return pd.DataFrame(
        {
            "product_id": pd.Series(names).map("P{:07d}".format),
            "quantity": rng.integers(0, 50, rows),
            "revenue": rng.lognormal(3, 1, rows).round(2),
        }
    )


def made_lots(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(rows)
    return pd.DataFrame(
        {
            "product_id": pd.Series(rng.integers(0, rows // 5, rows)).map("P{:06d}".format),
            "lot": pd.Series(rng.permutation(rows)).map("L{:07d}".format),
            "expires_on": AS_OF + pd.to_timedelta(rng.integers(-20, 300, rows), unit="D"),
            "quantity": rng.integers(0, 100, rows),
        }
    )


def rates_of(lots: pd.DataFrame) -> dict[str, float]:
    products = lots["product_id"].unique()
    return dict(zip(products, np.random.default_rng(1).lognormal(0, 1, len(products)), strict=True))


def same(ours: pd.DataFrame, theirs: object, key: list[str], columns: list[str]) -> None:
    """Stops the run when two answers differ."""
    assert isinstance(theirs, pd.DataFrame)
    left, right = (table.sort_values(key).reset_index(drop=True) for table in (ours, theirs))
    for column in columns:
        if column in ("status", "class"):
            assert left[column].astype(str).tolist() == right[column].astype(str).tolist(), column
        else:
            np.testing.assert_allclose(
                left[column].astype(float), right[column].astype(float), rtol=1e-9, atol=1e-6, err_msg=column
            )


def compare_prices(database: duckdb.DuckDBPyConnection) -> None:
    prices = pairs(wholesale_lines())
    database.execute("create table prices as select * from prices")
    contestants: Contestants = {
        "ours": lambda: compare_distributors(prices),
        "DuckDB": lambda: database.execute(COMPARE).df(),
        "pandas": lambda: pandas_comparison(prices),
    }
    ours, key = compare_distributors(prices), ["distributor_id", "product_id"]
    # A market given away has no deviation: SQL says NULL where a float says NaN or infinity.
    columns = ["peers", "median", "low", "high", "percent_rank", "robust_z", "status"]
    paid = ours["median"] > 0
    for name in ("DuckDB", "pandas"):
        theirs = contestants[name]()
        assert isinstance(theirs, pd.DataFrame)
        same(ours[paid], theirs[theirs["median"] > 0], key, [*columns, "deviation"])
        same(ours, theirs, key, columns[:5])
    report(f"compare_distributors, {len(prices):,} real pairs", 0.7, contestants)


def classify(database: duckdb.DuckDBPyConnection) -> None:
    months = pd.read_csv(folder() / "uci_product_month.csv.gz", dtype={"stock_code": "str"})
    revenue = months["revenue"]
    numbered = pd.DataFrame({"id": np.arange(len(revenue)), "value": revenue})
    database.execute("create table revenue as select * from numbered")
    contestants: Contestants = {
        "ours": lambda: classify_abc(revenue),
        "DuckDB": lambda: database.execute(ABC).df(),
        "pandas": lambda: pandas_abc(revenue),
    }
    ours = numbered.assign(**{"class": classify_abc(revenue)})
    same(ours, database.execute(ABC).df(), ["id"], ["class"])
    assert (pandas_abc(revenue) == classify_abc(revenue)).all()
    report(f"classify_abc, {len(revenue):,} real product-months", 1.5, contestants)


def bridge(database: duckdb.DuckDBPyConnection) -> None:
    before, after = made_period(100_000, 1), made_period(100_000, 2)
    database.execute("create table before as select * from before")
    database.execute("create table after as select * from after")
    contestants: Contestants = {
        "ours": lambda: price_volume_mix(before, after),
        "DuckDB": lambda: database.execute(BRIDGE).df(),
        "pandas": lambda: pandas_bridge(before, after),
    }
    ours = price_volume_mix(before, after)
    for name in ("DuckDB", "pandas"):
        same(ours, contestants[name](), ["product_id"], list(ours.columns[1:]))
    report("price_volume_mix, 100,000 products a period", 1.5, contestants)


def expire(database: duckdb.DuckDBPyConnection) -> None:
    lots = made_lots(100_000)
    rates = rates_of(lots)
    database.register("listed", pd.DataFrame({"product_id": list(rates), "rate": list(rates.values())}))
    database.execute("create table lots as select * from lots")
    database.execute("create table rates as select * from listed")
    contestants: Contestants = {
        "ours": lambda: near_expiry(lots, rates, AS_OF),
        "DuckDB": lambda: database.execute(EXPIRY, {"as_of": AS_OF.isoformat()}).df(),
        "pandas": lambda: pandas_expiry(lots, rates),
    }
    ours = near_expiry(lots, rates, AS_OF)
    for name in ("DuckDB", "pandas"):
        same(ours, contestants[name](), ["product_id", "lot"], ["days_left", "at_risk"])
    report("near_expiry, 100,000 lots", 1.5, contestants)


def main() -> None:
    print("Best of", ROUNDS, "rounds, in turn; ratio = our time / theirs\n")
    with duckdb.connect() as database:
        for measure in (compare_prices, classify, bridge, expire):
            measure(database)
    print("\nGrowth (best of 5; peak beyond the input, as tracemalloc sees it)\n")
    growth("compare_distributors", lambda rows: partial(compare_distributors, made_pairs(rows)))
    growth("classify_abc", lambda rows: partial(classify_abc, made_period(rows)["revenue"]))
    growth(
        "price_volume_mix", lambda rows: partial(price_volume_mix, made_period(rows, 1), made_period(rows, 2))
    )
    growth("near_expiry", lambda rows: partial(near_expiry, lots := made_lots(rows), rates_of(lots), AS_OF))


if __name__ == "__main__":
    main()
