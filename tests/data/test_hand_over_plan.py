"""What the administrator is told before a hand-over is what then happens."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from data.access import Actor
from data.engine import reading, writing
from data.errors import NotAllowed
from data.hand_over import hand_over
from data.hand_over_plan import Moves, distributors_held, what_moves
from data.identifiers import new_id
from data.tables.visits import Promise, Visit
from tests import builders
from tests.builders import NOW, TODAY, manager


def promise(session, distributor_id: str, rep_id: str, state: str = "open") -> None:
    session.add(
        Promise(
            id=new_id(),
            distributor_id=distributor_id,
            made_by="company",
            text="送货架",
            owner="李敏",
            rep_id=rep_id,
            state=state,
            made_at=NOW,
        )
    )
    session.flush()


def test_what_is_announced_is_what_moves(engine: Engine) -> None:
    with writing(engine) as session:
        market = builders.market(session)
        old, new = (builders.user(session, account) for account in ("limin", "chentao"))
        office = Actor(builders.user(session, "admin", "administrator"), "administrator", TODAY)
        mine = builders.distributor(session, "D1", market, old)
        builders.distributor(session, "D2", market, new)
        for days, state in ((-1, "planned"), (0, "planned"), (7, "planned"), (7, "draft"), (8, "cancelled")):
            builders.visit(session, mine, old, state, planned_on=TODAY + timedelta(days=days))
        promise(session, mine, old)
        promise(session, mine, old, "kept")
    with writing(engine) as session:
        asked = {"distributor_ids": [mine], "to_rep_id": new, "from_on": TODAY}
        assert [row.id for row in distributors_held(session, office, rep_id=old)] == [mine]
        assert what_moves(session, office, **asked) == Moves(visits=3, promises=1)
        hand_over(session, office, now=NOW, **asked)
        assert what_moves(session, office, **asked) == Moves(visits=0, promises=0)
        assert len(list(session.scalars(select(Visit).where(Visit.rep_id == new)))) == 3
        assert len(list(session.scalars(select(Promise).where(Promise.rep_id == new)))) == 1
        assert distributors_held(session, office, rep_id=old) == []


def test_only_the_administrator_looks_at_other_peoples_distributors(engine: Engine) -> None:
    with reading(engine) as session:
        for ask in (
            lambda: distributors_held(session, manager("m"), rep_id="r"),
            lambda: what_moves(session, manager("m"), distributor_ids=[], to_rep_id="r", from_on=TODAY),
        ):
            with pytest.raises(NotAllowed):
                ask()
