"""What tablets entered into a visit, read once a page; texts and photos on the tablet's own queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from data.access import Actor
from data.attachments import AttachmentRow, attachment_content, attachments_of
from data.database import database
from data.engine import reading
from data.entries import conflicts_of, current_values
from data.entry_fields import TEXT_FIELDS
from data.entry_rows import ConflictRow, ValueRow
from data.visits import changed_at_of
from language import _
from language.calendar import time
from ui.elements.photo import photos
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS
from ui.visit_frame import VisitPage
from ui.writing import Cell, draw_text


@dataclass(frozen=True)
class Entered:
    """Current texts and waiting conflicts by (row, lot, field), and the pictures of a visit."""

    values: Mapping[Cell, ValueRow]
    conflicts: Mapping[Cell, ConflictRow]
    attachments: Sequence[AttachmentRow]


def read_entered(page: VisitPage) -> Entered:
    """Reads the texts that were entered; remembered until something else is."""
    # Dialogs are drawn again by themselves, and keep the page that opened them.
    with reading(database()) as session:
        changed_at = changed_at_of(session, page.actor, page.visit.id)
    return _entered(page.actor.user_id, page.visit.id, changed_at, page.actor)


# Each entry, also one that met another value, and each picture changes `changed_at` of its visit.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _entered(user_id: str, visit_id: str, changed_at: datetime, _actor: Actor) -> Entered:
    with reading(database()) as session:
        texts = current_values(session, _actor, visit_id, TEXT_FIELDS)
        return Entered(
            {(row.row, row.lot, row.field): row for row in texts},
            {(row.row, row.lot, row.field): row for row in conflicts_of(session, _actor, visit_id)},
            attachments_of(session, _actor, visit_id),
        )


@st.fragment
def text_field(
    page: VisitPage,
    entered: Entered,
    label: str,
    *,
    row: str,
    field: str,
    fallback: str = "",
    placeholder: str = "",
) -> None:
    """A text that is kept on the tablet with every keystroke.

    Drawn by itself: what the tablet tells of its queue must not close a dialog or redraw the page.

    Args:
        page: The step page.
        entered: What was entered so far.
        label: What is asked for.
        row: What the text belongs to: `visit`, a step's name, or `objective:<id>`.
        field: Which of its texts.
        fallback: What the database has where no tablet has entered the text.
        placeholder: Shown while it is empty.
    """
    draw_text(
        page.actor,
        page.visit.id,
        (row, "", field),
        entered.values.get((row, "", field)),
        entered.conflicts.get((row, "", field)),
        label,
        fallback=fallback,
        placeholder=placeholder,
        editable=page.is_editable,
    )


def note(page: VisitPage, entered: Entered, label: str, placeholder: str = "") -> None:
    """The one note of a step."""
    text_field(page, entered, label, row=page.step, field="note", placeholder=placeholder)


def photo_strip(page: VisitPage, entered: Entered, subject: str) -> None:
    """Photos of a subject: those in the database, and the camera's button."""
    held = [row for row in entered.attachments if row.kind == "photo" and row.subject == subject]
    if held:
        with st.container(horizontal=True, gap="small"):
            for row in held:
                caption = time(row.added_at, page.company.time_zone)
                st.image(_picture(row.id, page.actor), width=120, caption=caption)
    photos(
        _("Take a photo"),
        visit=page.visit.id,
        user=page.actor.user_id,
        subject=subject,
        key=f"photos_{subject}",
        held=[row.id for row in held],
        editable=page.is_editable,
        saved_at=page.saved_at,
    )


# A picture never changes under its id; the actor stands in the key, so that nobody sees another's from here.
@st.cache_data(max_entries=200, ttl="10m", show_spinner=False)
def _picture(attachment_id: str, actor: Actor) -> bytes:
    with reading(database()) as session:
        return attachment_content(session, actor, attachment_id)[0]
