"""The company made of a wholesaler's invoice lines, on lines of the same shape made here."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from benchmarks.uci_company import Prepared, prepare, read_lines, write
from data.engine import reading
from data.importing import load_folder
from data.tables.dealings import SellOut
from data.tables.distributors import Distributor
from data.tables.visits import Visit

TODAY = date(2026, 11, 21)
LINES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,84029G,KNITTED  BOTTLE ,12,2011-11-01 08:16,3.39,17850,United Kingdom
1,22633,HAND WARMER,6,2011-11-01 08:16,1.85,17850,United Kingdom
2,84029g,KNITTED BOTTLE,6,2011-11-04 09:00,3.75,17850,United Kingdom
2,84029G,KNITTED BOTTLE,2,2011-11-04 17:00,3.50,17850,United Kingdom
C3,84029G,KNITTED BOTTLE,-4,2011-11-05 10:00,3.39,17850,United Kingdom
4,22633,HAND WARMER,24,2011-11-08 11:00,1.69,12583,France
5,22633,HAND WARMER,3,2011-11-09 11:00,0.00,12583,France
6,22633,HAND WARMER,1,2011-11-09 12:00,2.46,,United Kingdom
7,POST,POSTAGE,1,2011-11-09 12:00,18.00,12583,France
C8,22633,HAND WARMER,-5,2011-11-30 17:00,1.69,12583,France
"""


@pytest.fixture
def prepared() -> Prepared:
    return prepare(read_lines(io.StringIO(LINES)), TODAY)


def sold(prepared: Prepared, code: str) -> list[tuple[str, str, int, str]]:
    table = prepared.tables["sell_out.csv"]
    rows = table[table["product"] == code].sort_values(["distributor", "from_on"])
    days = [f"{row.from_on:%d %b} - {row.to_on:%d %b}" for row in rows.itertuples()]
    return list(zip(rows["distributor"], days, rows["quantity"], rows["revenue"], strict=True))


def test_every_row_loads(prepared: Prepared, sqlite_engine: Engine, tmp_path: Path) -> None:
    write(prepared, tmp_path / "company")
    report = load_folder(sqlite_engine, tmp_path / "company", datetime.now(UTC))
    assert report.problems == []
    with reading(sqlite_engine) as session:
        assert len(session.scalars(select(SellOut)).all()) == 4
        assert sorted(session.scalars(select(Distributor.code))) == ["12583", "17850"]
        assert set(session.scalars(select(Visit.planned_on))) == {TODAY}


def test_returns_are_netted_in_their_week_and_may_exceed_what_was_sold(prepared: Prepared) -> None:
    assert sold(prepared, "84029G") == [("17850", "20 Oct - 26 Oct", 16, "56.62")]
    assert sold(prepared, "22633")[1] == ("12583", "16 Nov - 19 Nov", -5, "-8.45")


def test_what_was_given_away_counts_as_sold_and_sets_no_price(prepared: Prepared) -> None:
    assert sold(prepared, "22633")[0] == ("12583", "26 Oct - 02 Nov", 27, "40.56")
    prices = prepared.tables["prices.csv"]
    assert prices[prices["distributor"] == "12583"]["amount"].tolist() == [1.69]


def test_the_last_price_of_a_day_is_the_days(prepared: Prepared) -> None:
    prices = prepared.tables["prices.csv"]
    own = prices[(prices["distributor"] == "17850") & (prices["product"] == "84029G")]
    assert own["amount"].tolist() == [3.39, 3.50]


def test_lines_of_no_customer_and_of_no_goods_are_left_out_and_counted(prepared: Prepared) -> None:
    assert prepared.left_out == {"of no customer": 1, "no goods": 1}
    assert prepared.tables["products.csv"]["code"].tolist() == ["22633", "84029G"]


def test_a_code_in_either_case_is_one_product_under_its_commonest_name(prepared: Prepared) -> None:
    names = prepared.tables["products.csv"].set_index("code")["name"]
    assert names["84029G"] == "KNITTED BOTTLE"


def test_days_move_by_whole_weeks_up_to_the_day_before_the_visits(prepared: Prepared) -> None:
    assert prepared.tables["prices.csv"]["observed_on"].min() == pd.Timestamp(2026, 10, 20)
    real = prepare(read_lines(io.StringIO(LINES)), date(2011, 12, 1))
    assert real.tables["sell_out.csv"]["to_on"].max() == pd.Timestamp(2011, 12, 1)


def test_markets_are_countries_and_everybody_is_the_reps(prepared: Prepared) -> None:
    markets = prepared.tables["markets.csv"]
    assert dict(zip(markets["code"], markets["region"], strict=True)) == {
        "France": "abroad",
        "United Kingdom": "home",
    }
    assert prepared.tables["assignments.csv"]["rep"].unique().tolist() == ["rep"]
