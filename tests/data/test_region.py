"""A manager's lists: prices, stock and credit of his region, the worst on top, nobody else's; on both databases."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy import Engine, event

from data.access import Actor
from data.company import company_settings
from data.engine import reading, writing
from data.errors import NotAllowed
from data.identifiers import new_id
from data.region import list_regions, region_credit, region_prices, region_stock
from data.tables.dealings import OpenItem, PriceObservation, SellOut, StockCount
from data.tables.distributors import CreditTerm, Distributor
from tests import builders
from tests.builders import NOW, TODAY, manager, rep


@dataclass
class World:
    engine: Engine
    market: str
    boss: Actor
    tea: str

    def distributor(self, code: str, market: str | None = None, **values) -> str:
        with writing(self.engine) as session:
            return builders.distributor(session, code, market or self.market, short_name=code, **values)

    def add(self, *records) -> None:
        with writing(self.engine) as session:
            session.add_all(records)

    def price(self, distributor_id: str, amount: str, days_ago: int = 1, **values) -> None:
        given = {
            "id": new_id(),
            "distributor_id": distributor_id,
            "product_id": self.tea,
            "kind": "selling",
            "amount": Decimal(amount),
            "unit": "piece",
            "pack_size": 15,
            "tax_basis": "excluded",
            "observed_on": TODAY - timedelta(days=days_ago),
            "source": "told",
            "observed_at": NOW,
        }
        self.add(PriceObservation(**given | values))

    def count(self, distributor_id: str, pieces: int, lot: str = "", product_id: str | None = None) -> None:
        self.add(
            StockCount(
                id=new_id(),
                distributor_id=distributor_id,
                product_id=product_id or self.tea,
                lot=lot,
                counted_on=TODAY - timedelta(days=2),
                quantity=pieces,
                pack_size=15,
                source="counted",
                counted_at=NOW,
            )
        )

    def sold(self, distributor_id: str, pieces: int, stockout_days: int = 0, product_id: str = "") -> None:
        self.add(
            SellOut(
                id=new_id(),
                distributor_id=distributor_id,
                product_id=product_id or self.tea,
                from_on=TODAY - timedelta(days=28),
                to_on=TODAY,
                quantity=pieces,
                stockout_days=stockout_days,
                source="read",
            )
        )

    def credit(self, distributor_id: str, limit: int | None, owed: int, overdue: int = 0) -> None:
        if limit is not None:
            self.add(
                CreditTerm(
                    id=new_id(),
                    distributor_id=distributor_id,
                    from_on=TODAY - timedelta(days=90),
                    credit_limit_minor=limit,
                    base_stock_minor=0,
                    term_days=30,
                )
            )
        for amount, days in ((owed - overdue, 10), (overdue, -10)):
            self.add(
                OpenItem(
                    id=new_id(),
                    distributor_id=distributor_id,
                    document=new_id(),
                    kind="invoice",
                    on=TODAY - timedelta(days=30),
                    due_on=TODAY + timedelta(days=days),
                    amount_minor=amount,
                    open_minor=amount,
                    as_of_on=TODAY,
                )
            )

    def table(self, query, actor: Actor | None = None) -> pd.DataFrame:
        asking = actor or self.boss
        with reading(self.engine) as session:
            return query(session, asking, company_settings(session, asking))


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        boss = builders.user(session, "zhoulan", "manager", (builders.region_of(session, market),))
        tea = builders.product(session, "TEA")
    return World(engine, market, manager(boss), tea)


def test_a_price_far_from_its_market_stands_on_top_with_its_deviation(world: World) -> None:
    for code, amount in (("A", "2.00"), ("B", "2.00"), ("C", "2.02"), ("D", "2.01"), ("E", "1.60")):
        world.price(world.distributor(code), amount)
    table = world.table(region_prices)
    assert (table["distributor"][0], table["status"][0]) == ("E", "low")
    assert table["deviation"][0] == pytest.approx(1.60 / 2.00 - 1)
    assert table["status"].tolist()[1:] == ["normal"] * 4
    assert table["peers"].tolist() == [4] * 5


def test_only_the_latest_price_counts_and_a_case_is_brought_to_pieces(world: World) -> None:
    shop = world.distributor("A")
    world.price(shop, "9.99", days_ago=9)
    world.price(shop, "30.00", unit="case")
    table = world.table(region_prices)
    assert table[["price", "age_days", "status"]].values.tolist() == [[2.0, 1, "too_few"]]
    assert table["deviation"].isna().all()


def test_prices_are_compared_within_their_own_market(world: World) -> None:
    with writing(world.engine) as session:
        region = builders.region_of(session, world.market)
        other = builders.market(session, "dear", region)
    for code in "ABCD":
        world.price(world.distributor(code), "2.00")
        world.price(world.distributor(f"dear {code}", other), "4.00")
    assert set(world.table(region_prices)["status"]) == {"normal"}


def test_stock_lasts_by_the_pace_of_the_days_with_stock_and_lots_count_together(world: World) -> None:
    shop = world.distributor("A")
    world.count(shop, 40, lot="0127")
    world.count(shop, 20, lot="0227")
    world.sold(shop, 280, stockout_days=14)
    row = world.table(region_stock).iloc[0]
    assert (row["on_hand"], row["status"]) == (60, "short")
    assert row["days_of_supply"] == pytest.approx(60 / (280 / 14))


def test_what_is_out_stands_above_what_is_short_dead_or_enough(world: World) -> None:
    with writing(world.engine) as session:
        oil = builders.product(session, "OIL")
    shops = {code: world.distributor(code) for code in ("out", "short", "enough")}
    for code, pieces in (("enough", 280), ("short", 30), ("out", 0)):
        world.count(shops[code], pieces)
        world.sold(shops[code], 280)
    world.count(shops["enough"], 5, product_id=oil)
    table = world.table(region_stock)
    assert table[["distributor", "status"]].values.tolist() == [
        ["out", "out"],
        ["short", "short"],
        ["enough", "dead"],
        ["enough", "normal"],
    ]


def test_without_a_word_of_sales_the_sales_are_unknown_not_none(world: World) -> None:
    world.count(world.distributor("silent"), 30)
    row = world.table(region_stock).iloc[0]
    assert row["status"] == "unknown"
    assert pd.isna(row["days_of_supply"])


def test_credit_says_what_is_used_and_who_is_over_stands_on_top(world: World) -> None:
    for code, limit, owed in (("fine", 10_000, 5_000), ("over", 10_000, 12_000), ("tight", 10_000, 9_000)):
        world.credit(world.distributor(code), limit, owed, overdue=1_000)
    world.credit(world.distributor("no limit"), None, 700)
    table = world.table(region_credit)
    assert table[["distributor", "status"]].values.tolist() == [
        ["over", "over"],
        ["tight", "tight"],
        ["no limit", "no_limit"],
        ["fine", "ok"],
    ]
    assert table["utilisation"][0] == pytest.approx(1.2)
    assert pd.isna(table["utilisation"][2])
    assert table["exposure_minor"].tolist() == [12_000, 9_000, 700, 5_000]
    assert table["overdue_minor"].tolist() == [1_000, 1_000, 0, 1_000]


def test_a_limit_of_nothing_is_passed_by_any_debt(world: World) -> None:
    world.credit(world.distributor("cash only"), 0, 1)
    row = world.table(region_credit).iloc[0]
    assert (row["status"], row["utilisation"]) == ("over", float("inf"))


@pytest.mark.parametrize("query", [region_prices, region_stock, region_credit])
def test_a_region_shows_its_own_and_an_empty_one_shows_nothing(world: World, query) -> None:
    with writing(world.engine) as session:
        elsewhere = builders.market(session, "west")
        away = manager(builders.user(session, "away", "manager", (builders.region_of(session, elsewhere),)))
    shop = world.distributor("A")
    world.price(shop, "2.00")
    world.count(shop, 3)
    world.credit(shop, 100, 50)
    assert world.table(query)["distributor"].tolist() == ["A"]
    assert world.table(query, away).empty


@pytest.mark.parametrize("query", [region_prices, region_stock, region_credit])
def test_neither_rep_nor_clerk_looks_at_a_region(world: World, query) -> None:
    for actor in (rep("r"), Actor("c", "clerk", TODAY)):
        with pytest.raises(NotAllowed):
            world.table(query, actor)


def test_a_distributor_that_is_closed_is_left_out(world: World) -> None:
    shop = world.distributor("A")
    world.credit(shop, 100, 50)
    with writing(world.engine) as session:
        session.get_one(Distributor, shop).closed_on = TODAY
    assert world.table(region_credit).empty


@pytest.mark.parametrize("query", [region_prices, region_stock, region_credit])
def test_a_list_asks_as_often_for_six_distributors_as_for_one(world: World, query) -> None:
    asked: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def queries_with(codes: str) -> int:
        for code in codes:
            shop = world.distributor(code)
            world.price(shop, "2.00")
            world.count(shop, 3)
            world.sold(shop, 9)
            world.credit(shop, 100, 50)
        asked.clear()
        world.table(query)
        return len(asked)

    assert queries_with("A") == queries_with("BCDEF")


def test_the_administrator_sees_all_regions_to_assign_them(world: World) -> None:
    with reading(world.engine) as session:
        assert [row[1] for row in list_regions(session, Actor("a", "administrator", TODAY))] == ["东区"]
        with pytest.raises(NotAllowed):
            list_regions(session, world.boss)
