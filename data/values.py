"""Changing one value of a record without overwriting what somebody else wrote meanwhile."""

from typing import Any

from data.errors import Conflict
from data.tables.base import Base


def change_value(record: Base, field: str, seen: Any, value: Any) -> bool:
    """Sets a field from the value that the person saw to the one he gave.

    Args:
        record: The row to change; its `version` goes up where it has one.
        field: Name of the column.
        seen: The value that stood on the person's screen when he changed it.
        value: The new value.

    Returns:
        Whether the row changed; saving the same value again is no change.

    Raises:
        Conflict: the value is neither what the person saw nor what he gives: somebody changed it meanwhile.
    """
    current = getattr(record, field)
    if current == value:
        return False
    if current != seen:
        raise Conflict(field, current, value)
    setattr(record, field, value)
    if hasattr(record, "version"):
        record.version += 1
    return True


def require_seen(record: Base, field: str, seen: Any) -> None:
    """Raises `Conflict` unless a record that is to be taken back still holds what the person saw."""
    current = getattr(record, field)
    if current != seen:
        raise Conflict(field, current, None)
