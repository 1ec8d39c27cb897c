"""Each rule of the reconciliation by a case that a person can check."""

import pandas as pd
import pytest

from core.errors import InvalidInput
from core.reconciliation import Reconciliation, reconcile


def book(*rows, distributor="d"):
    """A ledger from rows of (entry_id, day of November, reference, amount) or with a distributor as fifth."""
    table = pd.DataFrame(
        [(*row, distributor)[:5] for row in rows],
        columns=["entry_id", "date", "reference", "amount_minor", "distributor_id"],
    )
    table["date"] = pd.Timestamp("2026-10-31") + pd.to_timedelta(table["date"].astype(float), unit="D")
    return table.astype({"amount_minor": "int64"})


def matched(result: Reconciliation) -> set[tuple[str, str, str]]:
    """The matches as (our ids, their ids, rule), ids joined by a space."""
    found = set()
    for _, rows in result.matches.groupby("match_id"):
        sides = [" ".join(rows.entry_id[rows.side == side]) for side in ("ours", "theirs")]
        found.add((*sides, rows.rule.iloc[0]))
    return found


def differing(result: Reconciliation) -> set[tuple[str, str, str, int]]:
    """The differences as (kind, our ids, their ids, amount)."""
    return {
        (row.kind, " ".join(row.our_ids), " ".join(row.their_ids), row.amount_minor)
        for row in result.differences.itertuples()
    }


def proposed(result: Reconciliation) -> set[tuple[str, str, str]]:
    """The proposals as (our ids, their ids, rule)."""
    return {
        (" ".join(row.our_ids), " ".join(row.their_ids), row.rule) for row in result.proposals.itertuples()
    }


def test_one_document_written_in_two_ways_matches_by_reference():
    result = reconcile(book(("a", 1, "PO8298", 500)), book(("x", 30, "No. （ＰＯ－00 8298）", 500)))
    assert matched(result) == {("a", "x", "reference")}
    assert result.matched_minor == 500


def test_a_reference_booked_twice_is_one_match_and_one_duplicate_the_later_one():
    ours = book(("a", 1, "PO1", 500))
    result = reconcile(ours, book(("y", 9, "PO1", 500), ("x", 2, "PO1", 500)))
    assert matched(result) == {("a", "x", "reference")}
    assert differing(result) == {("duplicate_in_theirs", "", "y", -500)}
    assert differing(reconcile(book(("y", 9, "PO1", 5), ("x", 2, "PO1", 5)), book(("a", 1, "PO1", 5)))) == {
        ("duplicate_in_ours", "y", "", 5)
    }


def test_two_of_a_reference_on_either_side_are_two_matches_in_the_order_of_dates():
    ours = book(("b", 2, "PO1", 500), ("a", 1, "PO1", 500))
    theirs = book(("x", 9, "PO1", 500), ("y", 8, "PO1", 500))
    assert matched(reconcile(ours, theirs)) == {("a", "y", "reference"), ("b", "x", "reference")}


@pytest.mark.parametrize("separator", ["/", ",", ";", "+", "&", "、", "|", " ／ "])
def test_a_reference_that_lists_several_matches_those_entries(separator):
    ours = book(("a", 1, "PO1", 300), ("b", 2, "PO2", 200), ("c", 2, "PO3", 100))
    theirs = book(("x", 3, f"PO1{separator}PO-02", 500))
    assert matched(reconcile(ours, theirs)) == {("a b", "x", "group")}


def test_a_list_whose_sum_is_another_matches_nothing():
    ours = book(("a", 1, "PO1", 300), ("b", 2, "PO2", 200))
    result = reconcile(ours, book(("x", 3, "PO1/PO2", 501)))
    assert matched(result) == set()


def test_of_two_lists_that_claim_one_entry_the_earlier_has_it_and_the_other_is_a_duplicate():
    ours = book(("a", 1, "PO1", 300), ("b", 2, "PO2", 200))
    result = reconcile(ours, book(("y", 4, "PO1/PO2", 500), ("x", 3, "PO1/PO2", 500)))
    assert matched(result) == {("a b", "x", "group")}
    assert differing(result) == {("duplicate_in_theirs", "", "y", -500)}


def test_one_entry_that_they_split_matches_its_parts():
    theirs = book(("x", 1, "PO1", -200), ("y", 15, "PO1", -300))
    assert matched(reconcile(book(("a", 1, "PO1", -500)), theirs)) == {("a", "x y", "group")}


@pytest.mark.parametrize(("their_amount", "difference"), [(594, -90), (-504, 1008)])
def test_the_same_reference_with_another_amount_or_sign_is_a_difference_not_a_match(their_amount, difference):
    result = reconcile(book(("a", 1, "PO1", 504)), book(("x", 1, "PO1", their_amount)))
    assert matched(result) == set()
    assert differing(result) == {("amount_differs", "a", "x", difference)}


def test_an_entry_posted_to_another_distributor_is_proposed_and_stays_missing_on_both_sides():
    ours = book(("a", 1, "PO1", 500, "d1"), ("b", 1, "PO2", 1, "d2"))
    theirs = book(("x", 1, "PO1", 500, "d2"), ("y", 1, "PO2", 1, "d2"))
    result = reconcile(ours, theirs)
    assert proposed(result) == {("a", "x", "misposted")}
    assert matched(result) == {("b", "y", "reference")}
    assert differing(result) == {("missing_in_theirs", "a", "", 500), ("missing_in_ours", "", "x", -500)}


def test_a_stranger_of_the_same_reference_does_not_hide_that_an_entry_was_misposted():
    ours = book(("a", 1, "PO1", 500, "d1"), ("b", 1, "PO1", 777, "d2"))
    result = reconcile(ours, book(("x", 1, "PO1", 500, "d2")))
    assert proposed(result) == {("a", "x", "misposted")}
    assert {row[0] for row in differing(result)} == {"missing_in_theirs", "missing_in_ours"}


def test_equal_amounts_near_in_time_match_where_a_reference_is_missing():
    result = reconcile(book(("a", 1, "PO1", 500)), book(("x", 16, None, 500)))
    assert matched(result) == {("a", "x", "amount_date")}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (book(("a", 1, "PO1", 500)), book(("x", 17, "", 500))),
        (book(("a", 1, "PO1", 500)), book(("x", 1, "PO7", 500))),
        (book(("a", 1, "PO1", 500)), book(("x", None, "", 500))),
        (book(("a", 1, "PO1", 500, "d1")), book(("x", 1, "", 500, "d2"))),
        (book(("a", 1, "", 500)), book(("x", 1, "", -500))),
    ],
    ids=["beyond the window", "two references", "no date", "another distributor", "another sign"],
)
def test_equal_amounts_alone_do_not_match(ours, theirs):
    assert matched(reconcile(ours, theirs)) == set()


def test_the_clearly_nearest_of_two_equal_amounts_matches():
    ours = book(("a", 1, "PO1", 500), ("b", 11, "PO2", 500))
    assert matched(reconcile(ours, book(("x", 2, "", 500)))) == {("a", "x", "amount_date")}


def test_equal_amounts_that_cannot_be_told_apart_are_one_proposal():
    ours = book(("a", 1, "PO1", 500), ("b", 1, "PO2", 500), ("c", 3, "PO3", 500))
    result = reconcile(ours, book(("x", 2, "", 500), ("y", 2, "", 500)))
    assert matched(result) == set()
    assert proposed(result) == {("a b c", "x y", "amount_date")}


def test_one_payment_without_reference_matches_the_only_invoices_that_add_up_to_it():
    ours = book(("a", 1, "PO1", 300), ("b", 2, "PO2", 200), ("c", 3, "PO3", 150), ("e", 3, "PO4", 900))
    result = reconcile(ours, book(("x", 30, "", 650)))
    assert matched(result) == {("a b c", "x", "group")}


def test_a_sum_that_two_groups_reach_is_proposed_with_the_nearer_group():
    ours = book(("a", 1, "PO1", 300), ("b", 2, "PO2", 200), ("c", 9, "PO3", 400), ("e", 9, "PO4", 100))
    result = reconcile(ours, book(("x", 9, "", 500)))
    assert matched(result) == set()
    assert proposed(result) == {("c e", "x", "group")}


def test_of_several_groups_the_only_one_of_the_days_before_the_sum_matches():
    ours = book(("a", 1, "PO1", 300), ("b", 2, "PO2", 200), ("c", 19, "PO3", 400), ("e", 20, "PO4", 100))
    theirs = book(("x", 20, "", 500))
    assert matched(reconcile(ours, theirs)) == {("c e", "x", "group")}
    assert matched(reconcile(ours, theirs, date_window_days=30)) == set()


def test_a_group_with_a_member_booked_after_the_sum_does_not_decide():
    ours = book(("a", 1, "PO1", 300), ("b", 2, "PO2", 200), ("c", 19, "PO3", 400), ("e", 21, "PO4", 100))
    assert matched(reconcile(ours, book(("x", 20, "", 500)))) == set()


SEVERAL = book(
    ("a", 1, "PO1", 300),
    ("b", 2, "PO2", 200),
    ("c", 3, "PO3", 250),
    ("e", 3, "PO4", 150),
    ("f", 3, "PO5", 100),
)


@pytest.mark.parametrize(
    ("text", "their_amount", "members"),
    [("2 docs", 500, "a b"), ("３ Invoices", 500, "c e f"), ("共4笔", 700, "b c e f"), ("2 Docs.", 450, "")],
)
def test_the_number_of_documents_that_a_text_states_decides_between_groups(text, their_amount, members):
    theirs = book(("x", 9, "", their_amount)).assign(text=text)
    assert matched(reconcile(SEVERAL, theirs)) == ({(members, "x", "group")} if members else set())


@pytest.mark.parametrize("text", ["", None, "2 docs of May", "1/2", "docs", 2])
def test_a_text_that_states_no_number_of_documents_decides_nothing(text):
    theirs = book(("x", 9, "", 500)).assign(text=pd.Series([text], dtype=object))
    result = reconcile(SEVERAL, theirs)
    assert matched(result) == set()
    assert proposed(result) == {("a b", "x", "group")}


@pytest.mark.parametrize("text", ["1 doc", "3 docs", "5 docs"])
def test_a_group_of_another_size_than_stated_is_neither_matched_nor_proposed(text):
    result = reconcile(SEVERAL.head(2), book(("x", 9, "", 500)).assign(text=text))
    assert (matched(result), proposed(result)) == (set(), set())


def test_an_entry_that_states_several_documents_is_not_one_of_the_same_amount():
    ours = book(("a", 9, "PO1", 500), ("b", 8, "PO2", 300), ("c", 8, "PO3", 200))
    theirs = book(("x", 9, "", 500))
    assert matched(reconcile(ours, theirs)) == {("a", "x", "amount_date")}
    assert matched(reconcile(ours, theirs.assign(text="2 docs"))) == {("b c", "x", "group")}


def test_our_book_may_state_the_number_of_documents_too():
    theirs = SEVERAL.assign(entry_id=list("uvwyz"))
    ours = book(("s", 9, "", 500)).assign(text="2 docs")
    assert matched(reconcile(ours, theirs)) == {("s", "u v", "group")}


def test_two_sums_that_share_a_member_are_both_proposed():
    ours = book(("a", 1, "PO1", 30), ("b", 1, "PO2", 20), ("c", 1, "PO3", 60))
    result = reconcile(ours, book(("x", 1, "", 50), ("y", 1, "", 80)))
    assert matched(result) == set()
    assert proposed(result) == {("a b", "x", "group"), ("b c", "y", "group")}


@pytest.mark.parametrize("reference", ["PO8188", "PO1885", "PO8158", "PQ8185"])
def test_a_slip_in_the_reference_is_proposed_where_amount_and_date_agree(reference):
    result = reconcile(book(("a", 1, "PO8185", 500)), book(("x", 4, reference, 500)))
    assert matched(result) == set()
    assert proposed(result) == {("a", "x", "near_reference")}


@pytest.mark.parametrize("reference", ["PO5188", "PO81850", "PAY-8185", "X" * 40])
def test_references_that_differ_by_more_than_a_slip_are_not_proposed(reference):
    result = reconcile(book(("a", 1, "PO8185", 500)), book(("x", 4, reference, 500)))
    assert proposed(result) == set()


def test_a_slip_is_not_proposed_where_another_entry_has_the_amount():
    ours = book(("a", 1, "PO8185", 500), ("b", 1, "PO8186", 500))
    assert proposed(reconcile(ours, book(("x", 1, "PO8188", 500)))) == set()


@pytest.mark.parametrize(
    "option", [{"max_group": 2}, {"group_window_days": 5}], ids=["too many members", "too far in time"]
)
def test_a_group_keeps_to_its_limits(option):
    ours = book(("a", 1, "PO1", 300), ("b", 2, "PO2", 200), ("c", 3, "PO3", 150))
    assert matched(reconcile(ours, book(("x", 9, "", 650)), **option)) == set()


def test_members_of_another_sign_make_no_group():
    ours = book(("a", 1, "PO1", 700), ("b", 2, "PO2", -200))
    assert matched(reconcile(ours, book(("x", 2, "", 500)))) == set()


def test_within_the_tolerance_a_reference_matches_and_the_remainder_is_a_rounding_difference():
    ours, theirs = book(("a", 1, "PO1", 504)), book(("x", 1, "PO1", 500), ("y", 4, "PO1", 501))
    result = reconcile(ours, theirs, amount_tolerance_minor=5)
    assert matched(result) == {("a", "x", "reference")}
    assert differing(result) == {("rounding", "a", "x", 4), ("duplicate_in_theirs", "", "y", -501)}


def test_a_confirmed_link_comes_before_every_rule():
    ours, theirs = book(("a", 1, "PO1", 500), ("b", 1, "PO2", 500)), book(("x", 1, "PO1", 500))
    result = reconcile(ours, theirs, confirmed=[(("b",), ("x",))])
    assert matched(result) == {("b", "x", "confirmed")}
    assert differing(result) == {("missing_in_theirs", "a", "", 500)}


def test_a_confirmed_link_of_other_sums_shows_what_is_left():
    ours, theirs = book(("a", 1, "PO1", 500), ("b", 1, "PO2", 300)), book(("x", 1, "PO9", 750))
    result = reconcile(ours, theirs, confirmed=[(("b", "a"), ("x",))])
    assert differing(result) == {("amount_differs", "a b", "x", 50)}


def test_entries_of_one_side_that_cancel_out_can_be_confirmed():
    result = reconcile(
        book(("a", 1, "PO1", 500), ("b", 1, "PO1", -500)), book(), confirmed=[(("a", "b"), ())]
    )
    assert matched(result) == {("a b", "", "confirmed")}


def test_a_refused_link_is_neither_made_nor_offered_again():
    ours, theirs = book(("a", 1, "PO1", 500), ("b", 2, "PO1", 500)), book(("x", 1, "PO1", 500))
    result = reconcile(ours, theirs, refused=[(("a",), ("x",))])
    assert matched(result) == {("b", "x", "reference")}
    result = reconcile(ours, theirs, refused=[(("a",), ("x",)), (("b",), ("x",))])
    assert matched(result) == set()
    assert len(result.proposals) == 0


def test_a_refused_group_leaves_the_other_solution_as_the_only_one():
    ours = book(("a", 1, "PO1", 300), ("b", 2, "PO2", 200), ("c", 9, "PO3", 400), ("e", 9, "PO4", 100))
    result = reconcile(ours, book(("x", 9, "", 500)), refused=[(("c", "e"), ("x",))])
    assert matched(result) == {("a b", "x", "group")}


def test_a_refusal_of_an_entry_that_is_gone_refuses_nothing():
    ours, theirs = book(("a", 1, "PO1", 500)), book(("x", 1, "PO1", 500))
    assert matched(reconcile(ours, theirs, refused=[(("gone",), ("x",))])) == {("a", "x", "reference")}


@pytest.mark.parametrize(
    "links",
    [
        [(("gone",), ("x",))],
        [(("a",), ("x",)), (("a",), ("y",))],
        [((), ())],
        [(("a",), ("z",))],
        [("a", "x")],
    ],
    ids=["unknown entry", "entry in two links", "no entries", "two distributors", "not tuples"],
)
def test_a_confirmed_link_that_cannot_be_is_refused_with_a_sentence(links):
    ours = book(("a", 1, "PO1", 500))
    theirs = book(("x", 1, "PO1", 500), ("y", 1, "PO2", 500), ("z", 1, "PO1", 500, "e"))
    with pytest.raises(InvalidInput, match="confirmed"):
        reconcile(ours, theirs, confirmed=links)


def test_a_link_cannot_be_confirmed_and_refused():
    ours, theirs = book(("a", 1, "PO1", 500)), book(("x", 1, "PO1", 500))
    with pytest.raises(InvalidInput, match="refused"):
        reconcile(ours, theirs, confirmed=[(("a",), ("x",))], refused=[(("a",), ("x",))])


def test_books_without_distributors_are_of_one():
    ours = book(("a", 1, "PO1", 500)).drop(columns="distributor_id")
    theirs = book(("x", 1, "", 500)).drop(columns="distributor_id")
    assert matched(reconcile(ours, theirs)) == {("a", "x", "amount_date")}


def test_two_empty_books_agree():
    result = reconcile(book(), book())
    assert (result.our_balance_minor, result.their_balance_minor, result.not_tried) == (0, 0, ())
    assert len(result.matches) == len(result.differences) == len(result.proposals) == 0
    assert list(result.matches) == ["match_id", "side", "entry_id", "rule"]


def test_balances_beyond_a_machine_integer_are_exact():
    ours = book(*[(f"a{i:03d}", 1, "", 10**17) for i in range(100)])
    result = reconcile(ours, book(("x", 1, "", 1)))
    assert result.our_balance_minor == 10**19
    assert sum(map(int, result.differences.amount_minor)) == 10**19 - 1


def test_an_overflowing_sum_of_one_reference_is_no_match():
    parts = [(f"a{i:03d}", 1, "PO1", 2**56) for i in range(256)]
    result = reconcile(book(*parts, ("b", 1, "PO2", 5)), book(("x", 1, "PO1", 0), ("y", 1, "PO2", 5)))
    assert matched(result) == {("b", "y", "reference")}


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"amount_minor": [1.5, 2.0]}, "amount_minor"),
        ({"amount_minor": [10**18, 2]}, "amount_minor"),
        ({"entry_id": ["a", "a"]}, "entry_id"),
        ({"entry_id": ["a", None]}, "entry_id"),
        ({"date": ["2026-11-01", "2026-11-02"]}, "date"),
        ({"reference": [1.0, 2.0]}, "reference"),
        ({"distributor_id": ["d", None]}, "distributor_id"),
    ],
)
def test_a_wrong_column_is_named(change, column):
    right = book(("a", 1, "PO1", 1), ("b", 1, "PO2", 2))
    with pytest.raises(InvalidInput, match=column):
        reconcile(right.assign(**change), right)
    with pytest.raises(InvalidInput, match=column):
        reconcile(right, right.assign(**change))


@pytest.mark.parametrize("column", ["entry_id", "date", "reference", "amount_minor", "distributor_id"])
def test_a_missing_column_is_named(column):
    right = book(("a", 1, "PO1", 1))
    with pytest.raises(InvalidInput, match=column):
        reconcile(right, right.drop(columns=column))


@pytest.mark.parametrize(
    "option",
    [{"max_group": 1}, {"max_group": 7}, {"date_window_days": -1}, {"amount_tolerance_minor": 0.5}],
)
def test_a_limit_out_of_range_is_named(option):
    with pytest.raises(InvalidInput, match=next(iter(option))):
        reconcile(book(), book(), **option)


def test_the_input_is_left_unchanged():
    ours, theirs = book(("a", 1, "PO1", 500)), book(("x", 1, "", 500))
    before = ours.copy(deep=True), theirs.copy(deep=True)
    reconcile(ours, theirs)
    pd.testing.assert_frame_equal(ours, before[0])
    pd.testing.assert_frame_equal(theirs, before[1])
