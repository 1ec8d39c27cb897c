"""The users' page: the list, what can be done with one of them, and the commands behind it."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.errors import FieldvisitError
from data.access import Actor
from data.database import database
from data.engine import writing
from data.errors import InvalidValue, NotAllowed
from data.hand_over import hand_over
from data.hand_over_plan import Moves, what_moves
from data.users import ROLES_WITH_REGIONS, UserRow
from language import _, p_
from language.formats import MISSING, listed
from language.words import word
from ui import clock, problems
from ui.current_user import me
from ui.markup import plain
from ui.names import name_of

DIALOG = "users_dialog"
"""Which dialog is open and for whom: `(kind, user id)`."""

PROBLEM = "users_problem"
DONE = "users_done"


def show_users(users: Sequence[UserRow], regions: Mapping[str, str]) -> UserRow | None:
    """The users as a table; says who is chosen."""
    table = pd.DataFrame(
        {
            "name": [name_of(row.name, row.name_en) for row in users],
            "account": [row.account for row in users],
            "role": [word("user_account.role", row.role) for row in users],
            "regions": [listed([regions[id_] for id_ in row.region_ids]) or MISSING for row in users],
            "distributors": [row.distributor_count if row.role == "rep" else None for row in users],
            "state": [_("Retired") if row.retired_at else _("Active") for row in users],
        }
    ).astype({"distributors": "Int64"})
    # another list, another table: what was chosen in the one must not point at somebody else in the other
    key = zlib.crc32("".join(row.user_id for row in users).encode())
    event = st.dataframe(
        table,
        key=f"users_{key}",
        hide_index=True,
        row_height=46,
        height=min(416, 46 * (len(users) + 1) + 2),
        on_select="rerun",
        selection_mode="single-row",
        placeholder=MISSING,
        alt=_("Users"),
        column_config={
            "name": st.column_config.TextColumn(p_("of a person", "Name"), width=130),
            "account": st.column_config.TextColumn(_("Account"), width=130),
            "role": st.column_config.TextColumn(_("Role"), width=150),
            "regions": st.column_config.TextColumn(_("Regions"), width=150),
            "distributors": st.column_config.NumberColumn(_("Distributors"), width=100),
            "state": st.column_config.TextColumn(_("State"), width=80),
        },
    )
    chosen = event.selection.rows
    return users[chosen[0]] if chosen and chosen[0] < len(users) else None


def offer_actions(user: UserRow, own_id: str) -> None:
    """What the administrator can do with a user."""
    actions: list[tuple[str, str, str]] = []
    if user.distributor_count:
        actions.append(("hand_over", _("Hand distributors over"), ":material/swap_horiz:"))
    if user.role in ROLES_WITH_REGIONS and user.retired_at is None:
        actions.append(("regions", _("Regions"), ":material/map:"))
    if user.retired_at is None:
        actions.append(("password", _("New password"), ":material/key:"))
        if user.user_id != own_id:
            actions.append(("retire", _("Retire"), ":material/person_off:"))
    st.markdown(f"**{plain(name_of(user.name, user.name_en))}** · {plain(user.account)}")
    with st.container(horizontal=True):
        for kind, label, icon in actions:
            st.button(label, key=f"do_{kind}", icon=icon, on_click=open_dialog, args=(kind, user.user_id))


def open_dialog(kind: str, user_id: str = "") -> None:
    """Opens a dialog; it stays until it is answered or dismissed."""
    forget()
    st.session_state[DIALOG] = (kind, user_id)


def forget() -> None:
    """Closes the dialog and forgets what it showed, a password above all."""
    for key in (DIALOG, PROBLEM, DONE):
        st.session_state.pop(key, None)


@dataclass(frozen=True)
class Done:
    """A command that was carried out, and what it gave back."""

    result: Any


def attempt(command: Callable[..., Any], **values: Any) -> Done | None:
    """Runs a command of `data`; `None` when it could not be done, and `PROBLEM` says why."""
    # who asks is looked up first: that may itself write, and one transaction writes at a time
    actor = me().actor
    try:
        with writing(database()) as session:
            return Done(command(session, actor, now=clock.now(), **values))
    except FieldvisitError as error:
        st.session_state[PROBLEM] = sentence(error)
        return None


def show_problem() -> None:
    """What could not be done, in the dialog where it was asked for."""
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.error(problem, icon=":material/error:")


def hand_over_counted(
    session: Any,
    actor: Actor,
    *,
    now: datetime,
    distributor_ids: Sequence[str],
    to_rep_id: str,
    from_on: date,
) -> Moves:
    """Hands distributors over and says how much moved along, in one transaction."""
    moves = what_moves(session, actor, distributor_ids=distributor_ids, to_rep_id=to_rep_id, from_on=from_on)
    hand_over(session, actor, distributor_ids=distributor_ids, to_rep_id=to_rep_id, from_on=from_on, now=now)
    return moves


def sentence(error: FieldvisitError) -> str:
    """What was wrong, in the words of this page."""
    if isinstance(error, InvalidValue):
        known = {
            "account": _(
                "The account is taken, or not 2 to 64 small Latin letters, digits or . _ @ -, the first a"
                " letter or digit."
            ),
            "name": _("Give the name as colleagues write it."),
            "from_on": _("Choose today or a later day."),
            "rep": _("Choose a rep who is not retired."),
        }
        return known.get(error.field) or problems.sentence(error)
    if isinstance(error, NotAllowed):
        return _("This is not possible: the user is retired, is yourself, or has another role.")
    return problems.sentence(error)
