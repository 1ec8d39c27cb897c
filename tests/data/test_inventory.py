"""What was counted, what came, what went, and what the others' goods are worth, each as the screen asks for it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy import Engine, func, select

from data.engine import reading, writing
from data.entries import current_values
from data.errors import Conflict, InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.inventory import counts_of_day, deliveries, first_sales, next_delivery, sales_periods
from data.other_stock import other_stock, set_other_stock
from data.tables.base import Base
from data.tables.dealings import SellIn, SellOut, StockCount
from data.tables.orders import Order
from data.tables.records import Entry
from data.tables.visits import Visit
from tests import builders
from tests.builders import NOW, TODAY, rep


@dataclass
class World:
    engine: Engine
    rep_id: str
    mine: str
    theirs: str
    visit_id: str
    tea: str

    @property
    def actor(self):
        return rep(self.rep_id)

    def add(self, *records: Base) -> None:
        with writing(self.engine) as session:
            session.add_all(records)

    def ask(self, question, *values, **options):
        with reading(self.engine) as session:
            return question(session, self.actor, *values, **options)

    def tell(self, value: str | None, seen: str | None = None) -> None:
        with writing(self.engine) as session:
            set_other_stock(
                session,
                self.actor,
                self.visit_id,
                seen=None if seen is None else Decimal(seen),
                value=None if value is None else Decimal(value),
                now=NOW,
            )

    def delivered(self, quantity: int, on: date, distributor_id: str | None = None) -> None:
        self.add(
            SellIn(
                id=new_id(),
                distributor_id=distributor_id or self.mine,
                product_id=self.tea,
                document=new_id()[-12:],
                on=on,
                quantity=Decimal(quantity),
                amount_minor=quantity * 230,
            )
        )

    def sold(self, quantity: int, from_on: date, days: int = 7, distributor_id: str | None = None) -> None:
        self.add(
            SellOut(
                id=new_id(),
                distributor_id=distributor_id or self.mine,
                product_id=self.tea,
                from_on=from_on,
                to_on=from_on + timedelta(days=days),
                quantity=Decimal(quantity),
                source="imported",
            )
        )

    def counted(self, quantity: int | None, lot: str = "", **values: object) -> None:
        given = {
            "id": new_id(),
            "distributor_id": self.mine,
            "product_id": self.tea,
            "lot": lot,
            "counted_on": TODAY,
            "quantity": None if quantity is None else Decimal(quantity),
            "pack_size": 15,
            "source": "counted",
            "counted_at": NOW,
        }
        self.add(StockCount(**given | values))

    def ordered(self, number: str, deliver_on: date, state: str = "confirmed") -> None:
        self.add(
            Order(
                id=new_id(),
                number=number,
                distributor_id=self.mine,
                state=state,
                deliver_on=deliver_on,
                tax_basis="excluded",
                created_by=self.rep_id,
                created_at=NOW,
                changed_at=NOW,
            )
        )


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        rep_id, colleague = builders.user(session, "limin"), builders.user(session, "chentao")
        mine = builders.distributor(session, "HD", market, rep_id, lead_time_days=5)
        theirs = builders.distributor(session, "YX", market, colleague)
        tea = builders.product(session, "T500")
        visit = builders.visit(session, mine, rep_id)
    return World(engine, rep_id, mine, theirs, visit, tea)


def test_counts_of_a_day_hold_zero_and_left_out_apart(world: World) -> None:
    world.counted(0, "2027-03", expires_on=date(2027, 3, 31))
    world.counted(None)
    world.counted(30, counted_on=TODAY - timedelta(days=7))
    found = world.ask(counts_of_day, world.mine, TODAY)
    assert found["lot"].tolist() == ["", "2027-03"]
    assert pd.isna(found["quantity"].iloc[0])
    assert found["quantity"].iloc[1] == 0
    assert found["expires_on"].iloc[1] == pd.Timestamp(2027, 3, 31)


def test_a_delivery_on_the_day_of_the_last_count_was_counted(world: World) -> None:
    last = TODAY - timedelta(days=14)
    for quantity, on in (
        (15, last),
        (30, last + timedelta(days=1)),
        (-5, TODAY),
        (60, TODAY + timedelta(days=1)),
    ):
        world.delivered(quantity, on)
    world.delivered(900, TODAY, world.theirs)
    found = world.ask(deliveries, world.mine, after=last, until=TODAY)
    assert sorted(found["quantity"]) == [-5, 30]


def test_periods_that_touch_the_days_come_whole(world: World) -> None:
    start = TODAY - timedelta(days=14)
    world.sold(1, start - timedelta(days=7))
    world.sold(2, start - timedelta(days=3))
    world.sold(3, start + timedelta(days=4))
    world.sold(4, TODAY)
    world.sold(900, start, distributor_id=world.theirs)
    found = world.ask(sales_periods, world.mine, start=start, end=TODAY)
    assert sorted(found["quantity"]) == [2, 3]
    assert world.ask(first_sales, world.mine)[world.tea] == pd.Timestamp(start - timedelta(days=7))


def test_the_next_delivery_is_the_next_order_under_way(world: World) -> None:
    world.ordered("A", TODAY + timedelta(days=9))
    world.ordered("B", TODAY + timedelta(days=3))
    world.ordered("C", TODAY + timedelta(days=1), "cancelled")
    world.ordered("D", TODAY - timedelta(days=1))
    found = world.ask(next_delivery, world.mine, TODAY)
    assert (found.on, found.is_ordered) == (TODAY + timedelta(days=3), True)


def test_without_an_order_it_is_a_lead_time_from_now(world: World) -> None:
    found = world.ask(next_delivery, world.mine, TODAY)
    assert (found.on, found.is_ordered) == (TODAY + timedelta(days=5), False)


def test_without_a_lead_time_nobody_knows(world: World) -> None:
    with writing(world.engine) as session:
        other = builders.distributor(session, "XF", builders.market(session, "west"), world.rep_id)
    assert world.ask(next_delivery, other, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        lambda s, a, d: counts_of_day(s, a, d, TODAY),
        lambda s, a, d: deliveries(s, a, d, after=TODAY, until=TODAY),
        lambda s, a, d: sales_periods(s, a, d, start=TODAY, end=TODAY),
        first_sales,
        lambda s, a, d: next_delivery(s, a, d, TODAY),
        lambda s, a, d: other_stock(s, a, d, TODAY),
    ],
)
def test_another_reps_distributor_is_not_reached(world: World, question) -> None:
    with pytest.raises(NotReachable):
        world.ask(question, world.theirs)


def test_the_sum_told_is_kept_with_the_visits_entries(world: World) -> None:
    world.tell("30000")
    world.tell("28500.5", seen="30000")
    told = world.ask(other_stock, world.mine, TODAY)
    assert [(row.visit_id, row.told_on, row.value) for row in told] == [
        (world.visit_id, TODAY, Decimal("28500.5"))
    ]
    held = world.ask(current_values, world.visit_id)
    assert [(v.row, v.field, v.value, v.source) for v in held] == [
        ("stock", "other_value", "28500.5", "told")
    ]
    with reading(world.engine) as session:
        entries = list(session.scalars(select(Entry).order_by(Entry.base.is_not(None))))
    assert [entry.base for entry in entries] == [None, entries[0].id]


def test_telling_the_same_again_keeps_one_entry(world: World) -> None:
    world.tell("30000")
    world.tell("30000")
    with reading(world.engine) as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 1


def test_a_cleared_sum_is_no_sum(world: World) -> None:
    world.tell("30000")
    world.tell(None, seen="30000")
    assert world.ask(other_stock, world.mine, TODAY) == []


def test_a_sum_given_meanwhile_is_not_overwritten(world: World) -> None:
    world.tell("30000")
    with pytest.raises(Conflict):
        world.tell("20000", seen="10000")
    assert world.ask(other_stock, world.mine, TODAY)[0].value == 30000


@pytest.mark.parametrize("value", ["-1", "1000000000", "0.005"])
def test_a_sum_that_is_none_is_refused(world: World, value: str) -> None:
    with pytest.raises(InvalidValue):
        world.tell(value)


def test_a_submitted_visit_takes_no_sum(world: World) -> None:
    with writing(world.engine) as session:
        session.get_one(Visit, world.visit_id).state = "submitted"
    with pytest.raises(NotAllowed):
        world.tell("30000")


def test_the_last_two_sums_come_newest_first_and_cancelled_visits_tell_nothing(world: World) -> None:
    for ago, state, value in ((28, "approved", "1"), (14, "approved", "2"), (7, "cancelled", "3")):
        with writing(world.engine) as session:
            day = TODAY - timedelta(days=ago)
            visit = builders.visit(session, world.mine, world.rep_id, planned_on=day)
            set_other_stock(session, world.actor, visit, seen=None, value=Decimal(value), now=NOW)
            session.get_one(Visit, visit).state = state
    world.tell("4")
    assert [row.value for row in world.ask(other_stock, world.mine, TODAY)] == [4, 2]
