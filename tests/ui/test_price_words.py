"""Prices in words, in both languages."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest

from language import speaking
from ui.price_words import (
    market_words,
    moved_words,
    previous_words,
    reasons,
    rival_words,
    rivals_sentence,
    sentence,
)

TODAY = date(2026, 11, 21)
NAN = float("nan")


@dataclass
class Facts:
    """As much of the facts as the sentence needs."""

    own: pd.DataFrame
    has_policy: bool = True


def product(**changes: object) -> dict[str, object]:
    return {
        "name": "无糖乌龙 500 ml",
        "name_en": "Oolong, no sugar",
        "pack_size": 15,
        "price": 41 / 15,
        "median": 48 / 15,
        "low": 41 / 15,
        "high": 49 / 15,
        "peers": 8.0,
        "deviation": 41 / 48 - 1,
        "market": "low",
        "policy": "within",
        "policy_low": NAN,
        "policy_high": NAN,
        "chain": "below_cost",
        "inverted": True,
        "margin": -1 / 41,
        "purchase_price": 42 / 15,
        "retail_price": NAN,
        "previous_price": 47 / 15,
        "previous_date": pd.Timestamp(2026, 11, 3),
        "change": -6 / 15,
        "state": "wrong",
    } | changes


def normal(**changes: object) -> dict[str, object]:
    calm = {"market": "normal", "chain": "normal", "inverted": False, "state": "normal", "deviation": 0.0}
    return product(**calm | changes)


def said(*products: dict[str, object], spoken: str = "en", has_policy: bool = True) -> str:
    with speaking(spoken):
        return sentence(Facts(pd.DataFrame(list(products)), has_policy), "case")  # type: ignore[arg-type]


def test_the_sentence_holds_a_count_the_worst_case_and_its_number() -> None:
    assert said(product(), normal(), spoken="zh") == (
        "**2 个商品中 1 个低于市场价**。最低的是 无糖乌龙 500 ml：41.0，"
        "比市场中位价 48.0（另 8 家）低 14.6%，也低于进价 42.0。"
    )


def test_a_high_price_alone_is_said_as_such() -> None:
    assert said(normal(market="high", deviation=0.07), normal()) == (
        "**1 of 2 products sells above the market, none below.**"
    )


def test_a_calm_market_is_said_as_such() -> None:
    assert said(normal(), normal()) == "**None of 2 products stands apart from the market.**"


def test_an_inversion_is_said_even_where_the_market_is_calm() -> None:
    assert said(normal(inverted=True)).endswith("The price of Oolong\\, no sugar is inverted.")


def test_a_missing_policy_is_said_once_at_the_end() -> None:
    assert said(normal(), has_policy=False).count("No price policy is set here.") == 1


def why(**changes: object) -> str:
    with speaking("en"):
        return reasons(product(**changes), "case", 0.03, TODAY)


def test_a_reason_names_its_threshold_and_what_to_ask() -> None:
    assert why() == (
        "inverted: 1.0 below the purchase price; 14.6% below the market (threshold 3%); lowest of 9; down 6.0"
        " from 47.0 on 3 Nov. Ask: clearing stock, or goods from another territory?"
    )


def test_a_retail_price_below_selling_is_an_inversion_of_the_shops() -> None:
    assert why(retail_price=2.5, chain="normal", market="normal").startswith(
        "inverted: retail 2.5 below selling 2.73 a piece"
    )
    assert "Ask who pays the difference." in why(retail_price=2.5, chain="normal", market="normal")


def test_a_high_price_is_asked_about_differently() -> None:
    text = why(
        market="high",
        deviation=0.07,
        state="high",
        chain="normal",
        inverted=False,
        policy="above",
        policy_high=40 / 15,
        previous_price=NAN,
    )
    assert text == (
        "7.0% above the market (threshold 3%); above the price policy's 40.0."
        " Ask: short of goods, or more service for the price?"
    )


def test_a_thin_margin_names_its_floor() -> None:
    assert "margin 4.0%, floor 5%" in why(chain="thin", margin=0.04, inverted=False)


@pytest.mark.parametrize(
    ("changes", "text"),
    [({}, "market 48.0"), ({"peers": 2.0}, "too few (2)"), ({"peers": NAN}, "too old to compare")],
)
def test_beside_a_price_stands_its_market_or_why_there_is_none(changes: dict[str, object], text: str) -> None:
    with speaking("en"):
        assert market_words(product(**changes), "case") == text


def rival(**changes: object) -> dict[str, object]:
    return {
        "name": "乐优茶",
        "name_en": "Leyou tea",
        "pack_size": 15,
        "price": 3.0,
        "observed_on": pd.Timestamp(2026, 11, 21),
        "previous_observed_on": pd.Timestamp(2026, 11, 3),
        "visit_id": "visit",
        "moved": -0.2,
        "gap": 0.2,
        "price_index": 106.7,
    } | changes


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "down 3.0 since 3 Nov; we are 3.0 dearer (index 107)"),
        (
            {"moved": 0.1, "gap": -0.2, "price_index": 93.3},
            "up 1.5 since 3 Nov; we are 3.0 cheaper (index 93)",
        ),
        ({"moved": 0.0, "gap": 0.0}, "unchanged since 3 Nov; same price as ours"),
        ({"moved": NAN, "gap": NAN}, "first price"),
    ],
)
def test_a_rival_is_told_by_its_move_and_its_gap(changes: dict[str, object], text: str) -> None:
    with speaking("en"):
        assert rival_words(rival(**changes), "case", TODAY) == text


def test_rivals_are_summed_up_by_the_one_that_moved_most() -> None:
    with speaking("zh"):
        table = pd.DataFrame([rival(), rival(moved=0.0)])
        assert (
            rivals_sentence(table, 6, "case", "visit")
            == "**6 个竞品中 1 个价格有变动**。乐优茶 降 3.0，现在 45.0。已告知经理。"
        )
        assert rivals_sentence(table.iloc[1:], 6, "case", "visit") == "**竞品价格与上次相同**。"
        assert rivals_sentence(table.iloc[:0], 6, "case", "visit") == "**还没有竞品价格**。"


def test_a_move_of_an_earlier_visit_is_no_news_to_the_manager() -> None:
    with speaking("en"):
        said = rivals_sentence(pd.DataFrame([rival(visit_id="earlier")]), 6, "case", "visit")
    assert said == "**1 of 6 competitors' prices moved.** Leyou tea fell 3.0 to 45.0."


@pytest.mark.parametrize(
    ("change", "words"),
    [(-6.0, "↓6.0"), (1.25, "↑1.25"), (-40.32, "↓40.3"), (0.001, "="), (0.0, "="), (NAN, "")],
)
def test_how_a_price_moved_since_the_last_one_fits_a_list(change: float, words: str) -> None:
    assert moved_words(change) == words


@pytest.mark.parametrize(("spoken", "words"), [("en", "47.0, 3 Nov"), ("zh", "47.0，11月3日")])
def test_the_price_before_is_told_with_its_day(spoken: str, words: str) -> None:
    with speaking(spoken):
        assert previous_words(product(), "case", TODAY) == words
        assert previous_words(product(previous_price=NAN, previous_date=pd.NaT), "case", TODAY) == "—"
