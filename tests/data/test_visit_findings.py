"""What a visit found is read whole by those whom it concerns, and by nobody else; on both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event

from data.access import Actor
from data.company import company_settings
from data.engine import reading, writing
from data.errors import NotReachable
from data.identifiers import new_id
from data.tables.base import Base
from data.tables.dealings import PriceObservation, SellOut, StockCount
from data.visit_findings import (
    VisitFindings,
    checklists_answered,
    complaints_found,
    goods_checked,
    market_found,
    notes_of_steps,
    photo_contents,
    photos_taken,
    talks_held,
    visit_findings,
)
from data.visit_goods import counts_found, price_deviations, prices_found
from tests import builders
from tests.builders import NOW, TODAY, manager, rep
from tests.findings import add_findings, picture

TOPICS: list[Callable[..., Any]] = [
    checklists_answered, complaints_found, goods_checked, market_found, notes_of_steps, photo_contents,
    photos_taken, prices_found, talks_held,
]  # fmt: skip


@dataclass
class World:
    engine: Engine
    visit: str
    distributor: str
    market: str
    product: str
    rival: str
    li: Actor
    boss: Actor
    stranger: Actor

    def add(self, *records: Base) -> None:
        with writing(self.engine) as session:
            for record in records:
                session.add(record)
                session.flush()

    def ask(self, topic: Callable[..., Any], *more: Any, actor: Actor | None = None) -> Any:
        with reading(self.engine) as session:
            return topic(session, actor or self.boss, self.visit, *more)

    def count(self, quantity: int | None, product: str = "", **values: Any) -> StockCount:
        given = {
            "id": new_id(),
            "distributor_id": self.distributor,
            "product_id": product or self.product,
            "visit_id": self.visit,
            "lot": "",
            "counted_on": TODAY,
            "pack_size": 15,
            "source": "counted",
            "counted_at": NOW,
        }
        return StockCount(quantity=quantity, **given | values)

    def price(self, amount: str, product: str = "", **values: Any) -> PriceObservation:
        given = {
            "id": new_id(),
            "distributor_id": self.distributor,
            "product_id": product or self.product,
            "visit_id": self.visit,
            "kind": "selling",
            "unit": "case",
            "pack_size": 15,
            "tax_basis": "excluded",
            "observed_on": TODAY,
            "source": "told",
            "observed_at": NOW,
        }
        return PriceObservation(amount=Decimal(amount), **given | values)


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market, far = builders.market(session), builders.market(session, "west")
        east, west = (builders.region_of(session, place) for place in (market, far))
        li = builders.user(session, "limin")
        boss = builders.user(session, "zhou", "manager", (east,))
        stranger = builders.user(session, "sun", "manager", (west,))
        distributor = builders.distributor(session, "HD", market, li)
        visit = builders.visit(session, distributor, li, state="submitted", submitted_at=NOW)
        product = builders.product(session, "T1", name="绿茶", name_en="Green tea")
        rival = builders.product(session, "R1", is_own=False, maker="恒岳")
    return World(
        engine, visit, distributor, market, product, rival, rep(li), manager(boss), manager(stranger)
    )


def _everything(world: World) -> None:
    with writing(world.engine) as session:
        add_findings(session, world.visit, product=world.product, rival=world.rival)


def test_the_manager_reads_everything_that_the_visit_found(world: World) -> None:
    _everything(world)
    found: VisitFindings = world.ask(visit_findings)
    assert [(row.is_own, row.amount, row.unit, row.source) for row in found.prices] == [
        (True, 45, "case", "told"),
        (False, 42, "case", "told"),
    ]
    assert [(row.name_en, row.quantity) for row in found.counts] == [("Green tea", 30)]
    (order,) = found.orders
    assert (order.amount, order.state, order.signed_name) == (90, "signed", "王")
    assert found.notes == {"service": "门头旧了"}
    assert [(name, row.answer) for name, rows in found.checklists.items() for row in rows] == [
        ("display", "yes")
    ]
    assert [(note.topic, note.text) for note in found.market] == [("price", "45 → 42")]
    assert [prospect.name for prospect in found.prospects] == ["新店"]
    assert [(row.item, row.issued, row.passed_on) for row in found.goods] == [("杯", 40, 31)]
    assert [(row.text, row.state) for row in found.complaints] == [("漏液", "recorded")]
    assert [(row.kind, row.text_en, row.answer) for row in found.talks] == [
        ("news", "New product", "welcomed"),
        ("advice", "排面加宽", None),
    ]
    assert [photo.subject for photo in found.photos] == ["display"]
    assert world.ask(photo_contents) == {found.photos[0].id: picture()}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.__name__)
def test_a_topic_of_somebody_elses_visit_is_empty(world: World, topic: Callable[..., Any]) -> None:
    _everything(world)
    assert world.ask(topic, actor=world.li)
    assert not world.ask(topic, actor=world.stranger)


def test_the_whole_of_somebody_elses_visit_is_refused(world: World) -> None:
    _everything(world)
    for topic in (visit_findings, counts_found):
        with pytest.raises(NotReachable):
            world.ask(topic, actor=world.stranger)


def test_another_visits_findings_stay_there(world: World) -> None:
    _everything(world)
    with writing(world.engine) as session:
        world.visit = builders.visit(session, world.distributor, world.li.user_id)
    assert world.ask(visit_findings) == VisitFindings([], [], [], {}, {}, [], [], [], [], [], [])


def test_a_visit_with_much_costs_no_more_questions_than_one_with_little(world: World) -> None:
    asked: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def questions() -> int:
        asked.clear()
        world.ask(visit_findings)
        return len([statement for statement in asked if statement.startswith("SELECT")])

    _everything(world)
    few = questions()
    with writing(world.engine) as session:
        more = [builders.product(session, f"T{number}") for number in range(2, 9)]
    world.add(*(world.count(5, product) for product in more), *(world.price("9", one) for one in more))
    assert questions() == few <= 16


def test_a_lot_is_at_risk_by_the_pace_before_the_visit(world: World) -> None:
    # 2 a day for 28 days; 30 days left sell 60 of the 100
    world.add(
        SellOut(
            id=new_id(),
            distributor_id=world.distributor,
            product_id=world.product,
            from_on=TODAY - timedelta(days=28),
            to_on=TODAY,
            quantity=56,
            source="told",
        ),
        world.count(100, lot="2026-12", expires_on=TODAY + timedelta(days=30)),
        world.count(10, lot="none"),
        world.count(10, world.rival, lot="2026-12", expires_on=TODAY + timedelta(days=30)),
        world.count(None, lot="left out", expires_on=TODAY + timedelta(days=1)),
    )
    rows = world.ask(counts_found)
    risk = {(row.product_id, row.lot): row.at_risk for row in rows}
    assert risk.pop((world.product, "2026-12")) == pytest.approx(40)
    assert set(risk.values()) == {None}
    assert [row.quantity for row in rows if row.lot == "left out"] == [None]


@pytest.mark.parametrize(("others", "expected"), [(["50", "50", "48"], 45 / 49 - 1), (["50"], None)])
def test_the_market_is_that_of_the_visits_day(
    world: World, others: list[str], expected: float | None
) -> None:
    with writing(world.engine) as session:
        company = company_settings(session, world.boss)
        places = [builders.distributor(session, f"O{n}", world.market) for n in range(len(others))]
    world.add(world.price("45"))
    for place, amount in zip(places, others, strict=True):
        seen = {"distributor_id": place, "visit_id": None}
        world.add(
            world.price(amount, **seen, observed_on=TODAY - timedelta(days=3)),
            # of a later day, which the visit could not know
            world.price("1", **seen, observed_on=TODAY + timedelta(days=1)),
        )
    later = manager(world.boss.user_id, date(2026, 11, 28))
    found = world.ask(price_deviations, company, actor=later)
    assert found == ({} if expected is None else {world.product: pytest.approx(expected)})
