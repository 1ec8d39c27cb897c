"""Two books of a distributor for tests, and a company around them on either database."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from data.access import Actor
from data.engine import reading, writing
from data.identifiers import new_id
from data.tables.dealings import LedgerEntry
from data.tables.distributors import Distributor
from tests import builders
from tests.builders import TODAY


@dataclass
class Trade:
    """A rep with a visit, his two distributors, a stranger's, and a manager of the region."""

    engine: Engine
    rep: Actor
    other: Actor
    manager: Actor
    visit: str
    hongda: str
    fuyuan: str
    strange: str

    def code(self, distributor_id: str) -> str:
        with reading(self.engine) as session:
            return session.get_one(Distributor, distributor_id).code


def line(session: Session, distributor_id: str, side: str, code: str, minor: int, **values: object) -> str:
    """A line of either book; its reference is its code."""
    given = {
        "id": new_id(),
        "on": TODAY - timedelta(days=10),
        "reference": code,
        "kind": "invoice" if minor > 0 else "payment",
        "text": "",
    }
    entry = LedgerEntry(
        distributor_id=distributor_id, side=side, entry_code=code, amount_minor=minor, **given | values
    )
    session.add(entry)
    session.flush()
    return entry.id


def days_ago(count: int) -> date:
    return TODAY - timedelta(days=count)


@pytest.fixture
def trade(engine: Engine) -> Trade:
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        west = builders.market(session, "west")
        rep, other = builders.user(session, "limin"), builders.user(session, "chentao")
        manager = builders.user(session, "zhoulan", "manager", (builders.region_of(session, market),))
        hongda = builders.distributor(session, "D1", market, rep)
        fuyuan = builders.distributor(session, "D2", market, rep)
        strange = builders.distributor(session, "D3", west, other)
        visit = builders.visit(session, hongda, rep)
        return Trade(
            engine,
            builders.rep(rep),
            builders.rep(other),
            builders.manager(manager),
            visit,
            hongda,
            fuyuan,
            strange,
        )
