"""Exports carry the rows, and nothing in them runs in the reader's spreadsheet."""

import csv as csv_format
import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from documents.spreadsheet import FORMULA_STARTS, SheetColumn, csv, harmless, xlsx

COLUMNS = [
    SheetColumn("经销商"),
    SheetColumn("SKU"),
    SheetColumn("cases", "number"),
    SheetColumn("amount", "money"),
    SheetColumn("share", "percent"),
    SheetColumn("day", "date"),
    SheetColumn("sent", "instant"),
]
CHINA = timezone(timedelta(hours=8))
ROW = [
    "宏达",
    "00123",
    -3,
    Decimal("11202.50"),
    0.382,
    date(2026, 11, 3),
    datetime(2026, 11, 3, 10, 5, tzinfo=CHINA),
]
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n=1"]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv_format.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_a_csv_holds_the_rows_in_plain_forms():
    assert read_csv(csv(COLUMNS, [ROW, [None, "", float("nan"), None, float("inf"), None, None]])) == [
        [column.title for column in COLUMNS],
        ["宏达", "00123", "-3", "11202.50", "0.382", "2026-11-03", "2026-11-03T02:05:00+00:00"],
        [""] * 7,
    ]


def test_a_csv_begins_with_the_mark_that_lets_excel_read_chinese():
    assert csv(COLUMNS, []).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_begins_like_a_formula_is_defused_in_a_csv(text):
    rows = read_csv(csv([SheetColumn(text)], [[text]]))
    assert rows == [["'" + text], ["'" + text]]


@given(st.text())
def test_no_text_of_a_csv_begins_like_a_formula(text):
    assert not harmless(text).startswith(FORMULA_STARTS)
    assert harmless(text).endswith(text)


@pytest.mark.parametrize("text", [*DANGEROUS[:4], "https://example.com", "{=1}"])
def test_a_text_stays_a_text_in_an_xlsx(text):
    page = read_xlsx(xlsx([SheetColumn(text)], [[text]]))
    for place in ("A1", "A2"):
        assert page[place].data_type == "s"
        assert page[place].value == text
        assert page[place].hyperlink is None


def test_an_xlsx_holds_figures_as_figures_and_codes_as_texts():
    page = read_xlsx(xlsx(COLUMNS, [ROW]))
    cells = [cell.value for cell in page[2]]
    assert cells[:5] == ["宏达", "00123", -3, 11202.5, 0.382]
    assert [f"{cell:%Y-%m-%d %H:%M}" for cell in cells[5:]] == ["2026-11-03 00:00", "2026-11-03 10:05"]
    assert [cell.number_format for cell in page[2]][3:5] == ["#,##0.00", "0.0%"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:G2"


def test_missing_cells_stay_empty_in_an_xlsx_and_truth_stays_truth():
    columns = [SheetColumn("a", "number"), SheetColumn("b", "number"), SheetColumn("c")]
    page = read_xlsx(xlsx(columns, [[None, float("nan"), True], [0, 0.0, False]]))
    assert [[cell.value for cell in row] for row in page["A2:C3"]] == [[None, None, True], [0, 0, False]]


def test_the_same_rows_give_the_same_files():
    assert csv(COLUMNS, [ROW]) == csv(COLUMNS, [ROW])
    assert xlsx(COLUMNS, [ROW]) == xlsx(COLUMNS, [ROW])


@pytest.mark.parametrize("write", [csv, xlsx])
def test_a_row_of_another_width_is_refused(write):
    with pytest.raises(InvalidInput, match="rows, row 1: expected 1 cells in a row, got 2"):
        write([SheetColumn("a")], [["x"], ["x", "y"]])


@pytest.mark.parametrize("write", [csv, xlsx])
def test_an_instant_without_a_zone_is_refused(write):
    with pytest.raises(InvalidInput, match="time zone"):
        write([SheetColumn("a", "instant")], [[datetime(2026, 11, 3, tzinfo=UTC).replace(tzinfo=None)]])


def test_a_text_too_long_for_a_cell_is_refused_not_cut():
    with pytest.raises(InvalidInput, match="32,767"):
        xlsx([SheetColumn("a")], [["x" * 32_768]])


@pytest.mark.parametrize(
    ("name", "kept"), [("拜访记录 [11/2026]", "拜访记录 112026"), ("'", "Sheet1"), ("x" * 40, "x" * 31)]
)
def test_a_sheet_keeps_what_it_can_of_its_name(name, kept):
    assert read_xlsx(xlsx(COLUMNS, [], sheet=name)).title == kept
