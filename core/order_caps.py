"""What may not be ordered although it is needed: stock levels, days of cover and shelf life."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.order_lines import Lines
from core.stock_levels import PACK_SLACK, packs_down, packs_up
from core.tables import FloatArray

BoolArray = NDArray[np.bool_]

CAPS: Final = ("", "max_level", "max_days", "shelf_life")


def need_of(target: FloatArray, usable: FloatArray) -> FloatArray:
    """What is short of the target; a difference that is the noise of floats is no need."""
    need = np.maximum(target - usable, 0.0)
    need *= need > PACK_SLACK * np.abs(usable)
    return need


def within_caps(
    lines: Lines, usable: FloatArray, after_pack: FloatArray
) -> tuple[FloatArray, NDArray[np.int8] | int, BoolArray | None]:
    """The quantity within the caps, the code of the cap that cut it, and where the stock exceeds one already.

    A cap gives way where the stock would stay below `min_level`; shelf life never does. What is left below the
    minimum cannot be ordered and is 0.
    """
    if not lines.keys() & {"max_level", "max_days", "shelf_life"}:
        return after_pack, 0, None
    pack, mean, minimum = lines["pack"], lines["demand_mean"], lines["minimum"]
    nowhere = np.full(len(usable), np.inf)
    # A missing bound is none: fmin takes the number where there is one.
    by_level = np.fmin(lines["max_level"], np.inf) if "max_level" in lines else nowhere
    by_days = np.fmin(mean * lines["max_days"], np.inf) if "max_days" in lines else nowhere
    by_age = np.fmin(mean * lines["shelf_life"], np.inf) if "shelf_life" in lines else nowhere
    cap = np.minimum(by_level, by_days)
    within = np.minimum(after_pack, _room(cap, usable, pack))
    kept, cut = within, within < after_pack
    if "min_level" in lines:
        short = need_of(np.fmax(lines["min_level"], 0.0), usable)
        kept = np.maximum(within, np.minimum(packs_up(short / pack) * pack, after_pack))
        cut &= kept == within
    quantity = np.minimum(kept, _room(by_age, usable, pack))
    aged = quantity < kept
    refused = (quantity < after_pack) & (quantity < minimum * (1 - PACK_SLACK))
    quantity *= ~refused
    code = np.int8(CAPS.index("max_days")) - (by_level <= by_days).view(np.int8)
    code *= cut | (refused & ~aged)
    np.maximum(code, aged.view(np.int8) * np.int8(CAPS.index("shelf_life")), out=code)
    return quantity, code, usable > np.minimum(cap, by_age) * (1 + PACK_SLACK)


def _room(bound: FloatArray, usable: FloatArray, pack: FloatArray) -> FloatArray:
    """The most whole packs, in base units, that keep the stock within the bound."""
    return np.maximum(packs_down((bound - usable) / pack), 0.0) * pack
