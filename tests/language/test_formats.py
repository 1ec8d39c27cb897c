"""Figures as people read them: signs, groups, decimals, units, and a dash for what is missing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from language import formats, speaking
from language.formats import MINUS, MISSING

MISSING_VALUES = [None, float("nan"), float("inf"), -float("inf"), np.float32("inf"), pd.NA, pd.NaT]


@pytest.mark.parametrize("value", MISSING_VALUES)
def test_what_is_missing_or_infinite_is_a_dash_and_never_zero(value):
    shown = [
        formats.number(value),
        formats.amount(value, "CNY"),
        formats.price(value),
        formats.percent(value),
        formats.days(value),
        formats.units(value, "case"),
        formats.quantity(value, 12),
        formats.money(value, "CNY"),
    ]
    assert shown == [MISSING] * len(shown)


def test_numbers_of_numpy_are_read_like_those_of_python():
    assert formats.number(np.float64(1234.5), 1) == "1,234.5"
    assert formats.money(np.int64(123_456), "CNY") == "¥1,234.56"
    assert formats.units(np.int64(3), "桶") == "3 桶"


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (0, "CNY", "¥0.00"),
        (7, "CNY", "¥0.07"),
        (-7, "CNY", "−\u2060¥0.07"),
        (1_045_800, "CNY", "¥10,458.00"),
        (123_456_789_012_345_678, "CNY", "¥1,234,567,890,123,456.78"),
        (-120_000, "GBP", "−\u2060£1,200.00"),
        (1200, "JPY", "JP¥1,200"),
        (1_234_567, "KWD", "KWD\xa01,234.567"),
    ],
)
def test_ledger_money_is_exact_in_the_decimals_of_its_currency(minor, currency, shown):
    assert formats.money(minor, currency) == shown


def test_money_with_parts_of_a_minor_unit_is_refused():
    with pytest.raises(InvalidInput, match="whole number of minor units"):
        formats.money(12.5, "CNY")


@pytest.mark.parametrize("currency", ["cny", "¥", "", "CNYX"])
def test_a_currency_that_is_no_code_is_refused(currency):
    with pytest.raises(InvalidInput, match="ISO 4217"):
        formats.money(1, currency)


@given(st.integers(-(10**15), 10**15))
def test_money_loses_no_minor_unit(minor):
    shown = formats.money(minor, "CNY")
    assert (
        int(
            shown.replace(MINUS, "-")
            .replace("\u2060¥", "")
            .replace("¥", "")
            .replace(",", "")
            .replace(".", "")
        )
        == minor
    )


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), st.integers(0, 2))
def test_a_sign_never_stands_before_zero_and_a_hyphen_never_for_a_minus(value, decimals):
    for shown in (
        formats.number(value, decimals, sign=True),
        formats.amount(value, "CNY", decimals, sign=True),
        formats.percent(value, decimals, sign=True),
    ):
        assert "-" not in shown
        figure = float(
            shown.replace(MINUS, "-").replace("\u2060", "").replace("¥", "").replace(",", "").rstrip("%")
        )
        assert (shown[0] in "+" + MINUS) == (figure != 0)


def test_no_line_ends_between_a_minus_and_the_sign_of_a_currency():
    assert formats.money(-17_846_600, "CNY") == "−\N{WORD JOINER}¥178,466.00"
    assert formats.amount(-178_466, "CNY") == "−\N{WORD JOINER}¥178,466"
    assert formats.number(-178_466) == "−178,466"


def test_prices_have_one_decimal_or_two():
    assert [formats.price(value) for value in (37.5, 37, 37.25, 37.999, 0, -1.5)] == [
        *("37.5", "37.0", "37.25", "38.0", "0.0", "−1.5"),
    ]


def test_a_rise_carries_a_plus_where_asked():
    assert formats.money(630, "CNY", sign=True) == "+¥6.30"
    assert formats.money(0, "CNY", sign=True) == "¥0.00"
    assert formats.amount(11202, "CNY", sign=True) == "+¥11,202"
    assert formats.percent(0.146, sign=True) == "+14.6%"


@pytest.mark.parametrize(
    ("pieces", "pack", "chinese", "english"),
    [
        (543, 12, "45 箱 3 瓶", "45 cases 3 bottles"),
        (12, 12, "1 箱", "1 case"),
        (1, 12, "1 瓶", "1 bottle"),
        (-24, 15, "−1 箱 9 瓶", "−1 case 9 bottles"),
        (0, 12, "0 箱", "0 cases"),
        (14_412, 12, "1,201 箱", "1,201 cases"),
        (30, None, "30 瓶", "30 bottles"),
        (30, 1, "30 瓶", "30 bottles"),
    ],
)
def test_a_quantity_reads_as_cases_and_pieces(pieces, pack, chinese, english):
    with speaking("zh"):
        assert formats.quantity(pieces, pack, piece="bottle") == chinese
    with speaking("en"):
        assert formats.quantity(pieces, pack, piece="bottle") == english


def test_a_pack_of_nothing_is_refused():
    with pytest.raises(InvalidInput, match="pack"):
        formats.quantity(5, 0)


@pytest.mark.parametrize("unit", ["case", "box", "bag", "bottle", "can", "piece", "kg", "桶"])
def test_every_unit_reads_in_both_languages(unit):
    with speaking("zh"):
        chinese = formats.units(2.5, unit)
    with speaking("en"):
        english = formats.units(2.5, unit)
    assert chinese.startswith("2.5 ")
    assert english.startswith("2.5 ")
    assert (chinese == english) == (unit == "桶")


def test_english_days_have_a_singular():
    with speaking("en"):
        assert [
            formats.days(1),
            formats.days(0),
            formats.days(1.4),
            formats.days(1.4, 1),
            formats.days(-1),
        ] == [
            *("1 day", "0 days", "1 day", "1.4 days", "−1 day"),
        ]


def test_words_in_a_row_carry_the_mark_of_their_language():
    with speaking("zh"):
        assert formats.listed(["价格", "库存"]) == "价格、库存"
    with speaking("en"):
        assert formats.listed(["Prices", "Stock"]) == "Prices, Stock"
