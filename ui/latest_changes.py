"""How long the figures of a visit are remembered: until something changed, looked for once a minute."""

import streamlit as st

from data.access import Actor
from data.database import database
from data.engine import reading
from data.latest_changes import latest_changes, latest_changes_around
from ui.visit_frame import VisitPage

REMEMBERED_SECONDS = 600
"""How long figures are kept under an unmoved stamp: whatever a stamp does not know of shows by then."""

REMEMBERED_VISITS = 128
"""How many visits' figures are kept, the least used leave first: two screens of each of some fifty reps."""


def stamp_of(page: VisitPage) -> str:
    """What figures of a visit are remembered under, beside the visit: it moves within a minute of a change.

    Args:
        page: The step page.
    """
    return _stamp(page.actor.user_id, page.visit.id, page.actor)


def stamp_around(actor: Actor) -> str:
    """What figures over all of somebody's distributors are remembered under, beside who he is.

    Args:
        actor: Who asks.
    """
    return _stamp_around(actor.user_id, actor.role, actor)


@st.cache_resource(ttl=60, max_entries=512, show_spinner=False)
def _stamp_around(user_id: str, role: str, _actor: Actor) -> str:
    with reading(database()) as session:
        return latest_changes_around(session, _actor)


@st.cache_resource(ttl=60, max_entries=512, show_spinner=False)
def _stamp(user_id: str, visit_id: str, _actor: Actor) -> str:
    with reading(database()) as session:
        return latest_changes(session, _actor, visit_id)
