"""Promises made during a visit: a row each, and a dialog to add or change one."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from data.promises import PromiseRow, save_promise
from language import _
from language.calendar import day
from ui import icons, saving
from ui.list_row import ICON_WIDTH, list_row
from ui.markup import plain, small
from ui.names import name_of
from ui.visit_frame import VisitPage
from ui.writing import words_of_record


def edit_promises(page: VisitPage, promises: Sequence[PromiseRow]) -> None:
    """The promises of this visit and the button for another."""
    with st.container(gap="xxsmall"):
        for row in promises:
            beside = list_row()
            due = day(row.due_on, page.today) if row.due_on else _("no date")
            told = f"{icons.PROMISE} **{plain(row.text)}** &ensp;{small(f'{plain(row.owner)} · {due}')}"
            beside.markdown(told, width="stretch")
            help_text = _("Change this promise")
            if page.is_editable and beside.button(
                "", key=f"edit_{row.id}", icon=icons.EDIT, help=help_text, width=ICON_WIDTH
            ):
                _ask(page, row)
    if not promises:
        st.markdown(small(_("None made. Promise little, and write down every promise with its date.")))
    if page.is_editable and st.button(_("Add a promise"), key="add_promise", icon=icons.ADD):
        _ask(page, None)


@st.dialog(" ")
def _ask(page: VisitPage, row: PromiseRow | None) -> None:
    name = row.id if row else "new"
    st.subheader(_("Promise"), anchor=False)
    company = name_of(page.company.name, page.company.name_en) or _("Our company")
    makers = {"company": company, "distributor": page.distributor}
    me = name_of(page.user.user.name, page.user.user.name_en)
    with st.container(key="touch_maker"):
        made_by = st.segmented_control(
            _("Who promises"),
            list(makers),
            default=row.made_by if row else "company",
            key=f"promise_made_by_{name}",
            format_func=lambda code: plain(makers[code]),
            required=True,
        )
    words = words_of_record(
        page.actor,
        page.visit.id,
        _("What"),
        "promise",
        record_id=row.id if row else "",
        text=row.text if row else "",
        maximum=300,
    )
    owner = st.text_input(
        _("Who does it"), value=row.owner if row else me, key=f"promise_owner_{name}", max_chars=100
    )
    due_on = st.date_input(
        _("Until when"),
        value=row.due_on if row else page.today + timedelta(days=7),
        key=f"promise_due_{name}",
        format="YYYY-MM-DD",
    )
    if st.button(_("Keep this promise in the record"), type="primary", key="promise_save"):
        saving.save_and_close(
            save_promise,
            page.visit.id,
            row.id if row else words.entry_id,
            made_by=made_by or "company",
            text=None if row else words.text,
            seen=row.who_and_when if row else None,
            owner=owner,
            due_on=due_on,
            visit_id=page.visit.id,
            step="wrap_up",
        )
