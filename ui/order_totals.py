"""What an order costs, in words that never count a missing price as nothing."""

from collections.abc import Iterable
from decimal import Decimal

from data.orders import LineRow
from language import _
from language.formats import MISSING, amount, units
from ui.order_line import LiveLine

Line = LineRow | LiveLine


def order_amount(lines: Iterable[Line], currency: str, decimals: int = 0) -> str:
    """The sum of an order's lines.

    Args:
        lines: Its lines; what is not ordered does not count.
        currency: Code of ISO 4217.
        decimals: Digits after the point.

    Returns:
        The amount; what it is at least where some lines have no price; `MISSING` where none has one.
    """
    ordered = [line for line in lines if line.quantity > 0]
    costs = [line.quantity * line.unit_price for line in ordered if line.unit_price is not None]
    if ordered and not costs:
        return MISSING
    shown = amount(sum(costs, Decimal(0)), currency, decimals)
    return shown if len(costs) == len(ordered) else _("at least {figure}").format(figure=shown)


def cases_and_amount(cases: Decimal | int, lines: Iterable[Line], currency: str, decimals: int) -> str:
    """How much is ordered for how much: what the distributor puts his name to."""
    costs = order_amount(lines, currency, decimals)
    if costs == MISSING:
        return _("{cases}, price open").format(cases=units(cases, "case"))
    return _("{cases} for {amount}").format(cases=units(cases, "case"), amount=costs)
