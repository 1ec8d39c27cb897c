"""Pictures of a visit, and what remains of one that comes late."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from data.access import Actor
from data.attachments import add_attachment
from data.audit import audit_of_visit
from data.engine import reading, writing
from data.identifiers import new_id
from data.pictures import SafePicture
from tests import builders

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PICTURE = SafePicture(b"a picture", "image/jpeg")


@pytest.mark.parametrize(
    ("state", "trail"), [("draft", 0), ("returned", 0), ("submitted", 1), ("approved", 1)]
)
def test_a_photo_of_a_visit_already_handed_in_stands_in_its_trail(
    engine: Engine, state: str, trail: int
) -> None:
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        rep = builders.user(session, "limin")
        place = builders.distributor(session, "D1", market, rep)
        visit = builders.visit(session, place, rep, planned_on=TODAY, state=state)
    actor, photo = Actor(rep, "rep", TODAY), new_id()
    for _sent_twice in range(2):
        with writing(engine) as session:
            add_attachment(
                session, actor, photo, visit, kind="photo", subject="display", picture=PICTURE, now=NOW
            )
    with reading(engine) as session:
        found = audit_of_visit(session, actor, visit)
    assert [(row.field, row.after, row.changed_at) for row in found] == [("photo", "added", NOW)] * trail
