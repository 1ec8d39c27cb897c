"""Whom the visit in the address is to: the header of a visit names him, in a fresh tab too."""

import streamlit as st

from data.database import database
from data.engine import reading
from data.visits import find_visit
from ui.current_user import CurrentUser
from ui.names import name_of


def remember_visited(user: CurrentUser) -> None:
    """Remembers the distributor of the visit in the address; where the header does not name him yet, draws anew."""
    with reading(database()) as session:
        visit = find_visit(session, user.actor, st.query_params["visit"])
    if visit is None:
        return
    st.session_state["distributor_id"] = visit.distributor_id
    name = name_of(visit.short or visit.distributor, visit.short_en or visit.distributor_en)
    if st.session_state.get("distributor_name") != name:
        st.session_state["distributor_name"] = name
        st.rerun()
