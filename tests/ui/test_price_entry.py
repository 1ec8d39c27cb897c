"""The rows of the pad: each price in the unit chosen, with what it is held against."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from data.entry_rows import ConflictRow, ValueRow
from language import speaking
from ui.elements import Row
from ui.price_entry import Who, pad_rows
from ui.price_facts import Entered, PriceFacts

TODAY = date(2026, 11, 21)
NOTHING = Entered({}, [])


@dataclass
class Visit:
    planned_on: date = TODAY


@dataclass
class Page:
    """As much of a visit's page as the rows need."""

    visit: Visit
    today: date = TODAY


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with speaking("en"):
        yield


def facts(**parts: pd.DataFrame) -> PriceFacts:
    names = pd.DataFrame(
        {
            "name": ["绿茶", "乐优茶"],
            "name_en": ["Green tea", "Leyou tea"],
            "pack_size": 15,
            "is_own": [True, False],
            "rivals_product_id": [None, "tea"],
        },
        index=pd.Index(["tea", "rival"], name="product_id"),
    )
    seen = pd.DataFrame(
        {
            "product_id": ["tea", "tea", "tea"],
            "kind": ["selling", "selling", "retail"],
            "amount": [47.0, 46.0, 5.0],
            "unit": ["case", "case", "piece"],
            "pack_size": 15,
            "observed_on": pd.to_datetime([TODAY, TODAY - timedelta(days=18), TODAY - timedelta(days=18)]),
            "newest": [1, 2, 1],
        }
    )
    given = {
        "names": names,
        "seen": seen,
        "own": pd.DataFrame({"price": [47 / 15]}, index=pd.Index(["tea"])),
        "rivals": pd.DataFrame(),
        "peers": pd.DataFrame(),
        "market": pd.DataFrame({"median": [3.2], "others": [8]}, index=pd.Index(["tea"])),
        "has_policy": True,
    }
    return PriceFacts(**given | parts)  # type: ignore[arg-type]


def rows(
    entered: Entered = NOTHING, who: Who = "own", unit: str = "case", **parts: pd.DataFrame
) -> list[Row]:
    return list(pad_rows(facts(**parts), entered, who, unit, Page(Visit())))  # type: ignore[arg-type]


def value(field: str, amount: str | None, unit: str = "case") -> Entered:
    given = ValueRow("tea", "", field, amount, unit, "read", "entry-1", datetime(2026, 11, 21, tzinfo=UTC))
    return Entered({("tea", field): given}, [])


def test_a_row_says_last_time_and_the_market_in_the_unit_chosen() -> None:
    (row,) = rows()
    selling = row.values["selling"]
    assert (row.name, row.second) == ("Green tea", "last 46.0 · market 48.0")
    assert selling.hint == "last 3 Nov 46.0 · market 48.0 (8 others)"
    assert (selling.last, selling.market) == (46.0, 48.0)
    assert (row.values["retail"].last, row.values["retail"].hint) == (5.0, "last 3 Nov 5.0")


def test_the_words_follow_the_language_and_the_figures() -> None:
    assert rows()[0].second == "last 46.0 · market 48.0"
    with speaking("zh"):
        assert rows()[0].second == "上次 46.0 · 市场 48.0"
    dearer = pd.DataFrame({"median": [3.4], "others": [8]}, index=pd.Index(["tea"]))
    assert rows(market=dearer)[0].second == "last 46.0 · market 51.0"


def test_in_pieces_the_last_price_is_rounded_to_what_can_be_typed() -> None:
    (row,) = rows(unit="piece")
    assert (row.values["selling"].last, row.values["selling"].market) == (3.07, 3.2)


@pytest.mark.parametrize(("unit", "shown"), [("case", 37.5), ("piece", 2.5)])
def test_a_value_is_shown_in_the_unit_chosen_with_its_version(unit: str, shown: float) -> None:
    (row,) = rows(value("selling", "37.5"), unit=unit)
    assert (row.values["selling"].value, row.values["selling"].version) == (shown, "entry-1")


def test_a_cleared_value_keeps_its_version() -> None:
    (row,) = rows(value("selling", None))
    assert (row.values["selling"].value, row.values["selling"].version) == (None, "entry-1")


@pytest.mark.parametrize(("stored", "is_skipped"), [("yes", True), (None, False)])
def test_a_product_left_out_is_told_to_the_pad(stored: str | None, is_skipped: bool) -> None:
    (row,) = rows(value("price_skipped", stored, ""))
    assert (row.skipped.value, row.skipped.version) == (is_skipped, "entry-1")


def test_too_few_others_are_no_market() -> None:
    few = pd.DataFrame({"median": [3.2], "others": [2]}, index=pd.Index(["tea"]))
    (row,) = rows(market=few)
    assert (row.values["selling"].market, row.second) == (None, "last 46.0 · too few others (2)")


def test_a_first_visit_has_no_last_price() -> None:
    (row,) = rows(seen=facts().seen.iloc[:0], market=facts().market.iloc[:0])
    assert (row.values["selling"].last, row.second) == (None, "too few others (0)")


def test_a_competitors_row_names_ours_and_has_no_market_to_be_held_to() -> None:
    (row,) = rows(who="rivals")
    assert (row.name, row.second) == ("Leyou tea", "against Green tea 47.0")
    assert row.values["selling"].market is None


def test_a_conflict_stands_with_its_product() -> None:
    conflict = ConflictRow(
        "visit", "tea", "", "selling", "45", "entry-2", "李敏", "Li Min", "44", "陈涛", "Chen Tao"
    )
    (row,) = rows(replace(NOTHING, conflicts=[conflict]))
    (shown,) = row.conflicts
    assert (shown.value, shown.proposed, shown.by, shown.proposed_by) == (45.0, 44.0, "Li Min", "Chen Tao")


def test_left_out_and_entered_products_count_as_done() -> None:
    entered = Entered(
        value("selling", "37.5").values
        | {("water", "price_skipped"): value("price_skipped", "yes", "").values["tea", "price_skipped"]},
        [],
    )
    assert entered.done(["tea", "water", "juice"]) == 2
    assert value("selling", None).done(["tea"]) == 0
