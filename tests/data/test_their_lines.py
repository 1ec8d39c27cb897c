"""A book is loaded, typed or told by its balance; nothing is saved twice, and nothing that was said is lost."""

import pytest
from sqlalchemy import select

from data.account_differences import FoundDifference, differences_said, say_of_difference
from data.book_checks import BookChange
from data.book_files import BookFile, BookLine, BookRefused
from data.engine import reading, writing
from data.errors import Conflict, InvalidValue, NotAllowed, NotReachable
from data.ledgers import books_of
from data.tables.dealings import Import
from data.tables.records import AuditEntry
from data.their_book import difference_hash
from data.their_lines import add_line, load_book, preview_book, remove_line, set_closing
from tests.builders import NOW
from tests.data.ledger_lines import Trade, days_ago, line, trade

__all__ = ["trade"]


def delivery(number: int, minor: int, days: int, **values: object) -> BookLine:
    given = {"reference": f"FH-{number}", "text": "进货", "kind": "invoice"}
    return BookLine(on=days_ago(days), amount_minor=minor, **{**given, **values})


def opening(minor: int, days: int) -> BookLine:
    return delivery(0, minor, days, reference="", text="期初", kind="opening")


FILE = [opening(1000, 30), delivery(1, 500, 20), delivery(2, 700, 15), delivery(2, 700, 15)]


def load(trade: Trade, found: list[BookLine], content: bytes = b"1", **options) -> None:
    with writing(trade.engine) as session:
        load_book(
            session,
            options.pop("actor", trade.rep),
            trade.visit,
            BookFile(found, distributors=options.pop("distributors", set())),
            content,
            "往来账.csv",
            NOW,
            **options,
        )


def preview(trade: Trade, found: list[BookLine], content: bytes = b"9", **options) -> BookChange:
    with reading(trade.engine) as session:
        return preview_book(session, trade.rep, trade.hongda, BookFile(found), content, **options)


def kept(trade: Trade) -> dict[str, tuple[str, int]]:
    with reading(trade.engine) as session:
        book = books_of(session, trade.rep, trade.hongda).theirs
    return {each.id: (each.reference, each.amount_minor) for each in book}


def refused(trade: Trade, found: list[BookLine], **options) -> BookRefused:
    with pytest.raises(BookRefused) as error:
        preview(trade, found, **options)
    return error.value


def test_a_file_becomes_lines_and_says_where_they_are_from(trade: Trade):
    load(trade, FILE)
    assert sorted(kept(trade).values()) == [("", 1000), ("FH-1", 500), ("FH-2", 700), ("FH-2", 700)]
    with reading(trade.engine) as session:
        source = books_of(session, trade.rep, trade.hongda).source
    assert source is not None
    assert (source.file_name, source.rows, source.as_of_on) == ("往来账.csv", 4, days_ago(15))
    assert source.loaded_by == "limin"


def test_the_same_file_twice_is_refused_and_adds_nothing(trade: Trade):
    load(trade, FILE)
    with pytest.raises(BookRefused) as error:
        load(trade, FILE)
    assert (error.value.code, error.value.facts["on"]) == ("same_file", NOW.date())
    assert len(kept(trade)) == 4
    with reading(trade.engine) as session:
        assert len(session.scalars(select(Import)).all()) == 1


def test_a_longer_file_adds_only_what_is_new_and_keeps_what_was_said(trade: Trade):
    load(trade, FILE)
    before = kept(trade)
    entry = next(iter(before))
    found = FoundDifference(difference_hash([], [entry]), "missing_in_ours", -500)
    with writing(trade.engine) as session:
        say_of_difference(session, trade.rep, trade.visit, found, "reason", NOW, seen="", value="timing")
    longer = [*FILE, delivery(3, 900, 5)]
    change = preview(trade, longer)
    assert (len(change.new), change.known, list(change.gone)) == (1, 4, [])
    load(trade, longer, b"2")
    assert before.items() <= kept(trade).items()
    with reading(trade.engine) as session:
        assert differences_said(session, trade.rep, trade.hongda)[found.entries_hash].reason == "timing"


def test_a_line_that_leaves_and_comes_back_is_the_same_line(trade: Trade):
    load(trade, FILE)
    before = kept(trade)
    gone = next(each for each, (reference, _minor) in before.items() if reference == "FH-1")
    for _again in range(2):
        with writing(trade.engine) as session:
            remove_line(session, trade.rep, trade.visit, gone, NOW)
    assert gone not in kept(trade)
    with reading(trade.engine) as session:
        trail = session.scalars(select(AuditEntry).where(AuditEntry.record_id == gone)).all()
    assert [each.before for each in trail] == [f"{days_ago(20)} FH-1 500 进货"]
    load(trade, FILE, b"3")
    assert kept(trade) == before


def test_a_period_that_both_have_with_other_lines_is_refused_until_the_file_replaces_it(trade: Trade):
    load(trade, FILE)
    other = [delivery(1, 500, 20), delivery(2, 700, 15), delivery(9, 300, 14)]
    error = refused(trade, other)
    assert (error.code, error.facts["count"], error.facts["first"]) == ("overlap", 1, days_ago(15))
    load(trade, other, b"4", replace=True)
    assert sorted(kept(trade).values()) == [("", 1000), ("FH-1", 500), ("FH-2", 700), ("FH-9", 300)]


def test_an_opening_balance_within_the_book_must_go_on_with_it(trade: Trade):
    load(trade, FILE)
    november = [opening(2900, 10), delivery(3, 900, 5)]
    assert [each.kind for _code, each in preview(trade, november).new] == ["invoice"]
    error = refused(trade, [opening(3000, 10), delivery(3, 900, 5)])
    assert error.code == "opening_differs"
    assert (error.facts["told_minor"], error.facts["expected_minor"]) == (3000, 2900)


def test_a_book_that_begins_earlier_takes_the_place_of_the_opening_balance(trade: Trade):
    load(trade, [opening(1500, 20), delivery(3, 900, 5)])
    earlier = [opening(1000, 40), delivery(1, 500, 30), delivery(3, 900, 5)]
    load(trade, earlier, b"5")
    assert sorted(kept(trade).values()) == [("", 1000), ("FH-1", 500), ("FH-3", 900)]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([delivery(1, 500, 30), delivery(3, 900, 5)], "no_opening"),
        ([opening(900, 40), delivery(1, 500, 30)], "opening_differs"),
        ([opening(900, 20)], "opening_differs"),
        ([opening(1500, 20), opening(1500, 10)], "two_openings"),
        ([], "empty"),
    ],
)
def test_lines_that_do_not_go_on_with_the_book_are_refused(trade: Trade, found: list[BookLine], code: str):
    load(trade, [opening(1500, 20), delivery(3, 900, 5)])
    assert refused(trade, found).code == code
    assert len(kept(trade)) == 2


def test_a_file_loaded_for_another_distributor_is_refused(trade: Trade):
    load(trade, FILE)
    with reading(trade.engine) as session, pytest.raises(BookRefused) as error:
        preview_book(session, trade.rep, trade.fuyuan, BookFile(FILE), b"1")
    assert (error.value.code, error.value.facts["name"]) == ("other_distributor", "D1商贸")


def test_a_file_that_names_another_distributor_is_refused(trade: Trade):
    with pytest.raises(BookRefused) as error:
        load(trade, FILE, distributors={"D1", "D2"})
    assert (error.value.code, error.value.facts["name"]) == ("other_distributor", "D2")
    load(trade, FILE, distributors={"D1"})


def test_a_file_whose_documents_are_all_anothers_is_refused(trade: Trade):
    with writing(trade.engine) as session:
        for number in (1, 2, 3):
            line(session, trade.fuyuan, "ours", f"FH-{number}", 100 * number, on=days_ago(12))
            line(session, trade.strange, "ours", f"FH-{number + 5}", 100 * number, on=days_ago(12))
    theirs = [delivery(number, 100 * number, 11) for number in (1, 2, 3)]
    error = refused(trade, theirs)
    assert (error.code, error.facts["name"]) == ("other_distributor", "D2商贸")
    # What one does not look after is not looked into, not even to warn.
    assert len(preview(trade, [delivery(n + 5, 100 * n, 11) for n in (1, 2, 3)]).new) == 3


def type_line(trade: Trade, typed: BookLine, **options) -> None:
    with writing(trade.engine) as session:
        add_line(session, options.pop("actor", trade.rep), trade.visit, typed, NOW, **options)


def test_a_typed_line_is_there_and_the_same_one_again_is_asked_about(trade: Trade):
    type_line(trade, delivery(1, 500, 3))
    with pytest.raises(BookRefused) as error:
        type_line(trade, delivery(1, 500, 3))
    assert error.value.code == "known_line"
    type_line(trade, delivery(1, 500, 3), again=True)
    assert sorted(kept(trade).values()) == [("FH-1", 500), ("FH-1", 500)]


def test_a_file_with_the_typed_line_knows_it(trade: Trade):
    type_line(trade, delivery(1, 500, 3))
    change = preview(trade, [delivery(1, 500, 3), delivery(2, 700, 2)])
    assert (len(change.new), change.known) == (1, 1)


@pytest.mark.parametrize(
    "typed",
    [delivery(1, 0, 3), delivery(1, 5, -1), delivery(1, 10**18, 3), delivery(1, 5, 3, text="x" * 301)],
)
def test_a_line_that_cannot_be_is_refused(trade: Trade, typed: BookLine):
    with pytest.raises(InvalidValue):
        type_line(trade, typed)
    assert kept(trade) == {}


def test_only_the_visits_rep_writes_into_the_book(trade: Trade):
    with pytest.raises(NotReachable):
        type_line(trade, delivery(1, 500, 3), actor=trade.other)
    with pytest.raises(NotAllowed):
        load(trade, FILE, actor=trade.manager)
    with reading(trade.engine) as session, pytest.raises(NotReachable):
        preview_book(session, trade.other, trade.hongda, BookFile(FILE), b"1")


def test_a_line_of_our_own_ledger_is_not_taken_out(trade: Trade):
    with writing(trade.engine) as session:
        ours = line(session, trade.hongda, "ours", "FH-1", 500)
    with writing(trade.engine) as session, pytest.raises(NotReachable):
        remove_line(session, trade.rep, trade.visit, ours, NOW)


def tell_balance(trade: Trade, minor: int | None, seen: int | None = None, days: int = 0) -> None:
    with writing(trade.engine) as session:
        set_closing(session, trade.rep, trade.visit, days_ago(days), NOW, seen=seen, amount_minor=minor)


def closing(trade: Trade) -> int | None:
    with reading(trade.engine) as session:
        found = books_of(session, trade.rep, trade.hongda).closing
    return found.amount_minor if found else None


def test_a_closing_balance_is_told_changed_and_taken_back(trade: Trade):
    tell_balance(trade, 6380)
    assert closing(trade) == 6380
    tell_balance(trade, 6400, seen=6380)
    with pytest.raises(Conflict):
        tell_balance(trade, 1, seen=6380)
    assert closing(trade) == 6400
    with pytest.raises(Conflict):
        tell_balance(trade, None, seen=6380)
    tell_balance(trade, None, seen=6400)
    assert closing(trade) is None
    with pytest.raises(InvalidValue):
        tell_balance(trade, 5, days=-1)


def test_the_newest_closing_balance_counts_and_is_no_line_of_the_book(trade: Trade):
    tell_balance(trade, 100, days=9)
    tell_balance(trade, 200, days=2)
    assert (closing(trade), kept(trade)) == (200, {})
