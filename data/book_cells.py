"""What stands in a cell of a ledger: a day, an amount, a text, as people and spreadsheets write them."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from core.reconciliation.books import LARGEST_AMOUNT

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?|(\d{8})")
_SIGNS = {"¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
_CODES = re.compile(r"CNY|RMB|USD|EUR|GBP|JPY|HKD|TWD|MOP|SGD|KRW|AUD|CAD|CHF|VND|THB|MYR|IDR|INR|RUB")


def cell_text(value: object) -> str:
    """The text of a cell on one line; a whole number of a workbook without its decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def cell_date(value: object) -> date | None:
    """The day of a cell; `None` where it is no day.

    Example:
        >>> cell_date("2026年11月3日") == cell_date("20261103") == cell_date("2026/11/3") == date(2026, 11, 3)
        True
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DATE.fullmatch(cell_text(value))
    if found is None:
        return None
    year, month, day, packed = found.groups()
    parts = (packed[:4], packed[4:6], packed[6:]) if packed else (year, month, day)
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def cell_currency(value: object) -> str:
    """The currency that a cell names by its sign or code; empty where it names none."""
    text = cell_text(value).upper()
    named = _CODES.search(text)
    if named:
        return "CNY" if named[0] == "RMB" else named[0]
    return next((code for sign, code in _SIGNS.items() if sign in text), "")


def cell_money(value: object, exponent: int) -> int | None:
    """The amount of a cell in minor units; an empty cell is 0, and what is no amount is `None`.

    Example:
        >>> cell_money("￥1,234.50", 2), cell_money("(3.5)", 2), cell_money("", 2), cell_money("3.999", 2)
        (123450, -350, 0, None)
    """
    text = _CODES.sub("", cell_text(value).upper())
    text = re.sub(r"[¥￥元$€£,，\s]", "", text).replace("−", "-")
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    if "E" in text:
        return None
    if not text:
        return 0 if not cell_text(value) else None
    try:
        # A workbook keeps amounts as floats: beyond the sixth decimal they are noise.
        minor = (round(Decimal(text), 6) if isinstance(value, float) else Decimal(text)).scaleb(exponent)
        whole = int(minor)
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return whole if whole == minor and abs(whole) <= LARGEST_AMOUNT else None
