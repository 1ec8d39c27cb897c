"""The rows of the demo company on their way to the database, with ids and instants that repeat exactly."""

import hashlib
from collections import defaultdict
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, delete, insert
from sqlalchemy.orm import Session

from data.tables import Base

SEED = "fieldvisit-demo-1"
"""Another seed is another company; a change of it changes every figure and the golden file."""

TIME_ZONE = "Asia/Shanghai"
_ZONE = ZoneInfo(TIME_ZONE)
CHUNK = 5_000


def demo_id(table: str, *key: object) -> str:
    """The id of a demo record: the same for the same key, on every machine and database (a UUIDv8).

    Example:
        >>> demo_id("region", "E2") == demo_id("region", "E2")
        True
    """
    text = "|".join([SEED, table, *map(str, key)])
    h = hashlib.sha256(text.encode()).hexdigest()
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-8{h[17:20]}-{h[20:32]}"


def chance(*subject: object) -> Random:
    """A generator of its own for each subject, so that a new subject does not change the others."""
    return Random("|".join([SEED, *map(str, subject)]))  # noqa: S311 - made-up figures, no secret


def at(day: date, clock: str) -> datetime:
    """The instant (UTC) of a time of day in the company's time zone.

    Example:
        >>> at(date(2026, 11, 21), "10:00").isoformat()
        '2026-11-21T02:00:00+00:00'
    """
    return datetime.combine(day, time.fromisoformat(clock), _ZONE).astimezone(UTC)


class Rows:
    """Collects rows a table, then writes them in the order that foreign keys ask for."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, table: str, **values: Any) -> None:
        """Adds one row; columns left out get their default, else stay empty."""
        self._rows[table].append(values)

    def of(self, table: str) -> list[dict[str, Any]]:
        """The rows collected for a table so far."""
        return self._rows[table]

    def end_before(self, now: datetime) -> None:
        """Slides what would happen later today back behind `now`, each thing as long before the last as it was."""
        later = [
            (row, name)
            for rows in self._rows.values()
            for row in rows
            for name, value in row.items()
            if isinstance(value, datetime) and value > now
        ]
        if later:
            back = max(row[name] for row, name in later) - now
            for row, name in later:
                row[name] -= back

    def write(self, session: Session) -> dict[str, int]:
        """Inserts everything and returns the number of rows a table."""
        for table in Base.metadata.sorted_tables:
            rows = self._rows[table.name]
            defaults = _defaults(table)
            for start in range(0, len(rows), CHUNK):
                session.execute(insert(table), [{**defaults, **row} for row in rows[start : start + CHUNK]])
        return {name: len(rows) for name, rows in sorted(self._rows.items()) if rows}


def _defaults(table: Table) -> dict[str, Any]:
    return {column.name: getattr(column.default, "arg", None) for column in table.columns}


def clear(session: Session) -> None:
    """Empties every table."""
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(delete(table))
