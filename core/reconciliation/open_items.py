"""What is open, since when, and what was paid in advance."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from core.errors import InvalidInput
from core.reconciliation.items import Items, read_items
from core.tables import IntArray, dates, minor_units

# Beyond this a sum of float64 may hide an int64 sum that wrapped around.
_LARGEST_TOTAL = 9e18


def settle(invoices: pd.DataFrame, payments: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series | np.int64]:
    """Invoices paid off in the order of their dates, for each distributor apart.

    Formula: with the invoices of a distributor by (date, entry_id), P the sum of the payments and B the sum of
        the invoices before this one: open = amount − min(max(P − B, 0), amount). A credit note (an amount
        below zero) is allocated by a person, so it stays open as it is; a refund (a payment below zero)
        takes from P.

    Args:
        invoices: `entry_id` (once each), `date` (datetime64; missing comes last), `amount_minor` (int64),
            optional `distributor_id` (then in both tables).
        payments: `entry_id` (once each), `date`, `amount_minor`, optional `distributor_id`.

    Returns:
        The invoices with `open_minor`, and the prepayment left over in minor units: one number, or with
        `distributor_id` a Series by distributor (of either table). Below zero when more was refunded than
        paid. Open items − prepayment = invoices − payments, always.

    Raises:
        InvalidInput: a missing column, a wrong type, a repeated entry_id, a total beyond ±9 × 10^18.

    Source: Oracle Receivables, AutoCash rule "apply to the oldest invoice first"; the example is Oracle's.

    Example:
        >>> owed = pd.DataFrame({
        ...     "entry_id": ["123", "124", "125"], "amount_minor": [20000, 30000, 15000],
        ...     "date": pd.to_datetime(["2002-12-11", "2002-12-08", "2002-12-13"])})
        >>> paid = pd.DataFrame({
        ...     "entry_id": ["r"], "date": pd.to_datetime(["2002-12-10"]), "amount_minor": [60000]})
        >>> settled, prepaid = settle(owed, paid)
        >>> settled["open_minor"].tolist(), int(prepaid)
        ([0, 0, 5000], 0)
    """
    owed, paid = read_items(invoices, payments)
    count = int(max(owed.distributor.max(initial=0), paid.distributor.max(initial=0))) + 1
    _refuse_overflow(
        "amount_minor",
        np.concatenate([owed.open, paid.open]),
        np.concatenate([owed.distributor, paid.distributor]),
        count,
    )
    available = np.zeros(count, dtype=np.int64)
    np.add.at(available, paid.distributor, paid.open)
    positive = np.maximum(owed.open, 0)
    before = _sum_before(owed, positive)
    allocated = np.clip(available[owed.distributor] - before, 0, positive)
    left = available.copy()
    np.subtract.at(left, owed.distributor, allocated)
    settled = invoices.assign(open_minor=owed.open - allocated)
    if "distributor_id" not in invoices.columns:
        return settled, left[0]
    names = pd.concat([invoices["distributor_id"], payments["distributor_id"]], ignore_index=True)
    codes = np.concatenate([owed.distributor, paid.distributor])
    first = ~names.duplicated().to_numpy()
    index = pd.Index(names[first], name="distributor_id")
    return settled, pd.Series(left[codes[first]], index=index, name="prepaid_minor").sort_index()


def ageing(items: pd.DataFrame, as_of: object, *, buckets: Sequence[int] = (30, 60, 90)) -> pd.Series:
    """How long the open items have been due.

    Formula: days overdue = as_of − due_date; an item stands in the bucket that holds its days.

    Args:
        items: `due_date` (datetime64, may be missing), `open_minor` (int64; negative is a credit not yet
            allocated).
        as_of: The day of the report, anything that `pandas.Timestamp` takes.
        buckets: Last day of each bucket, ascending, from 1.

    Returns:
        Series `open_minor` by bucket, in minor units: `not_due` (due on as_of or later), `1-30`, `31-60`,
        `61-90`, `over_90` (labels follow the buckets), `no_due_date`, `unallocated` (the credits, whatever
        their date). The sum is the balance, always.

    Raises:
        InvalidInput: a missing column, a wrong type, buckets that do not rise, a balance beyond ±9 × 10^18.

    Source: the accounts receivable report of ERPNext has the same buckets.

    Example:
        >>> items = pd.DataFrame({
        ...     "due_date": pd.to_datetime(["2026-11-21", "2026-11-20", "2026-08-22", None]),
        ...     "open_minor": [100, 200, -50, 7]})
        >>> result = ageing(items, "2026-11-21")
        >>> result[result != 0].to_dict()
        {'not_due': 100, '1-30': 200, 'no_due_date': 7, 'unallocated': -50}
    """
    bounds = _bounds(buckets)
    due = dates(items, "due_date").astype("datetime64[D]")
    amount = minor_units(items, "open_minor")
    _refuse_overflow("open_minor", amount, np.zeros(len(amount), dtype=np.int64), 1)
    labels = ["not_due", f"1-{bounds[0]}", *(f"{low + 1}-{high}" for low, high in pairwise(bounds))]
    labels += [f"over_{bounds[-1]}", "no_due_date", "unallocated"]
    overdue = (_day(as_of) - due).astype(np.int64)
    place = np.searchsorted([0, *bounds], overdue, side="left")
    place = np.where(np.isnat(due), labels.index("no_due_date"), place)
    place = np.where(amount < 0, labels.index("unallocated"), place)
    total = np.zeros(len(labels), dtype=np.int64)
    np.add.at(total, place, amount)
    return pd.Series(total, index=pd.Index(labels, name="bucket"), name="open_minor")


def _sum_before(owed: Items, positive: IntArray) -> IntArray:
    """Sum of the invoices of the same distributor before each.

    The running sum goes over all distributors and may wrap around, but a difference of two of its values
    is right as long as the difference itself fits.
    """
    order = owed.by_date()
    running = np.cumsum(positive[order]) - positive[order]
    distributor = owed.distributor[order]
    before = np.empty(len(order), dtype=np.int64)
    before[order] = running - running[np.searchsorted(distributor, distributor)] if len(order) else running
    return before


def _refuse_overflow(column: str, amounts: IntArray, group: IntArray, count: int) -> None:
    size = np.bincount(group, weights=np.abs(amounts.astype(np.float64)), minlength=count)
    if (size > _LARGEST_TOTAL).any():
        raise InvalidInput(column, "a total within ±9 × 10^18 minor units")


def _bounds(buckets: Sequence[int]) -> list[int]:
    bounds = list(buckets)
    whole = all(isinstance(each, (int, np.integer)) and not isinstance(each, bool) for each in bounds)
    if not bounds or not whole or bounds[0] < 1 or any(low >= high for low, high in pairwise(bounds)):
        raise InvalidInput("buckets", "whole days that rise, from 1", value=tuple(bounds))
    return bounds


def _day(as_of: object) -> np.datetime64:
    try:
        moment = pd.Timestamp(as_of)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise InvalidInput("as_of", "a date", value=as_of) from error
    if pd.isna(moment) or moment.tzinfo is not None:
        raise InvalidInput("as_of", "a date without time zone", value=as_of)
    return np.datetime64(moment.date(), "D")
