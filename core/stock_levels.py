"""How much stock a product needs: safety stock, order-up-to level, reorder point, whole packs."""

from statistics import NormalDist
from typing import Literal

import numpy as np
import pandas as pd

from core.arguments import Numbers, Result, argument
from core.errors import InvalidInput
from core.tables import FloatArray

Rounding = Literal["up", "nearest", "down"]
PACK_SLACK = 1e-9  # relative: so much of a pack is the noise of floating-point numbers, not a need


def safety_stock(
    demand_sd: Numbers,
    protection: Numbers,
    service_level: Numbers,
    *,
    demand_mean: Numbers = 0,
    protection_sd: Numbers = 0,
) -> Result:
    """Stock held against demand and delivery that turn out worse than expected.

    Formula:
        z √(protection demand_sd² + demand_mean² protection_sd²), z the normal quantile of the service level

    Args:
        demand_sd: Standard deviation of the demand of one day, in base units, at least 0.
        protection: Days that the stock must last until the next delivery, at least 0.
        service_level: Probability of no stock-out until then (cycle service), between 0 and 1. It is no fill
            rate: 0.95 usually serves less than 95 % of the units asked for when demand is not normal.
        demand_mean: Demand per day in base units; needed only with `protection_sd`.
        protection_sd: Standard deviation of those days, at least 0.

    Returns:
        Base units, in the shape of the arguments; negative below a service level of 0.5, NaN where one is
        missing.

    Raises:
        InvalidInput: not numbers, infinite, negative, or a service level not strictly between 0 and 1.

    Source:
        Stevenson, Operations Management, chapter on inventory; Silver, Pyke and Thomas (2017), Inventory and
        Production Management in Supply Chains, chapter on individual items with probabilistic demand.

    Example:
        >>> round(float(safety_stock(20, 9, 0.9772498680518208)), 6)
        120.0
    """
    sd, days = argument("demand_sd", demand_sd, minimum=0), argument("protection", protection, minimum=0)
    mean = argument("demand_mean", demand_mean)
    days_sd = argument("protection_sd", protection_sd, minimum=0)
    z = normal_quantile(argument("service_level", service_level))
    result: Result = z * np.sqrt(days * sd**2 + (mean * days_sd) ** 2)
    return result


def order_up_to_level(
    demand_mean: Numbers,
    demand_sd: Numbers,
    *,
    lead_time: Numbers,
    review_period: Numbers,
    service_level: Numbers,
    lead_time_sd: Numbers = 0,
) -> Result:
    """The stock, on hand and on order, to fill up to at each visit (periodic review, order-up-to).

    Formula:
        demand_mean (lead_time + review_period) + safety stock over lead_time + review_period

    Args:
        demand_mean: Demand per day in base units.
        demand_sd: Its standard deviation, at least 0.
        lead_time: Days from order to delivery, at least 0.
        review_period: Days to the next visit, at least 0.
        service_level: Probability of no stock-out until the next delivery, between 0 and 1.
        lead_time_sd: Standard deviation of the lead time in days, at least 0.

    Returns:
        Base units, in the shape of the arguments; NaN where one is missing.

    Raises:
        InvalidInput: not numbers, infinite, negative, or a service level not strictly between 0 and 1.

    Source:
        Silver, Pyke and Thomas (2017), the (R, S) system; Cachon and Terwiesch, Matching Supply with Demand,
        chapter on the order-up-to model.

    Example:
        >>> level = order_up_to_level(10, 3, lead_time=2, review_period=7, service_level=0.95)
        >>> round(float(level), 3)
        104.804
    """
    days = argument("lead_time", lead_time, minimum=0) + argument("review_period", review_period, minimum=0)
    mean = argument("demand_mean", demand_mean)
    spread = argument("lead_time_sd", lead_time_sd, minimum=0)
    safety = safety_stock(demand_sd, days, service_level, demand_mean=mean, protection_sd=spread)
    result: Result = mean * days + safety
    return result


def reorder_point(
    demand_mean: Numbers,
    demand_sd: Numbers,
    *,
    lead_time: Numbers,
    service_level: Numbers,
    lead_time_sd: Numbers = 0,
) -> Result:
    """The stock, on hand and on order, at which to order when it is watched all the time.

    Formula:
        demand_mean lead_time + safety stock over the lead time

    Args:
        demand_mean: Demand per day in base units.
        demand_sd: Its standard deviation, at least 0.
        lead_time: Days from order to delivery, at least 0.
        service_level: Probability of no stock-out until the delivery, between 0 and 1.
        lead_time_sd: Standard deviation of the lead time in days, at least 0.

    Returns:
        Base units, in the shape of the arguments; NaN where one is missing.

    Raises:
        InvalidInput: not numbers, infinite, negative, or a service level not strictly between 0 and 1.

    Source:
        Stevenson, Operations Management, chapter on inventory, models with variable demand and lead time.

    Example:
        >>> round(float(reorder_point(20, 3, lead_time=5, service_level=0.9)), 2)
        108.6
    """
    return order_up_to_level(
        demand_mean,
        demand_sd,
        lead_time=lead_time,
        review_period=0,
        service_level=service_level,
        lead_time_sd=lead_time_sd,
    )


def round_to_pack(quantity: Numbers, pack: Numbers, *, minimum: Numbers = 0, how: Rounding = "up") -> Result:
    """A quantity as whole packs, at least the minimum.

    Formula:
        pack ⌈quantity / pack⌉ (up), ⌊quantity / pack + 1/2⌋ (nearest) or ⌊quantity / pack⌋ (down), each with
        a relative slack of 1e-9, so that 6.000000001 packs are 6; of a positive quantity at least
        pack ⌈minimum / pack⌉

    Args:
        quantity: Base units; 0 and negative give 0.
        pack: Base units of one pack, above 0.
        minimum: Smallest quantity that may be ordered, in base units, at least 0.
        how: `up`, `nearest` (half a pack goes up) or `down`.

    Returns:
        Base units, in the shape of the arguments; NaN where quantity or minimum is missing.

    Raises:
        InvalidInput: not numbers, infinite, a pack that is not above 0 or is missing, a negative minimum, or
            another `how`.

    Source:
        The field's rule: what is ordered is delivered in whole packs.

    Example:
        >>> round_to_pack([13, 12.000000001, -4], 6).tolist()
        [18.0, 12.0, 0.0]
        >>> float(round_to_pack(13, 6, minimum=20, how="down"))
        24.0
    """
    if how not in ("up", "nearest", "down"):
        raise InvalidInput("how", "up, nearest or down", value=how)
    wanted, least = argument("quantity", quantity), argument("minimum", minimum, minimum=0)
    size = argument("pack", pack)
    if not (size > 0).all():
        wrong = ~np.atleast_1d(size > 0)
        place = int(np.argmax(wrong.ravel()))
        row = (pack.index[place] if isinstance(pack, pd.Series) else place) if size.ndim else None
        raise InvalidInput("pack", "a number above 0", row=row, value=np.atleast_1d(size).ravel()[place])
    rounded = {"up": packs_up, "nearest": packs_nearest, "down": packs_down}[how](wanted / size)
    packs = np.maximum(rounded, packs_up(least / size))
    result: Result = np.where(wanted > 0, packs * size, np.where(np.isnan(wanted + least), np.nan, 0.0))[()]
    return result


def packs_up(packs: FloatArray) -> FloatArray:
    """The next whole number of packs, noise aside."""
    return np.ceil(packs * (1 - PACK_SLACK))


def packs_nearest(packs: FloatArray) -> FloatArray:
    """The nearest whole number of packs, half upwards, noise aside."""
    return np.floor(packs * (1 + PACK_SLACK) + 0.5)


def packs_down(packs: FloatArray) -> FloatArray:
    """The whole packs contained, noise aside."""
    return np.floor(packs * (1 + PACK_SLACK))


def normal_quantile(service_level: FloatArray) -> FloatArray:
    """The normal quantile z of each service level, computed once for each different level.

    Raises:
        InvalidInput: a service level not strictly between 0 and 1.

    Example:
        >>> normal_quantile(np.array([0.5, 0.9772498680518208])).round(6).tolist()
        [0.0, 2.0]
    """
    levels = np.asarray(service_level)
    codes, different = pd.factorize(levels.ravel())
    if len(different) and not (different.min() > 0 and different.max() < 1):
        wrong = ((levels <= 0) | (levels >= 1)).ravel()
        place = int(np.argmax(wrong))
        row = place if levels.ndim else None
        raise InvalidInput(
            "service_level", "a number above 0 and below 1", row=row, value=levels.ravel()[place]
        )
    quantile = NormalDist().inv_cdf
    z = np.array([*(quantile(level) for level in different.tolist()), np.nan])
    result: FloatArray = z[codes].reshape(levels.shape)
    return result
