"""The table behind an order suggestion: series from periods as they were told, and each column's source."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.demand_history import demand, history
from core.order_table import Past, in_order, order_table

ON = date(2026, 11, 21)
TEA = pd.Index(["tea"], name="product_id")


def day(days_ago: int) -> pd.Timestamp:
    return pd.Timestamp(ON) - pd.Timedelta(days=days_ago)


def told(*rows: tuple[int, int, float, int], product: str = "tea") -> pd.DataFrame:
    """Periods as (begins days ago, length, quantity, days out of stock)."""
    return pd.DataFrame(
        {
            "product_id": product,
            "from_on": [day(begins) for begins, *_ in rows],
            "to_on": [day(begins - length) for begins, length, *_ in rows],
            "quantity": [float(quantity) for _, _, quantity, _ in rows],
            "stockout_days": [out for *_, out in rows],
        }
    )


def since(days_ago: int, product: str = "tea") -> pd.Series:
    return pd.Series({product: day(days_ago)}, name="first_on")


def sold(periods: pd.DataFrame, first_on: pd.Series) -> list[float]:
    """What the series holds of its periods in stock."""
    found = history(TEA, periods, first_on, ON)
    return found.sold.to_numpy()[found.in_stock.to_numpy()].round(6).tolist()


def test_weeks_are_told_as_weeks() -> None:
    periods = told((21, 7, 70, 0), (14, 7, 84, 0), (7, 7, 77, 0))
    assert sold(periods, since(21)) == [70, 84, 77]
    assert history(TEA, periods, since(21), ON).days == 7


def test_months_stay_months_because_cut_into_weeks_they_would_look_steady() -> None:
    found = history(TEA, told((60, 30, 300, 0), (30, 30, 600, 0)), since(60), ON)
    assert found.days == 30
    assert found.sold.to_numpy()[found.in_stock.to_numpy()].tolist() == [300, 600]


def test_returns_are_netted_in_the_weeks_before() -> None:
    assert sold(told((21, 7, 70, 0), (14, 7, 20, 0), (7, 7, -30, 0)), since(21)) == [60, 0, 0]


def test_a_week_mostly_out_of_stock_tells_nothing_and_a_partly_one_is_raised() -> None:
    assert sold(told((21, 7, 70, 0), (14, 7, 5, 6), (7, 7, 40, 3)), since(21)) == [70, 70]


def test_weeks_before_the_first_sale_and_weeks_not_told_do_not_count() -> None:
    both = pd.concat([told((21, 7, 70, 0), (7, 7, 77, 0)), told((28, 7, 9, 0), product="oil")])
    found = history(pd.Index(["tea", "oil"]), both, pd.concat([since(21), since(28, "oil")]), ON)
    assert found.in_stock.sum(axis=1).tolist() == [2, 3]
    assert found.sold.loc["oil"].to_numpy()[found.in_stock.loc["oil"].to_numpy()].tolist() == [9, 0, 0]


def test_a_week_that_ends_after_the_visit_does_not_count() -> None:
    assert sold(told((14, 7, 70, 0), (3, 7, 999, 0)), since(14)) == [70]


def test_where_nothing_was_told_the_demand_is_unknown_and_not_zero() -> None:
    found = demand(history(TEA, told((7, 7, 1, 0)).iloc[:0], pd.Series(dtype="datetime64[ns]"), ON))
    assert found["demand_mean"].isna().all()
    assert found["method"].tolist() == ["none"]


def test_a_product_never_sold_here_is_unknown_beside_one_that_stopped() -> None:
    periods = pd.concat([told((14, 7, 70, 0), (7, 7, 70, 0))])
    firsts = pd.concat([since(99), since(200, "oil")])
    found = demand(history(pd.Index(["tea", "oil", "new"]), periods, firsts, ON))
    assert found["demand_mean"].round(6).fillna(-1).tolist() == [10, 0, -1]


def past(**values: object) -> Past:
    """One product that sells 10 a day, 12 weeks told, nothing counted before; the given parts replaced."""
    names = pd.DataFrame(
        {
            "name": ["绿茶"],
            "name_en": ["Green tea"],
            "unit": ["bottle"],
            "pack_size": [15],
            "minimum_order": [0.0],
            "shelf_life_days": pd.array([None], dtype="Int64"),
            "is_listed": [True],
            "must_sell": [False],
            "launched_on": [pd.NaT],
            "discontinued_on": [pd.NaT],
        },
        index=TEA,
    ).astype({"launched_on": "datetime64[ns]", "discontinued_on": "datetime64[ns]"})
    given = {
        "names": names,
        "before": counted().iloc[:0].assign(counted_on=pd.Series(dtype="datetime64[ns]")),
        "came": pd.DataFrame({"product_id": [], "on": pd.to_datetime([]), "quantity": []}),
        "periods": told(*((7 * n, 7, 70, 0) for n in range(12, 0, -1))),
        "first_on": since(84),
        "prices": pd.Series({"tea": 2.0}),
        "rules": rules(),
        "levels": pd.DataFrame({"min_level": [], "max_level": []}, index=pd.Index([], name="product_id")),
        "promotions": promotions(),
        "coming": pd.Series(dtype="float64"),
    }
    return Past(**given | values)  # type: ignore[arg-type]


def counted(quantity: float = 50, expires: int | None = None) -> pd.DataFrame:
    expires_on = pd.NaT if expires is None else day(-expires)
    return pd.DataFrame(
        {
            "product_id": ["tea"],
            "lot": [""],
            "expires_on": pd.to_datetime([expires_on]),
            "quantity": [float(quantity)],
            "source": ["counted"],
        }
    )


def rules(*rows: tuple[str, str, float, float | None]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["abc_class", "policy", "service_level", "max_days"])
    kinds = {"service_level": "float64", "max_days": "float64"}
    return table.astype(kinds).assign(cover_days=np.nan).set_index("abc_class")


def promotions(*rows: tuple[str | None, float, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["product_id", "uplift", "from_on", "to_on"])
    for column in ("from_on", "to_on"):
        table[column] = pd.to_datetime([day(-days) for days in table[column]])
    return table


def table(found: Past, counts: pd.DataFrame | None = None) -> pd.DataFrame:
    """A delivery in a week, a visit every two weeks."""
    given = counted() if counts is None else counts
    return order_table(found, given, ON, lead_days=7, review_days=14)[0]


def line(found: Past, counts: pd.DataFrame | None = None) -> dict[str, object]:
    return table(found, counts).loc["tea"].to_dict()


def last_count(quantity: float, days_ago: int, expires: int | None = None) -> pd.DataFrame:
    return counted(quantity, expires).assign(counted_on=day(days_ago))


def uncounted() -> pd.DataFrame:
    return counted().iloc[:0]


def test_steady_sales_fill_up_to_the_next_delivery_in_whole_cases() -> None:
    found = line(past())
    assert (found["target"], found["need"], found["quantity"], found["amount"]) == (210, 160, 165, 330)
    assert (found["reason"], found["group"], found["lasts"]) == ("runs_out", "suggested", 5)


def test_goods_coming_are_not_ordered_again() -> None:
    assert line(past(coming=pd.Series({"tea": 60.0})))["quantity"] == 105


def test_what_passes_its_date_unsold_is_no_stock() -> None:
    found = line(past(), counted(50, expires=2))
    assert (found["unusable"], found["quantity"]) == (30, 195)


def test_a_promotion_counts_by_the_days_that_it_holds_until_the_next_delivery() -> None:
    assert line(past(promotions=promotions(("tea", 0.4, 7, 60))))["promo_uplift"] == pytest.approx(
        0.4 * 14 / 21
    )
    assert line(past(promotions=promotions((None, 0.3, 0, 21))))["promo_uplift"] == pytest.approx(0.3)
    assert line(past(promotions=promotions(("oil", 0.3, 0, 21))))["promo_uplift"] == 0


def test_the_companys_rule_of_the_class_holds_and_an_assumed_one_without() -> None:
    found = line(past(rules=rules(("A", "service_level", 0.9, 10.0))))
    assert (found["abc"], found["service_level"], found["capped_by"], found["quantity"]) == (
        "A",
        0.9,
        "max_days",
        45,
    )
    assert line(past())["service_level"] == 0.95


def test_what_this_visit_counted_stands_before_the_last_count() -> None:
    found = line(past(before=last_count(500, days_ago=14)))
    assert (found["on_hand"], found["counted_on"], found["is_carried_forward"]) == (50, day(0), False)


def test_the_last_count_is_carried_forward_by_what_came_and_what_sells() -> None:
    came = pd.DataFrame({"product_id": "tea", "on": [day(14), day(9)], "quantity": [999.0, 30.0]})
    found = line(past(before=last_count(300, days_ago=14), came=came), uncounted())
    assert found["on_hand"] == 300 + 30 - 14 * 10
    assert (found["counted_on"], found["is_carried_forward"]) == (day(14), True)


def test_stock_carried_forward_does_not_fall_below_nothing() -> None:
    found = line(past(before=last_count(50, days_ago=14)), uncounted())
    assert (found["on_hand"], found["quantity"]) == (0, 210)


def test_a_count_below_nothing_stays_to_be_counted_again() -> None:
    assert line(past(before=last_count(-15, days_ago=14)), uncounted())["on_hand"] == -15


def test_without_known_sales_the_last_count_stands_as_it_was() -> None:
    nothing = past().periods.iloc[:0]
    found = line(past(before=last_count(50, days_ago=14), periods=nothing), uncounted())
    assert (found["on_hand"], found["is_carried_forward"]) == (50, False)


def test_lots_of_the_last_count_pass_their_date_from_the_day_they_were_counted() -> None:
    # Of the lot of 60 only 40 can have been sold before its date: what is left of it has passed.
    found = line(past(before=last_count(60, days_ago=5, expires=-1)), uncounted())
    assert (found["on_hand"], found["unusable"], found["usable"]) == (10, 10, 0)


def test_what_runs_out_first_and_what_sells_most_stand_on_top() -> None:
    shelf = pd.DataFrame(
        {
            "group": ["suggested", "suggested", "unknown", "unknown", "unknown", "idle"],
            "lasts": [9.0, 2.0, np.nan, np.nan, np.nan, 50.0],
            "demand_mean": [1.0, 1.0, 5.0, np.nan, 8.0, 1.0],
            "unit_price": [1.0, 1.0, np.nan, 1.0, np.nan, 1.0],
        },
        index=list("abcdef"),
    )
    assert in_order(shelf) == {
        "suggested": ["b", "a"],
        "idle": ["f"],
        "gaps": [],
        "new": [],
        "unknown": ["e", "c", "d"],
    }


def test_the_one_and_a_half_rule_asks_for_two_counts() -> None:
    rule = rules(("A", "one_and_half", 0.95, None))
    assert line(past(rules=rule))["missing"] == "previous_on_hand"
    came = pd.DataFrame({"product_id": ["tea"], "on": [day(7)], "quantity": [90.0]})
    before = last_count(100, days_ago=14)
    assert line(past(rules=rule, before=before, came=came))["target"] == 1.5 * (100 + 90 - 50)


def test_without_a_price_there_is_a_suggestion_and_no_amount() -> None:
    found = line(past(prices=pd.Series(dtype="float64")))
    assert found["quantity"] == 165
    assert np.isnan(found["amount"])  # type: ignore[call-overload]
