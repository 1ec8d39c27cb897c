"""Prices compared: worked examples, laws, bad input and real prices."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.price_comparison import (
    compare_distributors,
    compare_history,
    compare_margin,
    compare_policy,
    compare_rivals,
    gross_margin,
    markup,
    price_index,
)
from tests.real_data import real_data

NAN = float("nan")
unhurried = settings(deadline=None)
FIGURES = ["peers", "median", "low", "high", "deviation", "percent_rank", "robust_z"]


def market(*prices, product="tea", **columns):
    """One product, a distributor a price."""
    return pd.DataFrame(
        {"distributor_id": [f"d{i}" for i in range(len(prices))], "product_id": product, "price": prices}
        | columns
    )


def pairs_of(prices):
    """A table from {(distributor, product): price}."""
    rows = [(distributor, product, price) for (distributor, product), price in prices.items()]
    return pd.DataFrame(rows, columns=["distributor_id", "product_id", "price"]).astype({"price": float})


def observations(*rows):
    table = pd.DataFrame(rows, columns=["distributor_id", "product_id", "date", "price"])
    return table.assign(date=pd.to_datetime(table["date"]), price=table["price"].astype(float))


def slow_comparison(table, min_peers=3, z_limit=3.5, min_deviation=0.03):
    """The same comparison, product by product and row by row, with the standard library."""
    rows = []
    for _, row in table.iterrows():
        market_prices = [
            p for p, m in zip(table["price"], table["product_id"], strict=True) if m == row["product_id"]
        ]
        known = sorted(p for p in market_prices if not math.isnan(p))
        if math.isnan(row["price"]):
            rows.append([NAN] * 7 + ["unknown"])
            continue
        price, n = row["price"], len(known)
        median = statistics.median(known)
        distances = [abs(p - median) for p in known]
        mad, mean = statistics.median(distances), sum(distances) / n
        z = 0.6745 * (price - median) / mad if mad else (price - median) / (1.253314 * mean) if mean else 0.0
        deviation = price / median - 1 if median else NAN if price == 0 else math.inf
        stands_out = abs(deviation) >= min_deviation and (mad == 0 or abs(z) > z_limit)
        status = "low" if deviation < 0 else "high"
        status = "too_few" if n - 1 < min_peers else status if stands_out else "normal"
        rank = sum(p < price for p in known) / (n - 1) if n > 1 else NAN
        rows.append([n - 1, median, known[0], known[-1], deviation, rank, z, status])
    return pd.DataFrame(rows, columns=[*FIGURES, "status"], index=table.index)


price = st.one_of(st.just(NAN), st.sampled_from([0.0, 10.0, 10.5, 12.0, 40.0]), st.floats(0.01, 1e6))
markets = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["tea", "oil", "rice"])), price, min_size=1
).map(pairs_of)


# Formulas


def test_gross_margin_is_on_the_selling_price_and_markup_on_the_purchase_price():
    assert gross_margin(60.0, 100.0) == pytest.approx(0.4)
    assert markup(60.0, 100.0) == pytest.approx(2 / 3)


def test_price_index_is_100_at_equal_prices():
    assert price_index(12.0, 12.0) == 100
    assert price_index(9.0, 12.0) == 75


def test_formulas_broadcast_and_keep_the_shape():
    assert isinstance(gross_margin(8, 10), float)
    assert gross_margin([8.0, 9.0], 10.0).tolist() == pytest.approx([0.2, 0.1])
    assert price_index(np.ones((2, 1)), np.ones(3)).shape == (2, 3)
    assert markup(pd.Series([8.0, None]), pd.Series([10, 10])).tolist() == pytest.approx(
        [0.25, NAN], nan_ok=True
    )


@pytest.mark.parametrize("formula", [gross_margin, markup])
def test_nothing_from_nothing_is_undefined(formula):
    assert math.isnan(formula(0.0, 0.0))


def test_division_by_a_price_of_nothing_is_infinite():
    assert gross_margin(1.0, 0.0) == -math.inf
    assert markup(0.0, 1.0) == math.inf
    assert price_index(1.0, 0.0) == math.inf


@pytest.mark.parametrize("formula", [gross_margin, markup, price_index])
@pytest.mark.parametrize("wrong", [-1.0, math.inf, "8", True, [1.0, "x"]])
def test_formulas_refuse_what_is_no_price(formula, wrong):
    with pytest.raises(InvalidInput):
        formula(wrong, 10.0)
    with pytest.raises(InvalidInput):
        formula(10.0, wrong)


def test_a_formula_names_the_argument_and_the_first_offending_row():
    prices = pd.Series([1.0, -2.0, -3.0], index=["tea", "oil", "rice"])
    with pytest.raises(InvalidInput, match=r"^purchase, row oil: .*at least 0, got -2"):
        gross_margin(prices, 10.0)
    with pytest.raises(InvalidInput, match=r"^purchase, row 1: "):
        gross_margin(prices.to_numpy(), 10.0)


# compare_distributors


def test_the_modified_z_of_iglewicz_and_hoaglin():
    # Median 2.45, MAD 0.15. By mean and standard deviation the last two hide each other: both z below 2.
    prices = [2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3]
    result = compare_distributors(market(*prices))
    expected = [-1.6, 0.7, -0.2, 0.2, -0.7, -1.6, -0.7, 0.7, 25.9, 26.3]
    assert result["robust_z"].tolist() == pytest.approx(expected, abs=0.05)
    assert result["status"].tolist() == ["normal"] * 8 + ["high"] * 2
    assert max(prices) - statistics.mean(prices) < 2 * statistics.stdev(prices)


def test_with_a_list_price_the_mean_deviation_stands_in_for_a_mad_of_zero():
    result = compare_distributors(market(10.0, 10.0, 10.0, 10.0, 20.0))
    assert result["robust_z"].tolist() == pytest.approx([0, 0, 0, 0, 10 / (1.253314 * 2)])
    assert result["status"].tolist() == ["normal"] * 4 + ["high"]


def test_deviants_who_share_one_price_are_found_though_they_pull_each_others_z_down():
    result = compare_distributors(market(*[10.0] * 6, *[9.0] * 4))
    assert result["robust_z"].abs().max() < 3.5
    assert result["status"].tolist() == ["normal"] * 6 + ["low"] * 4


def test_all_equal_prices_are_normal_with_a_z_of_zero():
    result = compare_distributors(market(5.0, 5.0, 5.0, 5.0))
    assert result["robust_z"].tolist() == [0.0] * 4
    assert result["percent_rank"].tolist() == [0.0] * 4
    assert result["status"].tolist() == ["normal"] * 4


def test_percent_rank_is_the_share_of_the_others_strictly_below():
    result = compare_distributors(market(4.0, 1.0, 2.0, 2.0, 9.0))
    assert result["percent_rank"].tolist() == [0.75, 0.0, 0.25, 0.25, 1.0]


def test_a_small_deviation_never_stands_out_however_large_its_z():
    result = compare_distributors(market(100.0, 100.01, 99.99, 100.0, 100.02, 102.9))
    assert abs(result["robust_z"].iloc[5]) > 3.5
    assert result["status"].iloc[5] == "normal"
    assert compare_distributors(market(*[100.0] * 5, 103.0))["status"].iloc[5] == "high"


def test_the_limits_are_the_callers():
    table = market(10.0, 10.0, 10.0, 10.2)
    assert compare_distributors(table)["status"].iloc[3] == "normal"
    assert compare_distributors(table, min_deviation=0.02)["status"].iloc[3] == "high"
    assert compare_distributors(table, min_peers=4)["status"].tolist() == ["too_few"] * 4
    spread = market(9.0, 10.0, 10.0, 11.0, 12.0)
    assert compare_distributors(spread)["status"].iloc[4] == "normal"
    assert compare_distributors(spread, z_limit=1.0)["status"].iloc[4] == "high"


def test_one_row_has_no_peers_and_no_rank():
    row = compare_distributors(market(7.0)).iloc[0]
    assert row[["peers", "median", "low", "high", "deviation", "robust_z"]].tolist() == [0, 7, 7, 7, 0, 0]
    assert math.isnan(row["percent_rank"])
    assert row["status"] == "too_few"


def test_a_missing_price_counts_for_nobody_and_is_unknown():
    result = compare_distributors(market(10.0, NAN, 10.0, 10.0))
    assert result.loc[1, FIGURES].isna().all()
    assert result["status"].tolist() == ["too_few", "unknown", "too_few", "too_few"]
    assert result["peers"].iloc[0] == 2


def test_a_market_without_any_price_is_unknown():
    result = compare_distributors(market(NAN, NAN))
    assert result["status"].tolist() == ["unknown"] * 2
    assert result[FIGURES].isna().all(axis=None)


def test_a_row_without_distributor_or_product_is_unknown_and_counts_for_nobody():
    table = market(10.0, 10.0, 99.0, 99.0)
    table.loc[2, "distributor_id"] = None
    table.loc[3, "product_id"] = None
    result = compare_distributors(table)
    assert result["status"].tolist() == ["too_few", "too_few", "unknown", "unknown"]
    assert result["high"].iloc[0] == 10.0


def test_a_market_given_away_has_no_deviation_but_a_price_in_it_is_high():
    result = compare_distributors(market(0.0, 0.0, 0.0, 0.0, 5.0))
    assert math.isnan(result["deviation"].iloc[0])
    assert result["deviation"].iloc[4] == math.inf
    assert result["status"].tolist() == ["normal"] * 4 + ["high"]


@unhurried
@given(markets)
def test_the_comparison_equals_a_row_by_row_one(table):
    pd.testing.assert_frame_equal(
        compare_distributors(table)[[*FIGURES, "status"]].astype({"status": object}),
        slow_comparison(table).astype({"status": object}),
        check_dtype=False,
        rtol=1e-9,
        atol=1e-12,
    )


@unhurried
@given(markets, st.randoms())
def test_the_comparison_does_not_depend_on_row_order(table, random):
    order = list(range(len(table)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(
        compare_distributors(table.iloc[order]).sort_index(), compare_distributors(table), check_exact=True
    )


@unhurried
@given(markets, st.sampled_from([0.25, 2.0, 1024.0]))
def test_scaling_every_price_scales_nothing_but_prices(table, factor):
    scaled = compare_distributors(table.assign(price=table["price"] * factor))
    plain = compare_distributors(table)
    prices = ["price", "median", "low", "high"]
    plain[prices] *= factor
    pd.testing.assert_frame_equal(scaled, plain, rtol=1e-9)


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_ids_may_be_text_or_category(dtype):
    table = pairs_of({(d, p): 1.0 + i for i, d in enumerate("abcde") for p in ("tea", "oil")})
    result = compare_distributors(table.astype({"distributor_id": dtype, "product_id": dtype}))
    pd.testing.assert_frame_equal(result[FIGURES], compare_distributors(table)[FIGURES])


def test_ids_may_be_whole_numbers():
    table = pairs_of({(d, p): 1.0 + d for d in range(5) for p in (100, 7)})
    assert compare_distributors(table)["peers"].tolist() == [4.0] * 10


def test_the_callers_table_stays_as_it_is_and_its_index_and_columns_are_kept():
    table = market(10.0, 10.0, 10.0, 20.0, note=list("wxyz")).set_index(pd.Index([7, 3, 3, 9]))
    copy = table.copy(deep=True)
    result = compare_distributors(table)
    pd.testing.assert_frame_equal(table, copy)
    assert result.index.tolist() == [7, 3, 3, 9]
    assert result["note"].tolist() == list("wxyz")
    result.loc[:, "price"] = 0.0
    pd.testing.assert_frame_equal(table, copy)


def test_an_empty_table_comes_back_empty_with_all_columns():
    result = compare_distributors(market().astype({"price": float}))
    assert len(result) == 0
    assert list(result.columns) == ["distributor_id", "product_id", "price", *FIGURES, "status"]


@pytest.mark.parametrize("column", ["distributor_id", "product_id", "price"])
def test_the_comparison_names_a_missing_column(column):
    with pytest.raises(InvalidInput, match=f"^{column}: expected a column"):
        compare_distributors(market(1.0, 2.0).drop(columns=column))


def test_a_price_that_is_no_number_is_refused():
    with pytest.raises(InvalidInput, match=r"^price, row 1: expected numbers"):
        compare_distributors(market(1.0, "two"))


def test_a_negative_price_is_refused():
    with pytest.raises(InvalidInput, match=r"^price, row 2: .*at least 0, got -1"):
        compare_distributors(market(1.0, 2.0, -1.0))


def test_an_infinite_price_is_refused():
    with pytest.raises(InvalidInput, match=r"^price, row 0: .*finite"):
        compare_distributors(market(math.inf, 2.0))


def test_a_pair_that_stands_twice_is_refused():
    table = market(1.0, 2.0, 3.0).assign(distributor_id=["a", "b", "a"])
    with pytest.raises(InvalidInput, match=r"^distributor_id, product_id, row 2: .*a, tea"):
        compare_distributors(table)


def test_ids_that_are_lists_are_refused():
    with pytest.raises(InvalidInput, match=r"^product_id: expected ids"):
        compare_distributors(market(1.0, 2.0).assign(product_id=[["a"], ["b"]]))


# compare_policy


def policy(*rows):
    table = pd.DataFrame(rows, columns=["product_id", "low", "high"])
    return table.astype({"low": float, "high": float})


def test_the_gap_is_to_the_bound_that_is_broken():
    prices = market(9.0, 10.0, 11.0, 12.0, 13.5)
    result = compare_policy(prices, policy(("tea", 10, 12)))
    assert result["gap"].tolist() == [-1.0, 0.0, 0.0, 0.0, 1.5]
    assert result["status"].tolist() == ["below", "within", "within", "within", "above"]


def test_a_missing_bound_is_open():
    result = compare_policy(market(1.0, 100.0), policy(("tea", 10, NAN)))
    assert result["status"].tolist() == ["below", "within"]
    assert compare_policy(market(1.0), policy(("tea", NAN, NAN)))["status"].tolist() == ["within"]


def test_a_product_without_policy_breaks_nothing_and_a_missing_price_is_unknown():
    result = compare_policy(market(1.0, NAN), policy(("oil", 10, 12)))
    assert result["status"].tolist() == ["no_policy", "unknown"]
    assert result["gap"].tolist() == pytest.approx([0.0, NAN], nan_ok=True)


@pytest.mark.parametrize(("left", "right"), [("str", "category"), ("category", "str"), ("object", "str")])
def test_policy_and_prices_may_hold_their_ids_differently(left, right):
    prices = market(9.0, 11.0).astype({"product_id": left})
    bounds = policy(("oil", 1, 2), ("tea", 10, 12)).astype({"product_id": right})
    assert compare_policy(prices, bounds)["status"].tolist() == ["below", "within"]


def test_an_empty_policy_and_empty_prices_are_no_error():
    assert compare_policy(market(9.0), policy())["status"].tolist() == ["no_policy"]
    empty = compare_policy(market().astype({"price": float}), policy(("tea", 1, 2)))
    assert list(empty.columns) == ["distributor_id", "product_id", "price", "gap", "status"]
    assert len(empty) == 0


def test_a_product_with_two_policies_is_refused():
    with pytest.raises(InvalidInput, match=r"^product_id, row 1: .*occurs once, got tea"):
        compare_policy(market(9.0), policy(("tea", 1, 2), ("tea", 1, 3)))


def test_a_policy_without_product_is_refused():
    with pytest.raises(InvalidInput, match=r"^product_id, row 0: expected an id"):
        compare_policy(market(9.0), policy((None, 1, 2)))


def test_a_policy_whose_low_is_above_its_high_is_refused():
    with pytest.raises(InvalidInput, match=r"^low, row 0"):
        compare_policy(market(9.0), policy(("tea", 12, 10)))


@pytest.mark.parametrize("column", ["product_id", "low", "high"])
def test_the_policy_names_a_missing_column(column):
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        compare_policy(market(9.0), policy(("tea", 1, 2)).drop(columns=column))


@pytest.mark.parametrize("wrong", [-1.0, math.inf])
def test_a_bound_or_price_that_is_no_price_is_refused(wrong):
    with pytest.raises(InvalidInput, match=r"^low, row 0"):
        compare_policy(market(9.0), policy(("tea", wrong, NAN)))
    with pytest.raises(InvalidInput, match=r"^price, row 0"):
        compare_policy(market(wrong), policy(("tea", 1, 2)))


# compare_history


def test_the_last_price_is_set_against_the_one_before():
    result = compare_history(
        observations(
            ("north", "tea", "2026-11-01", 38),
            ("north", "tea", "2026-09-01", 41),
            ("north", "tea", "2026-10-02", 40),
        )
    )
    assert result.to_dict("records") == [
        {
            "distributor_id": "north",
            "product_id": "tea",
            "price": 38.0,
            "date": pd.Timestamp("2026-11-01"),
            "previous_price": 40.0,
            "previous_date": pd.Timestamp("2026-10-02"),
            "change": -2.0,
            "change_rate": -0.05,
            "days_since": 30.0,
            "low": 38.0,
            "high": 41.0,
            "observations": 3,
        }
    ]


def test_a_first_price_has_no_change():
    row = compare_history(observations(("north", "tea", "2026-11-01", 38))).iloc[0]
    assert row["price"] == 38
    assert row["observations"] == 1
    assert row[["previous_price", "previous_date", "change", "change_rate", "days_since"]].isna().all()


def test_a_row_without_price_or_date_is_no_observation():
    result = compare_history(
        observations(
            ("north", "tea", "2026-11-01", 38),
            ("north", "tea", "2026-11-08", NAN),
            ("north", "tea", None, 40),
            ("south", "tea", "2026-11-08", NAN),
            (None, "tea", "2026-11-08", 5),
        )
    )
    assert result["distributor_id"].tolist() == ["north", "south"]
    assert result["observations"].tolist() == [1, 0]
    assert result["price"].tolist() == pytest.approx([38.0, NAN], nan_ok=True)
    assert pd.isna(result["date"].iloc[1])


def test_a_change_from_a_price_of_nothing_is_infinite():
    result = compare_history(observations(("n", "tea", "2026-10-01", 0), ("n", "tea", "2026-11-01", 5)))
    assert result["change_rate"].tolist() == [math.inf]


history_rows = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from(["tea", "oil"]),
        st.dates(min_value=pd.Timestamp("2026-01-01").date(), max_value=pd.Timestamp("2026-03-01").date()),
        st.one_of(st.just(NAN), st.floats(0, 100)),
    ),
    min_size=1,
    unique_by=lambda row: row[:3],
)


@unhurried
@given(history_rows, st.randoms())
def test_the_history_equals_one_pair_by_pair_in_any_row_order(rows, random):
    expected = []
    for pair in sorted({row[:2] for row in rows}):
        seen = sorted((day, p) for *key, day, p in rows if tuple(key) == pair and not math.isnan(p))
        prices = [p for _, p in seen]
        last, previous = (prices[-k] if len(prices) >= k else NAN for k in (1, 2))
        gap = (seen[-1][0] - seen[-2][0]).days if len(seen) > 1 else NAN
        ends = (min(prices), max(prices)) if prices else (NAN, NAN)
        expected.append([*pair, last, previous, last - previous, gap, *ends, len(prices)])
    random.shuffle(rows)
    names = ["distributor_id", "product_id", "price", "previous_price", "change", "days_since"]
    names += ["low", "high", "observations"]
    result = compare_history(observations(*rows))[names]
    pd.testing.assert_frame_equal(result, pd.DataFrame(expected, columns=names), check_dtype=False)


def test_a_pair_that_stands_twice_on_one_date_is_refused():
    row = ("north", "tea", "2026-11-01", 38)
    with pytest.raises(InvalidInput, match=r"^distributor_id, product_id, date, row 1"):
        compare_history(observations(row, row))


def test_a_date_that_is_text_is_refused():
    table = observations(("north", "tea", "2026-11-01", 38)).assign(date="2026-11-01")
    with pytest.raises(InvalidInput, match=r"^date, row 0: expected dates"):
        compare_history(table)


@pytest.mark.parametrize("column", ["distributor_id", "product_id", "date", "price"])
def test_the_history_names_a_missing_column(column):
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        compare_history(observations(("n", "tea", "2026-11-01", 1)).drop(columns=column))


@pytest.mark.parametrize("wrong", [-1.0, math.inf])
def test_the_history_refuses_what_is_no_price(wrong):
    with pytest.raises(InvalidInput, match=r"^price, row 0"):
        compare_history(observations(("n", "tea", "2026-11-01", wrong)))


def test_an_empty_history_has_all_columns():
    result = compare_history(observations())
    assert len(result) == 0
    assert list(result.columns) == [
        *["distributor_id", "product_id", "price", "date", "previous_price", "previous_date", "change"],
        *["change_rate", "days_since", "low", "high", "observations"],
    ]


# compare_margin


def chain(*rows):
    columns = ["product_id", "purchase_price", "selling_price", "retail_price"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], float))


def test_price_inversion_is_called_out_and_a_thin_margin_told_from_a_normal_one():
    result = compare_margin(
        chain(
            ("a", 10, 9.9, 12), ("b", 10, 10, 12), ("c", 9.6, 10, 12), ("d", 8, 10, 12.5), ("e", NAN, 10, 12)
        )
    )
    assert result["status"].tolist() == ["below_cost", "thin", "thin", "normal", "unknown"]
    assert result.loc[3, ["margin", "markup", "retail_margin"]].tolist() == pytest.approx([0.2, 0.25, 0.2])
    assert math.isnan(result["margin"].iloc[4])


def test_the_status_needs_no_retail_price():
    result = compare_margin(chain(("a", 8, 10, NAN)))
    assert math.isnan(result["retail_margin"].iloc[0])
    assert result["status"].iloc[0] == "normal"


def test_thin_is_the_callers_word():
    table = chain(("a", 9, 10, 12))
    assert compare_margin(table, thin=0.1)["status"].iloc[0] == "normal"
    assert compare_margin(table, thin=0.11)["status"].iloc[0] == "thin"


@unhurried
@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_margin_and_markup_are_two_words_for_one_fact(purchase, selling):
    row = compare_margin(chain(("a", purchase, selling, selling))).iloc[0]
    assert (1 - row["margin"]) * (1 + row["markup"]) == pytest.approx(1)
    assert row["retail_margin"] == 0


@pytest.mark.parametrize("column", ["product_id", "purchase_price", "selling_price", "retail_price"])
def test_the_margins_name_a_missing_column(column):
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        compare_margin(chain(("a", 8, 10, 12)).drop(columns=column))


@pytest.mark.parametrize("column", ["purchase_price", "selling_price", "retail_price"])
@pytest.mark.parametrize("wrong", [-1.0, math.inf, "ten"])
def test_the_margins_refuse_what_is_no_price(column, wrong):
    with pytest.raises(InvalidInput, match=f"^{column}, row 0"):
        compare_margin(chain(("a", 8, 10, 12)).assign(**{column: [wrong]}))


def test_empty_margins_have_all_columns():
    result = compare_margin(chain())
    assert len(result) == 0
    assert list(result.columns)[4:] == ["margin", "markup", "retail_margin", "status"]


# compare_rivals


def rivals(*rows):
    columns = ["product_id", "rival", "price", "previous_price"]
    return pd.DataFrame(rows, columns=columns).astype({"price": float, "previous_price": float})


def test_each_rival_is_set_against_our_price():
    own = pd.DataFrame({"product_id": ["tea", "oil"], "price": [9.0, 50.0]})
    result = compare_rivals(
        own, rivals(("oil", "Ru", 40, 40), ("tea", "Bo", 10, 9.5), ("rice", "Bo", 5, NAN))
    )
    assert result["own_price"].tolist() == pytest.approx([50, 9, NAN], nan_ok=True)
    assert result["price_index"].tolist() == pytest.approx([125, 90, NAN], nan_ok=True)
    assert result["gap"].tolist() == pytest.approx([10, -1, NAN], nan_ok=True)
    assert result["moved"].tolist() == pytest.approx([0, 0.5, NAN], nan_ok=True)
    assert result["rival"].tolist() == ["Ru", "Bo", "Bo"]


def test_our_product_twice_is_refused():
    own = pd.DataFrame({"product_id": ["tea", "tea"], "price": [9.0, 9.0]})
    with pytest.raises(InvalidInput, match=r"^product_id, row 1"):
        compare_rivals(own, rivals(("tea", "Bo", 10, 9)))


@pytest.mark.parametrize("column", ["product_id", "rival", "price", "previous_price"])
def test_the_rivals_name_a_missing_column(column):
    own = pd.DataFrame({"product_id": ["tea"], "price": [9.0]})
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        compare_rivals(own, rivals(("tea", "Bo", 10, 9)).drop(columns=column))


@pytest.mark.parametrize("wrong", [-1.0, math.inf])
def test_the_rivals_refuse_what_is_no_price(wrong):
    own = pd.DataFrame({"product_id": ["tea"], "price": [9.0]})
    with pytest.raises(InvalidInput, match=r"^price, row 0"):
        compare_rivals(own, rivals(("tea", "Bo", wrong, 9)))
    with pytest.raises(InvalidInput, match=r"^previous_price, row 0"):
        compare_rivals(own, rivals(("tea", "Bo", 9, wrong)))
    with pytest.raises(InvalidInput, match=r"^price, row 0"):
        compare_rivals(own.assign(price=wrong), rivals(("tea", "Bo", 9, 9)))


def test_no_rivals_give_an_empty_table_with_all_columns():
    result = compare_rivals(pd.DataFrame({"product_id": ["tea"], "price": [9.0]}), rivals())
    assert len(result) == 0
    assert list(result.columns)[4:] == ["own_price", "price_index", "gap", "moved"]


# Real prices


def wholesale_prices():
    """One price a customer and product: the last of November, whatever was bought or sent back."""
    lines = pd.read_csv(
        real_data("uci_lines_2011_11.csv.gz"),
        dtype={"CustomerID": "str", "StockCode": "str", "InvoiceNo": "str"},
    )
    lines = lines[lines["CustomerID"].notna()]
    last = lines.groupby(["CustomerID", "StockCode"], as_index=False)["UnitPrice"].last()
    return last.set_axis(["distributor_id", "product_id", "price"], axis=1)


def test_of_a_months_wholesale_prices_the_customer_at_twice_the_price_is_found_and_the_ordinary_ones_not():
    prices = wholesale_prices()
    assert len(prices) == 55_672
    plain = compare_distributors(prices)
    pays_list = plain["deviation"] == 0
    has_list = pays_list.groupby(plain["product_id"]).transform("mean") > 0.6
    usual = plain[pays_list & has_list & (plain["peers"] >= 10)]
    planted = usual.groupby("product_id").head(1).index
    assert len(planted) > 1000
    doubled = prices.copy()
    doubled.loc[planted, "price"] *= 2
    result = compare_distributors(doubled)
    assert (result.loc[planted, "status"] == "high").all()
    at_median = (result["deviation"] == 0) & (result["peers"] >= 3)
    assert at_median.sum() > 30_000
    assert (result.loc[at_median, "status"] == "normal").all()


def test_a_months_wholesale_prices_agree_with_a_product_by_product_count():
    prices = wholesale_prices()
    some = prices[prices["product_id"].isin(prices["product_id"].drop_duplicates().iloc[:25])]
    pd.testing.assert_frame_equal(
        compare_distributors(some)[[*FIGURES, "status"]].astype({"status": object}),
        slow_comparison(some).astype({"status": object}),
        check_dtype=False,
    )


def test_a_states_liquor_margins_follow_cost_and_retail_price():
    lines = pd.read_csv(real_data("iowa_liquor_2012-01-31.csv.gz"))
    table = pd.DataFrame(
        {
            "product_id": lines["item_number"],
            "purchase_price": lines["state_bottle_cost"],
            "selling_price": lines["state_bottle_retail"],
            "retail_price": lines["state_bottle_retail"] * 1.25,
        }
    )
    result = compare_margin(table)
    # The state adds half to its cost: a third of the price it sells at.
    assert result["margin"].median() == pytest.approx(1 / 3, abs=0.002)
    priced = table["selling_price"] > 0
    assert result.loc[priced, "retail_margin"].to_numpy() == pytest.approx(0.2)
    assert result.loc[~priced, ["margin", "retail_margin"]].isna().all(axis=None)
