"""What a visit found, as tabs: prices, stock, order and the rest; the same on the review card and in the log."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from data.access import Actor
from data.company import CompanySettings
from data.database import database
from data.engine import reading, reading_anew
from data.orders import OrderRow
from data.visit_findings import PhotoFound, VisitFindings, photo_contents
from data.visit_goods import CountFound, PriceFound, price_deviations
from data.visits import VisitRow
from language import _
from language.calendar import day, time
from language.formats import MISSING, amount, listed, percent, price, quantity
from language.words import word
from ui.current_user import CurrentUser
from ui.finding_words import (
    about,
    answers_of,
    market_lines,
    order_facts,
    out_of_stock,
    price_sentence,
    service_lines,
    stock_sentence,
    talk_lines,
)
from ui.latest_changes import REMEMBERED_SECONDS, stamp_around
from ui.markup import plain, small
from ui.names import name_of
from ui.order_words import change_reasons
from ui.sales_mix import score_words

Tabs = dict[str, Callable[[], None]]
ROW_HEIGHT = 32
HEADER_HEIGHT = 44


def finding_tabs(user: CurrentUser, visit: VisitRow, found: VisitFindings, height: int) -> Tabs:
    """What draws each tab, by its label.

    Args:
        user: Who reads.
        visit: The visit.
        found: What it found.
        height: The most that a table may take, in pixels; longer ones scroll.
    """
    return {
        _("Prices"): partial(_prices, user, visit, found, height),
        _("Stock"): partial(_stock, found.counts, height),
        _("Order"): partial(_orders, user, found.orders, height),
        _("More"): partial(_more, user, visit, found),
    }


def _table(rows: Sequence[dict[str, str]], widths: Sequence[int], key: str, height: int) -> None:
    table = pd.DataFrame(list(rows))
    columns = dict(zip(rows[0], widths, strict=True))
    # a column of which nothing is known says nothing
    known = [name for name in columns if (table[name] != "").any()]
    st.dataframe(
        table[known],
        key=key,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=min(height, ROW_HEIGHT * len(table) + HEADER_HEIGHT),
        column_config={name: st.column_config.TextColumn(width=columns[name]) for name in known},
    )


def _prices(user: CurrentUser, visit: VisitRow, found: VisitFindings, height: int) -> None:
    if not found.prices:
        st.markdown(small(_("No price was entered.")))
        return
    deviations = {}
    if any(row.is_own and row.kind == "selling" for row in found.prices):
        deviations = _deviations(
            user.actor.user_id,
            visit.id,
            visit.changed_at,
            stamp_around(user.actor),
            user.actor,
            user.company,
        )
    threshold = user.company.price_threshold
    st.markdown(small(price_sentence(found, deviations, threshold)))
    by_product: dict[str, list[PriceFound]] = {}
    for row in found.prices:
        by_product.setdefault(row.product_id, []).append(row)
    # what stands out of the market stands first; otherwise as on the shelf
    outside = {product: abs(share) for product, share in deviations.items() if abs(share) >= threshold}
    shown = sorted(by_product, key=lambda product: -outside.get(product, 0.0))
    lines = [_price_row(by_product[product], deviations, user.company) for product in shown]
    _table(lines, (160, 105, 100, 86, 120), "found_prices", height)


def _price_row(
    rows: Sequence[PriceFound], deviations: dict[str, float], company: CompanySettings
) -> dict[str, str]:
    """A product with what was entered of it."""
    first = rows[0]
    amounts = {
        row.kind: f"{price(row.amount, company.currency)} / {word('price_observation.unit', row.unit)}"
        for row in rows
    }
    judged = first.is_own and "selling" in amounts
    share = deviations.get(first.product_id) if judged else None
    sources = dict.fromkeys(word("price_observation.source", row.source) for row in rows)
    return {
        _("Product"): name_of(first.name, first.name_en),
        _("Selling price"): amounts.get("selling", ""),
        _("Retail price"): amounts.get("retail", ""),
        _("To market"): "" if share is None else percent(share, sign=True),
        _("Source"): listed(list(sources)),
    }


@st.cache_data(ttl=REMEMBERED_SECONDS, max_entries=64, show_spinner=False)
def _deviations(
    user_id: str,
    visit_id: str,
    changed_at: datetime,
    stamp: str,
    _actor: Actor,
    _company: CompanySettings,
) -> dict[str, float]:
    """The others' prices are the heaviest question of the card: asked when they changed, not at each touch."""
    with reading_anew(database()) as session:
        return price_deviations(session, _actor, visit_id, _company)


def _stock(counts: Sequence[CountFound], height: int) -> None:
    if not counts:
        st.markdown(small(_("Nothing was counted.")))
        return
    st.markdown(small(stock_sentence(counts)))
    gone = set(out_of_stock(counts))
    rows = [_count_row(row, gone) for row in counts]
    # what wants something done stands first; otherwise as on the shelf
    _table(
        sorted(rows, key=lambda row: not row[_("Note")]), (160, 150, 165, 80, 95, 120), "found_stock", height
    )


def _count_row(row: CountFound, gone: set[str]) -> dict[str, str]:
    name = name_of(row.name, row.name_en)
    note = _("out of stock") if name in gone else ""
    if row.quantity is None:
        note = _("not counted on purpose")
    elif row.at_risk:
        over = quantity(row.at_risk, row.pack_size, piece=row.unit)
        note = _("{quantity} will not sell in time").format(quantity=over)
    return {
        _("Product"): name,
        _("Stock"): quantity(row.quantity, row.pack_size, piece=row.unit),
        _("Note"): note,
        _("Lot"): row.lot,
        _("Best before"): day(row.expires_on) if row.expires_on else "",
        _("Source"): word("stock_count.source", row.source),
    }


def _orders(user: CurrentUser, orders: Sequence[OrderRow], height: int) -> None:
    company = user.company
    if not orders:
        st.markdown(small(_("No order was made.")))
    reasons = change_reasons()
    for order in orders:
        total, *facts = order_facts(order, company, user.actor.today)
        st.markdown(f"**{plain(total)}** &ensp;{small(plain(' · '.join(facts)))}")
        rows = [
            {
                _("Product"): name_of(line.name, line.name_en),
                _("Ordered"): quantity(line.quantity, line.pack_size, piece=line.unit),
                _("Suggested"): quantity(line.suggested, line.pack_size, piece=line.unit),
                _("Amount"): MISSING if line.amount is None else amount(line.amount, company.currency),
                _("Why"): reasons.get(line.reason, line.reason),
            }
            for line in order.lines
            if line.quantity or line.reason
        ]
        if rows:
            _table(rows, (165, 95, 95, 80, 120), f"found_order_{order.id}", height)


def _more(user: CurrentUser, visit: VisitRow, found: VisitFindings) -> None:
    """Notes, checklists with their score, market, service, talk, photos."""
    sections: list[tuple[str, list[str]]] = [
        (
            _("Notes"),
            [about(word("visit_step.step", step), text) for step, text in found.notes.items()],
        ),
        (_("Market"), market_lines(found, user.actor.today)),
        (_("Service"), service_lines(found)),
        (_("Talk"), talk_lines(found)),
    ]
    for name, rows in found.checklists.items():
        title = f"{word('checklist_item.checklist', name)} · {score_words(rows)}"
        sections.append((title, answers_of(rows, "no", "yes", "not_applicable")))
    drawn = [(title, lines) for title, lines in sections if lines]
    for title, lines in drawn:
        st.markdown("\n".join([f"**{plain(title)}**", "", *(f"- {plain(line)}" for line in lines)]))
    if found.photos:
        _photos(user, visit, found.photos)
    elif not drawn:
        st.markdown(small(_("No notes, answers or photos.")))


def _photos(user: CurrentUser, visit: VisitRow, photos: Sequence[PhotoFound]) -> None:
    st.markdown(f"**{_('Photos')}** {len(photos)}")
    contents = _photo_bytes(user.actor.user_id, visit.id, len(photos), user.actor)
    with st.container(horizontal=True, gap="small"):
        for photo in photos:
            if photo.id in contents:
                st.image(contents[photo.id], width=160, caption=time(photo.added_at, user.company.time_zone))


@st.cache_data(ttl=60, max_entries=16, show_spinner=False)
def _photo_bytes(user_id: str, visit_id: str, count: int, _actor: Actor) -> dict[str, bytes]:
    """A visit's photos, read once and not at each touch; one more asks anew."""
    with reading(database()) as session:
        return photo_contents(session, _actor, visit_id)
