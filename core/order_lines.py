"""How an order suggestion reads its table: each column checked once, missing values kept as NaN."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.errors import InvalidInput
from core.rows import truths
from core.tables import FloatArray, numbers, require_columns, require_unique

Lines = dict[str, FloatArray]

ANY: Final = -np.inf
SMALLEST: Final[dict[str, float]] = {
    "on_hand": ANY,
    "on_order": ANY,
    "demand_mean": ANY,
    "demand_sd": 0,
    "lead_time": 0,
    "review_period": 0,
    "service_level": 0,
    "pack": 0,
    "minimum": 0,
    "unit_price": 0,
}
SMALLEST_OPTIONAL: Final[dict[str, float]] = {
    "lead_time_sd": 0,
    "promo_uplift": -1,
    "unusable": 0,
    "shelf_life": 0,
    "max_days": 0,
    "min_level": 0,
    "max_level": 0,
    "cover_days": 0,
    "previous_on_hand": ANY,
    "receipts": ANY,
}
NOTHING_WHEN_MISSING: Final = {"lead_time_sd", "promo_uplift", "unusable"}
# What each policy needs beside the stock, the pack and the minimum, in the order a person would ask for it.
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "service_level": ("demand_mean", "demand_sd", "lead_time", "review_period", "service_level"),
    "cover_days": ("demand_mean", "cover_days"),
    "min_max": ("min_level", "max_level"),
    "one_and_half": ("previous_on_hand", "receipts"),
}


def read_lines(table: pd.DataFrame) -> Lines:
    """The numeric columns of the table as float64; optional ones that it lacks are absent.

    Raises:
        InvalidInput: a missing column, no numbers, an infinite value, one below what the column allows, or a
            product twice for one distributor where a `distributor_id` tells them apart.
    """
    require_columns(table, ["product_id", *SMALLEST])
    if "distributor_id" in table.columns:
        require_unique(table, ["distributor_id", "product_id"])
    lines = {column: _numbers(table, column, smallest) for column, smallest in SMALLEST.items()}
    for column, smallest in SMALLEST_OPTIONAL.items():
        if column in table.columns:
            lines[column] = _numbers(table, column, smallest)
    for column in NOTHING_WHEN_MISSING & lines.keys():
        if np.isnan(lines[column]).any():
            lines[column] = np.nan_to_num(lines[column])
    _refuse_outside(table, lines, "service_level", 1.0, "a number above 0 and below 1")
    _refuse_outside(table, lines, "pack", np.inf, "a number above 0")
    return lines


def read_discontinued(table: pd.DataFrame) -> NDArray[np.bool_] | None:
    """Which products are discontinued; missing is not. `None` without the column."""
    return truths(table, "discontinued")[0] if "discontinued" in table.columns else None


def read_policies(table: pd.DataFrame, policy: str | ArrayLike) -> tuple[list[str], NDArray[np.intp] | None]:
    """The policies in use, and for each row its place among them (`None` when there is one for all).

    Raises:
        InvalidInput: an unknown policy, another number of policies than rows, or a column that a policy in use
            needs and the table lacks.
    """
    expected = ", ".join(list(NEEDS)[:-1]) + " or " + list(NEEDS)[-1]
    place = None
    if isinstance(policy, str):
        used = [policy]
        if policy not in NEEDS:
            raise InvalidInput("policy", expected, value=policy)
    else:
        given = np.asarray(policy, dtype=object)
        if given.shape != (len(table),):
            raise InvalidInput("policy", "one text, or one for each row of the table", value=given.shape)
        codes, names = pd.factorize(given)
        used = [str(name) for name in names]
        wrong = ~np.isin(given, list(NEEDS))
        if wrong.any():
            row = int(np.argmax(wrong))
            raise InvalidInput("policy", expected, row=table.index[row], value=given[row])
        place = codes if len(used) > 1 else None
    require_columns(table, [column for name in used for column in NEEDS[name]])
    return used, place


def _numbers(table: pd.DataFrame, column: str, smallest: float) -> FloatArray:
    """The column as float64; the common case, plain numbers within bounds, takes one look at its extremes."""
    values = table[column]
    if values.dtype in (np.float64, np.int64) and len(values):
        plain: FloatArray = values.to_numpy().astype(np.float64, copy=False)
        least = np.fmin.reduce(plain)
        if least >= smallest and least > ANY and np.fmax.reduce(plain) < np.inf:
            return plain
    return numbers(table, column, minimum=None if smallest == ANY else smallest)


def _refuse_outside(table: pd.DataFrame, lines: Lines, column: str, most: float, expected: str) -> None:
    """Raises `InvalidInput` at the first value that is not strictly between 0 and `most`."""
    values = lines[column]
    if len(values) and not (np.fmin.reduce(values) > 0 and np.fmax.reduce(values) < most):
        wrong = (values <= 0) | (values >= most)
        if wrong.any():
            place = int(np.argmax(wrong))
            raise InvalidInput(column, expected, row=table.index[place], value=values[place])
