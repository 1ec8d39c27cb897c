"""Which payment settles which invoice: by what its text says, by its amount, by a few that add up to it."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.reconciliation.books import BoolArray, codes, require_limit
from core.reconciliation.items import Items, read_items
from core.reconciliation.payment_texts import invoices_named
from core.reconciliation.subsets import (
    FREE_COMBINATIONS,
    affordable,
    combinations_needed,
    find_subsets,
    only_one,
)
from core.reconciliation.windows import DayIndex, expanded
from core.tables import IntArray, require_columns

# The bound of the search for several invoices: combinations for one payment (58 open invoices for groups of
# up to five), and combinations for each line altogether beyond a free million, in each round.
_COMBINATIONS_PER_PAYMENT = 32_640
_COMBINATIONS_PER_LINE = 64
_ROUNDS = 4
_RULES = ["reference", "amount", "group", "on_account", "not_tried"]


@dataclass
class _Settlement:
    """Invoices and payments with what is still open of each, and the allocations so far."""

    invoices: Items
    payments: Items
    named: BoolArray
    window_days: int
    max_group: int
    cut: BoolArray
    allocations: list[tuple[IntArray, IntArray, IntArray, str]] = field(default_factory=list)

    def allocate(self, payment: IntArray, invoice: IntArray, amount: IntArray, rule: str) -> bool:
        """Books allocations whose payments and invoices hold them; says whether there were any."""
        np.subtract.at(self.payments.open, payment, amount)
        np.subtract.at(self.invoices.open, invoice, amount)
        self.allocations.append((payment, invoice, amount, rule))
        return len(payment) > 0

    def asking(self) -> IntArray:
        """Payments that wait for an invoice: dated, positive, and their text names none; by date."""
        payments = self.payments
        order = payments.by_date()
        return order[((payments.open > 0) & ~self.named & payments.dated)[order]]

    def waiting(self) -> IntArray:
        """Invoices that are open and dated, by distributor, date and identifier."""
        invoices = self.invoices
        order = invoices.by_date()
        return order[((invoices.open > 0) & invoices.dated)[order]]


def match_payments(
    invoices: pd.DataFrame, payments: pd.DataFrame, *, max_group: int = 5, window_days: int = 120
) -> pd.DataFrame:
    """Which payment settles which invoice, and what stays on account.

    Formula: in this order, each taking only what is still open:
        1. `reference`: the invoices that the payment's text names, the oldest first, payments by date.
        2. `amount`: the one open invoice of the same amount, when no other payment has it as its only one.
        3. `group`: the one set of 2 to `max_group` open invoices that adds up to the payment, or of several
           sets the one whose invoices follow each other; no other payment wants one of them.
        Rules 2 and 3 repeat while they find more. The rest stays on account, above all a payment that fits
        several invoices of one amount. A payment whose text names an invoice takes no part in 2 and 3.

    Args:
        invoices: `entry_id` (once each), `date` (datetime64), `reference` (text), `amount_minor` (int64),
            optional `distributor_id` (then in both tables).
        payments: `entry_id` (once each), `date` (datetime64), `text`, `amount_minor` (int64, positive),
            optional `distributor_id`.
        max_group: Most invoices that a payment without text may settle together, 2 to 6.
        window_days: How old an invoice may be, in days before the payment, for rules 2 and 3.

    Returns:
        `payment_id, invoice_id, allocated_minor, rule`, by payment date. What is left of a payment is a row
        without `invoice_id` and rule `on_account`, or `not_tried` when the search for its invoices would
        have gone beyond its bound. An amount of zero or less settles nothing.

    Raises:
        InvalidInput: a missing column, a wrong type, a repeated entry_id, a limit out of range.

    Source: Oracle Receivables, AutoCash rules (match payment with invoice), without its guess of the
        earliest due date among equal amounts; the search is our own, docs/formulas_reconciliation.md.

    Example:
        >>> open_invoices = pd.DataFrame({
        ...     "entry_id": ["a", "b", "c"], "reference": ["INV1", "INV2", "INV3"],
        ...     "date": pd.to_datetime(["2026-10-01", "2026-10-05", "2026-10-09"]),
        ...     "amount_minor": [30000, 18000, 15000]})
        >>> paid = pd.DataFrame({
        ...     "entry_id": ["p", "q"], "date": pd.to_datetime(["2026-11-02", "2026-11-03"]),
        ...     "text": ["inv-1, part", None], "amount_minor": [10000, 33000]})
        >>> match_payments(open_invoices, paid)[["payment_id", "invoice_id", "allocated_minor"]].to_numpy()
        array([['p', 'a', 10000],
               ['q', 'b', 18000],
               ['q', 'c', 15000]], dtype=object)
    """
    require_columns(invoices, ["reference"])
    require_columns(payments, ["text"])
    require_limit("max_group", max_group, 2, 6)
    require_limit("window_days", window_days, 0)
    invoice_items, payment_items = read_items(invoices, payments)
    links = invoices_named(invoices, payments, invoice_items, payment_items)
    named = np.zeros(len(payments), dtype=bool)
    named[links[0]] = True
    cut = np.zeros(len(payments), dtype=bool)
    state = _Settlement(invoice_items, payment_items, named, window_days, max_group, cut)
    _allocate_named(state, *links)
    for _ in range(_ROUNDS):
        more = _allocate_equal(state)
        if not _allocate_groups(state) and not more:
            break
    return _table(state, invoices, payments)


def _allocate_named(state: _Settlement, payment: IntArray, invoice: IntArray) -> None:
    """In the order of the links: as much as both hold. One after the other, as each changes the next."""
    left, still_open = state.payments.open.tolist(), state.invoices.open.tolist()
    amounts = []
    for each_payment, each_invoice in zip(payment.tolist(), invoice.tolist(), strict=True):
        amount = max(min(left[each_payment], still_open[each_invoice]), 0)
        left[each_payment] -= amount
        still_open[each_invoice] -= amount
        amounts.append(amount)
    amount = np.array(amounts, dtype=np.int64)
    used = amount > 0
    state.allocate(payment[used], invoice[used], amount[used], "reference")


def _allocate_equal(state: _Settlement) -> bool:
    """Payments that have one invoice of their amount, which no other payment has as its only one."""
    asking, waiting = state.asking(), state.waiting()
    if not len(asking) or not len(waiting):
        return False
    payment_class, invoice_class = _classes(state, asking, waiting)
    day = state.payments.day[asking]
    index = DayIndex(invoice_class, state.invoices.day[waiting], np.arange(len(waiting)))
    first, count = index.between(payment_class, day - state.window_days, day)
    payment, invoice = asking[count == 1], waiting[index.order[first[count == 1]]]
    alone = np.bincount(invoice, minlength=len(state.invoices.day))[invoice] == 1
    payment, invoice = payment[alone], invoice[alone]
    return state.allocate(payment, invoice, state.payments.open[payment], "amount")


def _allocate_groups(state: _Settlement) -> bool:
    """Payments that one set of open invoices adds up to, or one without a gap."""
    asking, waiting = state.asking(), state.waiting()
    if not len(asking) or not len(waiting):
        return False
    day = state.payments.day[asking]
    index = DayIndex(
        state.invoices.distributor[waiting], state.invoices.day[waiting], state.invoices.rank[waiting]
    )
    first, count = index.between(state.payments.distributor[asking], day - state.window_days, day)
    needed = combinations_needed(count, state.max_group)
    total = FREE_COMBINATIONS + _COMBINATIONS_PER_LINE * (len(state.payments.day) + len(state.invoices.day))
    fits = affordable(needed, _COMBINATIONS_PER_PAYMENT, total)
    state.cut[asking] = ~fits
    asking, first, count = asking[fits], first[fits], count[fits]
    target, place = expanded(first, count)
    goal = state.payments.open[asking]
    smaller = state.invoices.open[waiting[index.order[place]]] < goal[target]
    target, place = target[smaller], place[smaller]
    found = find_subsets(goal, target, state.invoices.open[waiting[index.order[place]]], state.max_group)
    rows = np.where(found.members >= 0, place[found.members], -1) if len(place) else found.members
    chosen = only_one(found.target, found.several, _gapless(state, waiting[index.order], rows))
    which, rows = found.target[chosen], rows[chosen]
    uses = np.bincount(rows[rows >= 0], minlength=len(waiting))
    free = (np.where(rows >= 0, uses[rows], 0) <= 1).all(axis=1)
    which, rows = which[free], rows[free]
    payment = np.repeat(asking[which], (rows >= 0).sum(axis=1))
    invoice = waiting[index.order[rows[rows >= 0]]]
    return state.allocate(payment, invoice, state.invoices.open[invoice], "group")


def _gapless(state: _Settlement, waiting: IntArray, rows: IntArray) -> BoolArray:
    """Which sets are invoices of a distributor that follow each other, with no other dated between them.

    A statement is paid in a run. Of all the sets there are few runs, so that hardly one fits by accident.
    """
    place = np.empty(len(state.invoices.day), dtype=np.int64)
    place[state.invoices.by_date()] = np.arange(len(place))
    there = rows >= 0
    places = place[waiting[rows]]
    first = np.where(there, places, len(place)).min(axis=1, initial=len(place))
    last = np.where(there, places, -1).max(axis=1, initial=-1)
    return np.asarray(last - first + 1 == there.sum(axis=1))


def _classes(state: _Settlement, asking: IntArray, waiting: IntArray) -> tuple[IntArray, IntArray]:
    """A code for distributor and open amount, shared by payments and invoices."""
    amount, _ = pd.factorize(np.concatenate([state.payments.open[asking], state.invoices.open[waiting]]))
    distributor = np.concatenate([state.payments.distributor[asking], state.invoices.distributor[waiting]])
    kind, _ = codes(distributor, amount.astype(np.int64, copy=False))
    return kind[: len(asking)], kind[len(asking) :]


def _table(state: _Settlement, invoices: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    rest = np.flatnonzero(state.payments.open != 0)
    parts = [*state.allocations, (rest, np.full(len(rest), -1), state.payments.open[rest], "")]
    payment, invoice, amount = (np.concatenate([part[i] for part in parts]) for i in range(3))
    rule = np.concatenate([np.full(len(part[0]), part[3], dtype=object) for part in parts])
    left = invoice < 0
    rule[left] = np.where(state.cut[payment[left]], "not_tried", "on_account")
    invoice_rank = np.where(left, len(invoices), state.invoices.rank[invoice] if len(invoices) else 0)
    order = np.lexsort((invoice_rank, state.payments.rank[payment], state.payments.day[payment]))
    invoice_id = np.empty(len(order), dtype=object)
    settled = invoice[order] >= 0
    invoice_id[settled] = invoices["entry_id"].to_numpy(dtype=object)[invoice[order][settled]]
    return pd.DataFrame(
        {
            "payment_id": payments["entry_id"].array.take(payment[order]),
            "invoice_id": pd.Series(invoice_id, dtype=object),
            "allocated_minor": amount[order],
            "rule": pd.Categorical(rule[order], categories=_RULES),
        }
    )
