"""What an order suggestion stands on is read per distributor, as of the visit's day."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from data.company import DEFAULTS
from data.engine import reading, writing
from data.errors import NotReachable
from data.identifiers import new_id
from data.order_suggestion import (
    Rhythm,
    goods_coming,
    order_rules,
    orderable,
    promotions_between,
    rhythm,
    stock_levels,
)
from data.tables.base import Base
from data.tables.dealings import SellIn
from data.tables.distributors import Distributor
from data.tables.orders import Order, OrderLine
from data.tables.products import OrderRule, Promotion, StockLevel
from data.tables.visits import Visit
from tests import builders
from tests.builders import NOW, TODAY, rep


@dataclass
class World:
    """A visit of today at one of two distributors, the other one a colleague's, and a product."""

    engine: Engine
    rep_id: str
    place: str
    other: str
    visit: str
    tea: str

    def add(self, *records: Base) -> None:
        with writing(self.engine) as session:
            for record in records:
                session.add(record)
                session.flush()

    def order(
        self, number: str, quantity: int, *, state: str, deliver_on: date | None, **values: str
    ) -> None:
        id_ = new_id()
        given = {"distributor_id": self.place, **values}
        self.add(
            Order(
                id=id_,
                number=number,
                state=state,
                deliver_on=deliver_on,
                tax_basis="excluded",
                created_by=self.rep_id,
                created_at=NOW,
                changed_at=NOW,
                **given,
            ),
            OrderLine(id=new_id(), order_id=id_, product_id=self.tea, quantity=quantity, pack_size=15),
        )

    def delivered(self, quantity: int, on: date) -> None:
        self.add(
            SellIn(
                id=new_id(),
                distributor_id=self.place,
                product_id=self.tea,
                document=f"FH-{on}",
                on=on,
                quantity=quantity,
                amount_minor=0,
            )
        )

    def coming(self) -> dict[str, float]:
        with reading(self.engine) as session:
            return goods_coming(session, rep(self.rep_id), self.visit).to_dict()

    def rhythm(self) -> Rhythm:
        with reading(self.engine) as session:
            return rhythm(session, rep(self.rep_id), self.visit, DEFAULTS)


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        rep_id, colleague = builders.user(session, "limin"), builders.user(session, "chentao")
        place = builders.distributor(session, "HD", market, rep_id)
        other = builders.distributor(session, "FY", market, colleague)
        visit = builders.visit(session, place, rep_id)
        tea = builders.product(session, "TEA", minimum_order=30, shelf_life_days=270)
        builders.product(session, "COLA", is_own=False)
    return World(engine, rep_id, place, other, visit, tea)


def test_goods_of_open_orders_and_of_booked_deliveries_are_coming(world: World) -> None:
    later, past = TODAY + timedelta(days=3), TODAY - timedelta(days=1)
    world.order("A", 60, state="confirmed", deliver_on=later)
    world.order("B", 45, state="signed", deliver_on=None)
    world.delivered(30, later)
    world.delivered(-15, later + timedelta(days=1))
    world.order("C", 1000, state="draft", deliver_on=later)
    world.order("D", 1000, state="cancelled", deliver_on=later)
    world.order("E", 1000, state="confirmed", deliver_on=past)
    world.delivered(1000, TODAY)
    assert world.coming() == {world.tea: 135}


def test_the_visits_own_order_and_other_distributors_are_not_coming(world: World) -> None:
    later = TODAY + timedelta(days=3)
    world.order("A", 60, state="signed", deliver_on=later, visit_id=world.visit)
    world.order("B", 60, state="signed", deliver_on=later, distributor_id=world.other)
    assert world.coming() == {}


def test_the_next_visit_is_the_agreed_one_else_the_planned_one_else_none(world: World) -> None:
    assert world.rhythm() == Rhythm(None, None, DEFAULTS.visit_interval_days)
    with writing(world.engine) as session:
        for days in (21, 14, -7):
            builders.visit(
                session,
                world.place,
                world.rep_id,
                "planned",
                planned_on=TODAY + timedelta(days=days),
                started_at=None,
            )
        place = session.get_one(Distributor, world.place)
        place.lead_time_days, place.visit_interval_days = 9, 18
    assert world.rhythm() == Rhythm(9, TODAY + timedelta(days=14), 18)
    with writing(world.engine) as session:
        session.get_one(Visit, world.visit).next_visit_on = TODAY + timedelta(days=5)
    assert world.rhythm().next_visit_on == TODAY + timedelta(days=5)


def test_only_our_products_are_ordered(world: World) -> None:
    with reading(world.engine) as session:
        table = orderable(session, rep(world.rep_id))
    assert table.to_dict("records") == [
        {"product_id": world.tea, "minimum_order": 30.0, "shelf_life_days": 270}
    ]


def test_rules_and_levels_are_read_as_they_were_loaded(world: World) -> None:
    world.add(
        OrderRule(
            id=new_id(),
            abc_class="A",
            policy="cover_days",
            service_level=Decimal("0.97"),
            cover_days=30,
            max_days=None,
        ),
        StockLevel(distributor_id=world.place, product_id=world.tea, min_level=30, max_level=300),
        StockLevel(distributor_id=world.other, product_id=world.tea, min_level=1, max_level=2),
    )
    with reading(world.engine) as session:
        (rule,) = order_rules(session, rep(world.rep_id)).to_dict("records")
        (level,) = stock_levels(session, rep(world.rep_id), world.place).to_dict("records")
    assert (rule["abc_class"], rule["policy"], rule["service_level"], rule["cover_days"]) == (
        "A",
        "cover_days",
        0.97,
        30,
    )
    assert (level["min_level"], level["max_level"]) == (30, 300)


def test_promotions_are_those_about_to_begin(world: World) -> None:
    begins = {"RUNNING": -30, "SOON": 5, "LATER": 40}
    world.add(
        *(
            Promotion(
                id=new_id(),
                code=code,
                name=code,
                name_en=code,
                product_id=None,
                uplift=Decimal("0.2"),
                from_on=TODAY + timedelta(days=days),
                to_on=TODAY + timedelta(days=days + 60),
            )
            for code, days in begins.items()
        )
    )
    with reading(world.engine) as session:
        table = promotions_between(
            session,
            rep(world.rep_id),
            after=TODAY - timedelta(days=7),
            before=TODAY + timedelta(days=20),
        )
    assert [day.date() for day in table["from_on"]] == [TODAY + timedelta(days=5)]
    assert table["uplift"].tolist() == [0.2]


@pytest.mark.parametrize("question", [goods_coming, rhythm])
def test_somebody_elses_visit_tells_nothing(world: World, question: object) -> None:
    with writing(world.engine) as session:
        foreign = builders.visit(session, world.other, world.rep_id, state="approved")
    more = (DEFAULTS,) if question is rhythm else ()
    with reading(world.engine) as session, pytest.raises(NotReachable):
        question(session, rep(world.rep_id), foreign, *more)  # type: ignore[operator]


def test_somebody_elses_levels_are_not_told(world: World) -> None:
    with reading(world.engine) as session, pytest.raises(NotReachable):
        stock_levels(session, rep(world.rep_id), world.other)
