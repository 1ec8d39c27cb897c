"""How the field work goes: coverage, strike rate, objective attainment, lines per order.

Each figure is a plain quotient, or the mean of some; without a base it is undefined (`None`), never zero.
"""

from collections.abc import Iterable
from typing import SupportsFloat


def coverage(planned: int, visited: int) -> float | None:
    """Share of the planned visits that were made.

    Formula:
        visited / planned

    Args:
        planned: Visits planned in the period, cancelled ones left out; at least 0.
        visited: Those of them that were made; at least 0.

    Returns:
        A fraction; `None` when nothing was planned.

    Source:
        The trade's call coverage (拜访完成率).

    Example:
        >>> coverage(50, 43)
        0.86
    """
    return visited / planned if planned else None


def strike_rate(visits: int, productive: int) -> float | None:
    """Share of the visits that brought an order (成交率).

    Formula:
        productive / visits

    Returns:
        A fraction; `None` without visits.

    Example:
        >>> strike_rate(14, 10)
        0.7142857142857143
    """
    return productive / visits if visits else None


def lines_per_order(lines: int, orders: int) -> float | None:
    """Average number of lines of an order.

    Example:
        >>> lines_per_order(42, 6)
        7.0
    """
    return lines / orders if orders else None


def attainment(target: float | None, actual: float | None) -> float | None:
    """How much of a target was reached.

    Formula:
        actual / target

    Args:
        target: What was aimed at, in any unit; a target of zero or below has no share.
        actual: What was reached, in the same unit; `None` when it is not known.

    Returns:
        A fraction, above 1 when the target was passed; `None` when undefined.

    Example:
        >>> attainment(11000, 11202)
        1.0183636363636364
        >>> attainment(None, 5) is None
        True
    """
    if target is None or actual is None or target <= 0:
        return None
    return actual / target


def mean_attainment(
    objectives: Iterable[tuple[SupportsFloat | None, SupportsFloat | None]],
) -> float | None:
    """How far the objectives of a period were reached on average, each counting as much as any other.

    Formula:
        mean of min(actual / target, 1) over the objectives with a target above 0 and a known actual

    Args:
        objectives: Target and actual of each, both in the unit of that objective; units may differ between
            objectives, which is why shares are averaged and not amounts. `None` where there is no figure.

    Returns:
        A fraction from 0 (below it where an actual is negative) to 1: what passes its target counts as
        reached and makes up for no other. `None` when no objective has both figures.

    Source:
        Objective attainment (目标达成率) of the field's scorecards; own rule for the bound at 1.

    Example:
        >>> mean_attainment([(11000, 22000), (8, 4), (None, 3), (5, None)])
        0.75
        >>> mean_attainment([]) is None
        True
    """
    shares = [
        min(share, 1.0)
        for target, actual in objectives
        if (
            share := attainment(
                None if target is None else float(target), None if actual is None else float(actual)
            )
        )
        is not None
    ]
    return sum(shares) / len(shares) if shares else None
