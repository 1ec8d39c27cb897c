"""Both books compared: whatever stands in them, the way from our balance to theirs closes to the cent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.account_differences import DifferenceRow
from data.ledgers import Books, LedgerLine, LinkRow
from language import speaking
from tests.builders import TODAY
from ui.reconciliation_bridge import MOST_BARS, steps
from ui.reconciliation_facts import Accounts, compare

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def line(
    side: str,
    id_: str,
    minor: int,
    days: int = 10,
    reference: str = "",
    kind: str = "invoice",
    owner: str = "d",
) -> LedgerLine:
    on = TODAY - timedelta(days=days)
    return LedgerLine(f"{side}-{id_}", side, id_, on, reference, kind, minor, "", owner)


def books(
    ours: Sequence[LedgerLine],
    theirs: Sequence[LedgerLine],
    *,
    links: Sequence[LinkRow] = (),
    strangers: Sequence[LedgerLine] = (),
    closing: LedgerLine | None = None,
) -> Books:
    return Books(ours, theirs, closing, strangers, links, None)


def link(ours: Sequence[str], theirs: Sequence[str], verdict: str = "confirmed") -> LinkRow:
    return LinkRow("l", tuple(ours), tuple(theirs), verdict, "because", "limin", "Limin", NOW)


def said(key: str, state: str = "explained", reason: str = "timing") -> dict[str, DifferenceRow]:
    row = DifferenceRow("r", key, "missing_in_ours", 0, state, reason, "", "", None, 1, NOW, None)
    return {key: row}


def assert_closes(found: Accounts) -> None:
    if found.our_balance is None:
        assert (list(found.books.ours), list(found.differences)) == ([], [])
        return
    assert found.their_balance is not None
    assert found.our_balance - found.their_balance == sum(each.amount_minor for each in found.differences)
    with speaking("en"):
        moves = steps(found.differences)
    assert found.our_balance + sum(move.minor for move in moves) == found.their_balance
    assert len(moves) <= MOST_BARS


lines = st.lists(
    st.tuples(
        st.integers(-(10**15), 10**15) | st.sampled_from([0, 1, 500, 900]),
        st.integers(0, 60),
        st.sampled_from(["", "", "FH-1", "FH-2", "fh 02"]),
        st.sampled_from(["invoice", "payment", "opening"]),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(lines, lines)
def test_the_bridge_closes_to_the_cent_on_every_pair_of_books(ours, theirs):
    found = compare(
        books(
            [line("ours", str(n), *entry) for n, entry in enumerate(ours)],
            [line("theirs", str(n), *entry) for n, entry in enumerate(theirs)],
        ),
        {},
    )
    if theirs:
        assert_closes(found)
    else:
        assert (found.their_balance, list(found.differences)) == (None, [])


def test_no_book_is_no_difference():
    found = compare(books([line("ours", "a", 500)], []), {})
    assert (found.our_balance, found.their_balance, list(found.differences)) == (500, None, [])
    assert not found.books.is_shown


def test_a_closing_balance_alone_is_one_difference():
    told = line("theirs", "closing-2026-11-20", 380, kind="other")
    found = compare(books([line("ours", "a", 500)], [], closing=told), {})
    (difference,) = found.differences
    assert (difference.kind, difference.amount_minor, found.their_balance) == ("balance_only", 120, 380)
    assert [each.amount_minor for each in found.unexplained] == [120]


def test_a_closing_balance_that_agrees_is_no_difference():
    told = line("theirs", "closing-2026-11-20", 500, kind="other")
    found = compare(books([line("ours", "a", 500)], [], closing=told), {})
    assert list(found.differences) == []


def test_a_book_that_begins_later_is_compared_from_its_opening_on():
    ours = [
        line("ours", "o", 1000, 60, kind="opening"),
        line("ours", "a", 500, 40, "FH-1"),
        line("ours", "b", 700, 5, "FH-2"),
    ]
    theirs = [line("theirs", "o", 1500, 20, kind="opening"), line("theirs", "b", 700, 5, "fh 02")]
    found = compare(books(ours, theirs), {})
    assert list(found.differences) == []
    assert sorted(match.rule for match in found.matches) == ["opening", "reference"]


def test_opening_balances_that_differ_are_one_difference():
    ours = [line("ours", "o", 1000, 60, kind="opening"), line("ours", "a", 500, 40, "FH-1")]
    theirs = [line("theirs", "o", 1450, 20, kind="opening")]
    (difference,) = compare(books(ours, theirs), {}).differences
    assert (difference.kind, difference.amount_minor) == ("amount_differs", 50)


def test_opening_balances_that_agree_are_a_match_of_their_own():
    ours = [line("ours", "o", 1000, 60, kind="opening")]
    theirs = [line("theirs", "o", 1000, 60, kind="opening")]
    found = compare(books(ours, theirs), {})
    assert [match.rule for match in found.matches] == ["opening"]


def test_a_persons_links_come_first_and_a_link_on_lines_that_are_gone_does_nothing():
    ours = [line("ours", "a", 500, reference="FH-1"), line("ours", "b", 500, reference="FH-2")]
    theirs = [line("theirs", "x", 500, reference="FH-1"), line("theirs", "y", 500, reference="9")]
    linked = [link(["ours-b"], ["theirs-y"]), link(["ours-gone"], ["theirs-x"])]
    found = compare(books(ours, theirs, links=linked), {})
    assert [(match.rule, match.link is not None) for match in found.matches] == [
        ("reference", False),
        ("confirmed", True),
    ]
    refused = compare(books(ours, theirs, links=[link(["ours-a"], ["theirs-x"], "refused")]), {})
    assert [match.ours[0].id for match in refused.matches] == []


def test_a_document_of_another_distributor_is_asked_about_until_it_is_explained():
    ours = [line("ours", "a", 500, reference="FH-1")]
    theirs = [line("theirs", "a", 500, reference="FH-1"), line("theirs", "x", 900, reference="FH-77")]
    strangers = [line("ours", "s", 900, reference="FH-77", owner="other")]
    found = compare(books(ours, theirs, strangers=strangers), {})
    assert [(each.rule, each.ours[0].id) for each in found.proposals] == [("misposted", "ours-s")]
    (difference,) = found.differences
    assert (difference.kind, found.our_balance) == ("missing_in_ours", 500)
    assert_closes(found)
    explained = compare(books(ours, theirs, strangers=strangers), said(difference.key))
    assert list(explained.proposals) == []


def test_a_count_of_documents_in_the_text_chooses_between_sums():
    ours = [line("ours", str(minor), minor, days=8) for minor in (300, 700, 200, 500, 299, 1)]
    paid = line("theirs", "paid", 1_000, days=7)
    assert compare(books(ours, [paid]), {}).matches == []
    told = compare(books(ours, [replace(paid, text="2 docs")]), {}).matches
    assert [{one.id for one in match.ours} for match in told] == [{"ours-300", "ours-700"}]


def test_what_was_said_of_a_difference_that_is_gone_waits_to_be_closed():
    found = compare(books([line("ours", "a", 5)], [line("theirs", "x", 5)]), said("gone" * 16))
    assert [row.entries_hash for row in found.vanished] == ["gone" * 16]


def test_a_difference_that_is_found_stands_although_nothing_was_said_of_it_yet():
    found = compare(books([line("ours", "a", 5)], [line("theirs", "x", 7)]), said("gone" * 16))
    assert sorted(found.standing) == sorted(each.key for each in found.differences)
    assert found.standing


@pytest.mark.parametrize(("state", "explained"), [("explained", 900), ("settled", 900), ("open", 0)])
def test_explained_and_unexplained_are_the_whole(state: str, explained: int):
    ours = [line("ours", "a", 900, reference="FH-1"), line("ours", "b", 70, reference="FH-2")]
    theirs = [line("theirs", "x", 1, days=50)]
    first = compare(books(ours, theirs), {}).differences
    key = next(each.key for each in first if each.amount_minor == 900)
    found = compare(books(ours, theirs), said(key, state))
    assert found.explained == explained
    rest = sum(each.amount_minor for each in found.unexplained)
    assert found.our_balance - (found.their_balance or 0) == explained + rest


def test_the_bridge_goes_by_reason_where_there_is_one_and_sums_up_the_small():
    ours = [line("ours", str(n), 10**n, reference=f"FH-{n}") for n in range(9)]
    plain = compare(books(ours, [line("theirs", "x", 3, days=55)]), {})
    with speaking("en"):
        assert [move.name for move in steps(plain.differences)] == ["not in theirs", "not in ours"]
        key = plain.differences[0].key
        named = compare(books(ours, [line("theirs", "x", 3, days=55)]), said(key))
        assert [move.name for move in steps(named.differences)] == ["Timing", "not in theirs", "not in ours"]
