"""What became of the entries, as tables in an order that does not depend on the order of the rows."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.reconciliation.books import Books, BoolArray
from core.tables import IntArray

_SIDES = ["ours", "theirs"]
_RULES = ["confirmed", "reference", "group", "amount_date"]
_QUESTIONS = ["misposted", "amount_date", "group", "near_reference"]
_KINDS = [
    "amount_differs",
    "duplicate_in_ours",
    "duplicate_in_theirs",
    "missing_in_theirs",
    "missing_in_ours",
    "rounding",
]


class _Groups(NamedTuple):
    """Entries by group: positions, the number of the group of each (ascending), and how many groups."""

    positions: IntArray
    number: IntArray
    total: int


def matches_table(books: Books) -> pd.DataFrame:
    """A row an entry that is matched: `match_id, side, entry_id, rule`."""
    matched = np.flatnonzero(books.match >= 0)
    groups = _in_order(books, matched, books.match[matched])
    code = np.array([_RULES.index(rule) for rule, _ in books.rules], dtype=np.int8)
    rule = np.repeat(code, [count for _, count in books.rules])[books.match[groups.positions]]
    return pd.DataFrame(
        {
            "match_id": groups.number + 1,
            "side": pd.Categorical.from_codes(
                books.theirs(groups.positions).astype(np.int8), pd.Index(_SIDES)
            ),
            "entry_id": books.entry_id.array.take(groups.positions),
            "rule": pd.Categorical.from_codes(rule, pd.Index(_RULES)),
        }
    )


def differences_table(books: Books) -> pd.DataFrame:
    """A row a difference: `difference_id, kind, our_ids, their_ids, amount_minor`."""
    ours = np.arange(len(books.amount)) < books.ours
    lost = (books.match < 0) & (books.differs < 0) & ~books.duplicate
    differing = np.flatnonzero(books.differs >= 0)
    parts = [
        _in_order(books, differing, books.differs[differing]),
        _single(books, books.duplicate & ours),
        _single(books, books.duplicate & ~ours),
        _single(books, lost & ours),
        _single(books, lost & ~ours),
        _rounding(books),
    ]
    kind = np.repeat(np.arange(len(_KINDS), dtype=np.int8), [part.total for part in parts])
    sides = [[_ids(books, part, theirs) for part in parts] for theirs in (False, True)]
    return pd.DataFrame(
        {
            "difference_id": np.arange(1, len(kind) + 1),
            "kind": pd.Categorical.from_codes(kind, pd.Index(_KINDS)),
            "our_ids": _tuples(sides[0]),
            "their_ids": _tuples(sides[1]),
            "amount_minor": np.concatenate([_signed_sums(books, part) for part in parts]),
        }
    )


def proposals_table(books: Books) -> pd.DataFrame:
    """A row a question: `proposal_id, our_ids, their_ids, rule`."""
    parts = [_in_order(books, each.positions, each.group) for each in books.proposals]
    rules = [each.rule for each in books.proposals]
    code = np.repeat(
        np.array([_QUESTIONS.index(rule) for rule in rules], dtype=np.int8), [part.total for part in parts]
    )
    return pd.DataFrame(
        {
            "proposal_id": np.arange(1, len(code) + 1),
            "our_ids": _tuples([_ids(books, part, theirs=False) for part in parts]),
            "their_ids": _tuples([_ids(books, part, theirs=True) for part in parts]),
            "rule": pd.Categorical.from_codes(code, pd.Index(_QUESTIONS)),
        }
    )


def _in_order(books: Books, positions: IntArray, group: IntArray) -> _Groups:
    """The groups in the order of their first entry by identifier, and the entries likewise within."""
    if not len(positions):
        return _Groups(positions, group, 0)
    number, names = pd.factorize(group)
    first = np.full(len(names), len(books.rank), dtype=np.int64)
    np.minimum.at(first, number, books.rank[positions])
    place = np.empty(len(names), dtype=np.int64)
    place[np.argsort(first, kind="stable")] = np.arange(len(names))
    by_rank = np.argsort(books.rank[positions], kind="stable")
    ordered = by_rank[np.argsort(place[number[by_rank]], kind="stable")]
    return _Groups(positions[ordered], place[number[ordered]], len(names))


def _single(books: Books, chosen: BoolArray) -> _Groups:
    positions = np.flatnonzero(chosen)
    positions = positions[np.argsort(books.rank[positions], kind="stable")]
    return _Groups(positions, np.arange(len(positions)), len(positions))


def _rounding(books: Books) -> _Groups:
    """The matches whose sides are not equal."""
    matched = np.flatnonzero(books.match >= 0)
    everything = _Groups(matched, books.match[matched], books.matches)
    rest = _signed_sums(books, everything) != 0
    positions = matched[rest[books.match[matched]]] if rest.any() else matched[:0]
    return _in_order(books, positions, books.match[positions])


def _signed_sums(books: Books, groups: _Groups) -> IntArray:
    """Sum of ours − sum of theirs of each group, exact: a group that reaches this is balanced or small."""
    amount = books.amount[groups.positions]
    total = np.zeros(groups.total, dtype=np.int64)
    np.add.at(total, groups.number, np.where(books.theirs(groups.positions), -amount, amount))
    return total


def _ids(books: Books, groups: _Groups, theirs: bool) -> list[tuple[object, ...]]:
    """The identifiers of one side, a tuple a group."""
    chosen = books.theirs(groups.positions) == theirs
    ids = books.entry_id.array.take(groups.positions[chosen]).tolist()
    size = np.bincount(groups.number[chosen], minlength=groups.total)
    if (size == 1).all():
        return list(zip(ids, strict=True))
    ends = np.cumsum(size).tolist()
    return [tuple(ids[end - count : end]) for end, count in zip(ends, size.tolist(), strict=True)]


def _tuples(parts: list[list[tuple[object, ...]]]) -> NDArray[np.object_]:
    column = np.empty(sum(len(part) for part in parts), dtype=object)
    column[:] = [each for part in parts for each in part]
    return column
