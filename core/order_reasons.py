"""Why a line is ordered as it is, or why there is no suggestion for it."""

from itertools import chain
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.order_lines import NEEDS, Lines
from core.tables import FloatArray

BoolArray = NDArray[np.bool_]

# From the last to be asked to the first: of the reasons that hold, the one with the highest place is given.
REASONS: Final = (
    "below_level",
    "runs_out",
    "promotion",
    "new",
    "enough",
    "excess",
    "no_sales",
    "unknown",
    "discontinued",
)
_ALWAYS: Final = ("on_hand", "on_order", "pack", "minimum")
_NEEDED: Final = ("on_hand", "on_order", *dict.fromkeys(chain(*NEEDS.values())), "pack", "minimum")


def reason_codes(
    lines: Lines,
    usable: FloatArray,
    wanted: BoolArray,
    discontinued: BoolArray | None,
    unknown: BoolArray,
    excess: BoolArray | None,
    promoted: BoolArray | None,
    by_stock: BoolArray | None,
) -> NDArray[np.int8]:
    """The code of the first reason that holds; `by_stock` marks lines whose target does not stand on the mean.

    Such a line may be ordered although nothing sells, and then it is the level that says why.
    """
    mean = lines["demand_mean"]
    unsold = mean <= 0
    if by_stock is not None:
        unsold &= ~(wanted & by_stock)
    short = usable < mean * (lines["lead_time"] + lines["review_period"])
    cases = {
        "runs_out": short,
        "promotion": promoted,
        "new": np.isnan(mean),
        "enough": ~wanted,
        "excess": excess,
        "no_sales": unsold,
        "unknown": unknown,
        "discontinued": discontinued,
    }
    code = np.zeros(len(usable), dtype=np.int8)
    for name, holds in cases.items():
        if holds is not None:
            np.maximum(code, holds.view(np.int8) * np.int8(REASONS.index(name)), out=code)
    return code


def missing_column(
    lines: Lines, unknown: BoolArray, policies: list[str], place: NDArray[np.intp] | None
) -> "pd.Categorical[str]":
    """The first needed column without a value, of the lines that have no quantity for that."""
    code = np.full(len(unknown), -1, dtype=np.int8)
    rows = np.flatnonzero(unknown)
    for number, column in reversed(list(enumerate(_NEEDED))):
        users = [i for i, name in enumerate(policies) if column in NEEDS[name]]
        always = column in _ALWAYS
        if len(rows) and (always or users):
            affected = np.isnan(lines[column][rows])
            if not always and place is not None:
                affected &= np.isin(place[rows], users)
            code[rows[affected]] = number
    missing: pd.Categorical[str] = pd.Categorical.from_codes(code, categories=pd.Index(_NEEDED))
    return missing
