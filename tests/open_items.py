"""Open invoices and the payments that settle them, with the truth, of any size, made from a seed."""

from dataclasses import dataclass, field
from random import Random

import pandas as pd

_EVENTS = {
    "exact": 151,
    "exact_no_memo": 62,
    "combined": 40,
    "combined_no_memo": 22,
    "two_parts": 17,
    "part": 32,
    "tolerance": 18,
    "over": 7,
    "paid_twice": 7,
    "on_account": 5,
    "unpaid": 16,
}
_SIZES = [2] * 26 + [3] * 17 + [4] * 9 + [5] * 10
_STANDING_SHARE = 0.3


@dataclass
class OpenItems:
    """Invoices, payments, and the truth: `payment_id, invoice_id, allocated_minor, kind` an allocation."""

    invoices: pd.DataFrame
    payments: pd.DataFrame
    truth: pd.DataFrame


@dataclass
class _Writer:
    random: Random
    invoices: list[tuple[object, ...]] = field(default_factory=list)
    payments: list[tuple[object, ...]] = field(default_factory=list)
    truth: list[tuple[object, ...]] = field(default_factory=list)

    def pay(self, name: str, day: int, amount: int, text: str, kind: str, parts: dict[str, int]) -> None:
        payment = f"P{len(self.payments):07d}"
        self.payments.append((payment, name, day, amount, text))
        self.truth.extend((payment, invoice, part, kind) for invoice, part in parts.items())


def make_open_items(invoices: int, seed: int, *, invoices_per_distributor: int = 55) -> OpenItems:
    """About `invoices` invoices; some distributors buy standing quantities and repeat their amounts."""
    writer = _Writer(Random(seed))
    for number in range(max(1, invoices // invoices_per_distributor)):
        _write_distributor(writer, str(2000 + 7 * number), invoices_per_distributor)
    invoice_columns = ["entry_id", "distributor_id", "date", "due_date", "reference", "amount_minor"]
    payment_columns = ["entry_id", "distributor_id", "date", "amount_minor", "text"]
    truth_columns = ["payment_id", "invoice_id", "allocated_minor", "kind"]
    return OpenItems(
        _dated(pd.DataFrame(writer.invoices, columns=invoice_columns), ["date", "due_date"]),
        _dated(pd.DataFrame(writer.payments, columns=payment_columns), ["date"]),
        pd.DataFrame(writer.truth, columns=truth_columns),
    )


def score_payments(truth: pd.DataFrame, result: pd.DataFrame) -> tuple[float, float]:
    """Recall and precision of the allocations; an amount may be five minor units off."""
    allocated = result[result.invoice_id.notna()]
    both = allocated.merge(truth, on=["payment_id", "invoice_id"])
    right = int(((both.allocated_minor_x - both.allocated_minor_y).abs() <= 5).sum())
    return right / len(truth), right / len(allocated)


def _write_distributor(writer: _Writer, name: str, count: int) -> None:
    random = writer.random
    scale = 10 ** random.uniform(2.3, 5.2)
    standing = random.random() < 0.3
    waiting = []
    for week in range(count):
        day = 7 * week + random.randint(0, 6)
        amount = round(random.lognormvariate(0, 0.5) * scale * 100) + 1
        if standing and random.random() < _STANDING_SHARE:
            amount = round(scale * 20) * random.randint(1, 9)
        invoice = f"I{len(writer.invoices):07d}"
        writer.invoices.append((invoice, name, day, day + 30, invoice, amount))
        waiting.append((invoice, day, amount))
    waiting.reverse()
    while waiting:
        kind = random.choices(list(_EVENTS), list(_EVENTS.values()))[0]
        size = min(random.choice(_SIZES), len(waiting)) if kind.startswith("combined") else 1
        chosen = [waiting.pop() for _ in range(size)]
        _pay(writer, name, kind if size > 1 or not kind.startswith("combined") else "exact", chosen)


def _pay(writer: _Writer, name: str, kind: str, chosen: list[tuple[str, int, int]]) -> None:
    random = writer.random
    invoice, day, amount = chosen[-1]
    day += random.randint(3, 59)
    if kind == "unpaid":
        return
    if kind == "on_account":
        writer.pay(name, day, random.randint(10, 5000) * 100, "deposit", kind, {})
        return
    text = "" if kind.endswith("no_memo") else " ".join(each[0] for each in chosen)
    parts = {each[0]: each[2] for each in chosen}
    paid = sum(parts.values())
    if kind in ("two_parts", "part"):
        first = round(amount * random.uniform(0.25, 0.75))
        writer.pay(name, day, first, text, kind, {invoice: first})
        if kind == "two_parts":
            writer.pay(
                name, day + random.randint(5, 30), amount - first, text, kind, {invoice: amount - first}
            )
        return
    if kind == "tolerance":
        paid += random.choice([-5, -2, -1, 2, 5])
        parts = {invoice: min(paid, amount)}
    if kind == "over":
        paid += random.randint(500, 20_000)
    writer.pay(name, day, paid, text, kind, parts)
    if kind == "paid_twice":
        writer.pay(name, day + random.randint(1, 9), paid, text, kind, {})


def _dated(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    for column in columns:
        table[column] = pd.Timestamp("2016-01-01") + pd.to_timedelta(table[column], unit="D")
    return table.sort_values(["date", "entry_id"], ignore_index=True)
