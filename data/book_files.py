"""A distributor's own book as a file: CSV or XLSX into lines, every cell that cannot be read named, at once.

The file has the distributor's own signs: what it credits us is what it owes us more. The sign is turned here,
once: in a line of ours, positive is owed to us.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import FieldvisitError
from data.book_cells import cell_currency, cell_date, cell_money, cell_text
from data.importing.reading import decoded

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST_REFERENCE, LONGEST_TEXT = 100, 300

COLUMNS = {
    "date": ("date", "日期", "记账日期", "凭证日期", "业务日期"),
    "reference": ("reference", "单号", "单据号", "凭证号", "单据编号", "凭证字号", "票号"),
    "debit": ("debit", "借方", "借方金额", "借"),
    "credit": ("credit", "贷方", "贷方金额", "贷"),
    "text": ("text", "摘要", "说明", "备注"),
    "balance": ("balance", "余额"),
    "currency": ("currency", "币种"),
    "distributor": ("distributor", "客户", "客户编码", "经销商", "经销商编码"),
}
"""What the columns may be called; the first five are asked for, of debit and credit one is enough."""

_KINDS = (
    ("opening", ("期初", "上期余额", "上年结转", "上月结转", "opening", "brought forward")),
    ("return", ("退货", "return")),
    ("rebate", ("返利", "rebate")),
    ("claim", ("费用", "核销", "claim")),
)


class BookRefused(FieldvisitError):
    """A book that is not taken as it is: the code of why, with the facts for the sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        told = ", ".join(f"{name} {value}" for name, value in facts.items())
        super().__init__(f"The book was not taken ({code.replace('_', ' ')}{': ' if told else ''}{told}).")


@dataclass(frozen=True)
class BookLine:
    """A line of a book, written from our side; `row` as a spreadsheet counts, 0 for a typed line."""

    on: date
    reference: str
    amount_minor: int
    text: str
    kind: str
    row: int = 0


@dataclass(frozen=True)
class CellProblem:
    """A cell that cannot be read: its row as a spreadsheet counts, column, text, and the code of what is wrong.

    Codes: `date`, `future`, `money`, `one_side`, `currency`, `too_long`, `balance`.
    """

    row: int
    column: str
    value: str
    code: str
    expected: str = ""


@dataclass
class BookFile:
    """The lines of a file in their order, what could not be read, and whom it names."""

    lines: list[BookLine] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    distributors: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Reading:
    today: date
    currency: str
    exponent: int
    is_their_view: bool


def read_book(
    content: bytes,
    file_name: str,
    *,
    today: date,
    currency: str,
    minor_exponent: int,
    is_their_view: bool = True,
) -> BookFile:
    """Reads a file of a distributor's book.

    Args:
        content: The file, at most 10 MB.
        file_name: Its name; `.xlsx` is a workbook whose first sheet is read, all else is CSV.
        today: No line may be dated later.
        currency: The company's currency.
        minor_exponent: Its decimal places.
        is_their_view: Whether the file is the distributor's own book (credit: it owes us more), not a
            statement written from our side (debit: it owes us more).

    Returns:
        The good lines, and a problem a bad cell.

    Raises:
        BookRefused: too large, unreadable, without the columns, or without any row.
    """
    if len(content) > MOST_BYTES:
        raise BookRefused("too_large", megabytes=MOST_BYTES // 1024 // 1024)
    rows = _workbook(content) if file_name.lower().endswith(".xlsx") else _csv(content)
    header = [str(cell or "").strip().lower() for cell in next(rows, ())]
    places = {
        name: header.index(found)
        for name, words in COLUMNS.items()
        if (found := next((word for word in words if word in header), None)) is not None
    }
    missing = [name for name in ("date", "reference", "text") if name not in places]
    if "debit" not in places and "credit" not in places:
        missing.append("debit")
    if missing:
        raise BookRefused("columns", missing=tuple(missing))
    reader = _RowReader(_Reading(today, currency, minor_exponent, is_their_view))
    for number, cells in enumerate(rows, start=2):
        if number > MOST_ROWS + 1:
            raise BookRefused("too_many_rows", most=MOST_ROWS)
        row = {name: cells[place] if place < len(cells) else None for name, place in places.items()}
        if any(cell not in (None, "") for cell in row.values()):
            reader.take(number, row)
    if not reader.file.lines and not reader.file.problems:
        raise BookRefused("empty")
    return reader.file


def _csv(content: bytes) -> Iterator[Sequence[object]]:
    try:
        text = decoded(content)
        sample = text[:4096].split("\n", 1)[0]
        delimiter = max(",;\t", key=sample.count)
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BookRefused("unreadable") from error


def _workbook(content: bytes) -> Iterator[Sequence[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise BookRefused("too_large", megabytes=MOST_BYTES // 1024 // 1024)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            yield from book.worksheets[0].iter_rows(values_only=True)
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, IndexError, ValueError) as error:
        raise BookRefused("unreadable") from error


class _RowReader:
    """Reads row after row and follows the running balance, where the file has one."""

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.file = BookFile()
        # A balance is printed without saying whose it is: both signs are possible until one no longer fits.
        self._balances: set[int] = set()

    def take(self, number: int, row: dict[str, object]) -> None:
        """Takes one row: a line, or the problems that it has."""
        before = len(self.file.problems)
        on = self._day(number, row)
        amount = self._amount(number, row)
        reference, text = cell_text(row["reference"]), cell_text(row["text"])
        for column, most in (("reference", LONGEST_REFERENCE), ("text", LONGEST_TEXT)):
            if len(cell_text(row[column])) > most:
                self._wrong(number, row, column, "too_long", str(most))
        if named := cell_text(row.get("distributor")):
            self.file.distributors.add(named)
        if on is None or amount is None or len(self.file.problems) > before:
            # What follows a row that is not read cannot be checked against it.
            self._balances = set()
            return
        self._follow(number, row, amount)
        self.file.lines.append(BookLine(on, reference, amount, text, kind_of(text, amount), number))

    def _day(self, number: int, row: dict[str, object]) -> date | None:
        on = cell_date(row["date"])
        if on is None:
            self._wrong(number, row, "date", "date")
        elif on > self.reading.today:
            self._wrong(number, row, "date", "future", self.reading.today.isoformat())
        return on

    def _amount(self, number: int, row: dict[str, object]) -> int | None:
        sides = {}
        for column in ("currency", "debit", "credit"):
            if cell_currency(row.get(column)) not in ("", self.reading.currency):
                self._wrong(number, row, column, "currency", self.reading.currency)
                return None
        for column in ("debit", "credit"):
            sides[column] = cell_money(row.get(column), self.reading.exponent)
            if sides[column] is None:
                self._wrong(number, row, column, "money")
        debit, credit = sides["debit"], sides["credit"]
        if debit is None or credit is None:
            return None
        if bool(debit) == bool(credit):
            self._wrong(number, row, "debit", "one_side")
            return None
        return credit - debit if self.reading.is_their_view else debit - credit

    def _follow(self, number: int, row: dict[str, object], amount: int) -> None:
        """Checks the balance of the row against the one before; a wrong one is told, the line is kept."""
        told = (
            cell_money(row.get("balance"), self.reading.exponent) if cell_text(row.get("balance")) else None
        )
        expected = {balance + amount for balance in self._balances}
        if told is None:
            self._balances = expected
            return
        fitting = {balance for balance in expected if abs(balance) == abs(told)}
        if expected and not fitting:
            right = " / ".join(str(Decimal(each).scaleb(-self.reading.exponent)) for each in sorted(expected))
            self._wrong(number, row, "balance", "balance", right)
        self._balances = fitting or {told, -told}

    def _wrong(self, number: int, row: dict[str, object], column: str, code: str, expected: str = "") -> None:
        self.file.problems.append(CellProblem(number, column, cell_text(row.get(column)), code, expected))


def kind_of(text: str, amount_minor: int) -> str:
    """What a line is, from its words and else its sign.

    Example:
        >>> kind_of("季度返利", -500), kind_of("", 900), kind_of("bank transfer", -900)
        ('rebate', 'invoice', 'payment')
    """
    lower = text.lower()
    for kind, words in _KINDS:
        if any(word in lower for word in words):
            return kind
    return "invoice" if amount_minor > 0 else "payment"
