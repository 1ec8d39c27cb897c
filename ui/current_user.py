"""Who sits before this screen: looked up in the database at every run, because cookies do not change in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import streamlit as st

from data.access import Actor
from data.company import CompanySettings, company_settings
from data.database import database
from data.engine import reading
from data.sign_in import SignedInUser, recognise
from ui import clock

SESSION_COOKIE = "fieldvisit_session"


@dataclass(frozen=True)
class CurrentUser:
    """The signed-in user, what he may reach, and the company's settings beside it."""

    user: SignedInUser
    actor: Actor
    company: CompanySettings


_at_the_door: ContextVar[CurrentUser | None] = ContextVar("at_the_door", default=None)


def session_token() -> str:
    """The token of the browser's sign-in cookie; empty without one. Patched where there is no browser."""
    return st.context.cookies.get(SESSION_COOKIE, "")


def current_user() -> CurrentUser | None:
    """The signed-in user of this run, or `None` when the session has ended."""
    now = clock.now()
    user = recognise(database(), session_token(), now)
    if user is None:
        return None
    with reading(database()) as session:
        company = company_settings(session, Actor(user.user_id, user.role, now.date()))
    today = now.astimezone(company.time_zone).date()
    return CurrentUser(user, Actor(user.user_id, user.role, today), company)


@contextmanager
def let_in(user: CurrentUser) -> Iterator[None]:
    """What is drawn inside the block need not ask again who it is for: the door has just asked."""
    token = _at_the_door.set(user)
    try:
        yield
    finally:
        _at_the_door.reset(token)


def me() -> CurrentUser:
    """The user of this run; when the session has ended, the page is drawn anew and the door says so.

    Asked once a run, once a fragment that is redrawn by itself and once a save from it: each may be the first
    thing after a sign-out elsewhere.
    """
    found = _at_the_door.get() or current_user()
    if found is None:
        st.rerun(scope="app")
    return found
