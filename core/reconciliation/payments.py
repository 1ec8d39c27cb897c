"""Which payment settles which invoice: by what its text says, by its amount, by a few that add up to it."""

from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np
import pandas as pd

from core.reconciliation.books import BoolArray, codes, days_of, require_limit
from core.reconciliation.items import Items, read_items
from core.reconciliation.payment_texts import invoices_named
from core.reconciliation.subsets import FREE_COMBINATIONS, affordable, combinations_needed, find_subsets
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
    due: IntArray
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
        2. `amount`: the one open invoice of the same amount, when it is also the only payment for it.
        3. `group`: the one set of 2 to `max_group` open invoices that adds up to the payment, if there is no
           other and no other payment wants one of them. Rules 2 and 3 repeat while they find more.
        4. `amount`: of several open invoices of the same amount the one due first.
        The rest stays on account. A payment whose text names an invoice takes no part in 2 to 4.

    Args:
        invoices: `entry_id` (once each), `date` and `due_date` (datetime64), `reference` (text),
            `amount_minor` (int64), optional `distributor_id` (then in both tables).
        payments: `entry_id` (once each), `date` (datetime64), `text`, `amount_minor` (int64, positive),
            optional `distributor_id`.
        max_group: Most invoices that a payment without text may settle together, 2 to 6.
        window_days: How old an invoice may be, in days before the payment, for rules 2 to 4.

    Returns:
        `payment_id, invoice_id, allocated_minor, rule`, by payment date. What is left of a payment is a row
        without `invoice_id` and rule `on_account`, or `not_tried` when the search for its invoices would
        have gone beyond its bound. An amount of zero or less settles nothing.

    Raises:
        InvalidInput: a missing column, a wrong type, a repeated entry_id, a limit out of range.

    Source: Oracle Receivables, AutoCash rules (match payment with invoice: of equal amounts the earliest
        due date); the search is our own, docs/formulas_reconciliation.md.

    Example:
        >>> open_invoices = pd.DataFrame({
        ...     "entry_id": ["a", "b", "c"], "reference": ["INV1", "INV2", "INV3"],
        ...     "date": pd.to_datetime(["2026-10-01", "2026-10-05", "2026-10-09"]),
        ...     "due_date": pd.to_datetime(["2026-11-01", "2026-11-05", "2026-11-09"]),
        ...     "amount_minor": [30000, 18000, 15000]})
        >>> paid = pd.DataFrame({
        ...     "entry_id": ["p", "q"], "date": pd.to_datetime(["2026-11-02", "2026-11-03"]),
        ...     "text": ["inv-1, part", None], "amount_minor": [10000, 33000]})
        >>> match_payments(open_invoices, paid)[["payment_id", "invoice_id", "allocated_minor"]].to_numpy()
        array([['p', 'a', 10000],
               ['q', 'b', 18000],
               ['q', 'c', 15000]], dtype=object)
    """
    for table, columns in ((invoices, ["reference", "due_date"]), (payments, ["text"])):
        require_columns(table, columns)
    require_limit("max_group", max_group, 2, 6)
    require_limit("window_days", window_days, 0)
    invoice_items, payment_items = read_items(invoices, payments)
    links = invoices_named(invoices, payments, invoice_items, payment_items)
    named = np.zeros(len(payments), dtype=bool)
    named[links[0]] = True
    cut = np.zeros(len(payments), dtype=bool)
    due = days_of(invoices, "due_date")
    state = _Settlement(invoice_items, payment_items, named, window_days, max_group, due, cut)
    _allocate_named(state, *links)
    for _ in range(_ROUNDS):
        more = _allocate_equal(state)
        if not _allocate_groups(state) and not more:
            break
    _allocate_first_due(state)
    _allocate_groups(state)
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
    """Payments and invoices of one amount that have nobody else."""
    asking, waiting = state.asking(), state.waiting()
    if not len(asking) or not len(waiting):
        return False
    payment_class, invoice_class = _classes(state, asking, waiting)
    payment_day, invoice_day = state.payments.day[asking], state.invoices.day[waiting]
    invoices = DayIndex(invoice_class, invoice_day, np.arange(len(waiting)))
    payments = DayIndex(payment_class, payment_day, np.arange(len(asking)))
    first, count = invoices.between(payment_class, payment_day - state.window_days, payment_day)
    _, rivals = payments.between(invoice_class, invoice_day, invoice_day + state.window_days)
    partner = invoices.order[np.minimum(first, len(waiting) - 1)]
    alone = (count == 1) & (rivals[partner] == 1)
    chosen = asking[alone]
    return state.allocate(chosen, waiting[partner[alone]], state.payments.open[chosen], "amount")


def _allocate_groups(state: _Settlement) -> bool:
    """Payments that one set of open invoices, and only one, adds up to."""
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
    several = np.bincount(found.target, minlength=len(asking)) > 1
    several[found.several] = True
    which, rows = found.target[~several[found.target]], rows[~several[found.target]]
    uses = np.bincount(rows[rows >= 0], minlength=len(waiting))
    free = (np.where(rows >= 0, uses[rows], 0) <= 1).all(axis=1)
    which, rows = which[free], rows[free]
    payment = np.repeat(asking[which], (rows >= 0).sum(axis=1))
    invoice = waiting[index.order[rows[rows >= 0]]]
    return state.allocate(payment, invoice, state.invoices.open[invoice], "group")


def _allocate_first_due(state: _Settlement) -> None:
    """Of several open invoices of the payment's amount the one due first, payments by date."""
    asking, waiting = state.asking(), state.waiting()
    if not len(asking) or not len(waiting):
        return
    payment_class, invoice_class = _classes(state, asking, waiting)
    waiting, invoice_class = _of_classes(waiting, invoice_class, payment_class)
    asking, payment_class = _of_classes(asking, payment_class, invoice_class)
    by_class: dict[int, list[int]] = {}
    for each, kind in zip(waiting[::-1].tolist(), invoice_class[::-1].tolist(), strict=True):
        by_class.setdefault(kind, []).append(each)
    due: dict[int, list[tuple[int, int, int, int]]] = {kind: [] for kind in by_class}
    pairs = []
    for payment, kind in zip(asking.tolist(), payment_class.tolist(), strict=True):
        day, invoices = state.payments.day[payment], state.invoices
        later, heap = by_class[kind], due[kind]
        while later and invoices.day[later[-1]] <= day:
            each = later.pop()
            heappush(heap, (int(state.due[each]), int(invoices.day[each]), int(invoices.rank[each]), each))
        while heap and heap[0][1] < day - state.window_days:
            heappop(heap)
        if heap:
            pairs.append((payment, heappop(heap)[3]))
    chosen = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    state.allocate(chosen[:, 0], chosen[:, 1], state.payments.open[chosen[:, 0]], "amount")


def _classes(state: _Settlement, asking: IntArray, waiting: IntArray) -> tuple[IntArray, IntArray]:
    """A code for distributor and open amount, shared by payments and invoices."""
    amount, _ = pd.factorize(np.concatenate([state.payments.open[asking], state.invoices.open[waiting]]))
    distributor = np.concatenate([state.payments.distributor[asking], state.invoices.distributor[waiting]])
    kind, _ = codes(distributor, amount.astype(np.int64, copy=False))
    return kind[: len(asking)], kind[len(asking) :]


def _of_classes(items: IntArray, kind: IntArray, wanted: IntArray) -> tuple[IntArray, IntArray]:
    chosen = np.isin(kind, wanted)
    return items[chosen], kind[chosen]


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
