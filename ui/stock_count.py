"""Counting on the pad: its rows with what should be there, and what each count says of the sales."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core.inventory import derived_sales
from data.entry_fields import COUNT_FIELDS
from data.entry_projections import expiry_of
from data.entry_rows import ConflictRow, ValueRow
from data.visit_steps import begin_step
from language import _, current, p_
from language.calendar import day, time
from language.formats import quantity
from language.words import word
from ui import saving
from ui.elements import Conflict, Field, Lot, Row, Value, pad, written_rows
from ui.elements.pad import NOTHING
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS
from ui.names import name_of
from ui.stock_counted import SKIPPED, Counted, read_counted
from ui.stock_facts import StockFacts
from ui.visit_frame import VisitPage


def source_asked() -> str:
    """Where the counts of competitors' products are from: the distributor tells them more often than not."""
    sources = ("told", "counted", "read", "estimated")
    return str(
        st.selectbox(
            _("Source"),
            sources,
            key="stock_source",
            format_func=lambda code: word("stock_count.source", code),
        )
    )


@st.fragment
def draw_count(page: VisitPage, facts: StockFacts, *, own: bool, source: str, search: str) -> None:
    """The pad, drawn by itself: each confirmation redraws the pad and not the page.

    Args:
        page: The visit.
        facts: What should be there.
        own: Our products, or the competitors'.
        source: Where the counts to come are from.
        search: Words of the products looked for.
    """
    counted = read_counted(page)
    if counted.values and page.is_editable and page.steps["stock"].state == "open":
        saving.save(begin_step, page.visit.id, "stock")
    saved = counted.saved_at
    pad(
        _written(
            facts.name,
            counted.name,
            own,
            current(),
            page.today,
            page.company.blind_counts,
            page,
            facts,
            counted,
        ),
        [
            Field("cases", _("cases"), "case", short=p_("after a figure", "c"), holds="pack"),
            Field("pieces", _("pieces"), "piece", short=p_("after a figure", "p"), holds="piece"),
        ],
        kind="count",
        label=_("Stock") if own else _("Competitors' stock"),
        visit=page.visit.id,
        user=page.actor.user_id,
        source=source,
        key="stock_pad_own" if own else "stock_pad_rivals",
        search=search,
        blind=page.company.blind_counts,
        saved_at=time(saved, page.company.time_zone) if saved else page.saved_at,
        acknowledged=[value.version for value in counted.values.values()],
    )


# What most touches change is none of it, and three hundred rows take as long to make as all the rest of the screen.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _written(
    facts_name: str,
    counted_name: str,
    own: bool,
    spoken: str,
    today: date,
    blind: bool,
    _page: VisitPage,
    _facts: StockFacts,
    _counted: Counted,
) -> str:
    """The rows of the pad, remembered by all that they are made of, the language included."""
    return written_rows(count_rows(_page, _facts, _counted, own=own))


class Shelved(NamedTuple):
    """A product as the pad's words need it, in values that a memory can be asked by: nothing is a NaN here."""

    pack_size: int
    unit: str
    expected: float | None
    last: float | None
    last_on: date | None


def count_rows(page: VisitPage, facts: StockFacts, counted: Counted, *, own: bool) -> Iterator[Row]:
    """The rows of the pad in shelf order."""
    columns = ["name", "name_en", "keeps_lots", *Shelved._fields, "received", "returned", "sold"]
    products = facts.table.loc[facts.table["is_own"] == own, columns]
    lots, held = _lots(facts), _held(facts)
    entered = _by_product(counted)
    sold = {} if page.company.blind_counts else _sold_by_counts(products, entered)
    said = partial(_words, current(), page.today, page.company.blind_counts)
    named = (products[column].to_list() for column in columns[:3])
    for id_, of, name, name_en, keeps_lots in zip(
        products.index.to_list(), _shelved(products), *named, strict=True
    ):
        known = dict(lots.get(id_, {}))
        for value in entered.get(id_, []):
            if value.lot:
                known.setdefault(value.lot, _lot_words(value.lot, expiry_of(value.lot)))
        skipped = counted.values.get((id_, "", SKIPPED))
        second, hint = said(of)
        yield Row(
            id=id_,
            name=name_of(name, name_en),
            second=second,
            hint=hint if id_ not in sold else " · ".join(filter(None, (hint, _sold_words(sold[id_], of)))),
            values=_values(counted, held, id_, "", of.pack_size),
            expected=_expected(of),
            pack=of.pack_size,
            keeps_lots=bool(keeps_lots) or bool(known),
            lots=[
                Lot(lot, label, _values(counted, held, id_, lot, of.pack_size))
                for lot, label in sorted(known.items(), key=_first_expired_first)
            ],
            skipped=Value(skipped.value == "yes", skipped.version) if skipped else NOTHING,
            conflicts=[_conflict(row) for row in counted.conflicts.get(id_, [])],
        )


def _by_product(counted: Counted) -> dict[str, list[ValueRow]]:
    entered: dict[str, list[ValueRow]] = {}
    for value in counted.values.values():
        entered.setdefault(value.row, []).append(value)
    return entered


def _shelved(products: pd.DataFrame) -> Iterator[Shelved]:
    columns = (products[name].to_list() for name in Shelved._fields)
    for pack, unit, expected, last, last_on in zip(*columns, strict=True):
        yield Shelved(
            int(pack),
            unit,
            None if expected != expected else expected,
            None if last != last else last,
            None if last_on != last_on else last_on.date(),
        )


def _lots(facts: StockFacts) -> dict[str, dict[str, str]]:
    """By product the lots that were there last time or stand in this count, with their words."""
    last = facts.before[facts.before["quantity"] > 0]
    found: dict[str, dict[str, str]] = {}
    for rows in (last, facts.counted):
        days = (None if on != on else on.date() for on in rows["expires_on"].to_list())
        for id_, lot, on in zip(rows["product_id"].to_list(), rows["lot"].to_list(), days, strict=True):
            known = found.setdefault(id_, {})
            if lot and lot not in known:
                known[lot] = _lot_words(lot, on)
    return found


def _first_expired_first(lot: tuple[str, str]) -> tuple[str, str, str]:
    """Lots by year and month of their words, MM/YY."""
    code, words = lot
    return words[3:5], words[:2], code


@lru_cache(maxsize=4096)
def _lot_words(lot: str, expires_on: date | None) -> str:
    """A lot as month and year of its date, with its code where it has another than the month."""
    if expires_on is None:
        return lot
    month = f"{expires_on:%m/%y}"
    return month if lot == f"{expires_on:%Y-%m}" else f"{month} · {lot}"


def _held(facts: StockFacts) -> dict[tuple[str, str], float]:
    """Counts of the day that no tablet has entered: loaded from a file."""
    rows = facts.counted[facts.counted["quantity"].notna()]
    keys = zip(rows["product_id"].to_list(), rows["lot"].to_list(), strict=True)
    return dict(zip(keys, rows["quantity"].to_list(), strict=True))


def _values(
    counted: Counted, held: Mapping[tuple[str, str], float], product_id: str, lot: str, pack: int
) -> dict[str, Value]:
    entered = {of: counted.number(product_id, lot, of) for of in ("cases", "pieces")}
    loaded = held.get((product_id, lot))
    if loaded is None or any(value.version for value in entered.values()):
        return entered
    cases, pieces = divmod(loaded, pack)
    return {"cases": Value(cases), "pieces": Value(pieces)}


def _expected(product: Shelved) -> int | None:
    """What should be there; unknown where the figures contradict each other."""
    expected = product.expected
    return None if expected is None or expected < 0 else round(expected)


# Every touch draws hundreds of products whose words have not changed. They are remembered by all that they are
# made of, the language included, so that none can outlive its figures.
@lru_cache(maxsize=8192)
def _words(spoken: str, today: date, blind: bool, product: Shelved) -> tuple[str, str]:
    """A product's second line, and the hint while it is open but for what the count says of its sales."""
    pack, unit = product.pack_size, product.unit
    last = "" if product.last is None else quantity(product.last, pack, piece=unit)
    expected = _expected(product)
    if product.expected is not None and product.expected < 0:
        second = _("more sold than there was: check")
    elif expected is not None:
        second = _("expected {quantity}").format(quantity=quantity(expected, pack, piece=unit))
    elif last:
        second = _("last {quantity}").format(quantity=last)
    else:
        second = _("never counted here")
    parts = []
    if last and not blind:
        on = day(product.last_on, today)
        parts.append(_("last {quantity} on {date}").format(quantity=last, date=on))
    if pack > 1:
        parts.append(_("{count} a case").format(count=pack))
    return second, " · ".join(parts)


def _sold_by_counts(products: pd.DataFrame, entered: Mapping[str, list[ValueRow]]) -> dict[str, float]:
    """What must have been sold since the last count, where the distributor tells nothing of it."""
    asked = products[products["received"].notna() & products["sold"].isna()]
    if asked.empty:
        return {}
    packs = zip(asked.index, asked["pack_size"].to_list(), strict=True)
    counts = {id_: _pieces(entered.get(id_, []), int(pack)) for id_, pack in packs}
    now = pd.Series(counts, dtype="float64").dropna()
    then = asked.loc[now.index]
    sold = derived_sales(then["last"], then["received"], then["returned"], now)
    return dict(zip(now.index, np.atleast_1d(sold).tolist(), strict=True))


def _pieces(entered: list[ValueRow], pack: int) -> float | None:
    """What was counted of a product, all its lots; `None` where nothing was."""
    pieces = [
        float(row.value) * (pack if row.field == "cases" else 1)
        for row in entered
        if row.field in COUNT_FIELDS and row.value is not None
    ]
    return sum(pieces) if pieces else None


def _sold_words(sold: float, product: Shelved) -> str:
    if sold < 0:
        return _("more than came: count again")
    told = quantity(sold, product.pack_size, piece=product.unit)
    return _("sold since then {quantity} (estimated)").format(quantity=told)


def _conflict(row: ConflictRow) -> Conflict:
    return Conflict(
        field=row.field,
        lot=row.lot or None,
        value=None if row.value is None else float(row.value),
        version=row.version,
        by=name_of(row.by, row.by_en),
        proposed=None if row.proposed is None else float(row.proposed),
        proposed_by=name_of(row.proposed_by, row.proposed_by_en),
    )
