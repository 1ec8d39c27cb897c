"""Counting on the pad: its rows with what should be there, and what each count says of the sales."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.inventory import derived_sales
from data.database import database
from data.engine import reading
from data.entries import conflicts_of, current_values
from data.entry_fields import COUNT_FIELDS
from data.entry_projections import expiry_of
from data.entry_rows import ConflictRow, ValueRow
from data.visit_steps import begin_step
from language import _, p_
from language.calendar import day, time
from language.formats import is_missing, quantity
from language.words import word
from ui import saving
from ui.current_user import me
from ui.elements import Conflict, Field, Lot, Row, Value, pad
from ui.names import name_of
from ui.stock_facts import StockFacts
from ui.visit_frame import VisitPage

SKIPPED = "stock_skipped"
FIELDS = COUNT_FIELDS | {SKIPPED}
Product = Mapping[Any, Any]


@dataclass(frozen=True)
class Counted:
    """The visit's own entries by (product, lot, field), and pairs of values that wait for a choice."""

    values: Mapping[tuple[str, str, str], ValueRow]
    conflicts: Mapping[str, list[ConflictRow]]

    @property
    def saved_at(self) -> datetime | None:
        """When the database last confirmed a count."""
        return max((value.saved_at for value in self.values.values()), default=None)

    def number(self, product_id: str, lot: str, field: str) -> Value:
        """A value as the pad takes it."""
        row = self.values.get((product_id, lot, field))
        if row is None:
            return Value()
        return Value(None if row.value is None else float(row.value), row.version)


def read_counted(page: VisitPage) -> Counted:
    """What the tablets have counted in this visit."""
    actor = me().actor
    with reading(database()) as session:
        values = current_values(session, actor, page.visit.id)
        waiting = conflicts_of(session, actor, page.visit.id)
    conflicts: dict[str, list[ConflictRow]] = {}
    for row in waiting:
        if row.field in COUNT_FIELDS:
            conflicts.setdefault(row.row, []).append(row)
    return Counted({(v.row, v.lot, v.field): v for v in values if v.field in FIELDS}, conflicts)


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
        list(count_rows(page, facts, counted, own=own)),
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


def count_rows(page: VisitPage, facts: StockFacts, counted: Counted, *, own: bool) -> Iterator[Row]:
    """The rows of the pad in shelf order."""
    lots = _lots(facts)
    held = _held(facts)
    entered: dict[str, list[ValueRow]] = {}
    for value in counted.values.values():
        entered.setdefault(value.row, []).append(value)
    for product in facts.table[facts.table["is_own"] == own].reset_index().to_dict("records"):
        id_, pack = str(product["product_id"]), int(product["pack_size"])
        known = dict(lots.get(id_, {}))
        for value in entered.get(id_, []):
            if value.lot:
                known.setdefault(value.lot, _lot_words(value.lot, expiry_of(value.lot)))
        keeps_lots = bool(product["keeps_lots"]) or bool(known)
        skipped = counted.values.get((id_, "", SKIPPED))
        yield Row(
            id=id_,
            name=name_of(product["name"], product["name_en"]),
            second=_second(product, page),
            hint=_hint(product, entered.get(id_, []), page),
            values=_values(counted, held, id_, "", pack),
            expected=_expected(product),
            pack=pack,
            keeps_lots=keeps_lots,
            lots=[
                Lot(lot, label, _values(counted, held, id_, lot, pack))
                for lot, label in sorted(known.items(), key=_first_expired_first)
            ],
            skipped=Value(skipped.value == "yes", skipped.version) if skipped else Value(),
            conflicts=[_conflict(row) for row in counted.conflicts.get(id_, [])],
        )


def _lots(facts: StockFacts) -> dict[str, dict[str, str]]:
    """By product the lots that were there last time or stand in this count, with their words."""
    last = facts.before[facts.before["quantity"] > 0]
    rows = pd.concat([last, facts.counted])[["product_id", "lot", "expires_on"]]
    rows = rows[rows["lot"] != ""].drop_duplicates(["product_id", "lot"])
    found: dict[str, dict[str, str]] = {}
    for product_id, lot, expires_on in rows.itertuples(index=False):
        found.setdefault(product_id, {})[lot] = _lot_words(lot, None if pd.isna(expires_on) else expires_on)
    return found


def _first_expired_first(lot: tuple[str, str]) -> tuple[str, str, str]:
    """Lots by year and month of their words, MM/YY."""
    code, words = lot
    return words[3:5], words[:2], code


def _lot_words(lot: str, expires_on: date | None) -> str:
    """A lot as month and year of its date, with its code where it has another than the month."""
    if expires_on is None:
        return lot
    month = f"{expires_on:%m/%y}"
    return month if lot == f"{expires_on:%Y-%m}" else f"{month} · {lot}"


def _held(facts: StockFacts) -> dict[tuple[str, str], float]:
    """Counts of the day that no tablet has entered: loaded from a file."""
    rows = facts.counted[facts.counted["quantity"].notna()]
    keys = zip(rows["product_id"], rows["lot"], strict=True)
    return dict(zip(keys, rows["quantity"], strict=True))


def _values(
    counted: Counted, held: Mapping[tuple[str, str], float], product_id: str, lot: str, pack: int
) -> dict[str, Value]:
    entered = {field: counted.number(product_id, lot, field) for field in ("cases", "pieces")}
    loaded = held.get((product_id, lot))
    if loaded is None or any(value.version for value in entered.values()):
        return entered
    cases, pieces = divmod(loaded, pack)
    return {"cases": Value(cases), "pieces": Value(pieces)}


def _expected(product: Product) -> int | None:
    """What should be there; unknown where the figures contradict each other."""
    expected = product["expected"]
    return None if is_missing(expected) or expected < 0 else round(expected)


def _second(product: Product, page: VisitPage) -> str:
    pack, unit = int(product["pack_size"]), product["unit"]
    if product["expected"] < 0:
        return _("more sold than there was: check")
    expected = _expected(product)
    if expected is not None:
        return _("expected {quantity}").format(quantity=quantity(expected, pack, piece=unit))
    if is_missing(product["last"]):
        return _("never counted here")
    return _("last {quantity}").format(quantity=quantity(product["last"], pack, piece=unit))


def _hint(product: Product, entered: list[ValueRow], page: VisitPage) -> str:
    pack, unit = int(product["pack_size"]), product["unit"]
    parts = []
    if not is_missing(product["last"]) and not page.company.blind_counts:
        last = quantity(product["last"], pack, piece=unit)
        on = day(product["last_on"].date(), page.today)
        parts.append(_("last {quantity} on {date}").format(quantity=last, date=on))
    if pack > 1:
        parts.append(_("{count} a case").format(count=pack))
    sold = _sold_by_counts(product, entered)
    if sold is not None and not page.company.blind_counts:
        if sold < 0:
            parts.append(_("more than came: count again"))
        else:
            parts.append(
                _("sold since then {quantity} (estimated)").format(quantity=quantity(sold, pack, piece=unit))
            )
    return " · ".join(parts)


def _sold_by_counts(product: Product, entered: list[ValueRow]) -> float | None:
    """What must have been sold since the last count, where the distributor tells nothing of it."""
    if is_missing(product["received"]) or not is_missing(product["sold"]):
        return None
    pieces = [
        float(row.value) * (int(product["pack_size"]) if row.field == "cases" else 1)
        for row in entered
        if row.field in COUNT_FIELDS and row.value is not None
    ]
    if not pieces:
        return None
    return float(derived_sales(product["last"], product["received"], product["returned"], sum(pieces)))


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
