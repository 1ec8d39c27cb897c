"""Eighteen months of goods through the demo's distributors, week by week: delivered, sold, left over."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from data.demo.distributors import PLACES, Place
from data.demo.prices import selling_cents
from data.demo.products import GREEN_TEA, OWN, RIVALS, YOGHURT, Item, purchase_cents, weeks
from data.demo.promotions import uplift
from data.demo.rows import Rows, chance, demo_id

WEEKS = 78
ASSORTMENT = 30

# Peak week of the year and swing of a category's season.
_SEASONS = {
    "T": (29, 0.35),
    "J": (4, 0.20),
    "W": (30, 0.45),
    "S": (28, 0.40),
    "F": (27, 0.25),
    "C": (50, 0.15),
    "M": (1, 0.15),
}


@dataclass(frozen=True)
class Receipt:
    """A delivery of one product: when it came and when it was made."""

    week: int
    on: date
    made_on: date
    quantity: int


@dataclass
class History:
    """One product at one distributor: stock at the start of each week, receipts, sales, days out of stock."""

    place: Place
    item: Item
    first_monday: date
    opening: list[int] = field(default_factory=list)
    sold: list[int] = field(default_factory=list)
    out_days: list[int] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    def stock_on(self, day: date) -> int:
        """Stock on the morning of a day: opening of the week, plus receipts, less sales so far."""
        days = (day - self.first_monday).days
        week = min(max(days // 7, 0), len(self.opening) - 1)
        came = sum(r.quantity for r in self.receipts if r.week == week and r.on <= day)
        return max(self.opening[week] + came - self.sold[week] * (days - 7 * week) // 7, 0)

    def lots_on(self, day: date) -> list[tuple[str, date, int]]:
        """The stock of a day by lot: code, expiry, quantity; what came first is gone first."""
        left = self.stock_on(day)
        lots: dict[date, int] = {}
        for receipt in reversed([r for r in self.receipts if r.on <= day]):
            if left <= 0:
                break
            taken = min(left, receipt.quantity)
            lots[receipt.made_on] = lots.get(receipt.made_on, 0) + taken
            left -= taken
        shelf = timedelta(days=self.item.shelf_days)
        return [(f"L{made:%y%m%d}", made + shelf, lots[made]) for made in sorted(lots)]


@dataclass
class Dealings:
    """All that flowed: a history a distributor and product, and the deliveries of each week."""

    today: date
    first_monday: date
    histories: dict[tuple[str, str], History] = field(default_factory=dict)
    deliveries: dict[str, dict[int, list[tuple[Item, int]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def assortment(self, place: Place) -> list[History]:
        """The histories of a distributor, own products first, in shelf order."""
        return [self.histories[key] for key in sorted(self.histories) if key[0] == place.code]

    def delivered_on(self, place: Place, week: int) -> date:
        """The day of the week's delivery: Tuesday to Friday, by distributor."""
        return self.first_monday + timedelta(days=7 * week + 1 + place.number % 4)


def document(place: Place, week: int) -> str:
    """The number of a week's delivery note, which is also the invoice's."""
    return f"FH-{20000 + 40 * week + place.number}"


def simulate(today: date) -> Dealings:
    """Lets every distributor buy and sell for 78 whole weeks and the begun one; nothing happens by chance."""
    first = today - timedelta(days=today.weekday() + 7 * WEEKS)
    dealings = Dealings(today, first)
    tempo = {item.code: _tempo(dealings, item) for item in OWN + RIVALS}
    for place in PLACES:
        if place.is_new:
            continue
        for item in _assortment(place):
            history = _run(dealings, place, item, tempo[item.code])
            dealings.histories[place.code, item.code] = history
            for receipt in history.receipts[1:] if item.is_own else ():
                dealings.deliveries[place.code][receipt.week].append((item, receipt.quantity))
    return dealings


def _assortment(place: Place) -> list[Item]:
    draw = chance("assortment", place.code)
    gaps = draw.sample([i for i in OWN if "must" in i.traits and i.code != GREEN_TEA], 2)
    fixed = [i for i in OWN if ("must" in i.traits and i not in gaps) or i.code == YOGHURT]
    others = [i for i in OWN if i not in fixed and i not in gaps]
    own = fixed + draw.sample(others, ASSORTMENT - len(fixed))
    return sorted(own + draw.sample(RIVALS, 6 + place.number % 4), key=lambda i: i.code)


def _run(dealings: Dealings, place: Place, item: Item, tempo: list[float]) -> History:
    draw = chance("dealings", place.code, item.code)
    history = History(place, item, dealings.first_monday)
    liking = math.exp(draw.gauss(0, 0.3))
    place_size = place.size
    cover = _cover(place, item, draw.random())
    tired = draw.random() < 0.03
    start = _launch_week(item)
    dropped = WEEKS - (weeks(item, "drop") or -99)
    stock = 0
    recent = 0.0
    for week in range(WEEKS + 2):
        mean = tempo[week] * place_size * liking
        if week >= dropped or (tired and week >= WEEKS - 9):
            mean *= 0.0 if tired else 0.55 ** (week - dropped)
        recent = mean if week == start else 0.6 * recent + 0.4 * mean
        came = 0
        if start <= week < dropped and not _starved(place, item, week):
            came = _order(recent * cover, stock, item, first=week == start, waits=draw.random() < 0.04)
        history.opening.append(stock)
        if came:
            on = dealings.delivered_on(place, week)
            made = on - timedelta(days=_age(place, item) + draw.randrange(20))
            history.receipts.append(Receipt(week, on, made, came))
        demand = _demand(draw, mean, item)
        sold = min(demand, stock + came)
        history.sold.append(sold)
        history.out_days.append(round(7 * (1 - sold / demand)) if sold < demand else 0)
        stock += came - sold
    return history


def _cover(place: Place, item: Item, draw: float) -> float:
    if place.story == "over_base_stock" and item.code == YOGHURT:
        return 10.0
    return 9.0 if draw > 0.95 else 2.2 + 2.3 * draw


def _age(place: Place, item: Item) -> int:
    return 50 if place.story == "over_base_stock" and item.code == YOGHURT else 5


def _starved(place: Place, item: Item, week: int) -> bool:
    return place.story == "lead" and item.code == GREEN_TEA and week >= WEEKS - 4


def _tempo(dealings: Dealings, item: Item) -> list[float]:
    """Sales of a product a week at a middling distributor: season, growth, launch and promotions."""
    peak, swing = _SEASONS[item.category]
    start = _launch_week(item)
    tempo = []
    for week in range(WEEKS + 2):
        monday = dealings.first_monday + timedelta(weeks=week)
        season = 1 + swing * math.cos(2 * math.pi * (monday.isocalendar().week - peak) / 52)
        ramp = min(1.0, 0.4 + 0.1 * (week - start)) if start else 1.0
        lift = uplift(item.code, monday + timedelta(days=3), dealings.today) if item.is_own else 1.0
        growth = 1 + 0.08 * week / WEEKS
        tempo.append(item.weekly * 0.6 * season * growth * ramp * lift if week >= start else 0.0)
    return tempo


def _launch_week(item: Item) -> int:
    launched = weeks(item, "new")
    return WEEKS - launched if launched else 0


def _order(target: float, stock: int, item: Item, *, first: bool, waits: bool) -> int:
    if not first and (waits or stock > 0.8 * target):
        return 0
    return item.pack * max(math.ceil((target - stock) / item.pack), 1 if first else 0)


def _demand(draw: Random, mean: float, item: Item) -> int:
    if "rare" in item.traits:
        mean = mean / 0.3 if draw.random() < 0.3 else 0.0
    return max(round(mean * math.exp(draw.gauss(0, 0.22) - 0.024)), 0)


def add_dealings(rows: Rows, dealings: Dealings) -> None:
    """Adds what was delivered before today, and what was sold in whole weeks."""
    for place in PLACES:
        for week, lines in dealings.deliveries[place.code].items():
            if (on := dealings.delivered_on(place, week)) < dealings.today:
                _add_delivery(rows, dealings, place, week, on, lines)
        for history in dealings.assortment(place):
            _add_sales(rows, dealings, history)
            if weeks(history.item, "new"):
                _add_levels(rows, history)


def _add_levels(rows: Rows, history: History) -> None:
    """A new product without a history to go by is ordered between agreed levels."""
    rows.add(
        "stock_level",
        distributor_id=history.place.id,
        product_id=history.item.id,
        min_level=2 * history.item.pack,
        max_level=8 * history.item.pack,
    )


def line_minor(item: Item, quantity: int, on: date, today: date) -> int:
    """The amount of a delivery line in minor units."""
    return purchase_cents(item, on, today) * quantity


def _add_delivery(
    rows: Rows, dealings: Dealings, place: Place, week: int, on: date, lines: list[tuple[Item, int]]
) -> None:
    for item, quantity in lines:
        rows.add(
            "sell_in",
            id=demo_id("sell_in", place.code, on, item.code),
            distributor_id=place.id,
            product_id=item.id,
            document=document(place, week),
            on=on,
            quantity=quantity,
            amount_minor=line_minor(item, quantity, on, dealings.today),
        )


def _add_sales(rows: Rows, dealings: Dealings, history: History) -> None:
    place, item = history.place, history.item
    # Of competitors' goods the distributor tells a rough figure for the last half year.
    first = next((w for w in range(WEEKS) if history.receipts and w >= history.receipts[0].week), WEEKS)
    for week in range(max(first, 0 if item.is_own else WEEKS - 26), WEEKS):
        monday = dealings.first_monday + timedelta(weeks=week)
        sold = history.sold[week]
        case = selling_cents(place, item, monday, dealings.today)
        rows.add(
            "sell_out",
            id=demo_id("sell_out", place.code, item.code, monday),
            distributor_id=place.id,
            product_id=item.id,
            from_on=monday,
            to_on=monday + timedelta(days=7),
            quantity=sold,
            revenue_minor=case * sold // item.pack,
            cost_minor=line_minor(item, sold, monday, dealings.today) if item.is_own else None,
            stockout_days=history.out_days[week],
            source="imported" if item.is_own else "told",
        )
