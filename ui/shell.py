"""The door of the screens: who is it, in which language, which page, and one boundary for errors."""

import logging
import secrets
import time

import streamlit as st

import language
from core.errors import FieldvisitError
from language import _
from ui import problems
from ui.current_user import current_user
from ui.navigation import pages_for

log = logging.getLogger("fieldvisit.screens")

STYLE = """<style>
.st-key-visitbar{margin-bottom:-2.25rem}
[class*="st-key-touch"] button{min-height:2.5rem}
[class*="st-key-qty_"] button{width:2.5rem}
</style>"""
"""The whole style sheet of the product: an empty strip below the bar, and two targets that are too small."""


def draw() -> None:
    """Draws the page that was asked for, for the user who is signed in."""
    st.set_page_config(layout="wide")
    language.otherwise(_language_of_session)
    started = time.perf_counter()
    name = ""
    try:
        user = current_user()
        if user is None:
            _say_signed_out()
            return
        st.session_state["language"] = user.user.language
        language.use(user.user.language)
        st.html(STYLE)
        page = st.navigation(pages_for(user), position="top")
        name = page.url_path
        page.run()
    except FieldvisitError as error:
        problems.show(error)
    # The one catch-all of the product; Streamlit's own control flow is no `Exception`.
    except Exception:  # noqa: BLE001
        _apologise()
    log.info("page drawn", extra={"page": name, "seconds": round(time.perf_counter() - started, 4)})


def _apologise() -> None:
    number = secrets.token_hex(4)
    log.exception("page failed", extra={"error_number": number})
    st.error(
        _(
            "Something went wrong on our side. What you entered before is saved. Reload the page; if it happens"
            " again, tell your administrator the number {number}."
        ).format(number=number),
        icon=":material/error:",
    )


def _say_signed_out() -> None:
    language.use(st.session_state.get("language", language.DEFAULT))
    st.navigation([st.Page(lambda: None, title="Fieldvisit", url_path="", default=True)], position="hidden")
    st.info(_("You are signed out. What you entered before is saved."), icon=":material/lock:")
    st.html(f'<a href="/sign-in" target="_self">{_("Sign in")}</a>')


def _language_of_session() -> str | None:
    return st.session_state.get("language")
