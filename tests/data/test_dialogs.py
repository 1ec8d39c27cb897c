"""What a dialog changes meets what somebody else wrote meanwhile, and never overwrites it unseen."""

import pytest
from sqlalchemy import Engine

from data.coaching import coaching_of, save_coaching
from data.engine import reading, writing
from data.errors import Conflict
from data.identifiers import new_id
from data.market import market_notes, save_market_note
from data.promises import promises_made, save_promise
from tests import builders
from tests.builders import NOW, TODAY, rep

CASES = {
    "promise": (save_promise, {"made_by": "company", "owner": "李敏", "due_on": TODAY}, promises_made),
    "market note": (save_market_note, {"topic": "price", "competitor": ""}, market_notes),
    "coaching": (save_coaching, {"kind": "advice"}, coaching_of),
}


@pytest.mark.parametrize("case", CASES)
def test_a_dialog_opened_before_another_change_meets_a_conflict(engine: Engine, case: str) -> None:
    save, values, read = CASES[case]
    with writing(engine) as session:
        builders.company(session)
        mine = builders.user(session, "limin")
        place = builders.distributor(session, "HD", builders.market(session), mine)
        visit = builders.visit(session, place, mine)
    actor, id_ = rep(mine), new_id()
    for text, seen in (("first", None), ("second", "first")):
        with writing(engine) as session:
            save(session, actor, visit, id_, text=text, now=NOW, seen=seen, **values)
    with pytest.raises(Conflict), writing(engine) as session:
        save(session, actor, visit, id_, text="third", now=NOW, seen="first", **values)
    with reading(engine) as session:
        assert [row.text for row in read(session, actor, visit)] == ["second"]
