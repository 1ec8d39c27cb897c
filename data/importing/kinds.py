"""How the text of a CSV cell becomes a value, and what a cell may hold, in words that people act on."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Value = str | int | bool | date | Decimal | None
Parse = Callable[[str], Value]

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
LARGEST_INTEGER = 2**31 - 1
LARGEST = Decimal(10) ** 14


@dataclass
class Context:
    """What the rows of a file may refer to, and the company's settings that their reading depends on."""

    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """By what is referred to (`distributor`, `product`, …): its id by its code."""
    packs: dict[str, int] = field(default_factory=dict)
    """Pack size by product id."""
    entries: dict[tuple[str, str, str], dict[str, int]] = field(default_factory=dict)
    """By distributor id, side, and document line or number: the amounts of the ledger's lines by their ids."""
    minor_exponent: int = 2
    tax_basis: str = "included"
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Kind:
    """What a cell holds: `allowed` follows "Expected"; `make` gives the function that reads it."""

    allowed: str
    make: Callable[[Context], Parse]


def natural_id(table: str, *key: object) -> str:
    """The id of a loaded record: made from its key, so that loading again meets the same record.

    Example:
        >>> natural_id("region", "E2") == natural_id("region", "E2") != natural_id("market", "E2")
        True
    """
    h = hashlib.sha256("\x1f".join(["load", table, *map(str, key)]).encode()).hexdigest()
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-8{h[17:20]}-{h[20:32]}"


def _always(parse: Parse) -> Callable[[Context], Parse]:
    return lambda _context: parse


def text(longest: int) -> Kind:
    """Free text up to a length; line breaks are kept."""

    def parse(cell: str) -> str:
        if len(cell) > longest or any(c < " " and c not in "\n\r\t" for c in cell):
            raise ValueError
        return cell

    return Kind(f"a text of at most {longest} characters, without control characters", _always(parse))


def code(longest: int = 64) -> Kind:
    """A code, kept as text with its leading zeros."""

    def parse(cell: str) -> str:
        if len(cell) > longest or not cell.isprintable():
            raise ValueError
        return cell

    return Kind(f"a code of at most {longest} characters, kept as text", _always(parse))


def own_code(table: str) -> Kind:
    """A code that only the file knows: the record's id is made from it."""

    def parse(cell: str) -> str:
        if len(cell) > 200 or not cell.isprintable():
            raise ValueError
        return natural_id(table, cell)

    return Kind(
        "a code of your own by which the record is known when the file is loaded again", _always(parse)
    )


def account() -> Kind:
    """The name that a user signs in with."""

    def parse(cell: str) -> str:
        if not _ACCOUNT.fullmatch(cell):
            raise ValueError
        return cell

    return Kind("2 to 64 small Latin letters, digits or . _ @ -", _always(parse))


def day() -> Kind:
    """A date."""

    def parse(cell: str) -> date:
        if len(cell) != 10:
            raise ValueError
        return date.fromisoformat(cell)

    return Kind("a date as 2026-11-21", _always(parse))


def clock() -> Kind:
    """A time of day."""

    def parse(cell: str) -> str:
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", cell):
            raise ValueError
        return cell

    return Kind("a time as 09:30", _always(parse))


def time_zone() -> Kind:
    """A time zone."""

    def parse(cell: str) -> str:
        try:
            ZoneInfo(cell)
        except (ZoneInfoNotFoundError, OSError) as error:
            raise ValueError from error
        return cell

    return Kind("a time zone such as Asia/Shanghai", _always(parse))


def whole(least: int = 0) -> Kind:
    """A whole number."""

    def parse(cell: str) -> int:
        number = int(cell) if re.fullmatch(r"[+-]?[0-9]{1,12}", cell) else -LARGEST_INTEGER - 1
        if not least <= number <= LARGEST_INTEGER:
            raise ValueError
        return number

    return Kind(f"a whole number from {least}", _always(parse))


def decimal(places: int, least: int | None = None) -> Kind:
    """An exact number."""

    def parse(cell: str) -> Decimal:
        return exact(cell, places, least)

    bound = "" if least is None else f" from {least}"
    return Kind(
        f"a number{bound} with at most {places} decimals, as 1234.5 (no thousands separators)", _always(parse)
    )


def money(least: int | None = None) -> Kind:
    """An amount of money in currency units, kept in minor units."""

    def make(context: Context) -> Parse:
        def parse(cell: str) -> int:
            return int(exact(cell, context.minor_exponent, least).scaleb(context.minor_exponent))

        return parse

    bound = "" if least is None else f" from {least}"
    return Kind(f"an amount{bound} in currency units to the cent, as 1234.50 (no thousands separators)", make)


def exact(cell: str, places: int, least: int | None) -> Decimal:
    """A decimal with at most `places` decimals (zeros behind do not count); raises ValueError."""
    if not _NUMBER.fullmatch(cell):
        raise ValueError
    number = Decimal(cell)
    if number != round(number, places) or abs(number) >= LARGEST or (least is not None and number < least):
        raise ValueError
    return number


def one_of(*choices: str) -> Kind:
    """One of a few words."""
    known = {choice: choice for choice in choices}

    def parse(cell: str) -> str:
        if cell not in known:
            raise ValueError
        return known[cell]

    return Kind("one of " + ", ".join(choices), _always(parse))


def yes_no() -> Kind:
    """A yes or a no."""
    words: Mapping[str, bool] = {"yes": True, "no": False}

    def parse(cell: str) -> bool:
        if cell not in words:
            raise ValueError
        return words[cell]

    return Kind("yes or no", _always(parse))


def reference(what: str, words: str) -> Kind:
    """The code of a record that is there already, or came in an earlier file."""

    def make(context: Context) -> Parse:
        known = context.codes[what]

        def parse(cell: str) -> str:
            if cell not in known:
                raise ValueError
            return known[cell]

        return parse

    return Kind(f"the {words}, there already or loaded before", make)


def own_reference(table: str, words: str) -> Kind:
    """The own code of a record that came in another file."""

    def make(context: Context) -> Parse:
        known = context.codes[table]

        def parse(cell: str) -> str:
            return known[natural_id(table, cell)] if natural_id(table, cell) in known else _refuse()

        return parse

    return Kind(f"the {words}, loaded before", make)


def _refuse() -> str:
    raise ValueError
