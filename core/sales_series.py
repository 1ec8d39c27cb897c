"""How the forecasts read what they are given: sales per period, the periods in stock, smoothing constants."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.arguments import argument
from core.errors import InvalidInput
from core.tables import FloatArray


def read_series(series: ArrayLike | pd.DataFrame) -> tuple[FloatArray, bool]:
    """The sales as rows of periods, and whether a single product was given.

    Raises:
        InvalidInput: not numbers, rows of unequal length, no period, a missing, negative or infinite value.

    Example:
        >>> read_series([3, 0, 2])
        (array([[3., 0., 2.]]), True)
    """
    clean = _clean_sales(series)
    if clean is not None:
        return clean, False
    try:
        values = argument("series", series, minimum=0)
    except InvalidInput:
        raise
    except ValueError as error:
        raise InvalidInput("series", "one product, or a row of equal length per product") from error
    if values.ndim not in (1, 2):
        raise InvalidInput("series", "one product, or a row per product", value=f"{values.ndim} dimensions")
    rows = np.atleast_2d(values)
    if rows.shape[1] == 0 and (values.ndim == 1 or len(rows)):
        raise InvalidInput("series", "at least one period", value="an empty series")
    absent = np.isnan(rows).any(axis=1)
    if absent.any():
        row = int(np.argmax(absent))
        label = series.index[row] if isinstance(series, pd.DataFrame) else row
        raise InvalidInput("series", "sales in every period", row=label, value="a missing value")
    return rows, values.ndim == 1


def read_in_stock(
    in_stock: ArrayLike | pd.DataFrame | None, shape: tuple[int, ...], single: bool
) -> NDArray[np.bool_] | None:
    """Which periods count, in the shape of the rows; `None` when all do.

    Raises:
        InvalidInput: not true and false, or of another shape than the series.

    Example:
        >>> read_in_stock([True, False], (1, 2), single=True)
        array([[ True, False]])
    """
    if in_stock is None:
        return None
    given = np.asarray(in_stock)
    if given.dtype != np.bool_ or given.shape != (shape[1:] if single else shape):
        expected = "true or false for every period of the series"
        raise InvalidInput("in_stock", expected, value=f"{given.dtype} of shape {given.shape}")
    return np.atleast_2d(given)


def read_constant(name: str, value: float) -> float:
    """A smoothing constant.

    Raises:
        InvalidInput: not a number, or not above 0 and at most 1.

    Example:
        >>> read_constant("alpha", 0.1)
        0.1
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not 0 < value <= 1:
        raise InvalidInput(name, "a number above 0 and at most 1", value=value)
    return float(value)


def _clean_sales(series: object) -> FloatArray | None:
    """The sales of many products as they are, when one look at their extremes shows nothing wrong."""
    if (
        not isinstance(series, np.ndarray)
        or series.dtype != np.float64
        or series.ndim != 2
        or not series.size
    ):
        return None
    return series if series.min() >= 0 and series.max() < np.inf else None
