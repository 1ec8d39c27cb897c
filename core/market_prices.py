"""A distributor's price against the other distributors of the same market, product by product."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.rows import group_starts, id_codes, named, order_within, refuse_doubles, with_columns
from core.tables import FloatArray, IntArray, numbers

STATUSES = ("unknown", "too_few", "low", "high", "normal")
NORMAL_QUARTILE = 0.6745
NORMAL_MEAN_DEVIATION = 1.253314
ADDED = ("peers", "median", "low", "high", "deviation", "percent_rank", "robust_z")


def compare_distributors(
    prices: pd.DataFrame, *, min_peers: int = 3, z_limit: float = 3.5, min_deviation: float = 0.03
) -> pd.DataFrame:
    """Shows, product by product, whose price stands apart from the market's.

    Formula:
        deviation = price / median - 1
        percent_rank = prices strictly below / (n - 1)
        robust_z = 0.6745 (price - median) / MAD, MAD = median of abs(price - median)
        when MAD is 0: robust_z = (price - median) / (1.253314 x mean of abs(price - median)); both 0: 0

        MAD is 0 whenever more than half pay the list price. Deviants who share one price then pull each
        other's z down, so there the z only ranks and the deviation alone decides.

    Args:
        prices: One market, one row a pair: `distributor_id`, `product_id`, `price` (currency units a base
            unit, 0 or more, NaN = not known).
        min_peers: Other distributors with a price that a comparison needs.
        z_limit: Absolute robust z above which a price stands apart (3.5 as the source advises).
        min_deviation: Absolute deviation (fraction) below which a price never stands apart.

    Returns:
        The rows with `peers` (other distributors with a price), `median`, `low`, `high` (market median,
        minimum and maximum, this distributor included; currency units), `deviation` (fraction),
        `percent_rank` (0 to 1; NaN for the only one), `robust_z`, and `status`, the first that holds:
        `unknown` (no price, or no id: all figures NaN, counts for nobody), `too_few` (peers < min_peers),
        `low` or `high` (deviation at least min_deviation either way, and MAD 0 or robust z beyond z_limit),
        `normal`.

    Raises:
        InvalidInput: a missing column, a price that is not a number, negative or infinite, a pair twice.

    Source:
        Iglewicz, B. and Hoaglin, D. C. (1993), How to Detect and Handle Outliers, ASQC Quality Press.

    Example:
        >>> prices = pd.DataFrame({"distributor_id": list("abcde"), "product_id": "tea",
        ...                        "price": [10.0, 10.0, 10.0, 10.0, 20.0]})
        >>> compare_distributors(prices)["status"].tolist()
        ['normal', 'normal', 'normal', 'normal', 'high']
    """
    price = numbers(prices, "price", minimum=0)
    product, _ = id_codes(prices, "product_id")
    distributor, _ = id_codes(prices, "distributor_id")
    refuse_doubles(prices, ["distributor_id", "product_id"], distributor, product)
    counted = np.flatnonzero(~np.isnan(price) & (product >= 0) & (distributor >= 0))
    order = counted[order_within(product[counted], price[counted])]
    market = _Market.of(product[order], price[order])
    figures = market.figures()
    added = {}
    for name in ADDED:
        added[name] = np.full(len(price), np.nan)
        added[name][order] = figures[name]
    status = np.zeros(len(price), dtype=np.int8)
    status[order] = market.status(figures, min_peers, z_limit, min_deviation)
    return with_columns(prices, {**added, "status": named(status, STATUSES)})


@dataclass(frozen=True)
class _Market:
    """Known prices sorted by product and price; `starts` and `sizes` delimit the products."""

    price: FloatArray
    starts: IntArray
    sizes: IntArray

    @classmethod
    def of(cls, product: IntArray, price: FloatArray) -> "_Market":
        return cls(price, *group_starts(product))

    def spread(self, per_product: FloatArray) -> FloatArray:
        """A figure of each product, repeated for its rows."""
        rows: FloatArray = np.repeat(per_product, self.sizes)
        return rows

    def middle(self, sorted_within: FloatArray) -> FloatArray:
        """Each product's median of values sorted within the products."""
        lower = sorted_within[self.starts + (self.sizes - 1) // 2]
        upper = sorted_within[self.starts + self.sizes // 2]
        median: FloatArray = (lower + upper) / 2
        return median

    def below(self) -> IntArray:
        """How many prices of the same product are strictly lower."""
        place = np.arange(len(self.price))
        new = np.ones(len(self.price), dtype=bool)
        new[1:] = self.price[1:] != self.price[:-1]
        new[self.starts] = True
        first_equal = np.maximum.accumulate(np.where(new, place, 0))
        return first_equal - np.repeat(self.starts, self.sizes)

    def figures(self) -> dict[str, FloatArray]:
        """The columns that the comparison adds, and `mad`, row by row."""
        median = self.middle(self.price)
        distance = self.price - self.spread(median)
        apart = np.abs(distance)
        group = np.repeat(np.arange(len(self.sizes)), self.sizes)
        mad = self.spread(self.middle(apart[order_within(group, apart)]))
        peers = self.spread(self.sizes.astype(np.float64) - 1)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            mean_deviation = self.spread(np.add.reduceat(apart, self.starts) / self.sizes)
            by_mean = np.where(mean_deviation == 0, 0.0, distance / (NORMAL_MEAN_DEVIATION * mean_deviation))
            return {
                "peers": peers,
                "median": self.spread(median),
                "low": self.spread(self.price[self.starts]),
                "high": self.spread(self.price[self.starts + self.sizes - 1]),
                "deviation": self.price / self.spread(median) - 1,
                "percent_rank": self.below() / peers,
                "robust_z": np.where(mad == 0, by_mean, NORMAL_QUARTILE * distance / mad),
                "mad": mad,
            }

    def status(
        self, figures: dict[str, FloatArray], min_peers: int, z_limit: float, min_deviation: float
    ) -> np.ndarray:
        """Each row's status as its place in `STATUSES`."""
        deviation = figures["deviation"]
        outside = (figures["mad"] == 0) | (np.abs(figures["robust_z"]) > z_limit)
        outside &= np.abs(deviation) >= min_deviation
        status = np.where(outside, np.where(deviation < 0, 2, 3), 4)
        status[figures["peers"] < min_peers] = 1
        return status
