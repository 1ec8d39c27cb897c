"""Reading a CSV file: from bytes to rows of values, and every cell that cannot be read, at once."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from data.importing.kinds import Context, Parse
from data.importing.layout import Column, Layout, Values
from data.importing.report import Problem

CACHE = 50_000
"""Texts a column remembers: dates, codes and small quantities come again and again."""


@dataclass
class Read:
    """The good rows of a file with their numbers, the columns that it has, and what was wrong."""

    rows: list[tuple[int, Values]] = field(default_factory=list)
    given: frozenset[str] = frozenset()
    """The targets of the columns that the file has: only these change a record that is there."""
    problems: list[Problem] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    """The numbers of the rows that are not loaded."""

    def refuse(self, layout: Layout, row: int, column: str, value: str, message: str) -> None:
        """Notes why a row is not loaded."""
        self.problems.append(Problem(layout.name, row, column, value, message))
        self.refused.add(row)


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8 (with or without mark), else GB18030 as Chinese Excel writes it.

    Raises:
        UnicodeDecodeError: it is neither.

    Example:
        >>> decoded("茶".encode("gb18030")), decoded("茶".encode("utf-8-sig"))
        ('茶', '茶')
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def read(layout: Layout, content: bytes, context: Context) -> Read:
    """Reads the content of a file as its layout says."""
    result = Read()
    try:
        records = csv.reader(io.StringIO(decoded(content), newline=""), strict=True)
        header = [name.strip() for name in next(records, [])]
        columns = _header(layout, header, result)
        if columns is not None:
            result.given = frozenset(c.target for c in columns if c is not None)
            readers = [None if c is None else (c, _reader(c, context)) for c in columns]
            for number, record in enumerate(records, start=2):
                if any(record):
                    _row(layout, number, record, readers, context, result)
    except UnicodeDecodeError:
        result.problems.append(
            Problem(layout.name, 0, "", "", "Expected UTF-8 or GB18030; save the file in one of them.")
        )
    except csv.Error as error:
        row = records.line_num
        message = f"The file cannot be read from line {row} on ({error}): check its quotation marks."
        result.refuse(layout, row, "", "", message)
    layout.complete([values for _, values in result.rows])
    _refuse_repeated(layout, result)
    return result


def codes_in(content: bytes) -> set[str]:
    """What stands in the column `code` of a file, as far as it can be read; `read` reports what cannot."""
    try:
        records = csv.DictReader(io.StringIO(decoded(content), newline=""))
        return {record["code"].strip() for record in records if record.get("code")}
    except (UnicodeDecodeError, csv.Error):
        return set()


def _header(layout: Layout, header: list[str], result: Read) -> list[Column | None] | None:
    known = {column.name: column for column in layout.columns}
    for name in header:
        if name not in known:
            message = f"Unknown column; it is not loaded. Known are: {', '.join(known)}."
            result.problems.append(Problem(layout.name, 1, name, name, message))
        elif header.count(name) > 1:
            result.problems.append(Problem(layout.name, 1, name, name, "Expected the column once."))
            return None
    missing = [name for name, column in known.items() if column.needed and name not in header]
    for name in missing:
        result.problems.append(Problem(layout.name, 1, name, "", "Expected a column of this name."))
    return None if missing else [known.get(name) for name in header]


def _reader(column: Column, context: Context) -> Parse:
    return lru_cache(CACHE)(column.kind.make(context))


def _row(
    layout: Layout,
    number: int,
    record: list[str],
    readers: list[tuple[Column, Parse] | None],
    context: Context,
    result: Read,
) -> None:
    if len(record) != len(readers):
        message = (
            f"Expected {len(readers)} cells as in the header, got {len(record)}: check commas and quotes."
        )
        result.refuse(layout, number, "", "", message)
        return
    values: Values = {column.target: column.blank for column in layout.columns}
    good = True
    for cell, reader in zip(record, readers, strict=True):
        if reader is None:
            continue
        column, parse = reader
        trimmed = cell.strip()
        if not trimmed:
            if column.needed:
                result.refuse(layout, number, column.name, cell, f"Expected {column.kind.allowed}.")
                good = False
            continue
        try:
            values[column.target] = parse(trimmed)
        except ValueError:
            result.refuse(layout, number, column.name, cell, f"Expected {column.kind.allowed}.")
            good = False
    if good:
        layout.fill(values, context)
        for problem in _broken(layout, values):
            result.refuse(layout, number, problem[0], _cell(layout, record, readers, problem[0]), problem[1])
        if number not in result.refused:
            result.rows.append((number, values))


def _broken(layout: Layout, values: Values) -> Iterator[tuple[str, str]]:
    for check in layout.checks:
        found = check(values)
        if found is not None:
            yield found


def _cell(layout: Layout, record: list[str], readers: list[tuple[Column, Parse] | None], name: str) -> str:
    cells = {reader[0].name: cell for cell, reader in zip(record, readers, strict=True) if reader}
    return cells.get(name, "")


def _refuse_repeated(layout: Layout, result: Read) -> None:
    first: dict[tuple[object, ...], int] = {}
    kept = []
    for number, values in result.rows:
        key = tuple(values.get(name) for name in layout.key)
        if key in first:
            message = f"The same record stands in row {first[key]} already."
            result.refuse(layout, number, "", "", message)
        else:
            first[key] = number
            kept.append((number, values))
    result.rows = kept
