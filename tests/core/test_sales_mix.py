"""What the distributor lives on: worked examples, laws, bad input and real sales."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.sales_mix import display_score, price_volume_mix, sales_mix, share_of_sales
from tests.real_data import real_data

NAN = float("nan")
unhurried = settings(deadline=None)
ADDED = ["share", "margin_share", "unit_margin", "rank", "cumulative_share", "abc", "role"]
EFFECTS = ["price", "volume", "mix", "new", "discontinued"]


def sales(*rows):
    columns = ["product_id", "quantity", "revenue", "cost"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], float))


def period(**sold):
    """A period from product=(quantity, revenue)."""
    rows = [(product, quantity, revenue) for product, (quantity, revenue) in sold.items()]
    table = pd.DataFrame(rows, columns=["product_id", "quantity", "revenue"])
    return table.astype({"product_id": "str", "quantity": float, "revenue": float})


def menu():
    """Five dishes by Kasavana and Smith's method: 1,000 sold, so 140 are popular; 2.05 a dish is rich."""
    return sales(
        ("shrimp", 210, 1669.50, 1029.00),
        ("chicken", 420, 2079.00, 928.20),
        ("steak", 90, 760.50, 342.00),
        ("lobster", 160, 1600.00, 1280.00),
        ("pasta", 120, 420.00, 220.00),
    )


amounts = st.floats(-1000, 1e5).map(lambda x: round(x, 2))
tables = st.dictionaries(
    st.sampled_from("abcdefghij"), st.tuples(st.integers(-3, 200), amounts, amounts), min_size=1
).map(lambda found: sales(*((product, *values) for product, values in found.items())))
sellers = st.dictionaries(
    st.sampled_from("abcdefghij"),
    st.tuples(st.integers(0, 200), st.floats(0.01, 1e4), st.floats(0.01, 1e4)),
    min_size=1,
).map(lambda found: sales(*((product, *values) for product, values in found.items())))
periods = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(st.integers(-3, 100), st.integers(-100, 5000)), min_size=1
).map(lambda found: period(**found))


# sales_mix


def test_the_matrix_of_kasavana_and_smith():
    result = sales_mix(menu()).set_index("product_id")
    # Contribution a dish by hand: 640.5 / 210, 1150.8 / 420, 418.5 / 90, 320 / 160, 200 / 120.
    assert result["unit_margin"].tolist() == pytest.approx([3.05, 2.74, 4.65, 2.00, 1.6667], abs=1e-4)
    # Total contribution 2729.8 over 1,000 dishes: 2.7298.
    assert result["role"].to_dict() == {
        "shrimp": "star",
        "chicken": "star",
        "steak": "puzzle",
        "lobster": "plowhorse",
        "pasta": "dog",
    }


def test_shares_ranks_and_classes_of_the_menu():
    result = sales_mix(menu()).set_index("product_id")
    assert result["share"].to_dict() == pytest.approx(
        {p: r / 6529 for p, r in zip(menu()["product_id"], menu()["revenue"], strict=True)}
    )
    assert result["rank"].tolist() == [2, 1, 4, 3, 5]
    assert result["cumulative_share"].tolist() == pytest.approx(
        [3748.5 / 6529, 2079 / 6529, 6109 / 6529, 5348.5 / 6529, 1]
    )
    assert result["abc"].tolist() == ["A", "A", "B", "A", "B"]
    assert result["margin_share"]["steak"] == pytest.approx(418.5 / 2729.8)


def test_popular_is_seventy_percent_of_an_equal_share_of_what_sold():
    # Ten products sold 100 in all: the line is at 7, also with an eleventh that did not sell.
    table = sales(
        *((f"p{i}", q, 10 * q, 5 * q) for i, q in enumerate([7, 6, 12, 12, 12, 12, 10, 10, 10, 9, 0]))
    )
    result = sales_mix(table)
    assert result["role"].tolist()[:2] == ["star", "puzzle"]
    assert result["role"].iloc[10] == "none"
    assert sales_mix(table, popularity=0.5)["role"].iloc[1] == "star"


def test_equal_products_are_all_stars_whatever_the_rounding():
    result = sales_mix(sales(*((p, q, q * 1.1, q * 0.7) for p, q in zip("abcdefg", [3] * 7, strict=True))))
    assert result["role"].tolist() == ["star"] * 7
    assert result["rank"].tolist() == [1] * 7
    assert result["cumulative_share"].tolist() == pytest.approx([1] * 7)
    assert result["abc"].tolist() == ["A"] * 7


def test_one_product_is_everything():
    row = sales_mix(sales(("tea", 4, 40, 30))).iloc[0]
    assert row[ADDED].tolist() == [1, 1, 2.5, 1, 1, "A", "star"]


def test_returns_beyond_sales_are_no_sales():
    result = sales_mix(sales(("tea", 4, 40, 30), ("oil", -2, -20, -15), ("rice", 0, 0, 0)))
    assert result["role"].tolist() == ["star", "none", "none"]
    assert result["abc"].tolist() == ["A", "C", "C"]
    assert result["share"].tolist() == [2, -1, 0]
    assert math.isnan(result["unit_margin"].iloc[2])


def test_a_product_that_misses_a_needed_value_is_unknown_and_counts_for_no_other():
    table = sales(("tea", 4, 40, 30), ("oil", 90, 40, NAN), ("rice", NAN, 5, 5), ("salt", 0, NAN, NAN))
    result = sales_mix(table)
    assert result["role"].tolist() == ["star", "unknown", "unknown", "none"]
    assert result["share"].tolist() == pytest.approx([40 / 85, 40 / 85, 5 / 85, NAN], nan_ok=True)
    assert result["rank"].tolist() == pytest.approx([1, 1, 3, NAN], nan_ok=True)
    assert result["margin_share"].tolist() == pytest.approx([1, NAN, 0, NAN], nan_ok=True)


def test_a_table_without_any_cost_still_shows_its_shares():
    result = sales_mix(sales(("tea", 4, 40, NAN), ("oil", 6, 60, NAN)))
    assert result["share"].tolist() == [0.4, 0.6]
    assert result["role"].tolist() == ["unknown", "unknown"]


@unhurried
@given(sellers)
def test_shares_sum_to_one_and_the_last_cumulated_share_is_all(table):
    result = sales_mix(table)
    assert result["share"].sum() == pytest.approx(1)
    assert result["cumulative_share"].max() == pytest.approx(1)
    if abs((table["revenue"] - table["cost"]).sum()) > 1:
        assert result["margin_share"].sum() == pytest.approx(1)


@unhurried
@given(tables)
def test_the_mix_equals_a_product_by_product_count(table):
    rows = list(table.itertuples(index=False))
    total = sum(r.revenue for r in rows)
    sold = [r for r in rows if r.quantity > 0]
    units = sum(r.quantity for r in sold)
    margin = sum(r.revenue - r.cost for r in sold)
    result = sales_mix(table)
    for row, found in zip(rows, result.itertuples(index=False), strict=True):
        assert found.rank == 1 + sum(r.revenue > row.revenue for r in rows)
        if abs(total) > 1:
            assert found.share == pytest.approx(row.revenue / total)
            reached = sum(r.revenue for r in rows if r.revenue >= row.revenue)
            assert found.cumulative_share == pytest.approx(reached / total, rel=1e-9, abs=1e-9)
        if row.quantity <= 0:
            assert found.role == "none"
            continue
        popular = row.quantity / units >= 0.7 / len(sold)
        gap = (row.revenue - row.cost) / row.quantity - margin / units
        assert found.unit_margin == pytest.approx((row.revenue - row.cost) / row.quantity)
        if abs(gap) > 1e-3:
            names = {(True, True): "star", (True, False): "plowhorse", (False, True): "puzzle"}
            assert found.role == names.get((popular, gap > 0), "dog")


@unhurried
@given(tables, st.randoms())
def test_the_mix_does_not_depend_on_row_order(table, random):
    order = list(range(len(table)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(
        sales_mix(table.iloc[order]).sort_index(), sales_mix(table), rtol=1e-6, atol=1e-9
    )


@unhurried
@given(sellers, st.sampled_from([0.25, 8.0, 1024.0]))
def test_scaling_all_money_scales_the_unit_margin_alone(table, factor):
    scaled = sales_mix(table.assign(revenue=table["revenue"] * factor, cost=table["cost"] * factor))
    plain = sales_mix(table)
    plain["unit_margin"] *= factor
    pd.testing.assert_frame_equal(scaled[ADDED], plain[ADDED])


@unhurried
@given(sellers)
def test_some_product_that_sold_is_popular_and_some_is_rich(table):
    result = sales_mix(table)
    roles = set(result["role"])
    if (table["quantity"] > 0).any():
        assert roles & {"star", "plowhorse"}
        assert roles & {"star", "puzzle"}
    else:
        assert roles == {"none"}


@pytest.mark.parametrize("column", ["product_id", "quantity", "revenue", "cost"])
def test_the_mix_names_a_missing_column(column):
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        sales_mix(menu().drop(columns=column))


@pytest.mark.parametrize("column", ["quantity", "revenue", "cost"])
@pytest.mark.parametrize("wrong", [math.inf, "ten", True])
def test_the_mix_refuses_what_is_no_finite_number(column, wrong):
    with pytest.raises(InvalidInput, match=f"^{column}"):
        sales_mix(sales(("tea", 4, 40, 30)).assign(**{column: [wrong]}))


def test_a_product_that_stands_twice_or_has_no_name_is_refused():
    with pytest.raises(InvalidInput, match=r"^product_id, row 1: .*got tea"):
        sales_mix(sales(("tea", 4, 40, 30), ("tea", 4, 40, 30)))
    with pytest.raises(InvalidInput, match=r"^product_id, row 1: expected an id"):
        sales_mix(sales(("tea", 4, 40, 30), (None, 4, 40, 30)))


def test_the_callers_sales_stay_as_they_are_and_their_index_is_kept():
    table = menu().set_index(pd.Index([3, 3, 1, 0, 9]))
    copy = table.copy(deep=True)
    assert sales_mix(table).index.tolist() == [3, 3, 1, 0, 9]
    pd.testing.assert_frame_equal(table, copy)


def test_empty_sales_come_back_empty_with_all_columns():
    result = sales_mix(sales())
    assert list(result.columns) == ["product_id", "quantity", "revenue", "cost", *ADDED]
    assert len(result) == 0


# price_volume_mix


def test_price_volume_and_mix_of_two_products():
    # p0 10 and 5, Q 20 -> 30. Price: (9 - 10) x 20. Volume: half of 100 and of 50.
    # Mix: 10 x (20 - 15) and 5 x (10 - 15).
    result = price_volume_mix(period(tea=(10, 100), oil=(10, 50)), period(tea=(20, 180), oil=(10, 50)))
    assert result[["price", "volume", "mix", "change"]].to_numpy().tolist() == [
        [-20, 50, 50, 80],
        [0, 25, -25, 0],
    ]


def test_a_pure_price_rise_is_all_price():
    result = price_volume_mix(period(a=(10, 100), b=(5, 100)), period(a=(10, 110), b=(5, 110)))
    assert result[EFFECTS].sum().tolist() == pytest.approx([20, 0, 0, 0, 0])


def test_twice_of_everything_is_all_volume():
    result = price_volume_mix(period(a=(10, 100), b=(5, 100)), period(a=(20, 200), b=(10, 200)))
    assert result[EFFECTS].sum().tolist() == pytest.approx([0, 200, 0, 0, 0])


def test_the_same_total_sold_in_other_proportions_is_all_mix():
    result = price_volume_mix(period(a=(10, 100), b=(10, 20)), period(a=(12, 120), b=(8, 16)))
    assert result[EFFECTS].sum().tolist() == pytest.approx([0, 0, 16, 0, 0])


def test_new_and_discontinued_products_stand_apart():
    before = period(stays=(1, 10), gone=(2, 20), stopped=(3, 30), returned=(-1, -5), unknown=(NAN, 7))
    after = period(new=(4, 40), stays=(1, 10), stopped=(0, 1), returned=(2, 12), unknown=(3, 9))
    result = price_volume_mix(before, after).set_index("product_id")
    assert result.index.tolist() == ["stays", "gone", "stopped", "returned", "unknown", "new"]
    assert result["discontinued"].tolist() == [0, -20, -29, 0, 0, 0]
    assert result["new"].tolist() == [0, 0, 0, 17, 2, 40]
    assert result[["price", "volume", "mix"]].abs().to_numpy().sum() == 0


def test_without_a_continuing_product_there_is_no_price_volume_or_mix():
    result = price_volume_mix(period(a=(1, 10)), period(b=(1, 12)))
    assert result[["price", "volume", "mix"]].to_numpy().tolist() == [[0, 0, 0], [0, 0, 0]]
    assert result["change"].tolist() == [-10, 12]


@pytest.mark.parametrize("side", [0, 1])
def test_a_missing_revenue_leaves_its_row_unexplained_and_the_others_whole(side):
    tables = [period(a=(10, 100), b=(5, 100)), period(a=(10, 110), b=(5, 110))]
    tables[side].loc[0, "revenue"] = NAN
    result = price_volume_mix(*tables)
    assert result.loc[0, ["price", "volume", "mix", "change"]].isna().all()
    assert result.loc[1, EFFECTS].tolist() == pytest.approx([10, 0, 0, 0, 0])


def test_a_product_that_left_with_unknown_revenue_is_unexplained():
    result = price_volume_mix(period(a=(10, NAN)), period())
    assert result[["discontinued", "change"]].isna().all(axis=None)
    assert result[["price", "volume", "mix", "new"]].to_numpy().tolist() == [[0, 0, 0, 0]]


@unhurried
@given(periods, periods)
def test_the_effects_sum_to_the_change_row_by_row_and_in_total(before, after):
    result = price_volume_mix(before, after)
    np.testing.assert_allclose(result[EFFECTS].sum(axis=1), result["change"], atol=1e-6)
    total = after["revenue"].sum() - before["revenue"].sum()
    assert result["change"].sum() == pytest.approx(total, abs=1e-6)
    assert result[EFFECTS].to_numpy().sum() == pytest.approx(total, abs=1e-6)


@unhurried
@given(periods, periods)
def test_the_effects_equal_a_product_by_product_count(before, after):
    then, now = (
        {r.product_id: (r.quantity, r.revenue) for r in t.itertuples(index=False)} for t in (before, after)
    )
    both = [p for p in then if p in now and then[p][0] > 0 and now[p][0] > 0]
    growth = sum(now[p][0] for p in both) / sum(then[p][0] for p in both) if both else 0
    result = price_volume_mix(before, after)
    for row in result.itertuples(index=False):
        (q0, r0), (q1, r1) = then.get(row.product_id, (NAN, 0)), now.get(row.product_id, (NAN, 0))
        if row.product_id in both:
            p0, p1 = r0 / q0, r1 / q1
            expected = [(p1 - p0) * q1, p0 * q0 * (growth - 1), p0 * (q1 - q0 * growth), 0, 0]
        else:
            expected = [0, 0, 0, 0, r1 - r0] if q0 > 0 else [0, 0, 0, r1 - r0, 0]
        assert [row.price, row.volume, row.mix, row.new, row.discontinued] == pytest.approx(
            expected, abs=1e-6
        )


@unhurried
@given(periods, periods, st.randoms())
def test_the_effects_do_not_depend_on_row_order(before, after, random):
    order = list(range(len(before)))
    random.shuffle(order)
    shuffled = price_volume_mix(before.iloc[order], after.iloc[::-1]).set_index("product_id").sort_index()
    plain = price_volume_mix(before, after).set_index("product_id").sort_index()
    pd.testing.assert_frame_equal(shuffled, plain, atol=1e-9)


def test_two_empty_periods_give_an_empty_bridge_with_all_columns():
    result = price_volume_mix(period(), period())
    assert list(result.columns) == ["product_id", *EFFECTS, "change"]
    assert len(result) == 0


@pytest.mark.parametrize("dtype", ["category", "object"])
def test_ids_of_two_periods_may_be_of_other_kinds(dtype):
    before, after = period(a=(1, 10), b=(1, 5)), period(b=(1, 6), c=(1, 7))
    result = price_volume_mix(before.astype({"product_id": dtype}), after)
    assert result["product_id"].tolist() == ["a", "b", "c"]
    assert result["change"].tolist() == [-10, 1, 7]


@pytest.mark.parametrize("side", [0, 1])
def test_a_period_of_the_wrong_form_is_refused(side):
    good = period(a=(1, 10))
    for wrong, expected in [
        (good.drop(columns="product_id"), r"^product_id: "),
        (good.drop(columns="quantity"), r"^quantity: "),
        (good.drop(columns="revenue"), r"^revenue: "),
        (good.assign(quantity="x"), r"^quantity, row 0"),
        (good.assign(revenue=math.inf), r"^revenue, row 0"),
        (good.assign(product_id=None), r"^product_id, row 0: expected an id"),
        (pd.concat([good, good], ignore_index=True), r"^product_id, row 1: .*occurs once, got a"),
    ]:
        tables = [good, good]
        tables[side] = wrong
        with pytest.raises(InvalidInput, match=expected):
            price_volume_mix(*tables)


# share_of_sales and display_score


def test_our_share_of_sales_is_our_revenue_of_all():
    table = pd.DataFrame(
        {"product_id": list("abc"), "own": [True, False, True], "revenue": [30.0, 40.0, 30.0]}
    )
    assert share_of_sales(table) == pytest.approx(0.6)
    assert math.isnan(share_of_sales(table.iloc[:0]))


@pytest.mark.parametrize("column", ["product_id", "own", "revenue"])
def test_our_share_of_sales_names_a_missing_column(column):
    table = pd.DataFrame({"product_id": ["a"], "own": [True], "revenue": [1.0]})
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        share_of_sales(table.drop(columns=column))


def answers(*rows):
    return pd.DataFrame(rows, columns=["item", "weight", "passed"])


def test_the_display_scores_what_passed_of_what_was_answered():
    assert display_score(answers(("shelf", 3, True), ("tag", 1, False), ("fridge", 6, None))) == 0.75
    assert display_score(answers(("shelf", 3, True), ("tag", 1, True))) == 1
    assert display_score(answers(("shelf", 3.0, False))) == 0


def test_a_display_without_answer_has_no_score():
    assert math.isnan(display_score(answers()))
    assert math.isnan(display_score(answers(("shelf", 3, None))))
    assert math.isnan(display_score(answers(("shelf", 0, True))))


def test_an_item_without_weight_counts_for_nothing():
    assert display_score(answers(("shelf", 3.0, True), ("tag", NAN, False))) == 1


def test_answers_may_be_nullable_booleans():
    table = answers(("a", 1, True), ("b", 1, False), ("c", 5, None)).astype({"passed": "boolean"})
    assert display_score(table) == 0.5


@pytest.mark.parametrize("column", ["item", "weight", "passed"])
def test_the_display_names_a_missing_column(column):
    with pytest.raises(InvalidInput, match=f"^{column}: "):
        display_score(answers(("shelf", 3, True)).drop(columns=column))


def test_a_checklist_of_the_wrong_form_is_refused():
    with pytest.raises(InvalidInput, match=r"^weight, row 0: .*at least 0"):
        display_score(answers(("shelf", -3, True)))
    with pytest.raises(InvalidInput, match=r"^weight, row 0: .*finite"):
        display_score(answers(("shelf", math.inf, True)))
    with pytest.raises(InvalidInput, match=r"^passed, row 0: expected true or false"):
        display_score(answers(("shelf", 3, "yes")))
    with pytest.raises(InvalidInput, match=r"^item, row 1: .*occurs once"):
        display_score(answers(("shelf", 3, True), ("shelf", 3, True)))


# Real sales


def months():
    table = pd.read_csv(real_data("uci_product_month.csv.gz"), dtype={"stock_code": "str"})
    table = table.rename(columns={"stock_code": "product_id", "qty": "quantity"})
    return table[["product_id", "month", "quantity", "revenue"]]


def test_the_bridge_between_two_months_of_a_wholesaler_closes_with_new_and_lost_products():
    table = months()
    october, november = (table[table["month"] == m] for m in ("2011-10", "2011-11"))
    result = price_volume_mix(october, november)
    total = november["revenue"].sum() - october["revenue"].sum()
    assert result[EFFECTS].to_numpy().sum() == pytest.approx(total, abs=1e-4)
    np.testing.assert_allclose(result[EFFECTS].sum(axis=1), result["change"], atol=1e-6)
    added = ~november["product_id"].isin(october["product_id"])
    came = result.set_index("product_id").loc[november.loc[added, "product_id"]]
    assert len(came) > 50
    assert came["new"].tolist() == pytest.approx(november.loc[added, "revenue"].tolist())
    lost = ~october["product_id"].isin(november["product_id"]) & (october["quantity"] > 0)
    went = result.set_index("product_id").loc[october.loc[lost, "product_id"]]
    assert len(went) > 50
    assert went["discontinued"].tolist() == pytest.approx((-october.loc[lost, "revenue"]).tolist())


def test_a_month_of_a_wholesaler_has_shares_that_sum_to_one_and_every_role():
    november = months().query("month == '2011-11'")
    # The file has no cost: 60 % of revenue, and a dearer half, so that margins differ.
    cost = november["revenue"] * np.where(november["product_id"].str[-1] < "M", 0.6, 0.8)
    result = sales_mix(november.assign(cost=cost))
    assert result["share"].sum() == pytest.approx(1)
    assert result["margin_share"].sum() == pytest.approx(1)
    assert set(result["role"]) == {"star", "plowhorse", "puzzle", "dog"}
    sold = result[result["quantity"] > 0]
    popular = sold["quantity"] / sold["quantity"].sum() >= 0.7 / len(sold)
    assert (popular == sold["role"].isin(["star", "plowhorse"])).all()
    best = result.loc[result["revenue"].idxmax()]
    assert (best["rank"], best["abc"]) == (1, "A")


def test_a_vendors_share_of_a_states_liquor_sales_is_what_a_group_by_gives():
    lines = pd.read_csv(real_data("iowa_liquor_2012-01-31.csv.gz"))
    by_vendor = lines.groupby("vendor_name")["sale_dollars"].sum()
    for vendor in by_vendor.nlargest(3).index:
        table = lines.rename(columns={"item_number": "product_id", "sale_dollars": "revenue"})
        share = share_of_sales(table.assign(own=lines["vendor_name"] == vendor))
        assert share == pytest.approx(by_vendor[vendor] / by_vendor.sum())
