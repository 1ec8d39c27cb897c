"""A competitor's price that moved is one message to the manager, however often it is saved."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from data.engine import reading, writing
from data.entries import save_entries
from data.identifiers import new_id
from data.tables.dealings import PriceObservation
from data.tables.products import Product
from data.tables.visits import MarketNote
from tests import builders
from tests.builders import NOW, TODAY, rep


@dataclass
class World:
    engine: Engine
    rep_id: str
    visit_id: str
    rival: str
    own: str
    base: str | None = None

    def price(
        self, value: str | None, *, product: str = "", unit: str = "case", field: str = "selling"
    ) -> None:
        id_ = new_id()
        entry = {
            "id": id_,
            "user": self.rep_id,
            "visit": self.visit_id,
            "row": product or self.rival,
            "lot": None,
            "field": field,
            "value": value,
            "unit": unit,
            "source": "read",
            "base": self.base,
            "at": "",
        }
        with writing(self.engine) as session:
            assert save_entries(session, rep(self.rep_id), [entry], NOW).rejected == []
        self.base = id_

    def notes(self) -> list[MarketNote]:
        with reading(self.engine) as session:
            return list(session.scalars(select(MarketNote)))


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        rep_id = builders.user(session, "limin")
        distributor = builders.distributor(session, "HD", builders.market(session), rep_id)
        visit = builders.visit(session, distributor, rep_id)
        own = builders.product(session, "T500")
        rival = builders.product(
            session, "R500", name="乐优柠檬茶", name_en="Leyou lemon tea", is_own=False, maker="恒岳"
        )
        session.add_all(
            PriceObservation(
                id=new_id(),
                distributor_id=distributor,
                product_id=product,
                kind="selling",
                amount=Decimal(45),
                unit="case",
                pack_size=15,
                tax_basis="excluded",
                observed_on=TODAY - timedelta(days=14),
                source="told",
                observed_at=NOW,
            )
            for product in (own, rival)
        )
    return World(engine, rep_id, visit, rival, own)


def test_a_price_that_moved_becomes_a_note_with_both_prices(world: World) -> None:
    world.price("42")
    (note,) = world.notes()
    assert (note.topic, note.competitor, note.visit_id) == ("price", "恒岳", world.visit_id)
    assert note.text == (
        "乐优柠檬茶 (Leyou lemon tea). 出货价 selling price: 45 (2026-11-07) → 42 CNY (1×15)"
    )


@pytest.mark.parametrize("english", ["", "乐优柠檬茶"])
def test_a_product_with_one_name_is_named_once(world: World, english: str) -> None:
    with writing(world.engine) as session:
        session.get_one(Product, world.rival).name_en = english
    world.price("42")
    (note,) = world.notes()
    assert note.text.startswith("乐优柠檬茶. ")


def test_a_price_corrected_twice_stays_one_note_with_the_last_price(world: World) -> None:
    for price in ("42", "41", "40.5"):
        world.price(price)
    (note,) = world.notes()
    assert "→ 40.5 CNY" in note.text


@pytest.mark.parametrize("price", ["45", None])
def test_the_note_goes_when_the_price_has_not_moved_after_all(world: World, price: str | None) -> None:
    world.price("42")
    world.price(price)
    assert world.notes() == []


def test_the_same_price_in_another_unit_has_not_moved(world: World) -> None:
    world.price("3", unit="piece")
    assert world.notes() == []


def test_a_first_price_is_no_move(world: World) -> None:
    world.price("5", unit="piece", field="retail")
    assert world.notes() == []


def test_our_own_price_makes_no_note(world: World) -> None:
    world.price("42", product=world.own)
    assert world.notes() == []
