"""What every formula asks of its arguments: numbers, finite, in range; scalars and arrays alike."""

from numbers import Real
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.errors import InvalidInput
from core.tables import FloatArray

Numbers: TypeAlias = float | ArrayLike | pd.Series | pd.DataFrame
Result: TypeAlias = np.float64 | FloatArray


def argument(name: str, value: Numbers, *, minimum: float | None = None) -> FloatArray:
    """An argument of a formula as float64, of the shape it has, missing as NaN.

    Args:
        name: Name of the argument, for the sentence of the error.
        value: A number, or an array, list, Series or DataFrame of numbers.
        minimum: Smallest value allowed; `None` for no bound.

    Raises:
        InvalidInput: not numbers, infinite, or below the minimum.

    Example:
        >>> argument("price", [1, None])
        array([ 1., nan])
        >>> argument("price", -1, minimum=0)
        Traceback (most recent call last):
        core.errors.InvalidInput: price: expected a number of at least 0, got -1.0
    """
    given = np.asarray(value)
    if given.dtype.kind == "O":
        absent = np.asarray(pd.isna(given))
        _refuse(name, value, given, np.asarray(~absent & ~_are_numbers(given)), "numbers")
        given = np.where(absent, np.nan, given)
    elif given.dtype.kind not in "iuf":
        _refuse(name, value, given, np.ones(given.shape, dtype=bool), "numbers")
    result = given.astype(np.float64)
    _refuse(name, value, result, np.isinf(result), "a finite number")
    if minimum is not None:
        _refuse(name, value, result, result < minimum, f"a number of at least {minimum:g}")
    return result


def divide(numerator: Result, denominator: Result) -> Result:
    """Division by the house rule: 0/0 is NaN, x/0 is plus or minus infinity, without a warning.

    Example:
        >>> divide(np.array([1.0, 0.0]), np.array([0.0, 0.0]))
        array([inf, nan])
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        result: Result = np.divide(numerator, denominator)
    return result


def _are_numbers(values: np.ndarray) -> np.ndarray:
    kinds = [isinstance(v, Real) and not isinstance(v, (bool, np.bool_)) for v in values.ravel()]
    return np.asarray(kinds, dtype=bool).reshape(values.shape)


def _refuse(name: str, value: Numbers, array: np.ndarray, wrong: np.ndarray, expected: str) -> None:
    if not wrong.any():
        return
    place = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    shown = array[place]
    if isinstance(value, (pd.Series, pd.DataFrame)):
        raise InvalidInput(name, expected, row=value.index[int(place[0])], value=shown)
    row = None if not place else int(place[0]) if len(place) == 1 else tuple(int(p) for p in place)
    raise InvalidInput(name, expected, row=row, value=shown)
