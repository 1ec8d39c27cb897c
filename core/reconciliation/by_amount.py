"""Rule 5: the same amount at nearly the same date, where a reference is missing; and slips in a reference."""

import numpy as np
import pandas as pd

from core.reconciliation.books import Books, BoolArray, Proposals, codes
from core.reconciliation.links import Refused
from core.tables import IntArray

# The next candidate must be this much further away, or the nearest is a guess.
CLEARLY_NEARER_DAYS = 3
# Longer references are not looked at for a slip of the pen.
_LONGEST = 32
_FAR = np.iinfo(np.int64).max // 2


def match_amounts(books: Books, refused: Refused, window_days: int) -> None:
    """Matches what is mutually nearest and uniquely so, and proposes the rest, a class at a time."""
    pool, kind = _pool(books)
    if not len(pool):
        return
    theirs, named = books.theirs(pool), books.reference[pool] >= 0
    best = np.full(len(pool), -1, dtype=np.int64)
    for side in (False, True):
        for has_name in (False, True):
            asking = (theirs == side) & (named == has_name)
            answering = (theirs != side) & ~(named & has_name)
            best[asking] = _nearest(kind, books.day[pool], asking, answering, window_days)
    our = np.flatnonzero(~theirs & (best >= 0))
    our = our[best[best[our]] == our]
    positions, partners = pool[our], pool[best[our]]
    keep = ~refused.pairs(positions, partners)
    books.file_pairs(positions[keep], partners[keep], "amount_date")
    _propose(books, refused, window_days)


def _pool(books: Books) -> tuple[IntArray, IntArray]:
    """Dated open entries of the classes of equal amount that can give a link, and their class.

    An entry that says it is several documents is not one.
    """
    pool = np.flatnonzero(books.open & books.dated & (books.documents < 2))
    amount, _ = pd.factorize(books.amount[pool])
    kind, kinds = codes(books.distributor[pool], amount.astype(np.int64, copy=False))
    theirs, named = books.theirs(pool), books.reference[pool] >= 0
    useful = np.ones(kinds, dtype=bool)
    for part in (theirs, ~theirs, ~named):
        useful &= np.bincount(kind[part], minlength=kinds) > 0
    return pool[useful[kind]], kind[useful[kind]]


def _nearest(
    kind: IntArray, day: IntArray, asking: BoolArray, answering: BoolArray, window_days: int
) -> IntArray:
    """For each that asks, the one nearest answering entry of its class, -1 if none or a tie."""
    _, place = np.unique(day, return_inverse=True)
    key = kind * (int(place.max()) + 1) + place
    answers = np.flatnonzero(answering)
    answers = answers[np.argsort(key[answers], kind="stable")]
    node_key, first, size = np.unique(key[answers], return_index=True, return_counts=True)
    if not len(node_key):
        return np.full(int(asking.sum()), -1, dtype=np.int64)
    node = answers[first]
    after = np.searchsorted(node_key, key[asking], side="right")
    distance = np.full((4, len(after)), _FAR, dtype=np.int64)
    for row, index in enumerate((after - 2, after - 1, after, after + 1)):
        inside = (index >= 0) & (index < len(node))
        there = node[np.clip(index, 0, len(node) - 1)]
        same = inside & (kind[there] == kind[asking])
        distance[row, same] = np.abs(day[there] - day[asking])[same]
    before = distance[1] < distance[2]
    chosen = np.clip(np.where(before, after - 1, after), 0, len(node) - 1)
    distance.sort(axis=0)
    clear = (size[chosen] == 1) & (distance[1] - distance[0] >= CLEARLY_NEARER_DAYS)
    return np.where(clear & (distance[0] <= window_days), node[chosen], -1)


def _propose(books: Books, refused: Refused, window_days: int) -> None:
    """One proposal for each class of equal amounts, cut where no date is within the window of the next."""
    pool, kind = _pool(books)
    if not len(pool):
        return
    order = books.by_date(pool, kind)
    order = order[np.argsort(books.day[pool[order]], kind="stable")]
    order = order[np.argsort(kind[order], kind="stable")]
    pool, kind = pool[order], kind[order]
    apart = (np.diff(kind) != 0) | (np.diff(books.day[pool]) > window_days)
    cluster = np.concatenate([[0], np.cumsum(apart)])
    theirs, named = books.theirs(pool), books.reference[pool] >= 0
    offered = np.ones(int(cluster[-1]) + 1, dtype=bool)
    for part in (theirs, ~theirs, ~named):
        offered &= np.bincount(cluster[part], minlength=len(offered)) > 0
    pool, cluster = pool[offered[cluster]], cluster[offered[cluster]]
    allowed = ~refused.groups(pool, cluster)
    books.proposals.append(Proposals("amount_date", pool[allowed], cluster[allowed]))


def propose_near_references(books: Books, refused: Refused, window_days: int) -> None:
    """Proposes two entries of one amount and nearly one date whose references differ by a slip of the pen.

    They must be the only open ones of their amount. Two documents may well have neighbouring numbers, so
    this is a question and never a match.
    """
    pool = np.flatnonzero(books.open & books.dated & (books.reference >= 0))
    amount, _ = pd.factorize(books.amount[pool])
    kind, kinds = codes(books.distributor[pool], amount.astype(np.int64, copy=False))
    theirs = books.theirs(pool)
    count = [np.bincount(kind[theirs == side], minlength=kinds) for side in (False, True)]
    alone = ((count[0] == 1) & (count[1] == 1))[kind]
    our, their = (pool[chosen][np.argsort(kind[chosen])] for chosen in (alone & ~theirs, alone & theirs))
    near = np.abs(books.day[our] - books.day[their]) <= window_days
    near &= _one_slip(books.names[books.reference[our]], books.names[books.reference[their]])
    near &= ~refused.pairs(our, their)
    number = np.tile(np.arange(int(near.sum())), 2)
    books.proposals.append(Proposals("near_reference", np.concatenate([our[near], their[near]]), number))


def _one_slip(first: pd.Index, second: pd.Index) -> BoolArray:
    """Where two texts of one length differ in one character, or in two neighbours that changed places."""
    texts = [np.array(side.tolist(), dtype=f"U{_LONGEST}") for side in (first, second)]
    letters = [side.view(np.uint32).reshape(len(side), _LONGEST) for side in texts]
    differ = letters[0] != letters[1]
    places = differ.sum(axis=1)
    at = np.minimum(differ.argmax(axis=1), _LONGEST - 2)
    row = np.arange(len(at))
    swapped = (letters[0][row, at] == letters[1][row, at + 1]) & (
        letters[0][row, at + 1] == letters[1][row, at]
    )
    length = [side.str.len().to_numpy() for side in (first, second)]
    comparable = (length[0] == length[1]) & (length[0] <= _LONGEST)
    return np.asarray(comparable & ((places == 1) | ((places == 2) & swapped)))
