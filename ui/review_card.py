"""One submitted visit as the manager sees it: what stands out, target beside actual, and the decision."""

from collections.abc import Sequence

import streamlit as st

from core.alarms import Alarm
from core.visit import STEPS, completeness
from data.database import database
from data.directives import give_directive
from data.engine import reading
from data.identifiers import new_id
from data.objectives import ObjectiveRow
from data.promises import promises_made
from data.review import approve_visit, comments_of, return_visit
from data.visit_steps import steps_of
from data.visits import VisitRow
from language import _, n_
from language.calendar import day, time_span
from language.words import word
from ui import icons, saving
from ui.badges import alarm_badge
from ui.current_user import CurrentUser
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.visit_card import comment_list, objective_table, promise_list


def review_card(
    user: CurrentUser, visit: VisitRow, objectives: Sequence[ObjectiveRow], alarms: Sequence[Alarm]
) -> None:
    """The card with its buttons."""
    with reading(database()) as session:
        steps = steps_of(session, user.actor, visit.id)
        promises = promises_made(session, user.actor, visit.id)
        comments = comments_of(session, user.actor, [visit.id]).get(visit.id, [])
    found = completeness(
        {step: row.state for step, row in steps.items()}, {step: row.reason for step, row in steps.items()}
    )
    with st.container(border=True, gap="small"):
        st.subheader(plain(name_of(visit.distributor, visit.distributor_en)), anchor=False)
        when = time_span(visit.started_at, visit.submitted_at, user.company.time_zone)
        count = _("{done} of {all} steps").format(done=len(found.done), all=len(STEPS))
        rep = plain(name_of(visit.rep, visit.rep_en))
        st.markdown(small(f"{rep} · {day(visit.planned_on, user.actor.today)} {when} · {count}"))
        flags = [alarm_badge(alarm, user.company) for alarm in alarms[:3]]
        flags += [
            badge(
                "gray",
                ":material/do_not_disturb_on:",
                _("{step} skipped: {reason}").format(
                    step=word("visit_step.step", step), reason=steps[step].reason
                ),
            )
            for step in found.skipped
        ]
        if visit.incomplete_reason:
            text = n_("{count} step missing: {reason}", "{count} steps missing: {reason}", len(found.missing))
            flags.append(
                badge(
                    "orange",
                    ":material/warning:",
                    text.format(count=len(found.missing), reason=visit.incomplete_reason),
                )
            )
        if flags:
            st.markdown(" ".join(flags))
        objective_table(objectives, user.company)
        summary, said = st.tabs([_("Summary"), f"{_('Comments')} {len(comments)}"])
        with summary:
            st.markdown(plain(visit.summary) or small(_("No summary was written.")))
            said_of_it = [
                f"{small(label)} {plain(text)}"
                for label, text in ((_("Went well:"), visit.strengths), (_("To do better:"), visit.improve))
                if text
            ]
            if said_of_it:
                st.markdown("  \n".join(said_of_it))
            promise_list(promises, user.company)
        with said:
            comment_list(comments, user.company)
            if not comments:
                st.markdown(small(_("No comments yet.")))
        _decide(visit)


def _decide(visit: VisitRow) -> None:
    key = f"comment_{visit.id}"
    missing = st.session_state.pop("comment_missing", False)
    st.text_area(
        _("Comment, seen by the rep, never edited"),
        key=key,
        height=75,
        max_chars=2000,
        placeholder=_("Say what is missing, then return it")
        if missing
        else _("what was good, then what to change"),
    )
    if missing:
        st.markdown(f":red[{_('To return a visit, say in the comment what is missing.')}]")
    approve, back, direct = st.columns([1.2, 1, 1.1])
    approve.button(
        _("Approve"),
        key="approve",
        type="primary",
        icon=":material/check:",
        width="stretch",
        on_click=_act,
        args=(visit, approve_visit, key),
    )
    back.button(
        _("Return"),
        key="return",
        icon=icons.RETURNED,
        width="stretch",
        on_click=_act,
        args=(visit, return_visit, key),
    )
    if direct.button(
        _("Directive"), key="directive", type="tertiary", icon=":material/assignment_add:", width="stretch"
    ):
        _ask_directive(visit)


def _act(visit: VisitRow, command: saving.Command, key: str) -> None:
    text = st.session_state[key]
    if command is return_visit and not text.strip():
        st.session_state["comment_missing"] = True
        return
    # One id a decision, so that a tap repeated after a lost reply adds one comment.
    comment_id = st.session_state.setdefault(f"id_{key}", new_id())
    if saving.save(command, visit.id, comment_id, text):
        del st.session_state[f"id_{key}"]


@st.dialog(" ")
def _ask_directive(visit: VisitRow) -> None:
    st.subheader(
        _("Directive for {name}").format(name=plain(name_of(visit.short, visit.short_en))), anchor=False
    )
    st.markdown(small(_("It stands in the rep's next Prepare until it is done.")))
    text = st.text_area(_("What is to be done"), key="directive_text", max_chars=1000)
    due = st.date_input(_("Until when"), value=visit.next_visit_on, key="directive_due", format="YYYY-MM-DD")
    directive_id = st.session_state.setdefault("directive_id", new_id())
    if st.button(_("Give the directive"), type="primary", key="directive_give", disabled=not text.strip()):
        if saving.save(give_directive, directive_id, visit.id, text, due):
            del st.session_state["directive_id"]
        st.rerun()
