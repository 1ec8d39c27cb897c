"""The form of a file: which columns it has, which table it fills, what makes two of its rows the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from data.importing.kinds import Context, Kind, Value

Values = dict[str, Any]
Check = Callable[[Values], tuple[str, str] | None]
"""From a row's values to the column that is wrong and the sentence why; `None` when the row is good."""


@dataclass(frozen=True)
class Column:
    """A column of a file.

    Args:
        name: As the header has it.
        target: The table's column that it fills.
        kind: What a cell may hold.
        about: What it means, for docs/load.md.
        needed: Whether every row must fill it.
        blank: The value of an empty cell where it need not be filled.
    """

    name: str
    target: str
    kind: Kind
    about: str
    needed: bool = True
    blank: Value = None


def optional(name: str, target: str, kind: Kind, about: str, blank: Value = None) -> Column:
    """A column that may be left out, or empty."""
    return Column(name, target, kind, about, needed=False, blank=blank)


def nothing(_values: Values, _context: Context) -> None:
    """Fills in nothing."""


def never(_before: Values, _after: Values) -> str | None:
    """Refuses no change."""
    return None


def nothing_more(_values: Values, _now: datetime) -> Values:
    """Adds nothing to a new row."""
    return {}


def no_more(_rows: list[Values]) -> None:
    """Completes nothing."""


def no_rest(_session: Session, _rows: list[Values]) -> int:
    """Changes nothing else."""
    return 0


@dataclass(frozen=True)
class Layout:
    """A file that can be loaded.

    Args:
        name: The file's name.
        about: What it holds, for docs/load.md.
        table: The table that it fills.
        key: The table's columns that say which record a row means.
        columns: The file's columns.
        checks: What must hold between the columns of a row.
        fill: Completes a row's values from each other and from the company's settings, in place.
        at_first: Columns that only a new record gets.
        guard: Why an existing record may not be changed so; `None` when it may.
        complete: Completes the good rows from each other, in place.
        refers_to: What the file's rows refer to by codes of the same file; empty for nothing.
        whole: What must hold between the rows: from (row number, values) of all to (row, column, sentence).
        rest: What follows for records that the file does not name any more; returns how many changed.
    """

    name: str
    about: str
    table: Table
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    fill: Callable[[Values, Context], None] = nothing
    at_first: Callable[[Values, datetime], Values] = nothing_more
    guard: Callable[[Values, Values], str | None] = never
    complete: Callable[[list[Values]], None] = no_more
    refers_to: str = ""
    whole: Callable[[Session, list[tuple[int, Values]]], list[tuple[int, str, str]]] | None = None
    rest: Callable[[Session, list[Values]], int] = no_rest


def later(first: str, second: str) -> Check:
    """The second day must come after the first, where both are given."""

    def check(values: Values) -> tuple[str, str] | None:
        start, end = values.get(first), values.get(second)
        if start is not None and end is not None and end <= start:
            return second, f"Expected a day after {first} ({start})."
        return None

    return check


def not_above(low: str, high: str) -> Check:
    """The first number must not exceed the second, where both are given."""

    def check(values: Values) -> tuple[str, str] | None:
        least, most = values.get(low), values.get(high)
        if least is not None and most is not None and least > most:
            return high, f"Expected at least {low} ({least})."
        return None

    return check
