"""One visit of the log with all that is kept of it: report, findings, promises, comments, changes, corrections."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.visit import STEPS
from data.audit import AuditRow
from data.database import database
from data.engine import reading
from data.entries import decide_correction
from data.entry_rows import CorrectionRow
from data.inventory import product_names
from data.promises import PromiseRow
from data.visit_findings import visit_findings
from data.visit_log import LogRow, VisitRecord, visit_record
from language import _
from language.calendar import day, instant, time_span
from language.formats import MISSING
from language.words import word
from ui import icons, saving
from ui.commenting import comment_form, may_comment
from ui.current_user import CurrentUser, me
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.visit_card import comment_list, objective_table
from ui.visit_findings import finding_tabs
from ui.visit_log import OPENED
from ui.visit_papers import file_name, pdf_maker

LONGEST_REASON = 300
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
    if record.corrections:
        title = f"{_('Corrections')} {len(record.corrections)}"
        tabs = {title: partial(_corrections, user, record.corrections, names), **tabs}
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
        f"{icons.EDIT} **{field_name(change.field)}** {_value(change.field, change.before)} → "
        f"{_value(change.field, change.after)}  \n{small(' · '.join(facts))}"
    )


def _corrections(user: CurrentUser, rows: Sequence[CorrectionRow], names: dict[str, str]) -> None:
    """What came after the visit was submitted; the manager accepts or refuses it."""
    st.markdown(small(_("Entered after the visit was submitted; nothing changes until a manager decides.")))
    for row in rows:
        what = " · ".join(plain(part) for part in (names.get(row.row, ""), row.lot) if part)
        when = instant(row.saved_at, user.company.time_zone, user.actor.today)
        st.markdown(
            f"**{what or field_name(row.field)}** {field_name(row.field) if what else ''} "
            f"{_value(row.field, row.before)} → {_value(row.field, row.after)}  \n"
            f"{small(f'{plain(name_of(row.by, row.by_en))} · {when}')}"
        )
        if user.actor.role == "manager":
            _decide(row)
        else:
            st.markdown(badge("gray", ":material/hourglass_empty:", _("waits for the manager")))


def _decide(row: CorrectionRow) -> None:
    key = f"reason_{row.id}"
    reason, accept, refuse = st.columns([3, 1, 1], vertical_alignment="bottom")
    reason.text_input(_("Reason"), key=key, max_chars=LONGEST_REASON)
    for cell, name, label, accepted in (
        (accept, "accept", _("Accept"), True),
        (refuse, "refuse", _("Refuse"), False),
    ):
        cell.button(
            label,
            key=f"{name}_{row.id}",
            width="stretch",
            on_click=partial(_save_decision, row.id, accepted, key),
        )


def _save_decision(entry_id: str, accepted: bool, key: str) -> None:
    saving.save(decide_correction, entry_id, accepted, st.session_state[key])


def field_name(field: str) -> str:
    """The word for a field of the audit trail or of a tablet's entry."""
    words = {
        "state": _("State"),
        "summary": _("Summary"),
        "strengths": _("Went well"),
        "improve": _("To do better"),
        "incomplete_reason": _("Why incomplete"),
        "next_visit_on": _("Next visit"),
        "cases": _("Cases"),
        "pieces": _("Pieces"),
        "selling": _("Selling price"),
        "retail": _("Retail price"),
        "stock_skipped": _("Not counted"),
        "price_skipped": _("Price not asked"),
        "reason": _("Reason"),
        "next_time": _("Next time"),
        "actual_note": _("Actual"),
        "note": _("Note"),
        "text": _("Text"),
        "photo": word("attachment.kind", "photo"),
        "signature": word("attachment.kind", "signature"),
    }
    return words.get(field, plain(field))


def _value(field: str, value: str | None) -> str:
    if value is None or not value:
        return MISSING
    if field in ("photo", "signature"):
        return _("added afterwards")
    return word("visit.state", value) if field == "state" else plain(value)


def _reason_word(reason: str) -> str:
    return {
        "correction accepted": _("correction accepted"),
        "correction refused": _("correction refused"),
    }.get(reason, reason)
