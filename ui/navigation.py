"""Which pages there are, what each is called, and which of them the header shows to whom.

Every `url_path` is a literal here, but that of an address at which nothing is. Inside a visit (its id stands in
the address) the header holds only the way back and the distributor.
"""

from typing import Literal
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from language import _
from ui.current_user import CurrentUser
from ui.names import name_of

VISIT_PAGES = {
    "prepare": "pages/visit/preparation.py",
    "prices": "pages/visit/price_comparison.py",
    "stock": "pages/visit/inventory.py",
    "sales": "pages/visit/sales_mix.py",
    "accounts": "pages/visit/reconciliation.py",
    "service": "pages/visit/service.py",
    "market": "pages/visit/market.py",
    "order": "pages/visit/order_suggestion.py",
    "talk": "pages/visit/coaching.py",
    "wrap_up": "pages/visit/wrap_up.py",
    "submit": "pages/visit/submit.py",
}
"""The step pages by step, in the stepper's order; a step without a page does not exist yet."""


HOMES = {
    "rep": "pages/visit/today.py",
    "manager": "pages/review/queue.py",
    "clerk": "pages/office/visit_log.py",
    "administrator": "pages/office/users.py",
}
"""Where each role's day begins."""


def pages_for(user: CurrentUser) -> list[Page]:
    """The pages that a user may open; those of a visit are hidden in the header.

    Streamlit gives its default page no address of its own: it is one that only leads on, so that every real
    page has an address that can be opened directly.
    """
    home = st.Page(
        "pages/office/home.py", title="Fieldvisit", url_path="home", default=True, visibility="hidden"
    )
    pages = [home, *_pages_of(user)]
    return [*pages, *_none_of(pages)]


def _none_of(pages: list[Page]) -> list[Page]:
    """A page for an address that is none of these; Streamlit would say in English that there is none."""
    asked = unquote(urlsplit(st.context.url or "").path).strip(" /").rpartition("/")[2]
    if asked in ("", "home", *(page.url_path for page in pages)):
        return []
    script = "pages/office/none_of_yours.py"
    return [st.Page(script, title="Fieldvisit", url_path=asked, visibility="hidden")]


def _pages_of(user: CurrentUser) -> list[Page]:
    role = user.actor.role
    account = st.Page(
        "pages/office/account.py",
        title=name_of(user.user.name, user.user.name_en),
        url_path="account",
        visibility="hidden" if "visit" in st.query_params else "visible",
    )
    if role == "rep":
        return [*_rep_pages(), account]
    if role == "manager":
        return [
            st.Page("pages/review/queue.py", title=_("Review"), url_path="review"),
            st.Page("pages/review/market.py", title=_("Region"), url_path="region"),
            st.Page("pages/review/orders.py", title=_("Orders"), url_path="orders"),
            _visit_log(),
            account,
        ]
    if role == "administrator":
        return [
            st.Page("pages/office/users.py", title=_("Users"), url_path="users"),
            _visit_log(),
            account,
        ]
    return [_visit_log(), account]


def _visit_log(*, is_hidden: bool = False) -> Page:
    return st.Page(
        "pages/office/visit_log.py",
        title=_("Visit log"),
        url_path="visit-log",
        visibility="hidden" if is_hidden else "visible",
    )


def _rep_pages() -> list[Page]:
    if "visit" not in st.query_params:
        return [_today(), _visit_log(), _distributor(), *_steps()]
    # Inside a visit the header holds the way back and the distributor, nothing that leads astray.
    back = _today(icon=":material/arrow_back:")
    return [back, _distributor(is_hidden=False), _visit_log(is_hidden=True), *_steps()]


def _today(icon: str = "") -> Page:
    return st.Page("pages/visit/today.py", title=_("Today"), icon=icon, url_path="today")


def _distributor(*, is_hidden: bool = True) -> Page:
    return st.Page(
        "pages/visit/distributor.py",
        title=st.session_state.get("distributor_name") or _("Distributor"),
        url_path="distributor",
        visibility="hidden" if is_hidden else "visible",
    )


def _steps() -> list[Page]:
    hidden: Literal["hidden"] = "hidden"
    return [
        st.Page("pages/visit/preparation.py", title=_("Prepare"), url_path="prepare", visibility=hidden),
        st.Page("pages/visit/price_comparison.py", title=_("Prices"), url_path="prices", visibility=hidden),
        st.Page("pages/visit/inventory.py", title=_("Stock"), url_path="stock", visibility=hidden),
        st.Page("pages/visit/sales_mix.py", title=_("Sales"), url_path="sales", visibility=hidden),
        st.Page("pages/visit/reconciliation.py", title=_("Accounts"), url_path="accounts", visibility=hidden),
        st.Page("pages/visit/service.py", title=_("Service"), url_path="service", visibility=hidden),
        st.Page("pages/visit/market.py", title=_("Market"), url_path="market", visibility=hidden),
        st.Page("pages/visit/order_suggestion.py", title=_("Order"), url_path="order", visibility=hidden),
        st.Page("pages/visit/coaching.py", title=_("Talk"), url_path="talk", visibility=hidden),
        st.Page("pages/visit/wrap_up.py", title=_("Wrap‑up"), url_path="wrap-up", visibility=hidden),
        st.Page("pages/visit/submit.py", title=_("Submit"), url_path="submit", visibility=hidden),
    ]
