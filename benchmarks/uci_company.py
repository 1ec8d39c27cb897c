"""Makes a company that `python -m data.operator load` takes, from a month of a real wholesaler's invoice lines.

`python -m benchmarks.uci_company FOLDER [--today DATE]` writes the files; without a folder they are written aside,
loaded into a database that is thrown away, and the rows and seconds are printed. What the source tells, what is
assumed and which lines are left out: docs/benchmarks.md.
"""

import argparse
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TextIO

import pandas as pd

from benchmarks.histories import REAL_DATA
from data.engine import create_engine_for
from data.importing import load_folder
from data.migrate import upgrade

SOURCE = REAL_DATA / "uci_lines_2011_11.csv.gz"
HOME = "United Kingdom"
REP, MANAGER = "rep", "manager"
VISITS = 6
GOODS = r"(?:\d{5}|DCGS)"
"""How a code of goods begins; the others are postage, discounts, fees and corrections."""


@dataclass
class Prepared:
    """The tables of the company by the name of their file, and the source's lines that are not in them."""

    tables: dict[str, pd.DataFrame]
    left_out: dict[str, int] = field(default_factory=dict)


def read_lines(source: Path | TextIO) -> pd.DataFrame:
    """The source as it is, codes as text."""
    text = {"InvoiceNo": "str", "StockCode": "str", "CustomerID": "str"}
    return pd.read_csv(source, dtype=text, parse_dates=["InvoiceDate"])


def prepare(lines: pd.DataFrame, today: date) -> Prepared:
    """The company of some invoice lines, its last day before `today`.

    Args:
        lines: `InvoiceNo, StockCode, Description, Quantity` (pieces; negative: returned), `InvoiceDate`,
            `UnitPrice` (GBP), `CustomerID, Country`.
        today: The day of the planned visits.
    """
    lines, left_out = _usable(lines)
    lines["on"] = lines["InvoiceDate"].dt.normalize() + _moved(lines["InvoiceDate"].max(), today)
    tables = {
        **_company(),
        **_places(lines),
        "products.csv": _products(lines),
        "sell_out.csv": _sell_out(lines),
        "prices.csv": _prices(lines),
        "visits_planned.csv": _visits(lines, today),
    }
    return Prepared(tables, left_out)


def _usable(lines: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """The lines of goods to known customers, one spelling a code."""
    lines = lines.assign(StockCode=lines["StockCode"].str.strip().str.upper())
    of_nobody = lines["CustomerID"].isna()
    no_goods = ~of_nobody & ~lines["StockCode"].str.match(GOODS)
    left_out = {"of no customer": int(of_nobody.sum()), "no goods": int(no_goods.sum())}
    return lines[~of_nobody & ~no_goods].copy(), left_out


def _moved(last: pd.Timestamp, today: date) -> pd.Timedelta:
    """The whole weeks after which the last day stands in the seven days before `today`."""
    return pd.Timedelta(weeks=((today - last.date()).days - 1) // 7)


def _company() -> dict[str, pd.DataFrame]:
    company = {"name": "UCI Online Retail", "currency": "GBP", "tax_basis": "excluded"}
    users = [(REP, "Rep", REP, "en"), (MANAGER, "Manager", MANAGER, "en")]
    return {
        "company.csv": pd.DataFrame([{**company, "time_zone": "Europe/London"}]),
        "regions.csv": pd.DataFrame({"code": ["home", "abroad"], "name": [HOME, "Abroad"]}),
        "users.csv": pd.DataFrame(users, columns=["account", "name", "role", "language"]),
        "user_regions.csv": pd.DataFrame({"account": MANAGER, "region": ["home", "abroad"]}),
    }


def _places(lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A market a country, a distributor a customer, all of them the rep's."""
    customers = lines.groupby("CustomerID", as_index=False).agg(country=("Country", "last"))
    countries = pd.Series(sorted(customers["country"].unique()))
    regions = countries.eq(HOME).map({True: "home", False: "abroad"})
    names = "Customer " + customers["CustomerID"]
    distributors = pd.DataFrame(
        {"code": customers["CustomerID"], "market": customers["country"], "name": names}
    )
    assigned = pd.DataFrame(
        {"distributor": customers["CustomerID"], "rep": REP, "from_on": lines["on"].min()}
    )
    return {
        "markets.csv": pd.DataFrame({"code": countries, "region": regions, "name": countries}),
        "distributors.csv": distributors,
        "assignments.csv": assigned,
    }


def _products(lines: pd.DataFrame) -> pd.DataFrame:
    """Every product under its commonest description; all are the company's own and counted by the piece."""
    described = lines.assign(name=lines["Description"].str.split().str.join(" "))
    counted = described.groupby(["StockCode", "name"], as_index=False).size().sort_values("size")
    names = counted.drop_duplicates("StockCode", keep="last").sort_values("StockCode")
    given = {"is_own": "yes", "unit": "piece", "pack_size": 1, "shelf_order": range(1, len(names) + 1)}
    return names[["StockCode", "name"]].rename(columns={"StockCode": "code"}).assign(**given)


def _sell_out(lines: pd.DataFrame) -> pd.DataFrame:
    """Quantity and revenue by calendar week, returns netted; the first and last week end with the source."""
    first, end = lines["on"].min(), lines["on"].max() + timedelta(days=1)
    monday = lines["on"] - pd.to_timedelta(lines["on"].dt.day_of_week, unit="D")
    weekly = lines.assign(
        from_on=monday.clip(lower=first),
        to_on=(monday + timedelta(days=7)).clip(upper=end),
        revenue=lines["Quantity"] * lines["UnitPrice"],
    )
    key = ["CustomerID", "StockCode", "from_on", "to_on"]
    sums = weekly.groupby(key, as_index=False)[["Quantity", "revenue"]].sum()
    sums["revenue"] = sums["revenue"].map("{:.2f}".format)
    return sums.rename(columns={"CustomerID": "distributor", "StockCode": "product", "Quantity": "quantity"})


def _prices(lines: pd.DataFrame) -> pd.DataFrame:
    """The last price of a day; a return or a gift sets none."""
    sold = lines[(lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)].sort_values("InvoiceDate", kind="stable")
    last = sold.groupby(["CustomerID", "StockCode", "on"], as_index=False)["UnitPrice"].last()
    names = {"CustomerID": "distributor", "StockCode": "product", "on": "observed_on", "UnitPrice": "amount"}
    return last.rename(columns=names).assign(kind="selling", unit="piece")


def _visits(lines: pd.DataFrame, today: date) -> pd.DataFrame:
    """A visit that day to each of those who bought the most products."""
    breadth = lines.groupby("CustomerID")["StockCode"].nunique().sort_index()
    codes = breadth.nlargest(VISITS).index
    planned = {"distributor": codes, "rep": REP, "planned_on": today, "stop": range(1, len(codes) + 1)}
    return pd.DataFrame({"code": "first-" + codes, **planned})


def write(prepared: Prepared, folder: Path) -> None:
    """Writes each table as the CSV file of its name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in prepared.tables.items():
        table.to_csv(folder / name, index=False, date_format="%Y-%m-%d", lineterminator="\n")


def _describe(prepared: Prepared) -> str:
    written = ", ".join(f"{len(table):,} in {name}" for name, table in prepared.tables.items())
    left_out = ", ".join(f"{count:,} {why}" for why, count in prepared.left_out.items())
    return f"Rows: {written}.\nLines of the source left out: {left_out}."


def _load_aside(prepared: Prepared) -> None:
    with tempfile.TemporaryDirectory(prefix="fieldvisit-uci-") as made:
        write(prepared, Path(made) / "company")
        engine = create_engine_for(f"sqlite:///{made}/uci.sqlite")
        upgrade(engine)
        started = time.perf_counter()
        report = load_folder(engine, Path(made) / "company", datetime.now(UTC))
        seconds = time.perf_counter() - started
        engine.dispose()
    rows = sum(len(table) for table in prepared.tables.values())
    print(f"Loaded {rows:,} rows in {seconds:.1f} s, {len(report.problems)} problems.")


def main() -> None:
    """Writes the folder that is named, or loads one aside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).astimezone().date())
    given = parser.parse_args()
    prepared = prepare(read_lines(SOURCE), given.today)
    print(_describe(prepared))
    if given.folder is None:
        _load_aside(prepared)
    else:
        write(prepared, given.folder)


if __name__ == "__main__":
    main()
