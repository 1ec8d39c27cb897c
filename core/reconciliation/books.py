"""Both ledgers as one set of columns of numbers: what every matching rule reads and writes.

Positions run through our entries first and theirs after; a rule takes open entries and files them.
"""

from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import InvalidInput
from core.reconciliation.references import normalised
from core.reconciliation.stated_counts import stated_count
from core.tables import IntArray, dates, first_row, minor_units, require_columns

BoolArray = NDArray[np.bool_]

# Two amounts add up without leaving int64, and so do some ninety of them, which is more than any group holds.
LARGEST_AMOUNT = 10**17
UNDATED = np.iinfo(np.int64).max


@dataclass
class Proposals:
    """Links that a person is asked about: entry `positions[i]` belongs to proposal `group[i]` of `rule`."""

    rule: str
    positions: IntArray
    group: IntArray


@dataclass
class Books:
    """The entries of both ledgers and what has become of each.

    Attributes:
        ours: How many of the positions are ours (the first ones).
        entry_id: Identifiers by position.
        rank: Place of each entry by identifier, our side first: breaks ties whatever the row order.
        amount: Minor units.
        day: Days since 1970; a missing date is the largest integer, so that it sorts last.
        distributor: Code of the distributor (0 for all when the ledgers name none).
        reference: Code of the normalised reference, -1 when missing.
        text: Code of the reference as written, into `texts`.
        texts: The references as written, each once.
        names: The normalised references by code.
        documents: How many documents the text of an entry without reference states, 0 when it states none.
        match: Number of the match that holds the entry, -1 while none does.
        rules: The rules of the matches and how many each gave, in the order of their numbers.
        differs: Number of the `amount_differs` pair that holds the entry, else -1.
        duplicate: Whether the entry is a surplus one of a matched key.
        aside: Whether the entry waits in a proposal and takes no part in later rules.
        proposals: What a person is asked about.
        not_tried: Positions whose group search was cut.
        combinations: Combinations that the group search looked at.
    """

    ours: int
    entry_id: pd.Series
    rank: IntArray
    amount: IntArray
    day: IntArray
    distributor: IntArray
    reference: IntArray
    text: IntArray
    texts: pd.Index
    names: pd.Index
    documents: IntArray
    match: IntArray = field(init=False)
    rules: list[tuple[str, int]] = field(default_factory=list)
    matches: int = 0
    differs: IntArray = field(init=False)
    differing: int = 0
    duplicate: BoolArray = field(init=False)
    aside: BoolArray = field(init=False)
    proposals: list[Proposals] = field(default_factory=list)
    not_tried: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    combinations: int = 0

    def __post_init__(self) -> None:
        size = len(self.amount)
        self.match = np.full(size, -1, dtype=np.int64)
        self.differs = np.full(size, -1, dtype=np.int64)
        self.duplicate = np.zeros(size, dtype=bool)
        self.aside = np.zeros(size, dtype=bool)

    @property
    def open(self) -> BoolArray:
        """Which entries no rule has taken yet."""
        return (self.match < 0) & (self.differs < 0) & ~self.duplicate & ~self.aside

    @property
    def dated(self) -> BoolArray:
        """Which entries have a date."""
        return np.not_equal(self.day, UNDATED)

    def theirs(self, positions: IntArray) -> BoolArray:
        """Which of the positions are theirs."""
        return positions >= self.ours

    def by_date(self, positions: IntArray, *keys: IntArray) -> IntArray:
        """The order of `positions` by the keys, then side, date and identifier."""
        order = (self.rank[positions], self.day[positions], self.theirs(positions), *reversed(keys))
        return np.lexsort(order)

    def file_matches(self, positions: IntArray, group: IntArray, rule: str) -> None:
        """Files entries as matches; `group` numbers them 0, 1, … without gaps."""
        if len(positions):
            count = int(group.max()) + 1
            self.match[positions] = self.matches + group
            self.matches += count
            self.rules.append((rule, count))

    def file_pairs(self, our_positions: IntArray, their_positions: IntArray, rule: str) -> None:
        """Files matches of one entry with one."""
        number = np.arange(len(our_positions))
        self.file_matches(np.concatenate([our_positions, their_positions]), np.tile(number, 2), rule)

    def file_differing(self, positions: IntArray, group: IntArray) -> None:
        """Files entries as differences of kind `amount_differs`."""
        if len(positions):
            self.differs[positions] = self.differing + group
            self.differing += int(group.max()) + 1


def open_books(ours: pd.DataFrame, theirs: pd.DataFrame) -> Books:
    """Checks both ledgers and lays them side by side.

    Raises:
        InvalidInput: a missing column, a wrong type, a repeated or missing entry_id, an amount beyond
            ±10^17, a distributor named in one ledger only.
    """
    for table in (ours, theirs):
        require_columns(table, ["entry_id", "date", "reference", "amount_minor"])
    places = [ranks(table) for table in (ours, theirs)]
    text, texts = pd.factorize(_both(ours, theirs, "reference"))
    name_of_text, names = _names(texts)
    reference = name_of_text[text]
    return Books(
        ours=len(ours),
        entry_id=pd.concat([ours["entry_id"], theirs["entry_id"]], ignore_index=True),
        rank=np.concatenate([places[0], places[1] + len(ours)]),
        amount=both_amounts(ours, theirs),
        day=np.concatenate([days_of(ours), days_of(theirs)]),
        distributor=both_distributors(ours, theirs),
        reference=reference,
        text=text,
        texts=texts,
        names=names,
        documents=_documents((ours, theirs), np.flatnonzero(reference < 0)),
    )


def both_amounts(ours: pd.DataFrame, theirs: pd.DataFrame) -> IntArray:
    """The amounts of two tables, within the bound that keeps every sum exact."""
    amount = np.concatenate([minor_units(ours, "amount_minor"), minor_units(theirs, "amount_minor")])
    fits = (amount <= LARGEST_AMOUNT) & (amount >= -LARGEST_AMOUNT)
    _require(ours, theirs, fits, "amount_minor", "an amount within ±10^17 minor units")
    return amount


def both_distributors(ours: pd.DataFrame, theirs: pd.DataFrame) -> IntArray:
    """The code of the distributor in two tables; 0 for all when neither names any."""
    named = ["distributor_id" in table.columns for table in (ours, theirs)]
    if not any(named):
        return np.zeros(len(ours) + len(theirs), dtype=np.int64)
    if not all(named):
        raise InvalidInput("distributor_id", "a column of that name in both tables, or in neither")
    whole = [pd.api.types.is_integer_dtype(table["distributor_id"].dtype) for table in (ours, theirs)]
    both = pd.concat([ours["distributor_id"], theirs["distributor_id"]], ignore_index=True)
    distributor, _ = pd.factorize(both if all(whole) else _both(ours, theirs, "distributor_id"))
    _require(ours, theirs, distributor >= 0, "distributor_id", "a distributor, not a missing value")
    return distributor.astype(np.int64, copy=False)


def require_limit(name: str, value: object, least: int, most: int = LARGEST_AMOUNT) -> None:
    """Raises `InvalidInput` unless the value is a whole number from `least` to `most`."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not least <= int(cast(int, value)) <= most:
        bound = f"from {least} to {most}" if most < LARGEST_AMOUNT else f"of at least {least}"
        raise InvalidInput(name, f"a whole number {bound}", value=value)


def codes(first: IntArray, second: IntArray) -> tuple[IntArray, int]:
    """A number for each different pair of two non-negative codes, and how many there are."""
    if len(first) == 0:
        return np.empty(0, dtype=np.int64), 0
    found, uniques = pd.factorize(first * (int(second.max()) + 1) + second)
    return found, len(uniques)


def exact_sum(amounts: IntArray) -> int:
    """The sum as an integer of any size; a sum of int64 alone would wrap around beyond 9.2 × 10^18.

    Example:
        >>> exact_sum(np.array([9 * 10**18, 9 * 10**18, -1]))
        17999999999999999999
    """
    return (int((amounts >> 32).sum()) << 32) + int((amounts & 0xFFFFFFFF).sum())


def _both(ours: pd.DataFrame, theirs: pd.DataFrame, column: str) -> pd.Series:
    both = pd.concat([ours[column], theirs[column]], ignore_index=True)
    if isinstance(both.dtype, pd.StringDtype) or pd.api.types.infer_dtype(both) in ("string", "empty"):
        return both
    for table in (ours, theirs):
        wrong = ~table[column].map(lambda value: isinstance(value, str) or pd.isna(value)).to_numpy(
            dtype=bool
        )
        if wrong.any():
            value = repr(table[column].iloc[int(np.argmax(wrong))])
            raise InvalidInput(column, "text", row=first_row(table, wrong), value=value)
    return both.astype(object)


def _documents(tables: tuple[pd.DataFrame, pd.DataFrame], positions: IntArray) -> IntArray:
    """The count that the text states for each of the positions, 0 for all others and without the column."""
    size = [len(table) for table in tables]
    documents = np.zeros(sum(size), dtype=np.int64)
    for table, start, end in zip(tables, (0, size[0]), (size[0], sum(size)), strict=True):
        if "text" in table.columns:
            chosen = positions[(positions >= start) & (positions < end)]
            documents[chosen] = [stated_count(text) for text in table["text"].iloc[chosen - start]]
    return documents


def _names(texts: pd.Index) -> tuple[IntArray, pd.Index]:
    """The code of the normalised reference for each text, with -1 at the end for a missing one."""
    found, names = pd.factorize(np.array(normalised(texts.tolist()), dtype=object))
    empty = names == ""
    return np.append(np.where(empty[found], -1, found), -1), pd.Index(names)


def ranks(table: pd.DataFrame) -> IntArray:
    """The place of each entry by identifier, which must be there and occur once."""
    ids = table["entry_id"]
    if isinstance(ids.dtype, pd.CategoricalDtype):
        ids = ids.astype(ids.cat.categories.dtype)
    missing = ids.isna().to_numpy(dtype=bool)
    if missing.any():
        raise InvalidInput("entry_id", "an identifier, not a missing value", row=first_row(table, missing))
    if len(ids) < 2 or bool((ids.iloc[1:].array > ids.iloc[:-1].array).all()):
        return np.arange(len(ids))
    order = ids.argsort().to_numpy()
    in_order = ids.iloc[order].array
    again = np.zeros(len(ids), dtype=bool)
    again[order[1:]] = np.asarray(in_order[1:] == in_order[:-1], dtype=bool)
    if again.any():
        row = int(np.argmax(again))
        raise InvalidInput("entry_id", "a key that occurs once", row=table.index[row], value=ids.iloc[row])
    places = np.empty(len(ids), dtype=np.int64)
    places[order] = np.arange(len(ids))
    return places


def days_of(table: pd.DataFrame, column: str = "date") -> IntArray:
    """The dates of a column as days since 1970, the largest integer when missing."""
    day = dates(table, column).astype("datetime64[D]")
    return np.where(np.isnat(day), UNDATED, day.astype(np.int64))


def _require(ours: pd.DataFrame, theirs: pd.DataFrame, right: BoolArray, column: str, expected: str) -> None:
    for table, part in ((ours, right[: len(ours)]), (theirs, right[len(ours) :])):
        if not part.all():
            row = int(np.argmin(part))
            value = table[column].iloc[row]
            raise InvalidInput(
                column, expected, row=table.index[row], value=None if pd.isna(value) else value
            )
