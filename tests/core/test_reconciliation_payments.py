"""Which payment settles which invoice, by cases and by laws."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.reconciliation import match_payments


def day_of(numbers) -> pd.Series:
    return pd.Timestamp("2026-01-01") + pd.to_timedelta(pd.Series(numbers, dtype=float), unit="D")


def invoices(*rows) -> pd.DataFrame:
    """Rows of (entry_id, day, reference, amount)."""
    table = pd.DataFrame(rows, columns=["entry_id", "date", "reference", "amount_minor"])
    return table.assign(date=day_of(table.date)).astype({"amount_minor": "int64"})


def payments(*rows) -> pd.DataFrame:
    """Rows of (entry_id, day, text, amount)."""
    table = pd.DataFrame(rows, columns=["entry_id", "date", "text", "amount_minor"])
    return table.assign(date=day_of(table.date)).astype({"amount_minor": "int64"})


def allocated(result: pd.DataFrame) -> list[tuple]:
    return [tuple(row) for row in result.astype(object).itertuples(index=False)]


THREE = invoices(("a", 1, "INV-0017", 300), ("b", 2, "INV-0018", 200), ("c", 3, "PO 8298", 150))


@pytest.mark.parametrize(
    "text", ["INV17", "paid inv-017 thank you", "Rechnung (INV 17)", "inv17;", "ＩＮＶ－１７", "NO. INV17"]
)
def test_an_invoice_is_named_in_many_ways(text):
    assert allocated(match_payments(THREE, payments(("p", 9, text, 300)))) == [("p", "a", 300, "reference")]


def test_several_invoices_named_are_paid_the_oldest_first_and_the_rest_stays_on_account():
    result = match_payments(THREE, payments(("p", 9, "INV18, INV17 + PO-8298", 660)))
    assert allocated(result) == [
        ("p", "a", 300, "reference"),
        ("p", "b", 200, "reference"),
        ("p", "c", 150, "reference"),
        ("p", None, 10, "on_account"),
    ]


def test_two_parts_settle_an_invoice_and_a_second_payment_of_it_stays_on_account():
    paid = payments(("p", 5, "INV17", 120), ("q", 6, "INV17", 180), ("r", 7, "INV17", 300))
    assert allocated(match_payments(THREE, paid)) == [
        ("p", "a", 120, "reference"),
        ("q", "a", 180, "reference"),
        ("r", None, 300, "on_account"),
    ]


def test_a_payment_that_names_an_invoice_is_not_given_to_another_of_the_same_amount():
    owed = invoices(("a", 1, "INV17", 300), ("b", 2, "INV18", 300))
    paid = payments(("p", 5, "INV17", 300), ("q", 6, "INV17", 300))
    assert ("q", None, 300, "on_account") in allocated(match_payments(owed, paid))


def test_a_small_number_in_a_sentence_names_no_invoice():
    owed = invoices(("a", 1, "2", 300), ("b", 1, "7", 400))
    assert allocated(match_payments(owed, payments(("p", 5, "for 2 invoices", 100)))) == [
        ("p", None, 100, "on_account")
    ]
    assert allocated(match_payments(owed, payments(("p", 5, "2", 100)))) == [("p", "a", 100, "reference")]


def test_without_text_the_one_invoice_of_the_amount_is_settled():
    assert allocated(match_payments(THREE, payments(("p", 9, "", 200)))) == [("p", "b", 200, "amount")]


def test_without_text_the_one_set_of_invoices_that_adds_up_is_settled():
    assert allocated(match_payments(THREE, payments(("p", 9, None, 450)))) == [
        ("p", "a", 300, "group"),
        ("p", "c", 150, "group"),
    ]


def test_a_sum_that_two_sets_reach_stays_on_account():
    owed = invoices(("a", 1, "A", 300), ("b", 2, "B", 200), ("c", 3, "C", 400), ("d", 4, "D", 100))
    assert allocated(match_payments(owed, payments(("p", 9, "", 500)))) == [("p", None, 500, "on_account")]


def test_of_several_sums_the_one_of_invoices_that_follow_each_other_is_settled():
    owed = invoices(("a", 1, "A", 300), ("b", 2, "B", 400), ("c", 3, "C", 100), ("d", 4, "D", 200))
    assert allocated(match_payments(owed, payments(("p", 9, "", 500)))) == [
        ("p", "b", 400, "group"),
        ("p", "c", 100, "group"),
    ]


def test_an_invoice_paid_by_name_in_between_breaks_the_run():
    owed = invoices(("a", 1, "A", 300), ("b", 2, "B", 400), ("x", 3, "INV9", 7), ("c", 4, "C", 100))
    owed = pd.concat([owed, invoices(("d", 5, "D", 200))], ignore_index=True)
    result = match_payments(owed, payments(("p", 9, "", 500), ("q", 9, "INV9", 7)))
    assert ("p", None, 500, "on_account") in allocated(result)


def test_a_sum_that_two_runs_reach_stays_on_account():
    owed = invoices(("a", 1, "A", 300), ("b", 2, "B", 200), ("c", 3, "C", 300))
    assert allocated(match_payments(owed, payments(("p", 9, "", 500)))) == [("p", None, 500, "on_account")]


def test_a_payment_that_fits_several_invoices_of_its_amount_stays_on_account():
    owed = invoices(("a", 1, "A", 300), ("b", 2, "B", 300))
    paid = payments(("p", 9, "", 300), ("q", 10, "", 300))
    for some in (paid.head(1), paid):
        assert {row[3] for row in allocated(match_payments(owed, some))} == {"on_account"}


def test_a_payment_made_before_the_second_of_two_equal_invoices_is_for_the_first():
    owed = invoices(("a", 1, "A", 300), ("b", 12, "B", 300))
    paid = payments(("p", 9, "", 300), ("q", 20, "", 300))
    assert allocated(match_payments(owed, paid)) == [("p", "a", 300, "amount"), ("q", "b", 300, "amount")]


def test_two_payments_for_one_invoice_stay_on_account():
    paid = payments(("p", 9, "", 200), ("q", 10, "", 200))
    assert {row[3] for row in allocated(match_payments(THREE, paid))} == {"on_account"}


@pytest.mark.parametrize(
    "payment",
    [("p", 0, "", 200), ("p", 200, "", 200), ("p", None, "", 200), ("p", 9, "", -200)],
    ids=["before the invoice", "long after it", "no date", "a refund"],
)
def test_an_amount_alone_settles_nothing_out_of_time_or_sign(payment):
    assert allocated(match_payments(THREE, payments(payment))) == [("p", None, payment[3], "on_account")]


def test_distributors_are_kept_apart():
    owed = THREE.assign(distributor_id="d1")
    paid = payments(("p", 9, "INV17", 300), ("q", 9, "", 200)).assign(distributor_id="d2")
    assert {row[3] for row in allocated(match_payments(owed, paid))} == {"on_account"}


def test_no_payments_give_an_empty_table():
    result = match_payments(THREE, payments())
    assert list(result) == ["payment_id", "invoice_id", "allocated_minor", "rule"]
    assert len(result) == 0
    assert len(match_payments(invoices(), payments(("p", 9, "", 5)))) == 1


@pytest.mark.parametrize("column", ["reference", "amount_minor", "entry_id", "date"])
def test_a_missing_column_is_named(column):
    with pytest.raises(InvalidInput, match=column):
        match_payments(THREE.drop(columns=column), payments(("p", 9, "", 200)))


def test_a_limit_out_of_range_is_named():
    with pytest.raises(InvalidInput, match="max_group"):
        match_payments(THREE, payments(), max_group=1)
    with pytest.raises(InvalidInput, match="window_days"):
        match_payments(THREE, payments(), window_days=-1)


@st.composite
def cases(draw):
    amounts = st.sampled_from([0, 1, 2, 3, 5, 8, 100, -100, 10**15]) | st.integers(-50, 300)
    row = st.tuples(
        st.integers(0, 100),
        st.sampled_from(["", None, "A1", "A2", "A1 A2", "A2/A3", "A3"]),
        amounts,
        st.sampled_from(["d1", "d2"]),
    )
    tables = []
    for prefix in "ip":
        rows = draw(st.lists(row, max_size=9))
        table = pd.DataFrame(rows, columns=["date", "reference", "amount_minor", "distributor_id"])
        table["entry_id"] = [f"{prefix}{number}" for number in range(len(rows))]
        tables.append(
            table.assign(date=day_of(table.date), text=table.reference).astype(
                {"amount_minor": "int64"}
                | dict.fromkeys(["entry_id", "reference", "text", "distributor_id"], object)
            )
        )
    return tables[0], tables[1]


@settings(deadline=None)
@given(cases())
def test_no_payment_and_no_invoice_is_allocated_beyond_what_it_holds(case):
    owed, paid = case
    result = match_payments(owed, paid)
    settled = result[result.invoice_id.notna()]
    assert (settled.allocated_minor > 0).all()
    given_to = settled.groupby("invoice_id").allocated_minor.sum()
    assert (given_to <= owed.set_index("entry_id").amount_minor.reindex(given_to.index)).all()
    assert result.groupby("payment_id").allocated_minor.sum().to_dict() == {
        each: amount for each, amount in zip(paid.entry_id, paid.amount_minor, strict=True) if amount
    }
    pairs = settled.merge(owed, left_on="invoice_id", right_on="entry_id").merge(
        paid, left_on="payment_id", right_on="entry_id"
    )
    assert (pairs.distributor_id_x == pairs.distributor_id_y).all()


@settings(deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(case, random):
    shuffled = []
    for table in case:
        order = list(range(len(table)))
        random.shuffle(order)
        shuffled.append(table.iloc[order])
    pd.testing.assert_frame_equal(match_payments(*case), match_payments(*shuffled))
