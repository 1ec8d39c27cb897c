"""Choosing one of the own distributors: to add a visit that was not planned, or to read of him."""

import streamlit as st

from data.database import database
from data.distributors import own_distributors
from data.engine import reading
from data.identifiers import new_id
from data.visits import add_visit
from language import _
from ui import icons, saving
from ui.current_user import CurrentUser
from ui.names import name_of


def offer_unplanned(user: CurrentUser) -> None:
    """A button that asks for the distributor and adds him to today."""
    if st.button(_("Unplanned visit"), key="unplanned", icon=icons.ADD):
        _ask(user)


@st.dialog(" ")
def _ask(user: CurrentUser) -> None:
    # The title of a dialog is fixed at import, where no language is known: the words stand inside.
    st.subheader(_("Unplanned visit"), anchor=False)
    chosen = _choice(user, "unplanned_distributor")
    # One id for this dialog, so that a repeated tap adds one visit.
    visit_id = st.session_state.setdefault("unplanned_id", new_id())
    if st.button(_("Add to today"), type="primary", key="unplanned_add", disabled=chosen is None) and chosen:
        if saving.save(add_visit, visit_id, chosen):
            del st.session_state["unplanned_id"]
        st.rerun()


def choose_distributor(user: CurrentUser) -> str:
    """Asks whose page is wanted; until that is said the page ends here."""
    st.subheader(_("Distributor"), anchor=False)
    chosen = _choice(user, "read_distributor")
    if chosen is None:
        st.stop()
    return chosen


def _choice(user: CurrentUser, key: str) -> str | None:
    with reading(database()) as session:
        found = own_distributors(session, user.actor)
    names = {row.id: name_of(row.name, row.name_en) for row in found}
    if not names:
        st.info(_("No distributor is assigned to you."))
        return None
    chosen: str | None = st.selectbox(
        _("Distributor"),
        list(names),
        index=None,
        key=key,
        format_func=lambda id_: names[id_],
        placeholder=_("Type a name"),
    )
    return chosen
