"""First in, first out, and how long items are due: published cases and laws."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.reconciliation import ageing, settle


def items(*rows) -> pd.DataFrame:
    """Rows of (entry_id, date, amount), optionally the distributor."""
    columns = ["entry_id", "date", "amount_minor", "distributor_id"][: len(rows[0]) if rows else 3]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(date=pd.to_datetime(table["date"])).astype({"amount_minor": "int64"})


ORACLE = items(("123", "2002-12-11", 20000), ("124", "2002-12-08", 30000), ("125", "2002-12-13", 15000))


def test_oracle_autocash_applies_600_to_the_oldest_of_three_invoices_first():
    settled, prepaid = settle(ORACLE, items(("receipt", "2002-12-10", 60000)))
    assert settled.set_index("entry_id").open_minor.to_dict() == {"123": 0, "124": 0, "125": 5000}
    assert prepaid == 0


def test_oracle_autocash_leaves_the_remaining_remittance_on_account():
    settled, prepaid = settle(ORACLE, items(("receipt", "2002-12-10", 70000)))
    assert settled.open_minor.tolist() == [0, 0, 0]
    assert prepaid == 5000


def test_erpnext_a_payment_of_40_pays_the_first_of_three_terms_and_a_part_of_the_second():
    terms = items(("t1", "2026-02-01", 3000), ("t2", "2026-03-03", 5000), ("t3", "2026-04-02", 2000))
    settled, _ = settle(terms, items(("p", "2026-01-02", 4000)))
    assert settled.open_minor.tolist() == [0, 4000, 2000]


def test_erpnext_a_payment_of_40_on_terms_of_60_100_and_40_leaves_20_of_the_first():
    terms = items(("t1", "2026-02-01", 6000), ("t2", "2026-03-03", 10000), ("t3", "2026-04-02", 4000))
    settled, _ = settle(terms, items(("p", "2026-01-02", 4000)))
    assert settled.open_minor.tolist() == [2000, 10000, 4000]


def test_erpnext_an_advance_against_an_order_is_a_prepayment_of_1000():
    settled, prepaid = settle(items(), items(("advance", "2026-01-02", 100000)))
    assert len(settled) == 0
    assert prepaid == 100000


def test_erpnext_an_invoice_of_100_paid_40_is_60_due_and_its_credit_note_stays_a_credit_of_100():
    owed = items(("invoice", "2026-01-01", 10000), ("note", "2026-01-02", -10000))
    settled, _ = settle(owed, items(("p", "2026-01-02", 4000)))
    assert settled.open_minor.tolist() == [6000, -10000]
    aged = ageing(settled.assign(due_date=settled.date), "2026-01-02")
    assert aged[aged != 0].to_dict() == {"1-30": 6000, "unallocated": -10000}


def test_each_distributor_pays_its_own_invoices_and_the_prepayment_is_its_own():
    owed = items(("a", "2026-01-01", 100, "d1"), ("b", "2026-01-01", 100, "d2"))
    settled, prepaid = settle(owed, items(("p", "2026-01-05", 130, "d1"), ("q", "2026-01-05", 7, "d3")))
    assert settled.open_minor.tolist() == [0, 100]
    assert prepaid.to_dict() == {"d1": 30, "d2": 0, "d3": 7}


def test_a_refund_takes_from_what_was_paid():
    settled, prepaid = settle(ORACLE, items(("p", "2002-12-10", 10000), ("r", "2002-12-11", -15000)))
    assert settled.open_minor.tolist() == [20000, 30000, 15000]
    assert prepaid == -5000


def test_an_impossible_total_is_refused():
    many = items(*[(f"i{n:03d}", "2026-01-01", 10**17) for n in range(100)])
    with pytest.raises(InvalidInput, match="amount_minor"):
        settle(many, items())


@st.composite
def ledgers(draw):
    amount = st.sampled_from([0, 1, 10**15, -(10**15)]) | st.integers(-300, 900)
    row = st.tuples(st.integers(1, 28), amount, st.sampled_from(["d1", "d2", "d3"]))
    tables = []
    for prefix in "ip":
        rows = draw(st.lists(row, max_size=12))
        tables.append(
            items(*[(f"{prefix}{n}", f"2026-01-{d:02d}", a, who) for n, (d, a, who) in enumerate(rows)])
            if rows
            else items().assign(distributor_id=pd.Series(dtype=object))
        )
    return tables


@settings(deadline=None)
@given(ledgers(), st.booleans())
def test_settling_never_allocates_more_than_an_item_or_the_payments_hold(tables, apart):
    owed, paid = tables if apart else (table.drop(columns="distributor_id") for table in tables)
    settled, prepaid = settle(owed, paid)
    allocated = settled.amount_minor - settled.open_minor
    assert ((allocated >= 0) & (allocated <= settled.amount_minor.clip(lower=0))).all()
    assert int(settled.open_minor.sum()) - int(prepaid.sum()) == int(owed.amount_minor.sum()) - int(
        paid.amount_minor.sum()
    )
    if apart:
        available = paid.groupby("distributor_id").amount_minor.sum().clip(lower=0)
        used = allocated.groupby(settled.distributor_id).sum()
        assert (used <= available.reindex(used.index, fill_value=0)).all()


@settings(deadline=None)
@given(ledgers())
def test_an_invoice_is_touched_only_when_all_before_it_are_paid(tables):
    settled, prepaid = settle(*tables)
    for name, own in settled[settled.amount_minor > 0].groupby("distributor_id"):
        in_order = own.sort_values(["date", "entry_id"])
        rest = in_order.open_minor.tolist()
        touched = [left < amount for left, amount in zip(rest, in_order.amount_minor, strict=True)]
        assert all(rest[place - 1] == 0 for place in range(1, len(rest)) if touched[place])
        if prepaid[name] > 0:
            assert sum(rest) == 0


@settings(deadline=None)
@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(tables, random):
    owed, paid = tables
    order = list(range(len(owed)))
    random.shuffle(order)
    settled, prepaid = settle(owed, paid)
    again, prepaid_again = settle(owed.iloc[order], paid[::-1])
    pd.testing.assert_frame_equal(settled, again.sort_index())
    pd.testing.assert_series_equal(prepaid, prepaid_again)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.none() | st.integers(-400, 400), st.integers(-(10**15), 10**15)), max_size=20),
    st.lists(st.integers(1, 500), min_size=1, max_size=5, unique=True),
)
def test_the_ageing_sums_to_the_balance(rows, buckets):
    table = pd.DataFrame(rows, columns=["day", "open_minor"]).astype({"open_minor": "int64"})
    table["due_date"] = pd.Timestamp("2026-11-21") + pd.to_timedelta(table.day.astype(float), unit="D")
    result = ageing(table, "2026-11-21", buckets=sorted(buckets))
    assert int(result.sum()) == int(table.open_minor.sum())
    assert (result.drop("unallocated") >= 0).all()


@pytest.mark.parametrize(
    ("overdue", "bucket"),
    [
        (-1, "not_due"),
        (0, "not_due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "over_90"),
    ],
)
def test_the_edges_of_the_buckets(overdue, bucket):
    due = pd.to_datetime(["2026-11-21"]) - pd.Timedelta(days=overdue)
    result = ageing(pd.DataFrame({"due_date": due, "open_minor": [7]}), pd.Timestamp("2026-11-21 18:30"))
    assert result[result != 0].to_dict() == {bucket: 7}


def test_the_labels_follow_the_buckets():
    empty = pd.DataFrame({"due_date": pd.to_datetime([]), "open_minor": pd.Series(dtype="int64")})
    assert list(ageing(empty, "2026-11-21", buckets=(7, 14)).index) == [
        "not_due",
        "1-7",
        "8-14",
        "over_14",
        "no_due_date",
        "unallocated",
    ]


@pytest.mark.parametrize("buckets", [(), (30, 30), (0, 30), (30.5,)])
def test_buckets_that_do_not_rise_are_refused(buckets):
    with pytest.raises(InvalidInput, match="buckets"):
        ageing(
            pd.DataFrame({"due_date": pd.to_datetime([]), "open_minor": []}), "2026-11-21", buckets=buckets
        )


@pytest.mark.parametrize("as_of", [None, "yesterday week", pd.Timestamp("2026-11-21", tz="UTC")])
def test_a_day_that_is_none_is_refused(as_of):
    with pytest.raises(InvalidInput, match="as_of"):
        ageing(pd.DataFrame({"due_date": pd.to_datetime([]), "open_minor": []}), as_of)
