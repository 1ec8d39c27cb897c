"""The rows of Market: notes of competitors' moves, and prospects with their next step."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from data.identifiers import new_id
from data.market import (
    MARKET_TOPICS,
    MarketNoteRow,
    ProspectRow,
    add_prospect,
    save_market_note,
)
from language import _
from language.calendar import day
from language.words import word
from ui import icons, saving
from ui.list_row import ICON_WIDTH, list_row
from ui.markup import badge, plain, small
from ui.visit_frame import VisitPage
from ui.writing import words_of_record

MOST_ROWS = 12
"""Notes of today that stand open at first; competitors' prices alone may bring dozens."""
EARLIER_SHOWN = 5


def note_rows(page: VisitPage, notes: Sequence[MarketNoteRow], makers: Sequence[str]) -> None:
    """What was learned today, which can be changed, then what the last visits brought."""
    today = [row for row in notes if row.visit_id == page.visit.id]
    earlier = [row for row in notes if row.visit_id != page.visit.id][:EARLIER_SHOWN]
    is_cut = len(today) > MOST_ROWS and st.session_state.get("notes_all") != page.visit.id
    if not today:
        st.markdown(small(_("Nothing noted yet. Ask what moved since last time: price, promotion, people.")))
    with st.container(gap="xxsmall"):
        for row in today[: MOST_ROWS if is_cut else None]:
            beside = list_row()
            beside.markdown(_note_lines(page, row), width="stretch")
            help_text = _("Change this note")
            if page.is_editable and beside.button(
                "", key=f"note_{row.id}", icon=icons.EDIT, help=help_text, width=ICON_WIDTH
            ):
                _ask_note(page, makers, row)
    if is_cut:
        label = _("Show all {count}").format(count=len(today))
        st.button(label, key="show_notes", on_click=_show_all, args=(page.visit.id,))
    if page.is_editable and st.button(_("Add what you learned"), key="add_note", icon=icons.ADD):
        _ask_note(page, makers, None)
    if earlier:
        st.subheader(_("Earlier"), anchor=False)
        with st.container(gap="xxsmall"):
            for row in earlier:
                st.markdown(_note_lines(page, row))


def _show_all(visit_id: str) -> None:
    st.session_state["notes_all"] = visit_id


def _note_lines(page: VisitPage, row: MarketNoteRow) -> str:
    topic = badge("gray", ":material/storefront:", word("market_note.topic", row.topic))
    on = day(row.noted_at.astimezone(page.company.time_zone).date(), page.today)
    who = " · ".join(filter(None, [plain(row.competitor), on]))
    return f"{plain(row.text)} {topic}  \n{small(who)}"


@st.dialog(" ")
def _ask_note(page: VisitPage, makers: Sequence[str], row: MarketNoteRow | None) -> None:
    name = row.id if row else "new"
    st.subheader(_("What you learned"), anchor=False)
    topics = list(MARKET_TOPICS)
    topic = st.selectbox(
        _("About"),
        topics,
        index=topics.index(row.topic) if row else 0,
        key=f"note_topic_{name}",
        format_func=lambda code: word("market_note.topic", code),
    )
    names = sorted({*makers, *([row.competitor] if row and row.competitor else [])})
    competitor = st.selectbox(
        _("Competitor"),
        names,
        index=names.index(row.competitor) if row and row.competitor else None,
        key=f"note_competitor_{name}",
        accept_new_options=True,
        placeholder=_("none, or type a name"),
    )
    words = words_of_record(
        page.actor,
        page.visit.id,
        _("What"),
        "market_note",
        record_id=row.id if row else "",
        text=row.text if row else "",
        maximum=1_000,
    )
    if st.button(_("Keep this note"), type="primary", key="note_save"):
        saving.save_and_close(
            save_market_note,
            page.visit.id,
            row.id if row else words.entry_id,
            topic=topic,
            competitor=competitor or "",
            text=None if row else words.text,
            seen=row.competitor if row else None,
            visit_id=page.visit.id,
            step="market",
        )


def prospect_rows(page: VisitPage, prospects: Sequence[ProspectRow]) -> None:
    """Prospects found during this visit, each with its next step and day."""
    with st.container(gap="xxsmall"):
        for row in prospects:
            step = f"{plain(row.next_step)} · {day(row.next_step_on, page.today) if row.next_step_on else ''}"
            name = f":material/person_add: **{plain(row.name)}** &ensp;{small(plain(row.contact))}"
            st.markdown(f"{name}  \n{small(step)}")
    if page.is_editable and st.button(_("Add a prospect"), key="add_prospect", icon=icons.ADD):
        _ask_prospect(page, new_id())


@st.dialog(" ")
def _ask_prospect(page: VisitPage, prospect_id: str) -> None:
    st.subheader(_("Prospect"), anchor=False)
    name = st.text_input(_("Name"), key=f"prospect_name_{prospect_id}", max_chars=200)
    contact = st.text_input(_("Contact"), key=f"prospect_contact_{prospect_id}", max_chars=200)
    next_step = st.text_input(_("Next step"), key=f"prospect_step_{prospect_id}", max_chars=300)
    next_on = st.date_input(
        _("On"),
        value=page.today + timedelta(days=7),
        min_value=page.today,
        key=f"prospect_on_{prospect_id}",
        format="YYYY-MM-DD",
    )
    ready = bool(name.strip() and next_step.strip())
    if st.button(_("Add to my prospects"), type="primary", key="prospect_save", disabled=not ready):
        saving.save_and_close(
            add_prospect,
            page.visit.id,
            prospect_id,
            name=name,
            contact=contact,
            next_step=next_step,
            next_step_on=next_on,
            visit_id=page.visit.id,
            step="market",
        )
