"""What came and went between two counts, on figures that can be followed, and the laws they keep."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.inventory_flow import balance, pace, sold_within

ON = date(2026, 11, 21)
LAST = date(2026, 11, 7)
FIRST_ON = pd.Series([], dtype="datetime64[s]")


def periods(*rows: tuple[str, date, date, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["product_id", "from_on", "to_on", "quantity"])
    days = {name: pd.to_datetime(table[name]) for name in ("from_on", "to_on")}
    return table.assign(**days, quantity=table["quantity"].astype("float64"), stockout_days=0)


def goods(**is_own: bool) -> pd.DataFrame:
    launched = pd.to_datetime([None] * len(is_own))
    return pd.DataFrame({"is_own": is_own.values(), "launched_on": launched}, index=list(is_own))


def shelf(**changes: object) -> pd.DataFrame:
    tea = {"last": 300.0, "last_on": pd.Timestamp(LAST), "is_own": True, "sales": 140.0, "days": 14.0}
    return pd.DataFrame([tea | {"stockout_days": 0.0} | changes], index=["tea"])


def came(*rows: tuple[date, float]) -> pd.DataFrame:
    table = pd.DataFrame([("tea", *row) for row in rows], columns=["product_id", "on", "quantity"])
    return table.assign(on=pd.to_datetime(table["on"]), quantity=table["quantity"].astype("float64"))


@given(
    length=some.integers(2, 60),
    cut=some.integers(1, 59),
    first=some.integers(0, 40),
    days=some.integers(0, 40),
)
def test_a_period_told_in_two_parts_of_the_same_pace_counts_the_same(
    length: int, cut: int, first: int, days: int
) -> None:
    cut = min(cut, length - 1)
    whole = periods(("tea", LAST, LAST + timedelta(length), 7.0 * length))
    parts = periods(
        ("tea", LAST, LAST + timedelta(cut), 7.0 * cut),
        ("tea", LAST + timedelta(cut), LAST + timedelta(length), 7.0 * (length - cut)),
    )
    start = pd.Series({"tea": pd.Timestamp(LAST + timedelta(first))})
    end = start + pd.Timedelta(days=days)
    expected = 7.0 * max(min(length, first + days) - first, 0)
    for told in (whole, parts):
        assert sold_within(told, start, end)["tea"] == pytest.approx(expected)


def test_a_missing_day_makes_what_was_sold_unknown() -> None:
    told = periods(("tea", LAST, ON, 70.0))
    start = pd.Series({"tea": pd.NaT, "oil": pd.Timestamp(LAST)})
    sold = sold_within(told, start, pd.Series(pd.Timestamp(ON), index=start.index))
    assert sold.isna().to_list() == [True, False]
    assert sold["oil"] == 0


def test_silence_is_no_sales_of_ours_and_nothing_of_a_rivals() -> None:
    told = periods(("tea", LAST, ON, 140.0))
    found = pace(goods(tea=True, oil=True, rival=False), told, FIRST_ON, ON, 56)
    assert found.loc["tea"].to_list() == [140, 14, 0]
    assert found.loc["oil"].to_list() == [0, 14, 0]
    assert found.loc["rival"].isna().all()


def test_a_product_sold_here_for_a_week_has_a_week_of_past() -> None:
    told = periods(("tea", LAST, ON, 140.0))
    began = pd.Series({"tea": pd.Timestamp(ON - timedelta(days=7))})
    assert pace(goods(tea=True), told, began, ON, 56).at["tea", "days"] == 7


def test_a_period_begun_before_the_window_is_no_part_of_the_pace() -> None:
    told = periods(("tea", ON - timedelta(days=60), ON - timedelta(days=50), 500.0), ("tea", LAST, ON, 140.0))
    assert pace(goods(tea=True), told, FIRST_ON, ON, 56).at["tea", "sales"] == 140


def test_the_days_not_told_of_go_at_the_pace() -> None:
    told = periods(("tea", LAST, LAST + timedelta(days=10), 90.0))
    found = balance(shelf(), came((LAST + timedelta(days=2), 150.0)), told, ON).loc["tea"]
    # 90 were told in ten days; four days at 10 a day are not told of yet
    assert found[["since_days", "received", "sold", "expected"]].to_list() == [14, 150, 130, 320]


def test_what_came_on_the_day_of_the_count_was_counted_and_returns_go_off() -> None:
    moved = came((LAST, 999.0), (LAST + timedelta(days=1), -30.0))
    found = balance(shelf(), moved, periods(("tea", LAST, ON, 140.0)), ON).loc["tea"]
    assert found[["received", "returned", "expected"]].to_list() == [0, 30, 130]


@pytest.mark.parametrize("changes", [{"is_own": False}, {"last": float("nan"), "last_on": pd.NaT}])
def test_a_rivals_product_and_a_first_count_have_no_expectation(changes: dict[str, object]) -> None:
    table = shelf(**changes).astype({"last_on": "datetime64[s]"})
    found = balance(table, came((ON, 5.0)), periods(("tea", LAST, ON, 140.0)), ON)
    assert found["expected"].isna().all()
