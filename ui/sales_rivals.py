"""Competitors' sales at this distributor: what is known, and a few fields for what the rep is told or estimates."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.sales_mix import TOLD_SOURCES, Span, set_rival_sales
from language import _
from language.formats import amount, is_missing, units
from language.words import word
from ui import saving
from ui.list_row import list_row
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.sales_facts import Past, Rival, SalesFacts, asked_period, fresh_facts
from ui.sales_words import rivals_words, sentence, span_words
from ui.visit_frame import VisitPage

MOST_ROWS = 6
"""Competitors' products that stand open before the rest is asked for."""
MOST_FIELDS = 20
"""Number fields in one fragment; a competitor's product beyond is told by file."""
LARGEST_CASES = 99_999
FIELD_WIDTH = 216
"""Pixels of the field for cases."""


def draw_rivals(
    page: VisitPage, past: Past, period: str, against: str, facts: SalesFacts, top: DeltaGenerator
) -> None:
    """The competitors' rows; what is typed changes our share, which stands here and in the sentence above.

    Args:
        page: The visit.
        past: What was told.
        period: The period shown.
        against: What it is compared with.
        facts: What this run has read of it.
        top: Where the sentence stands.
    """
    # For this run only: drawn again by itself the fragment must read what was typed meanwhile.
    st.session_state["sales_facts"] = facts
    _fragment(page, past, period, against, top)


@st.fragment
def _fragment(page: VisitPage, past: Past, period: str, against: str, top: DeltaGenerator) -> None:
    facts = st.session_state.pop("sales_facts", None) or fresh_facts(page, past, period, against)
    asked = asked_period(past, period)
    rivals = facts.asked_of
    top.markdown(facts.once(sentence, past, page.company.currency, page.today))
    if st.session_state.pop("rival_failed", False) or (
        st.session_state.pop("rival_saved", False) and st.session_state.get("sales_table")
    ):
        # What could not be saved is said at the top; an open table shows the new shares.
        st.rerun()
    facts_line = _("cases, {days}").format(days=span_words(asked, page.today))
    st.markdown(f"**{_('Competitors')}** &ensp; {small(facts_line)}")
    if not rivals:
        st.markdown(small(_("The office keeps no competitor's product to compare with.")))
        return
    st.markdown(facts.once(rivals_words, page.company.currency))
    # Nobody remembers what sold a year ago; what is not known of it stays so.
    may_enter = page.is_editable and period != "a_year_ago"
    if may_enter and any(rival.is_open for rival in rivals):
        _choose_source()
    fields = [rival.product_id for rival in rivals if rival.is_open and may_enter][:MOST_FIELDS]
    rows = [rival for rival in rivals if rival.product_id in fields or rival.days is not None]
    most = len(rows) if st.session_state.get("rivals_all") else MOST_ROWS
    worth = facts.once(_known_worth)
    with st.container(gap="xxsmall"):
        for rival in rows[:most]:
            told = _worth(worth.get(rival.product_id), page.company.currency)
            _row(page, rival, asked, told, is_field=rival.product_id in fields)
    if len(rows) > most:
        st.button(_("Show all {count}").format(count=len(rows)), key="show_rivals", on_click=_show_all)


def _show_all() -> None:
    st.session_state["rivals_all"] = True


def _choose_source() -> None:
    with st.container(key="touch_rival_source"):
        st.segmented_control(
            _("What you enter is"),
            TOLD_SOURCES,
            default=TOLD_SOURCES[0],
            required=True,
            key="rival_source",
            format_func=lambda code: word("sell_out.source", code),
        )


def _row(page: VisitPage, rival: Rival, asked: Span, worth: str, *, is_field: bool) -> None:
    cases = None if rival.quantity is None else rival.quantity / rival.pack
    beside = list_row()
    about = _about(rival, asked, page.today) + (f" :gray[:small[·]] {worth}" if worth else "")
    beside.markdown(f"**{plain(name_of(rival.name, rival.name_en))}**  \n{about}", width="stretch")
    if not is_field:
        beside.markdown(units(cases, "case"), text_alignment="right")
        return
    key = f"qty_rival_{rival.product_id}_{asked.start}"
    beside.number_input(
        _("Cases of {product}").format(product=plain(name_of(rival.name, rival.name_en))),
        min_value=0,
        max_value=LARGEST_CASES,
        value=None,
        step=1,
        key=saving.shown(key, None if cases is None else round(cases)),
        placeholder=_("cases"),
        label_visibility="collapsed",
        width=FIELD_WIDTH,
        on_change=_save,
        args=(page, rival, asked, key),
    )


def _known_worth(facts: SalesFacts) -> Mapping[Any, Mapping[Any, Any]]:
    """By competitor's product its revenue and whether that is estimated."""
    return facts.rivals[["revenue", "is_estimated"]].to_dict("index")


def _worth(known: Mapping[Any, Any] | None, currency: str) -> str:
    """What a competitor's sales come to, and whether that is estimated; nothing where nothing is known."""
    if known is None:
        return ""
    if is_missing(known["revenue"]):
        return small(_("no price"))
    guessed = small(_("at the price here")) if known["is_estimated"] else ""
    return f"{amount(known['revenue'], currency)} {guessed}".strip()


def _about(rival: Rival, asked: Span, today: date) -> str:
    """Where the figure is from and of which days, an estimate as a badge; or that nothing is known."""
    parts = [plain(rival.maker)] if rival.maker else []
    parts += [word("sell_out.source", source) for source in rival.sources if source != "estimated"]
    if rival.days is not None and rival.days != asked:
        parts.append(span_words(rival.days, today))
    if rival.days is None:
        parts.append(_("not known"))
    marks = ""
    if "estimated" in rival.sources:
        marks = badge("orange", ":material/approval_delegation:", word("sell_out.source", "estimated")) + " "
    return marks + small(" · ".join(parts))


def _save(page: VisitPage, rival: Rival, asked: Span, key: str) -> None:
    cases = st.session_state[key]
    is_saved = saving.save(
        set_rival_sales,
        page.visit.id,
        rival.product_id,
        span=asked,
        seen=rival.quantity,
        quantity=None if cases is None else Decimal(cases) * rival.pack,
        source=st.session_state["rival_source"],
        visit_id=page.visit.id,
        step=page.step,
    )
    st.session_state["rival_saved" if is_saved else "rival_failed"] = True
