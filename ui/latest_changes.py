"""How long the figures of a visit are remembered: until something changed, looked for once a minute."""

import streamlit as st

from data.access import Actor
from data.database import database
from data.engine import reading
from data.latest_changes import latest_changes
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


@st.cache_data(ttl=60, max_entries=512, show_spinner=False)
def _stamp(user_id: str, visit_id: str, _actor: Actor) -> str:
    with reading(database()) as session:
        return latest_changes(session, _actor, visit_id)
