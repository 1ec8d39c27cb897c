"""Ranges of entries by group and day, for looking up what lies within a window of days."""

import numpy as np

from core.tables import IntArray


class DayIndex:
    """Entries sorted by group, day and rank.

    Attributes:
        order: The entries in that order; a range of `between` is a range of this.
    """

    def __init__(self, group: IntArray, day: IntArray, rank: IntArray) -> None:
        self._days, place = np.unique(day, return_inverse=True)
        self._width = len(self._days) + 1
        key = group * self._width + place
        self.order = np.lexsort((rank, key))
        self._key = key[self.order]

    def between(self, group: IntArray, low: IntArray, high: IntArray) -> tuple[IntArray, IntArray]:
        """First place in `order` and number of the entries of each group from day `low` to `high`.

        A group below zero has none.
        """
        start = np.searchsorted(self._days, low)
        stop = np.searchsorted(self._days, high, side="right")
        first = np.searchsorted(self._key, group * self._width + start)
        count = np.searchsorted(self._key, group * self._width + stop) - first
        return first, np.where(group >= 0, count, 0)


def expanded(first: IntArray, count: IntArray) -> tuple[IntArray, IntArray]:
    """The ranges written out: which range, and the place, for each member.

    Example:
        >>> which, place = expanded(np.array([5, 0]), np.array([2, 1]))
        >>> which.tolist(), place.tolist()
        ([0, 0, 1], [5, 6, 0])
    """
    which = np.repeat(np.arange(len(count)), count)
    inside = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return which, np.repeat(first, count) + inside
