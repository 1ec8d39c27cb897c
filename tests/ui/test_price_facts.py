"""Each product's price against its market, the policy, its past and its costs, in one row."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from data.company import DEFAULTS
from ui.price_facts import compared, pieces_of

TODAY = date(2026, 11, 21)
COMPANY = replace(DEFAULTS, price_threshold=0.03, market_price_days=45)


def products(*ids: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"name": list(ids), "name_en": list(ids), "pack_size": 10, "is_own": True}, index=pd.Index(ids)
    )


def seen(*rows: tuple) -> pd.DataFrame:
    """Rows of (product, kind, price, days ago, newest)."""
    table = pd.DataFrame(rows, columns=["product_id", "kind", "price", "days_ago", "newest"])
    table = table.astype({"product_id": str, "kind": str, "price": float})
    table["observed_on"] = pd.to_datetime([TODAY - timedelta(days=days) for days in table["days_ago"]])
    return table.assign(source="told", visit_id=None, unit="piece", pack_size=10, amount=table["price"])


def peers(**prices: list[float]) -> pd.DataFrame:
    rows = [(f"d{n}", id_, price) for id_, given in prices.items() for n, price in enumerate(given)]
    return pd.DataFrame(rows, columns=["distributor_id", "product_id", "price"]).astype({"price": float})


def policies(*rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["product_id", "kind", "low", "high"])
    return table.assign(from_on=pd.Timestamp(TODAY)).astype({"low": float, "high": float})


def purchases(**prices: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "product_id": pd.Series(list(prices), dtype=str),
            "price": [float(price) for price in prices.values()],
            "from_on": pd.to_datetime([TODAY] * len(prices)),
        }
    )


def compare(
    prices: pd.DataFrame,
    market: pd.DataFrame | None = None,
    policy: pd.DataFrame | None = None,
    bought: pd.DataFrame | None = None,
) -> pd.DataFrame:
    return compared(
        products("tea", "juice", "water"),
        prices,
        peers() if market is None else market,
        policies() if policy is None else policy,
        purchases() if bought is None else bought,
        on=TODAY,
        company=COMPANY,
    )


def states(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(table["state"].items())


def test_a_price_below_the_market_is_marked_low_and_the_median_counts_this_distributor() -> None:
    table = compare(seen(("tea", "selling", 4.0, 0, 1)), peers(tea=[5.0, 5.0, 5.0]))
    row = table.loc["tea"]
    assert (row["state"], row["mark"], row["peers"], row["median"]) == ("low", "low", 3, 5.0)
    assert row["deviation"] == pytest.approx(-0.2)


def test_two_others_are_too_few_and_the_price_still_stands() -> None:
    row = compare(seen(("tea", "selling", 4.0, 0, 1)), peers(tea=[5.0, 5.0])).loc["tea"]
    assert (row["price"], row["market"], row["state"]) == (4.0, "too_few", "normal")


@pytest.mark.parametrize(("days_ago", "market"), [(44, "low"), (45, None)])
def test_a_price_older_than_the_markets_window_is_not_compared(days_ago: int, market: str | None) -> None:
    row = compare(seen(("tea", "selling", 4.0, days_ago, 1)), peers(tea=[5.0, 5.0, 5.0])).loc["tea"]
    assert row["price"] == 4.0
    assert (row["market"] if market else row["state"]) == (market or "normal")


@pytest.mark.parametrize(("retail", "purchase", "chain"), [(None, 4.1, "below_cost"), (3.9, 3.0, "normal")])
def test_an_inverted_price_stands_above_everything(retail: float | None, purchase: float, chain: str) -> None:
    rows = [("tea", "selling", 4.0, 0, 1), ("juice", "selling", 2.0, 0, 1)]
    if retail is not None:
        rows.append(("tea", "retail", retail, 0, 1))
    table = compare(seen(*rows), peers(juice=[5.0, 5.0, 5.0]), bought=purchases(tea=purchase))
    assert states(table) == [("tea", "wrong"), ("juice", "low")]
    assert table.loc["tea", "chain"] == chain


def test_what_was_paid_here_stands_before_an_older_price_list() -> None:
    prices = seen(("tea", "selling", 4.0, 0, 1), ("tea", "purchase", 3.5, 0, 1))
    assert compare(prices, bought=purchases(tea=3.0)).loc["tea", "purchase_price"] == 3.5
    older = seen(("tea", "selling", 4.0, 0, 1), ("tea", "purchase", 3.5, 9, 1))
    assert compare(older, bought=purchases(tea=3.0)).loc["tea", "purchase_price"] == 3.0


def test_the_policy_alone_makes_a_price_stand_out_and_the_plot_stays_with_the_market() -> None:
    policy = policies(("tea", "selling", 4.5, 5.0), ("juice", "selling", 1.0, 1.5), ("tea", "retail", 9, 9))
    table = compare(
        seen(("tea", "selling", 4.0, 0, 1), ("juice", "selling", 2.0, 0, 1)),
        peers(tea=[4.0, 4.0, 4.0], juice=[2.0, 2.0, 2.0]),
        policy,
    )
    assert states(table) == [("tea", "low"), ("juice", "high")]
    assert set(table["mark"]) == {"normal"}
    assert list(table["gap"]) == [-0.5, 0.5]


def test_the_last_price_is_held_against_the_one_before() -> None:
    row = compare(seen(("tea", "selling", 4.0, 0, 1), ("tea", "selling", 5.0, 14, 2))).loc["tea"]
    assert (row["previous_price"], row["change"]) == (5.0, -1.0)


def test_what_cannot_be_compared_stands_last() -> None:
    prices = seen(*[(id_, "selling", 2.0, 0, 1) for id_ in ("tea", "juice", "water")])
    table = compare(prices, peers(juice=[2.0, 2.0, 2.02], tea=[2.0]))
    assert list(table.index) == ["juice", "tea", "water"]


def test_without_any_price_the_table_is_empty_and_whole() -> None:
    table = compare(seen())
    assert table.empty
    assert {"state", "mark", "deviation", "purchase_price", "retail_margin", "change"} <= set(table.columns)


def test_a_case_holds_its_pack_and_a_piece_one() -> None:
    table = products("tea")
    assert (list(pieces_of(table, "case")), list(pieces_of(table, "piece"))) == ([10], [1])
