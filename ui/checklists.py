"""A checklist of the office as rows: yes, no or not applicable, a tap a line."""

from collections.abc import Sequence

import streamlit as st

from data.checklists import ChecklistRow, answer_checklist
from language.words import word
from ui import saving
from ui.list_row import list_row
from ui.markup import plain
from ui.names import name_of
from ui.visit_frame import VisitPage

ANSWERS = ("yes", "no", "not_applicable")


def checklist_rows(page: VisitPage, rows: Sequence[ChecklistRow]) -> None:
    """The lines with their answers, saved as they are tapped."""
    if not rows:
        return
    with st.container(key=f"touch_checklist_{rows[0].item_id}", gap="xxsmall"):
        for row in rows:
            key = saving.shown(f"check_{row.item_id}", row.answer)
            with list_row():
                st.markdown(plain(name_of(row.text, row.text_en)), width="stretch")
                st.segmented_control(
                    name_of(row.text, row.text_en),
                    ANSWERS,
                    key=key,
                    format_func=lambda code: word("checklist_answer.answer", code),
                    label_visibility="collapsed",
                    on_change=_save,
                    args=(page, row, key),
                    disabled=not page.is_editable,
                )


def _save(page: VisitPage, row: ChecklistRow, key: str) -> None:
    saving.save(
        answer_checklist,
        page.visit.id,
        row.item_id,
        seen=row.answer,
        answer=st.session_state[key],
        visit_id=page.visit.id,
        step=page.step,
    )
