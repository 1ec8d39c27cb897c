"""What the reps counted and what prices they saw on their visits."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from data.demo.dealings import Dealings, History
from data.demo.entries import add_entry
from data.demo.prices import retail_piece, selling_case
from data.demo.products import discontinued_on
from data.demo.rows import Rows, at, chance, demo_id
from data.demo.schedule import Appointment

SEEN_PRICES = 26
RETAIL_SHARE = 0.45
LOT_DAYS = 120
"""How far back lots were written down; before, only totals were counted."""


def add_observations(rows: Rows, dealings: Dealings, visit: Appointment, products: list[History]) -> None:
    """Adds counts of all the products given and prices of most, as of a visit."""
    draw = chance("observe", visit.place.code, visit.day)
    products = [history for history in products if not _is_gone(dealings, visit, history)]
    for history in products:
        _add_counts(rows, dealings, visit, history, draw)
    priced = products if len(products) <= SEEN_PRICES else _priced(products, draw)
    for history in priced:
        _add_prices(rows, dealings, visit, history, draw)


def _is_gone(dealings: Dealings, visit: Appointment, history: History) -> bool:
    dropped_on = discontinued_on(history.item, dealings.today)
    return dropped_on is not None and visit.day > dropped_on and history.stock_on(visit.day) == 0


def _priced(products: list[History], draw: Random) -> list[History]:
    must = [h for h in products if "must" in h.item.traits]
    others = [h for h in products if "must" not in h.item.traits]
    return must + draw.sample(others, min(len(others), max(SEEN_PRICES - len(must), 8)))


def _add_counts(rows: Rows, dealings: Dealings, visit: Appointment, history: History, draw: Random) -> None:
    item = history.item
    if history.receipts and history.receipts[0].on > visit.day:
        return
    with_lots = (
        item.is_own and item.category in "JMC" and visit.day > dealings.today - timedelta(days=LOT_DAYS)
    )
    lots: list[tuple[str, date | None, int]] = [*history.lots_on(visit.day)] if with_lots else []
    for lot, expires_on, quantity in lots or [
        ("", None, _miscounted(history.stock_on(visit.day), item.pack, draw))
    ]:
        when = at(visit.day, visit.clock) + timedelta(minutes=20)
        counted = None if not lot and draw.random() < 0.02 else quantity
        source = "counted" if item.is_own else "told"
        rows.add(
            "stock_count",
            id=demo_id("stock_count", visit.place.code, item.code, lot, visit.day),
            distributor_id=visit.place.id,
            product_id=item.id,
            visit_id=visit.id,
            lot=lot,
            expires_on=expires_on,
            counted_on=visit.day,
            quantity=counted,
            pack_size=item.pack,
            source=source,
            counted_by=visit.rep_id,
            counted_at=when,
        )
        if counted is None:
            add_entry(rows, visit, item.id, "stock_skipped", "yes", when)
        else:
            cases, pieces = divmod(counted, item.pack)
            add_entry(rows, visit, item.id, "cases", cases, when, lot=lot, unit="case", source=source)
            add_entry(rows, visit, item.id, "pieces", pieces, when, lot=lot, unit="piece", source=source)


def _miscounted(stock: int, pack: int, draw: Random) -> int:
    # One count in eight is off by a few bottles or a case: breakage, samples, somebody's mistake.
    if stock < 2 * pack or draw.random() > 0.125:
        return stock
    return stock - draw.choice((pack, 1, 3, 4, -2))


def _add_prices(rows: Rows, dealings: Dealings, visit: Appointment, history: History, draw: Random) -> None:
    place, item, today = visit.place, history.item, dealings.today
    case = selling_case(place, item, visit.day, today)
    # A few distributors quote without tax: such prices are kept as typed and never compared with the others.
    basis = "excluded" if place.number == 35 else "included"
    amount = (case / Decimal("1.13")).quantize(Decimal("0.1")) if basis == "excluded" else case
    seen = [("selling", amount, "case", basis)]
    if draw.random() < RETAIL_SHARE:
        seen.append(("retail", retail_piece(place, item, visit.day, today), "piece", "included"))
    when = at(visit.day, visit.clock) + timedelta(minutes=10)
    for kind, price, unit, tax in seen:
        source = draw.choice(("read", "read", "told")) if kind == "selling" else "read"
        rows.add(
            "price_observation",
            id=demo_id("price_observation", place.code, item.code, kind, visit.day),
            distributor_id=place.id,
            product_id=item.id,
            visit_id=visit.id,
            kind=kind,
            amount=price,
            unit=unit,
            pack_size=item.pack,
            tax_basis=tax,
            observed_on=visit.day,
            source=source,
            observed_by=visit.rep_id,
            observed_at=when,
        )
        add_entry(rows, visit, item.id, kind, price, when, unit=unit, source=source)
