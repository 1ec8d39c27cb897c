"""How much credit is used, how long money is out, and what a price cut gives back."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
from pandas.arrays import IntegerArray

from core.arguments import Numbers, Result, argument, divide
from core.errors import InvalidInput
from core.reconciliation.books import LARGEST_AMOUNT, BoolArray
from core.tables import FloatArray, IntArray, first_row, numbers, require_columns, require_unique


def credit_position(
    *,
    credit_line_minor: Numbers,
    receivable_minor: Numbers,
    prepaid_minor: Numbers = 0,
    open_orders_minor: Numbers = 0,
    collateral_minor: Numbers = 0,
) -> pd.Series | pd.DataFrame:
    """How much of a credit line is used, free, and uncovered.

    Formula:
        exposure = receivable − prepaid + open orders;
        available = line − exposure, never above line + prepaid;
        utilisation = exposure / line;
        uncovered = exposure − collateral.

    Base-stock credit (铺底额度) is a line of its own with its own use: a second call.

    Args:
        credit_line_minor: The credit limit in minor units, at least 0.
        receivable_minor: Open invoices by our ledger, gross of payments that are not applied.
        prepaid_minor: Prepayments and what is paid but not settled, at least 0.
        open_orders_minor: Orders not yet invoiced, at least 0.
        collateral_minor: Value of what is pledged, at least 0.

    All are whole numbers within ±10^17, scalars or arrays that broadcast.

    Returns:
        `exposure_minor`, `available_minor`, `utilisation` (fraction of the line; NaN for 0/0, infinite when
        there is use but no line), `uncovered_minor` (below zero: covered and more), `status`: `over`
        (exposure above the line), `tight` (utilisation of at least 0.9), `ok`, `unknown` (a figure is
        missing, and the others then are too). A Series for scalars, a DataFrame for arrays.

    Raises:
        InvalidInput: not whole, beyond the range.

    Source: credit management as in SAP FD32 and Oracle Receivables, where open orders count as used.

    Example:
        >>> credit_position(credit_line_minor=100_000, receivable_minor=80_000, prepaid_minor=5_000,
        ...                 open_orders_minor=20_000, collateral_minor=50_000).to_dict()
        {'exposure_minor': 95000, 'available_minor': 5000, 'utilisation': 0.95, 'uncovered_minor': 45000,
        'status': 'tight'}
    """
    given = {
        "credit_line_minor": credit_line_minor,
        "receivable_minor": receivable_minor,
        "prepaid_minor": prepaid_minor,
        "open_orders_minor": open_orders_minor,
        "collateral_minor": collateral_minor,
    }
    missing, amounts = _whole(given)
    line, receivable, prepaid, orders, collateral = amounts
    exposure = receivable - prepaid + orders
    available = np.minimum(line - exposure, line + prepaid)
    # Nine tenths in whole numbers, because 0.9 has no exact float.
    tight = (exposure > 0) & (10 * exposure >= 9 * line)
    status = np.where(exposure > line, "over", np.where(tight, "tight", "ok"))
    table = pd.DataFrame(
        {
            "exposure_minor": _masked(exposure, missing),
            "available_minor": _masked(available, missing),
            "utilisation": np.where(missing, np.nan, divide(exposure.astype(float), line.astype(float))),
            "uncovered_minor": _masked(exposure - collateral, missing),
            "status": np.where(missing, "unknown", status),
        }
    )
    if any(np.ndim(value) for value in given.values()):
        return table
    return pd.Series({name: table[name].tolist()[0] for name in table.columns}, dtype=object)


def days_sales_outstanding(receivable: Numbers, credit_sales: Numbers, days: Numbers) -> Result:
    """How many days of sales are out as receivables.

    Formula: receivable / credit sales × days.

    Args:
        receivable: Receivable at the end of the period, in any unit of money.
        credit_sales: Sales on credit of the period, in the same unit.
        days: Days of the period, at least 0.

    Returns:
        Days; NaN for 0/0, infinite for a receivable without sales.

    Raises:
        InvalidInput: not numbers, infinite, negative days.

    Source: Financial Accounting Standards and every textbook of credit management, e.g. Brealey, Myers and
        Allen, Principles of Corporate Finance, on the collection period.

    Example:
        >>> float(days_sales_outstanding(50_000, 150_000, 90))
        30.0
    """
    ratio = divide(argument("receivable", receivable), argument("credit_sales", credit_sales))
    with np.errstate(invalid="ignore"):
        result: Result = ratio * argument("days", days, minimum=0)
    return result


def price_protection(table: pd.DataFrame, *, exponent: int = 2) -> pd.DataFrame:
    """What a price cut gives back on the goods that were counted on the day of the change.

    Formula: credit = max(old price − new price, 0) × quantity, rounded half up to the minor unit.

    The arithmetic is decimal on the prices as they are written (the shortest decimal that gives the float), so
    that 0.15 off seven pieces is 1.05 and a half cent is a half cent.

    Args:
        table: `product_id` (once each), `quantity` (base units, from the dated count; negative is a count to
            check and gives a negative credit), `old_price` and `new_price` (currency a base unit, at least
            0).
        exponent: Decimals of the currency: 2 for yuan and fen, 0 for yen.

    Returns:
        The table with `credit_minor` (int64; nullable Int64 when a quantity or price is missing, whose
        credit then is missing too). The total is the column's sum.

    Raises:
        InvalidInput: a missing column, a wrong type, a negative price, a repeated product, a credit beyond
            ±10^17.

    Source: price protection clauses of distribution contracts.

    Example:
        >>> cut = pd.DataFrame({"product_id": ["a", "b"], "quantity": [7, 5],
        ...                     "old_price": [1.05, 2.0], "new_price": [0.9, 2.5]})
        >>> price_protection(cut)["credit_minor"].tolist()
        [105, 0]
    """
    require_columns(table, ["product_id"])
    require_unique(table, ["product_id"])
    if isinstance(exponent, bool) or exponent not in range(7):
        raise InvalidInput("exponent", "a whole number from 0 to 6", value=exponent)
    quantity = numbers(table, "quantity")
    old, new = numbers(table, "old_price", minimum=0), numbers(table, "new_price", minimum=0)
    missing = np.isnan(quantity) | np.isnan(old) | np.isnan(new)
    known = ~missing
    credit = np.zeros(len(table), dtype=np.int64)
    product = np.where(known, np.maximum(old - new, 0) * quantity * 10.0**exponent, 0)
    too_large = np.abs(product) > LARGEST_AMOUNT
    if too_large.any():
        raise InvalidInput("quantity", "a credit within ±10^17", row=first_row(table, too_large))
    close = known & _near_a_half(product, (old + new) * np.abs(quantity) * 10.0**exponent)
    plain = known & ~close
    credit[plain] = np.rint(product[plain]).astype(np.int64)
    credit[close] = _exactly(old[close], new[close], quantity[close], exponent)
    return table.assign(credit_minor=_masked(credit, missing))


def _near_a_half(product: FloatArray, scale: FloatArray) -> BoolArray:
    """Where the rounding of floats could go wrong: near a half, or too large for every whole number."""
    slack = scale * 1e-14 + 1e-9
    return (np.abs(product - np.floor(product) - 0.5) <= slack) | (slack >= 0.5)


def _exactly(old: FloatArray, new: FloatArray, quantity: FloatArray, exponent: int) -> IntArray:
    """The credit in decimal arithmetic; a few rows, as only halves need it."""
    unit = Decimal(1).scaleb(exponent)
    exact = [
        (max(Decimal(repr(before)) - Decimal(repr(after)), Decimal(0)) * Decimal(repr(count)) * unit)
        for before, after, count in zip(old.tolist(), new.tolist(), quantity.tolist(), strict=True)
    ]
    whole = [int(each.to_integral_value(rounding=ROUND_HALF_UP)) for each in exact]
    return np.array(whole, dtype=np.int64)


def _whole(given: dict[str, Numbers]) -> tuple[BoolArray, list[IntArray]]:
    """The figures as integers, broadcast to one length, with 0 where one is missing; and where that is."""
    read = []
    for name, value in given.items():
        minimum = None if name == "receivable_minor" else 0
        as_float = argument(name, value, minimum=minimum)
        wrong = (as_float != np.rint(as_float)) & ~np.isnan(as_float) | (np.abs(as_float) > LARGEST_AMOUNT)
        if wrong.any():
            shown = np.asarray(as_float)[wrong].flat[0]
            raise InvalidInput(name, "whole minor units within ±10^17", value=shown)
        exact = np.asarray(pd.array(np.ravel(np.asarray(value, dtype=object)), dtype="Int64").fillna(0))
        read.append((np.atleast_1d(np.isnan(as_float)), exact.astype(np.int64)))
    missing = np.broadcast_arrays(*(absent for absent, _ in read))
    amounts = np.broadcast_arrays(*(amount for _, amount in read))
    return np.any(missing, axis=0), [np.asarray(amount) for amount in amounts]


def _masked(values: IntArray, missing: BoolArray) -> IntArray | IntegerArray:
    if not missing.any():
        return values
    return IntegerArray(values, np.array(missing))
