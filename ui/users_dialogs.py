"""The administrator's dialogs: a new user, a new password, regions, retiring, handing distributors over."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from data.database import database
from data.engine import reading
from data.hand_over_plan import Moves, distributors_held, what_moves
from data.tables.company import ROLES
from data.users import ROLES_WITH_REGIONS, UserRow, assign_regions, create_user, reset_password, retire_user
from language import NAMES, _, n_, p_
from language.calendar import day
from language.words import word
from ui.current_user import me
from ui.markup import plain, small
from ui.names import name_of
from ui.users import DIALOG, DONE, attempt, forget, hand_over_counted, show_problem


@st.dialog(" ", on_dismiss=forget)
def show_dialog(users: Sequence[UserRow], regions: Mapping[str, str]) -> None:
    """The dialog that is open, or what came of it."""
    if DIALOG not in st.session_state:
        st.rerun()
    kind, user_id = st.session_state[DIALOG]
    user = next((row for row in users if row.user_id == user_id), None)
    show_problem()
    if DONE in st.session_state:
        _show_done()
    elif kind == "new":
        _ask_new(regions)
    elif user is not None:
        _ASK[kind](user, users, regions)


def _show_done() -> None:
    head, password, text = st.session_state[DONE]
    st.subheader(plain(head), anchor=False)
    if password:
        st.code(password, language=None)
    st.markdown(small(plain(text)))
    label = _("I have noted the password") if password else _("Close")
    st.button(label, key="users_close", type="primary", on_click=forget)


def _ask_new(regions: Mapping[str, str]) -> None:
    st.subheader(_("New user"), anchor=False)
    st.text_input(p_("of a person", "Name"), key="new_name", max_chars=100)
    st.text_input(_("Name in Latin letters"), key="new_name_en", max_chars=100)
    st.text_input(_("Account"), key="new_account", max_chars=64)
    role = st.selectbox(
        _("Role"), list(ROLES), key="new_role", format_func=lambda code: word("user_account.role", code)
    )
    with st.container(key="touch_new_language"):
        st.segmented_control(
            _("Language"),
            list(NAMES),
            default="zh",
            key="new_language",
            format_func=lambda code: NAMES[code],
            required=True,
        )
    if role in ROLES_WITH_REGIONS:
        _regions(regions, "new_regions", ())
    st.button(_("Create the user"), key="new_create", type="primary", on_click=_create)


def _create() -> None:
    given = st.session_state
    made = attempt(
        create_user,
        account=given["new_account"] or "",
        name=given["new_name"] or "",
        name_en=given["new_name_en"] or "",
        role=given["new_role"],
        language=given["new_language"],
        region_ids=given.get("new_regions", ()) if given["new_role"] in ROLES_WITH_REGIONS else (),
    )
    if made is not None:
        name = given["new_name"].strip()
        _hand_password(_("{name} can sign in now").format(name=name), made.result.password)


def _hand_password(head: str, password: str) -> None:
    text = _("Hand this password over now: it is shown only here and only once.")
    st.session_state[DONE] = (head, password, text)


def _ask_password(user: UserRow, _users: Sequence[UserRow], _regions: Mapping[str, str]) -> None:
    name = name_of(user.name, user.name_en)
    st.subheader(_("New password for {name}").format(name=plain(name)), anchor=False)
    st.markdown(small(_("The old one stops working at once, and the user is signed out on every device.")))
    st.button(
        _("Make a new password"),
        key="password_make",
        type="primary",
        on_click=partial(_reset, user.user_id, name),
    )


def _reset(user_id: str, name: str) -> None:
    made = attempt(reset_password, user_id=user_id)
    if made is not None:
        _hand_password(_("The new password of {name}").format(name=name), made.result)


def _ask_retire(user: UserRow, _users: Sequence[UserRow], _regions: Mapping[str, str]) -> None:
    name = plain(name_of(user.name, user.name_en))
    st.subheader(_("Retire {name}?").format(name=name), anchor=False)
    st.markdown(
        small(
            _(
                "The user is signed out and cannot sign in again. What was recorded stays. It cannot be undone."
            )
        )
    )
    if user.distributor_count:
        count = user.distributor_count
        text = n_(
            "{count} distributor stays with this rep until it is handed over.",
            "{count} distributors stay with this rep until they are handed over.",
            count,
        )
        st.warning(text.format(count=count), icon=":material/warning:")
    st.button(
        _("Retire {name}").format(name=name),
        key="retire_do",
        type="primary",
        on_click=partial(_retire, user.user_id),
    )


def _retire(user_id: str) -> None:
    if attempt(retire_user, user_id=user_id):
        forget()


def _ask_regions(user: UserRow, _users: Sequence[UserRow], regions: Mapping[str, str]) -> None:
    name = plain(name_of(user.name, user.name_en))
    st.subheader(_("Regions of {name}").format(name=name), anchor=False)
    _regions(regions, "user_regions", user.region_ids)
    st.button(
        _("Keep these regions"), key="regions_do", type="primary", on_click=partial(_assign, user.user_id)
    )


def _assign(user_id: str) -> None:
    if attempt(assign_regions, user_id=user_id, region_ids=st.session_state["user_regions"]):
        forget()


def _regions(regions: Mapping[str, str], key: str, chosen: Sequence[str]) -> None:
    st.multiselect(
        _("Regions"),
        list(regions),
        default=list(chosen),
        key=key,
        format_func=lambda id_: regions[id_],
        placeholder=_("Choose"),
    )


def _ask_hand_over(user: UserRow, users: Sequence[UserRow], _regions: Mapping[str, str]) -> None:
    asking = me()
    with reading(database()) as session:
        held = {
            row.id: name_of(row.name, row.name_en)
            for row in distributors_held(session, asking.actor, rep_id=user.user_id)
        }
    reps = {
        row.user_id: name_of(row.name, row.name_en)
        for row in users
        if row.role == "rep" and row.retired_at is None and row.user_id != user.user_id
    }
    name = plain(name_of(user.name, user.name_en))
    st.subheader(_("Hand over distributors of {name}").format(name=name), anchor=False)
    chosen = st.multiselect(
        _("Distributors"),
        list(held),
        key="hand_distributors",
        format_func=lambda id_: held.get(id_, ""),
        placeholder=_("Choose"),
    )
    to_rep = st.selectbox(
        _("To"),
        list(reps),
        index=None,
        key="hand_to",
        format_func=lambda id_: reps.get(id_, ""),
        placeholder=_("Choose a rep"),
    )
    from_on = st.date_input(
        _("From"),
        value=asking.actor.today,
        min_value=asking.actor.today,
        key="hand_from",
        format="YYYY-MM-DD",
    )
    is_ready = bool(chosen and to_rep and from_on)
    if chosen and to_rep and from_on:
        with reading(database()) as session:
            moves = what_moves(
                session, asking.actor, distributor_ids=chosen, to_rep_id=to_rep, from_on=from_on
            )
        st.markdown(small(plain(_moves(moves))))
    count = len(chosen)
    label = n_("Hand over {count} distributor", "Hand over {count} distributors", count).format(count=count)
    st.button(label, key="hand_do", type="primary", disabled=not is_ready, on_click=_hand_over)


def _hand_over() -> None:
    given = st.session_state
    count, from_on = len(given["hand_distributors"]), given["hand_from"]
    done = attempt(
        hand_over_counted,
        distributor_ids=given["hand_distributors"],
        to_rep_id=given["hand_to"],
        from_on=from_on,
    )
    if done is not None:
        head = n_(
            "{count} distributor handed over from {date}",
            "{count} distributors handed over from {date}",
            count,
        )
        st.session_state[DONE] = (head.format(count=count, date=day(from_on)), "", _moves(done.result))


def _moves(moves: Moves) -> str:
    visits = n_("{count} planned visit", "{count} planned visits", moves.visits).format(count=moves.visits)
    promises = n_("{count} open promise", "{count} open promises", moves.promises).format(
        count=moves.promises
    )
    return _("Along with them: {visits}, {promises}.").format(visits=visits, promises=promises)


_ASK: dict[str, Callable[[UserRow, Sequence[UserRow], Mapping[str, str]], None]] = {
    "password": _ask_password,
    "retire": _ask_retire,
    "regions": _ask_regions,
    "hand_over": _ask_hand_over,
}
