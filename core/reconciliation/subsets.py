"""Which few of many amounts add up to a target: counted in full or not tried, never half searched.

A group of `size` members is a left half of ⌈size/2⌉ and a right half of ⌊size/2⌋ members, all of the left
before all of the right in the order of the candidates, so that each group is met once. The halves are
listed and joined on the sum (Horowitz and Sahni 1974). With m candidates that costs C(m, ⌈size/2⌉)
combinations, m²/2 for groups of up to four, and a target that would cost more than a bound is left out.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from core.reconciliation.books import BoolArray
from core.tables import IntArray

# Enough solutions to know that there are several, with some room for refused ones.
_ENOUGH = 64
# Combinations that any search may list, so that small books are searched whole.
FREE_COMBINATIONS = 1_000_000
# Memory: halves that are listed at one time.
_CHUNK = 400_000


class _Half(NamedTuple):
    """Combinations of one size: their target, their sum, and a row of candidates each, ascending."""

    target: IntArray
    total: IntArray
    rows: IntArray


@dataclass
class Subsets:
    """Solutions: `members[i]` (an index of the candidates, -1 for none) add up to the target `target[i]`.

    `several` marks targets that have more solutions than are listed; `combinations` is the work done.
    """

    target: IntArray
    members: IntArray
    several: IntArray
    combinations: int


def combinations_needed(candidates: IntArray, largest: IntArray | int) -> IntArray:
    """Combinations to list for so many candidates and groups of up to `largest`; capped at 10^12."""
    half = (np.broadcast_to(largest, candidates.shape) + 1) // 2
    needed = np.ones(len(candidates), dtype=np.float64)
    for step in range(int(half.max(initial=0))):
        needed *= np.where(step < half, np.maximum(candidates - step, 0) / (step + 1), 1)
    return np.minimum(np.maximum(needed, candidates), 1e12).astype(np.int64)


def affordable(needed: IntArray, each: int, total: int) -> BoolArray:
    """Which targets can be searched: none above `each`, and the cheapest first while `total` lasts.

    Targets of equal cost stand or fall together, so that the answer does not depend on the row order.
    """
    fits = needed <= each
    costs, count = np.unique(needed[fits], return_counts=True)
    spent = np.cumsum(costs * count)
    within = costs[spent <= total]
    return fits & (needed <= (within[-1] if len(within) else -1))


def find_subsets(
    goal: IntArray, target: IntArray, amount: IntArray, largest: int, size: IntArray | None = None
) -> Subsets:
    """All groups of 2 to `largest` candidates of a target that add up to its goal.

    Args:
        goal: What to reach, one a target; positive.
        target: The target of each candidate, ascending.
        amount: The amount of each candidate; positive and below the goal.
        largest: Most members in a group, 2 to 6.
        size: The one number of members that counts, one a target, up to `largest`; 0 for every number.
    """
    size = np.zeros(len(goal), dtype=np.int64) if size is None else size
    needed = combinations_needed(np.bincount(target, minlength=len(goal)), np.where(size > 0, size, largest))
    chunk = np.cumsum(needed) // _CHUNK
    starts = np.searchsorted(target, np.arange(len(goal) + 1))
    found = []
    cuts = [0, *(np.flatnonzero(np.diff(chunk)) + 1).tolist(), len(goal)]
    for low, high in pairwise(cuts if len(goal) else []):
        part = slice(starts[low], starts[high])
        each = _search(goal[low:high], target[part] - low, amount[part], largest, size[low:high])
        members = np.where(each.members >= 0, each.members + starts[low], -1)
        found.append(Subsets(each.target + low, members, each.several + low, each.combinations))
    if not found:
        empty = np.empty(0, dtype=np.int64)
        return Subsets(empty, empty.reshape(0, largest), empty, 0)
    return Subsets(
        np.concatenate([each.target for each in found]),
        np.concatenate([each.members for each in found]),
        np.concatenate([each.several for each in found]),
        sum(each.combinations for each in found),
    )


def only_one(target: IntArray, several: IntArray, preferred: BoolArray) -> BoolArray:
    """The one solution of each target, or of several the one that is preferred; of a cut list none.

    Example:
        >>> only_one(np.array([0, 1, 1, 2, 2]), np.array([0]), np.array([True, False, True, True, True]))
        array([False, False,  True, False, False])
    """
    targets = int(target.max(initial=-1)) + 1
    solutions = np.bincount(target, minlength=targets)
    favourites = np.bincount(target[preferred], minlength=targets)
    one = (solutions[target] == 1) | (preferred & (favourites[target] == 1))
    return np.asarray(one & ~np.isin(target, several))


def _search(goal: IntArray, target: IntArray, amount: IntArray, largest: int, wanted: IntArray) -> Subsets:
    halves = [_Half(target, amount, np.arange(len(target)).reshape(-1, 1))]
    ends = np.searchsorted(target, target, side="right")
    for members_so_far in range(1, (largest + 1) // 2):
        needed = (wanted == 0) | ((wanted + 1) // 2 > members_so_far)
        halves.append(_extended(_of_targets(halves[-1], needed), goal, amount, ends))
    targets, members, several = [], [], []
    for size in range(2, largest + 1):
        left = _of_targets(halves[(size + 1) // 2 - 1], (wanted == 0) | (wanted == size))
        which, rows, more = _joined(goal, left, halves[size // 2 - 1], len(target))
        targets.append(which)
        padding = np.full((len(rows), largest - size), -1, dtype=np.int64)
        members.append(np.concatenate([rows, padding], axis=1))
        several.append(more)
    return Subsets(
        np.concatenate(targets),
        np.concatenate(members),
        np.unique(np.concatenate(several)),
        sum(len(half.target) for half in halves),
    )


def _of_targets(half: _Half, chosen: BoolArray) -> _Half:
    keep = chosen[half.target]
    return half if keep.all() else _Half(half.target[keep], half.total[keep], half.rows[keep])


def _extended(half: _Half, goal: IntArray, amount: IntArray, ends: IntArray) -> _Half:
    """Each combination with each later candidate of its target, as far as the goal is not reached."""
    last = half.rows[:, -1]
    count = ends[last] - last - 1
    base = np.repeat(np.arange(len(last)), count)
    added = last[base] + 1 + np.arange(len(base)) - np.repeat(np.cumsum(count) - count, count)
    total = half.total[base] + amount[added]
    keep = total < goal[half.target[base]]
    base, added = base[keep], added[keep]
    rows = np.concatenate([half.rows[base], added[:, None]], axis=1)
    return _Half(half.target[base], total[keep], rows)


def _joined(goal: IntArray, left: _Half, right: _Half, size: int) -> tuple[IntArray, IntArray, IntArray]:
    """Left halves with the right halves that complete them and begin after they end."""
    sums, code = np.unique(right.total, return_inverse=True)
    if not len(sums):
        empty = np.empty(0, dtype=np.int64)
        width = left.rows.shape[1] + right.rows.shape[1]
        return empty, empty.reshape(0, width), empty
    key = (right.target * len(sums) + code) * (size + 1) + right.rows[:, 0]
    order = np.argsort(key)
    key = key[order]
    rest = goal[left.target] - left.total
    wanted = np.minimum(np.searchsorted(sums, rest), len(sums) - 1)
    base = (left.target * len(sums) + wanted) * (size + 1)
    first = np.searchsorted(key, base + left.rows[:, -1] + 1)
    count = np.where(sums[wanted] == rest, np.searchsorted(key, base + size) - first, 0)
    hits = np.flatnonzero(count)
    hits = hits[np.argsort(left.target[hits], kind="stable")]
    target, count = left.target[hits], count[hits]
    before = np.cumsum(count) - count
    taken = np.clip(_ENOUGH - before + before[np.searchsorted(target, target)], 0, count)
    row = np.repeat(np.arange(len(hits)), taken)
    inner = np.arange(len(row)) - np.repeat(np.cumsum(taken) - taken, taken)
    rows = np.concatenate([left.rows[hits[row]], right.rows[order[first[hits[row]] + inner]]], axis=1)
    return target[row], rows, np.unique(target[taken < count])
