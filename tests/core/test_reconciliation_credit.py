"""Credit, collection period and price protection."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.reconciliation import credit_position, days_sales_outstanding, price_protection


def test_open_orders_and_prepayments_count():
    position = credit_position(
        credit_line_minor=1000,
        receivable_minor=700,
        prepaid_minor=100,
        open_orders_minor=50,
        collateral_minor=800,
    )
    assert position.to_dict() == {
        "exposure_minor": 650,
        "available_minor": 350,
        "utilisation": 0.65,
        "uncovered_minor": -150,
        "status": "ok",
    }
    assert position.exposure_minor == position["exposure_minor"]


@pytest.mark.parametrize(
    ("line", "receivable", "status", "utilisation"),
    [
        (1000, 899, "ok", 0.899),
        (1000, 900, "tight", 0.9),
        (1000, 1000, "tight", 1.0),
        (1000, 1001, "over", 1.001),
        (0, 1, "over", np.inf),
        (0, 0, "ok", np.nan),
        (30, 27, "tight", 0.9),
    ],
)
def test_the_status_at_its_edges(line, receivable, status, utilisation):
    position = credit_position(credit_line_minor=line, receivable_minor=receivable)
    assert position["status"] == status
    assert position["utilisation"] == pytest.approx(utilisation, nan_ok=True)


def test_a_credit_balance_does_not_raise_what_is_available_above_line_and_prepayment():
    position = credit_position(credit_line_minor=1000, receivable_minor=-300, prepaid_minor=100)
    assert position["available_minor"] == 1100


def test_many_positions_at_once_and_one_that_is_not_known():
    table = credit_position(credit_line_minor=[1000, 1000, 2000], receivable_minor=[500, None, 5000])
    assert table["status"].tolist() == ["ok", "unknown", "over"]
    assert table["exposure_minor"].isna().tolist() == [False, True, False]
    assert table["available_minor"].tolist()[2] == -3000


def test_large_amounts_stay_exact():
    position = credit_position(credit_line_minor=10**17, receivable_minor=10**17 - 1)
    assert position["available_minor"] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"credit_line_minor": -1},
        {"receivable_minor": 0.5},
        {"receivable_minor": 10**18},
        {"prepaid_minor": -5},
        {"collateral_minor": "much"},
    ],
)
def test_a_wrong_figure_is_named(wrong):
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        credit_position(**({"credit_line_minor": 10, "receivable_minor": 5} | wrong))


def test_days_sales_outstanding_of_a_quarter():
    assert days_sales_outstanding(50_000, 150_000, 90) == 30
    assert np.isnan(days_sales_outstanding(0, 0, 90))
    assert days_sales_outstanding([1, 3], 0, 90).tolist() == [np.inf, np.inf]
    with pytest.raises(InvalidInput, match="days"):
        days_sales_outstanding(1, 1, -1)


def cut(old, new, quantity) -> pd.DataFrame:
    old, new, quantity = np.broadcast_arrays(old, new, quantity)
    ids = [f"p{i}" for i in range(old.size)]
    return pd.DataFrame(
        {"product_id": ids, "quantity": quantity.ravel(), "old_price": old.ravel(), "new_price": new.ravel()}
    )


@pytest.mark.parametrize(
    ("old", "new", "quantity", "credit"),
    [
        (1.05, 0.9, 7, 105),
        (0.3, 0.295, 1, 1),
        (0.1 + 0.2, 0.3, 10**6, 0),
        (1.005, 0.0, 1, 101),
        (2.675, 0.0, 1, 268),
        (2.0, 2.5, 9, 0),
        (1.0, 0.995, -1, -1),
        (12.345, 12.34, 3, 2),
    ],
)
def test_the_credit_is_rounded_half_up_on_the_prices_as_written(old, new, quantity, credit):
    assert price_protection(cut(old, new, quantity))["credit_minor"].tolist() == [credit]


def test_the_exponent_follows_the_currency():
    table = cut([100.0, 100.0], [99.5, 99.4], [1, 1])
    assert price_protection(table, exponent=0)["credit_minor"].tolist() == [1, 1]
    assert price_protection(table, exponent=3)["credit_minor"].tolist() == [500, 600]
    with pytest.raises(InvalidInput, match="exponent"):
        price_protection(table, exponent=-1)


def test_a_missing_price_gives_a_missing_credit_and_not_zero():
    result = price_protection(cut([2.0, np.nan], [1.0, 1.0], [3, 3]))["credit_minor"]
    assert result.isna().tolist() == [False, True]
    assert result.sum() == 300


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (cut(-1.0, 0.5, 1), "old_price"),
        (cut(1.0, 0.5, np.inf), "quantity"),
        (cut(1e12, 0.5, 1e9), "quantity"),
        (pd.concat([cut(1.0, 0.5, 1)] * 2, ignore_index=True), "product_id"),
        (cut(1.0, 0.5, 1).drop(columns="new_price"), "new_price"),
    ],
)
def test_a_wrong_table_is_named(table, column):
    with pytest.raises(InvalidInput, match=column):
        price_protection(table)


prices = st.integers(0, 10**7).flatmap(
    lambda n: st.sampled_from([n / 10, n / 100, n / 1000, n / 10_000, n * 1.0])
)


@settings(deadline=None)
@given(prices, prices, st.integers(-500, 10**6) | st.integers(0, 40_000).map(lambda n: n / 8))
def test_the_credit_agrees_with_decimal_arithmetic(old, new, quantity):
    exact = max(Decimal(repr(old)) - Decimal(repr(new)), Decimal(0)) * Decimal(repr(quantity)) * 100
    expected = int(exact.to_integral_value(rounding=ROUND_HALF_UP))
    assert price_protection(cut(old, new, float(quantity)))["credit_minor"].tolist() == [expected]
