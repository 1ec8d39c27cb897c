"""What the tables of a calculation have in common: ids as integers, joins, order within a group, statuses.

Everything here works on whole columns: an id becomes an integer once, and sorting, joining and finding
doubles are then integer work, whatever the id was (text, category or number).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.arguments import divide
from core.errors import InvalidInput
from core.tables import FloatArray, IntArray, first_row, numbers, require_columns, require_unique

BoolArray = NDArray[np.bool_]


def id_codes(
    table: pd.DataFrame, column: str, *, missing: bool = True, in_order: bool = False
) -> tuple[IntArray, Any]:
    """Each row's id as an integer from 0, and the ids themselves; a missing id is -1.

    Args:
        table: The table that holds the column.
        column: Its name; text, category or whole numbers.
        missing: Whether missing ids are allowed.
        in_order: Number the ids in their sorted order instead of by first appearance (slower).

    Raises:
        InvalidInput: no such column, values that cannot be ids, or missing where that is not allowed.

    Example:
        >>> codes, ids = id_codes(pd.DataFrame({"product_id": ["tea", "oil", "tea"]}), "product_id")
        >>> codes.tolist(), list(ids)
        ([0, 1, 0], ['tea', 'oil'])
    """
    require_columns(table, [column])
    codes, ids = _factorize(table[column], column, in_order=in_order)
    if not missing and (codes < 0).any():
        raise InvalidInput(column, "an id, not a missing value", row=first_row(table, codes < 0))
    return codes, ids


def shared_codes(
    left: pd.DataFrame, right: pd.DataFrame, column: str, *, left_missing: bool = False
) -> tuple[IntArray, IntArray, Any]:
    """Ids of two tables as integers of one numbering, and the ids: those of `left` first.

    Args:
        left: A table with the column.
        right: Another one.
        column: Name of the id column in both.
        left_missing: Whether `left` may have missing ids (-1); `right` never may.

    Raises:
        InvalidInput: as `id_codes`.
    """
    for table, missing in ((left, left_missing), (right, False)):
        require_columns(table, [column])
        absent = table[column].isna().to_numpy(dtype=bool)
        if not missing and absent.any():
            raise InvalidInput(column, "an id, not a missing value", row=first_row(table, absent))
    both = pd.concat([_plain(left[column], right), _plain(right[column], left)], ignore_index=True)
    codes, ids = _factorize(both, column)
    return codes[: len(left)], codes[len(left) :], ids


def positions(wanted: IntArray, offered: IntArray, count: int) -> IntArray:
    """The row of `offered` that holds each wanted code; -1 where none does.

    Args:
        wanted: Codes to look up, -1 for missing.
        offered: Codes to look among, each once.
        count: How many different codes there are.

    Example:
        >>> positions(np.array([2, 0, -1]), np.array([0, 1]), 3).tolist()
        [-1, 0, -1]
    """
    place = np.full(count + 1, -1, dtype=np.int64)
    place[offered] = np.arange(len(offered))
    return place[wanted]


def at(values: FloatArray, place: IntArray) -> FloatArray:
    """`values` at each place, NaN where the place is -1."""
    return np.append(values, np.nan)[place]


def refuse_doubles(table: pd.DataFrame, columns: Sequence[str], *codes: IntArray) -> None:
    """Raises `InvalidInput` at the first row whose key stood before; a key with a missing part is no key.

    Args:
        table: The table.
        columns: The columns of the key, for the sentence of the error.
        codes: One array of codes a column.
    """
    key, present = np.zeros(len(table), dtype=np.int64), np.ones(len(table), dtype=bool)
    for part in codes:
        key = key * (int(part.max(initial=0)) + 1) + part
        present &= part >= 0
    if not present.all():
        key = key[present]
    key.sort()
    if (key[1:] == key[:-1]).any():
        require_unique(table.loc[present], columns)


def order_within(group: IntArray, values: FloatArray | IntArray) -> IntArray:
    """The order that sorts by group and, within a group, by value.

    Args:
        group: Codes, none missing.
        values: What to sort by, none missing.

    Example:
        >>> order_within(np.array([1, 0, 1]), np.array([5.0, 7.0, 2.0])).tolist()
        [1, 2, 0]
    """
    # One sort of the values and one of plain integers is some three times faster than a two-key sort.
    by_value: IntArray = np.argsort(values)
    place = group[by_value] * len(values) + np.arange(len(values))
    place.sort()
    order: IntArray = by_value[place % max(len(values), 1)]
    return order


def group_starts(group: IntArray) -> tuple[IntArray, IntArray]:
    """First place and size of each run of equal codes in a sorted array.

    Example:
        >>> starts, sizes = group_starts(np.array([0, 0, 4]))
        >>> starts.tolist(), sizes.tolist()
        ([0, 2], [2, 1])
    """
    new = np.ones(len(group), dtype=bool)
    new[1:] = group[1:] != group[:-1]
    starts = np.flatnonzero(new)
    return starts, np.diff(starts, append=len(group))


def truths(table: pd.DataFrame, column: str) -> tuple[BoolArray, BoolArray]:
    """A yes-or-no column: where it says yes, and where it says anything.

    Raises:
        InvalidInput: no such column, or values that are neither true, false nor missing.

    Example:
        >>> yes, known = truths(pd.DataFrame({"own": [True, None, False]}), "own")
        >>> yes.tolist(), known.tolist()
        ([True, False, False], [True, False, True])
    """
    require_columns(table, [column])
    values = table[column]
    known = values.notna().to_numpy(dtype=bool)
    if not pd.api.types.is_bool_dtype(values.dtype):
        given = values.to_numpy(dtype=object)
        wrong = np.fromiter(
            (there and not isinstance(v, (bool, np.bool_)) for v, there in zip(given, known, strict=True)),
            dtype=bool,
            count=len(given),
        )
        if wrong.any():
            value = repr(given[int(np.argmax(wrong))])
            raise InvalidInput(column, "true or false", row=first_row(table, wrong), value=value)
    yes = np.zeros(len(values), dtype=bool)
    yes[known] = values[known].to_numpy(dtype=bool)
    return yes, known


def own_part(table: pd.DataFrame, column: str) -> float:
    """Our part of a column's total, over the rows that say whose they are and have a value.

    Raises:
        InvalidInput: no `product_id`, `own` or value column, or wrong values in the last two.

    Example:
        >>> own_part(pd.DataFrame({"product_id": [1, 2], "own": [True, False], "value": [1.0, 3.0]}), "value")
        0.25
    """
    require_columns(table, ["product_id"])
    own, known = truths(table, "own")
    value = np.where(known, numbers(table, column), np.nan)
    return float(divide(np.nansum(value[own]), np.nansum(value)))


def first_that_holds(cases: Mapping[str, BoolArray], otherwise: str) -> "pd.Categorical[str]":
    """For each row the name of the first case that holds, as a category.

    Example:
        >>> list(first_that_holds({"low": np.array([True, False])}, "normal"))
        ['low', 'normal']
    """
    chosen = np.full(len(next(iter(cases.values()))), len(cases), dtype=np.int8)
    for number, holds in reversed(list(enumerate(cases.values()))):
        chosen[holds] = number
    return named(chosen, [*cases, otherwise])


def named(codes: IntArray | NDArray[np.int8], names: Sequence[str]) -> "pd.Categorical[str]":
    """Codes as a category with these names."""
    return pd.Categorical.from_codes(np.asarray(codes), categories=pd.Index(names, dtype=str))


def with_columns(table: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """The table with these columns added or replaced, row by row; the caller's table stays as it is."""
    result = table.copy(deep=False)
    for name, values in columns.items():
        result[name] = values
    return result


def _factorize(values: pd.Series, column: str, *, in_order: bool = False) -> tuple[IntArray, Any]:
    try:
        codes, ids = pd.factorize(values, sort=in_order)
    except TypeError as error:
        raise InvalidInput(column, "ids as text, categories or whole numbers", value=str(error)) from error
    return codes.astype(np.int64, copy=False), ids


def _plain(values: pd.Series, other: pd.DataFrame) -> pd.Series:
    """A category column as what its categories are, unless the other table has the very same categories."""
    if isinstance(values.dtype, pd.CategoricalDtype) and values.dtype != other[values.name].dtype:
        return values.astype(values.dtype.categories.dtype)
    return values
