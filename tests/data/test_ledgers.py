"""Both books are read by whom they concern, and what people say of their lines is kept with who and why."""

import pytest
from sqlalchemy import select

from data.account_links import link_entries, withdraw_link
from data.engine import reading, writing
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.ledgers import books_of
from data.tables.dealings import AccountLink
from data.tables.records import AuditEntry
from tests.builders import NOW
from tests.data.ledger_lines import Trade, days_ago, line, trade

__all__ = ["trade"]


def four_lines(trade: Trade) -> dict[str, str]:
    with writing(trade.engine) as session:
        return {
            "a": line(session, trade.hongda, "ours", "FH-1", 500),
            "b": line(session, trade.hongda, "ours", "FH-2", 700),
            "x": line(session, trade.hongda, "theirs", "1", 500),
            "y": line(session, trade.hongda, "theirs", "2", 700),
        }


def say(trade: Trade, ours: list[str], theirs: list[str], verdict: str = "confirmed", **values) -> str:
    link_id = values.pop("link_id", new_id())
    with writing(trade.engine) as session:
        link_entries(
            session,
            values.pop("actor", trade.rep),
            trade.visit,
            link_id,
            ours,
            theirs,
            verdict,
            NOW,
            reason="same delivery",
        )
    return link_id


def verdicts(trade: Trade) -> list[str]:
    with reading(trade.engine) as session:
        return [link.verdict for link in books_of(session, trade.rep, trade.hongda).links]


def test_both_books_come_by_day_and_apart(trade: Trade):
    four_lines(trade)
    with writing(trade.engine) as session:
        line(session, trade.hongda, "ours", "FH-0", 100, on=days_ago(30))
        line(session, trade.hongda, "theirs", "closing-2026-11-20", 1300, kind="other", on=days_ago(1))
    with reading(trade.engine) as session:
        books = books_of(session, trade.rep, trade.hongda)
    assert [each.reference for each in books.ours] == ["FH-0", "FH-1", "FH-2"]
    assert [each.amount_minor for each in books.theirs] == [500, 700]
    assert books.closing is not None
    assert books.closing.amount_minor == 1300
    assert books.their_as_of == days_ago(1)


def test_another_reps_books_are_not_readable(trade: Trade):
    four_lines(trade)
    with reading(trade.engine) as session, pytest.raises(NotReachable):
        books_of(session, trade.other, trade.hongda)


def test_lines_of_ones_other_distributors_are_seen_where_the_amount_is_the_same(trade: Trade):
    four_lines(trade)
    with writing(trade.engine) as session:
        line(session, trade.fuyuan, "ours", "FH-9", 500)
        line(session, trade.fuyuan, "ours", "FH-8", 501)
        line(session, trade.strange, "ours", "FH-7", 500)
    with reading(trade.engine) as session:
        found = books_of(session, trade.rep, trade.hongda).strangers
    assert [(each.reference, each.distributor_id) for each in found] == [("FH-9", trade.fuyuan)]


def test_a_link_is_kept_once_with_who_and_why(trade: Trade):
    ids = four_lines(trade)
    link_id = say(trade, [ids["a"]], [ids["x"]])
    say(trade, [ids["a"]], [ids["x"]], link_id=link_id)
    say(trade, [ids["a"]], [ids["x"]])
    with reading(trade.engine) as session:
        (link,) = books_of(session, trade.rep, trade.hongda).links
        trail = session.scalars(select(AuditEntry).where(AuditEntry.record == "account_link")).all()
    assert (link.our_ids, link.their_ids, link.reason) == ((ids["a"],), (ids["x"],), "same delivery")
    assert link.linked_by == "limin"
    assert [(row.after, row.reason) for row in trail] == [("confirmed", "same delivery")]


def test_an_entry_stands_in_one_confirmed_link(trade: Trade):
    ids = four_lines(trade)
    say(trade, [ids["a"]], [ids["x"]])
    with pytest.raises(InvalidValue, match="no other link"):
        say(trade, [ids["a"], ids["b"]], [ids["y"]])
    assert verdicts(trade) == ["confirmed"]


def test_the_newer_word_on_the_same_lines_counts(trade: Trade):
    ids = four_lines(trade)
    say(trade, [ids["a"]], [ids["x"]])
    say(trade, [ids["a"]], [ids["x"]], "refused")
    assert verdicts(trade) == ["refused"]
    say(trade, [ids["a"]], [ids["x"]])
    assert verdicts(trade) == ["confirmed"]


def test_a_link_taken_back_no_longer_counts_and_stays_in_the_trail(trade: Trade):
    ids = four_lines(trade)
    link_id = say(trade, [ids["a"]], [ids["x"]])
    for _again in range(2):
        with writing(trade.engine) as session:
            withdraw_link(session, trade.rep, trade.visit, link_id, NOW, reason="wrong one")
    assert verdicts(trade) == []
    with reading(trade.engine) as session:
        assert session.get_one(AccountLink, link_id).withdrawn_at == NOW
        trail = session.scalars(select(AuditEntry.reason).where(AuditEntry.record_id == link_id)).all()
    assert trail == ["same delivery", "wrong one"]


@pytest.mark.parametrize(("ours", "theirs"), [((), ("x",)), (("a",), ())])
def test_a_link_needs_lines_of_both_books(trade: Trade, ours: tuple[str, ...], theirs: tuple[str, ...]):
    ids = four_lines(trade)
    with pytest.raises(InvalidValue):
        say(trade, [ids[each] for each in ours], [ids[each] for each in theirs])


def test_lines_of_another_distributor_cannot_be_linked_but_refused(trade: Trade):
    ids = four_lines(trade)
    with writing(trade.engine) as session:
        elsewhere = line(session, trade.fuyuan, "ours", "FH-9", 500)
        strange = line(session, trade.strange, "ours", "FH-7", 500)
    with pytest.raises(NotReachable):
        say(trade, [elsewhere], [ids["x"]])
    with pytest.raises(NotReachable):
        say(trade, [strange], [ids["x"]], "refused")
    say(trade, [elsewhere], [ids["x"]], "refused")
    assert verdicts(trade) == ["refused"]


def test_only_the_visits_rep_says_so_and_only_while_it_is_open(trade: Trade):
    ids = four_lines(trade)
    with pytest.raises(NotReachable):
        say(trade, [ids["a"]], [ids["x"]], actor=trade.other)
    with pytest.raises(NotAllowed):
        say(trade, [ids["a"]], [ids["x"]], actor=trade.manager)
