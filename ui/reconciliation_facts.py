"""Both books of a distributor compared, with what people said of the differences."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
import streamlit as st

from core.reconciliation import reconcile
from data.account_differences import DifferenceRow
from data.ledgers import Books, LedgerLine, LinkRow
from data.their_book import difference_hash
from ui.remembered import Remembered

BALANCE_ONLY = "balance_only"
"""The kind of the one difference there is where their book is told by its closing balance."""
Ids = tuple[str, ...]
Compared = tuple[list[tuple[str, Ids, Ids, int]], list[tuple[str, Ids, Ids]], list[tuple[str, Ids, Ids]]]
"""Differences (kind, ours, theirs, amount), proposals and matches (rule, ours, theirs)."""


@dataclass(frozen=True)
class Difference:
    """A difference with its lines, and what was said of it; `amount_minor` is ours less theirs."""

    key: str
    kind: str
    amount_minor: int
    ours: Sequence[LedgerLine]
    theirs: Sequence[LedgerLine]
    said: DifferenceRow | None

    @property
    def line(self) -> LedgerLine:
        """The line that names it: ours where there is one."""
        return (*self.ours, *self.theirs)[0]

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.said.state if self.said else "open"

    @property
    def is_explained(self) -> bool:
        """Whether somebody has said why, and nobody disputes it."""
        return self.state != "open"

    @property
    def group(self) -> tuple[str, str]:
        """What the bridge calls it: the person's reason where there is one, else the kind."""
        return ("reason", self.said.reason) if self.said and self.said.reason else ("kind", self.kind)


@dataclass(frozen=True)
class Pairing:
    """Lines of both books that belong together by a rule, or of which a person is asked whether they do."""

    rule: str
    ours: Sequence[LedgerLine]
    theirs: Sequence[LedgerLine]
    link: LinkRow | None = None

    @property
    def amount_minor(self) -> int:
        """The sum of our lines."""
        return sum(line.amount_minor for line in self.ours)


@dataclass(frozen=True)
class Accounts(Remembered):
    """Both books compared. Our balance − their balance is the sum of the differences, always.

    A balance is `None` where nothing of that book was loaded or shown: nothing is compared then.
    """

    books: Books
    differences: Sequence[Difference]
    proposals: Sequence[Pairing]
    matches: Sequence[Pairing]
    our_balance: int | None
    their_balance: int | None
    said: dict[str, DifferenceRow]

    @property
    def is_compared(self) -> bool:
        """Whether both balances are known."""
        return self.our_balance is not None and self.their_balance is not None

    @cached_property
    def explained(self) -> int:
        """Sum of the differences that are explained, in minor units."""
        return sum(each.amount_minor for each in self.differences if each.is_explained)

    @cached_property
    def unexplained(self) -> Sequence[Difference]:
        """The differences that nobody has explained."""
        return [each for each in self.differences if not each.is_explained]

    @cached_property
    def vanished(self) -> Sequence[DifferenceRow]:
        """What was said of differences that are no longer there, and stands open."""
        present = {each.key for each in self.differences}
        gone = [row for key, row in self.said.items() if key not in present and row.closed_at is None]
        if self.is_compared and self.books.theirs:
            return gone
        # A balance alone says nothing of single lines: only a balance told before can be gone.
        return [row for row in gone if self.is_compared and row.kind == BALANCE_ONLY]

    @cached_property
    def carried(self) -> Sequence[DifferenceRow]:
        """What stands open from before of lines that no book shown so far can be compared with."""
        known = {*(each.key for each in self.differences), *(row.entries_hash for row in self.vanished)}
        return [row for key, row in self.said.items() if key not in known and row.closed_at is None]

    @cached_property
    def standing(self) -> Sequence[str]:
        """What the differences are known by that have not vanished.

        One that was found stands whether anything was said of it or not: another tablet may say it meanwhile.
        """
        gone = {row.entries_hash for row in self.vanished}
        return [*({*self.said, *(each.key for each in self.differences)} - gone)]


def compare(books: Books, said: dict[str, DifferenceRow]) -> Accounts:
    """Compares two books; a closing balance without lines is one difference."""
    if not books.ours:
        return Accounts(books, [], [], [], None, _their_balance(books), said)
    our_balance = sum(line.amount_minor for line in books.ours)
    if not books.theirs:
        return _by_balance(books, said, our_balance)
    ours, theirs, openings = _from_one_day(books)
    lines = {line.id: line for line in (*ours, *theirs, *books.strangers)}
    differing, asked, matched = _compared_once(books, ours, theirs, openings)
    strangers = {line.id for line in books.strangers}
    links = {(link.our_ids, link.their_ids): link for link in books.links if link.verdict == "confirmed"}

    def of(ids: Ids) -> list[LedgerLine]:
        return [lines[each] for each in ids]

    differences = [
        _difference(kind, amount, of(our), of(their), said)
        for kind, our, their, amount in differing
        if not strangers & set(our)
    ]
    settled = {line.id for each in differences if each.is_explained for line in each.theirs}
    return Accounts(
        books,
        sorted(differences, key=_by_urgency),
        [
            Pairing(rule, of(our), of(their))
            for rule, our, their in asked
            if rule != "misposted" or not settled.issuperset(their)
        ],
        sorted((_match(rule, of(our), of(their), links) for rule, our, their in matched), key=_newest_first),
        our_balance,
        _their_balance(books),
        said,
    )


def _their_balance(books: Books) -> int | None:
    if books.theirs:
        return sum(line.amount_minor for line in books.theirs)
    return books.closing.amount_minor if books.closing else None


def _by_balance(books: Books, said: dict[str, DifferenceRow], our_balance: int) -> Accounts:
    if books.closing is None:
        return Accounts(books, [], [], [], our_balance, None, said)
    rest = our_balance - books.closing.amount_minor
    differences = [_difference(BALANCE_ONLY, rest, [], [books.closing], said)] if rest else []
    return Accounts(books, differences, [], [], our_balance, books.closing.amount_minor, said)


def _difference(
    kind: str,
    amount: int,
    ours: Sequence[LedgerLine],
    theirs: Sequence[LedgerLine],
    said: dict[str, DifferenceRow],
) -> Difference:
    key = difference_hash([line.id for line in ours], [line.id for line in theirs])
    return Difference(key, kind, amount, ours, theirs, said.get(key))


def _match(
    rule: str, ours: Sequence[LedgerLine], theirs: Sequence[LedgerLine], links: dict[tuple[Ids, Ids], LinkRow]
) -> Pairing:
    key = tuple(sorted(line.id for line in ours)), tuple(sorted(line.id for line in theirs))
    link = links.get(key)
    # What is confirmed without a person's word is the two opening balances.
    return Pairing("opening" if rule == "confirmed" and link is None else rule, ours, theirs, link)


def _newest_first(each: Pairing) -> tuple[int, str]:
    line = (*each.ours, *each.theirs)[0]
    return -line.on.toordinal(), line.id


def _by_urgency(each: Difference) -> tuple[bool, bool, int, date, str]:
    """Open ones first, then those explained; within each the largest first."""
    closed = each.state in ("settled", "written_off")
    return closed, each.is_explained, -abs(each.amount_minor), each.line.on, each.key


def _from_one_day(books: Books) -> tuple[list[LedgerLine], list[LedgerLine], list[tuple[Ids, Ids]]]:
    """Both books from the later of their opening days on; what lies before is one opening balance each.

    The two opening balances belong together, whatever their amounts, unless somebody linked one otherwise.
    """
    starts = [line.on for line in (*books.ours, *books.theirs) if line.kind == "opening"]
    if not starts:
        return list(books.ours), list(books.theirs), []
    our_opening, ours = _opening(books.ours, max(starts), "ours")
    their_opening, theirs = _opening(books.theirs, max(starts), "theirs")
    both = [line for line in (our_opening, their_opening) if line is not None]
    linked = {each for link in books.links for each in (*link.our_ids, *link.their_ids)}
    openings: list[tuple[Ids, Ids]] = []
    if len(both) == 2 and not linked & {line.id for line in both}:
        openings.append(((both[0].id,), (both[1].id,)))
    return ours, theirs, openings


def _opening(
    lines: Sequence[LedgerLine], start: date, side: str
) -> tuple[LedgerLine | None, list[LedgerLine]]:
    before = [line for line in lines if line.on < start or (line.kind == "opening" and line.on == start)]
    earlier = {line.id for line in before}
    later = [line for line in lines if line.id not in earlier]
    if not before:
        return None, later
    total = sum(line.amount_minor for line in before)
    opening = LedgerLine(
        f"opening-{side}-{start}", side, "", start, "", "opening", total, "", before[0].distributor_id
    )
    opening = before[0] if len(before) == 1 else opening
    return opening, [opening, *later]


def _compared_once(
    books: Books, ours: Sequence[LedgerLine], theirs: Sequence[LedgerLine], openings: list[tuple[Ids, Ids]]
) -> Compared:
    known = {line.id for line in (*ours, *theirs)}
    confirmed = openings + [
        (link.our_ids, link.their_ids)
        for link in books.links
        if link.verdict == "confirmed" and known.issuperset((*link.our_ids, *link.their_ids))
    ]
    refused = [(link.our_ids, link.their_ids) for link in books.links if link.verdict == "refused"]
    our_side = (*ours, *books.strangers)
    content = [(x.side, x.id, x.on, x.reference, x.amount_minor, x.text) for x in (*our_side, *theirs)]
    digest = hashlib.sha256(repr((content, confirmed, refused)).encode()).hexdigest()
    return _compared(digest, our_side, theirs, confirmed, refused)


# Comparing takes a tenth of a second, and a page is drawn at every touch. The key is the content of both books
# and of the links, so a result never outlives what it was made of, and says nothing that its reader did not
# bring along. 64 books are about an hour of a team's visits.
@st.cache_data(max_entries=64, show_spinner=False)
def _compared(
    digest: str,
    _ours: Sequence[LedgerLine],
    _theirs: Sequence[LedgerLine],
    _confirmed: list[tuple[Ids, Ids]],
    _refused: list[tuple[Ids, Ids]],
) -> Compared:
    found = reconcile(_frame(_ours), _frame(_theirs), confirmed=_confirmed, refused=_refused)
    matches: dict[int, tuple[str, list[str], list[str]]] = {}
    for number, side, entry_id, rule in _rows(found.matches, "match_id", "side", "entry_id", "rule"):
        _rule, ours, theirs = matches.setdefault(number, (rule, [], []))
        (ours if side == "ours" else theirs).append(entry_id)
    return (
        _rows(found.differences, "kind", "our_ids", "their_ids", "amount_minor"),
        _rows(found.proposals, "rule", "our_ids", "their_ids"),
        [(rule, tuple(ours), tuple(theirs)) for rule, ours, theirs in matches.values()],
    )


def _rows(table: pd.DataFrame, *columns: str) -> list[Any]:
    return list(zip(*(table[column].tolist() for column in columns), strict=True))


def _frame(lines: Sequence[LedgerLine]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "entry_id": pd.Series([line.id for line in lines], dtype=str),
            "date": pd.Series([line.on for line in lines], dtype="datetime64[ns]"),
            "reference": pd.Series([line.reference for line in lines], dtype=str),
            "amount_minor": pd.Series([line.amount_minor for line in lines], dtype="int64"),
            "distributor_id": pd.Series([line.distributor_id for line in lines], dtype=str),
            "text": pd.Series([line.text for line in lines], dtype=str),
        }
    )
