"""Rule 6: one entry without reference against a few of the other side, as many as its text says if it does."""

import numpy as np
import pandas as pd

from core.reconciliation.books import Books, BoolArray, Proposals, codes
from core.reconciliation.links import Refused
from core.reconciliation.subsets import (
    FREE_COMBINATIONS,
    Subsets,
    affordable,
    combinations_needed,
    find_subsets,
    only_one,
)
from core.reconciliation.windows import DayIndex, expanded
from core.tables import IntArray

# The documented bound of the search: combinations for one target (a window of 256 candidates for groups of
# up to four), and for all of them together, beyond a free million, combinations for each line of the books.
COMBINATIONS_PER_TARGET = 256 * 255 // 2
COMBINATIONS_PER_LINE = 16
_ROUNDS = 3


def match_groups(books: Books, refused: Refused, window_days: int, recent_days: int, max_group: int) -> None:
    """Matches a group that is the only solution and shares no member, and proposes what then remains.

    Of several solutions the only recent one decides: who sums documents up books the sum with the last of
    them or shortly after. Matched entries leave the search, so that it is repeated while that makes other
    groups the only ones.
    """
    for _ in range(_ROUNDS):
        rows, which, found = _solutions(books, refused, window_days, max_group)
        decided = only_one(which, found.several, _recent(books, rows, recent_days))
        decided &= _unshared(books, rows, decided)
        if not decided.any():
            break
        _file(books, rows[decided])
    rows, which = rows[~decided], which[~decided]
    still_open = (np.where(rows >= 0, books.match[rows], -1) < 0).all(axis=1)
    _propose(books, rows[still_open], which[still_open])


def _solutions(
    books: Books, refused: Refused, window_days: int, max_group: int
) -> tuple[IntArray, IntArray, Subsets]:
    """A row a solution, the target first, padded with -1; the target's number; and what the search said."""
    target, candidate, members = _candidates(books, window_days, max_group)
    goal = np.abs(books.amount[target])
    found = find_subsets(goal, candidate, np.abs(books.amount[members]), max_group, books.documents[target])
    books.combinations += found.combinations
    rows = np.full((len(found.target), max_group + 1), -1, dtype=np.int64)
    rows[:, 0] = target[found.target]
    there = found.members >= 0
    rows[:, 1:][there] = members[found.members[there]]
    which = found.target
    if refused:
        keep = np.array([not refused.group(row[row >= 0].tolist()) for row in rows], dtype=bool)
        rows, which = rows[keep], which[keep]
    return rows, which, found


def _recent(books: Books, rows: IntArray, recent_days: int) -> BoolArray:
    """Which solutions have all their members on the target's day or at most so many days before it."""
    before = books.day[rows[:, :1]] - books.day[rows]
    return np.asarray(((rows < 0) | ((before >= 0) & (before <= recent_days))).all(axis=1))


def _unshared(books: Books, rows: IntArray, decided: BoolArray) -> BoolArray:
    """Which solutions have no member in common with another one that is decided."""
    used = rows[decided]
    uses = np.bincount(used[used >= 0], minlength=len(books.amount))
    return np.asarray((np.where(rows >= 0, uses[rows], 0) <= 1).all(axis=1))


def _candidates(books: Books, window_days: int, max_group: int) -> tuple[IntArray, IntArray, IntArray]:
    """Targets to search, and for each its candidates: the number of the target and the position."""
    pool = np.flatnonzero(books.open & books.dated & (books.amount != 0))
    asked = np.zeros(len(books.amount), dtype=bool)
    for proposals in books.proposals:
        asked[proposals.positions] = True
    stated = books.documents[pool]
    target = pool[(books.reference[pool] < 0) & ~asked[pool] & (stated != 1) & (stated <= max_group)]
    if not len(target):
        return target, target, target
    part, _ = codes(books.distributor[pool], 2 * books.theirs(pool) + (books.amount[pool] < 0))
    index = DayIndex(part, books.day[pool], books.rank[pool])
    day = books.day[target]
    wanted = _other_side(books, pool, part, target)
    first, count = index.between(wanted, day - window_days, day + window_days)
    stated = books.documents[target]
    needed = combinations_needed(count, np.where(stated > 0, stated, max_group))
    total = FREE_COMBINATIONS + COMBINATIONS_PER_LINE * len(books.amount)
    fits = affordable(needed, COMBINATIONS_PER_TARGET, total)
    books.not_tried = target[~fits]
    target, first, count = target[fits], first[fits], count[fits]
    number, place = expanded(first, count)
    members = pool[index.order[place]]
    smaller = np.abs(books.amount[members]) < np.abs(books.amount[target[number]])
    return target, number[smaller], members[smaller]


def _other_side(books: Books, pool: IntArray, part: IntArray, target: IntArray) -> IntArray:
    """The part of the pool that holds each target's distributor and sign on the other side, or -1."""
    kind = 2 * books.theirs(pool) + (books.amount[pool] < 0)
    known = pd.Series(part, index=4 * books.distributor[pool] + kind)
    known = known[~known.index.duplicated()]
    opposite = 2 * ~books.theirs(target) + (books.amount[target] < 0)
    place = known.index.get_indexer(pd.Index(4 * books.distributor[target] + opposite))
    return np.where(place >= 0, known.to_numpy()[place], -1)


def _file(books: Books, rows: IntArray) -> None:
    group = np.broadcast_to(np.arange(len(rows))[:, None], rows.shape)
    books.file_matches(rows[rows >= 0], group[rows >= 0], "group")


def _propose(books: Books, rows: IntArray, which: IntArray) -> None:
    """The best solution of each target: fewest members, then the nearest in time, then by identifier."""
    there = rows >= 0
    away = np.where(there, np.abs(books.day[rows] - books.day[rows[:, :1]]), 0).sum(axis=1)
    ranks = np.sort(np.where(there, books.rank[rows], -1), axis=1)
    order = np.lexsort((*ranks.T[::-1], away, there.sum(axis=1), which))
    best = rows[order][np.flatnonzero(np.diff(which[order], prepend=-1))]
    best = best[np.argsort(books.rank[best[:, 0]])]
    group = np.broadcast_to(np.arange(len(best))[:, None], best.shape)
    books.proposals.append(Proposals("group", best[best >= 0], group[best >= 0]))
