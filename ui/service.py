"""The rows of Service: promotion goods passed on, complaints with what became of them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.visit import COMPLAINT_KINDS
from data.database import database
from data.engine import reading
from data.service import (
    ComplaintRow,
    PromotionGoodRow,
    add_complaint,
    check_promotion_good,
    promotion_goods,
    recheck_complaint,
)
from language import _
from language.calendar import day
from language.formats import number
from language.words import word
from ui import icons, saving
from ui.list_row import list_row
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.visit_frame import VisitPage
from ui.writing import words_for

STATE_COLOURS = {"recorded": "orange", "handled": "blue", "rechecked": "green"}


STATE_WIDTH, FIELD_WIDTH = 150, 178
"""In pixels; the name takes the rest."""
MOST_FIELDS = 20
"""Number fields in one fragment."""


def promotion_rows(
    page: VisitPage, goods: Sequence[PromotionGoodRow], count: Callable[[Sequence[PromotionGoodRow]], None]
) -> None:
    """Goods issued, and how many of them the shops have; what is missing is said at once.

    Args:
        page: The visit.
        goods: What this run has read of them.
        count: Says above how many of all were checked.
    """
    if goods:
        list_row().markdown(small(_("Passed on, pieces")), width=FIELD_WIDTH)
    # For this run only: drawn again by themselves the rows must read what was saved meanwhile.
    st.session_state["promotion_goods"] = dict.fromkeys(range(0, len(goods), MOST_FIELDS), goods)
    for start in range(0, len(goods), MOST_FIELDS):
        _promotion_part(page, start, count)


@st.fragment
def _promotion_part(page: VisitPage, start: int, count: Callable[[Sequence[PromotionGoodRow]], None]) -> None:
    if st.session_state.pop("promotion_failed", False):
        # What could not be saved is said at the top.
        st.rerun()
    goods = st.session_state["promotion_goods"].pop(start, None)
    if goods is None:
        with reading(database()) as session:
            goods = promotion_goods(session, page.actor, page.visit.id)
    count(goods)
    with st.container(gap="xxsmall"):
        for row in goods[start : start + MOST_FIELDS]:
            beside = list_row()
            name = plain(name_of(row.item, row.item_en))
            promotion = plain(name_of(row.promotion, row.promotion_en))
            issued = _("{count} issued {date}").format(
                count=number(row.issued), date=day(row.issued_on, page.today)
            )
            beside.markdown(f"**{name}**  \n{small(f'{promotion} · {issued}')}", width="stretch")
            beside.markdown(_missing(row), width=STATE_WIDTH)
            passed_on = None if row.passed_on is None else int(row.passed_on)
            key = saving.shown(f"qty_passed_{row.id}", passed_on)
            beside.number_input(
                _("Passed on"),
                min_value=0,
                max_value=int(row.issued),
                step=1,
                key=key,
                label_visibility="collapsed",
                placeholder="—",
                width=FIELD_WIDTH,
                on_change=_save_passed_on,
                args=(page, row, key),
                disabled=not page.is_editable,
            )


def _missing(row: PromotionGoodRow) -> str:
    if row.passed_on is None:
        return small(_("not checked"))
    missing = row.issued - row.passed_on
    if missing == 0:
        return badge("green", ":material/check:", _("all passed on"))
    return badge("orange", ":material/warning:", _("{count} missing").format(count=number(missing)))


def _save_passed_on(page: VisitPage, row: PromotionGoodRow, key: str) -> None:
    value = st.session_state[key]
    is_saved = saving.save(
        check_promotion_good,
        page.visit.id,
        row.id,
        seen=row.passed_on,
        passed_on=None if value is None else Decimal(value),
        visit_id=page.visit.id,
        step="service",
    )
    if not is_saved:
        st.session_state["promotion_failed"] = True


def complaint_rows(page: VisitPage, complaints: Sequence[ComplaintRow]) -> None:
    """Complaints not yet reported back; one that was handled is rechecked with the customer here."""
    if not complaints:
        st.markdown(small(_("None open.")))
    with st.container(gap="xxsmall"):
        for row in complaints:
            key = saving.shown(f"recheck_{row.id}", row.satisfied)
            beside = list_row(f"touch_{key}")
            state = badge(STATE_COLOURS[row.state], ":material/report:", word("complaint.state", row.state))
            since = _("since {date}").format(
                date=day(row.recorded_at.astimezone(page.company.time_zone).date(), page.today)
            )
            facts = " · ".join(filter(None, [word("complaint.kind", row.kind), since, plain(row.answer)]))
            beside.markdown(f"**{plain(row.text)}** {state}  \n{small(facts)}", width="stretch")
            if row.state in ("handled", "rechecked"):
                _recheck(page, row, key, beside)
    if page.is_editable and st.button(_("Record a complaint"), key="add_complaint", icon=icons.ADD):
        _ask(page)


def _recheck(page: VisitPage, row: ComplaintRow, key: str, place: DeltaGenerator) -> None:
    words = {True: _("Satisfied"), False: _("Not satisfied")}

    def save() -> None:
        chosen = st.session_state[key]
        if chosen is not None:
            saving.save(
                recheck_complaint, page.visit.id, row.id, chosen, visit_id=page.visit.id, step="service"
            )

    place.segmented_control(
        _("Is the customer satisfied?"),
        list(words),
        key=key,
        format_func=lambda chosen: words[chosen],
        label_visibility="collapsed",
        on_change=save,
        disabled=not page.is_editable,
    )


@st.dialog(" ")
def _ask(page: VisitPage) -> None:
    st.subheader(_("Record a complaint"), anchor=False)
    kind = st.selectbox(
        _("About"),
        COMPLAINT_KINDS,
        key="complaint_kind",
        format_func=lambda code: word("complaint.kind", code),
    )
    words = words_for(
        page.actor,
        page.visit.id,
        _("What is wrong, in the customer's words"),
        row="complaint",
        maximum=1_000,
    )
    due_on = st.date_input(
        _("Answer promised until"),
        value=page.today + timedelta(days=1),
        min_value=page.today,
        key="complaint_due",
        format="YYYY-MM-DD",
    )
    if st.button(_("Record it"), type="primary", key="complaint_save"):
        saving.save_and_close(
            add_complaint,
            page.visit.id,
            words.entry_id,
            kind=kind,
            text=words.text,
            due_on=due_on,
            visit_id=page.visit.id,
            step="service",
        )
