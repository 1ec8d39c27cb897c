"""Ids of records made on the server; a device makes its own in the same form."""

import re

from uuid6 import uuid7

_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A UUIDv7 as text: unique, and sorted by the time it was made."""
    return str(uuid7())


def is_id(text: object) -> bool:
    """Whether a text from outside has the form of an id."""
    return isinstance(text, str) and _FORM.fullmatch(text) is not None
