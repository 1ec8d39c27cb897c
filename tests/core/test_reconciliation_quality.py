"""How much is found and how little is wrong, on real books and on made ones; and what the search may cost."""

import pandas as pd
import pytest

from core.reconciliation import match_payments, reconcile
from core.reconciliation.by_group import COMBINATIONS_PER_LINE
from core.reconciliation.subsets import FREE_COMBINATIONS
from tests.ledgers import make_ledger, score_links
from tests.open_items import make_open_items, score_payments
from tests.real_data import real_data


def read_real(name: str) -> pd.DataFrame:
    return pd.read_csv(real_data(f"ledger/{name}.csv.gz"), dtype=str, keep_default_na=False)


def minor(amounts: pd.Series) -> pd.Series:
    return (amounts.astype(float) * 100).round().astype("int64")


def real_ledger(name: str) -> pd.DataFrame:
    table = read_real(name)
    return pd.DataFrame(
        {
            "entry_id": table.line_id,
            "distributor_id": table.partner_id,
            "date": pd.to_datetime(table.date),
            "reference": table.ref,
            "text": table.memo,
            "amount_minor": minor(table.amount),
        }
    )


def real_items(name: str, key: str, **columns: str) -> pd.DataFrame:
    table = read_real(name)
    items = {"entry_id": table[key], "distributor_id": table.partner_id, "amount_minor": minor(table.amount)}
    items |= {new: table[old] for new, old in columns.items()}
    return pd.DataFrame({k: pd.to_datetime(v) if "date" in k else v for k, v in items.items()})


def test_real_books_are_reconciled_with_hardly_a_loss_and_without_a_wrong_link():
    truth = read_real("ledger_1k_truth")
    sides = {
        side: truth[f"{side}_ids"].map(lambda ids: tuple(filter(None, ids.split(";"))))
        for side in ("ours", "theirs")
    }
    truth = pd.DataFrame({"kind": truth.kind, "our_ids": sides["ours"], "their_ids": sides["theirs"]})
    result = reconcile(real_ledger("ledger_1k_ours"), real_ledger("ledger_1k_theirs"))
    score = score_links(truth, result)
    assert score.recall >= 0.998
    assert score.precision >= 0.9999
    assert score.misposted_offered >= 0.99
    assert (result.our_balance_minor, result.their_balance_minor) == (21_512_296, 261_452_932)
    assert int(result.differences.amount_minor.sum()) == -239_940_636


def test_real_payments_find_their_invoices():
    truth = read_real("open_1k_truth")
    truth = truth[truth.invoice_id != ""]
    truth = truth.assign(allocated_minor=minor(truth.allocated))
    invoices = real_items("open_1k_invoices", "invoice_id", date="date", reference="invoice_id")
    payments = real_items("open_1k_payments", "payment_id", date="date", text="memo")
    recall, precision = score_payments(truth, match_payments(invoices, payments))
    assert recall >= 0.995
    assert precision >= 0.999


@pytest.mark.parametrize(("lines", "seed"), [(1_000, 11), (20_000, 12), (200_000, 13)])
def test_the_quality_does_not_sink_with_the_size_of_the_books(lines, seed):
    books = make_ledger(lines, seed)
    score = score_links(books.truth, reconcile(books.ours, books.theirs))
    assert score.recall >= 0.998
    assert score.precision >= 0.9999
    assert score.misposted_offered >= 0.99


@pytest.mark.parametrize(("seed", "lines_per_distributor"), [(14, 500), (9103, 1_000), (9103, 5_000)])
def test_crowded_books_lose_hardly_a_link_and_gain_no_wrong_one(seed, lines_per_distributor):
    books = make_ledger(20_000, seed, lines_per_distributor=lines_per_distributor)
    score = score_links(books.truth, reconcile(books.ours, books.theirs))
    assert score.recall >= 0.998
    assert score.precision >= 0.9999


def test_crowded_books_without_texts_gain_no_wrong_link():
    books = make_ledger(20_000, seed=9103, lines_per_distributor=1_000)
    score = score_links(books.truth, reconcile(books.ours, books.theirs.drop(columns="text")))
    assert score.recall >= 0.998
    assert score.precision >= 0.9999


@pytest.mark.parametrize(("invoices", "seed"), [(1_000, 15), (20_000, 15), (20_000, 9105), (20_000, 9106)])
def test_payments_find_their_invoices_at_any_size(invoices, seed):
    items = make_open_items(invoices, seed)
    recall, precision = score_payments(items.truth, match_payments(items.invoices, items.payments))
    assert recall >= 0.995
    assert precision >= 0.999


def crowd(prefix: str, amounts, reference: str) -> pd.DataFrame:
    """Entries of one distributor on one day."""
    return pd.DataFrame(
        {
            "entry_id": [f"{prefix}{i:06d}" for i in range(len(amounts))],
            "date": pd.Timestamp("2026-11-21"),
            "reference": [reference and f"{reference}{i}" for i in range(len(amounts))],
            "amount_minor": pd.Series(amounts, dtype="int64"),
        }
    )


@pytest.mark.parametrize("size", [2_000, 20_000])
def test_thousands_of_equal_amounts_on_one_day_are_one_question_and_no_search(size):
    ours, theirs = crowd("a", [500] * size, "PO"), crowd("x", [500] * (size - 1), "")
    result = reconcile(ours, theirs)
    assert len(result.matches) == 0
    assert [(len(row.our_ids), len(row.their_ids)) for row in result.proposals.itertuples()] == [
        (size, size - 1)
    ]
    assert result.combinations == 0


@pytest.mark.parametrize("size", [2_000, 20_000])
def test_a_crowd_of_sums_costs_a_bounded_work_a_line_and_says_what_was_not_tried(size):
    ours = crowd("a", [2 * i + 1 for i in range(size)], "PO")
    theirs = crowd("x", [100 * size + 2 * i for i in range(size)], "")
    result = reconcile(ours, theirs)
    assert result.combinations == 0
    assert len(result.not_tried) == size
    assert result.not_tried[0] == ("theirs", "x000000")


@pytest.mark.parametrize("size", [4_000, 16_000])
def test_a_search_that_could_be_made_for_each_costs_a_bounded_work_altogether(size):
    days = pd.to_timedelta([i // 2 for i in range(size)], unit="D")
    ours = crowd("a", [2 * (i * 7919 % 10_007) + 1 for i in range(size)], "PO")
    theirs = crowd("x", [40_000 + 2 * (i * 7919 % 10_007) for i in range(size)], "")
    result = reconcile(ours.assign(date=ours.date + days), theirs.assign(date=theirs.date + days))
    assert result.combinations <= 3 * (FREE_COMBINATIONS + COMBINATIONS_PER_LINE * 2 * size)
    assert len(result.not_tried) > 0.5 * size


def test_a_stated_number_of_documents_makes_a_dear_search_cheap():
    ours, theirs = crowd("a", [2 * i + 1 for i in range(600)], "PO"), crowd("x", [6], "")
    ours = pd.concat([ours, crowd("b", [10**6, 10**6 + 7], "PAY")], ignore_index=True)
    theirs["amount_minor"] = 2 * 10**6 + 7
    assert reconcile(ours, theirs).not_tried == (("theirs", "x000000"),)
    result = reconcile(ours, theirs.assign(text="2 docs"))
    assert sorted(result.matches.entry_id) == ["b000000", "b000001", "x000000"]
    assert result.combinations == 602


def test_the_cheap_searches_are_made_although_the_dear_ones_are_cut():
    crowded = [
        crowd("a", [2 * i + 1 for i in range(600)], "PO"),
        crowd("x", [90_000 + 2 * i for i in range(600)], ""),
    ]
    lonely = [crowd("b", [30, 20], "PO"), crowd("y", [50], "")]
    ours, theirs = (
        pd.concat(
            [crowd_.assign(distributor_id="d1"), lonely_.assign(distributor_id="d2")], ignore_index=True
        )
        for crowd_, lonely_ in zip(crowded, lonely, strict=True)
    )
    result = reconcile(ours, theirs)
    assert sorted(result.matches.entry_id) == ["b000000", "b000001", "y000000"]
    assert len(result.not_tried) == 600


@pytest.mark.parametrize("size", [2_000, 20_000])
def test_a_crowd_of_payments_costs_a_bounded_work(size):
    invoices = crowd("i", [2 * i + 1 for i in range(size)], "")
    payments = crowd("p", [100 * size + 2 * i for i in range(size)], "").rename(columns={"reference": "text"})
    result = match_payments(invoices, payments)
    assert result["rule"].tolist() == ["not_tried"] * size
    assert int(result["allocated_minor"].sum()) == int(payments["amount_minor"].sum())


def test_a_reference_on_very_many_invoices_names_none_of_them():
    invoices = crowd("i", [500] * 5_000, "").assign(reference="PO1")
    payments = crowd("p", [400] * 5_000, "").assign(text="PO1")
    assert match_payments(invoices, payments)["invoice_id"].isna().all()
