"""The door of the screens: who is it, in which language, which page, and one boundary for errors."""

import logging
import secrets
import time

import streamlit as st

import language
from core.errors import FieldvisitError
from data.engine import one_reading
from language import _
from ui import led, problems
from ui.current_user import current_user, let_in
from ui.elements.queue_state import queue_state
from ui.navigation import pages_for

log = logging.getLogger("fieldvisit.screens")

STYLE = """<style>
.st-key-visitbar{margin-bottom:-2.25rem}
[class*="st-key-touch"] button{min-height:2.5rem}
[class*="st-key-qty_"] button{width:2.5rem}
[class*="st-key-book_file"] [data-testid=stFileUploaderDropzoneInstructions]{display:none}
[class*="st-key-book_file"] section button p{font-size:0}
[class*="st-key-book_file"] section button p::after{content:"%s";font-size:1rem}
</style>"""
"""The whole style sheet of the product: an empty strip below the bar, two targets that are too small, and the words
of Streamlit's file uploader, which it has in English alone."""


def draw() -> None:
    """Draws the page that was asked for, for the user who is signed in."""
    st.set_page_config(layout="wide")
    language.otherwise(_language_of_session)
    started = time.perf_counter()
    name = ""
    try:
        # Everything that a page shows side by side is of one moment, and asked in one session.
        with one_reading():
            user = current_user()
            if user is None:
                _say_signed_out()
                return
            _forget_another_user(user.user.user_id)
            st.session_state["language"] = user.user.language
            language.use(user.user.language)
            st.html(STYLE % _("Choose a file"))
            page = st.navigation(pages_for(user), position="top")
            name = page.url_path
            led.follow(name)
            with let_in(user):
                page.run()
            led.note_drawn(name)
            if "visit" not in st.query_params:
                _show_queue(user.user.user_id)
    # The one catch-all of the product; Streamlit's own control flow is no `Exception`.
    except Exception as error:  # noqa: BLE001
        say_what_went_wrong(error)
    log.info("page drawn", extra={"page": name, "seconds": round(time.perf_counter() - started, 4)})


def _forget_another_user(user_id: str) -> None:
    """A tab that reconnects after somebody else has signed in must not show him what the first one typed."""
    if st.session_state.get("user_id", user_id) != user_id:
        st.session_state.clear()
        st.session_state["user_id"] = user_id
        st.rerun()
    st.session_state["user_id"] = user_id


@st.fragment
def _show_queue(user_id: str) -> None:
    # Outside a visit too: it delivers what an earlier page left on the tablet, and warns before signing out.
    queue_state(user=user_id)


def say_what_went_wrong(error: Exception) -> bool:
    """Shows a sentence in place of what failed: what to do, or a number that is also in the log.

    Also what Streamlit calls for an error in a callback or in a part of a page that is drawn again by itself.

    Returns:
        True: it was shown.
    """
    if isinstance(error, FieldvisitError):
        problems.show(error)
        return True
    number = secrets.token_hex(4)
    log.error("page failed", exc_info=error, extra={"error_number": number})
    st.error(
        _(
            "Something went wrong on our side. What you entered before is saved. Reload the page; if it happens"
            " again, tell your administrator the number {number}."
        ).format(number=number),
        icon=":material/error:",
    )
    return True


def _say_signed_out() -> None:
    language.use(st.session_state.get("language", language.DEFAULT))
    st.navigation([st.Page(lambda: None, title="Fieldvisit", url_path="", default=True)], position="hidden")
    st.info(_("You are signed out. What you entered before is saved."), icon=":material/lock:")
    st.html(f'<a href="/sign-in" target="_self">{_("Sign in")}</a>')


def _language_of_session() -> str | None:
    return st.session_state.get("language")
