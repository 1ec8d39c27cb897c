"""What a person has decided: links confirmed, which come before every rule, and links refused."""

from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np

from core.errors import InvalidInput
from core.reconciliation.books import Books, BoolArray, exact_sum
from core.tables import IntArray

Link = tuple[Sequence[object], Sequence[object]]
LinkPositions = tuple[tuple[int, ...], tuple[int, ...]]


class Refused:
    """The links that must not be made or offered again: a link is refused if it holds a refused one whole."""

    def __init__(self, links: Iterable[LinkPositions]) -> None:
        self._links = sorted(links)
        self._by_first: dict[int, list[frozenset[int]]] = {}
        pairs = [(our[0], their[0]) for our, their in self._links if len(our) == len(their) == 1]
        self._pairs = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        for our, their in self._links:
            self._by_first.setdefault(our[0], []).append(frozenset(our + their))

    def __bool__(self) -> bool:
        return bool(self._links)

    def holds(self, link: LinkPositions) -> bool:
        """Whether exactly this link is refused."""
        return link in self._links

    def pairs(self, our_positions: IntArray, their_positions: IntArray) -> BoolArray:
        """Which links of one entry with one are refused."""
        if not len(self._pairs):
            return np.zeros(len(our_positions), dtype=bool)
        width = int(max(self._pairs.max(), our_positions.max(initial=0), their_positions.max(initial=0))) + 1
        keys = our_positions * width + their_positions
        return np.isin(keys, self._pairs[:, 0] * width + self._pairs[:, 1])

    def group(self, positions: Iterable[int]) -> bool:
        """Whether a link of these entries is refused."""
        members = frozenset(positions)
        return any(refused <= members for first in members for refused in self._by_first.get(first, ()))

    def groups(self, positions: IntArray, group: IntArray) -> BoolArray:
        """Which of the entries belong to a refused group; `group` numbers the groups 0, 1, …"""
        refused = np.zeros(len(positions), dtype=bool)
        if self and len(positions):
            order = np.argsort(group, kind="stable")
            parts = np.split(order, np.flatnonzero(np.diff(group[order])) + 1)
            for part in parts:
                refused[part] = self.group(positions[part].tolist())
        return refused

    def pair_up(self, our_positions: Sequence[int], their_positions: Sequence[int]) -> list[tuple[int, int]]:
        """Pairs the first with the first that is not refused, in one pass over both sides."""
        waiting = deque(their_positions)
        refused = {(our[0], their[0]) for our, their in self._links if len(our) == len(their) == 1}
        pairs = []
        for our in our_positions:
            passed = []
            while waiting and (our, waiting[0]) in refused:
                passed.append(waiting.popleft())
            if waiting:
                pairs.append((our, waiting.popleft()))
            waiting.extendleft(reversed(passed))
        return pairs


def read_refused(books: Books, links: Iterable[Link] | None) -> Refused:
    """The refused links as positions.

    A link that names an entry which is no longer in the books refuses nothing; one side alone is no link.
    """
    links = list(links or ())
    places = _places(books) if links else ({}, {})
    read = []
    for link in links:
        sides = [[place.get(each) for each in ids] for place, ids in zip(places, _sides(link), strict=True)]
        found = [sorted({each for each in side if each is not None}) for side in sides]
        if all(found) and all(None not in side for side in sides):
            read.append((tuple(found[0]), tuple(found[1])))
    return Refused(read)


def file_confirmed(books: Books, links: Iterable[Link] | None, tolerance: int) -> list[LinkPositions]:
    """Files the confirmed links before any rule.

    Equal sums, or sums within the tolerance, are a match of rule `confirmed`; another sum is a difference of
    kind `amount_differs`, because the entries belong together and the remainder must be seen.

    Raises:
        InvalidInput: an entry that is not in the books, that stands in two links, or a link across
            distributors or without entries.
    """
    links = list(links or ())
    places = _places(books) if links else ({}, {})
    used: set[int] = set()
    read: list[LinkPositions] = []
    for link in links:
        our, their = (
            tuple(sorted(_place(place, each) for each in ids))
            for place, ids in zip(places, _sides(link), strict=True)
        )
        members = our + their
        if not members or len(set(members)) < len(members) or used & set(members):
            raise InvalidInput("confirmed", "each entry in one link, and links with entries", value=link)
        if len(set(books.distributor[list(members)].tolist())) > 1:
            raise InvalidInput("confirmed", "entries of one distributor in a link", value=link)
        used.update(members)
        read.append((our, their))
    read.sort(key=lambda link: min(books.rank[list(link[0] + link[1])]))
    _file(books, read, tolerance)
    return read


def _file(books: Books, links: list[LinkPositions], tolerance: int) -> None:
    equal: list[tuple[int, ...]] = []
    differing: list[tuple[int, ...]] = []
    for our, their in links:
        remainder = exact_sum(books.amount[list(our)]) - exact_sum(books.amount[list(their)])
        (equal if abs(remainder) <= tolerance else differing).append(our + their)
    for part, file in (
        (equal, lambda positions, group: books.file_matches(positions, group, "confirmed")),
        (differing, books.file_differing),
    ):
        positions = np.array([each for link in part for each in link], dtype=np.int64)
        file(positions, np.repeat(np.arange(len(part)), [len(link) for link in part]))


def _places(books: Books) -> tuple[dict[object, int], dict[object, int]]:
    ids = books.entry_id.tolist()
    ours = {each: position for position, each in enumerate(ids[: books.ours])}
    return ours, {each: books.ours + place for place, each in enumerate(ids[books.ours :])}


def _place(place: dict[object, int], entry_id: object) -> int:
    if entry_id not in place:
        raise InvalidInput("confirmed", "entries that are in the books", value=repr(entry_id))
    return place[entry_id]


def _sides(link: Link) -> tuple[Sequence[object], Sequence[object]]:
    if len(link) != 2 or any(isinstance(side, str) for side in link):
        raise InvalidInput("confirmed, refused", "pairs of our ids and their ids, both tuples", value=link)
    return link[0], link[1]
