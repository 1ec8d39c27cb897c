"""Rows as a spreadsheet file: XLSX for people, CSV for programs. A text never becomes a formula in either."""

import csv as csv_format
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.errors import InvalidInput
from language.formats import is_missing

Kind = Literal["text", "number", "money", "percent", "date", "instant"]
Cell = str | int | float | Decimal | bool | date | datetime | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MAX_SHEET_NAME = 31
MAX_CELL = 32_767

_NUMBER_FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": "#,##0.###",
    "money": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True)
class SheetColumn:
    """A column of an export.

    Args:
        title: Its heading.
        kind: How its cells are shown: `money` is in currency units, `percent` a fraction, `instant` is
            written in UTC in a CSV and as the clock time it carries in an XLSX. Codes (SKU, document number)
            are `text`.
        width: Its width in characters (XLSX).
    """

    title: str
    kind: Kind = "text"
    width: float = 14


def harmless(text: str) -> str:
    """A text that no spreadsheet program takes for a formula when it opens a CSV.

    Args:
        text: The cell.

    Returns:
        The text, with an apostrophe before it when it begins with `=`, `+`, `-`, `@` (full-width ones too), a
        tab or a carriage return, also behind spaces.

    Example:
        >>> harmless("=SUM(A1)"), harmless("宏达"), harmless(" @x")
        ("'=SUM(A1)", '宏达', "' @x")
    """
    begins = text.startswith(FORMULA_STARTS) or text.lstrip(" \n\u00a0\u3000").startswith(FORMULA_STARTS)
    return f"'{text}" if begins else text


def csv(columns: Sequence[SheetColumn], rows: Iterable[Sequence[Cell]]) -> bytes:
    r"""A CSV file: UTF-8 with its mark (so that Excel reads Chinese), commas, CRLF, ISO dates.

    Args:
        columns: The columns, left to right.
        rows: The cells, one a column; `None` and NaN stay empty.

    Returns:
        The file, its headings in the first line; `harmless()` texts only.

    Raises:
        InvalidInput: a row with more or fewer cells than columns, or an instant without a time zone.

    Example:
        >>> csv([SheetColumn("name"), SheetColumn("cases", "number")], [["=1+1", -3]]).decode("utf-8-sig")
        "name,cases\r\n'=1+1,-3\r\n"
    """
    file = io.StringIO(newline="")
    writer = csv_format.writer(file, lineterminator="\r\n")
    writer.writerow([harmless(column.title) for column in columns])
    for index, row in enumerate(rows):
        _require_width(index, row, columns)
        writer.writerow([_csv_cell(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _csv_cell(value: Cell) -> str:
    """One cell of a CSV."""
    if is_missing(value):
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return _aware(value).astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def xlsx(columns: Sequence[SheetColumn], rows: Iterable[Sequence[Cell]], *, sheet: str = "Sheet1") -> bytes:
    """An XLSX file of one sheet: headings bold and frozen, a filter on them, figures as figures.

    Args:
        columns: The columns, left to right.
        rows: The cells, one a column; `None` and NaN stay empty.
        sheet: Name of the sheet; signs that a sheet cannot carry are left out, 31 characters at most.

    Returns:
        The file. Every text is written as text: no formula, no link.

    Raises:
        InvalidInput: a row with more or fewer cells than columns, an instant without a time zone, or a text
            of more than 32,767 characters.
    """
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        # the same rows give the same file, whenever it is written
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the format knows no zone
        page = book.add_worksheet(_sheet_name(sheet))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = [book.add_format({"num_format": _NUMBER_FORMATS[column.kind]}) for column in columns]
        for place, column in enumerate(columns):
            page.set_column(place, place, column.width)
            page.write_string(0, place, column.title, bold)
        last = 0
        for index, row in enumerate(rows):
            _require_width(index, row, columns)
            last = index + 1
            for place, value in enumerate(row):
                _write(page, last, place, value, formats[place])
        page.freeze_panes(1, 0)
        if columns:
            page.autofilter(0, 0, last, len(columns) - 1)
    return file.getvalue()


def _write(page: Worksheet, line: int, place: int, value: Cell, style: Format) -> None:
    """One cell of an XLSX, by the type of its value."""
    if is_missing(value):
        return
    if isinstance(value, bool):
        page.write_boolean(line, place, value, style)
    elif isinstance(value, str):
        if len(value) > MAX_CELL:
            raise InvalidInput(
                "text", f"at most {MAX_CELL:,} characters in a cell", row=line, value=len(value)
            )
        page.write_string(line, place, value, style)
    elif isinstance(value, datetime):
        page.write_datetime(line, place, _aware(value).replace(tzinfo=None), style)
    elif isinstance(value, date):
        page.write_datetime(line, place, value, style)
    else:
        page.write_number(line, place, value, style)


def _sheet_name(name: str) -> str:
    """A name that a sheet can carry."""
    kept = "".join(sign for sign in name if sign not in "[]:*?/\\").strip().strip("'")
    return kept[:MAX_SHEET_NAME] or "Sheet1"


def _aware(value: datetime) -> datetime:
    """The instant itself, when it says its time zone."""
    if value.tzinfo is None:
        raise InvalidInput("instant", "an instant with its time zone", value=value)
    return value


def _require_width(index: int, row: Sequence[Cell], columns: Sequence[SheetColumn]) -> None:
    """Refuses a row that has not one cell a column."""
    if len(row) != len(columns):
        raise InvalidInput("rows", f"{len(columns)} cells in a row", row=index, value=len(row))
