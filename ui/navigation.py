"""Which pages there are, what each is called, and which of them the header shows to whom.

Every `url_path` is a literal here. Inside a visit (its id stands in the address) the header holds only the
way back and the distributor.
"""

import streamlit as st
from streamlit.navigation.page import Page

from language import _
from ui.current_user import CurrentUser
from ui.names import name_of

VISIT_PAGES = {
    "prepare": "pages/visit/preparation.py",
    "wrap_up": "pages/visit/wrap_up.py",
    "submit": "pages/visit/submit.py",
}
"""The step pages by step, in the stepper's order; a step without a page does not exist yet."""


def pages_for(user: CurrentUser) -> list[Page]:
    """The pages that a user may open; those of a visit are hidden in the header."""
    role = user.actor.role
    account = st.Page(
        "pages/office/account.py",
        title=name_of(user.user.name, user.user.name_en),
        url_path="account",
    )
    if role == "rep":
        return [*_rep_pages(), account]
    if role == "manager":
        return [
            st.Page("pages/review/queue.py", title=_("Review"), url_path="review", default=True),
            account,
        ]
    if role == "administrator":
        return [
            st.Page("pages/office/users.py", title=_("Users"), url_path="users", default=True),
            account,
        ]
    return [account]


def _rep_pages() -> list[Page]:
    inside = "visit" in st.query_params
    today = st.Page(
        "pages/visit/today.py",
        title=_("Today"),
        icon=":material/arrow_back:" if inside else "",
        url_path="today",
        default=True,
    )
    steps = [
        st.Page("pages/visit/preparation.py", title=_("Prepare"), url_path="prepare", visibility="hidden"),
        st.Page("pages/visit/wrap_up.py", title=_("Wrap‑up"), url_path="wrap-up", visibility="hidden"),
        st.Page("pages/visit/submit.py", title=_("Submit"), url_path="submit", visibility="hidden"),
    ]
    return [today, *steps]
