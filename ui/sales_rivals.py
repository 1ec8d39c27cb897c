"""Competitors' sales at this distributor: what is known, and a few fields for what the rep is told or estimates."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.sales_mix import TOLD_SOURCES, Span, set_rival_sales
from language import _
from language.formats import amount, is_missing, units
from language.words import word
from ui import saving
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.sales_facts import Past, SalesFacts, asked_period, fresh_facts
from ui.sales_words import rivals_words, sentence, span_words
from ui.visit_frame import VisitPage

MOST_FIELDS = 20
"""Number fields in one fragment; a competitor's product beyond is told by file."""
LARGEST_CASES = 99_999


@dataclass(frozen=True)
class Rival:
    """A competitor's product: what is known of its sales, and whether the rep may say it here.

    Attributes:
        quantity: Base units; `None`: not known.
        days: The days that the known rows cover; `None`: there are none.
    """

    product_id: str
    name: str
    maker: str
    pack: int
    quantity: Decimal | None
    sources: tuple[str, ...]
    days: Span | None
    is_open: bool


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
    rivals = _rivals(facts.names, facts.known, asked)
    top.markdown(sentence(facts, past, page.company.currency, page.today))
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
    st.markdown(rivals_words(facts, page.company.currency))
    # Nobody remembers what sold a year ago; what is not known of it stays so.
    may_enter = page.is_editable and period != "a_year_ago"
    if may_enter and any(rival.is_open for rival in rivals):
        _choose_source()
    fields = 0
    with st.container(gap="xxsmall"):
        for rival in rivals:
            is_field = rival.is_open and may_enter and fields < MOST_FIELDS
            fields += is_field
            if is_field or rival.days is not None:
                _row(page, facts, rival, asked, is_field=is_field)


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


def _rivals(names: pd.DataFrame, known: pd.DataFrame, asked: Span) -> list[Rival]:
    rows: dict[str, list[dict[Any, Any]]] = {}
    for row in known.to_dict("records"):
        rows.setdefault(str(row["product_id"]), []).append(row)
    listed = names[~names["is_own"] & (names["is_listed"] | names.index.isin(list(rows)))]
    columns = listed[["name", "name_en", "maker", "pack_size"]]
    return [
        _rival(id_, name_of(name, name_en), maker, pack, rows.get(id_, []), asked)
        for id_, name, name_en, maker, pack in columns.itertuples(name=None)
    ]


def _rival(
    product_id: str, name: str, maker: str, pack: int, rows: list[dict[Any, Any]], asked: Span
) -> Rival:
    # What began before the asked days counts to an earlier period, and stands in the way of a new word.
    counted = [row for row in rows if row["from_on"].date() >= asked.start]
    is_told_here = len(rows) == len(counted) == 1 and bool(counted[0]["visit_id"])
    return Rival(
        product_id=product_id,
        name=name,
        maker=maker,
        pack=pack,
        quantity=sum((Decimal(str(row["quantity"])) for row in counted), Decimal(0)) if counted else None,
        sources=tuple(sorted({str(row["source"]) for row in counted})),
        days=Span(min(row["from_on"] for row in counted).date(), max(row["to_on"] for row in counted).date())
        if counted
        else None,
        is_open=not rows or (is_told_here and counted[0]["from_on"].date() == asked.start),
    )


def _row(page: VisitPage, facts: SalesFacts, rival: Rival, asked: Span, *, is_field: bool) -> None:
    cases = None if rival.quantity is None else rival.quantity / rival.pack
    # Two columns, not three: with twenty rows each further one is felt at every touch.
    text, field = st.columns([3.6, 1.4], vertical_alignment="center")
    worth = _worth(facts, rival, page.company.currency)
    about = _about(rival, asked, page.today) + (f" :gray[:small[·]] {worth}" if worth else "")
    text.markdown(f"**{plain(rival.name)}**  \n{about}")
    if not is_field:
        field.markdown(units(cases, "case"), text_alignment="right")
        return
    key = f"qty_rival_{rival.product_id}_{asked.start}"
    field.number_input(
        _("Cases of {product}").format(product=rival.name),
        min_value=0,
        max_value=LARGEST_CASES,
        value=None if cases is None else round(cases),
        step=1,
        key=key,
        placeholder=_("cases"),
        label_visibility="collapsed",
        on_change=_save,
        args=(page, rival, asked, key),
    )


def _worth(facts: SalesFacts, rival: Rival, currency: str) -> str:
    """What a competitor's sales come to, and whether that is estimated; nothing where nothing is known."""
    worth = facts.rivals["revenue"].get(rival.product_id)
    if worth is None:
        return ""
    if is_missing(worth):
        return small(_("no price"))
    guessed = bool(facts.rivals.at[rival.product_id, "is_estimated"])
    return f"{amount(worth, currency)} {small(_('at the price here')) if guessed else ''}".strip()


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
