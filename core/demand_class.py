"""How a product's demand comes: every period or rarely, in like or in wild sizes."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.sales_series import read_in_stock, read_series
from core.tables import FloatArray

INTERVAL_CUT = 1.32
VARIATION_CUT = 0.49


def classify_demand(
    series: ArrayLike | pd.DataFrame, *, in_stock: ArrayLike | pd.DataFrame | None = None
) -> NDArray[np.str_] | str:
    """How a product's demand comes: every period or rarely, in like or in wild sizes.

    Formula:
        ADI = periods / periods with demand; CV² = (standard deviation / mean)² of the demand sizes (ddof 1;
        one demand: 0). Below 1.32 and 0.49: `smooth`; ADI below: `erratic`; CV² below: `intermittent`;
        neither: `lumpy`; no demand at all: `none`.

    Args:
        series: Sales per period in base units, at least 0; one product, or a row per product.
        in_stock: Of the same shape, true where the product could be sold; the other periods do not count.
            Without it all periods count.

    Returns:
        The class: a text for one product, an array of texts for several.

    Raises:
        InvalidInput: empty or missing values, a negative or infinite one, or `in_stock` of another shape.

    Source:
        Syntetos, Boylan and Croston (2005), Journal of the Operational Research Society 56(5).

    Example:
        >>> classify_demand([[5, 5, 6, 5], [0, 0, 5, 0], [0, 1, 0, 9]]).tolist()
        ['smooth', 'intermittent', 'lumpy']
    """
    values, single = read_series(series)
    kinds = demand_classes(values, read_in_stock(in_stock, values.shape, single))
    return str(kinds[0]) if single else kinds


def demand_classes(values: FloatArray, observed: NDArray[np.bool_] | None) -> NDArray[np.str_]:
    """The demand class of each row over its observed periods."""
    demand = values > 0 if observed is None else (values > 0) & observed
    periods = values.shape[1] if observed is None else observed.sum(axis=1)
    demands = demand.sum(axis=1)
    mean = np.where(demand, values, 0.0).sum(axis=1) / np.maximum(demands, 1)
    squares = np.where(demand, (values - mean[:, None]) ** 2, 0.0).sum(axis=1)
    # The variation is compared without dividing by the mean: a product without demand has none.
    regular = periods / np.maximum(demands, 1) < INTERVAL_CUT
    steady = squares < VARIATION_CUT * mean**2 * np.maximum(demands - 1, 1)
    kinds = np.where(
        regular, np.where(steady, "smooth", "erratic"), np.where(steady, "intermittent", "lumpy")
    )
    return np.where(demands == 0, "none", kinds)
