"""Targets and actuals of objectives with the unit that their kind has."""

from decimal import Decimal

from data.objectives import ObjectiveRow
from language import _, n_
from language.formats import MISSING, amount, number, price

MONEY_KINDS = ("order_amount", "collect")
PRODUCT_KINDS = ("list_products", "new_product")


def actual_figure(row: ObjectiveRow, currency: str) -> str:
    """What was reached: the figure, what was written instead, the least that it can be, or a dash."""
    if row.actual is None and row.actual_note:
        return row.actual_note
    if row.actual is None and row.at_least is not None:
        return _("at least {figure}").format(figure=figure(row.kind, row.at_least, currency))
    return figure(row.kind, row.actual, currency)


def figure(kind: str, value: Decimal | None, currency: str) -> str:
    """A target or actual figure with its unit; a dash where there is none."""
    if value is None:
        return MISSING
    if kind in MONEY_KINDS:
        return amount(value, currency)
    if kind == "price":
        return price(value, currency)
    whole = number(value, 0 if value == value.to_integral_value() else 2)
    if kind in PRODUCT_KINDS:
        return n_("{count} product", "{count} products", int(value)).format(count=whole)
    return whole
