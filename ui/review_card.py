"""One submitted visit as the manager sees it: what stands out, target beside actual, and the decision."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import streamlit as st

from core.alarms import Alarm
from core.visit import STEPS, completeness
from data.company import CompanySettings
from data.database import database
from data.directives import give_directive
from data.engine import reading
from data.objectives import ObjectiveRow
from data.promises import PromiseRow, promises_made
from data.review import CommentRow, add_comment, approve_visit, comments_of, return_visit
from data.visit_findings import visit_findings
from data.visit_steps import StepRow, steps_of
from data.visits import VisitRow
from language import _, n_
from language.calendar import day, time_span
from language.formats import listed
from language.words import word
from ui import icons, saving
from ui.badges import alarm_badge, alarm_reason
from ui.commenting import say
from ui.current_user import CurrentUser
from ui.elements.text import Words
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.reconciliation_write_off import draw_open_differences
from ui.visit_card import comment_list, objective_table, promise_list
from ui.visit_findings import finding_tabs
from ui.writing import words_for

BADGES = 3
"""Flags shown at once; all of them stand behind the button beside the name."""
TAB_HEIGHT = 178
CAPTION_HEIGHT = 32
HINT_HEIGHT = 42


def review_card(
    user: CurrentUser, visit: VisitRow, objectives: Sequence[ObjectiveRow], alarms: Sequence[Alarm]
) -> None:
    """The card with its buttons."""
    with reading(database()) as session:
        steps = steps_of(session, user.actor, visit.id)
        promises = promises_made(session, user.actor, visit.id)
        comments = comments_of(session, user.actor, [visit.id]).get(visit.id, [])
        found = visit_findings(session, user.actor, visit.id)
    flags = _flags(visit, steps, alarms, user.company)
    room = TAB_HEIGHT - HINT_HEIGHT if st.session_state.get(f"empty_{_field(visit)}") else TAB_HEIGHT
    with st.container(border=True, gap="xsmall"):
        _head(user, visit, steps, flags)
        if flags:
            more = f" :gray-badge[+{len(flags) - BADGES}]" if len(flags) > BADGES else ""
            st.markdown(" ".join(flag for flag, _reason in flags[:BADGES]) + more)
        objective_table(objectives, user.company)
        tabs: dict[str, Callable[[], None]] = {
            _("Summary"): partial(_summary, user, visit, promises),
            **finding_tabs(user, visit, found, room - CAPTION_HEIGHT),
            # shorter than the step's name: seven tabs stand beside the queue
            _("Books"): partial(draw_open_differences, user, visit.distributor_id),
            f"{_('Comments')} {len(comments)}": partial(_comments, user, comments),
        }
        for tab, (label, draw) in zip(st.tabs(list(tabs)), tabs.items(), strict=True):
            # What is long scrolls by itself; the buttons below stay in sight.
            height: Literal["content"] | int = "content" if label == _("Summary") else room
            with tab, st.container(height=height, border=False, gap="xxsmall"):
                draw()
        _decide(user, visit)


def _head(
    user: CurrentUser, visit: VisitRow, steps: dict[str, StepRow], flags: Sequence[tuple[str, str]]
) -> None:
    """Who, when, how complete, and every flag with its reason behind a button."""
    left, right = st.columns([3.4, 1], vertical_alignment="center")
    done = sum(row.state == "done" for row in steps.values())
    with left.container(gap="xxsmall"):
        st.subheader(plain(name_of(visit.distributor, visit.distributor_en)), anchor=False)
        when = time_span(visit.started_at, visit.submitted_at, user.company.time_zone)
        count = _("{done} of {all} steps").format(done=done, all=len(STEPS))
        rep = plain(name_of(visit.rep, visit.rep_en))
        st.markdown(small(f"{rep} · {day(visit.planned_on, user.actor.today)} {when} · {count}"))
    if flags:
        with right.popover(_("Flags {count}").format(count=len(flags)), key="flags", width="stretch"):
            for flag, reason in flags:
                st.markdown(f"{flag}  \n{small(reason)}" if reason else flag)


def _flags(
    visit: VisitRow, steps: dict[str, StepRow], alarms: Sequence[Alarm], company: CompanySettings
) -> list[tuple[str, str]]:
    """What stands out, the worst first: a badge, and why it is one with its threshold."""
    found = completeness(
        {step: row.state for step, row in steps.items()}, {step: row.reason for step, row in steps.items()}
    )
    flags = []
    if visit.incomplete_reason:
        text = n_("{count} step missing: {reason}", "{count} steps missing: {reason}", len(found.missing))
        names = listed([word("visit_step.step", step) for step in found.missing])
        said = text.format(count=len(found.missing), reason=visit.incomplete_reason)
        flags.append((badge("orange", ":material/warning:", said), plain(names)))
    flags += [(alarm_badge(alarm, company), plain(alarm_reason(alarm, company))) for alarm in alarms]
    for step in found.skipped:
        text = _("{step} skipped: {reason}")
        said = text.format(step=word("visit_step.step", step), reason=steps[step].reason)
        flags.append((badge("gray", ":material/do_not_disturb_on:", said), ""))
    return flags


def _summary(user: CurrentUser, visit: VisitRow, promises: Sequence[PromiseRow]) -> None:
    st.markdown(plain(visit.summary) or small(_("No summary was written.")))
    said_of_it = [
        f"{small(label)} {plain(text)}"
        for label, text in ((_("Went well:"), visit.strengths), (_("To do better:"), visit.improve))
        if text
    ]
    if said_of_it:
        st.markdown("  \n".join(said_of_it))
    promise_list(promises, user.company)


def _comments(user: CurrentUser, comments: Sequence[CommentRow]) -> None:
    comment_list(comments, user.company)
    if not comments:
        st.markdown(small(_("No comments yet.")))


def _field(visit: VisitRow) -> str:
    return f"comment_{visit.id}"


@st.fragment
def _decide(user: CurrentUser, visit: VisitRow) -> None:
    """The comment and what is done with it; drawn by itself while the manager writes."""
    key = _field(visit)
    missing = st.session_state.pop(f"empty_{key}", False)
    words = words_for(
        user.actor,
        visit.id,
        _("Comment, seen by the rep, never edited"),
        row="comment",
        shows_label=False,
        placeholder=_("Say it here first, then tap again")
        if missing
        else _("Comment, seen by the rep, never edited: what was good, then what to change"),
    )
    if missing:
        st.markdown(f":red[{_('To return a visit or to comment, write the comment first.')}]")
    approve, back, speak, direct = st.columns([1.1, 1, 1.15, 1.1], gap="xsmall")
    if approve.button(_("Approve"), key="approve", type="primary", icon=":material/check:", width="stretch"):
        _say(approve_visit, visit, words)
    if back.button(_("Return"), key="return", icon=icons.RETURNED, width="stretch"):
        _say(return_visit, visit, words)
    if speak.button(_("Comment"), key="comment", width="stretch"):
        _say(add_comment, visit, words)
    if direct.button(
        _("Directive"), key="directive", type="tertiary", icon=":material/assignment_add:", width="stretch"
    ):
        _ask_directive(user, visit)


def _say(command: saving.Command, visit: VisitRow, words: Words) -> None:
    say(command, visit.id, words, _field(visit))
    st.rerun()


@st.dialog(" ")
def _ask_directive(user: CurrentUser, visit: VisitRow) -> None:
    st.subheader(
        _("Directive for {name}").format(name=plain(name_of(visit.short, visit.short_en))), anchor=False
    )
    st.markdown(small(_("It stands in the rep's next Prepare until it is done.")))
    words = words_for(user.actor, visit.id, _("What is to be done"), row="directive", maximum=1_000)
    due = st.date_input(_("Until when"), value=visit.next_visit_on, key="directive_due", format="YYYY-MM-DD")
    if st.button(_("Give the directive"), type="primary", key="directive_give"):
        saving.save_and_close(give_directive, words.entry_id, visit.id, words.text, due)
