"""Entering prices on the pad: what stays above it, and its rows with what each price is compared with."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache, partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from data.entry_rows import ConflictRow
from data.tables.base import SOURCES
from language import _, current, n_
from language.calendar import day
from language.formats import is_missing, price
from language.words import word
from ui.elements import Conflict, Field, Row, Value, pad, written_rows
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS
from ui.names import name_of
from ui.price_facts import MIN_PEERS, Entered, PriceFacts
from ui.visit_frame import VisitPage

Who = Literal["own", "rivals"]
UNITS = ("case", "piece")
TYPED_SOURCES = tuple(source for source in SOURCES if source != "imported")
DECIMALS = 2
LARGEST_PRICE = 99_999
NOTHING = Value()


def kept_choice(name: str, otherwise: str) -> str:
    """A choice of this session that outlives the view in which it is made."""
    return str(st.session_state.get(f"{name}_kept", otherwise))


def _select(column: Any, label: str, name: str, words: dict[str, str], otherwise: str) -> str:
    def keep() -> None:
        st.session_state[f"{name}_kept"] = st.session_state[name]

    codes = list(words)
    chosen = column.selectbox(
        label,
        codes,
        index=codes.index(kept_choice(name, otherwise)),
        key=name,
        format_func=lambda code: _("{what}: {choice}").format(what=label, choice=words[code]),
        label_visibility="collapsed",
        on_change=keep,
    )
    return str(chosen)


def unit_shown() -> str:
    """The unit in which selling prices are entered and shown."""
    return kept_choice("price_unit", "case")


def draw_pad(page: VisitPage, facts: PriceFacts, entered: Entered, who: Who, sign: str) -> None:
    """The row that stays (source, unit, search) and the pad.

    Args:
        page: The visit.
        facts: What prices are compared with.
        entered: What stands in the visit already.
        who: Whose products: ours or the competitors'.
        sign: The currency's sign, for the units of the choice.
    """
    left, middle, right = st.columns([1.3, 0.85, 1], gap="small")
    sources = {code: word("price_observation.source", code) for code in TYPED_SOURCES}
    source = _select(left, _("Source"), "price_source", sources, "read")
    units = {code: f"{sign}/{word('price_observation.unit', code)}" for code in UNITS}
    unit = _select(middle, _("Unit"), "price_unit", units, "case")
    search = right.text_input(
        _("Find a product"),
        key="price_search",
        placeholder=_("Find a product"),
        icon=":material/search:",
        label_visibility="collapsed",
    )
    a_unit, a_piece = (word("price_observation.unit", code) for code in (unit, "piece"))
    fields = [
        Field(
            "selling",
            _("Selling/{unit}").format(unit=a_unit),
            unit,
            next=_("Selling"),
            decimals=DECIMALS,
            maximum=LARGEST_PRICE,
        ),
        Field(
            "retail",
            _("Retail/{unit}").format(unit=a_piece),
            "piece",
            next=_("Retail"),
            decimals=DECIMALS,
            maximum=LARGEST_PRICE,
        ),
    ]
    pad(
        _written(facts.name, entered.name, who, unit, current(), page.today, facts, entered, page),
        fields,
        kind="prices",
        label=_("Prices") if who == "own" else _("Competitors' prices"),
        visit=page.visit.id,
        user=page.actor.user_id,
        source=source,
        key=f"price_pad_{who}",
        search=search,
        tolerance=page.company.price_threshold,
        saved_at=page.saved_at,
        acknowledged=[value.version for value in entered.values.values()],
    )


# What most touches change is none of it, and three hundred rows take as long to make as all the rest of the screen.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _written(
    facts_name: str,
    entered_name: str,
    who: Who,
    unit: str,
    spoken: str,
    today: date,
    _facts: PriceFacts,
    _entered: Entered,
    _page: VisitPage,
) -> str:
    """The rows of the pad, remembered by all that they are made of, the language included."""
    return written_rows(pad_rows(_facts, _entered, who, unit, _page))


def pad_rows(facts: PriceFacts, entered: Entered, who: Who, unit: str, page: VisitPage) -> Iterator[Row]:
    """The rows of the pad in shelf order, each with its last price and what it is held against."""
    last = _last_before(facts.seen, page.visit.planned_on)
    conflicts: dict[str, list[ConflictRow]] = {}
    for conflict in entered.conflicts:
        conflicts.setdefault(conflict.row, []).append(conflict)
    market = facts.market.to_dict("index")
    of_name = {id_: name_of(*pair) for id_, *pair in facts.names[["name", "name_en"]].itertuples(name=None)}
    names = facts.names.loc[facts.names["is_own"] == (who == "own"), ["pack_size", "rivals_product_id"]]
    ours = facts.own["price"].to_dict()
    said = partial(_last_words, current())
    for id_, pack, rivals_product in names.itertuples(name=None):
        pieces = pack if unit == "case" else 1
        told = [_said(entered, id_, "selling", pieces, pack), _said(entered, id_, "retail", 1, pack)]
        before = [_past(last.get((id_, "selling")), pieces), _past(last.get((id_, "retail")), 1)]
        if who == "own":
            held, beside, count = _market(market.get(id_), pieces)
        else:
            held, count = None, ""
            beside = _ours(ours, rivals_product, pieces, of_name)
        second = _joined(said(*before[0]), beside)
        hint = _joined(said(*before[0], page.today), beside + count)
        skipped = entered.values.get((id_, "price_skipped"))
        yield Row(
            id=id_,
            name=of_name[id_],
            second=second,
            values={
                "selling": Value(*told[0], last=before[0][0], market=held, hint=hint),
                "retail": Value(*told[1], last=before[1][0], hint=said(*before[1], page.today)),
            },
            pack=pack,
            skipped=Value(skipped.value == "yes", skipped.version) if skipped else NOTHING,
            conflicts=[_conflict(conflict) for conflict in conflicts.get(id_, [])],
        )


def _said(
    entered: Entered, product_id: str, field: str, pieces: int, pack: int
) -> tuple[float | None, str | None]:
    """The visit's own value in the field's unit, and its version."""
    value = entered.values.get((product_id, field))
    if value is None:
        return None, None
    if value.value is None:
        return None, value.version
    of = pack if value.unit == "case" else 1
    return _rounded(float(value.value), of, pieces), value.version


def _rounded(amount: float, of: int, pieces: int) -> float:
    """An amount for `of` pieces as one for `pieces`; as it was typed where the unit is the same."""
    return amount if of == pieces else round(amount / of * pieces, DECIMALS)


def _last_before(seen: pd.DataFrame, on: date) -> dict[tuple[str, str], tuple[float, int, date]]:
    """By product and kind the last price before a day: amount, the pieces it was for, when."""
    earlier = seen[seen["observed_on"] < pd.Timestamp(on)].sort_values("newest", ascending=False)
    of = earlier["pack_size"].where(earlier["unit"] == "case", 1)
    facts = zip(earlier["amount"], of, earlier["observed_on"].dt.date, strict=True)
    return dict(zip(zip(earlier["product_id"], earlier["kind"], strict=True), facts, strict=True))


def _past(last: tuple[float, int, date] | None, pieces: int) -> tuple[float | None, date | None]:
    if last is None:
        return None, None
    amount, of, on = last
    return _rounded(amount, of, pieces), on


# Remembered by all that they are made of, the language included: hundreds are the same at every touch.
@lru_cache(maxsize=8192)
def _last_words(spoken: str, amount: float | None, on: date | None, today: date | None = None) -> str:
    if amount is None:
        return ""
    if today is None:
        return _("last {price}").format(price=price(amount))
    return _("last {date} {price}").format(date=day(on, today), price=price(amount))


def _market(market: dict[Any, Any] | None, pieces: int) -> tuple[float | None, str, str]:
    """The market's median in the field's unit, in words, and of how many others; too few are no market."""
    others = 0 if market is None or is_missing(market["others"]) else int(market["others"])
    if market is None or others < MIN_PEERS:
        return None, _("too few others ({count})").format(count=others), ""
    median = round(market["median"] * pieces, DECIMALS)
    return median, *_market_words(current(), median, others)


@lru_cache(maxsize=4096)
def _market_words(spoken: str, median: float, others: int) -> tuple[str, str]:
    count = n_(" ({count} other)", " ({count} others)", others).format(count=others)
    return _("market {price}").format(price=price(median)), count


def _ours(prices: dict[Any, float], product_id: Any, pieces: int, names: dict[Any, str]) -> str:
    """Our product that a competitor's competes with, and its price here: no bound to be held to."""
    if product_id not in names:
        return ""
    known = prices.get(product_id)
    if known is None:
        return _("against {product}").format(product=names[product_id])
    ours = price(known * pieces)
    return _("against {product} {price}").format(product=names[product_id], price=ours)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _conflict(row: ConflictRow) -> Conflict:
    return Conflict(
        field=row.field,
        value=None if row.value is None else float(row.value),
        version=row.version,
        by=name_of(row.by, row.by_en),
        proposed=None if row.proposed is None else float(row.proposed),
        proposed_by=name_of(row.proposed_by, row.proposed_by_en),
    )
