"""Stock in words: the sentence to read out, what changed, how long it lasts, what to do about too much."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from language import _, n_
from language.calendar import day
from language.formats import MISSING, amount, days, is_missing, listed, number, quantity, sentences, units
from ui.markup import plain
from ui.names import name_of
from ui.stock_facts import StockFacts

MOST_PUSH = 4
"""How many times today's pace a promotion can be thought to reach."""

Product = Mapping[Any, Any]
"""A row of `StockFacts.table`."""


def days_short(value: float) -> str:
    """Days of supply as short as a chart has room for; a dash where there are none."""
    return MISSING if is_missing(value) else _("{count} d").format(count=number(value))


def lasts_word(status: str) -> str:
    """The word beside the days of supply; empty for normal stock."""
    return {
        "negative": _("count again"),
        "out": _("out"),
        "short": _("short"),
        "excess": _("excess"),
        "dead": _("not sold"),
        "unknown": _("sales unknown"),
    }.get(status, "")


def called(product: Product) -> str:
    """The product's name, safe within Markdown."""
    return plain(name_of(product["name"], product["name_en"]))


def packed(product: Product, pieces: float) -> str:
    """A quantity of the product as cases and pieces."""
    return quantity(pieces, int(product["pack_size"]), piece=product["unit"])


def whole_cases(product: Product, pieces: float) -> str:
    """A quantity in cases where it fills one, else in pieces: nobody moves a third of a case."""
    pack = int(product["pack_size"])
    if pack == 1 or abs(pieces) < pack:
        return units(round(pieces), product["unit"])
    return units(round(pieces / pack), "case")


def over(products: pd.DataFrame, facts: StockFacts) -> pd.Series:
    """Base units above the most that is normal; all of what does not sell."""
    rest = products["on_hand"] - (products["rate"] * facts.max_days).fillna(0.0)
    return rest.clip(lower=0).where(products["status"].isin(["excess", "dead"]), 0.0)


def sentence(facts: StockFacts, currency: str) -> str:
    """What can be read out to the distributor: counts, the worst case and its number, as Markdown."""
    judged = facts.judged
    said = [_strong(_lack(facts)), _worst(facts)]
    negative = judged[judged["status"] == "negative"]
    if len(negative):
        said.insert(
            0,
            n_(
                ":red[**{product} has less than nothing: count again.**]",
                ":red[**{count} products have less than nothing, first of all {product}: count again.**]",
                len(negative),
            ).format(count=len(negative), product=called(negative.iloc[0].to_dict())),
        )
    said += [_excess(facts, currency), _expiring(facts)]
    return sentences(*said)


def _strong(text: str) -> str:
    """A sentence in bold; a Chinese full stop stands behind the marks, or they would not end before a word."""
    return f"**{text[:-1]}**。" if text.endswith("。") else f"**{text}**"


def _lack(facts: StockFacts) -> str:
    judged = facts.judged
    missing = int((judged["status"] == "out").sum())
    before = int((judged["on_hand"].gt(0) & judged["days_of_supply"].lt(_wait(facts))).sum())
    short = int((judged["status"] == "short").sum()) - before
    if not missing:
        lasts = _not_lasting(facts, before, short)
        if lasts:
            return lasts
    elif before and facts.delivery is not None:
        out = n_("{count} product is out", "{count} products are out", missing).format(count=missing)
        return _("{what}, and {count} will not last until the delivery on {date}.").format(
            what=out, count=before, date=day(facts.delivery.on, facts.on)
        )
    elif short:
        out = n_("{count} product is out", "{count} products are out", missing).format(count=missing)
        return _("{what}, and {count} short (under {days}).").format(
            what=out, count=short, days=days(facts.min_days)
        )
    else:
        return n_("{count} product is out.", "{count} products are out.", missing).format(count=missing)
    if facts.delivery is None:
        return _("Nothing is out or short.")
    return _("Everything lasts until the delivery on {date}.").format(date=day(facts.delivery.on, facts.on))


def _not_lasting(facts: StockFacts, before: int, short: int) -> str:
    if before and facts.delivery is not None:
        return n_(
            "{count} product will not last until the delivery on {date}.",
            "{count} products will not last until the delivery on {date}.",
            before,
        ).format(count=before, date=day(facts.delivery.on, facts.on))
    if short:
        return n_(
            "{count} product is short (under {days}).", "{count} products are short (under {days}).", short
        ).format(count=short, days=days(facts.min_days))
    return ""


def _wait(facts: StockFacts) -> int:
    return 0 if facts.delivery is None else (facts.delivery.on - facts.on).days


def _worst(facts: StockFacts) -> str:
    """The product that lacks most: out and selling best, else the one with the fewest days."""
    lacking = facts.judged[facts.judged["status"].isin(["out", "short"])]
    if lacking.empty:
        return ""
    sold = lacking["rate"] * lacking["price"].fillna(0.0)
    first = lacking.iloc[np.lexsort((-sold, lacking["days_of_supply"]))[0]].to_dict()
    if first["status"] == "out":
        week = whole_cases(first, first["rate"] * 7)
        return _("First of all {product}: nothing left, {quantity} sold a week.").format(
            product=called(first), quantity=week
        )
    return _("First of all {product}: {days}.").format(
        product=called(first), days=days(first["days_of_supply"])
    )


def _excess(facts: StockFacts, currency: str) -> str:
    judged = facts.judged
    much = over(judged, facts)
    count = int((much > 0).sum())
    if not count:
        return ""
    judged = judged.assign(on_hand=much, value=much * judged["price"])[much > 0]
    return n_("{count} is overstocked ({amount}).", "{count} are overstocked ({amount}).", count).format(
        count=count, amount=worth_words(judged, currency)
    )


def worth_words(products: pd.DataFrame, currency: str) -> str:
    """What some stock is worth, and at least so where some of it has no price; without any price how much it is.

    Args:
        products: Rows with `on_hand` (base units), `value` (currency units, NaN without a price), `pack_size` and
            `unit`.
        currency: Code of ISO 4217.
    """
    value = products["value"]
    if value.isna().all():
        return _together(products)
    worth = amount(float(value.sum()), currency)
    return _("at least {figure}").format(figure=worth) if value.isna().any() else worth


def _together(products: pd.DataFrame) -> str:
    if (products["pack_size"] == 1).all():
        kinds = products["unit"].unique()
        return units(round(products["on_hand"].sum()), kinds[0] if len(kinds) == 1 else "piece")
    return units(round((products["on_hand"] / products["pack_size"]).sum()), "case")


def _expiring(facts: StockFacts) -> str:
    lots = int((facts.lots["at_risk"] > 0).sum())
    if not lots:
        return ""
    return n_(
        "{quantity} in {count} lot will not sell before expiry.",
        "{quantity} in {count} lots will not sell before expiry.",
        lots,
    ).format(quantity=units(cases_at_risk(facts), "case"), count=lots)


def cases_at_risk(facts: StockFacts) -> float:
    """What will not sell before its date, in cases; NaN where no lot has a date or a known pace."""
    own = facts.own
    return float(np.ceil((own["at_risk"] / own["pack_size"]).sum(min_count=1)))


def change_words(facts: StockFacts, currency: str) -> str:
    """What changed since the last count, as Markdown; empty where there is nothing to compare."""
    changed = facts.change
    if changed.empty:
        return ""
    counts = changed["kind"].value_counts()
    words = {
        "down": n_("{count} down", "{count} down", int(counts.get("down", 0))),
        "up": n_("{count} up", "{count} up", int(counts.get("up", 0))),
        "same": n_("{count} unchanged", "{count} unchanged", int(counts.get("same", 0))),
        "new": n_("{count} new", "{count} new", int(counts.get("new", 0))),
        "gone": n_("{count} gone", "{count} gone", int(counts.get("gone", 0))),
    }
    parts = [text.format(count=int(counts[kind])) for kind, text in words.items() if counts.get(kind, 0)]
    if not parts:
        return ""
    since = day(facts.own["last_on"].max().date(), facts.on)
    said = _("**Since {date}:** {changes}.").format(date=since, changes=listed(parts))
    worth = changed["worth"][changed["kind"].isin(["up", "down"])].dropna()
    if len(worth):
        most = str(worth.abs().idxmax())
        product, moved = facts.table.loc[most].to_dict(), float(changed["change"][most])
        most_in_value = _("Most in value: {product} {change}; in all {amount}.").format(
            product=called(product),
            change=("+" if moved > 0 else "") + packed(product, moved),
            amount=amount(float(worth.sum()), currency, sign=True),
        )
        said = sentences(said, most_in_value)
    return said


def ratio_missing(facts: StockFacts) -> str:
    """Why there is no stock-to-sales ratio."""
    told = facts.own[facts.own["on_hand"].notna() & facts.own["month"].notna()]
    if told.empty:
        return _("no sales told")
    return _("nothing sold") if told["price"].notna().any() else _("no purchase prices")


def sell_down_words(product: Product, facts: StockFacts) -> str:
    """How much is too much, when it is gone at this pace, and what could be done."""
    much, rate = float(product["over"]), float(product["rate"])
    parts = []
    if product["status"] == "dead":
        parts.append(
            _("{quantity}, not sold in 8 weeks").format(quantity=packed(product, product["on_hand"]))
        )
        parts.append(_("idea: move it to a shop that sells it, or take it back"))
        return " · ".join(parts)
    if much > 0:
        gone = facts.on + timedelta(days=int(np.ceil(product["days_of_supply"])))
        text = _("{quantity} over {days}, gone by {date} at {rate} a week")
        parts.append(
            text.format(
                quantity=whole_cases(product, much),
                days=days(facts.max_days),
                date=day(gone, facts.on),
                rate=whole_cases(product, rate * 7),
            )
        )
    if product["at_risk"] > 0:
        parts.append(_hurry(product, facts))
    elif much > 0:
        until = facts.on + timedelta(days=int(product["days_of_supply"] - facts.max_days))
        parts.append(_("idea: order none before {date}").format(date=day(until, facts.on)))
    return " · ".join(parts)


def _hurry(product: Product, facts: StockFacts) -> str:
    """The pace that would sell every lot in time, beside today's."""
    lots = facts.lots[(facts.lots["product_id"] == product["id"]) & (facts.lots["days_left"] > 0)]
    if lots.empty or is_missing(product["rate"]):
        return _("idea: take out what has expired, exchange or destroy it together")
    needed = (lots["quantity"].cumsum() / lots["days_left"]).max()
    if needed > MOST_PUSH * product["rate"]:
        return _("idea: exchange it or give it away now, no promotion sells this in time")
    return _("idea: a promotion; in time needs {needed} a week, now {rate}").format(
        needed=whole_cases(product, needed * 7), rate=whole_cases(product, product["rate"] * 7)
    )


def age_words(on: date, today: date) -> str:
    """How old a count is."""
    return n_("{count} day old", "{count} days old", (today - on).days).format(count=(today - on).days)
