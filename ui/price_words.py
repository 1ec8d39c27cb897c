"""Prices in words: the sentence to read out, why a product stands out and what to ask, what a rival did."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from language import _, n_
from language.calendar import day
from language.formats import MISSING, is_missing, percent, price, sentences
from language.words import word
from ui.markup import plain
from ui.names import name_of
from ui.price_facts import MIN_PEERS, THIN_MARGIN, PriceFacts

Product = Mapping[Any, Any]
"""A row of `PriceFacts.own`."""


def sentence(facts: PriceFacts, unit: str) -> str:
    """What can be read out to the distributor: a count, the worst case and its number, as Markdown."""
    own = facts.own
    if own.empty:
        return _("**No price is known yet.** Enter the first one.")
    low, high = own[own["market"] == "low"], own[own["market"] == "high"]
    lost = own[own["inverted"]]
    if not low.empty:
        said = n_(
            "**{few} of {count} products sells below the market.**",
            "**{few} of {count} products sell below the market.**",
            len(low),
        ).format(few=len(low), count=len(own))
        worst = low.sort_values("deviation").iloc[0].to_dict()
        said = sentences(said, _lowest(worst, unit))
    elif not high.empty:
        said = n_(
            "**{few} of {count} products sells above the market, none below.**",
            "**{few} of {count} products sell above the market, none below.**",
            len(high),
        ).format(few=len(high), count=len(own))
    elif (own["market"] == "normal").any():
        said = n_(
            "**The one product with a price sells near the market.**",
            "**None of {count} products stands apart from the market.**",
            len(own),
        ).format(count=len(own))
    else:
        said = _("**Too few other distributors' prices are known to compare.**")
    if not lost.empty and (low.empty or not low.sort_values("deviation").iloc[0]["inverted"]):
        first = lost.iloc[0]
        text = n_(
            "The price of {product} is inverted.",
            "The prices of {count} products are inverted, first of all {product}.",
            len(lost),
        )
        product = plain(name_of(first["name"], first["name_en"]))
        said = sentences(said, text.format(product=product, count=len(lost)))
    return said if facts.has_policy else sentences(said, _("No price policy is set here."))


def _lowest(worst: Product, unit: str) -> str:
    pieces = _pieces(worst, unit)
    facts = {
        "product": plain(name_of(worst["name"], worst["name_en"])),
        "price": price(worst["price"] * pieces),
        "share": percent(-worst["deviation"]),
        "median": price(worst["median"] * pieces),
        "others": int(worst["peers"]),
        "purchase": price(worst["purchase_price"] * pieces),
    }
    if worst["chain"] == "below_cost":
        return _(
            "The lowest is {product}: {price}, which is {share} under the median {median} of the market"
            " ({others} others) and below its purchase price {purchase}."
        ).format(**facts)
    return _(
        "The lowest is {product}: {price}, which is {share} under the median {median} of the market"
        " ({others} others)."
    ).format(**facts)


def reasons(product: Product, unit: str, threshold: float, today: date) -> str:
    """Why a product stands out, each with its threshold, then what to ask."""
    pieces = _pieces(product, unit)
    found = [*_chain_reasons(product, pieces), *_market_reasons(product, threshold)]
    if product["policy"] == "below":
        found.append(
            _("below the price policy's {price}").format(price=price(product["policy_low"] * pieces))
        )
    if product["policy"] == "above":
        found.append(
            _("above the price policy's {price}").format(price=price(product["policy_high"] * pieces))
        )
    found += _history_reasons(product, pieces, today)
    return _("{reasons}. {ask}").format(reasons=_("; ").join(found), ask=_ask(product))


def _chain_reasons(product: Product, pieces: float) -> list[str]:
    found = []
    if product["chain"] == "below_cost":
        lost = price((product["purchase_price"] - product["price"]) * pieces)
        found.append(_("inverted: {amount} below the purchase price").format(amount=lost))
    if product["retail_price"] < product["price"]:
        found.append(
            _("inverted: retail {retail} below selling {selling} a piece").format(
                retail=price(product["retail_price"]), selling=price(product["price"])
            )
        )
    if product["chain"] == "thin":
        found.append(
            _("margin {margin}, floor {floor}").format(
                margin=percent(product["margin"]), floor=percent(THIN_MARGIN, 0)
            )
        )
    return found


def _market_reasons(product: Product, threshold: float) -> list[str]:
    if product["market"] not in ("low", "high"):
        return []
    share, line = percent(abs(product["deviation"])), percent(threshold, 0)
    count = int(product["peers"]) + 1
    if product["market"] == "low":
        found = [_("{share} below the market (threshold {line})").format(share=share, line=line)]
        if product["price"] == product["low"]:
            found.append(_("lowest of {count}").format(count=count))
        return found
    found = [_("{share} above the market (threshold {line})").format(share=share, line=line)]
    if product["price"] == product["high"]:
        found.append(_("highest of {count}").format(count=count))
    return found


def _history_reasons(product: Product, pieces: float, today: date) -> list[str]:
    if is_missing(product["previous_price"]):
        return []
    before = price(product["previous_price"] * pieces)
    on = day(product["previous_date"].date(), today)
    change = round(product["change"] * pieces, 4)
    if change < 0:
        return [
            _("down {change} from {price} on {date}").format(change=price(-change), price=before, date=on)
        ]
    if change > 0:
        return [_("up {change} from {price} on {date}").format(change=price(change), price=before, date=on)]
    return []


def moved_words(change: float) -> str:
    """How a price moved since the last one seen here, as short as a list has room for; nothing at the first price."""
    if is_missing(change):
        return ""
    moved = round(change, 2 if abs(change) < 10 else 1)
    return "=" if not moved else ("↑" if moved > 0 else "↓") + price(abs(moved))


def previous_words(product: Product, unit: str, today: date) -> str:
    """The price seen here before, with its day."""
    if is_missing(product["previous_price"]):
        return MISSING
    return _("{price}, {date}").format(
        price=price(product["previous_price"] * _pieces(product, unit)),
        date=day(product["previous_date"].date(), today),
    )


def _ask(product: Product) -> str:
    if product["inverted"] or product["state"] == "low":
        if product["retail_price"] < product["price"]:
            return _("Ask who pays the difference.")
        return _("Ask: clearing stock, or goods from another territory?")
    return _("Ask: short of goods, or more service for the price?")


def seen_words(product: Product, today: date) -> str:
    """Where a price is from and of which day."""
    return _("{source}, {date}").format(
        source=word("price_observation.source", product["source"]),
        date=day(product["observed_on"].date(), today),
    )


def market_words(product: Product, unit: str) -> str:
    """The market beside a price, or why there is none."""
    if is_missing(product["peers"]):
        return _("too old to compare")
    if product["peers"] < MIN_PEERS:
        return _("too few ({count})").format(count=int(product["peers"]))
    return _("market {price}").format(price=price(product["median"] * _pieces(product, unit)))


def rival_words(rival: Product, unit: str, today: date) -> str:
    """What a competitor's price did since last time, and how far it is from ours."""
    pieces = _pieces(rival, unit)
    parts = []
    if is_missing(rival["moved"]):
        parts.append(_("first price"))
    elif round(rival["moved"], 6) == 0:
        on = day(rival["previous_observed_on"].date(), today)
        parts.append(_("unchanged since {date}").format(date=on))
    else:
        moved = {
            "change": price(abs(rival["moved"]) * pieces),
            "date": day(rival["previous_observed_on"].date(), today),
        }
        down = rival["moved"] < 0
        parts.append(
            (_("down {change} since {date}") if down else _("up {change} since {date}")).format(**moved)
        )
    if not is_missing(rival["gap"]):
        gap = round(rival["gap"] * pieces, 6)
        index = {"gap": price(abs(gap)), "index": f"{rival['price_index']:.0f}"}
        parts.append(
            _("we are {gap} dearer (index {index})").format(**index)
            if gap > 0
            else _("we are {gap} cheaper (index {index})").format(**index)
            if gap < 0
            else _("same price as ours")
        )
    return _("; ").join(parts)


def rivals_sentence(rivals: pd.DataFrame, asked: int, unit: str, visit_id: str) -> str:
    """How many competitors' prices moved, the one that moved most, and whether the manager hears of it."""
    moved = rivals[rivals["moved"].abs() > 0]
    if rivals.empty:
        return _("**No competitor's price is known yet.**")
    if moved.empty:
        return _("**No competitor's price has moved since last time.**")
    most = moved.iloc[0].to_dict()
    facts = {
        "product": plain(name_of(most["name"], most["name_en"])),
        "change": price(abs(most["moved"]) * _pieces(most, unit)),
        "price": price(most["price"] * _pieces(most, unit)),
    }
    said = _("**{few} of {count} competitors' prices moved.**").format(few=len(moved), count=asked)
    how = (
        _("{product} fell {change} to {price}.")
        if most["moved"] < 0
        else _("{product} rose {change} to {price}.")
    )
    told = _("Your manager is told.") if (moved["visit_id"] == visit_id).any() else ""
    return sentences(said, how.format(**facts), told)


def _pieces(product: Product, unit: str) -> int:
    return int(product["pack_size"]) if unit == "case" else 1
