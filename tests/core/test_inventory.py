"""Stock against sales: worked examples, laws, bad input and real stock."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.inventory import (
    classify_abc,
    classify_xyz,
    days_of_supply,
    derived_sales,
    gmroi,
    near_expiry,
    own_share,
    periods_of_supply,
    sales_rate,
    stock_change,
    stock_status,
    stock_to_sales_ratio,
    turnover,
)
from tests.real_data import real_data

NAN = float("nan")
unhurried = settings(deadline=None)
AS_OF = pd.Timestamp("2026-11-21")


def stock(*rows):
    columns = ["product_id", "on_hand", "sales", "days"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], float))


def count(**on_hand):
    return pd.DataFrame({"product_id": list(on_hand), "on_hand": list(on_hand.values())}).astype(
        {"product_id": str, "on_hand": float}
    )


def lots_of(*rows):
    """Lots from (product, lot, days left or None, quantity)."""
    table = pd.DataFrame(rows, columns=["product_id", "lot", "left", "quantity"])
    expires_on = AS_OF + pd.to_timedelta(table["left"].astype(float), unit="D")
    return table.drop(columns="left").assign(
        expires_on=expires_on.astype("datetime64[ns]"), quantity=table["quantity"].astype(float)
    )


# Formulas


def test_turnover_and_gmroi_of_a_shop_that_sells_its_stock_four_times_a_year():
    # Cost of sales 600, stock at cost 150 on average, margin 400: 4 turns, 2.67 of margin a unit of stock.
    assert turnover(600.0, 150.0) == 4
    assert gmroi(400.0, 150.0) == pytest.approx(2.667, abs=5e-4)


@unhurried
@given(st.floats(1, 1e6), st.floats(0.01, 0.99), st.floats(1, 1e6))
def test_gmroi_is_turnover_times_margin_over_cost_rate(sales, margin_rate, average_stock):
    cost = sales * (1 - margin_rate)
    expected = turnover(cost, average_stock) * margin_rate / (1 - margin_rate)
    assert gmroi(sales * margin_rate, average_stock) == pytest.approx(expected)


def test_the_stock_to_sales_ratio_divides_stock_by_sales():
    assert stock_to_sales_ratio([300, 0, 5, 0], [200, 10, 0, 0]).tolist() == pytest.approx(
        [1.5, 0, math.inf, NAN], nan_ok=True
    )


def test_the_sales_rate_counts_the_days_in_stock_only():
    assert sales_rate(60, 30) == 2
    assert sales_rate(60, 30, 10) == 3
    assert sales_rate(60, 30, 30) == 2
    assert sales_rate([60, 60], 30, [10, NAN]).tolist() == pytest.approx([3, NAN], nan_ok=True)
    assert math.isnan(sales_rate(0, 0))


def test_days_of_supply_of_nothing_is_zero_and_without_sales_undefined():
    result = days_of_supply([10, 0, 0, 5, 5, -6, NAN], [30, 30, 0, 0, -3, 30, 30], 30)
    assert result.tolist() == pytest.approx([10, 0, 0, NAN, NAN, -6, NAN], nan_ok=True)
    assert days_of_supply(10, 30, 30) == 10
    assert math.isnan(days_of_supply(5, 5, 0))


def test_derived_sales_may_be_negative():
    assert derived_sales(100, 50, 10, 60) == 80
    assert derived_sales([10, 10], [0, 0], 0, [12, NAN]).tolist() == pytest.approx([-2, NAN], nan_ok=True)


@pytest.mark.parametrize(
    ("on_hand", "demand", "expected"),
    [
        (10, [2, 3, 4, 2], 3.5),
        (5, [2, 2, 4], 2.25),
        (11, [2, 3, 4, 2], 4),
        (5, [5, 0, 3], 1),
        (0, [2, 3], 0),
        (-1, [2, 3], 0),
        (12, [2, 3, 4, 2], NAN),
        (1, [], NAN),
        (0, [], 0),
        (NAN, [2, 3], NAN),
        (3, [2, NAN, 9], NAN),
        (2, [2, NAN, 9], 1),
        (4, [0, 0, 8], 2.5),
        (0.8, [0.1] * 8, 8),
    ],
)
def test_forward_cover_of_published_and_edge_cases(on_hand, demand, expected):
    assert periods_of_supply(on_hand, demand) == pytest.approx(expected, nan_ok=True)


def test_forward_cover_takes_items_as_rows():
    assert periods_of_supply([10, 5], [[2, 3, 4, 2], [2, 2, 4, 0]]).tolist() == [3.5, 2.25]
    assert periods_of_supply(4, pd.DataFrame([[2, 2], [4, 0]])).tolist() == [2, 1]
    assert periods_of_supply([1, 2], [2, 2]).tolist() == [0.5, 1]


@unhurried
@given(st.floats(0, 100), st.lists(st.floats(0, 20), max_size=8))
def test_forward_cover_equals_selling_period_by_period(on_hand, demand):
    left, expected = on_hand, NAN if on_hand > 0 else 0.0
    for number, wanted in enumerate(demand):
        if expected == expected or left <= 0:
            break
        if wanted >= left * (1 - 1e-9):
            expected = number + min(left / wanted, 1.0)
        left -= wanted
    result = periods_of_supply(on_hand, demand)
    if sum(demand) == pytest.approx(on_hand):
        assert math.isnan(result) or 0 <= result <= len(demand)
    else:
        assert result == pytest.approx(expected, nan_ok=True, abs=1e-6)


@pytest.mark.parametrize("wrong", [math.inf, "5", True, [1, "x"]])
@pytest.mark.parametrize(
    "formula",
    [
        lambda x: stock_to_sales_ratio(x, 1),
        lambda x: sales_rate(x, 30),
        lambda x: days_of_supply(1, x, 30),
        lambda x: periods_of_supply(1, x),
        lambda x: turnover(x, 1),
        lambda x: gmroi(1, x),
        lambda x: derived_sales(1, x, 1, 1),
    ],
)
def test_formulas_refuse_what_is_no_finite_number(formula, wrong):
    with pytest.raises(InvalidInput):
        formula(wrong)


def test_negative_days_are_refused():
    with pytest.raises(InvalidInput, match=r"^days: .*at least 0"):
        days_of_supply(1, 1, -30)
    with pytest.raises(InvalidInput, match=r"^stockout_days, row 1"):
        sales_rate(1, 30, [0, -1])


# classify_abc


def slow_abc(values, cuts=(0.80, 0.95)):
    total = sum(v for v in values if v > 0)
    classes = []
    for value in values:
        before = sum(v for v in values if v > value)
        if not value > 0:
            classes.append("C")
        else:
            classes.append("A" if before < cuts[0] * total else "B" if before < cuts[1] * total else "C")
    return classes


def test_abc_of_a_ten_item_table():
    # Percent before each item: 0 40 65 | 80 86 90 93 95 | 97 98.5. The fourth begins at the cut and is B; the
    # eighth begins at 95 but equals the seventh, so it is B as well.
    values = [40, 25, 15, 6, 4, 3, 2, 2, 1.5, 1.5]
    assert "".join(classify_abc(values)) == "AAABBBBBCC"


def test_the_item_that_crosses_the_cut_still_has_the_class_it_began_in():
    assert classify_abc([79, 18, 3]).tolist() == ["A", "A", "C"]
    assert classify_abc([100]).tolist() == ["A"]


def test_a_share_that_reaches_the_cut_but_for_rounding_has_reached_it():
    assert 0.5 + 0.2 + 0.1 < 0.8
    assert "".join(classify_abc([0.5, 0.2, 0.1, 0.09, 0.07, 0.04])) == "AAABBC"


def test_equal_values_share_the_class_of_the_first_of_them():
    assert set(classify_abc([1.0] * 10).tolist()) == {"A"}
    assert classify_abc([70, 15, 15]).tolist() == ["A", "A", "A"]


def test_zero_negative_and_missing_values_are_c_and_count_for_nothing():
    assert classify_abc([10, 0, -5, NAN]).tolist() == ["A", "C", "C", "C"]
    assert classify_abc([0, NAN]).tolist() == ["C", "C"]
    assert classify_abc([]).tolist() == []


def test_the_cuts_are_the_callers():
    assert classify_abc([50, 30, 20], cuts=(0.5, 0.8)).tolist() == ["A", "B", "C"]
    for wrong in [(0.9, 0.8), (0, 0.5), (0.5, 1.2)]:
        with pytest.raises(InvalidInput, match=r"^cuts: "):
            classify_abc([1, 2], cuts=wrong)


@unhurried
@given(st.lists(st.one_of(st.integers(-5, 50), st.just(NAN))))
def test_abc_equals_an_item_by_item_count(values):
    total = sum(v for v in values if v > 0)
    at_a_cut = any(
        abs(sum(v for v in values if v > value) - cut * total) < 1e-9
        for value in values
        for cut in (0.8, 0.95)
    )
    if not at_a_cut:
        assert classify_abc(values).tolist() == slow_abc(values)


def test_the_largest_and_the_smallest_numbers_have_classes_too():
    assert classify_abc([1.7e308, 1.7e308, 1.7e308, 1e290]).tolist() == ["A", "A", "A", "C"]
    assert classify_abc([5e-324, 5e-324]).tolist() == ["A", "A"]


@unhurried
@given(st.lists(st.floats(0, allow_infinity=False), min_size=1), st.data())
def test_an_items_class_never_improves_when_its_value_falls(values, data):
    item = data.draw(st.integers(0, len(values) - 1))
    fallen = list(values)
    fallen[item] *= data.draw(st.floats(0, 1))
    assert classify_abc(fallen)[item] >= classify_abc(values)[item]


@unhurried
@given(st.lists(st.floats(-10, 1e6)), st.randoms())
def test_abc_does_not_depend_on_row_order(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    shuffled = classify_abc([values[i] for i in order])
    assert shuffled.tolist() == classify_abc(values)[order].tolist()


@pytest.mark.parametrize("wrong", [[1.0, math.inf], ["a"], [True, False], 5.0, [[1.0, 2.0]]])
def test_abc_refuses_what_is_no_row_of_finite_numbers(wrong):
    with pytest.raises(InvalidInput, match=r"^values"):
        classify_abc(wrong)


# classify_xyz


def test_xyz_of_a_steady_a_swinging_and_an_irregular_item():
    # Population coefficients of variation: 0, 0.5 (on the cut), 0.82, 1 (on the cut), 1.41.
    rows = [[10, 10, 10, 10], [1, 3, 1, 3], [0, 1, 2, 1], [0, 2, 0, 2], [0, 0, 0, 6]]
    assert classify_xyz(rows).tolist() == ["X", "X", "Y", "Y", "Z"]


def test_an_item_without_positive_mean_or_with_a_missing_period_is_z():
    assert classify_xyz([[0, 0], [-1, -1], [1, NAN]]).tolist() == ["Z", "Z", "Z"]
    assert classify_xyz(np.empty((2, 0))).tolist() == ["Z", "Z"]
    assert classify_xyz(np.empty((0, 3))).tolist() == []
    assert classify_xyz([5, 5]) == "X"


def test_the_xyz_cuts_are_the_callers():
    assert classify_xyz([[1, 3]], cuts=(0.1, 0.2)).tolist() == ["Z"]
    with pytest.raises(InvalidInput, match=r"^cuts: "):
        classify_xyz([[1, 3]], cuts=(1.0, 0.5))


def test_xyz_refuses_what_is_not_finite():
    with pytest.raises(InvalidInput, match=r"^series, row b: "):
        classify_xyz(pd.DataFrame([[1.0, 2.0], [1.0, math.inf]], index=["a", "b"]))
    with pytest.raises(InvalidInput, match=r"^series: expected rows"):
        classify_xyz(np.ones((2, 2, 2)))


# stock_status


def test_each_status_in_its_turn():
    table = stock(
        ("unknown", NAN, 30, 30),
        ("negative", -1, 30, 30),
        ("out", 0, 30, 30),
        ("none", 0, 0, 30),
        ("dead", 5, 0, 30),
        ("dead", 5, -2, 30),
        ("short", 9, 30, 30),
        ("normal", 10, 30, 30),
        ("normal", 45, 30, 30),
        ("excess", 46, 30, 30),
        ("unknown", 5, NAN, 30),
        ("unknown", 5, 30, NAN),
        ("unknown", 5, 30, 0),
        ("none", 0, -2, 30),
    )
    result = stock_status(table, min_days=10, max_days=45)
    assert result["status"].tolist() == table["product_id"].tolist()
    assert result["days_of_supply"].iloc[[1, 2, 3, 4, 7]].tolist() == pytest.approx(
        [-1, 0, 0, NAN, 10], nan_ok=True
    )


def test_bounds_may_stand_one_a_row():
    table = stock(("a", 10, 30, 30), ("b", 10, 30, 30), ("c", 10, 30, 30), ("d", 10, 0, 30))
    result = stock_status(table, min_days=[5, 11, NAN, NAN], max_days=pd.Series([9, 20, 20, 20]))
    assert result["status"].tolist() == ["excess", "short", "unknown", "dead"]


def test_bounds_that_do_not_fit_the_table_are_refused():
    table = stock(("a", 10, 30, 30), ("b", 10, 30, 30))
    with pytest.raises(InvalidInput, match=r"^min_days: expected one number or one a row"):
        stock_status(table, min_days=[1, 2, 3], max_days=9)
    with pytest.raises(InvalidInput, match=r"^min_days, row 0: expected no more"):
        stock_status(table, min_days=10, max_days=9)
    with pytest.raises(InvalidInput, match=r"^max_days: .*finite"):
        stock_status(table, min_days=1, max_days=math.inf)


@pytest.mark.parametrize("column", ["product_id", "on_hand", "sales", "days"])
def test_the_stock_names_a_missing_column(column):
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        stock_status(stock(("a", 1, 1, 1)).drop(columns=column), min_days=1, max_days=2)


@pytest.mark.parametrize("column", ["on_hand", "sales", "days"])
@pytest.mark.parametrize("wrong", [math.inf, "ten"])
def test_the_stock_refuses_what_is_no_finite_number(column, wrong):
    with pytest.raises(InvalidInput, match=f"^{column}, row 0: "):
        stock_status(stock(("a", 1, 1, 1)).assign(**{column: [wrong]}), min_days=1, max_days=2)


def test_the_callers_stock_table_stays_as_it_is_and_its_index_is_kept():
    table = stock(("a", 10, 30, 30), ("b", 0, 0, 30)).set_index(pd.Index([5, 5]))
    copy = table.copy(deep=True)
    result = stock_status(table, min_days=1, max_days=2)
    pd.testing.assert_frame_equal(table, copy)
    assert result.index.tolist() == [5, 5]


def test_empty_stock_comes_back_empty_with_all_columns():
    result = stock_status(stock(), min_days=1, max_days=2)
    assert list(result.columns) == ["product_id", "on_hand", "sales", "days", "days_of_supply", "status"]
    assert len(result) == 0


# own_share


def goods(own, value):
    return pd.DataFrame({"product_id": [f"p{i}" for i in range(len(own))], "own": own, "value": value})


def test_our_share_is_our_value_of_the_total():
    assert own_share(goods([True, False, True], [20.0, 60.0, 20.0])) == pytest.approx(0.4)
    assert own_share(goods([False], [5.0])) == 0


def test_rows_that_miss_whose_they_are_or_their_value_count_for_nobody():
    assert own_share(goods([True, None, False, False], [20.0, 99.0, 60.0, NAN])) == 0.25
    assert own_share(goods(pd.array([True, None, False], dtype="boolean"), [1.0, 9.0, 3.0])) == 0.25


def test_the_share_of_nothing_is_undefined():
    assert math.isnan(own_share(goods([], [])))
    assert math.isnan(own_share(goods([True], [0.0])))
    assert own_share(goods([True, False], [5.0, -5.0])) == math.inf


@pytest.mark.parametrize("wrong", [[1, 0], ["yes", "no"], [True, "no"]])
def test_own_must_be_true_or_false(wrong):
    with pytest.raises(InvalidInput, match=r"^own, row .: expected true or false"):
        own_share(goods(wrong, [1.0, 2.0]))


@pytest.mark.parametrize("column", ["product_id", "own", "value"])
def test_the_share_names_a_missing_column(column):
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        own_share(goods([True], [1.0]).drop(columns=column))


def test_an_infinite_value_is_refused():
    with pytest.raises(InvalidInput, match=r"^value, row 1"):
        own_share(goods([True, False], [1.0, math.inf]))


# stock_change


def test_each_kind_of_change_between_two_counts():
    before = count(gone=4, down=9, same=5, up=1, emptied=3, uncounted=2)
    after = count(up=6, same=5, down=7, new=8, emptied=0, uncounted=NAN)
    result = stock_change(before, after).set_index("product_id")
    assert result.index.tolist() == ["gone", "down", "same", "up", "emptied", "uncounted", "new"]
    assert result["kind"].tolist() == ["gone", "down", "same", "up", "down", "unknown", "new"]
    assert result["change"].tolist() == pytest.approx([-4, -2, 0, 5, -3, NAN, 8], nan_ok=True)
    assert math.isnan(result.loc["gone", "after"])
    assert math.isnan(result.loc["new", "before"])


counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-5, 50)).map(lambda c: count(**c))


@unhurried
@given(counts, counts)
def test_the_changes_sum_to_the_difference_of_the_counts(before, after):
    result = stock_change(before, after)
    assert result["change"].sum() == after["on_hand"].sum() - before["on_hand"].sum()
    assert set(result["product_id"]) == set(before["product_id"]) | set(after["product_id"])


@unhurried
@given(counts, counts)
def test_the_change_back_is_the_change_turned_round(before, after):
    there = stock_change(before, after).set_index("product_id")["change"].sort_index()
    back = stock_change(after, before).set_index("product_id")["change"].sort_index()
    pd.testing.assert_series_equal(there, -back)


def test_two_empty_counts_give_an_empty_change_with_all_columns():
    result = stock_change(count(), count())
    assert list(result.columns) == ["product_id", "before", "after", "change", "kind"]
    assert len(result) == 0


def test_categories_of_two_counts_may_differ():
    before, after = (c.astype({"product_id": "category"}) for c in (count(a=1, b=2), count(b=2, c=3)))
    assert stock_change(before, after)["kind"].tolist() == ["gone", "same", "new"]


@pytest.mark.parametrize("side", [0, 1])
def test_a_product_counted_twice_or_without_name_is_refused(side):
    for wrong, expected in [
        (pd.concat([count(a=1), count(a=2)], ignore_index=True), r"^product_id, row 1: .*occurs once"),
        (count(a=1).assign(product_id=None), r"^product_id, row 0: expected an id"),
        (count(a=1).assign(on_hand=math.inf), r"^on_hand, row 0"),
        (count(a=1).assign(on_hand="x"), r"^on_hand, row 0"),
        (count(a=1).drop(columns="product_id"), r"^product_id: "),
        (count(a=1).drop(columns="on_hand"), r"^on_hand: "),
    ]:
        tables = [count(a=1), count(a=1)]
        tables[side] = wrong
        with pytest.raises(InvalidInput, match=expected):
            stock_change(*tables)


# near_expiry


def sold_day_by_day(table, rates):
    """What is left of each lot when the rate is sold each day from the lot that expires first."""
    left = table["quantity"].clip(lower=0).tolist()
    days_left = (table["expires_on"] - AS_OF).dt.days.tolist()
    order = sorted(range(len(table)), key=lambda i: (days_left[i], table["lot"].iloc[i]))
    for day in range(1, 70):
        for product, rate in rates.items():
            can_sell = rate
            for i in order:
                if table["product_id"].iloc[i] == product and days_left[i] >= day:
                    sold = min(can_sell, left[i])
                    left[i] -= sold
                    can_sell -= sold
    return left


def test_the_quantity_that_cannot_be_sold_before_its_date_is_at_risk():
    lots = lots_of(("milk", "b", 15, 10), ("milk", "a", 2, 10), ("milk", "c", 18, 10))
    # Two days sell 2 of a; thirteen more could sell 13, b has 10; the last three days sell 3, c then sells 6.
    result = near_expiry(lots, {"milk": 1.0}, AS_OF)
    assert result["days_left"].tolist() == [15, 2, 18]
    assert result["at_risk"].tolist() == [0, 8, 4]


def test_expired_lots_are_wholly_at_risk_and_lots_that_keep_never():
    lots = lots_of(("milk", "a", -3, 10), ("milk", "b", 0, 5), ("milk", "c", None, 7), ("milk", "d", 100, 4))
    result = near_expiry(lots, {"milk": 1.0}, AS_OF)
    assert result["at_risk"].tolist() == [10, 5, 0, 0]
    assert result["days_left"].tolist() == pytest.approx([-3, 0, NAN, 100], nan_ok=True)


def test_without_a_rate_the_risk_of_a_dated_lot_is_unknown():
    lots = lots_of(("milk", "a", 9, 10), ("milk", "b", None, 10), ("tea", "a", 9, 10))
    for rates in ({}, {"milk": NAN, "oil": 3.0}):
        assert near_expiry(lots, rates, AS_OF)["at_risk"].tolist() == pytest.approx(
            [NAN, 0, NAN], nan_ok=True
        )


def test_what_does_not_sell_at_all_is_at_risk_and_so_with_more_returns_than_sales():
    lots = lots_of(("milk", "a", 9, 10), ("milk", "b", -9, 10))
    assert near_expiry(lots, {"milk": 0.0}, AS_OF)["at_risk"].tolist() == [10, 10]
    assert near_expiry(lots, {"milk": -2.0}, AS_OF)["at_risk"].tolist() == [10, 10]


def test_lots_of_one_date_go_in_the_order_of_their_names():
    lots = lots_of(("milk", "b", 5, 4), ("milk", "a", 5, 4), ("tea", "a", 5, 1))
    assert near_expiry(lots, {"milk": 1.0, "tea": 1.0}, AS_OF)["at_risk"].tolist() == [3, 0, 0]


def test_an_uncounted_or_negative_lot_takes_nothing_from_the_others():
    lots = lots_of(("milk", "a", 5, NAN), ("milk", "b", 6, -3), ("milk", "c", 7, 9))
    result = near_expiry(lots, {"milk": 1.0}, AS_OF)
    assert result["at_risk"].tolist() == pytest.approx([NAN, 0, 2], nan_ok=True)


lot_rows = st.dictionaries(
    st.tuples(st.sampled_from(["milk", "tea"]), st.sampled_from("abcde")),
    st.tuples(st.integers(-5, 60), st.integers(0, 40)),
    min_size=1,
).map(lambda found: lots_of(*((*key, *value) for key, value in found.items())))


@unhurried
@given(lot_rows, st.sampled_from([0.0, 0.5, 1.0, 3.0]), st.sampled_from([0.25, 2.0]))
def test_the_risk_equals_a_sale_day_by_day(lots, milk, tea):
    rates = {"milk": milk, "tea": tea}
    expected = sold_day_by_day(lots, rates)
    assert near_expiry(lots, rates, AS_OF)["at_risk"].tolist() == pytest.approx(expected, abs=1e-9)


@unhurried
@given(lot_rows, st.randoms())
def test_the_risk_does_not_depend_on_row_order(lots, random):
    order = list(range(len(lots)))
    random.shuffle(order)
    rates = pd.Series({"tea": 0.7, "milk": 1.3})
    shuffled = near_expiry(lots.iloc[order], rates, AS_OF).sort_index()
    pd.testing.assert_frame_equal(shuffled, near_expiry(lots, rates, AS_OF))


@unhurried
@given(lot_rows)
def test_the_risk_lies_between_nothing_and_the_lot(lots):
    result = near_expiry(lots, {"milk": 0.3, "tea": 1.1}, AS_OF)
    assert (result["at_risk"] >= 0).all()
    assert (result["at_risk"] <= result["quantity"]).all()


def test_ids_of_lots_may_be_categories_and_the_rates_a_series():
    lots = lots_of(("milk", "a", 2, 10), ("tea", "a", 2, 10)).astype({"product_id": "category"})
    rates = pd.Series([1.0, 2.0], index=pd.CategoricalIndex(["tea", "milk"]))
    assert near_expiry(lots, rates, "2026-11-21")["at_risk"].tolist() == [6, 8]


def test_lots_without_name_stand_once_a_product():
    lots = lots_of(("milk", None, 2, 10), ("tea", None, 2, 10))
    assert near_expiry(lots, {"milk": 1.0, "tea": 0.0}, AS_OF.date())["at_risk"].tolist() == [8, 10]


def test_a_lot_that_stands_twice_is_refused():
    with pytest.raises(InvalidInput, match=r"^product_id, lot, row 1: .*milk, a"):
        near_expiry(lots_of(("milk", "a", 2, 1), ("milk", "a", 3, 1)), {"milk": 1.0}, AS_OF)


@pytest.mark.parametrize("column", ["product_id", "lot", "expires_on", "quantity"])
def test_the_lots_name_a_missing_column(column):
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        near_expiry(lots_of(("milk", "a", 2, 1)).drop(columns=column), {"milk": 1.0}, AS_OF)


def test_quantities_and_dates_of_another_kind_are_refused():
    lots = lots_of(("milk", "a", 2, 1))
    with pytest.raises(InvalidInput, match=r"^quantity, row 0"):
        near_expiry(lots.assign(quantity="one"), {"milk": 1.0}, AS_OF)
    with pytest.raises(InvalidInput, match=r"^quantity, row 0: .*finite"):
        near_expiry(lots.assign(quantity=math.inf), {"milk": 1.0}, AS_OF)
    with pytest.raises(InvalidInput, match=r"^expires_on, row 0"):
        near_expiry(lots.assign(expires_on="2026-12-01"), {"milk": 1.0}, AS_OF)


@pytest.mark.parametrize("rates", [1.0, [1.0], {"milk": math.inf}, {"milk": "much"}])
def test_rates_that_are_no_rates_by_product_are_refused(rates):
    with pytest.raises(InvalidInput, match=r"^sales_per_day"):
        near_expiry(lots_of(("milk", "a", 2, 1)), rates, AS_OF)


def test_two_rates_of_one_product_are_refused():
    with pytest.raises(InvalidInput, match=r"^product_id, row milk: "):
        near_expiry(lots_of(("milk", "a", 2, 1)), pd.Series([1.0, 2.0], index=["milk", "milk"]), AS_OF)


@pytest.mark.parametrize("as_of", ["soon", None, pd.NaT, pd.Timestamp("2026-11-21", tz="UTC")])
def test_a_day_of_the_count_that_is_none_is_refused(as_of):
    with pytest.raises(InvalidInput, match=r"^as_of: "):
        near_expiry(lots_of(("milk", "a", 2, 1)), {"milk": 1.0}, as_of)


def test_no_lots_give_an_empty_table_with_all_columns():
    result = near_expiry(lots_of(), {"milk": 1.0}, AS_OF)
    assert sorted(result.columns) == sorted(
        ["product_id", "lot", "expires_on", "quantity", "days_left", "at_risk"]
    )
    assert len(result) == 0


def test_the_callers_lots_stay_as_they_are_and_their_index_is_kept():
    lots = lots_of(("milk", "b", 5, 4), ("milk", "a", 2, 4)).set_index(pd.Index(["x", "x"]))
    copy = lots.copy(deep=True)
    assert near_expiry(lots, {"milk": 1.0}, AS_OF).index.tolist() == ["x", "x"]
    pd.testing.assert_frame_equal(lots, copy)


# Real stock and sales


def product_months():
    table = pd.read_csv(real_data("uci_product_month.csv.gz"), dtype={"stock_code": "str"})
    return table.rename(columns={"stock_code": "product_id"})


def test_northwinds_stock_against_its_last_quarter_of_sales():
    products = pd.read_csv(real_data("northwind_products.csv"), dtype={"productID": "str"})
    lines = pd.read_csv(real_data("northwind_order_lines.csv.gz"), dtype={"productID": "str"})
    recent = lines[pd.to_datetime(lines["orderDate"]) > "1998-02-06"]
    sold = recent.groupby("productID")["quantity"].sum()
    table = pd.DataFrame(
        {
            "product_id": products["productID"],
            "on_hand": products["unitsInStock"],
            "sales": products["productID"].map(sold).fillna(0),
            "days": 89,
        }
    )
    result = stock_status(table, min_days=14, max_days=90)
    by_hand = [
        ("out" if s > 0 else "none")
        if h == 0
        else "dead"
        if s <= 0
        else "short"
        if h * 89 < 14 * s
        else "excess"
        if h * 89 > 90 * s
        else "normal"
        for h, s in zip(table["on_hand"], table["sales"], strict=True)
    ]
    assert len(result) == 77
    assert result["status"].tolist() == by_hand
    assert {"out", "short", "normal", "excess"} <= set(by_hand)


def test_a_years_products_of_a_wholesaler_fall_into_abc_as_their_revenue_says():
    revenue = product_months().groupby("product_id")["revenue"].sum()
    classes = pd.Series(classify_abc(revenue), index=revenue.index)
    positive = revenue[revenue > 0].sum()
    a_share = revenue[classes == "A"].sum() / positive
    assert 0.80 <= a_share < 0.81
    assert 0.95 <= revenue[classes != "C"].sum() / positive < 0.96
    assert (classes == "A").mean() < 0.25
    assert revenue[classes == "A"].min() > revenue[classes == "B"].max()


def test_a_years_products_of_a_wholesaler_fall_into_xyz_as_pandas_measures_them():
    monthly = product_months().pivot_table(index="product_id", columns="month", values="qty", fill_value=0)
    variation = monthly.std(axis=1, ddof=0) / monthly.mean(axis=1)
    expected = np.select(
        [monthly.mean(axis=1) <= 0, variation <= 0.5, variation <= 1.0], ["Z", "X", "Y"], default="Z"
    )
    classes = classify_xyz(monthly)
    assert (classes == expected).all()
    assert set(classes) == {"X", "Y", "Z"}


def test_a_vendors_share_of_a_states_liquor_is_what_a_group_by_gives():
    lines = pd.read_csv(real_data("iowa_liquor_2012-01-31.csv.gz"))
    by_vendor = lines.groupby("vendor_name")["sale_dollars"].sum()
    vendor = by_vendor.idxmax()
    table = pd.DataFrame(
        {
            "product_id": lines["item_number"],
            "own": lines["vendor_name"] == vendor,
            "value": lines["sale_dollars"],
        }
    )
    assert own_share(table) == pytest.approx(by_vendor.max() / by_vendor.sum())
