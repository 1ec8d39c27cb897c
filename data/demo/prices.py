"""What the demo's distributors charge: near the policy, but for one region and a few stories."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from data.demo.company import DISORDERED_REGION
from data.demo.distributors import Place
from data.demo.products import GREEN_TEA, OOLONG, Item, purchase_cents
from data.demo.rows import chance

LIST_FACTOR = 1.15
"""The usual selling price over the purchase price; the policy's corridor is 1.10 to 1.20."""

RETAIL_FACTOR = 1.6
STORY_DAYS = 70
"""Since how many days the lead distributor undercuts with two teas."""

RIVAL_CUT_DAYS = 40


def selling_case(place: Place, item: Item, on: date, today: date) -> Decimal:
    """The price of a case that a distributor asks on a day, in steps as people quote them."""
    return Decimal(selling_cents(place, item, on, today)) / 100


def selling_cents(place: Place, item: Item, on: date, today: date) -> int:
    """The same in cents."""
    if place.story == "lead" and on >= today - timedelta(days=STORY_DAYS):
        if item.code == OOLONG:
            return 4100
        if item.code == GREEN_TEA:
            return 3700
    factor = LIST_FACTOR * (1 + _deviation(place, item, (today - on).days // 90))
    if item.maker == "恒岳" and item.category == "T" and on >= today - timedelta(days=RIVAL_CUT_DAYS):
        factor *= 0.94
    cents = purchase_cents(item, on, today) * item.pack * factor
    step = 50 if cents >= 2000 else 10
    return step * round(cents / step)


def retail_piece(place: Place, item: Item, on: date, today: date) -> Decimal:
    """The price of a bottle on the shelf of the shops that the distributor supplies."""
    draw = chance("retail", place.code, item.code, (today - on).days // 120)
    return Decimal(round(float(item.purchase) * RETAIL_FACTOR * (1 + draw.gauss(0, 0.04)) * 10)) / 10


@cache
def _deviation(place: Place, item: Item, quarter: int) -> float:
    draw = chance("price", place.code, item.code, quarter)
    if place.region == DISORDERED_REGION and item.is_own:
        # Half of them undercut the list, each by its own measure.
        return 0.0 if draw.random() < 0.5 else -draw.uniform(0.05, 0.14)
    # Most distributors ask the list price to the cent; the rest stay within a few percent.
    return 0.0 if draw.random() < 0.6 else draw.gauss(0, 0.012)
