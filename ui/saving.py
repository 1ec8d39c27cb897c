"""Saving as it is entered: every change goes to the database before the screen says so.

A screen's callbacks call `save` with a command of `data`. What cannot be saved is remembered with its sentence
and shown by `show_outcome` at the top of the screen; a conflict shows both values and lets the person choose.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

import streamlit as st

from core.errors import FieldvisitError
from data.database import database
from data.engine import writing
from data.errors import Conflict
from data.visit_steps import begin_step
from language import _
from ui import clock, problems
from ui.current_user import me

Command = Callable[..., Any]


@dataclass(frozen=True)
class Pending:
    """A change that met another one and waits for the person's choice."""

    conflict: Conflict
    command: Command
    values: tuple[Any, ...]
    options: dict[str, Any]
    visit_id: str
    step: str


def save(command: Command, *values: Any, visit_id: str = "", step: str = "", **options: Any) -> bool:
    """Runs a command in a transaction of its own; says whether the database has it.

    Args:
        command: A function of `data` that takes `(session, actor, …)`; `now` is added where it asks for it. One
            that can meet a conflict takes `seen`, the value that stood on the screen, by keyword.
        values: Its arguments after session and actor.
        visit_id: With `step`: the visit in which something was entered.
        step: The step that this entry begins, in the same transaction.
        options: Its keyword arguments.
    """
    now = clock.now()
    timed = {"now": now} if "now" in signature(command).parameters else {}
    # Asked before the transaction: who it is may itself have to be noted in the database.
    actor = me().actor
    if st.session_state.get("user_id", actor.user_id) != actor.user_id:
        # Somebody else has signed in here since this page was drawn; what it shows is not his to save.
        st.rerun()
    try:
        with writing(database()) as session:
            command(session, actor, *values, **options, **timed)
            if step:
                begin_step(session, actor, visit_id, step, now)
    except Conflict as conflict:
        waiting = st.session_state.setdefault("conflicts", {})
        waiting[f"{command.__name__}:{values}"] = Pending(conflict, command, values, options, visit_id, step)
        return False
    except FieldvisitError as error:
        st.session_state["problem"] = error
        return False
    st.session_state["saved_at"] = now
    return True


def save_and_close(command: Command, *values: Any, **options: Any) -> None:
    """Saves from a dialog, which closes only when the database has it: what was typed stays otherwise.

    A conflict closes it too, because the page then shows both values.
    """
    if save(command, *values, **options) or st.session_state.get("conflicts"):
        st.rerun()
    _show_problem()


def show_outcome() -> None:
    """Shows what could not be saved, once; a conflict stays until the person has chosen."""
    _show_problem()
    for number, (name, pending) in enumerate(list(st.session_state.get("conflicts", {}).items())):
        _show_conflict(name, pending, f"_{number}" if number else "")


def _show_problem() -> None:
    problem = st.session_state.pop("problem", None)
    if isinstance(problem, str):
        st.error(problem, icon=":material/error:")
    elif problem is not None:
        problems.show(problem)


def _show_conflict(name: str, pending: Pending, suffix: str) -> None:
    with st.container(border=True):
        st.warning(problems.sentence(pending.conflict), icon=":material/sync_problem:")
        with st.container(horizontal=True):
            keys = (f"conflict_theirs{suffix}", f"conflict_mine{suffix}")
            st.button(_("Keep theirs"), key=keys[0], on_click=_settle, args=(name, False))
            st.button(_("Take mine"), key=keys[1], on_click=_settle, args=(name, True))


def _settle(name: str, take_mine: bool) -> None:
    pending: Pending = st.session_state["conflicts"].pop(name)
    if take_mine:
        # The value is given again, now from the one that the person has seen in the warning.
        options = {**pending.options, "seen": pending.conflict.theirs}
        save(pending.command, *pending.values, visit_id=pending.visit_id, step=pending.step, **options)


def shown(key: str, value: Any) -> str:
    """Sets what a widget shows to what the database has, before it is drawn without a value of its own.

    A keyed widget keeps its own value otherwise: another tablet's change would stay unseen, and the next touch
    here would claim to have seen it.

    Args:
        key: The widget's key.
        value: The value in the database.

    Returns:
        The key.
    """
    st.session_state[key] = value
    return key
