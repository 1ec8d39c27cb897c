"""The company made of two books with known differences, on lines of the same shape made here."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from benchmarks.ledger_company import Prepared, prepare, write
from data.book_files import read_book
from data.engine import reading
from data.importing import load_folder
from data.tables.dealings import LedgerEntry, OpenItem
from data.tables.visits import Visit

TODAY = date(2026, 11, 21)
COLUMNS = ["line_id", "partner_id", "doc_type", "ref", "date", "amount", "memo"]
OURS = [
    ("O1", "01189", "invoice", "PO1", "2016-01-05", "100.10", ""),
    ("O2", "01189", "invoice", "PO2", "2016-02-05", "50.00", ""),
    ("O3", "01189", "payment", "PAY-1", "2016-02-09", "-120.00", ""),
    ("O4", "2000", "invoice", "PO3", "2016-02-10", "70.00", ""),
    ("O5", "2000", "payment", "PAY-3", "2016-02-11", "-75.50", ""),
]
THEIRS = [
    ("T1", "01189", "invoice", "PO1", "2016-01-05", "100.10", "2 docs"),
    ("T2", "01189", "payment", "PAY-1", "2016-02-09", "-120.00", ""),
    ("T3", "2000", "invoice", "PO3", "2016-02-10", "0.07", ""),
]


def ledger(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).assign(date=lambda table: pd.to_datetime(table["date"]))


@pytest.fixture
def prepared() -> Prepared:
    return prepare(ledger(OURS), ledger(THEIRS), TODAY)


def test_every_row_loads_and_each_partner_is_visited(
    prepared: Prepared, sqlite_engine: Engine, tmp_path: Path
) -> None:
    write(prepared, tmp_path / "company")
    report = load_folder(sqlite_engine, tmp_path / "company", datetime.now(UTC))
    assert report.problems == []
    with reading(sqlite_engine) as session:
        assert sorted(session.scalars(select(LedgerEntry.amount_minor))) == [-12000, -7550, 5000, 7000, 10010]
        assert session.scalars(select(Visit.planned_on)).all() == [TODAY, TODAY]


def test_open_items_add_up_to_the_ledger_of_each_distributor(
    prepared: Prepared, sqlite_engine: Engine, tmp_path: Path
) -> None:
    write(prepared, tmp_path / "company")
    load_folder(sqlite_engine, tmp_path / "company", datetime.now(UTC))
    with reading(sqlite_engine) as session:
        items = session.execute(
            select(OpenItem.document, OpenItem.kind, OpenItem.open_minor).order_by(OpenItem.document)
        ).all()
    assert [tuple(item) for item in items] == [("O2", "invoice", 3010), ("ahead-2000", "prepayment", -550)]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_their_book_is_read_back_with_the_signs_of_the_source(
    prepared: Prepared, tmp_path: Path, ending: str
) -> None:
    write(prepared, tmp_path)
    name = f"01189.{ending}"
    found = read_book(
        (tmp_path / "books" / name).read_bytes(), name, today=TODAY, currency="EUR", minor_exponent=2
    )
    assert found.problems == []
    assert [(line.reference, line.amount_minor, line.text) for line in found.lines] == [
        ("PO1", 10010, "2 docs"),
        ("PAY-1", -12000, ""),
    ]


def test_a_book_has_debit_and_credit_from_its_owners_side(prepared: Prepared) -> None:
    book = prepared.books["01189"]
    assert book["credit"].tolist() == [Decimal("100.10"), None]
    assert book["debit"].tolist() == [None, Decimal("120.00")]


def test_days_move_by_whole_weeks_up_to_the_week_before_the_visits(prepared: Prepared) -> None:
    assert prepared.tables["ledger.csv"]["on"].max() == pd.Timestamp(2026, 11, 19)
