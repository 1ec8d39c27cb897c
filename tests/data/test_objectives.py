"""What a visit was to reach: what is shown of it again."""

from datetime import timedelta

from sqlalchemy import Engine

from data.engine import reading, writing
from data.identifiers import new_id
from data.objectives import missed_before
from data.tables.visits import Objective
from tests import builders
from tests.builders import TODAY, rep


def test_what_the_last_visit_missed_stands_before_what_an_earlier_one_did(engine: Engine) -> None:
    with writing(engine) as session:
        builders.company(session)
        mine = builders.user(session, "limin")
        place = builders.distributor(session, "HD", builders.market(session), mine)
        for days_ago in (30, 20, 10):
            on = TODAY - timedelta(days=days_ago)
            visit = builders.visit(session, place, mine, planned_on=on, state="approved")
            session.add_all(
                Objective(
                    id=new_id(),
                    visit_id=visit,
                    position=position,
                    kind="other",
                    text=f"{days_ago} days ago, {position}",
                    result="missed",
                )
                for position in (0, 1)
            )
        today = builders.visit(session, place, mine, planned_on=TODAY)
    with reading(engine) as session:
        found = [row.text for row in missed_before(session, rep(mine), today)]
    assert found == [f"{days_ago} days ago, {position}" for days_ago in (10, 20, 30) for position in (0, 1)]
