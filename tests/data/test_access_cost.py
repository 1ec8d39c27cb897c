"""What the question "is this his?" costs, which every query of every screen asks."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import Engine

from data.access import Actor, require_visit
from data.engine import reading, writing
from data.errors import NotReachable
from data.tables.distributors import DistributorAssignment
from data.visits import find_visit
from tests import builders
from tests.sent_statements import counting

TODAY = date(2026, 11, 2)


def steps_of_asking(engine: Engine, distributors: int) -> int:
    """The hundreds of steps of SQLite's machine until a rep with so many distributors has one visit of his."""
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        rep = builders.user(session, "limin")
        places = [builders.distributor(session, f"D{number}", market, rep) for number in range(distributors)]
        visit = builders.visit(session, places[0], rep, planned_on=TODAY)
    hundreds = 0

    def count() -> None:
        nonlocal hundreds
        hundreds += 1

    with reading(engine) as session:
        connection = session.connection().connection.driver_connection
        assert connection is not None
        connection.set_progress_handler(count, 100)
        require_visit(session, Actor(rep, "rep", TODAY), visit)
        connection.set_progress_handler(None, 0)
    return hundreds


def test_a_rep_with_many_distributors_waits_no_longer_for_each_of_them(sqlite_engine: Engine) -> None:
    steps = 100 * steps_of_asking(sqlite_engine, 300)
    assert steps < 100 * 300, f"{steps / 300:.0f} steps a distributor"


@dataclass(frozen=True)
class Asked:
    """A database with a visit, its rep, and a rep whose it is not."""

    engine: Engine
    visit: str
    rep: Actor
    stranger: Actor


@pytest.fixture
def asked(sqlite_engine: Engine) -> Asked:
    with writing(sqlite_engine) as session:
        builders.company(session)
        market = builders.market(session)
        rep, stranger = builders.user(session, "limin"), builders.user(session, "chenmo")
        place = builders.distributor(session, "D1", market, rep)
        visit = builders.visit(session, place, rep, planned_on=TODAY)
    return Asked(sqlite_engine, visit, Actor(rep, "rep", TODAY), Actor(stranger, "rep", TODAY))


def test_a_reading_session_asks_once_whether_a_visit_is_his_and_nobody_else_profits(asked: Asked) -> None:
    with counting(asked.engine) as sent, reading(asked.engine) as session:
        first = require_visit(session, asked.rep, asked.visit)
        sent.clear()
        assert require_visit(session, asked.rep, asked.visit) is first
        assert not sent
        with pytest.raises(NotReachable):
            require_visit(session, asked.stranger, asked.visit)


def test_who_was_shown_a_visit_is_not_asked_again_whether_it_is_his_and_a_stranger_still_is(
    asked: Asked,
) -> None:
    with counting(asked.engine) as sent, reading(asked.engine) as session:
        assert find_visit(session, asked.stranger, asked.visit) is None
        assert find_visit(session, asked.rep, asked.visit)
        sent.clear()
        assert require_visit(session, asked.rep, asked.visit).id == asked.visit
        assert not sent
        with pytest.raises(NotReachable):
            require_visit(session, asked.stranger, asked.visit)


def test_a_writing_session_asks_anew_because_its_own_changes_may_take_the_visit_away(
    sqlite_engine: Engine,
) -> None:
    with writing(sqlite_engine) as session:
        builders.company(session)
        market = builders.market(session)
        rep, other = builders.user(session, "limin"), builders.user(session, "chenmo")
        place = builders.distributor(session, "D1", market, rep)
        visit = builders.visit(session, place, other, planned_on=TODAY)
        actor = Actor(rep, "rep", TODAY)
        assert find_visit(session, actor, visit)
        require_visit(session, actor, visit)
        session.query(DistributorAssignment).delete()
        with pytest.raises(NotReachable):
            require_visit(session, actor, visit)
