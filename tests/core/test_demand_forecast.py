"""Forecasts: worked examples, agreement with stored figures of a peer, laws, short histories, bad input."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.demand_forecast import (
    classify_demand,
    croston,
    exponential_smoothing,
    forecast,
    moving_average,
    per_day,
    sba,
    tsb,
)
from core.errors import InvalidInput
from tests.real_data import real_data

STORED = json.loads((Path(__file__).parent / "intermittent_series.json").read_text())
NAN = float("nan")
unhurried = settings(deadline=None)  # a busy machine is no failure
STEVENSON = [42, 40, 43, 40, 41, 39, 46, 44, 45, 38, 40]

sales = st.lists(st.integers(0, 50), min_size=1, max_size=30)


def plain_croston(series: list[float], alpha: float) -> float:
    """Croston as its paper tells it, one period after the other."""
    size = interval = 0.0
    waited = 0
    for sold in series:
        waited += 1
        if sold > 0 and interval == 0:
            size, interval, waited = sold, waited, 0
        elif sold > 0:
            size, interval, waited = size + alpha * (sold - size), interval + alpha * (waited - interval), 0
    return size / interval if interval else 0.0


def plain_tsb(series: list[float], alpha_d: float, alpha_p: float) -> float:
    """Teunter, Syntetos and Babai as their paper tells it, one period after the other."""
    size, probability = 0.0, float(series[0] > 0)
    for period, sold in enumerate(series):
        if period:
            probability += alpha_p * ((sold > 0) - probability)
        if sold > 0:
            size = size + alpha_d * (sold - size) if size else sold
    return size * probability


def real_series() -> pd.DataFrame:
    table = pd.read_csv(real_data("uci_product_month.csv.gz"))
    wide = table.pivot_table(index="stock_code", columns="month", values="qty", aggfunc="sum")
    return wide.fillna(0).clip(lower=0)


class TestSmoothMethods:
    def test_stevenson_three_period_moving_average(self) -> None:
        assert moving_average([42, 40, 43, 40, 41], 3) == pytest.approx(41.33, abs=0.005)

    @pytest.mark.parametrize(
        ("periods", "expected"),
        [
            (1, 42),
            (2, 41.8),
            (3, 41.92),
            (4, 41.73),
            (5, 41.66),
            (6, 41.39),
            (7, 41.85),
            (10, 41.92),
            (11, 41.73),
        ],
    )
    def test_stevenson_exponential_smoothing_with_a_tenth(self, periods: int, expected: float) -> None:
        assert exponential_smoothing(STEVENSON[:periods], 0.1) == pytest.approx(expected, abs=0.011)

    def test_smoothing_with_one_repeats_the_last_period(self) -> None:
        assert exponential_smoothing(STEVENSON, 1) == 40

    def test_rows_are_products_of_their_own(self) -> None:
        together = moving_average([[1, 2, 3], [4, 6, 8]], 2)
        assert np.asarray(together).tolist() == [2.5, 7]

    @pytest.mark.parametrize("window", [0, -1, 4, 1.5, True])
    def test_a_window_that_does_not_fit_is_refused(self, window: int) -> None:
        with pytest.raises(InvalidInput, match="window"):
            moving_average([1, 2, 3], window)


class TestIntermittentMethods:
    @pytest.mark.parametrize(
        ("method", "ours"),
        [("croston", croston), ("sba", sba), ("tsb", lambda y: tsb(y, alpha_d=0.2, alpha_p=0.1))],
    )
    def test_the_stored_figures_of_statsforecast_are_met(self, method, ours) -> None:  # type: ignore[no-untyped-def]
        np.testing.assert_allclose(ours(STORED["series"]), STORED[method], rtol=1e-9, atol=1e-9)

    def test_real_product_months_follow_the_papers_step_by_step(self) -> None:
        series = real_series()
        rows = series.to_numpy().tolist()
        np.testing.assert_allclose(croston(series), [plain_croston(r, 0.1) for r in rows], rtol=1e-9)
        expected = [plain_tsb(r, 0.2, 0.1) for r in rows]
        np.testing.assert_allclose(tsb(series, alpha_d=0.2, alpha_p=0.1), expected, rtol=1e-9)

    @unhurried
    @given(sales, st.sampled_from([0.05, 0.1, 0.3, 1.0]))
    def test_any_series_follows_the_papers_step_by_step(self, series: list[float], alpha: float) -> None:
        assert croston(series, alpha=alpha) == pytest.approx(plain_croston(series, alpha), rel=1e-9)
        assert sba(series, alpha=alpha) == pytest.approx(
            plain_croston(series, alpha) * (1 - alpha / 2), rel=1e-9
        )
        twin = plain_tsb(series, alpha, 0.2)
        assert tsb(series, alpha_d=alpha, alpha_p=0.2) == pytest.approx(twin, rel=1e-9)

    def test_without_demand_nothing_is_forecast(self) -> None:
        assert croston([0, 0, 0]) == sba([0, 0]) == tsb([0], alpha_d=0.1, alpha_p=0.1) == 0

    def test_tsb_falls_while_a_product_stops_selling_and_croston_does_not(self) -> None:
        selling, stopped = [5, 0, 5, 0, 5], [5, 0, 5, 0, 5, 0, 0, 0, 0]
        assert tsb(stopped, alpha_d=0.2, alpha_p=0.2) < tsb(selling, alpha_d=0.2, alpha_p=0.2) / 2
        assert croston(stopped) == croston(selling)

    def test_more_products_than_one_block_are_forecast_alike(self) -> None:
        many = np.tile(np.array([[0.0, 3, 0, 2], [1, 0, 0, 0]]), (5000, 1))
        assert len(set(np.asarray(croston(many)).tolist())) == 2

    @pytest.mark.parametrize("alpha", [0, -0.1, 1.1, NAN, "0.1", True])
    def test_a_constant_out_of_range_is_refused(self, alpha: float) -> None:
        with pytest.raises(InvalidInput, match="alpha"):
            croston([1, 2], alpha=alpha)
        with pytest.raises(InvalidInput, match="alpha_p"):
            tsb([1, 2], alpha_d=0.1, alpha_p=alpha)


class TestClasses:
    @pytest.mark.parametrize(
        ("series", "expected"),
        [
            ([5, 6, 5, 4], "smooth"),
            ([1, 9, 1, 20], "erratic"),
            ([0, 0, 5, 0, 0, 5], "intermittent"),
            ([0, 1, 0, 0, 20, 0], "lumpy"),
            ([0, 0, 0], "none"),
            ([0, 0, 7], "intermittent"),
            ([7], "smooth"),
        ],
    )
    def test_each_kind_of_demand_has_its_class(self, series: list[float], expected: str) -> None:
        assert classify_demand(series) == expected

    def test_an_interval_at_the_cut_is_intermittent(self) -> None:
        assert classify_demand([1] * 25 + [0] * 8) == "intermittent"  # 33 / 25 = 1.32
        assert classify_demand([1] * 25 + [0] * 7) == "smooth"

    def test_variation_is_that_of_the_sizes_with_one_degree_of_freedom_less(self) -> None:
        below, above = [1.0, 2.9], [1.0, 3.0]  # CV² 0.4747 and 0.5
        assert list(classify_demand([below, above])) == ["smooth", "erratic"]

    def test_periods_out_of_stock_do_not_count(self) -> None:
        stock = [True, True, False, False, False, True]
        assert classify_demand([3, 3, 0, 0, 0, 3], in_stock=stock) == "smooth"


class TestForecast:
    def test_it_is_the_mean_of_four_smoothings(self) -> None:
        expected = np.mean([exponential_smoothing(STEVENSON, a) for a in (0.1, 0.3, 0.6, 1)])
        row = forecast(STEVENSON).iloc[0]
        assert row["method"] == "combination"
        assert row["mean"] == pytest.approx(expected, rel=1e-12)

    def test_sd_is_the_one_step_error_leaning_on_the_mean_when_there_are_few(self) -> None:
        errors = [
            STEVENSON[n] - np.mean([exponential_smoothing(STEVENSON[:n], a) for a in (0.1, 0.3, 0.6, 1)])
            for n in range(1, len(STEVENSON))
        ]
        row = forecast(STEVENSON).iloc[0]
        rms = np.sqrt(np.mean(np.square(errors)))
        assert row["sd"] == pytest.approx(rms ** (10 / 15) * row["mean"] ** (5 / 15), rel=1e-12)

    def test_after_a_long_history_sd_is_the_spread_of_the_sales(self) -> None:
        noise = np.random.default_rng(1).normal(100, 10, (50, 2000)).clip(0)
        assert forecast(noise)["sd"].mean() == pytest.approx(10, rel=0.15)

    @pytest.mark.parametrize(
        ("series", "method", "mean", "sd"),
        [([5], "naive", 5, 5), ([5, 8], "naive", 8, 8), ([5, 0], "naive", 0, 5), ([0], "none", 0, 0)],
    )
    def test_one_or_two_observations_get_an_honest_answer(
        self, series: list[float], method: str, mean: float, sd: float
    ) -> None:
        assert forecast(series).to_dict("records") == [{"method": method, "mean": mean, "sd": sd}]

    def test_a_product_never_in_stock_is_unknown_and_not_zero(self) -> None:
        row = forecast([[0, 0, 0]], in_stock=[[False, False, False]]).iloc[0]
        assert row["method"] == "none"
        assert np.isnan(row["mean"])
        assert np.isnan(row["sd"])

    def test_a_product_without_demand_is_none_with_zero(self) -> None:
        assert forecast([0, 0, 0, 0]).to_dict("records") == [{"method": "none", "mean": 0, "sd": 0}]

    @unhurried
    @given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=15))
    def test_periods_out_of_stock_are_as_if_they_had_not_been(self, periods: list[tuple[int, bool]]) -> None:
        kept = [sold for sold, there in periods if there]
        given_all = forecast([s for s, _ in periods], in_stock=[there for _, there in periods])
        if kept:
            pd.testing.assert_frame_equal(given_all, forecast(kept))
        else:
            assert given_all["mean"].isna().all()

    @unhurried
    @given(st.lists(sales.filter(lambda s: len(s) >= 3), min_size=1, max_size=4), st.randoms())
    def test_a_product_does_not_depend_on_its_neighbours(self, rows: list[list[int]], random) -> None:  # type: ignore[no-untyped-def]
        width = min(len(r) for r in rows)
        table = pd.DataFrame([r[:width] for r in rows])
        order = list(range(len(rows)))
        random.shuffle(order)
        pd.testing.assert_frame_equal(forecast(table).iloc[order], forecast(table.iloc[order]))

    def test_the_index_of_the_table_is_kept_and_the_table_too(self) -> None:
        table = pd.DataFrame([[1, 2, 3], [4, 5, 6]], index=["tea", "oil"])
        before = table.copy()
        assert list(forecast(table).index) == ["tea", "oil"]
        pd.testing.assert_frame_equal(table, before)

    def test_an_empty_table_comes_back_empty_with_its_columns(self) -> None:
        empty = forecast(pd.DataFrame())
        assert len(empty) == 0
        assert list(empty.columns) == ["method", "mean", "sd"]
        assert len(np.asarray(sba(np.empty((0, 12))))) == 0

    def test_real_products_all_get_an_answer(self) -> None:
        answers = forecast(real_series())
        assert (answers["mean"] >= 0).all()
        assert (answers.loc[answers["method"] == "combination", "sd"] > 0).all()

    def test_a_week_becomes_days(self) -> None:
        days = per_day(pd.DataFrame({"mean": [70.0, NAN], "sd": [7.0, NAN]}), 7)
        assert days.loc[0, "demand_mean"] == 10
        assert days.loc[0, "demand_sd"] == pytest.approx(7**0.5)
        assert np.isnan(days.loc[1, "demand_mean"])

    @pytest.mark.parametrize("days", [0, -7, NAN, float("inf")])
    def test_a_period_without_days_is_refused(self, days: float) -> None:
        with pytest.raises(InvalidInput, match="days"):
            per_day(pd.DataFrame({"mean": [1.0], "sd": [1.0]}), days)


METHODS = [
    lambda y: moving_average(y, 1),
    lambda y: exponential_smoothing(y, 0.3),
    croston,
    sba,
    lambda y: tsb(y, alpha_d=0.1, alpha_p=0.1),
    classify_demand,
    forecast,
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("series", "words"),
    [
        ([], "at least one period"),
        ([[], []], "at least one period"),
        ([1, NAN], "missing"),
        ([1, None], "missing"),
        ([NAN, NAN], "missing"),
        ([[1, 2], [3, NAN]], "row 1"),
        ([3, -1], "at least 0, got -1"),
        ([1, float("inf")], "finite"),
        (["a"], "numbers"),
        ([True, False], "numbers"),
        ([[1, 2], [3]], "equal length"),
        ([[[1]]], "row per product"),
        (3, "row per product"),
        (pd.DataFrame({"jan": [1.0], "feb": [-2.0]}, index=["tea"]), "row tea"),
        (np.array([[1.0, -2.0]]), "at least 0"),
    ],
)
def test_a_series_that_is_none_is_refused_with_its_place(method, series, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match=words):
        method(series)


@pytest.mark.parametrize("in_stock", [[True], [1, 1], [[True, True]], "yes"])
def test_in_stock_of_another_kind_or_shape_is_refused(in_stock) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match="in_stock"):
        forecast([1, 2], in_stock=in_stock)
