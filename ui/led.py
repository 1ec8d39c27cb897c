"""Where a tap has led, as long as the tablet may not know it yet.

An element tells its news with the address that its page has at that moment. News that set out before the tablet
heard of the next page arrives after it, and Streamlit would draw the page that was left once more: the tap would
be undone. So the tap is remembered for a moment, and such a drawing leads on again. What the news carries was
taken before: entries lie in the database, and callbacks have run. The browser's own way back looks like such news:
within that moment it leads on as well, and a second one goes back.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

DRAWN_WITHIN = 10.0
UNDER_WAY = 3.0
"""Seconds that a page may take to be drawn, and that news may be under way after that."""

_LED = "led"
_PAGE = "page_drawn"


@dataclass(frozen=True)
class Led:
    """A tap that led from one address to another; an address is a page and its query."""

    left: tuple[str, Mapping[str, str]]
    script: str
    query: Mapping[str, str]
    tapped: float
    drawn: float | None = None


def lead_to(script: str, query: Mapping[str, str]) -> None:
    """Opens a page under a query, for good.

    Args:
        script: The page's file; "" for the page that is drawn, under another query.
        query: All of its query.
    """
    left = (st.session_state.get(_PAGE, ""), st.query_params.to_dict())
    st.session_state[_LED] = Led(left, script, query, time.monotonic())
    _open(script, query)


def follow(page: str) -> None:
    """Leads on from a page that was left a moment ago. Call it before the page is drawn.

    Args:
        page: The address of the page that is to be drawn, without its query.
    """
    st.session_state[_PAGE] = page
    led: Led | None = st.session_state.get(_LED)
    if led is None or led.left != (page, st.query_params.to_dict()):
        return
    now = time.monotonic()
    if now - led.tapped < DRAWN_WITHIN if led.drawn is None else now - led.drawn < UNDER_WAY:
        _open(led.script, led.query)
    del st.session_state[_LED]


def note_drawn(page: str) -> None:
    """Call it when a page was drawn to its end."""
    led: Led | None = st.session_state.get(_LED)
    if led is not None and led.drawn is None and led.left != (page, st.query_params.to_dict()):
        st.session_state[_LED] = replace(led, drawn=time.monotonic())


def forget() -> None:
    """For a tap that goes back to where another has led from."""
    st.session_state.pop(_LED, None)


def _open(script: str, query: Mapping[str, str]) -> None:
    if script:
        st.switch_page(script, query_params=dict(query))
    st.query_params.from_dict(dict(query))
    st.rerun()
