"""A difference keeps what people said of it until it is closed, in every visit, with who changed what."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from data.account_differences import (
    DifferenceRow,
    FoundDifference,
    close_vanished,
    differences_said,
    say_of_difference,
    take_up_difference,
    write_off,
)
from data.engine import reading, writing
from data.entries import save_entries
from data.errors import Conflict, InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.tables.records import AuditEntry
from data.their_book import note_row
from tests import builders
from tests.builders import NOW, TODAY
from tests.data.ledger_lines import Trade, days_ago, trade

__all__ = ["trade"]

FOUND = FoundDifference("f" * 64, "missing_in_theirs", 3120)


def say(trade: Trade, field: str, value: object, seen: object = "", found: FoundDifference = FOUND) -> None:
    with writing(trade.engine) as session:
        say_of_difference(session, trade.rep, trade.visit, found, field, NOW, seen=seen, value=value)


def take_up(trade: Trade, found: FoundDifference = FOUND) -> None:
    with writing(trade.engine) as session:
        take_up_difference(session, trade.rep, trade.visit, found, NOW)


def note(trade: Trade, text: str) -> None:
    """A note as the tablet sends it."""
    entry = {
        "id": new_id(),
        "user": trade.rep.user_id,
        "visit": trade.visit,
        "row": note_row(FOUND.entries_hash),
        "field": "note",
        "value": text,
    }
    with writing(trade.engine) as session:
        assert save_entries(session, trade.rep, [entry], NOW).held == [entry["id"]]


def row(trade: Trade) -> DifferenceRow:
    with reading(trade.engine) as session:
        return differences_said(session, trade.rep, trade.hongda)[FOUND.entries_hash]


def test_the_first_reason_explains_a_difference_and_without_it_it_is_open_again(trade: Trade):
    say(trade, "reason", "timing")
    assert (row(trade).state, row(trade).reason) == ("explained", "timing")
    say(trade, "state", "open", seen="explained")
    say(trade, "reason", "legacy", seen="timing")
    assert row(trade).state == "explained"
    say(trade, "reason", "", seen="legacy")
    assert row(trade).state == "open"


def test_owner_due_day_and_note_are_kept_and_change_nothing_else(trade: Trade):
    say(trade, "owner", "对方会计")
    say(trade, "due_on", days_ago(-7), seen=None)
    note(trade, "货已签收")
    kept = row(trade)
    assert (kept.owner, kept.due_on, kept.note, kept.state) == ("对方会计", days_ago(-7), "货已签收", "open")


@pytest.mark.parametrize("state", ["explained", "settled"])
def test_nothing_is_explained_without_a_reason(trade: Trade, state: str):
    with pytest.raises(InvalidValue, match="reason"):
        say(trade, "state", state, seen="open")
    with reading(trade.engine) as session:
        assert differences_said(session, trade.rep, trade.hongda) == {}


def test_a_settled_difference_is_closed_and_opens_again(trade: Trade):
    say(trade, "reason", "timing")
    say(trade, "state", "settled", seen="explained")
    assert row(trade).closed_at == NOW
    say(trade, "state", "open", seen="settled")
    assert row(trade).closed_at is None


def test_somebody_elses_change_is_not_overwritten_unseen(trade: Trade):
    say(trade, "owner", "李敏")
    with pytest.raises(Conflict) as met:
        say(trade, "owner", "周岚", seen="")
    assert (met.value.theirs, met.value.yours) == ("李敏", "周岚")
    assert row(trade).owner == "李敏"


@pytest.mark.parametrize(
    ("field", "value"),
    [("reason", "weather"), ("amount_minor", 1), ("owner", "x" * 101), ("note", "not by this way")],
)
def test_what_cannot_be_said_is_refused(trade: Trade, field: str, value: object):
    with pytest.raises(InvalidValue):
        say(trade, field, value)


def test_a_rep_does_not_write_off(trade: Trade):
    with pytest.raises(NotAllowed):
        say(trade, "state", "written_off", seen="open")
    say(trade, "reason", "legacy")
    with writing(trade.engine) as session, pytest.raises(NotAllowed):
        write_off(session, trade.rep, row(trade).id, "too small", NOW)


def test_a_manager_writes_off_with_a_reason_and_then_it_stands(trade: Trade):
    say(trade, "reason", "legacy")
    with writing(trade.engine) as session, pytest.raises(InvalidValue):
        write_off(session, trade.manager, row(trade).id, " ", NOW)
    with writing(trade.engine) as session:
        write_off(session, trade.manager, row(trade).id, "three years old", NOW)
    assert (row(trade).state, row(trade).closed_at) == ("written_off", NOW)
    with pytest.raises(NotAllowed):
        say(trade, "owner", "李敏")
    note(trade, "but")
    assert row(trade).note == ""


def test_a_note_typed_before_anything_else_was_said_arrives(trade: Trade):
    take_up(trade)
    take_up(trade)
    note(trade, "问过仓库")
    assert (row(trade).note, row(trade).state, row(trade).amount_minor) == ("问过仓库", "open", 3120)
    say(trade, "reason", "timing")
    assert row(trade).note == "问过仓库"


def test_a_difference_taken_up_after_midnight_stands_from_the_companys_day(trade: Trade):
    # 18:30 in London is the next morning in Shanghai: the visit of the day before was not one in which it stood.
    late = datetime.combine(TODAY - timedelta(days=1), time(18, 30), UTC)
    with writing(trade.engine) as session:
        builders.visit(session, trade.hongda, trade.rep.user_id, planned_on=days_ago(1))
        take_up_difference(session, trade.rep, trade.visit, FOUND, late)
    assert row(trade).visits == 1


def test_a_manager_of_another_region_does_not_reach_it(trade: Trade):
    say(trade, "reason", "legacy")
    with writing(trade.engine) as session:
        region = builders.region_of(session, builders.market(session, "north"))
        stranger = builders.manager(builders.user(session, "sunwei", "manager", (region,)))
    with writing(trade.engine) as session, pytest.raises(NotReachable):
        write_off(session, stranger, row(trade).id, "mine now", NOW)


def test_what_is_no_longer_found_is_settled_by_what_came(trade: Trade):
    other = FoundDifference("e" * 64, "missing_in_ours", -500)
    say(trade, "reason", "timing")
    say(trade, "owner", "李敏", found=other)
    with writing(trade.engine) as session:
        assert close_vanished(session, trade.rep, trade.visit, [other.entries_hash], NOW) == 1
        assert close_vanished(session, trade.rep, trade.visit, [other.entries_hash], NOW) == 0
    assert (row(trade).state, row(trade).closed_at) == ("settled", NOW)
    with reading(trade.engine) as session:
        assert differences_said(session, trade.rep, trade.hongda)[other.entries_hash].state == "open"


def test_every_change_leaves_a_trace(trade: Trade):
    say(trade, "reason", "timing")
    say(trade, "owner", "李敏")
    with reading(trade.engine) as session:
        trail = session.scalars(
            select(AuditEntry).where(AuditEntry.record == "account_difference").order_by(AuditEntry.id)
        ).all()
    assert [(each.field, each.before, each.after) for each in trail] == [
        ("reason", None, "timing"),
        ("state", "open", "explained"),
        ("owner", None, "李敏"),
    ]
    assert {each.changed_by for each in trail} == {trade.rep.user_id}


def test_an_open_difference_is_counted_in_every_later_visit(trade: Trade):
    say(trade, "reason", "timing")
    with writing(trade.engine) as session:
        builders.visit(session, trade.hongda, trade.rep.user_id, planned_on=days_ago(-14))
        builders.visit(session, trade.hongda, trade.rep.user_id, "cancelled", planned_on=days_ago(-15))
        builders.visit(session, trade.hongda, trade.rep.user_id, planned_on=days_ago(14))
    assert row(trade).visits == 2


def test_what_was_said_is_not_readable_for_others(trade: Trade):
    say(trade, "reason", "timing")
    with reading(trade.engine) as session, pytest.raises(NotReachable):
        differences_said(session, trade.other, trade.hongda)
