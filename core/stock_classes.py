"""Products in classes: by the value they bring (ABC) and by how steadily they sell (XYZ)."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.arguments import argument, divide
from core.errors import InvalidInput

SLACK = 1e-12
Classes = NDArray[np.str_]


def classify_abc(values: ArrayLike | pd.Series, *, cuts: tuple[float, float] = (0.80, 0.95)) -> Classes:
    """Sorts items into the few that bring most of the value (A), the next (B) and the many others (C).

    Formula:
        sorted by value, descending: share of the positive total reached before the item
        below cuts[0] A, below cuts[1] B, else C (compared with a slack of 1e-12)

        Equal values share the class of the first of them.

    Args:
        values: One value an item (revenue, margin, stock value; currency units or units).
        cuts: The two shares of the total (fractions, rising, above 0 up to 1).

    Returns:
        Array of `A`, `B`, `C`, an item each, in the order given. Zero, negative and NaN are `C`.

    Raises:
        InvalidInput: values that are not a row of finite numbers, cuts that do not rise within 0 to 1.

    Source:
        Silver, E. A., Pyke, D. F. and Thomas, D. J. (2017), Inventory and Production Management in Supply
        Chains, 4th ed., CRC Press (distribution by value).

    Example:
        >>> classify_abc([70, 20, 5, 3, 2]).tolist()
        ['A', 'A', 'B', 'C', 'C']
    """
    value = argument("values", values)
    if value.ndim != 1:
        raise InvalidInput("values", "one row of values", value=f"{value.ndim} dimensions")
    if not 0 < cuts[0] <= cuts[1] <= 1:
        raise InvalidInput("cuts", "two rising shares above 0 and up to 1", value=cuts)
    descending = np.sort(value[value > 0])[::-1]
    classes = np.full(len(value), "C")
    if len(descending):
        # Scaled by a power of two, which is exact: the sum of the largest numbers must not overflow.
        reached = np.cumsum(np.ldexp(descending, -np.frexp(descending[0])[1]))
        before = np.append(0.0, reached[:-1]) / reached[-1]
        # The class depends on the value alone, so the smallest value inside a cut decides for all its equals.
        smallest = descending[np.searchsorted(before, np.asarray(cuts) - SLACK, side="left") - 1]
        classes[value >= smallest[1]] = "B"
        classes[value >= smallest[0]] = "A"
    return classes


def classify_xyz(series: ArrayLike | pd.DataFrame, *, cuts: tuple[float, float] = (0.5, 1.0)) -> Any:
    """Sorts items into those that sell steadily (X), with swings (Y) and irregularly (Z).

    Formula:
        coefficient of variation = population standard deviation / mean
        up to cuts[0] X, up to cuts[1] Y, else Z

    Args:
        series: Sales; rows = items, columns = periods (a single row is one item).
        cuts: The two coefficients of variation (rising, 0 or more).

    Returns:
        Array of `X`, `Y`, `Z`, an item each (one class for a single row). A mean of 0 or less, a missing
        period or no period at all is `Z`.

    Raises:
        InvalidInput: not numbers, infinite, or cuts that do not rise.

    Source:
        Scholz-Reiter, B. et al. (2012), Integration of demand forecasts in ABC-XYZ analysis, International
        Journal of Productivity and Performance Management 61(4), 445-451.

    Example:
        >>> classify_xyz([[10, 10, 10], [1, 3, 8], [0, 0, 9]]).tolist()
        ['X', 'Y', 'Z']
    """
    sales = argument("series", series)
    if not 0 <= cuts[0] <= cuts[1]:
        raise InvalidInput("cuts", "two rising coefficients of variation, 0 or more", value=cuts)
    if sales.ndim not in (1, 2):
        raise InvalidInput("series", "rows of items and columns of periods", value=f"{sales.ndim} dimensions")
    if sales.shape[-1] == 0:
        return np.full(sales.shape[:-1], "Z")[()]
    mean = sales.mean(axis=-1)
    variation = divide(sales.std(axis=-1), mean)
    classes = np.where(variation <= cuts[0], "X", np.where(variation <= cuts[1], "Y", "Z"))
    return np.where(mean > 0, classes, "Z")[()]
