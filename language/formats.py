"""Figures, amounts and quantities as people read them, in the language spoken now.

The last step before the screen or the paper: nothing here is calculated further. What is missing (`None`,
NaN, NaT) or not finite comes out as `MISSING`, never as 0; a minus is a real minus (U+2212), and no line ends
between it and the sign of a currency. Days and times are in `language.calendar`.
"""

import math
from functools import lru_cache
from numbers import Real
from typing import SupportsFloat

import pandas as pd
from babel.numbers import get_currency_precision, get_currency_symbol

from core.errors import InvalidInput
from language.spoken import current
from language.translations import _, n_

MISSING = "—"
MINUS = "−"
_HELD_MINUS = f"{MINUS}\N{WORD JOINER}"

Figure = SupportsFloat | None
"""A number, NumPy's included, or a missing value: `None`, NaN, `pandas.NA`."""


def is_missing(value: object) -> bool:
    """Whether a value is shown as a dash: `None`, NaN, NaT, NA, or not finite.

    Example:
        >>> [is_missing(value) for value in (None, float("nan"), float("inf"), 0, "")]
        [True, True, True, False, False]
    """
    if value is None or bool(pd.isna(value)):  # type: ignore[call-overload]
        return True
    return isinstance(value, Real) and math.isinf(value)


def _grouped(value: float, decimals: int, *, sign: bool = False, before: str = "") -> str:
    """Digits in groups of three after the text `before`; the sign stands first of all; zero has none."""
    digits = f"{abs(value):,.{decimals}f}"
    if not digits.strip("0.,"):
        return before + digits
    minus = _HELD_MINUS if before else MINUS
    lead = minus if value < 0 else "+" if sign else ""
    return lead + before + digits


def number(value: Figure, decimals: int = 0, *, sign: bool = False) -> str:
    """A figure with its thousands separated.

    Args:
        value: The figure, any unit.
        decimals: Digits after the point.
        sign: Whether a rise carries a plus: for changes and differences.

    Returns:
        The figure; `MISSING` when it is missing.

    Example:
        >>> number(12345.6), number(-3.25, 1), number(4, sign=True), number(None)
        ('12,346', '−3.2', '+4', '—')
    """
    if value is None or is_missing(value):
        return MISSING
    return _grouped(float(value), decimals, sign=sign)


@lru_cache(maxsize=64)
def currency_symbol(currency: str) -> str:
    r"""The sign that stands before an amount.

    Args:
        currency: Code of ISO 4217, a setting of the company.

    Returns:
        The sign as Chinese readers know it in both languages; the code and a space where it has none.

    Raises:
        InvalidInput: not three capital letters.

    Example:
        >>> currency_symbol("CNY"), currency_symbol("GBP"), currency_symbol("CHF")
        ('¥', '£', 'CHF\xa0')
    """
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        raise InvalidInput("currency", "three capital letters of ISO 4217", value=repr(currency))
    symbol = get_currency_symbol(currency, locale="zh")
    return f"{symbol}\xa0" if symbol.isalpha() else symbol


def money(minor: int | None, currency: str, *, sign: bool = False) -> str:
    r"""Ledger money, exact to the last minor unit.

    Args:
        minor: The amount in minor units (fen, pence), as it stands in the ledger.
        currency: Code of ISO 4217.
        sign: Whether a positive amount carries a plus: for differences.

    Returns:
        The amount with as many decimals as the currency has; `MISSING` when it is missing.

    Raises:
        InvalidInput: an amount that is not a whole number of minor units, or no such currency.

    Example:
        >>> money(7_200_000, "CNY"), money(-630_005, "CNY"), money(5, "GBP", sign=True), money(None, "CNY")
        ('¥72,000.00', '−\u2060¥6,300.05', '+£0.05', '—')
    """
    if minor is None or is_missing(minor):
        return MISSING
    whole_minor = int(minor)
    if whole_minor != minor:
        raise InvalidInput("minor", "a whole number of minor units", value=minor)
    symbol = currency_symbol(currency)
    decimals = get_currency_precision(currency)
    whole, part = divmod(abs(whole_minor), 10**decimals)
    digits = f"{whole:,}" + (f".{part:0{decimals}d}" if decimals else "")
    lead = _HELD_MINUS if whole_minor < 0 else "+" if sign and whole_minor > 0 else ""
    return lead + symbol + digits


def amount(value: Figure, currency: str, decimals: int = 0, *, sign: bool = False) -> str:
    r"""An amount that is not ledger money: a target, a stock value, a turnover.

    Args:
        value: Currency units (not minor units).
        currency: Code of ISO 4217.
        decimals: Digits after the point.
        sign: Whether a positive amount carries a plus.

    Returns:
        The amount; `MISSING` when it is missing.

    Raises:
        InvalidInput: no such currency.

    Example:
        >>> amount(11202.4, "CNY"), amount(-0.2, "CNY"), amount(-1500, "GBP", 2)
        ('¥11,202', '¥0', '−\u2060£1,500.00')
    """
    if value is None or is_missing(value):
        return MISSING
    return _grouped(float(value), decimals, sign=sign, before=currency_symbol(currency))


def price(value: Figure, currency: str | None = None) -> str:
    """A price of one unit: one decimal, or two where it has them.

    Args:
        value: Currency units a unit.
        currency: Code of ISO 4217 where the sign shall stand before it; `None` in a column of prices.

    Returns:
        The price; `MISSING` when it is missing.

    Raises:
        InvalidInput: no such currency.

    Example:
        >>> price(41), price(37.25), price(3.999), price(41, "CNY"), price(None)
        ('41.0', '37.25', '4.0', '¥41.0', '—')
    """
    if value is None or is_missing(value):
        return MISSING
    hundredths = f"{abs(float(value)):.2f}"
    decimals = 1 if hundredths.endswith("0") else 2
    return _grouped(float(value), decimals, before="" if currency is None else currency_symbol(currency))


def percent(rate: Figure, decimals: int = 1, *, sign: bool = False) -> str:
    """A rate as percent.

    Args:
        rate: A fraction: 0.081 is 8.1 %.
        decimals: Digits after the point.
        sign: Whether a rise carries a plus.

    Returns:
        The percentage; `MISSING` when it is missing or infinite.

    Example:
        >>> percent(0.081), percent(1.02, 0), percent(-0.146, sign=True), percent(0.0001, sign=True)
        ('8.1%', '102%', '−14.6%', '0.0%')
    """
    text = number(None if rate is None or is_missing(rate) else float(rate) * 100, decimals, sign=sign)
    return text if text == MISSING else f"{text}%"


def days(value: Figure, decimals: int = 0) -> str:
    """A length of time in days.

    Args:
        value: Days.
        decimals: Digits after the point.

    Returns:
        The figure with its unit; `MISSING` when it is missing or infinite.

    Example:
        >>> from language import speaking
        >>> with speaking("zh"):
        ...     days(9)
        '9 天'
        >>> with speaking("en"):
        ...     days(1), days(9.3, 1), days(None)
        ('1 day', '9.3 days', '—')
    """
    if value is None or is_missing(value):
        return MISSING
    shown = round(float(value), decimals)
    return n_("{count} day", "{count} days", abs(shown)).format(count=number(shown, decimals))


def units(count: Figure, unit: str) -> str:
    """A count with its unit of sale.

    Args:
        count: How many.
        unit: A code (`case`, `box`, `bag`, `bottle`, `can`, `piece`, `kg`) that is translated, or the
            company's own word, which is shown as it is.

    Returns:
        The figure with its unit; `MISSING` when it is missing.

    Example:
        >>> from language import speaking
        >>> with speaking("en"):
        ...     units(1, "case"), units(284, "case"), units(-3, "桶")
        ('1 case', '284 cases', '−3 桶')
    """
    if count is None or is_missing(count):
        return MISSING
    value = float(count)
    figure = number(value, 0 if value == round(value) else 1)
    return _unit_text(unit, abs(value)).format(count=figure, unit=unit)


def _unit_text(unit: str, count: float) -> str:
    """The text of a unit for a number, still to be filled."""
    match unit:
        case "case":
            return n_("{count} case", "{count} cases", count)
        case "box":
            return n_("{count} box", "{count} boxes", count)
        case "bag":
            return n_("{count} bag", "{count} bags", count)
        case "bottle":
            return n_("{count} bottle", "{count} bottles", count)
        case "can":
            return n_("{count} can", "{count} cans", count)
        case "piece":
            return n_("{count} piece", "{count} pieces", count)
        case "kg":
            return _("{count} kg")
        case _own_word:
            return "{count} {unit}"


def quantity(pieces: Figure, pack: int | None, *, piece: str = "piece", case: str = "case") -> str:
    """A quantity as cases and pieces.

    Args:
        pieces: The quantity in base units; rounded to whole ones.
        pack: Base units a case; `None` (or 1) where the product has no case.
        piece: Unit of the base unit, as `units()` takes it.
        case: Unit of the case, as `units()` takes it.

    Returns:
        Cases and loose pieces, without a part that is 0; `MISSING` when it is missing.

    Raises:
        InvalidInput: a pack below 1.

    Example:
        >>> from language import speaking
        >>> with speaking("zh"):
        ...     quantity(543, 12, piece="bottle"), quantity(24, 12), quantity(-24, 15), quantity(0, 12)
        ('45 箱 3 瓶', '2 箱', '−1 箱 9 件', '0 箱')
    """
    if pieces is None or is_missing(pieces):
        return MISSING
    if pack is not None and pack < 1:
        raise InvalidInput("pack", "at least 1 base unit a case", value=pack)
    whole = round(float(pieces))
    if pack is None or pack == 1:
        return units(whole, piece)
    cases, loose = divmod(abs(whole), pack)
    parts = [units(cases, case)] if cases or not loose else []
    if loose:
        parts.append(units(loose, piece))
    return (MINUS if whole < 0 else "") + " ".join(parts)


def listed(words: list[str]) -> str:
    """Words one after the other, with the mark of the language between them.

    Example:
        >>> from language import speaking
        >>> with speaking("zh"):
        ...     listed(["价格", "库存"])
        '价格、库存'
    """
    return ("、" if current() == "zh" else ", ").join(words)


def sentences(*said: str) -> str:
    """Sentences one after the other; a Chinese full stop is as wide as a space already.

    Example:
        >>> from language import speaking
        >>> with speaking("en"):
        ...     sentences("Nothing stands out.", "One promise is open.")
        'Nothing stands out. One promise is open.'
    """
    return ("" if current() == "zh" else " ").join(filter(None, said))
