"""How a value of the database stands in a backup: as JSON, the same from either database."""

import base64
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.types import Boolean, Date, DateTime, LargeBinary, TypeEngine


def to_json(value: object) -> Any:
    """A value as JSON holds it: dates and instants (UTC) in ISO form, bytes in base64.

    Example:
        >>> to_json(date(2026, 11, 21)), to_json(b"ab"), to_json(datetime(2026, 11, 21, 2, tzinfo=UTC))
        ('2026-11-21', 'YWI=', '2026-11-21T02:00:00+00:00')
    """
    if isinstance(value, datetime):
        # SQLite drops the time zone; what it keeps is UTC.
        known = value if value.tzinfo else value.replace(tzinfo=UTC)
        return known.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value


def from_json(kind: TypeEngine[Any], value: Any) -> Any:
    """A value of a backup as a column of the given type takes it."""
    if value is None:
        return None
    if isinstance(kind, DateTime):
        instant = datetime.fromisoformat(value)
        return instant if kind.timezone else instant.astimezone(UTC).replace(tzinfo=None)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, Boolean):
        return bool(value)
    return value
