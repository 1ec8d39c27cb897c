"""Makes a company that `python -m data.operator load` takes, from two real books with known differences.

`python -m benchmarks.ledger_company FOLDER [--today DATE]` writes the company and, aside in `FOLDER/books`, the
distributors' own books as they would hand them over: `CODE.csv` and `CODE.xlsx`, with debit and credit from their
side. Without a folder they are written aside, loaded into a database that is thrown away, and the rows and seconds
are printed. What the source tells and what is assumed: docs/benchmarks.md.
"""

import argparse
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pandas as pd

from benchmarks.histories import REAL_DATA
from core.reconciliation import settle
from data.engine import create_engine_for
from data.importing import load_folder
from data.migrate import upgrade
from documents.spreadsheet import SheetColumn, csv, xlsx

SOURCE = REAL_DATA / "ledger"
REP, MANAGER = "rep", "manager"
TERM_DAYS = 30


@dataclass
class Prepared:
    """The tables of the company by the name of their file, and their book by distributor."""

    tables: dict[str, pd.DataFrame]
    books: dict[str, pd.DataFrame]


def read_books(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Our ledger and their books as the source has them, codes as text, missing texts empty."""
    ours, theirs = (
        pd.read_csv(
            folder / f"ledger_1k_{side}.csv.gz", dtype=str, keep_default_na=False, parse_dates=["date"]
        )
        for side in ("ours", "theirs")
    )
    return ours, theirs


def prepare(ours: pd.DataFrame, theirs: pd.DataFrame, today: date) -> Prepared:
    """The company of two ledgers, their last day before `today`.

    Args:
        ours: `line_id, partner_id, doc_type` (`invoice`, `payment`), `ref, date, amount` (text, written from
            our side), `memo`.
        theirs: The same of the partners' books, also written from our side.
        today: The day of the planned visits.
    """
    last = max(ours["date"].max(), theirs["date"].max())
    moved = pd.Timedelta(weeks=((today - last.date()).days - 1) // 7)
    ours, theirs = (_read(ledger, moved) for ledger in (ours, theirs))
    codes = sorted({*ours["partner_id"], *theirs["partner_id"]})
    tables = {
        **_company(),
        **_places(codes, ours["on"].min()),
        "ledger.csv": _ledger(ours),
        "open_items.csv": _open_items(ours, today),
        "visits_planned.csv": pd.DataFrame(
            {
                "code": [f"first-{code}" for code in codes],
                "distributor": codes,
                "rep": REP,
                "planned_on": today,
                "stop": range(1, len(codes) + 1),
            }
        ),
    }
    return Prepared(tables, {code: _their_book(theirs[theirs["partner_id"] == code]) for code in codes})


def _read(ledger: pd.DataFrame, moved: pd.Timedelta) -> pd.DataFrame:
    cents = ledger["amount"].map(lambda text: int(Decimal(text).scaleb(2)))
    return ledger.assign(on=ledger["date"] + moved, cents=cents.astype("int64"))


def _company() -> dict[str, pd.DataFrame]:
    company = {"name": "Two books", "currency": "EUR", "tax_basis": "excluded", "time_zone": "Europe/Berlin"}
    users = [(REP, "Rep", REP, "en"), (MANAGER, "Manager", MANAGER, "en")]
    return {
        "company.csv": pd.DataFrame([company]),
        "regions.csv": pd.DataFrame([{"code": "all", "name": "Everywhere"}]),
        "markets.csv": pd.DataFrame([{"code": "all", "region": "all", "name": "Everywhere"}]),
        "users.csv": pd.DataFrame(users, columns=["account", "name", "role", "language"]),
        "user_regions.csv": pd.DataFrame([{"account": MANAGER, "region": "all"}]),
    }


def _places(codes: list[str], since: pd.Timestamp) -> dict[str, pd.DataFrame]:
    names = [f"Partner {code}" for code in codes]
    return {
        "distributors.csv": pd.DataFrame({"code": codes, "market": "all", "name": names}),
        "assignments.csv": pd.DataFrame({"distributor": codes, "rep": REP, "from_on": since}),
    }


def _ledger(ours: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "distributor": ours["partner_id"],
            "side": "ours",
            "entry": ours["line_id"],
            "on": ours["on"],
            "reference": ours["ref"],
            "kind": ours["doc_type"],
            "amount": ours["cents"].map(_units),
            "text": ours["memo"],
        }
    )


def _open_items(ours: pd.DataFrame, today: date) -> pd.DataFrame:
    """What our ledger leaves open when payments settle the oldest invoices first."""
    lines = pd.DataFrame(
        {
            "entry_id": ours["line_id"],
            "date": ours["on"],
            "amount_minor": ours["cents"],
            "distributor_id": ours["partner_id"],
        }
    )
    owed, paid = lines[lines["amount_minor"] > 0], lines[lines["amount_minor"] <= 0]
    invoices, left = settle(owed, paid.assign(amount_minor=-paid["amount_minor"]))
    invoices = invoices[invoices["open_minor"] != 0]
    items = pd.DataFrame(
        {
            "distributor": invoices["distributor_id"],
            "document": invoices["entry_id"],
            "kind": "invoice",
            "on": invoices["date"],
            "due_on": invoices["date"] + timedelta(days=TERM_DAYS),
            "amount": invoices["amount_minor"].map(_units),
            "open": invoices["open_minor"].map(_units),
        }
    )
    left = pd.Series(left)
    ahead = left[left > 0]
    prepaid = pd.DataFrame(
        {
            "distributor": ahead.index,
            "document": "ahead-" + ahead.index,
            "kind": "prepayment",
            "on": ours["on"].max(),
            "due_on": pd.NaT,
            "amount": (-ahead).map(_units).to_numpy(),
            "open": (-ahead).map(_units).to_numpy(),
        }
    )
    return pd.concat([items, prepaid], ignore_index=True).assign(as_of_on=today - timedelta(days=1))


def _their_book(theirs: pd.DataFrame) -> pd.DataFrame:
    """A book as its owner has it: what he owes us more stands in his credit."""
    return pd.DataFrame(
        {
            "date": theirs["on"].dt.date,
            "reference": theirs["ref"],
            "debit": [
                Decimal(-cents).scaleb(-2) if cents < 0 else None for cents in theirs["cents"].tolist()
            ],
            "credit": [
                Decimal(cents).scaleb(-2) if cents >= 0 else None for cents in theirs["cents"].tolist()
            ],
            "text": theirs["memo"],
        }
    )


def _units(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"


def write(prepared: Prepared, folder: Path) -> None:
    """Writes each table as the CSV file of its name, and their books as CSV and XLSX."""
    books = folder / "books"
    books.mkdir(parents=True, exist_ok=True)
    for name, table in prepared.tables.items():
        table.to_csv(folder / name, index=False, date_format="%Y-%m-%d", lineterminator="\n")
    columns = [
        SheetColumn("date", "date"),
        SheetColumn("reference"),
        SheetColumn("debit", "money"),
        SheetColumn("credit", "money"),
        SheetColumn("text", width=30),
    ]
    for code, book in prepared.books.items():
        rows = list(book.itertuples(index=False, name=None))
        (books / f"{code}.csv").write_bytes(csv(columns, rows))
        (books / f"{code}.xlsx").write_bytes(xlsx(columns, rows, sheet=code))


def _load_aside(prepared: Prepared) -> None:
    with tempfile.TemporaryDirectory(prefix="fieldvisit-ledger-") as made:
        write(prepared, Path(made) / "company")
        engine = create_engine_for(f"sqlite:///{made}/ledger.sqlite")
        upgrade(engine)
        started = perf_counter()
        report = load_folder(engine, Path(made) / "company", datetime.now(UTC))
        seconds = perf_counter() - started
        engine.dispose()
    rows = sum(len(table) for table in prepared.tables.values())
    print(f"Loaded {rows:,} rows in {seconds:.1f} s, {len(report.problems)} problems.")


def main() -> None:
    """Writes the folder that is named, or loads one aside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).astimezone().date())
    given = parser.parse_args()
    prepared = prepare(*read_books(SOURCE), given.today)
    if given.folder is None:
        _load_aside(prepared)
    else:
        write(prepared, given.folder)


if __name__ == "__main__":
    main()
