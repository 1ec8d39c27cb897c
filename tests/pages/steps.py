"""Records that stand behind the steps of a visit, and a step opened by its rep."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from streamlit.testing.v1 import AppTest

from data.access import Actor
from data.engine import writing
from data.entries import save_entries
from data.identifiers import new_id
from data.tables.company import User
from data.tables.records import FieldValue
from data.tables.visits import Directive, Objective, Promise
from tests.builders import NOW
from tests.pages.office import Office

TODAY = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
"""The day at the company's place, which may be another than the one where the tests run."""


def keep(office: Office, record: Any) -> str:
    """Stores a record under a new id and returns that."""
    record.id = new_id()
    with writing(office.engine) as session:
        session.add(record)
        session.flush()
        return str(record.id)


def change(office: Office, kind: type[Any], id_: str, **values: object) -> None:
    """Changes a record behind the back of an open screen."""
    with writing(office.engine) as session:
        record = session.get_one(kind, id_)
        for name, value in values.items():
            setattr(record, name, value)


def begun(office: Office, **values: object) -> str:
    """A visit to Hongda that is going on today."""
    return office.visit(
        office.hongda, **({"state": "draft", "started_at": NOW, "planned_on": TODAY} | values)
    )


def typed(office: Office, account: str, visit_id: str, row: str, words: str) -> str:
    """Words that somebody has typed for a button, as his tablet delivers them; the id of their entry."""
    entry = {"id": new_id(), "visit": visit_id, "row": row, "field": "words", "value": words}
    with writing(office.engine) as session:
        user = session.get_one(User, office.users[account])
        base = session.get(FieldValue, (visit_id, row, user.id, "words"))
        own = {"user": user.id, "lot": user.id, "base": base.entry_id if base else None}
        receipt = save_entries(session, Actor(user.id, user.role, TODAY), [{**entry, **own}], NOW)
    assert receipt.held == [entry["id"]]
    return str(entry["id"])


def open_step(office: Office, page: str, visit_id: str, account: str = "limin") -> AppTest:
    return office.open(account, f"pages/visit/{page}.py", {"visit": visit_id})


def objective(office: Office, visit_id: str, **values: object) -> str:
    given = {"kind": "order_amount", "text": "订货", "position": 0}
    return keep(office, Objective(visit_id=visit_id, **(given | values)))


def promise(office: Office, **values: object) -> str:
    given = {
        "distributor_id": office.hongda,
        "made_by": "company",
        "text": "Two racks",
        "owner": "Li Min",
        "rep_id": office.users["limin"],
        "due_on": TODAY + timedelta(days=2),
        "state": "open",
        "made_at": NOW,
    }
    return keep(office, Promise(**(given | values)))


def directive(office: Office, visit_id: str, text: str, given_at: datetime = NOW) -> str:
    return keep(
        office,
        Directive(
            distributor_id=office.hongda,
            visit_id=visit_id,
            given_by=office.users["zhoulan"],
            text=text,
            given_at=given_at,
        ),
    )
