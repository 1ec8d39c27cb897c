"""Whether new lines go on with a distributor's book: opening balances, periods, what is known already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from data.book_files import BookLine, BookRefused
from data.ledgers import LedgerLine
from data.their_book import line_codes


@dataclass(frozen=True)
class BookChange:
    """What loading lines does to a book.

    Attributes:
        new: The lines to add, with their codes.
        known: How many of the lines are in the book already.
        gone: Lines of the book that leave, because the file replaces its period or begins earlier.
    """

    new: Sequence[tuple[str, BookLine]]
    known: int
    gone: Sequence[LedgerLine]


def check_book(kept: Sequence[LedgerLine], lines: Sequence[BookLine], *, replace: bool = False) -> BookChange:
    """What loading lines would change, or why they do not go on with the book.

    Args:
        kept: The lines of the distributor's book so far, without closing balances.
        lines: The lines of the file.
        replace: Whether the file replaces what the book has in its period.

    Returns:
        What is new, known and gone.

    Raises:
        BookRefused: more than one opening balance, an opening balance that does not go on with the book, a
            file that begins before the book without one, or a period that both have with other lines.
    """
    if not lines:
        raise BookRefused("empty")
    codes = line_codes((line.on, line.reference, line.amount_minor, line.text) for line in lines)
    openings = [line for line in lines if line.kind == "opening"]
    if len(openings) > 1:
        raise BookRefused("two_openings", row=openings[1].row)
    skipped, gone = _join(kept, lines, openings)
    by_code = {line.code: line for line in kept}
    coming = set(codes)
    first, last = min(line.on for line in lines), max(line.on for line in lines)
    other = [
        line
        for line in kept
        if first <= line.on <= last and line.code not in coming and line.kind != "opening"
    ]
    if other and not replace:
        raise BookRefused("overlap", first=other[0].on, last=other[-1].on, count=len(other))
    return BookChange(
        [
            (code, line)
            for code, line in zip(codes, lines, strict=True)
            if code not in by_code and line not in skipped
        ],
        sum(code in by_code for code in codes),
        [*gone, *other],
    )


def _join(
    kept: Sequence[LedgerLine], lines: Sequence[BookLine], openings: Sequence[BookLine]
) -> tuple[list[BookLine], list[LedgerLine]]:
    """The opening balance of the file that the book has as its lines, or the one of the book that leaves."""
    if not kept:
        return [], []
    begins = min(line.on for line in lines)
    book_begins = min(line.on for line in kept)
    own = [line for line in kept if line.kind == "opening"]
    inside = bool(openings) and openings[0].on > book_begins - timedelta(days=bool(own))
    if inside and not _same(own, openings):
        before = sum(line.amount_minor for line in kept if line.on < openings[0].on or line.kind == "opening")
        _require_equal(openings[0].amount_minor, before, openings[0])
        return [openings[0]], []
    if own and begins < book_begins:
        before = sum(line.amount_minor for line in lines if line.on < own[0].on)
        if not openings:
            raise BookRefused("no_opening", first=own[0].on)
        _require_equal(before, own[0].amount_minor, openings[0])
        return [], own
    return [], []


def _same(own: Sequence[LedgerLine], openings: Sequence[BookLine]) -> bool:
    return any(line.on == openings[0].on and line.amount_minor == openings[0].amount_minor for line in own)


def _require_equal(told_minor: int, expected_minor: int, opening: BookLine) -> None:
    if told_minor != expected_minor:
        raise BookRefused(
            "opening_differs", on=opening.on, told_minor=told_minor, expected_minor=expected_minor
        )
