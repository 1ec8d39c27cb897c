"""What sold, for the backtest: a wholesaler's months, and weeks made up by a seed to look like a distributor's."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

REAL_DATA = Path(os.environ.get("REAL_DATA", "../shared/data"))


class History(NamedTuple):
    """Demand with a row per product and a column per period; the replay starts after `known` periods."""

    name: str
    demand: np.ndarray
    price: np.ndarray
    pack: np.ndarray
    known: int


def monthly(*, all_products: bool = False) -> History:
    """The wholesaler's twelve product-months, returns netted: what sold in the first four, or everything."""
    sales = pd.read_csv(REAL_DATA / "uci_product_month.csv.gz")
    table = sales.pivot_table(index="stock_code", columns="month", values=["qty", "revenue"], aggfunc="sum")
    quantity = table["qty"].fillna(0).clip(lower=0)
    known = (quantity.iloc[:, :4] > 0).any(axis=1) | all_products
    bought = table["revenue"].sum(axis=1) / table["qty"].sum(axis=1).where(lambda q: q > 0)
    price = bought.where(bought > 0).fillna(1.0)
    demand = quantity[known].to_numpy()
    name = "months, all products" if all_products else "months"
    return History(name, demand, price[known].to_numpy(), packs(demand), 4)


def weekly(seed: int = 6, products: int = 600, weeks: int = 104) -> History:
    """Two years of weeks: size, rarity, spread, season, trend and promotions differ from product to product."""
    random = np.random.default_rng(seed)
    size = random.lognormal(3, 1.2, (products, 1))
    chance = random.choice([1, 1, 0.8, 0.5, 0.3, 0.15], (products, 1))
    spread = random.uniform(0.2, 0.9, (products, 1))
    week = np.arange(weeks)
    strength, phase = 0.3 * random.random((products, 1)), random.random((products, 1))
    season = 1 + strength * np.sin(2 * np.pi * (week / 52 + phase))
    trend = np.exp(random.normal(0, 0.3, (products, 1)) * week / weeks)
    promoted = random.random((products, weeks)) < 0.04
    promotion = 1 + promoted * random.uniform(0.3, 1.2, (products, weeks))
    amount = random.gamma(1 / spread**2, spread**2 * size * season * trend * promotion)
    sells = random.random((products, weeks)) < chance
    demand = np.round(np.where(sells, np.maximum(amount, 1), 0))
    return History("weeks", demand, random.lognormal(2, 0.8, products), packs(demand), 26)


def packs(demand: np.ndarray) -> np.ndarray:
    """A pack that suits each product: the larger of 1, 6, 12, 24 that is at most half its mean demand."""
    mean = demand.mean(axis=1)
    return np.select([mean >= 48, mean >= 24, mean >= 12], [24.0, 12.0, 6.0], 1.0)
