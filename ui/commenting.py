"""Saying something of a visit that was handed in: appended under who and when, never edited."""

import streamlit as st

from data.identifiers import new_id
from data.review import add_comment
from data.visits import VisitRow
from language import _
from ui import saving
from ui.current_user import CurrentUser

LONGEST_COMMENT = 2000
COMMENTING_ROLES = ("manager", "rep", "administrator")


def may_comment(user: CurrentUser, visit: VisitRow) -> bool:
    """Whether this user may say something of the visit now: somebody who reviews or made it, once it is sent."""
    handed_in = visit.submitted_at is not None and visit.state in ("submitted", "returned", "approved")
    return handed_in and user.actor.role in COMMENTING_ROLES


def comment_form(visit: VisitRow, key: str) -> None:
    """A field and its button.

    Args:
        visit: The visit spoken of.
        key: The key of the field, one for each place on the screen.
    """
    missing = st.session_state.pop(f"empty_{key}", False)
    st.text_area(
        _("Comment, never edited"),
        key=key,
        height=75,
        max_chars=LONGEST_COMMENT,
        placeholder=_("Write something first") if missing else _("an answer, or what should be known"),
    )
    st.button(
        _("Comment"),
        key=f"send_{key}",
        icon=":material/comment:",
        on_click=send_comment,
        args=(visit.id, key),
    )


def send_comment(visit_id: str, key: str) -> None:
    """Appends what stands in a field, and empties it once the database has it."""
    text = st.session_state[key]
    if not text.strip():
        st.session_state[f"empty_{key}"] = True
    elif decide(add_comment, visit_id, key):
        st.session_state[key] = ""


def decide(command: saving.Command, visit_id: str, key: str) -> bool:
    """Runs a command of `data.review` with the text of a field; says whether the database has it.

    The id of the comment is one for each text, so that a tap repeated after a lost reply adds one comment.
    """
    text = st.session_state[key]
    remembered = f"id_{key}"
    known: tuple[str, str] = st.session_state.get(remembered, ("", ""))
    comment_id = known[1] if known[0] == text and known[1] else new_id()
    st.session_state[remembered] = (text, comment_id)
    if not saving.save(command, visit_id, comment_id, text):
        return False
    del st.session_state[remembered]
    return True
