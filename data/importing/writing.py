"""Writing the rows of a file: new ones inserted, changed ones updated, equal ones left alone."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from data.importing.kinds import natural_id
from data.importing.layout import Layout, Values
from data.importing.reading import Read
from data.importing.report import FileReport

CHUNK = 5_000
GROUP = 400
"""Records looked up at once by the first part of their key; SQLite takes a limited number of values."""


def write(session: Session, layout: Layout, found: Read, now: datetime) -> FileReport:
    """Writes the good rows of a file; a change that may not be made joins the problems.

    No query runs per row: what is there is read in groups, and written in chunks.
    """
    report = FileReport(layout.name)
    new: list[Values] = []
    changed: list[Values] = []
    for rows, existing in _groups(session, layout, found.rows):
        for number, values in rows:
            before = existing.get(_key(layout, values))
            if before is None:
                new.append(_complete(layout, values, now))
                continue
            after = {n: v for n, v in values.items() if n in found.given and n in before and before[n] != v}
            if not after:
                report.unchanged += 1
                continue
            why_not = layout.guard(before, {**before, **after})
            if why_not is None:
                changed.append({**before, **after})
            else:
                found.refuse(layout, number, "", "", why_not)
    _insert(session, layout.table, new)
    _update(session, layout, changed)
    rest = layout.rest(session, [v for _, v in found.rows]) if not found.problems else 0
    report.added, report.changed, report.refused = len(new), len(changed) + rest, len(found.refused)
    return report


def _key(layout: Layout, values: Values) -> tuple[object, ...]:
    return tuple(values[name] for name in layout.key)


def _groups(
    session: Session, layout: Layout, rows: list[tuple[int, Values]]
) -> Iterator[tuple[list[tuple[int, Values]], dict[tuple[object, ...], Values]]]:
    """The rows in groups with the records that are there of each group, by key."""
    by_first: dict[object, list[tuple[int, Values]]] = defaultdict(list)
    for row in rows:
        by_first[row[1][layout.key[0]]].append(row)
    firsts = list(by_first)
    table = layout.table
    # Only what a row may hold, decides or keeps is read back: a table may have wide columns besides.
    names = [c.name for c in table.columns if c.name in _wanted(layout)]
    for start in range(0, len(firsts), GROUP):
        group = firsts[start : start + GROUP]
        statement = select(*(table.c[name] for name in names)).where(table.c[layout.key[0]].in_(group))
        existing: dict[tuple[object, ...], Values] = {}
        for record in session.execute(statement):
            values = dict(zip(names, record, strict=True))
            existing[_key(layout, values)] = values
        yield [row for first in group for row in by_first[first]], existing


def _wanted(layout: Layout) -> set[str]:
    kept = {"id", "version", "state", "visit_id"} & set(layout.table.columns.keys())
    return kept | set(layout.key) | {column.target for column in layout.columns}


def _complete(layout: Layout, values: Values, now: datetime) -> Values:
    table = layout.table
    row = {c.name: getattr(c.default, "arg", None) for c in table.columns}
    row.update((name, value) for name, value in values.items() if name in row)
    if "id" in row and row["id"] is None:
        row["id"] = natural_id(table.name, *_key(layout, values))
    row.update(layout.at_first(values, now))
    return row


def _insert(session: Session, table: Table, rows: list[Values]) -> None:
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(table), rows[start : start + CHUNK])


def _update(session: Session, layout: Layout, rows: list[Values]) -> None:
    if not rows:
        return
    table = layout.table
    primary = [c.name for c in table.primary_key.columns]
    names = [c.target for c in layout.columns if c.target in table.columns and c.target not in primary]
    statement = (
        update(table)
        .where(*(table.c[name] == bindparam(f"is_{name}") for name in primary))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    values = [
        {f"is_{name}": row[name] for name in primary} | {f"new_{name}": row[name] for name in names}
        for row in rows
    ]
    for start in range(0, len(values), CHUNK):
        session.connection().execute(statement, values[start : start + CHUNK])
