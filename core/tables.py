"""What every calculation asks of a table before it counts: columns, types, ranges, keys.

Each function checks one thing, returns the column as a NumPy array ready to calculate with, and raises
`InvalidInput` naming the column, the first offending row and what is expected. The caller's table is never
changed.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import InvalidInput

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def require_columns(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raises `InvalidInput` for the first of `columns` that the table lacks, or has twice."""
    for column in columns:
        found = int((table.columns == column).sum())
        if found != 1:
            raise InvalidInput(column, "a column of that name" if not found else "one column of that name")


def first_row(table: pd.DataFrame, wrong: NDArray[np.bool_]) -> Any:
    """The index label of the first row for which `wrong` holds."""
    return table.index[int(np.argmax(wrong))]


def numbers(
    table: pd.DataFrame,
    column: str,
    *,
    minimum: float | None = None,
    above: float | None = None,
    missing: bool = True,
) -> FloatArray:
    """A numeric column as float64, missing as NaN.

    Args:
        table: The table that holds the column.
        column: Its name; integer, float or nullable numeric (a column that is wholly missing also passes).
        minimum: Smallest value allowed (inclusive); `None` for no bound.
        above: Bound that every value must exceed; `None` for no bound.
        missing: Whether missing values are allowed.

    Raises:
        InvalidInput: no such column, not numeric, infinite, below the bound, or missing where that is not
            allowed.

    Example:
        >>> numbers(pd.DataFrame({"price": [1, None]}), "price", minimum=0)
        array([ 1., nan])
    """
    require_columns(table, [column])
    values = table[column]
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        if values.isna().all():
            result = np.full(len(values), np.nan)
        else:
            wrong = np.asarray([not _is_number(v) for v in values], dtype=bool)
            row = first_row(table, wrong) if wrong.any() else None
            value = values.to_numpy(dtype=object)[int(np.argmax(wrong))] if wrong.any() else values.dtype
            raise InvalidInput(column, "numbers", row=row, value=repr(value))
    elif pd.api.types.is_complex_dtype(values.dtype):
        raise InvalidInput(column, "real numbers", value=values.dtype)
    else:
        result = values.to_numpy(dtype=np.float64, na_value=np.nan)
    _refuse(table, column, np.isinf(result), "a finite number", result)
    if minimum is not None:
        _refuse(table, column, result < minimum, f"a number of at least {minimum:g}", result)
    if above is not None:
        _refuse(table, column, result <= above, f"a number above {above:g}", result)
    if not missing:
        _refuse(table, column, np.isnan(result), "a number, not a missing value", None)
    return result


def minor_units(table: pd.DataFrame, column: str) -> IntArray:
    """A money column in minor units as int64: integers only, none missing.

    Raises:
        InvalidInput: no such column, not an integer type, or a missing value.

    Example:
        >>> minor_units(pd.DataFrame({"amount_minor": [1999, -5]}), "amount_minor")
        array([1999,   -5])
    """
    require_columns(table, [column])
    values = table[column]
    if not pd.api.types.is_integer_dtype(values.dtype):
        if len(values) == 0:
            return np.empty(0, dtype=np.int64)
        raise InvalidInput(column, "whole minor units (integers)", row=table.index[0], value=values.iloc[0])
    _refuse(table, column, values.isna().to_numpy(dtype=bool), "an amount, not a missing value", None)
    return values.to_numpy(dtype=np.int64)


def dates(table: pd.DataFrame, column: str, *, missing: bool = True) -> NDArray[np.datetime64]:
    """A date column as datetime64, missing as NaT.

    Raises:
        InvalidInput: no such column, not datetime64, with a time zone, or missing where that is not allowed.

    Example:
        >>> str(dates(pd.DataFrame({"date": pd.to_datetime(["2026-11-21"])}), "date")[0])[:10]
        '2026-11-21'
    """
    require_columns(table, [column])
    values = table[column]
    if not pd.api.types.is_datetime64_dtype(values.dtype):
        if values.isna().all():
            return np.full(len(values), np.datetime64("NaT", "ns"))
        row = values.first_valid_index()
        raise InvalidInput(column, "dates (datetime64 without time zone)", row=row, value=values.dtype)
    result: NDArray[np.datetime64] = values.to_numpy()
    if not missing:
        _refuse(table, column, np.isnat(result), "a date, not a missing value", None)
    return result


def require_unique(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raises `InvalidInput` at the first row whose key in `columns` stood before.

    Example:
        >>> require_unique(pd.DataFrame({"product_id": ["a", "a"]}), ["product_id"])
        Traceback (most recent call last):
        core.errors.InvalidInput: product_id, row 1: expected a key that occurs once, got a
    """
    require_columns(table, columns)
    again = table.duplicated(list(columns)).to_numpy()
    if again.any():
        key = table.iloc[int(np.argmax(again))][list(columns)]
        shown = ", ".join(str(part) for part in key)
        raise InvalidInput(
            ", ".join(columns), "a key that occurs once", row=first_row(table, again), value=shown
        )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, (bool, np.bool_))


def _refuse(
    table: pd.DataFrame, column: str, wrong: NDArray[np.bool_], expected: str, values: FloatArray | None
) -> None:
    if wrong.any():
        value = None if values is None else values[int(np.argmax(wrong))]
        raise InvalidInput(column, expected, row=first_row(table, wrong), value=value)
