"""The stamp under which accounts are remembered moves with every change of them, even at one and the same time."""

import pytest

from data.account_differences import (
    FoundDifference,
    close_vanished,
    differences_said,
    say_of_difference,
    take_up_difference,
    write_off,
)
from data.account_links import link_entries, withdraw_link
from data.engine import reading, writing
from data.entries import save_entries
from data.identifiers import new_id
from data.latest_changes import latest_changes_of_accounts
from data.tables.dealings import Import
from data.tables.orders import Order
from data.their_book import note_row
from tests.builders import NOW
from tests.data.ledger_lines import Trade, line, trade

__all__ = ["trade"]

FOUND = FoundDifference("f" * 64, "missing_in_theirs", 3120)


def stamp(trade: Trade, distributor_id: str | None = None) -> str:
    with reading(trade.engine) as session:
        return latest_changes_of_accounts(session, trade.rep, distributor_id or trade.hongda)


class Steps:
    """Notes the stamp after each change."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self.stamps = [stamp(trade)]

    def __call__(self, command, *values, actor=None, **more) -> None:
        with writing(self.trade.engine) as session:
            command(session, actor or self.trade.rep, *values, **more)
        self.stamps.append(stamp(self.trade))

    def expect_all_different(self) -> None:
        assert len(set(self.stamps)) == len(self.stamps)


def test_it_stands_still_while_nothing_changes_and_at_other_distributors(trade: Trade) -> None:
    before = stamp(trade)
    with writing(trade.engine) as session:
        line(session, trade.fuyuan, "ours", "FH-9", 900)
    assert stamp(trade) == before


def test_whatever_is_said_of_a_difference_moves_it(trade: Trade) -> None:
    step = Steps(trade)
    step(take_up_difference, trade.visit, FOUND, NOW)
    for field, seen, value in (("reason", "", "timing"), ("owner", "", "Li"), ("owner", "Li", "")):
        step(say_of_difference, trade.visit, FOUND, field, NOW, seen=seen, value=value)
    note = {
        "id": new_id(),
        "user": trade.rep.user_id,
        "visit": trade.visit,
        "row": note_row(FOUND.entries_hash),
        "field": "note",
        "value": "on the lorry",
    }
    step(save_entries, [note], NOW)
    with reading(trade.engine) as session:
        (said,) = differences_said(session, trade.rep, trade.hongda).values()
    step(write_off, said.id, "too small", NOW, actor=trade.manager)
    step.expect_all_different()


def test_a_difference_that_settles_itself_moves_it(trade: Trade) -> None:
    step = Steps(trade)
    step(take_up_difference, trade.visit, FOUND, NOW)
    step(close_vanished, trade.visit, [], NOW)
    step.expect_all_different()


def test_a_link_and_its_withdrawal_move_it(trade: Trade) -> None:
    with writing(trade.engine) as session:
        ours = line(session, trade.hongda, "ours", "FH-1", 500)
        theirs = line(session, trade.hongda, "theirs", "1", 500)
    step, link = Steps(trade), new_id()
    step(link_entries, trade.visit, link, [ours], [theirs], "confirmed", NOW)
    step(withdraw_link, trade.visit, link, NOW)
    step.expect_all_different()


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_line_of_either_book_moves_it(trade: Trade, side: str) -> None:
    before = stamp(trade)
    with writing(trade.engine) as session:
        line(session, trade.hongda, side, "FH-1", 500)
    assert stamp(trade) != before


def test_a_loaded_file_and_an_order_move_it(trade: Trade) -> None:
    stamps = [stamp(trade)]
    order = Order(
        id=new_id(),
        number="1",
        distributor_id=trade.hongda,
        state="draft",
        tax_basis="excluded",
        created_by=trade.rep.user_id,
        created_at=NOW,
        changed_at=NOW,
    )
    loaded = Import(id=new_id(), file_name="ledger.csv", content_hash="0", rows=1, loaded_at=NOW)
    for record in (order, loaded):
        with writing(trade.engine) as session:
            session.add(record)
        stamps.append(stamp(trade))
    assert len(set(stamps)) == 3


def test_of_anothers_accounts_it_says_nothing(trade: Trade) -> None:
    assert stamp(trade, trade.strange) == ""
