"""The rows of Talk and coach: news with the distributor's answer, coaching given, and whom one talks to."""

from collections.abc import Sequence

import streamlit as st

from data.coaching import ANSWERS, COACHING_KINDS, CoachingRow, NewsRow, answer_news, save_coaching
from data.distributors import ContactRow
from language import _
from language.calendar import day
from language.words import word
from ui import icons, saving
from ui.list_row import ICON_WIDTH, list_row
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.visit_frame import VisitPage
from ui.writing import words_of_record


def contact_rows(contacts: Sequence[ContactRow]) -> None:
    """Who decides, uses, pays: whom to talk to."""
    people = []
    for row in contacts:
        role = badge("gray", ":material/person:", word("distributor_contact.buying_role", row.buying_role))
        people.append(f"**{plain(row.name)}** {role} {small(plain(row.position))}")
    st.markdown(" &ensp; ".join(people))


def news_rows(page: VisitPage, news: Sequence[NewsRow]) -> None:
    """News, each with how it was taken."""
    with st.container(gap="xxsmall"):
        for row in news:
            kind = word("news_item.kind", row.kind)
            told = small(f"{kind} · {day(row.from_on, page.today)}")
            key = saving.shown(f"news_{row.id}", row.answer)
            with list_row(f"touch_{key}"):
                st.markdown(f"{plain(name_of(row.text, row.text_en))}  \n{told}", width="stretch")
                st.segmented_control(
                    _("What did the distributor say?"),
                    ANSWERS,
                    key=key,
                    format_func=lambda code: word("talk.answer", code),
                    label_visibility="collapsed",
                    on_change=_save_answer,
                    args=(page, row, key),
                    disabled=not page.is_editable,
                )


def _save_answer(page: VisitPage, row: NewsRow, key: str) -> None:
    saving.save(
        answer_news,
        page.visit.id,
        row.id,
        seen=row.answer,
        answer=st.session_state[key],
        visit_id=page.visit.id,
        step="talk",
    )


def coaching_rows(page: VisitPage, coaching: Sequence[CoachingRow]) -> None:
    """Training, advice and problems solved."""
    with st.container(gap="xxsmall"):
        for row in coaching:
            beside = list_row()
            kind = badge("gray", ":material/school:", word("talk.kind", row.kind))
            beside.markdown(f"{plain(row.text)} {kind}", width="stretch")
            help_text = _("Change this note")
            if page.is_editable and beside.button(
                "", key=f"coach_{row.id}", icon=icons.EDIT, help=help_text, width=ICON_WIDTH
            ):
                _ask(page, row)
    if page.is_editable and st.button(_("Record coaching"), key="add_coaching", icon=icons.ADD):
        _ask(page, None)


@st.dialog(" ")
def _ask(page: VisitPage, row: CoachingRow | None) -> None:
    st.subheader(_("Coaching"), anchor=False)
    kinds = list(COACHING_KINDS)
    with st.container(key="touch_coaching_kind"):
        kind = st.segmented_control(
            _("What was it"),
            kinds,
            default=row.kind if row else kinds[0],
            key=f"coaching_kind_{row.id if row else 'new'}",
            format_func=lambda code: word("talk.kind", code),
            required=True,
        )
    words = words_of_record(
        page.actor,
        page.visit.id,
        _("What"),
        "coaching",
        record_id=row.id if row else "",
        text=row.text if row else "",
        maximum=1_000,
    )
    if st.button(_("Keep this note"), type="primary", key="coaching_save"):
        saving.save_and_close(
            save_coaching,
            page.visit.id,
            row.id if row else words.entry_id,
            kind=kind or kinds[0],
            text=None if row else words.text,
            seen=row.kind if row else None,
            visit_id=page.visit.id,
            step="talk",
        )
