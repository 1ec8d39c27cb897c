"""The lines of a distributor's own book: the id that a line keeps however often the book is loaded."""

import hashlib
import unicodedata
from collections.abc import Iterable
from datetime import date

from core.errors import FieldvisitError

NOTE = "difference:"
"""How the row of a note begins that a tablet enters about a difference."""


def line_codes(lines: Iterable[tuple[date, str, int, str]]) -> list[str]:
    """The entry codes of a book's lines: made from the content, with the occurrence of equal lines.

    Loading a longer book again leaves the codes of the lines that were there, and so what people said of them.

    Args:
        lines: Per line the day, reference, amount in minor units (written from our side) and text.

    Returns:
        A code a line, in the order given.

    Example:
        >>> first, again, other = line_codes(
        ...     [(date(2026, 11, 3), "FH 1", 500, "货"), (date(2026, 11, 3), "ＦＨ 1 ", 500, "货"),
        ...      (date(2026, 11, 3), "FH 2", 500, "货")])
        >>> first[:-2] == again[:-2], again[-2:], other == first
        (True, '-2', False)
    """
    seen: dict[str, int] = {}
    codes = []
    for on, reference, amount_minor, text in lines:
        content = "|".join([on.isoformat(), _normal(reference), str(amount_minor), _normal(text)])
        digest = hashlib.sha256(content.encode()).hexdigest()[:20]
        seen[digest] = seen.get(digest, 0) + 1
        codes.append(f"{digest}-{seen[digest]}")
    return codes


def difference_hash(our_ids: Iterable[str], their_ids: Iterable[str]) -> str:
    """What a difference between the two books is known by: the ids of its entries, sorted.

    Example:
        >>> difference_hash(["b", "a"], []) == difference_hash(["a"], ["b"])
        True
    """
    ids = sorted([*our_ids, *their_ids])
    if not ids:
        raise NoEntries
    return hashlib.sha256(" ".join(ids).encode()).hexdigest()


def note_row(entries_hash: str) -> str:
    """The row under which a tablet enters the note of a difference: as much of its hash as an id is long.

    Example:
        >>> note_row(difference_hash(["a"], []))
        'difference:ca978112ca1bbdcafac231b39a23dc4da786'
    """
    return f"{NOTE}{entries_hash[:36]}"


class NoEntries(FieldvisitError, ValueError):
    """A difference without entries has no identity."""

    def __init__(self) -> None:
        super().__init__("A difference needs at least one entry of either book.")


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())
