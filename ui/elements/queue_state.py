"""The truth about this tablet's queue, for the bar of every page."""

from collections.abc import Mapping

import streamlit as st

from data.identifiers import new_id
from ui.elements.reported import QueueReport, mount
from ui.elements.source import element
from ui.elements.texts import bar_texts

_QUEUE_STATE = element("queue_state")


def queue_state(
    *,
    user: str,
    key: str = "queue_state",
    saved_at: str | None = None,
    texts: Mapping[str, str] | None = None,
) -> QueueReport:
    """Shows saved, waiting or no connection, and stops a tap on "sign out" while something waits.

    It stands in the bar of every page: it also delivers what an earlier page left behind. Sign-out is recognised
    by its address: a link or a form that leads to `/sign-out`.

    Args:
        user: The signed-in user's id.
        key: The element's key on the page.
        saved_at: The time of the last row that the database confirmed, as it is shown.
        texts: The words; `None`: `bar_texts()`.

    Returns:
        The queue of this tablet: submitting waits until `is_empty`.
    """
    words = bar_texts() if texts is None else texts
    data = {"session": st.session_state.setdefault("tablet_session", new_id())}
    return mount(_QUEUE_STATE, key=key, user=user, texts=words, data=data, saved_at=saved_at)
