"""Saying something of a visit that was handed in: appended under who and when, never edited."""

import streamlit as st

from data.review import add_comment, approve_visit
from data.visits import VisitRow
from language import _
from ui import saving
from ui.current_user import CurrentUser
from ui.elements.text import Words
from ui.writing import words_for

COMMENTING_ROLES = ("manager", "rep", "administrator")


def may_comment(user: CurrentUser, visit: VisitRow) -> bool:
    """Whether this user may say something of the visit now: somebody who reviews or made it, once it is sent."""
    handed_in = visit.submitted_at is not None and visit.state in ("submitted", "returned", "approved")
    return handed_in and user.actor.role in COMMENTING_ROLES


@st.fragment
def comment_form(user: CurrentUser, visit: VisitRow, key: str) -> None:
    """A field and its button, drawn by themselves while somebody types.

    Args:
        user: Who speaks.
        visit: The visit spoken of.
        key: The key of the button's remark, one for each place on the screen.
    """
    missing = st.session_state.pop(f"empty_{key}", False)
    words = words_for(
        user.actor,
        visit.id,
        _("Comment, never edited"),
        row="comment",
        placeholder=_("Write something first") if missing else _("an answer, or what should be known"),
    )
    if st.button(_("Comment"), key=f"send_{key}", icon=":material/comment:"):
        say(add_comment, visit.id, words, key)
        st.rerun()


def say(command: saving.Command, visit_id: str, words: Words, key: str) -> None:
    """Runs a command of `data.review` with the words of a field, or remembers that there were none.

    The comment takes over the id of the entry that holds the words, so that a tap repeated after a lost reply adds
    one comment; the database empties the field with the same stroke.

    Args:
        command: `add_comment`, `return_visit` or `approve_visit`.
        visit_id: The visit.
        words: What stands in the field.
        key: Under which a missing comment is remembered for the next drawing.
    """
    if words.text.strip() or command is approve_visit:
        saving.save(command, visit_id, words.entry_id, words.text)
    else:
        st.session_state[f"empty_{key}"] = True
