"""How the field work goes: quotients that are undefined without a base, and their mean."""

from decimal import Decimal

import pytest

from core.performance import mean_attainment


def test_objectives_of_different_units_count_alike() -> None:
    assert mean_attainment([(11000, 5500), (Decimal("47.0"), Decimal("47.0"))]) == pytest.approx(0.75)


def test_one_objective_passed_by_far_hides_none_that_was_missed() -> None:
    assert mean_attainment([(100, 900), (100, 0)]) == 0.5


def test_what_has_no_share_counts_for_nothing() -> None:
    without = [(None, 5), (5, None), (0, 5), (-3, 5), (None, None)]
    assert mean_attainment(without) is None
    assert mean_attainment([*without, (4, 1)]) == 0.25
