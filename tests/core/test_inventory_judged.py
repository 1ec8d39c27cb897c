"""A whole shelf judged: the pace that two counts tell, what changed, and whose it is."""

from math import isnan, nan

import pandas as pd
import pytest

from core.inventory_judged import change_of_stock, judge_stock, ratio_of_sums, share_of_counted

TEA = {
    "is_own": True, "pack_size": 10, "price": 2.0, "last": 300.0, "counted": 120.0, "received": 0.0,
    "returned": 0.0, "since_days": 14, "days": 56.0, "stockout_days": 0.0, "sales": 560.0, "month": 300.0,
    "month_before": 300.0,
}  # fmt: skip
UNTOLD = {"sales": nan, "days": nan, "month": nan, "month_before": nan}


def judged(*rows: dict[str, object]) -> pd.DataFrame:
    table = pd.DataFrame([TEA | row for row in rows], index=[f"p{number}" for number in range(len(rows))])
    return judge_stock(table, min_days=7, max_days=45, month_days=30)


def test_what_nobody_told_of_was_sold_between_the_counts() -> None:
    (tea,) = judged(UNTOLD).to_dict("records")
    # 300 were there, 120 are left after 14 days
    assert (tea["is_estimated"], tea["derived"], tea["month"]) == (True, 180, pytest.approx(180 / 14 * 30))
    assert tea["days_of_supply"] == pytest.approx(120 / (180 / 14))


def test_a_count_above_all_that_came_is_no_pace() -> None:
    (tea,) = judged(UNTOLD | {"counted": 400.0}).to_dict("records")
    assert (tea["derived"], tea["is_estimated"], tea["status"]) == (-100, False, "unknown")


def test_days_without_stock_are_no_days_of_sale() -> None:
    (tea,) = judged({"stockout_days": 28.0}).to_dict("records")
    assert (tea["rate"], tea["days_of_supply"]) == (20, 6)


def test_the_last_count_stands_in_only_where_nothing_was_counted_at_all() -> None:
    assert judged({"counted": nan}, {"counted": nan})["on_hand"].to_list() == [300, 300]
    counted = judged({"counted": nan}, {})["on_hand"]
    assert isnan(counted.iloc[0])
    assert counted.iloc[1] == 120


def test_a_rivals_product_has_no_class() -> None:
    table = judged({}, {"is_own": False})
    assert table["abc"].to_list() == ["A", ""]
    assert table["is_fast"].to_list() == [True, False]


def test_the_table_given_stays_as_it_is() -> None:
    table = pd.DataFrame([TEA])
    judge_stock(table, min_days=7, max_days=45, month_days=30)
    assert table.columns.to_list() == list(TEA)


def test_nothing_sold_is_no_ratio() -> None:
    assert isnan(ratio_of_sums(pd.Series([5.0]), pd.Series([0.0])))


def changed(*rows: tuple[float, float, bool]) -> list[list[object]]:
    own = pd.DataFrame(
        rows, columns=["last", "counted", "is_listed"], index=[f"p{n}" for n in range(len(rows))]
    )
    return change_of_stock(own.assign(price=2.0))[["change", "kind", "worth"]].to_numpy().tolist()


def test_what_is_no_longer_listed_and_counted_as_nothing_is_gone() -> None:
    assert changed((20.0, 0.0, True), (20.0, 0.0, False)) == [[-20, "down", -40], [-20, "gone", -40]]


@pytest.mark.parametrize("row", [(20.0, nan, True), (nan, 20.0, True)])
def test_one_count_alone_is_no_change(row: tuple[float, float, bool]) -> None:
    assert changed(row) == []


def test_our_share_needs_a_rivals_product_and_a_price() -> None:
    table = pd.DataFrame({"is_own": [True, False], "on_hand": [30.0, 10.0], "selling": [2.0, 6.0]})
    assert share_of_counted(table) == 0.5
    assert share_of_counted(table.iloc[::-1]) == 0.5
    assert isnan(share_of_counted(table.assign(selling=[2.0, nan])))
