"""What should be there, how fast it goes and what that makes of a count, on figures that can be followed."""

from datetime import date, timedelta
from math import isnan

import pandas as pd
import pytest

from data.company import DEFAULTS
from data.inventory import Delivery
from language import speaking
from ui.stock_facts import Past, StockFacts, calculated
from ui.stock_words import cases_at_risk, change_words, ratio_missing, sell_down_words, sentence

ON = date(2026, 11, 21)
LAST = date(2026, 11, 7)
PRODUCTS = ("tea", "oil", "milk", "rival")
PRICES = pd.Series({"tea": 2.0, "oil": 5.0, "milk": 3.0})


def names(**changes: dict[str, object]) -> pd.DataFrame:
    rows = [
        {
            "product_id": id_,
            "name": id_,
            "name_en": id_.title(),
            "is_own": id_ != "rival",
            "unit": "bottle",
            "pack_size": 10,
            "keeps_lots": id_ == "milk",
            "launched_on": pd.NaT,
            "is_listed": True,
        }
        | changes.get(id_, {})
        for id_ in PRODUCTS
    ]
    table = pd.DataFrame(rows).set_index("product_id")
    return table.astype({"launched_on": "datetime64[ns]"})


def counts(*rows: tuple[object, ...], on: date = LAST) -> pd.DataFrame:
    """Rows of (product, quantity), or (product, quantity, lot, expiry)."""
    full = [row if len(row) == 4 else (*row, "", None) for row in rows]
    table = pd.DataFrame(full, columns=["product_id", "quantity", "lot", "expires_on"])
    return table.assign(
        expires_on=pd.to_datetime(table["expires_on"]),
        quantity=table["quantity"].astype("float64"),
        counted_on=pd.Timestamp(on),
    ).astype({"product_id": "object"})


def weeks(product: str, quantity: float, until: date = date(2026, 11, 14), number: int = 7) -> pd.DataFrame:
    starts = [until - timedelta(weeks=n + 1) for n in range(number)]
    return pd.DataFrame(
        {
            "product_id": product,
            "from_on": pd.to_datetime(starts),
            "to_on": pd.to_datetime(starts) + pd.Timedelta(days=7),
            "quantity": float(quantity),
            "stockout_days": 0,
        }
    )


def came(*rows: tuple[str, date, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["product_id", "on", "quantity"])
    return table.assign(on=pd.to_datetime(table["on"]), quantity=table["quantity"].astype("float64"))


NO_SALES = weeks("tea", 1, number=1).iloc[:0]


def facts(
    counted: pd.DataFrame | None = None,
    *,
    before: pd.DataFrame | None = None,
    periods: pd.DataFrame | None = None,
    deliveries: pd.DataFrame | None = None,
    wait: int | None = 5,
    prices: pd.Series | None = None,
    **changes: dict[str, object],
) -> StockFacts:
    periods = weeks("tea", 70) if periods is None else periods
    past = Past(
        names=names(**changes),
        before=counts(("tea", 300)) if before is None else before,
        came=came() if deliveries is None else deliveries,
        periods=periods,
        first_on=periods.groupby("product_id")["from_on"].min(),
        prices=PRICES if prices is None else prices,
        selling=pd.Series({"tea": 2.5, "rival": 2.5}),
        delivery=None if wait is None else Delivery(ON + timedelta(days=wait), is_ordered=True),
    )
    return calculated(past, counts() if counted is None else counted, on=ON, company=DEFAULTS)


def of(found: StockFacts, product: str, column: str):
    return found.table.at[product, column]


def test_expected_is_the_last_count_plus_what_came_less_what_went() -> None:
    found = facts(deliveries=came(("tea", date(2026, 11, 10), 60), ("tea", LAST, 500), ("tea", ON, -20)))
    # A week told of at 70 and a week not told of at the same pace; what came on the day of the count was counted.
    assert of(found, "tea", "sold") == 140
    assert of(found, "tea", "expected") == 300 + 60 - 20 - 140


def test_a_period_that_began_before_the_last_count_counts_by_its_days() -> None:
    found = facts(periods=weeks("tea", 70, until=date(2026, 11, 10)))
    assert of(found, "tea", "sold") == pytest.approx(3 * 10 + 11 * 10)


def test_without_any_sales_told_nothing_is_expected_and_the_counts_estimate_them() -> None:
    found = facts(counts(("tea", 260)), periods=NO_SALES, deliveries=came(("tea", date(2026, 11, 10), 100)))
    assert isnan(of(found, "tea", "expected"))
    assert of(found, "tea", "derived") == 140
    assert of(found, "tea", "is_estimated")
    assert of(found, "tea", "days_of_supply") == pytest.approx(26)


def test_known_sales_are_not_estimated() -> None:
    found = facts(counts(("tea", 260)))
    assert isnan(of(found, "tea", "derived"))
    assert not of(found, "tea", "is_estimated")


def test_more_than_came_is_a_count_to_check_and_no_pace() -> None:
    found = facts(counts(("tea", 900)), periods=NO_SALES)
    assert of(found, "tea", "derived") == -600
    assert not of(found, "tea", "is_estimated")
    assert of(found, "tea", "status") == "unknown"


def test_own_silence_among_told_sales_is_no_sale_and_a_rivals_silence_is_unknown() -> None:
    found = facts(counts(("oil", 40), ("rival", 40)))
    assert of(found, "oil", "status") == "dead"
    assert of(found, "rival", "status") == "unknown"


def test_nobody_tells_what_came_of_a_rival() -> None:
    found = facts(before=counts(("rival", 40)), periods=pd.concat([weeks("tea", 70), weeks("rival", 7)]))
    assert isnan(of(found, "rival", "expected"))


def test_days_without_stock_do_not_slow_the_pace() -> None:
    found = facts(counts(("tea", 140)), periods=weeks("tea", 70).assign(stockout_days=2))
    assert of(found, "tea", "rate") == pytest.approx(490 / 35)
    assert of(found, "tea", "days_of_supply") == pytest.approx(10)


def test_a_newcomer_has_a_pace_of_its_own_days() -> None:
    periods = pd.concat([weeks("tea", 70), weeks("oil", 70, number=2)])
    assert of(facts(counts(("oil", 50)), periods=periods), "oil", "rate") == pytest.approx(10)


def test_not_counted_left_out_and_nothing_there_are_three_things() -> None:
    found = facts(counts(("tea", 0), ("oil", None)))
    assert (of(found, "tea", "counted"), of(found, "tea", "status")) == (0, "out")
    assert bool(of(found, "oil", "is_skipped"))
    assert isnan(of(found, "oil", "counted"))
    assert not of(found, "milk", "is_skipped")
    assert isnan(of(found, "milk", "counted"))


def test_lots_of_a_product_are_summed() -> None:
    found = facts(counts(("milk", 20, "2027-01", "2027-01-31"), ("milk", 5, "2027-02", "2027-02-28")))
    assert of(found, "milk", "counted") == 25


def test_stock_to_sales_is_in_value_over_thirty_days() -> None:
    found = facts(counts(("tea", 150)))
    assert found.ratio == pytest.approx(150 / 300)
    assert found.ratio_before == pytest.approx(300 / 300)
    assert found.supply == pytest.approx(15)


def test_without_a_count_the_last_one_is_judged_and_nothing_is_compared_with_it() -> None:
    found = facts()
    assert not found.is_counted
    assert found.basis_on == LAST
    assert found.ratio == pytest.approx(1)
    assert isnan(found.ratio_before)


def test_a_first_visit_knows_nothing() -> None:
    found = facts(before=counts(), periods=NO_SALES, wait=None)
    assert found.basis_on is None
    assert found.judged.empty
    assert isnan(found.ratio)


def test_our_share_by_counted_goods_is_at_the_prices_here() -> None:
    found = facts(counts(("tea", 30), ("rival", 10), ("oil", 999)))
    # Nobody knows at what price the oil is sold here: it counts for nobody.
    assert found.rivals_share == pytest.approx(0.75)


def test_a_dropped_product_that_was_there_is_still_asked_for() -> None:
    dropped = {"is_listed": False}
    assert "oil" in facts(before=counts(("oil", 5)), oil=dropped).table.index
    assert "oil" not in facts(before=counts(("oil", 0)), oil=dropped).table.index


def test_what_does_not_sell_in_time_is_counted_in_cases() -> None:
    periods = pd.concat([weeks("tea", 70), weeks("milk", 7)])
    lots = counts(("milk", 60, "2026-12", "2026-12-21"))
    found = facts(lots, periods=periods)
    assert of(found, "milk", "at_risk") == pytest.approx(30)
    assert cases_at_risk(found) == 3


def test_the_delivery_makes_the_shortest_normal_stock() -> None:
    assert facts(wait=9).min_days == 9
    assert facts(wait=3).min_days == DEFAULTS.short_days
    assert facts(wait=90).max_days == 90


def test_the_sentence_names_counts_the_worst_case_and_its_number() -> None:
    periods = pd.concat([weeks("tea", 70), weeks("oil", 14), weeks("milk", 7)])
    found = facts(counts(("tea", 0), ("oil", 8), ("milk", 100)), periods=periods)
    with speaking("en"):
        said = sentence(found, "CNY")
    assert said == (
        "**1 product is out, and 1 will not last until the delivery on 26 Nov.**"
        " First of all Tea: nothing left, 7 cases sold a week. 1 is overstocked (¥165)."
    )


@pytest.mark.parametrize(
    ("priced", "worth"),
    [((), "2 are overstocked (40 cases)."), (("oil",), "2 are overstocked (at least ¥1,275).")],
)
def test_too_much_without_a_purchase_price_is_no_money(priced: tuple[str, ...], worth: str) -> None:
    periods = pd.concat([weeks("tea", 70), weeks("oil", 7)])
    found = facts(counts(("tea", 600), ("oil", 300)), periods=periods, prices=PRICES[list(priced)])
    with speaking("en"):
        assert sentence(found, "CNY").endswith(worth)


def test_what_is_sold_by_the_piece_is_too_much_in_pieces() -> None:
    found = facts(counts(("tea", 600)), prices=PRICES[[]], tea={"pack_size": 1})
    with speaking("en"):
        assert sentence(found, "CNY").endswith("1 is overstocked (150 bottles).")


@pytest.mark.parametrize(
    ("missing", "words"),
    [("sales", "no sales told"), ("prices", "no purchase prices"), ("none", "nothing sold")],
)
def test_a_ratio_that_is_missing_says_what_it_lacks(missing: str, words: str) -> None:
    sold = {"sales": NO_SALES, "none": weeks("tea", 0)}.get(missing, weeks("tea", 70))
    prices = PRICES[[]] if missing == "prices" else PRICES
    found = facts(counts(("tea", 60)), before=counts(), periods=sold, prices=prices)
    assert isnan(found.ratio)
    with speaking("en"):
        assert ratio_missing(found) == words


def test_in_chinese_no_space_follows_a_full_stop_and_the_bold_marks_end_before_it() -> None:
    periods = pd.concat([weeks("tea", 70), weeks("oil", 14)])
    with speaking("zh"):
        said = sentence(facts(counts(("tea", 0), ("oil", 8)), periods=periods), "CNY")
    assert "**。最急：" in said
    assert "。 " not in said


def test_the_sentence_says_so_when_all_is_well() -> None:
    with speaking("en"):
        assert (
            sentence(facts(counts(("tea", 200))), "CNY")
            == "**Everything lasts until the delivery on 26 Nov.**"
        )


def test_less_than_nothing_is_said_first() -> None:
    with speaking("en"):
        said = sentence(facts(counts(("tea", -3))), "CNY")
    assert said.startswith(":red[**Tea has less than nothing: count again.**]")


def test_the_change_tells_what_is_new_gone_up_and_down_and_keeps_silent_on_the_uncounted() -> None:
    before = counts(("tea", 300), ("oil", 20), ("rival", 9))
    found = facts(counts(("tea", 250), ("oil", 0), ("milk", 30)), before=before, oil={"is_listed": False})
    with speaking("en"):
        said = change_words(found, "CNY")
    assert said == "**Since 7 Nov:** 1 down, 1 new, 1 gone. Most in value: Tea −5 cases; in all −\u2060¥100."
    with speaking("en"):
        assert "1 down." in change_words(facts(counts(("tea", 250)), before=before), "CNY")


def test_what_is_too_much_says_how_much_until_when_and_what_to_do() -> None:
    found = facts(counts(("tea", 600)))
    product = {"id": "tea", "over": 150.0, **found.table.loc["tea"].to_dict()}
    with speaking("en"):
        said = sell_down_words(product, found)
    assert said == (
        "15 cases over 45 days, gone by 20 Jan 2027 at 7 cases a week · idea: order none before 6 Dec"
    )


@pytest.mark.parametrize(
    ("tea", "oil", "said"),
    [
        (0, 99, "1 product is out."),
        (0, 12, "1 product is out, and 1 short (under 7 days)."),
        (0, 2, "1 product is out, and 1 will not last until the delivery on 26 Nov."),
        (200, 12, "1 product is short (under 7 days)."),
        (20, 2, "2 products will not last until the delivery on 26 Nov."),
    ],
)
def test_what_lacks_is_said_in_one_sentence(tea: float, oil: float, said: str) -> None:
    periods = pd.concat([weeks("tea", 70), weeks("oil", 14)])
    with speaking("en"):
        assert sentence(facts(counts(("tea", tea), ("oil", oil)), periods=periods), "CNY").startswith(
            f"**{said}**"
        )
