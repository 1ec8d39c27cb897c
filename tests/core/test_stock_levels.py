"""Levels and whole packs: the textbooks' examples, laws, brute force over small numbers, bad input."""

import math
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.order_suggestion import order_up_to_level, reorder_point, round_to_pack, safety_stock

NAN = float("nan")
unhurried = settings(deadline=None)  # a busy machine is no failure
normal = NormalDist()


class TestTextbooks:
    def test_stevenson_safety_stock_for_a_risk_of_three_percent(self) -> None:
        assert safety_stock(5, 1, 0.97) == pytest.approx(9.40, abs=0.01)

    def test_stevenson_reorder_point_of_the_restaurants_sauce(self) -> None:
        # 50 jars a week, sd 3, two weeks of lead time, 90 %: 100 + 1.28 x 4.24 = 105.43
        assert reorder_point(50, 3, lead_time=2, service_level=0.9) == pytest.approx(105.43, abs=0.02)

    def test_stevenson_fixed_interval_order_is_220(self) -> None:
        # 30 a day, sd 3, lead time 2 days, ordered every 7 days, 99 %, 71 on hand
        level = order_up_to_level(30, 3, lead_time=2, review_period=7, service_level=0.99)
        assert level - 71 == pytest.approx(220, abs=0.1)

    def test_cachon_terwiesch_order_up_to_level_of_the_pacemaker(self) -> None:
        # 80.6 a week, sd 58.81, lead time 3 weeks + 1 of review, 99.9 %: 322.4 + 3.08 x 117.6 = 685 (z rounded)
        level = order_up_to_level(80.6, 58.81, lead_time=3, review_period=1, service_level=0.999)
        assert level == pytest.approx(685, rel=0.002)

    def test_snyder_shen_base_stock_level_of_the_newsvendor(self) -> None:
        # N(50, 8²), holding 0.18, stock-out 0.70: S* = 56.6; with a lead time of 4: 264.77
        fractile = 0.70 / (0.70 + 0.18)
        one = order_up_to_level(50, 8, lead_time=0, review_period=1, service_level=fractile)
        five = order_up_to_level(50, 8, lead_time=4, review_period=1, service_level=fractile)
        assert one == pytest.approx(56.60, abs=0.005)
        assert five == pytest.approx(264.7668943741548, rel=1e-9)

    def test_silver_pyke_thomas_rule_for_a_lead_time_that_varies(self) -> None:
        # sd² = E(L) var(D) + E(D)² var(L) = 4 x 100 + 20² x 0.25 = 500
        point = reorder_point(20, 10, lead_time=4, service_level=0.95, lead_time_sd=0.5)
        assert point == pytest.approx(80 + 1.6448536 * math.sqrt(500), abs=1e-5)


class TestLevels:
    def test_the_quantile_of_each_service_level_is_the_normal_one(self) -> None:
        levels = np.r_[1e-9, 1e-4, np.linspace(0.01, 0.99, 99), 0.9999, 1 - 1e-9]
        expected = [normal.inv_cdf(p) for p in levels]
        np.testing.assert_allclose(safety_stock(1, 1, levels), expected, rtol=1e-12)

    @unhurried
    @given(st.floats(0, 1e4), st.floats(0, 1e3), st.floats(0, 60), st.floats(0, 60), st.floats(0.5, 0.999))
    def test_review_of_no_days_is_the_reorder_point(
        self, mean: float, sd: float, lead: float, spread: float, service: float
    ) -> None:
        periodic = order_up_to_level(
            mean, sd, lead_time=lead, review_period=0, service_level=service, lead_time_sd=spread
        )
        assert periodic == reorder_point(mean, sd, lead_time=lead, service_level=service, lead_time_sd=spread)

    def test_without_spread_the_level_is_the_demand(self) -> None:
        assert order_up_to_level(7, 0, lead_time=2, review_period=3, service_level=0.99) == 35

    def test_below_one_half_the_safety_stock_is_negative(self) -> None:
        assert safety_stock(10, 1, 0.3) == pytest.approx(-safety_stock(10, 1, 0.7))

    def test_scalars_give_a_number_and_arrays_their_shape(self) -> None:
        assert np.ndim(safety_stock(1, 1, 0.9)) == 0
        assert np.shape(safety_stock([[1, 2]], 1, [[0.9], [0.8]])) == (2, 2)

    def test_missing_stays_missing(self) -> None:
        assert np.isnan(safety_stock([1, NAN, 1], [1, 1, NAN], [NAN, 0.9, 0.9])).all()
        assert np.isnan(order_up_to_level(NAN, 1, lead_time=1, review_period=1, service_level=0.9))

    @pytest.mark.parametrize("service_level", [0, 1, -0.1, 95, float("inf")])
    def test_a_service_level_must_lie_between_zero_and_one(self, service_level: float) -> None:
        with pytest.raises(InvalidInput, match="service_level, row 1"):
            safety_stock(1, 1, [0.9, service_level])
        with pytest.raises(InvalidInput, match="service_level: expected"):
            reorder_point(1, 1, lead_time=1, service_level=service_level)

    @pytest.mark.parametrize("name", ["demand_sd", "lead_time", "review_period", "lead_time_sd"])
    @pytest.mark.parametrize("value", [-1, float("inf"), "7"])
    def test_a_negative_infinite_or_text_argument_is_refused_by_name(self, name: str, value: float) -> None:
        given_values = {"demand_sd": 1, "lead_time": 1, "review_period": 1, "lead_time_sd": 0, name: value}
        with pytest.raises(InvalidInput, match=name):
            order_up_to_level(1, service_level=0.9, **given_values)


def brute_force(quantity: int, pack: int, minimum: int, how: str) -> int:
    """Tries every number of packs."""
    if quantity <= 0:
        return 0
    candidates = [n * pack for n in range((quantity + minimum) // pack + 2)]
    enough = min(c for c in candidates if c >= minimum)
    if how == "up":
        rounded = min(c for c in candidates if c >= quantity)
    elif how == "down":
        rounded = max(c for c in candidates if c <= quantity)
    else:
        rounded = max(candidates, key=lambda c: (-abs(c - quantity), c))
    return max(rounded, enough)


class TestRoundToPack:
    @unhurried
    @given(
        st.integers(-5, 60),
        st.integers(1, 15),
        st.integers(0, 40),
        st.sampled_from(["up", "nearest", "down"]),
    )
    def test_small_numbers_agree_with_trying_every_number_of_packs(
        self, quantity: int, pack: int, minimum: int, how: str
    ) -> None:
        rounded = round_to_pack(quantity, pack, minimum=minimum, how=how)  # type: ignore[arg-type]
        assert rounded == brute_force(quantity, pack, minimum, how)

    @pytest.mark.parametrize("how", ["up", "nearest", "down"])
    @pytest.mark.parametrize("packs", [6.000000001, 5.999999999, 6 * (1 + 1e-12), 6 * (1 - 1e-12)])
    def test_the_noise_of_floats_is_no_pack(self, how, packs: float) -> None:  # type: ignore[no-untyped-def]
        assert round_to_pack(packs * 24, 24, how=how) == 144

    def test_more_than_noise_is_a_pack(self) -> None:
        assert round_to_pack(144.001, 24) == 168

    @unhurried
    @given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e4), st.floats(0, 1e5))
    def test_up_is_enough_whole_packs_and_no_pack_too_many(
        self, quantity: float, pack: float, minimum: float
    ) -> None:
        rounded = float(round_to_pack(quantity, pack, minimum=minimum))
        need = max(quantity, minimum)
        assert rounded / pack == pytest.approx(round(rounded / pack), rel=1e-9)
        assert rounded >= need * (1 - 2e-9)
        assert rounded - pack < need

    def test_nothing_needed_is_nothing_ordered_whatever_the_minimum(self) -> None:
        assert round_to_pack([0, -3], 6, minimum=24).tolist() == [0, 0]  # type: ignore[union-attr]

    def test_half_a_pack_goes_up(self) -> None:
        assert round_to_pack([15, 14.9, 25], 10, how="nearest").tolist() == [20, 10, 30]  # type: ignore[union-attr]

    @pytest.mark.parametrize("how", ["up", "nearest", "down"])
    def test_the_minimum_in_whole_packs_holds_after_every_rounding(self, how) -> None:  # type: ignore[no-untyped-def]
        assert round_to_pack(1, 12, minimum=30, how=how) == 36

    def test_a_missing_quantity_or_minimum_stays_missing(self) -> None:
        assert np.isnan(round_to_pack(NAN, 6))
        assert np.isnan(round_to_pack(5, 6, minimum=NAN))

    @pytest.mark.parametrize("pack", [0, -6, NAN, None])
    def test_a_pack_must_be_above_zero(self, pack: float) -> None:
        with pytest.raises(InvalidInput, match="pack"):
            round_to_pack(5, pack)
        with pytest.raises(InvalidInput, match="pack, row tea"):
            round_to_pack(5, pd.Series([6.0, pack], index=["oil", "tea"]))

    def test_another_way_of_rounding_or_a_negative_minimum_is_refused(self) -> None:
        with pytest.raises(InvalidInput, match="how"):
            round_to_pack(5, 6, how="half")  # type: ignore[arg-type]
        with pytest.raises(InvalidInput, match="minimum"):
            round_to_pack(5, 6, minimum=-1)
