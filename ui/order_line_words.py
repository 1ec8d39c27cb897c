"""A line of the order in words: its stock, why so many, and where its rate comes from."""

from datetime import date, timedelta

from core.demand_history import WEEK
from language import _, n_
from language.calendar import day, near_day
from language.formats import MISSING, days, is_missing, number, percent, quantity, units
from ui.markup import badge
from ui.order_facts import Line, OrderFacts
from ui.order_words import between


def stock_badge(line: Line, facts: OrderFacts) -> str:
    """Stock and how long it lasts, coloured by whether it lasts until the goods come."""
    stock = line["on_hand"]
    if is_missing(stock):
        return badge("gray", "", _("not counted"))
    told = ("≈ " if line["is_carried_forward"] else "") + short_quantity(stock, line)
    if stock < 0:
        return badge("red", ":material/error:", _("{stock}: count again").format(stock=told))
    if is_missing(line["demand_mean"]):
        return badge("gray", "", _("{stock}, sales unknown").format(stock=told))
    if is_missing(line["lasts"]):
        return badge("gray", "", _("{stock}, no sales").format(stock=told))
    told = f"{told} · {_('{count} d').format(count=number(int(line['lasts'])))}"
    if stock == 0:
        return badge("red", ":material/error:", told)
    if line["lasts"] < facts.lead_days:
        return badge("orange", ":material/arrow_downward:", told)
    return badge("gray", "", told)


def short_quantity(stock: float, line: Line) -> str:
    """Whole cases where there is at least one, else pieces."""
    pack = int(line["pack"])
    if abs(stock) < pack and stock:
        return quantity(stock, None, piece=line["unit"])
    return units(int(stock / pack), "case")


def reason_words(line: Line, facts: OrderFacts, today: date) -> str:
    """Why so many, in a few words, as plain text."""
    if line["group"] == "gaps":
        told = [_("must be sold, not carried here yet")]
    elif line["group"] == "new":
        launched = day(line["launched_on"].date(), today)
        told = [_("new since {day}, not carried here yet").format(day=launched)]
    else:
        told = [_reason(line, facts, today)]
    if line["quantity"] > 0 and not is_missing(line["promotion_on"]) and line["promo_uplift"] > 0:
        told.append(_("promotion from {day}").format(day=day(line["promotion_on"].date(), today)))
    if line["coming"] > 0:
        told.append(_("{quantity} coming").format(quantity=short_quantity(line["coming"], line)))
    if line["unusable"] >= 1:
        told.append(
            _("{quantity} will pass their date").format(
                quantity=quantity(line["unusable"], None, piece=line["unit"])
            )
        )
    if line["capped_by"] and line["reason"] not in ("excess", "discontinued"):
        told.append(_cap(line))
    if is_missing(line["unit_price"]) and facts.has_prices:
        told.append(_("price unknown, not in the amount"))
    counted, in_title = line["counted_on"], facts.counts.latest_before
    if in_title and not is_missing(counted) and counted.date() < in_title:
        told.append(_("counted {day}").format(day=day(counted.date(), today)))
    return _joined(told)


def _joined(told: list[str], *more: str) -> str:
    return _("; ").join(part for part in (*told, *more) if part)


def _reason(line: Line, facts: OrderFacts, today: date) -> str:
    reason, reach = line["reason"], days(facts.target_days)
    if reason == "discontinued":
        return _("discontinued since {day}").format(day=day(line["discontinued_on"].date(), today))
    if reason == "unknown" and line["missing"] == "on_hand":
        return _joined([] if facts.count_on is None else [_missing(line)], _sold(line))
    if reason == "unknown":
        return _missing(line)
    if reason == "runs_out" and line["on_hand"] <= 0:
        text = _("out of stock, delivery in {days}")
        if line["is_carried_forward"]:
            text = _("probably sold out, delivery in {days}")
        return text.format(days=days(facts.lead_days))
    if reason == "runs_out" and line["lasts"] < facts.lead_days:
        return _("lasts {days}, delivery in {lead}").format(
            days=days(int(line["lasts"])), lead=days(facts.lead_days)
        )
    ends = facts.on + timedelta(days=int(line["lasts"])) if not is_missing(line["lasts"]) else None
    return {
        "runs_out": _("fills up to {days}").format(days=reach),
        "below_level": _("fills up to {days}").format(days=reach),
        "promotion": _("only for the promotion"),
        "new": _("no sales yet, up to the agreed level"),
        "no_sales": _("nothing sold lately"),
        "excess": _cap(line, above=True),
        "enough": _("enough until {day}").format(day=MISSING if ends is None else near_day(ends, today)),
    }[reason]


def _sold(line: Line) -> str:
    """What goes a week, for one who orders without a suggestion."""
    a_week = line["demand_mean"] * WEEK
    if is_missing(a_week):
        return _missing({**line, "missing": "demand_mean"})
    if a_week < 1:
        return _("nothing sold lately") if not a_week else _("sells less than one a week")
    return _("sells {quantity} a week").format(quantity=short_quantity(a_week, line))


def _missing(line: Line) -> str:
    """Why there is no suggestion, and what would help."""
    if line["missing"] == "demand_mean" and not line["periods"]:
        return _("no suggestion: it has not been sold here yet")
    return {
        "on_hand": _("no suggestion: never counted here"),
        "demand_mean": _("no suggestion: sales unknown"),
        "demand_sd": _("no suggestion: sales unknown"),
        "previous_on_hand": _("no suggestion: its rule needs two counts"),
        "receipts": _("no suggestion: its rule needs two counts"),
        "min_level": _("no suggestion: no level is agreed"),
        "max_level": _("no suggestion: no level is agreed"),
        "cover_days": _("no suggestion: its rule names no days"),
    }.get(line["missing"], _("no suggestion: a figure is missing"))


def _cap(line: Line, *, above: bool = False) -> str:
    if line["capped_by"] == "shelf_life":
        return _("no more than sells before its date")
    by_level = not is_missing(line["max_level"]) and (
        line["capped_by"] == "max_level" or (above and line["usable"] > line["max_level"])
    )
    if by_level:
        most = short_quantity(line["max_level"], line)
        if above:
            return _("above the agreed {most}").format(most=most)
        return _("no more than the agreed {most}").format(most=most)
    most = days(line["max_days"])
    if is_missing(line["max_days"]):
        return _("more than sells before its date")
    return (
        _("above {days} of sales").format(days=most) if above else _("no more than {days}").format(days=most)
    )


def origin(line: Line, facts: OrderFacts, today: date) -> str:
    """Where the rate of a line comes from, in one sentence."""
    if is_missing(line["demand_mean"]) or facts.told_since is None:
        return _("Nothing is known of its sales here, so the rate is unknown.")
    rate = number(line["demand_mean"] / line["pack"], 2)
    periods = int(line["periods"])
    facts_told = {
        "rate": rate,
        "count": periods,
        "since": day(facts.told_since, today),
        "service": percent(line["service_level"], 0),
    }
    if line["method"] == "naive":
        text = _(
            "{rate} cases a day by its last period in stock; with fewer than three periods that is all there is."
        )
    elif facts.period_days == WEEK:
        text = n_(
            "{rate} cases a day, forecast from {count} week in stock since {since}.",
            "{rate} cases a day, forecast from {count} weeks in stock since {since}.",
            periods,
        )
    else:
        text = n_(
            "{rate} cases a day, forecast from {count} month in stock since {since}.",
            "{rate} cases a day, forecast from {count} months in stock since {since}.",
            periods,
        )
    said = text.format(**facts_told)
    if line["policy"] == "service_level":
        said += between() + _(
            "In {service} of the cycles it does not run out before the next delivery."
        ).format(**facts_told)
    return said + _carried(line, today)


def _carried(line: Line, today: date) -> str:
    """How the stock is known where this visit did not count it."""
    if not line["is_carried_forward"]:
        return ""
    text = _("{stock} counted {day}; what came and the usual sales since then are reckoned in.")
    counted = day(line["counted_on"].date(), today)
    return between() + text.format(stock=short_quantity(line["last"], line), day=counted)
