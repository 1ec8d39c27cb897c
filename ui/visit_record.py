"""One visit of the log with all that is kept of it: report, findings, promises, comments, changes, corrections."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.visit import STEPS
from data.audit import AuditRow
from data.database import database
from data.engine import reading
from data.inventory import product_names
from data.promises import PromiseRow
from data.visit_findings import visit_findings
from data.visit_log import LogRow, VisitRecord, visit_record
from language import _
from language.calendar import day, instant, time_span
from language.words import word
from ui import icons, saving
from ui.commenting import comment_form, may_comment
from ui.corrections import correction_rows, field_name, field_value, may_propose, propose_correction
from ui.current_user import CurrentUser, me
from ui.markup import plain, small
from ui.names import name_of
from ui.visit_card import comment_list, objective_table
from ui.visit_findings import finding_tabs
from ui.visit_log import OPENED
from ui.visit_papers import file_name, pdf_maker

TABLE_HEIGHT = 420


def _forget() -> None:
    st.session_state.pop(OPENED, None)


@st.dialog(" ", width=760, position="right", on_dismiss=_forget)
def open_record(visit_id: str) -> None:
    """Opens the record of a visit beside the log; it stays open until it is dismissed."""
    user = me()
    with reading(database()) as session:
        record = visit_record(session, user.actor, visit_id)
        found = visit_findings(session, user.actor, visit_id)
        products = product_names(session, user.actor) if record.corrections else None
    names: dict[str, str] = {}
    if products is not None:
        for row in products.itertuples():
            names[str(row.product_id)] = name_of(str(row.name), str(row.name_en))
    saving.show_outcome()
    _head(user, record.row)
    objective_table(record.objectives, user.company)
    _report(user, record)
    tabs: dict[str, Callable[[], None]] = {
        _("Steps"): partial(_steps, record),
        **finding_tabs(user, record.row.visit, found, TABLE_HEIGHT),
    }
    if record.promises:
        tabs[f"{_('Promises')} {len(record.promises)}"] = partial(_promises, record.promises)
    if record.comments or may_comment(user, record.row.visit):
        tabs[f"{_('Comments')} {len(record.comments)}"] = partial(_comments, user, record)
    tabs[_("History")] = partial(_history, user, record)
    if record.corrections or may_propose(user, record.row.visit):
        title = f"{_('Corrections')} {len(record.corrections)}"
        draw_corrections = partial(_corrections, user, record, names)
        tabs = {title: draw_corrections, **tabs} if record.corrections else {**tabs, title: draw_corrections}
    for tab, draw in zip(st.tabs(list(tabs)), tabs.values(), strict=True):
        with tab:
            draw()


def _head(user: CurrentUser, row: LogRow) -> None:
    visit = row.visit
    st.subheader(plain(name_of(visit.distributor, visit.distributor_en)), anchor=False)
    span = time_span(visit.started_at, visit.submitted_at, row.time_zone)
    when = f"{day(visit.planned_on, user.actor.today)} {span}"
    facts = [
        plain(name_of(visit.rep, visit.rep_en)),
        when,
        word("visit.state", visit.state),
        plain(name_of(row.region, row.region_en)),
        plain(row.code),
    ]
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.markdown(small(" · ".join(facts)))
    right.download_button(
        "PDF",
        data=pdf_maker(user, visit.id),
        file_name=file_name(row),
        mime="application/pdf",
        key="log_pdf",
        icon=":material/print:",
        help=_("Print the visit card"),
        on_click="ignore",
        width="stretch",
    )


def _report(user: CurrentUser, record: VisitRecord) -> None:
    visit = record.row.visit
    st.markdown(plain(visit.summary) or small(_("No summary was written.")))
    said = (
        (_("Went well"), visit.strengths),
        (_("To do better"), visit.improve),
        (_("Why incomplete"), visit.incomplete_reason),
        (_("Why cancelled"), visit.cancel_reason),
    )
    for label, text in said:
        if text:
            st.markdown(f"{small(label)}  \n{plain(text)}")
    if visit.next_visit_on:
        on = day(visit.next_visit_on, user.actor.today)
        st.markdown(f"{icons.DUE} {_('Next visit {date}').format(date=on)}")


def _steps(record: VisitRecord) -> None:
    with st.container(gap="xxsmall"):
        for step in STEPS:
            found = record.steps[step]
            state = word("visit_step.state", found.state)
            reason = f" · {plain(found.reason)}" if found.reason else ""
            name = word("visit_step.step", step)
            st.markdown(f"{icons.STATE_ICONS[found.state]} {name} &ensp;{small(state + reason)}")


def _promises(promises: Sequence[PromiseRow]) -> None:
    for row in promises:
        due = day(row.due_on) if row.due_on else _("no date")
        facts = [plain(row.owner), due, word("promise.state", row.state), plain(row.closed_note)]
        st.markdown(
            f"{icons.PROMISE} **{plain(row.text)}**  \n{small(' · '.join(fact for fact in facts if fact))}"
        )


def _comments(user: CurrentUser, record: VisitRecord) -> None:
    comment_list(record.comments, user.company)
    if may_comment(user, record.row.visit):
        comment_form(user, record.row.visit, f"log_comment_{record.row.visit.id}")


def _corrections(user: CurrentUser, record: VisitRecord, names: dict[str, str]) -> None:
    if record.corrections:
        correction_rows(user, record.row.visit.id, record.corrections, names)
    if may_propose(user, record.row.visit):
        propose_correction(user, record.row.visit)


def _history(user: CurrentUser, record: VisitRecord) -> None:
    """When it was begun, handed in and reviewed, then every change with before, after and why."""
    visit = record.row.visit
    reviewer = name_of(record.row.reviewer, record.row.reviewer_en)
    moments = (
        (_("Begun"), visit.started_at, name_of(visit.rep, visit.rep_en)),
        (_("Submitted"), visit.submitted_at, name_of(visit.rep, visit.rep_en)),
        (_("Reviewed"), visit.reviewed_at, reviewer),
    )
    for label, at, who in moments:
        if at is not None:
            when = instant(at, user.company.time_zone, user.actor.today)
            st.markdown(f"{label} &ensp;{small(f'{when} · {plain(who)}')}")
    for change in record.changes:
        _change(user, change)
    if not record.changes:
        st.markdown(small(_("Nothing was changed after it was submitted.")))


def _change(user: CurrentUser, change: AuditRow) -> None:
    who = name_of(change.changed_by, change.changed_by_en) if change.changed_by else _("the operator")
    facts = [instant(change.changed_at, user.company.time_zone, user.actor.today), plain(who)]
    if change.reason:
        facts.append(plain(_reason_word(change.reason)))
    st.markdown(
        f"{icons.EDIT} **{field_name(change.field)}** {field_value(change.field, change.before)} → "
        f"{field_value(change.field, change.after)}  \n{small(' · '.join(facts))}"
    )


def _reason_word(reason: str) -> str:
    return {
        "correction accepted": _("correction accepted"),
        "correction refused": _("correction refused"),
    }.get(reason, reason)
