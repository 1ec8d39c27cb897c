"""What the question "is this his?" costs, which every query of every screen asks."""

from datetime import date

from sqlalchemy import Engine

from data.access import Actor, require_visit
from data.engine import reading, writing
from tests import builders

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
