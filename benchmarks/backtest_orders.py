"""The policies as they would be signed, in whole packs through `suggest_order`, against last period's figure."""

import numpy as np
import pandas as pd

from benchmarks.histories import History
from core.demand_forecast import forecast
from core.order_suggestion import suggest_order

Matrix = np.ndarray
POLICIES = ("service_level", "cover_days", "min_max", "one_and_half")
LEAD_TIME = 1


def print_orders(histories: list[History]) -> None:
    print("| data | policy | product fill | unit fill | stock | money tied up | order lines not orderable |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for history in histories:
        for policy in (*POLICIES, "last again"):
            product, unit, stock, money, lines, refused = signed(history, policy)
            print(
                f"| {history.name} | {policy} | {product:.3f} | {unit:.3f} | {stock:,.0f} | {money:,.0f} "
                f"| {refused:,} of {lines:,} |"
            )


def signed(history: History, policy: str) -> tuple[float, float, float, float, int, int]:
    """Fills, average stock in units and money, order lines, and those that are no whole packs."""
    demand, (products, periods) = history.demand, history.demand.shape
    on_hand = 2 * demand[:, : history.known].mean(axis=1)
    on_hand = np.ceil(on_hand / history.pack) * history.pack
    pipeline, received = [np.zeros(products) for _ in range(LEAD_TIME)], np.zeros(products)
    previous = on_hand + demand[:, history.known - 1]
    served, stock, money, lines, refused = np.zeros(products), 0.0, 0.0, 0, 0
    for period in range(history.known, periods):
        past = demand[:, :period]
        quantity = (
            past[:, -1]
            if policy == "last again"
            else orders(history, past, on_hand, sum(pipeline), previous, received, policy)
        )
        lines += int((quantity > 0).sum())
        refused += int((quantity % history.pack != 0).sum())
        pipeline.append(quantity)
        previous, received = on_hand, pipeline.pop(0)
        on_hand = on_hand + received
        sold = np.minimum(on_hand, demand[:, period])
        shelf = on_hand - sold / 2
        stock, money, served = stock + shelf.sum(), money + (shelf * history.price).sum(), served + sold
        on_hand = on_hand - sold
    asked, length = demand[:, history.known :].sum(axis=1), periods - history.known
    asking = asked > 0
    fill = float(np.mean(served[asking] / asked[asking]))
    return fill, float(served.sum() / asked.sum()), stock / length, money / length, lines, refused


def orders(
    history: History,
    past: Matrix,
    on_hand: Matrix,
    on_order: Matrix,
    previous: Matrix,
    received: Matrix,
    policy: str,
) -> Matrix:
    """What `suggest_order` gives; a period stands for a day."""
    answer = forecast(past)
    mean = answer["mean"].to_numpy()
    table = pd.DataFrame(
        {
            "product_id": np.arange(len(past)),
            "on_hand": on_hand,
            "on_order": on_order,
            "demand_mean": mean,
            "demand_sd": answer["sd"].to_numpy(),
            "lead_time": float(LEAD_TIME),
            "review_period": 1.0,
            "service_level": 0.95,
            "pack": history.pack,
            "minimum": 0.0,
            "unit_price": history.price,
            "cover_days": 1.5 * (LEAD_TIME + 1),
            "previous_on_hand": previous,
            "receipts": received,
        }
    )
    if policy == "min_max":
        table = table.assign(min_level=mean * (LEAD_TIME + 1), max_level=2 * mean * (LEAD_TIME + 1))
    return suggest_order(table, policy=policy)["quantity"].to_numpy()
