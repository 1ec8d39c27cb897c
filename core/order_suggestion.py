"""How many to order of each product, each step on the way visible, and why."""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.arguments import divide
from core.order_budget import fit_to_budget
from core.order_caps import CAPS, need_of, within_caps
from core.order_lines import Lines, read_discontinued, read_lines, read_policies
from core.order_reasons import REASONS, missing_column, reason_codes
from core.order_targets import TARGETS
from core.rows import with_columns
from core.stock_levels import (
    normal_quantile,
    order_up_to_level,
    packs_up,
    reorder_point,
    round_to_pack,
    safety_stock,
)
from core.tables import FloatArray

__all__ = [
    "fit_to_budget",
    "order_up_to_level",
    "reorder_point",
    "round_to_pack",
    "safety_stock",
    "suggest_order",
]

BoolArray = NDArray[np.bool_]

STEPS: Final = ("target", "usable", "need", "after_minimum", "after_pack", "after_cap", "quantity")
STATUSES: Final = ("unknown", "negative", "normal")
_BY_STOCK: Final = ("min_max", "one_and_half")
_BLOCK: Final = 16384  # rows of which all the steps stay in the processor's cache


def suggest_order(table: pd.DataFrame, *, policy: str | ArrayLike = "service_level") -> pd.DataFrame:
    """The quantity to order of each product in whole packs, with every step that led to it and the reason.

    Formula:
        target by policy (see below); usable = on_hand − unusable + on_order; need = max(target − usable, 0);
        after_minimum = max(need, minimum) where there is a need; after_pack = that in whole packs, up;
        after_cap = the most whole packs that keep usable + order within max_level and within max_days of the
        mean, but enough to reach min_level, and never beyond shelf_life days of the mean; a capped quantity
        below the minimum is 0; quantity = after_cap, 0 if discontinued.
        `service_level`: target = order-up-to level over lead_time + review_period, promotion on the mean.
        `cover_days`: demand_mean (1 + promo_uplift) cover_days. `min_max`: max_level if usable < min_level,
        else usable. `one_and_half`: 1.5 (previous_on_hand + receipts − on_hand).

    Args:
        table: A row per product (and distributor), with `product_id`, `on_hand`, `on_order` (base units),
            `demand_mean`, `demand_sd` (base units per day), `lead_time`, `review_period` (days),
            `service_level`, `pack`, `minimum` (base units), `unit_price`. Optional: `lead_time_sd` (days),
            `promo_uplift` (0.2 = +20 %), `unusable` (base units), `shelf_life`, `max_days`, `cover_days`
            (days), `min_level`, `max_level`, `previous_on_hand`, `receipts` (base units), `discontinued`; a
            missing value there means that the line goes without it. With a `distributor_id` each product
            stands once per distributor.
        policy: `service_level`, `cover_days`, `min_max` or `one_and_half`; or one of them for each row.

    Returns:
        The table with `target, usable, need, after_minimum, after_pack, after_cap, quantity` (base units),
        `amount` (quantity × unit_price), `days_after` (cover in days of the mean with the order; 0/0 is NaN),
        `reason` (the first that holds: `discontinued`, `unknown`, `no_sales`, `excess`: above a cap,
        `enough`, `new`: no mean, ordered by levels, `promotion`: no need without it, `runs_out`: usable below
        the mean over lead_time + review_period, `below_level`), `capped_by` (empty, `max_level`, `max_days`,
        `shelf_life`), `status` (`unknown`, `negative`: stock or mean below 0, `normal`) and `missing`: the
        first needed column without a value, where the quantity is NaN for that.

    Raises:
        InvalidInput: a missing column, no numbers, an infinite value, a negative price, time or level, a pack
            not above 0, a service level not strictly between 0 and 1, an unknown policy.

    Source:
        Silver, Pyke and Thomas (2017), the (R, S) system; the caps and the 1.5-times rule are the trade's.

    Example:
        >>> line = pd.DataFrame({
        ...     "product_id": ["tea"], "on_hand": [20.0], "on_order": [12.0], "demand_mean": [10.0],
        ...     "demand_sd": [3.0], "lead_time": [2.0], "review_period": [7.0], "service_level": [0.95],
        ...     "pack": [12.0], "minimum": [24.0], "unit_price": [2.5]})
        >>> suggest_order(line)[["target", "usable", "need", "quantity", "amount", "reason"]].round(2)
           target  usable  need  quantity  amount    reason
        0   104.8    32.0  72.8      84.0   210.0  runs_out
    """
    lines, discontinued = read_lines(table), read_discontinued(table)
    policies, place = read_policies(table, policy)
    if "service_level" in policies:
        lines["z"] = normal_quantile(lines["service_level"])
    rows = len(table)
    numbers = {step: np.empty(rows) for step in (*STEPS, "amount", "days_after")}
    texts = {name: np.empty(rows, dtype=np.int8) for name in ("reason", "capped_by", "status")}
    for start in range(0, rows, _BLOCK):
        block = slice(start, start + _BLOCK)
        part = {column: values[block] for column, values in lines.items()}
        gone = None if discontinued is None else discontinued[block]
        found = _lines_of_block(part, gone, policies, None if place is None else place[block])
        for name, values in found.items():
            (numbers if name in numbers else texts)[name][block] = values
    columns: dict[str, Any] = dict(numbers)
    for name, categories in (("reason", REASONS), ("capped_by", CAPS), ("status", STATUSES)):
        columns[name] = pd.Categorical.from_codes(texts[name], categories=pd.Index(categories))
    unknown = texts["status"] == STATUSES.index("unknown")
    columns["missing"] = missing_column(lines, unknown, policies, place)
    # A Series is taken over as it is, an array would be copied.
    return with_columns(
        table, {name: pd.Series(c, index=table.index, copy=False) for name, c in columns.items()}
    )


def _lines_of_block(
    lines: Lines, discontinued: BoolArray | None, policies: list[str], place: NDArray[np.intp] | None
) -> dict[str, Any]:
    """The waterfall of a block of lines, with amount, cover, and the codes of the texts."""
    usable = lines["on_hand"] + lines["on_order"]
    if "unusable" in lines:
        usable -= lines["unusable"]
    uplift = lines.get("promo_uplift", 0.0)
    target = _target(lines, usable, uplift, policies, place)
    need = need_of(target, usable)
    wanted = need > 0
    after_minimum = np.maximum(need, lines["minimum"] * wanted)
    after_pack = packs_up(after_minimum / lines["pack"]) * lines["pack"]
    after_cap, capped_by, excess = within_caps(lines, usable, after_pack)
    quantity = after_cap if discontinued is None else np.where(discontinued, 0.0, after_cap)
    promoted = None
    if "promo_uplift" in lines:
        promoted = wanted & (need_of(_target(lines, usable, 0.0, policies, place), usable) == 0)
    unknown = np.isnan(quantity)
    negative = (lines["on_hand"] < 0) | (lines["demand_mean"] < 0)
    status = (STATUSES.index("normal") - negative.view(np.int8)) * ~unknown
    return {
        "target": target,
        "usable": usable,
        "need": need,
        "after_minimum": after_minimum,
        "after_pack": after_pack,
        "after_cap": after_cap,
        "quantity": quantity,
        "amount": quantity * lines["unit_price"],
        "days_after": divide(usable + quantity, lines["demand_mean"]),
        "reason": reason_codes(
            lines, usable, wanted, discontinued, unknown, excess, promoted, _by_stock(policies, place, wanted)
        ),
        "capped_by": capped_by,
        "status": status,
    }


def _target(
    lines: Lines,
    usable: FloatArray,
    uplift: FloatArray | float,
    policies: list[str],
    place: NDArray[np.intp] | None,
) -> FloatArray:
    """The target of each line by its policy."""
    targets = [TARGETS[name](lines, usable, uplift) for name in policies]
    return targets[0] if place is None else np.choose(place, targets)


def _by_stock(policies: list[str], place: NDArray[np.intp] | None, wanted: BoolArray) -> BoolArray | None:
    """Which lines aim at a level that does not stand on the mean demand; `None` when no line does."""
    using = [number for number, name in enumerate(policies) if name in _BY_STOCK]
    if not using:
        return None
    return np.ones_like(wanted) if place is None else np.isin(place, using)
