"""Which cases go now and which wait, when the order is above the credit left."""

from decimal import Decimal

from core.order_suggestion import fit_to_budget
from ui.order_facts import OrderFacts
from ui.order_live import LiveOrder


def held_back(facts: OrderFacts, live: LiveOrder) -> dict[str, Decimal]:
    """Base units by product that wait for credit; a line without a price waits whole.

    What is ordered is what is weighed: the rep's quantities, not the suggestion's.
    """
    if live.left_minor is None:
        return {}
    table = facts.table.copy()
    table["quantity"] = [float(live.lines[str(id_)].quantity) for id_ in table.index]
    # A signed-off smaller order is the rep's choice: the minimum binds only what is at least that much.
    table["minimum"] = table["minimum"].where(table["minimum"] <= table["quantity"], 0.0)
    table["target"] = table["target"].fillna(table["usable"] + table["quantity"])
    for column in ("usable", "target"):
        table[column] = table[column].fillna(0.0)
    split = fit_to_budget(table.reset_index(), live.left_minor / 10**live.exponent)
    return {
        str(id_): Decimal(round(held))
        for id_, held in zip(split["product_id"], split["held_back"], strict=True)
        if held > 0
    }
