"""The window onto the market's prices shows what it must and nobody it must not; the rest is per piece."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy import Engine

from data.assortment import assortment
from data.engine import reading, writing
from data.errors import NotReachable
from data.identifiers import new_id
from data.price_comparison import (
    market_prices,
    price_history,
    price_policies,
    purchase_prices,
    seen_prices,
)
from data.tables.base import Base
from data.tables.dealings import PriceObservation, SellIn, SellOut
from data.tables.products import PricePolicy, PurchasePrice
from tests import builders
from tests.builders import NOW, TODAY, rep


@dataclass
class World:
    """A market with our rep's distributor, three of another rep, and one distributor of another market."""

    engine: Engine
    rep_id: str
    market_id: str
    mine: str
    others: list[str]
    far: str
    tea: str

    def see(self, distributor_id: str, price: str, *, days_ago: int = 3, **values: object) -> None:
        given = {
            "id": new_id(),
            "distributor_id": distributor_id,
            "product_id": self.tea,
            "kind": "selling",
            "amount": Decimal(price),
            "unit": "case",
            "pack_size": 15,
            "tax_basis": "excluded",
            "observed_on": TODAY - timedelta(days=days_ago),
            "source": "told",
            "observed_at": NOW,
        }
        self.add(PriceObservation(**given | values))

    def add(self, *records: Base) -> None:
        with writing(self.engine) as session:
            session.add_all(records)

    def window(self, **values: object) -> pd.DataFrame:
        given = {"days": 45, "tax_basis": "excluded"} | values
        with reading(self.engine) as session:
            return market_prices(session, rep(self.rep_id), [self.mine], **given)

    def seen(self, on: date = TODAY, distributor_id: str | None = None) -> pd.DataFrame:
        with reading(self.engine) as session:
            return seen_prices(
                session, rep(self.rep_id), distributor_id or self.mine, on=on, tax_basis="excluded"
            )


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market, elsewhere = builders.market(session), builders.market(session, "west")
        rep_id, colleague = builders.user(session, "limin"), builders.user(session, "chentao")
        mine = builders.distributor(session, "HD", market, rep_id)
        others = [builders.distributor(session, f"O{n}", market, colleague) for n in range(3)]
        far = builders.distributor(session, "FAR", elsewhere, colleague)
        tea = builders.product(session, "T500", pack_size=15)
    return World(engine, rep_id, market, mine, others, far, tea)


def test_the_window_shows_the_market_per_piece_and_no_other_market(world: World) -> None:
    world.see(world.mine, "45")
    world.see(world.others[0], "3.2", unit="piece")
    world.see(world.far, "30")
    assert sorted(world.window()["price"]) == [3.0, 3.2]


def test_the_window_names_nobody_but_the_own_distributor(world: World) -> None:
    for distributor in [world.mine, *world.others]:
        world.see(distributor, "45", visit_id=None, observed_by=world.rep_id)
    table = world.window()
    assert set(table.columns) == {"market_id", "distributor_id", "product_id", "price", "age_days"}
    shown = {str(value) for value in table.to_numpy().ravel()}
    assert world.mine in shown
    assert not shown & {*world.others, world.far}


def test_ids_of_others_are_fresh_at_each_call(world: World) -> None:
    for distributor in [world.mine, *world.others]:
        world.see(distributor, "45")
    first, second = (set(world.window()["distributor_id"]) for _ in range(2))
    assert first & second == {world.mine}


def test_the_order_of_the_rows_follows_what_is_shown_and_not_whose_it_is(world: World) -> None:
    with writing(world.engine) as session:
        juice = builders.product(session, "J450")
    for number, distributor in enumerate([world.mine, *world.others]):
        world.see(distributor, str(50 - number))
        world.see(distributor, "45", product_id=juice)
    table = world.window()
    shown = list(table[["product_id", "price", "distributor_id"]].itertuples(index=False, name=None))
    assert shown == sorted(shown)


def test_a_distributor_of_somebody_else_opens_no_window(world: World) -> None:
    world.see(world.others[0], "45")
    with reading(world.engine) as session:
        table = market_prices(session, rep(world.rep_id), [world.far], days=45, tax_basis="excluded")
    assert table.empty


@pytest.mark.parametrize(("days_ago", "is_shown"), [(0, True), (44, True), (45, False), (-1, False)])
def test_the_window_is_45_days_deep(world: World, days_ago: int, is_shown: bool) -> None:
    world.see(world.others[0], "45", days_ago=days_ago)
    assert (len(world.window()) == 1) is is_shown


def test_the_window_never_opens_onto_days_after_today(world: World) -> None:
    world.see(world.others[0], "45", days_ago=-1)
    assert world.window(on=TODAY + timedelta(days=10)).empty


def test_an_old_visit_sees_the_market_of_its_day(world: World) -> None:
    world.see(world.others[0], "45", days_ago=60)
    world.see(world.others[0], "60", days_ago=1)
    assert list(world.window(on=TODAY - timedelta(days=30))["price"]) == [3.0]


def test_only_the_last_price_on_the_same_tax_basis_is_compared(world: World) -> None:
    world.see(world.others[0], "30", days_ago=9)
    world.see(world.others[0], "45", days_ago=5)
    world.see(world.others[0], "60", days_ago=1, tax_basis="included")
    world.see(world.others[0], "75", days_ago=0, kind="retail")
    table = world.window()
    assert (list(table["price"]), list(table["age_days"])) == ([3.0], [5])


def test_the_last_two_prices_of_each_kind_are_kept_apart(world: World) -> None:
    for days_ago, amount in ((30, "42"), (14, "45"), (0, "48")):
        world.see(world.mine, amount, days_ago=days_ago)
    world.see(world.mine, "5", days_ago=0, kind="retail", unit="piece")
    table = world.seen().sort_values(["kind", "newest"])
    assert list(zip(table["kind"], table["newest"], table["price"], strict=True)) == [
        ("retail", 1, 5.0),
        ("selling", 1, 3.2),
        ("selling", 2, 3.0),
    ]


def test_a_pack_that_changed_does_not_change_what_a_price_was(world: World) -> None:
    world.see(world.mine, "48", days_ago=14, pack_size=12)
    world.see(world.mine, "45", days_ago=0, pack_size=15)
    assert sorted(world.seen()["price"]) == [3.0, 4.0]


def test_prices_after_the_day_of_a_visit_are_not_its_prices(world: World) -> None:
    world.see(world.mine, "45", days_ago=0)
    assert world.seen(TODAY - timedelta(days=1)).empty


def test_prices_of_another_reps_distributor_are_not_shown(world: World) -> None:
    with pytest.raises(NotReachable):
        world.seen(distributor_id=world.others[0])


def test_the_history_of_a_product_comes_oldest_first(world: World) -> None:
    for days_ago in (0, 20, 401):
        world.see(world.mine, "45", days_ago=days_ago)
    with reading(world.engine) as session:
        table = price_history(
            session, rep(world.rep_id), world.mine, world.tea, on=TODAY, tax_basis="excluded"
        )
    assert [(TODAY - day.date()).days for day in table["observed_on"]] == [20, 0]


def policy(world: World, low: str | None, **values: object) -> PricePolicy:
    given = {
        "id": new_id(),
        "product_id": world.tea,
        "kind": "selling",
        "low": None if low is None else Decimal(low),
        "high": Decimal(9),
        "tax_basis": "excluded",
        "from_on": TODAY - timedelta(days=90),
    }
    return PricePolicy(**given | values)


def policies(world: World) -> list[float]:
    with reading(world.engine) as session:
        table = price_policies(session, rep(world.rep_id), world.mine, on=TODAY, tax_basis="excluded")
    return list(table["low"])


def test_the_policy_of_the_market_stands_before_the_general_one(world: World) -> None:
    world.add(policy(world, "3", market_id=world.market_id), policy(world, "2", from_on=TODAY))
    assert policies(world) == [3.0]


def test_the_newest_policy_holds(world: World) -> None:
    world.add(policy(world, "3", from_on=TODAY), policy(world, "2"))
    assert policies(world) == [3.0]


def test_a_policy_that_ended_is_of_another_market_or_basis_does_not_hold(world: World) -> None:
    with writing(world.engine) as session:
        other_market = builders.market(session, "north")
    world.add(
        policy(world, "1", to_on=TODAY),
        policy(world, "2", market_id=other_market),
        policy(world, "3", tax_basis="included"),
        policy(world, "4", from_on=TODAY + timedelta(days=1)),
    )
    assert policies(world) == []


def test_the_purchase_price_of_the_day_holds(world: World) -> None:
    dated = {-30: "2.8", -1: "2.9", 1: "3.5"}
    world.add(
        *[
            PurchasePrice(
                id=new_id(),
                product_id=world.tea,
                from_on=TODAY + timedelta(days=days),
                price=Decimal(price),
                tax_basis="excluded",
            )
            for days, price in dated.items()
        ]
    )
    with reading(world.engine) as session:
        table = purchase_prices(session, rep(world.rep_id), on=TODAY, tax_basis="excluded")
        other_basis = purchase_prices(session, rep(world.rep_id), on=TODAY, tax_basis="included")
    assert list(table["price"]) == [2.9]
    assert other_basis.empty


def listed(world: World) -> set[str]:
    with reading(world.engine) as session:
        table = assortment(session, rep(world.rep_id), world.mine, TODAY)
    return set(table.loc[table["is_listed"], "code"])


def more_products(world: World) -> dict[str, str]:
    with writing(world.engine) as session:
        return {
            "sold": builders.product(session, "SOLD"),
            "must": builders.product(session, "MUST", must_sell=True),
            "idle": builders.product(session, "IDLE"),
            "old": builders.product(session, "OLD", discontinued_on=TODAY),
            "soon": builders.product(session, "SOON", launched_on=TODAY + timedelta(days=1)),
            "rival": builders.product(
                session, "RIVAL", is_own=False, maker="恒岳", rivals_product_id=world.tea
            ),
        }


def test_without_any_history_all_active_products_are_asked_about(world: World) -> None:
    more_products(world)
    assert listed(world) == {"T500", "SOLD", "MUST", "IDLE", "RIVAL"}


def test_what_the_distributor_deals_in_and_must_sell_is_asked_about(world: World) -> None:
    products = more_products(world)
    world.add(
        SellOut(
            id=new_id(),
            distributor_id=world.mine,
            product_id=products["sold"],
            from_on=TODAY - timedelta(days=30),
            to_on=TODAY,
            quantity=Decimal(10),
            source="told",
        ),
        SellIn(
            id=new_id(),
            distributor_id=world.mine,
            product_id=products["idle"],
            document="D1",
            on=TODAY - timedelta(days=200),
            quantity=Decimal(10),
            amount_minor=1000,
        ),
    )
    assert listed(world) == {"SOLD", "MUST"}


def test_the_assortment_of_another_reps_distributor_is_not_shown(world: World) -> None:
    with pytest.raises(NotReachable), reading(world.engine) as session:
        assortment(session, rep(world.rep_id), world.others[0], TODAY)
