"""The dialogs of the account screen: what is said of a difference, linking by hand, parting what agrees."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import streamlit as st

from data.account_differences import (
    REASONS,
    REP_STATES,
    DifferenceRow,
    FoundDifference,
    differences_said,
    say_of_difference,
    take_up_difference,
)
from data.account_links import link_entries, withdraw_link
from data.database import database
from data.engine import reading
from data.identifiers import new_id
from data.ledgers import LedgerLine
from data.their_book import note_row
from language import _
from language.formats import money
from language.words import word
from ui import saving
from ui.entered import photo_strip, read_entered, text_field
from ui.markup import plain, small
from ui.names import name_of
from ui.reconciliation_facts import Accounts, Difference, Pairing
from ui.reconciliation_position import bare
from ui.reconciliation_words import (
    difference_name,
    kind_word,
    line_choice,
    line_name,
    reason_word,
    rule_word,
)
from ui.visit_frame import VisitPage

CLOSED = "difference_closed"
"""Set when the dialog of a difference is closed: the page is then drawn with what was said in it."""


def _note_closed() -> None:
    st.session_state[CLOSED] = True


@st.dialog(" ", width="medium", on_dismiss=_note_closed)
def show_difference(page: VisitPage, found: Difference, suggested: str = "") -> None:
    """A difference in full: its lines, and reason, owner, due day, state, note and photo, saved one by one."""
    st.subheader(difference_name(found, page.today), anchor=False)
    said = _said(page, found)
    if said is None and page.is_editable:
        saving.save(take_up_difference, page.visit.id, _found(found))
        said = _said(page, found)
    _show_problem()
    _lines(page, [*found.ours, *found.theirs])
    amount = money(found.amount_minor, page.company.currency, sign=True)
    st.markdown(f":gray-badge[{kind_word(found.kind)}] **{amount}**")
    closed = not page.is_editable or (said is not None and said.state == "written_off")
    if suggested and not closed and not (said and said.reason):
        st.button(
            _("It is: {reason}").format(reason=reason_word(suggested)),
            type="primary",
            key="difference_suggested",
            on_click=_say,
            args=(page, found, said, "reason", lambda: suggested),
        )
    _reason(page, found, said, closed)
    left, right = st.columns(2)
    with left:
        _owner(page, found, said, closed)
    with right:
        _due(page, found, said, closed)
    _state(page, found, said, closed)
    entered = read_entered(page)
    if said is not None and not closed:
        text_field(page, entered, _("Note"), row=note_row(found.key), field="note", fallback=said.note)
    elif said is not None and said.note:
        st.markdown(f"{small(_('Note'))}  \n{plain(said.note)}")
    photo_strip(page, entered, f"difference:{found.key[:32]}")


def _said(page: VisitPage, found: Difference) -> DifferenceRow | None:
    with reading(database()) as session:
        return differences_said(session, page.actor, page.visit.distributor_id).get(found.key)


def _found(found: Difference) -> FoundDifference:
    return FoundDifference(found.key, found.kind, found.amount_minor)


def _reason(page: VisitPage, found: Difference, said: DifferenceRow | None, closed: bool) -> None:
    with st.container(key="touch_difference_reason"):
        st.pills(
            _("Why do the books differ?"),
            REASONS,
            key=saving.shown("difference_reason", said.reason if said and said.reason in REASONS else None),
            format_func=reason_word,
            on_change=_say,
            args=(page, found, said, "reason", lambda: st.session_state["difference_reason"] or ""),
            disabled=closed,
        )


def _owner(page: VisitPage, found: Difference, said: DifferenceRow | None, closed: bool) -> None:
    mine = name_of(page.user.user.name, page.user.user.name_en)
    people = [mine, _("Our office"), _("Their accountant")]
    held = said.owner if said else ""
    options = people if held in ("", *people) else [held, *people]
    st.selectbox(
        _("Who clears it?"),
        options,
        key=saving.shown("difference_owner", held or None),
        accept_new_options=True,
        placeholder=_("Choose or type a name"),
        on_change=_say,
        args=(page, found, said, "owner", lambda: (st.session_state["difference_owner"] or "").strip()),
        disabled=closed,
    )


def _due(page: VisitPage, found: Difference, said: DifferenceRow | None, closed: bool) -> None:
    held = said.due_on if said else None
    st.date_input(
        _("Until when?"),
        min_value=min(held, page.today) if held else page.today,
        max_value=page.today + timedelta(days=366),
        key=saving.shown("difference_due", held),
        format="YYYY-MM-DD",
        on_change=_say,
        args=(page, found, said, "due_on", lambda: st.session_state["difference_due"]),
        disabled=closed,
    )


def _state(page: VisitPage, found: Difference, said: DifferenceRow | None, closed: bool) -> None:
    state = said.state if said else "open"
    states = REP_STATES if state in REP_STATES else (*REP_STATES, state)
    with st.container(key="touch_difference_state"):
        st.segmented_control(
            _("State"),
            states,
            key=saving.shown("difference_state", state),
            required=True,
            format_func=lambda code: word("account_difference.state", code),
            on_change=_say,
            args=(page, found, said, "state", lambda: st.session_state["difference_state"]),
            disabled=closed or said is None or not said.reason,
        )
    if said is None or not said.reason:
        st.markdown(small(_("Choose a reason first; without one the difference stays open.")))


def _say(
    page: VisitPage, found: Difference, said: DifferenceRow | None, field: str, value: Callable[[], Any]
) -> None:
    empty: Any = {"due_on": None, "state": "open"}.get(field, "")
    saving.save(
        say_of_difference,
        page.visit.id,
        _found(found),
        field,
        seen=getattr(said, field) if said else empty,
        value=value(),
        visit_id=page.visit.id,
        step="accounts",
    )


@st.dialog(" ", width="large")
def ask_link(page: VisitPage, accounts: Accounts, row: Pairing | None) -> None:
    """Links lines of both books by hand, with why."""
    st.subheader(_("Link lines by hand"), anchor=False)
    chosen = []
    for side, label in (("ours", _("Our lines")), ("theirs", _("Their lines"))):
        lines = {line.id: line for line in _unmatched(accounts, side)}

        def choice(each: str, of: dict[str, LedgerLine] = lines) -> str:
            return line_choice(of[each], page.company, page.today)

        preset = [line.id for line in getattr(row, side)] if row else []
        ids = st.multiselect(
            label,
            list(lines),
            default=[each for each in preset if each in lines],
            key=f"link_{side}",
            format_func=choice,
            placeholder=_("Choose lines"),
        )
        chosen.append([lines[each] for each in ids])
    ours, theirs = chosen
    rest = sum(line.amount_minor for line in ours) - sum(line.amount_minor for line in theirs)
    if ours and theirs:
        if rest:
            text = _("They differ by {amount}; that stays as one difference.").format(
                amount=money(rest, page.company.currency, sign=True)
            )
            st.markdown(f":orange[:material/warning:] {text}")
        else:
            st.markdown(f":green[:material/check:] {_('The sums are equal.')}")
    reason = st.text_input(_("Why do they belong together?"), key="link_reason", max_chars=500)
    if st.button(
        _("Link these lines"),
        type="primary",
        key="link_save",
        disabled=not (ours and theirs and reason.strip()),
    ):
        saving.save_and_close(
            link_entries,
            page.visit.id,
            new_id(),
            [line.id for line in ours],
            [line.id for line in theirs],
            "confirmed",
            reason=reason,
            visit_id=page.visit.id,
            step="accounts",
        )


def _unmatched(accounts: Accounts, side: str) -> list[LedgerLine]:
    """The lines of a side that stand in a difference and are real lines, not a sum of earlier ones."""
    lines = [line for each in accounts.differences for line in getattr(each, side) if line.code]
    return sorted(lines, key=lambda line: (line.on, line.id), reverse=True)


@st.dialog(" ", width="medium")
def ask_unlink(page: VisitPage, row: Pairing) -> None:
    """Lines that agree, in full; a person can say that they do not belong together."""
    st.subheader(rule_word(row.rule), anchor=False)
    _lines(page, [*row.ours, *row.theirs])
    link = row.link
    if link is not None:
        who = plain(name_of(link.linked_by, link.linked_by_en))
        st.markdown(small(" · ".join(filter(None, [who, plain(link.reason)]))))
    if not page.is_editable or row.rule == "opening" or not (row.ours and row.theirs):
        return
    reason = st.text_input(_("Why do they not belong together?"), key="unlink_reason", max_chars=500)
    if st.button(_("Part these lines"), key="unlink_save", disabled=not reason.strip()):
        if link is not None:
            saving.save_and_close(withdraw_link, page.visit.id, link.id, reason=reason)
        else:
            saving.save_and_close(
                link_entries,
                page.visit.id,
                new_id(),
                [line.id for line in row.ours],
                [line.id for line in row.theirs],
                "refused",
                reason=reason,
                visit_id=page.visit.id,
                step="accounts",
            )


def _lines(page: VisitPage, lines: Sequence[LedgerLine]) -> None:
    """Lines of both books, one below the other."""
    with st.container(gap="xxsmall"):
        for line in lines:
            left, right = st.columns([5, 2], vertical_alignment="center")
            side = word("ledger_entry.side", line.side)
            text = " · ".join(filter(None, [side, plain(line.text)]))
            left.markdown(f"**{plain(line_name(line, page.today))}**  \n{small(text)}")
            right.markdown(bare(line.amount_minor, page.company, sign=True), text_alignment="right")


def _show_problem() -> None:
    """What could not be saved, in the dialog; a conflict is chosen on the page below it."""
    if st.session_state.get("conflicts"):
        st.rerun()
    saving.show_outcome()
