"""Rules 1 to 4: what the reference says."""

import numpy as np
import pandas as pd

from core.reconciliation.books import Books, BoolArray, Proposals, codes
from core.reconciliation.links import Refused
from core.reconciliation.references import listed
from core.reconciliation.windows import expanded
from core.tables import IntArray

# A sum of float64 beyond this may hide an int64 sum that wrapped around; no entry is that large.
_WRAPS = 9e18


class ReferenceKeys:
    """Codes of the entries that have a reference: by reference, and by reference and amount."""

    def __init__(self, books: Books) -> None:
        named = np.flatnonzero(books.reference >= 0)
        group, self.groups = codes(books.distributor[named], books.reference[named])
        amount, _ = pd.factorize(books.amount[named])
        key, self.keys = codes(group, amount.astype(np.int64, copy=False))
        size = len(books.reference)
        self.group = np.full(size, -1, dtype=np.int64)
        self.key = np.full(size, -1, dtype=np.int64)
        self.group[named] = group
        self.key[named] = key


def match_references(books: Books, keys: ReferenceKeys, refused: Refused, tolerance: int) -> None:
    """Rule 1: same reference and amount, the first with the first by date and identifier."""
    positions = np.flatnonzero((keys.key >= 0) & books.open)
    our, their = _paired(books, positions, keys.key, keys.keys)
    bad = refused.pairs(our, their)
    if bad.any():
        again = np.isin(keys.key[our], keys.key[our[bad]])
        pool = positions[np.isin(keys.key[positions], keys.key[our[bad]])]
        pairs = _paired_but_refused(books, pool, keys.key, refused)
        our = np.concatenate([our[~again], pairs[:, 0]])
        their = np.concatenate([their[~again], pairs[:, 1]])
    books.file_pairs(our, their, "reference")
    if tolerance > 0:
        _match_within_tolerance(books, keys, refused, tolerance)


def file_duplicates(books: Books, keys: ReferenceKeys, tolerance: int) -> None:
    """A surplus entry is a duplicate if one of its reference and amount, on its own side, is matched."""
    left = np.flatnonzero((keys.key >= 0) & books.open)
    if not len(left):
        return
    matched = np.flatnonzero((keys.key >= 0) & (books.match >= 0))
    if tolerance == 0:
        seen = np.zeros(2 * keys.keys, dtype=bool)
        seen[2 * keys.key[matched] + books.theirs(matched)] = True
        books.duplicate[left] = seen[2 * keys.key[left] + books.theirs(left)]
        return
    side_group = 2 * keys.group + books.theirs(np.arange(len(keys.group)))
    matched = matched[np.isin(side_group[matched], side_group[left])]
    both = np.concatenate([matched, left])
    is_matched = np.arange(len(both)) < len(matched)
    order = np.lexsort((books.amount[both], side_group[both]))
    both, is_matched = both[order], is_matched[order]
    for step in (1, -1):
        near = _last_matched(both[::step], is_matched[::step])[::step]
        fits = (near >= 0) & ~is_matched
        fits[fits] = (side_group[near[fits]] == side_group[both[fits]]) & (
            np.abs(books.amount[near[fits]] - books.amount[both[fits]]) <= tolerance
        )
        books.duplicate[both[fits]] = True


def match_listed(books: Books, keys: ReferenceKeys, refused: Refused, tolerance: int) -> None:
    """Rule 2, first half: a reference that lists several, against those entries, when the sum is equal."""
    named = np.flatnonzero((keys.group >= 0) & books.open)
    text = books.text[named]
    lists = listed(pd.Series(books.texts[np.unique(text)].tolist(), index=np.unique(text), dtype="str"))
    if not len(lists):
        return
    reference = books.names.get_indexer(pd.Index(lists.to_numpy(dtype=object)))
    holders = named[np.isin(text, lists.index.to_numpy())]
    first = np.searchsorted(lists.index.to_numpy(), books.text[holders], side="left")
    count = np.searchsorted(lists.index.to_numpy(), books.text[holders], side="right") - first
    holder, place = expanded(first, count)
    _match_lists(books, named, holders, holder, reference[place], (refused, tolerance))


def match_parts(books: Books, keys: ReferenceKeys, refused: Refused, tolerance: int) -> None:
    """Rule 2, second half: several entries of one reference against one, when the sum is equal."""
    positions = np.flatnonzero((keys.group >= 0) & books.open)
    group = keys.group[positions]
    side = books.theirs(positions)
    count = [np.bincount(group[side == which], minlength=keys.groups) for which in (False, True)]
    one_to_several = (np.minimum(*count) == 1) & (np.maximum(*count) > 1)
    signed = np.where(side, -books.amount[positions], books.amount[positions])
    total, safe = _sums(signed, group, keys.groups)
    fits = one_to_several & safe & (np.abs(total) <= tolerance)
    _file_groups(books, positions[fits[group]], group[fits[group]], refused)


def file_amount_differs(books: Books, keys: ReferenceKeys, refused: Refused) -> None:
    """Rule 3: one entry each side of the same reference with another amount, or the wrong sign.

    Where distributors number their documents alike, an entry posted to the wrong one meets a stranger of
    the same reference there. So an entry that fits one of another distributor to the cent is left to rule 4.
    """
    positions = np.flatnonzero((keys.group >= 0) & books.open)
    our, their = _single_pairs(books, positions, keys.group, keys.groups)
    elsewhere = np.zeros(len(books.amount), dtype=bool)
    elsewhere[_fitting_any_distributor(books, positions)[0]] = True
    keep = (books.amount[our] != books.amount[their]) & ~refused.pairs(our, their)
    keep &= ~elsewhere[our] & ~elsewhere[their]
    number = np.arange(int(keep.sum()))
    books.file_differing(np.concatenate([our[keep], their[keep]]), np.tile(number, 2))


def propose_misposted(books: Books, keys: ReferenceKeys, refused: Refused) -> None:
    """Rule 4: entries that fit one of another distributor are set aside as proposals."""
    positions, key = _fitting_any_distributor(books, np.flatnonzero((keys.key >= 0) & books.open))
    allowed = ~refused.groups(positions, key)
    books.aside[positions[allowed]] = True
    books.proposals.append(Proposals("misposted", positions[allowed], key[allowed]))


def _fitting_any_distributor(books: Books, positions: IntArray) -> tuple[IntArray, IntArray]:
    """Which of the entries have one of the same reference and amount on the other side, and their class.

    Rule 1 has taken those of the same distributor.
    """
    amount, _ = pd.factorize(books.amount[positions])
    key, count = codes(books.reference[positions], amount.astype(np.int64, copy=False))
    side = books.theirs(positions)
    both = np.minimum(*(np.bincount(key[side == which], minlength=count) for which in (False, True))) > 0
    return positions[both[key]], key[both[key]]


def _paired(books: Books, positions: IntArray, key: IntArray, keys: int) -> tuple[IntArray, IntArray]:
    """The k-th of ours with the k-th of theirs of each key, by date and identifier."""
    side = books.theirs(positions)
    count = [np.bincount(key[positions[side == which]], minlength=keys) for which in (False, True)]
    our, their = _at(books, positions, key, (count[0] == 1) & (count[1] == 1))
    pairs = np.minimum(*count)
    several = (pairs > 0) & (np.maximum(*count) > 1)
    pool = positions[several[key[positions]]]
    pool = pool[books.by_date(pool, key[pool])]
    taken = _occurrence(2 * key[pool] + books.theirs(pool)) < pairs[key[pool]]
    pool = pool[taken]
    theirs = books.theirs(pool)
    return np.concatenate([our, pool[~theirs]]), np.concatenate([their, pool[theirs]])


def _single_pairs(books: Books, positions: IntArray, key: IntArray, keys: int) -> tuple[IntArray, IntArray]:
    side = books.theirs(positions)
    count = [np.bincount(key[positions[side == which]], minlength=keys) for which in (False, True)]
    return _at(books, positions, key, (count[0] == 1) & (count[1] == 1))


def _at(books: Books, positions: IntArray, key: IntArray, single: BoolArray) -> tuple[IntArray, IntArray]:
    """The one entry of ours and of theirs for each key that `single` marks."""
    chosen = positions[single[key[positions]]]
    theirs = books.theirs(chosen)
    place = np.empty(len(single), dtype=np.int64)
    place[key[chosen[theirs]]] = chosen[theirs]
    our = chosen[~theirs]
    return our, place[key[our]]


def _paired_but_refused(books: Books, pool: IntArray, key: IntArray, refused: Refused) -> IntArray:
    pool = pool[books.by_date(pool, key[pool])]
    pairs: list[tuple[int, int]] = []
    for part in np.split(pool, np.flatnonzero(np.diff(key[pool])) + 1):
        theirs = books.theirs(part)
        pairs.extend(refused.pair_up(part[~theirs].tolist(), part[theirs].tolist()))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _match_within_tolerance(books: Books, keys: ReferenceKeys, refused: Refused, tolerance: int) -> None:
    """What is left of a reference: the k-th with the k-th, first by date, then by amount."""
    for by_amount in (False, True):
        positions = np.flatnonzero((keys.group >= 0) & books.open)
        side = books.theirs(positions)
        group = keys.group[positions]
        pairs = np.minimum(*(np.bincount(group[side == s], minlength=keys.groups) for s in (False, True)))
        pool = positions[pairs[group] > 0]
        if by_amount:
            order = np.lexsort((books.rank[pool], books.amount[pool], books.theirs(pool), keys.group[pool]))
        else:
            order = books.by_date(pool, keys.group[pool])
        pool = pool[order]
        pool = pool[_occurrence(2 * keys.group[pool] + books.theirs(pool)) < pairs[keys.group[pool]]]
        theirs = books.theirs(pool)
        our, their = pool[~theirs], pool[theirs]
        near = np.abs(books.amount[our] - books.amount[their]) <= tolerance
        near &= ~refused.pairs(our, their)
        books.file_pairs(our[near], their[near], "reference")


def _match_lists(
    books: Books,
    named: IntArray,
    holders: IntArray,
    holder: IntArray,
    token: IntArray,
    limits: tuple[Refused, int],
) -> None:
    """Files each holder with all entries of its tokens on the other side, if they exist and add up."""
    refused, tolerance = limits
    key, keys = codes(
        np.concatenate([books.distributor[named], books.distributor[holders][holder]]),
        np.concatenate([books.reference[named], token]) + 1,
    )
    named_key = 2 * key[: len(named)] + books.theirs(named)
    wanted_key = 2 * key[len(named) :] + ~books.theirs(holders)[holder]
    total, safe = _sums(books.amount[named], named_key, 2 * keys)
    there = np.bincount(named_key, minlength=2 * keys) > 0
    listed_sum, listed_safe = _sums(total[wanted_key], holder, len(holders))
    known = (
        np.bincount(holder, weights=~(there & safe)[wanted_key] | (token < 0), minlength=len(holders)) == 0
    )
    fits = known & listed_safe & (np.abs(listed_sum - books.amount[holders]) <= tolerance)
    holder, wanted_key = holder[fits[holder]], wanted_key[fits[holder]]
    kept = _without_rivals(books, holders, holder, wanted_key)
    holder, wanted_key = holder[kept], wanted_key[kept]
    owner = np.full(2 * keys, -1, dtype=np.int64)
    owner[wanted_key] = holder
    members = owner[named_key] >= 0
    winners = np.unique(holder)
    positions = np.concatenate([named[members], holders[winners]])
    group = np.concatenate([owner[named_key[members]], winners])
    once = ~pd.Index(positions).duplicated(keep=False)
    clean = np.bincount(group, weights=~once, minlength=len(holders)) == 0
    _file_groups(books, positions[clean[group]], group[clean[group]], refused)


def _without_rivals(books: Books, holders: IntArray, holder: IntArray, wanted_key: IntArray) -> BoolArray:
    """Which claims belong to a list that no earlier list robs: the earliest that claims an entry has it."""
    place = np.empty(len(holders), dtype=np.int64)
    place[books.by_date(holders)] = np.arange(len(holders))
    earliest = np.full(int(wanted_key.max(initial=0)) + 1, len(holders), dtype=np.int64)
    np.minimum.at(earliest, wanted_key, place[holder])
    robbed = np.bincount(holder, weights=earliest[wanted_key] != place[holder], minlength=len(holders)) > 0
    return np.asarray(~robbed[holder])


def _file_groups(books: Books, positions: IntArray, group: IntArray, refused: Refused) -> None:
    allowed = ~refused.groups(positions, group)
    number, _ = pd.factorize(group[allowed], sort=True)
    books.file_matches(positions[allowed], number.astype(np.int64, copy=False), "group")


def _sums(amounts: IntArray, group: IntArray, groups: int) -> tuple[IntArray, BoolArray]:
    """Exact sum a group, and whether it stayed within int64."""
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, group, amounts)
    size = np.bincount(group, weights=np.abs(amounts.astype(np.float64)), minlength=groups)
    return total, size < _WRAPS


def _occurrence(key: IntArray) -> IntArray:
    """How many of the same key stand directly before; the keys stand together."""
    if not len(key):
        return np.empty(0, dtype=np.int64)
    starts = np.flatnonzero(np.diff(key, prepend=key[0] - 1))
    return np.arange(len(key)) - np.repeat(starts, np.diff(starts, append=len(key)))


def _last_matched(positions: IntArray, is_matched: BoolArray) -> IntArray:
    """For each place the last matched position before it, -1 without one."""
    place = np.maximum.accumulate(np.where(is_matched, np.arange(len(positions)), -1))
    return np.where(place >= 0, positions[place], -1)
