"""Invoices and payments as columns of numbers, with what is still open of each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.reconciliation.books import UNDATED, BoolArray, both_amounts, both_distributors, days_of, ranks
from core.tables import IntArray, require_columns


@dataclass
class Items:
    """Invoices or payments, by row of their table.

    Attributes:
        rank: Place by identifier.
        day: Days since 1970; the largest integer when missing.
        distributor: Code of the distributor, shared by invoices and payments.
        open: Minor units not yet allocated; changes as allocations are made.
    """

    rank: IntArray
    day: IntArray
    distributor: IntArray
    open: IntArray

    @property
    def dated(self) -> BoolArray:
        """Which have a date."""
        return np.not_equal(self.day, UNDATED)

    def by_date(self) -> IntArray:
        """All of them by distributor, date and identifier."""
        return np.lexsort((self.rank, self.day, self.distributor))


def read_items(invoices: pd.DataFrame, payments: pd.DataFrame) -> tuple[Items, Items]:
    """Checks both tables and reads them.

    Raises:
        InvalidInput: a missing column, a wrong type, a repeated or missing entry_id, an amount beyond
            ±10^17, a distributor named in one table only.
    """
    tables = (invoices, payments)
    for table in tables:
        require_columns(table, ["entry_id", "date", "amount_minor"])
    amount = both_amounts(*tables)
    distributor = both_distributors(*tables)
    parts = (slice(None, len(invoices)), slice(len(invoices), None))
    first, second = (
        Items(ranks(table), days_of(table), distributor[part].copy(), amount[part].copy())
        for table, part in zip(tables, parts, strict=True)
    )
    return first, second
