"""The ways to forecast and to set the level that the backtest compares."""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from benchmarks.histories import History
from core.demand_forecast import classify_demand, exponential_smoothing, forecast, sba, tsb

Matrix = np.ndarray
Point = Callable[[Matrix], Matrix]


def start(sold: Matrix) -> Matrix:
    """Exponential smoothing 0.3 for smooth and erratic demand, TSB 0.2 / 0.2 for the rest."""
    regular = np.isin(classify_demand(sold), ["smooth", "erratic"])
    return np.where(regular, exponential_smoothing(sold, 0.3), tsb(sold, alpha_d=0.2, alpha_p=0.2))


def textbook(sold: Matrix) -> Matrix:
    """Exponential smoothing 0.1 for smooth and erratic demand, SBA 0.1 for the rest."""
    regular = np.isin(classify_demand(sold), ["smooth", "erratic"])
    return np.where(regular, exponential_smoothing(sold, 0.1), sba(sold, alpha=0.1))


def prefixes(history: History, point: Point) -> Matrix:
    """The forecast of each period from the periods before it; the first has none."""
    demand = history.demand
    ahead = [point(demand[:, :period]) for period in range(1, demand.shape[1])]
    return np.column_stack([np.full(len(demand), np.nan), *ahead])


def errors(history: History, ahead: Matrix) -> Matrix:
    """The root mean square of the one-step errors known before each period."""
    squares = (history.demand - ahead) ** 2
    squares[:, 0] = 0
    known = np.maximum(np.arange(squares.shape[1]) - 1, 1)
    return np.sqrt(np.column_stack([np.zeros(len(squares)), np.cumsum(squares, axis=1)[:, :-1]]) / known)


def by_point(point: Point) -> Callable[[History], tuple[Matrix, Matrix]]:
    """Mean and sd of each period from one way to forecast."""

    def moments(history: History) -> tuple[Matrix, Matrix]:
        ahead = prefixes(history, point)
        return ahead, errors(history, ahead)

    return moments


def by_choice(history: History) -> tuple[Matrix, Matrix]:
    """For each product and period the way with the least past error, of five."""
    ways: list[Point] = [lambda sold, a=a: exponential_smoothing(sold, a) for a in (0.1, 0.3, 0.6, 1.0)]
    ways.append(lambda sold: tsb(sold, alpha_d=0.2, alpha_p=0.2))
    means = np.stack([prefixes(history, way) for way in ways])
    spreads = np.stack([errors(history, ahead) for ahead in means])
    best = np.argmin(spreads, axis=0)[None]
    return np.take_along_axis(means, best, 0)[0], np.take_along_axis(spreads, best, 0)[0]


def default(history: History) -> tuple[Matrix, Matrix]:
    """What `core.demand_forecast.forecast` answers."""
    mean, sd = np.zeros(history.demand.shape), np.zeros(history.demand.shape)
    for period in range(history.known, history.demand.shape[1]):
        answer = forecast(history.demand[:, :period])
        mean[:, period], sd[:, period] = answer["mean"], answer["sd"]
    return mean, sd


def cycle_service(mean: Matrix, sd: Matrix, periods: int, level: float) -> Matrix:
    """The order-up-to level that avoids a stock-out with the probability `level`."""
    return mean * periods + NormalDist().inv_cdf(level) * sd * math.sqrt(periods)


GRID = np.linspace(-6, 8, 2801)
SHORT = np.array([NormalDist().pdf(k) - k * (1 - NormalDist().cdf(k)) for k in GRID.tolist()])


def fill_rate(mean: Matrix, sd: Matrix, periods: int, level: float) -> Matrix:
    """The level that is expected to serve the share `level` of the units."""
    spread = sd * math.sqrt(periods)
    wanted = np.divide((1 - level) * mean, spread, out=np.full(mean.shape, SHORT[0]), where=spread > 0)
    return mean * periods + np.interp(-wanted, -SHORT, GRID) * spread
