"""The stamp under which a visit's figures are remembered: it moves with what they are made of, with nothing else."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete

from data.access import Actor
from data.engine import reading, writing
from data.errors import NotReachable
from data.identifiers import new_id
from data.latest_changes import latest_changes, latest_changes_around
from data.tables.dealings import Import
from data.tables.distributors import DistributorAssignment
from data.tables.orders import Order
from data.tables.visits import Visit
from data.visit_steps import open_step
from tests import builders
from tests.builders import NOW, rep

LATER = NOW + timedelta(minutes=5)


@dataclass
class World:
    """A rep on a visit, a colleague on another in the same market, and one far away."""

    engine: Engine
    actor: Actor
    place: str
    visit: str
    colleagues: str
    distant: str

    def stamp(self) -> str:
        with reading(self.engine) as session:
            return latest_changes(session, self.actor, self.visit)

    def stamp_around(self) -> str:
        with reading(self.engine) as session:
            return latest_changes_around(session, self.actor)

    def touch(self, visit_id: str, at=LATER) -> None:
        with writing(self.engine) as session:
            session.get_one(Visit, visit_id).changed_at = at

    def add(self, record: object) -> None:
        with writing(self.engine) as session:
            session.add(record)


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        east, west = builders.market(session), builders.market(session, "west")
        li, mo, zhao = (builders.user(session, name) for name in ("limin", "chenmo", "zhaoqi"))
        place = builders.distributor(session, "D1", east, li)
        beside = builders.distributor(session, "D2", east, mo)
        away = builders.distributor(session, "D3", west, zhao)
        mine, colleagues, distant = (
            builders.visit(session, *pair) for pair in ((place, li), (beside, mo), (away, zhao))
        )
    return World(engine, rep(li), place, mine, colleagues, distant)


def test_it_stands_still_while_nothing_changes(world: World) -> None:
    assert world.stamp() == world.stamp()


def test_an_entry_into_the_visit_or_into_a_colleagues_in_the_same_market_moves_it(world: World) -> None:
    stamps = [world.stamp()]
    for visit in (world.visit, world.colleagues):
        world.touch(visit)
        stamps.append(world.stamp())
    assert len(set(stamps)) == 3


def test_opening_a_step_is_remembered_and_leaves_it(world: World) -> None:
    before = world.stamp()
    with writing(world.engine) as session:
        open_step(session, world.actor, world.visit, "prices")
    assert world.stamp() == before
    with reading(world.engine) as session:
        assert session.get_one(Visit, world.visit).last_step == "prices"


def test_a_visit_in_another_market_leaves_it(world: World) -> None:
    before = world.stamp()
    world.touch(world.distant)
    assert world.stamp() == before


def test_a_visit_of_the_reps_own_in_another_market_moves_it(world: World) -> None:
    with writing(world.engine) as session:
        other = builders.distributor(session, "D4", builders.market(session, "north"), world.actor.user_id)
        visit = builders.visit(session, other, world.actor.user_id)
    before = world.stamp()
    world.touch(visit)
    assert world.stamp() != before


def test_what_is_committed_last_moves_it_though_it_was_written_first(world: World) -> None:
    world.touch(world.visit, LATER + timedelta(seconds=1))
    before = world.stamp()
    world.touch(world.colleagues, LATER)
    assert world.stamp() != before


def test_a_loaded_file_moves_it(world: World) -> None:
    before = world.stamp()
    world.add(Import(id=new_id(), file_name="prices.csv", content_hash="0", rows=1, loaded_at=NOW))
    assert world.stamp() != before


def test_an_order_of_the_distributor_moves_it(world: World) -> None:
    before = world.stamp()
    world.add(
        Order(
            id=new_id(),
            number="1",
            distributor_id=world.place,
            state="draft",
            tax_basis="excluded",
            created_by=world.actor.user_id,
            created_at=NOW,
            changed_at=NOW,
        )
    )
    assert world.stamp() != before


def test_nobody_asks_about_anothers_visit(world: World) -> None:
    with reading(world.engine) as session, pytest.raises(NotReachable):
        latest_changes(session, world.actor, world.distant)


@pytest.mark.parametrize("changed", ["visit", "colleagues"])
def test_an_entry_in_a_market_of_his_moves_the_stamp_around_him(world: World, changed: str) -> None:
    before = world.stamp_around()
    world.touch(getattr(world, changed))
    assert world.stamp_around() != before


def test_far_away_nothing_moves_the_stamp_around_him(world: World) -> None:
    before = world.stamp_around()
    world.touch(world.distant)
    assert world.stamp_around() == before


def test_losing_a_distributor_moves_the_stamp_around_him(world: World) -> None:
    before = world.stamp_around()
    with writing(world.engine) as session:
        session.execute(
            delete(DistributorAssignment).where(DistributorAssignment.distributor_id == world.place)
        )
        session.get_one(Visit, world.visit).state = "submitted"
    assert world.stamp_around() != before
