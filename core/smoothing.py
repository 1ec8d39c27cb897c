"""The recursions behind the forecasts: one pass over the periods, all products at once.

`values` has a row per product and a column per period. `seen` marks the periods that count (`None`: all); the
others are stepped over as if they had not been.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.tables import FloatArray

Seen = NDArray[np.bool_] | None
_BLOCK = 4096  # rows whose state and column stay in the processor's cache


def combined(
    values: FloatArray, seen: Seen, alphas: Sequence[float]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The mean of several exponential smoothings, each started at the first counted period.

    Returns:
        The next forecast (NaN where no period counts), the root mean square of the one-step errors (0 where
        there is none), and the number of those errors.
    """
    weights = np.asarray(alphas)[:, None]
    levels = np.full((len(weights), len(values)), np.nan)
    squares, errors = np.zeros(len(values)), np.zeros(len(values))
    for period in range(values.shape[1]):
        value = values[:, period]
        counts = np.ones(len(value), dtype=bool) if seen is None else seen[:, period]
        started = ~np.isnan(levels[0])
        error = np.where(counts & started, value - levels.mean(axis=0), 0.0)
        squares += error * error
        errors += counts & started
        stepped = np.where(started, levels + weights * (value - levels), value)
        levels = np.where(counts, stepped, levels)
    return levels.mean(axis=0), np.sqrt(squares / np.maximum(errors, 1.0)), errors


def last(values: FloatArray, seen: Seen) -> tuple[FloatArray, FloatArray]:
    """The last counted period, and the largest one as a wide measure of error."""
    counts = np.ones(values.shape, dtype=bool) if seen is None else seen
    position = values.shape[1] - 1 - np.argmax(counts[:, ::-1], axis=1)
    return values[np.arange(len(values)), position], np.where(counts, values, 0.0).max(axis=1)


def tsb(values: FloatArray, alpha_size: float, alpha_probability: float) -> FloatArray:
    """Demand probability smoothed every period, demand size at each demand (Teunter, Syntetos and Babai)."""
    demand = values > 0
    size, probability = values[:, 0].copy(), demand[:, 0].astype(np.float64)
    for period in range(1, values.shape[1]):
        value, hit = values[:, period], demand[:, period]
        probability += alpha_probability * (hit - probability)
        smoothed = np.where(size > 0, size + alpha_size * (value - size), value)
        size = np.where(hit, smoothed, size)
    return probability * size


def croston(values: FloatArray, alpha: float) -> FloatArray:
    """Smoothed demand size over smoothed interval; 0 without demand. Works on blocks of rows, for speed."""
    result = np.empty(len(values))
    for start in range(0, len(values), _BLOCK):
        block = slice(start, start + _BLOCK)
        result[block] = _croston_block(np.ascontiguousarray(values[block].T), alpha)
    return result


def _croston_block(periods: FloatArray, alpha: float) -> FloatArray:
    """Croston of a block that has a row per period.

    Size and interval start at what the first demand will bring, so that its own step changes nothing.
    """
    demand = periods > 0
    weights, misses = demand * alpha, (periods == 0).astype(np.float64)
    first = np.argmax(demand, axis=0)
    size: FloatArray = periods[first, np.arange(periods.shape[1])]
    interval, waited, step = first + 1.0, np.zeros(len(size)), np.empty(len(size))
    for value, weight, miss in zip(periods, weights, misses, strict=True):
        waited += 1.0
        np.subtract(value, size, out=step)
        step *= weight
        size += step
        np.subtract(waited, interval, out=step)
        step *= weight
        interval += step
        waited *= miss
    result: FloatArray = size / interval
    return result
