"""An order that costs more than the credit left, split into what goes now and what is held back."""

import math
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import InvalidInput
from core.rows import with_columns
from core.tables import FloatArray, IntArray, numbers

MOST_STATES: Final = 10_000
_SLACK: Final = (
    1e-12  # relative: sums of money in floats differ by so little from one order of adding to another
)
_NEEDED: Final = (
    "quantity",
    "pack",
    "minimum",
    "unit_price",
    "usable",
    "target",
    "demand_mean",
    "demand_sd",
    "lead_time",
    "review_period",
)


class _Steps(NamedTuple):
    """The packs to choose from: one row a step, those of a line together and in the order they are taken."""

    line: IntArray
    quantity: FloatArray
    cost: FloatArray
    gain: FloatArray


def fit_to_budget(suggestion: pd.DataFrame, budget: float | None) -> pd.DataFrame:
    """Keeps the packs that avoid the most stock-out risk per money, and shows what has to wait.

    Formula:
        risk of a line with stock S = expected demand short of S until the next delivery / expected demand, for
        normal demand, promotion included, over lead_time + review_period:
        (σ φ(k) − (S − μ) (1 − Φ(k))) / μ with k = (S − μ) / σ; without a mean: the share of the target not
        reached. The kept packs avoid the largest sum of risk that the budget allows; the first step of a line
        is its minimum. Exact while at most 10,000 combinations stay undominated, as for some dozens of lines;
        beyond that pack by pack by risk avoided per money.

    Args:
        suggestion: The result of `suggest_order` for one distributor.
        budget: Credit left in the currency of `unit_price`; negative leaves nothing; `None` or NaN: unknown.

    Returns:
        The table with `after_credit` (kept now, whole packs, 0 or at least the minimum) and `held_back`, which
        add up to `quantity`, and `held_back_amount`. A line without a price is held back whole, because its
        cost cannot be weighed. With an unknown budget all three are NaN: nothing was split.

    Raises:
        InvalidInput: a missing column, no numbers, a negative price, or a budget that is infinite or no number.

    Source:
        Silver, Pyke and Thomas (2017), on allocating a budget among safety stocks by marginal return.

    Example:
        >>> order = pd.DataFrame({
        ...     "quantity": [20.0, 20.0], "pack": [10.0, 10.0], "minimum": [0.0, 0.0],
        ...     "unit_price": [1.0, 1.0], "usable": [0.0, 60.0], "target": [60.0, 80.0],
        ...     "demand_mean": [10.0, 10.0], "demand_sd": [3.0, 3.0], "lead_time": [1.0, 1.0],
        ...     "review_period": [6.0, 6.0]})
        >>> fit_to_budget(order, 30)[["quantity", "after_credit", "held_back"]]
           quantity  after_credit  held_back
        0      20.0          20.0       0.0
        1      20.0          10.0       10.0
    """
    lines = {column: numbers(suggestion, column) for column in _NEEDED}
    if "promo_uplift" in suggestion.columns:
        lines["demand_mean"] = lines["demand_mean"] * (1 + np.nan_to_num(numbers(suggestion, "promo_uplift")))
    if (lines["unit_price"] < 0).any():
        numbers(suggestion, "unit_price", minimum=0)
    money = _budget(budget)
    quantity, price = lines["quantity"], lines["unit_price"]
    if math.isnan(money):
        kept = np.full(len(quantity), np.nan)
    else:
        kept = np.where((price > 0) | np.isnan(price), 0.0, quantity)
        kept = np.where(np.isnan(quantity), np.nan, kept)
        steps = _steps(lines)
        for chosen in _choose(steps, money):
            kept[steps.line[chosen]] += steps.quantity[chosen]
    held = quantity - kept
    amount = np.where(held == 0, 0.0, held * price)
    return with_columns(suggestion, {"after_credit": kept, "held_back": held, "held_back_amount": amount})


def _budget(budget: float | None) -> float:
    if budget is None:
        return math.nan
    if isinstance(budget, bool) or not isinstance(budget, (int, float, np.number)) or math.isinf(budget):
        raise InvalidInput("budget", "an amount of money, or none when it is unknown", value=budget)
    return float(budget)


def _steps(lines: dict[str, FloatArray]) -> _Steps:
    """The packs of every line that costs something: first the minimum, then pack by pack."""
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero((lines["quantity"] > 0) & (lines["unit_price"] > 0) & (lines["pack"] > 0))
    quantity, pack, least = (lines[name][rows] for name in ("quantity", "pack", "minimum"))
    packs = np.ceil(quantity / pack * (1 - 1e-9)).astype(np.int64)
    first = np.clip(np.ceil(np.nan_to_num(least) / pack * (1 - 1e-9)), 1, packs).astype(np.int64)
    count = packs - first + 1
    line = np.repeat(np.arange(len(rows)), count)
    number = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    after = np.minimum((first[line] + number) * pack[line], quantity[line])
    before = np.where(number == 0, 0.0, np.minimum((first[line] + number - 1) * pack[line], quantity[line]))
    part = {name: values[rows][line] for name, values in lines.items()}
    gain = _risk(part, part["usable"] + before) - _risk(part, part["usable"] + after)
    return _Steps(rows[line], after - before, (after - before) * part["unit_price"], gain)


def _risk(lines: dict[str, FloatArray], stock: FloatArray) -> FloatArray:
    """The share of the demand until the next delivery that the stock is expected not to serve."""
    days = lines["lead_time"] + lines["review_period"]
    mean, sd = lines["demand_mean"] * days, lines["demand_sd"] * np.sqrt(days)
    with np.errstate(divide="ignore", invalid="ignore"):
        k = (stock - mean) / sd
        tail = np.asarray([0.5 * math.erfc(x / math.sqrt(2)) for x in k.tolist()])
        short = sd * np.exp(-0.5 * k * k) / math.sqrt(2 * math.pi) - (stock - mean) * tail
        short = np.where(sd > 0, np.maximum(short, 0.0), np.maximum(mean - stock, 0.0))
        by_demand = short / mean
        by_target = np.maximum(lines["target"] - stock, 0.0) / lines["target"]
    known = (mean > 0) & ~np.isnan(by_demand)
    return np.where(known, by_demand, np.nan_to_num(by_target, posinf=0.0, neginf=0.0))


def _choose(steps: _Steps, budget: float) -> list[int]:
    """The steps to keep: the best combination or the greedy one, then whatever still fits."""
    limit = budget + _SLACK * abs(budget)
    if not len(steps.cost) or limit < 0:
        return []
    if steps.cost.sum() <= limit:
        return list(range(len(steps.cost)))
    exact = _best_combination(steps, limit)
    return _fill(steps, limit, [] if exact is None else exact)


def _fill(steps: _Steps, limit: float, chosen: list[int]) -> list[int]:
    """Adds steps by risk avoided per money, each only after the step before it of its line."""
    first = np.r_[True, steps.line[1:] != steps.line[:-1]]
    kept = np.zeros(len(steps.line), dtype=bool)
    kept[chosen] = True
    spent = float(steps.cost[kept].sum())
    for step in _by_return(steps, first):
        if not kept[step] and (first[step] or kept[step - 1]) and spent + steps.cost[step] <= limit:
            kept[step] = True
            spent += float(steps.cost[step])
    return np.flatnonzero(kept).tolist()


def _by_return(steps: _Steps, first: NDArray[np.bool_]) -> list[int]:
    """The steps by falling return; within a line no later step comes before an earlier one."""
    rate = steps.gain / steps.cost
    # The minimum of a line may return less than the pack after it: together they go by the lower one.
    for step in np.flatnonzero(~first):
        rate[step] = min(rate[step], rate[step - 1])
    order: list[int] = np.lexsort((np.arange(len(rate)), -rate)).tolist()
    return order


def _best_combination(steps: _Steps, limit: float) -> list[int] | None:
    """The steps of the largest gain within the limit, or `None` when there are too many combinations.

    Line by line it keeps the combinations that no other beats in both cost and gain.
    """
    cost, gain = np.zeros(1), np.zeros(1)
    trail: list[tuple[IntArray, IntArray]] = []
    starts: list[int] = np.flatnonzero(np.r_[True, steps.line[1:] != steps.line[:-1]]).tolist()
    for start, end in zip(starts, [*starts[1:], len(steps.line)], strict=True):
        line_cost = np.r_[0.0, np.cumsum(steps.cost[start:end])]
        line_gain = np.r_[0.0, np.cumsum(steps.gain[start:end])]
        if len(cost) * len(line_cost) > 50 * MOST_STATES:
            return None
        parent, taken = (m.ravel() for m in np.indices((len(cost), len(line_cost))))
        new_cost, new_gain = cost[parent] + line_cost[taken], gain[parent] + line_gain[taken]
        within = np.flatnonzero(new_cost <= limit)
        order = within[np.lexsort((-new_gain[within], new_cost[within]))]
        best = np.maximum.accumulate(np.r_[-np.inf, new_gain[order]])
        order = order[new_gain[order] > best[:-1]]
        if len(order) > MOST_STATES:
            return None
        cost, gain = new_cost[order], new_gain[order]
        trail.append((parent[order], taken[order]))
    state, chosen = len(cost) - 1, list[int]()
    for (parent, taken), start in zip(reversed(trail), starts[::-1], strict=True):
        chosen += range(start, start + int(taken[state]))
        state = int(parent[state])
    return chosen
