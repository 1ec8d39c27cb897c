"""The stock that each ordering policy aims at, line by line."""

from collections.abc import Callable

import numpy as np

from core.order_lines import Lines
from core.tables import FloatArray


def service_level(lines: Lines, usable: FloatArray, uplift: FloatArray | float) -> FloatArray:
    """Periodic review, order-up-to: mean (1 + uplift) over lead time + review period, and safety stock."""
    days = lines["lead_time"] + lines["review_period"]
    mean = lines["demand_mean"] * (1 + uplift)
    variance = days * lines["demand_sd"] ** 2
    if "lead_time_sd" in lines:
        variance += (mean * lines["lead_time_sd"]) ** 2
    return by_levels_when_new(lines, usable, mean * days + lines["z"] * np.sqrt(variance))


def cover_days(lines: Lines, usable: FloatArray, uplift: FloatArray | float) -> FloatArray:
    """So many days of the mean (1 + uplift), without safety stock or lead time."""
    target = lines["demand_mean"] * (1 + uplift) * lines["cover_days"]
    return by_levels_when_new(lines, usable, target)


def min_max(lines: Lines, usable: FloatArray, uplift: FloatArray | float) -> FloatArray:
    """Up to the maximum once the stock is below the minimum; otherwise what there is. No uplift."""
    least, most = lines["min_level"], lines["max_level"]
    target = np.where(usable < least, most, usable)
    return np.where(np.isnan(least + most), np.nan, target)


def one_and_half(lines: Lines, usable: FloatArray, uplift: FloatArray | float) -> FloatArray:
    """The trade's rule: one and a half times what sold since the last visit. No uplift."""
    return 1.5 * (lines["previous_on_hand"] + lines["receipts"] - lines["on_hand"])


def by_levels_when_new(lines: Lines, usable: FloatArray, target: FloatArray) -> FloatArray:
    """The target, and for a product without a mean, up to the levels that a person set for it."""
    new = np.isnan(lines["demand_mean"])
    if not new.any() or not ("min_level" in lines or "max_level" in lines):
        return target
    nothing = np.full(len(target), np.nan)
    least, most = lines.get("min_level", nothing), lines.get("max_level", nothing)
    # One level alone stands for both: the product is brought up to it.
    levels = {"min_level": np.fmin(least, most), "max_level": np.fmax(least, most)}
    return np.where(new, min_max(levels, usable, 0.0), target)


TARGETS: dict[str, Callable[[Lines, FloatArray, FloatArray | float], FloatArray]] = {
    "service_level": service_level,
    "cover_days": cover_days,
    "min_max": min_max,
    "one_and_half": one_and_half,
}
