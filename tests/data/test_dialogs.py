"""What a dialog changes meets what somebody else changed meanwhile, and never overwrites it unseen."""

from datetime import timedelta

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

LATER = TODAY + timedelta(days=7)
CASES = {
    "promise": (
        save_promise,
        promises_made,
        lambda row: row.who_and_when,
        [
            {"made_by": "company", "owner": owner, "due_on": due_on}
            for owner, due_on in (("李敏", TODAY), ("李敏", LATER), ("周岚", TODAY))
        ],
    ),
    "market note": (
        save_market_note,
        market_notes,
        lambda row: row.competitor,
        [{"topic": "price", "competitor": maker} for maker in ("", "恒悦", "康泉")],
    ),
    "coaching": (
        save_coaching,
        coaching_of,
        lambda row: row.kind,
        [{"kind": kind} for kind in ("advice", "training", "solved")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_dialog_opened_before_another_change_meets_a_conflict(engine: Engine, case: str) -> None:
    save, read, facts, (first, second, third) = CASES[case]
    with writing(engine) as session:
        builders.company(session)
        mine = builders.user(session, "limin")
        place = builders.distributor(session, "HD", builders.market(session), mine)
        visit = builders.visit(session, place, mine)
    actor, id_ = rep(mine), new_id()

    def shown() -> str:
        with reading(engine) as session:
            (row,) = read(session, actor, visit)
        assert row.text == "said once"
        return facts(row)

    def change(values: dict, text: str | None, seen: str | None) -> None:
        with writing(engine) as session:
            save(session, actor, visit, id_, text=text, now=NOW, seen=seen, **values)

    change(first, "said once", None)
    before = shown()
    change(second, None, before)
    after = shown()
    with pytest.raises(Conflict) as met:
        change(third, None, before)
    assert (met.value.theirs, shown()) == (after, after)
    change(third, None, met.value.theirs)
    assert shown() not in (before, after)
