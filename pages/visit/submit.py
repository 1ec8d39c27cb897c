"""Submit: the visit card, read only, with what is missing named; then off to the manager."""

import streamlit as st

from core.visit import STEPS, completeness
from data.database import database
from data.engine import reading
from data.objectives import objectives_of
from data.promises import promises_made
from data.review import comments_of
from data.visits import submit_visit
from language import _, n_
from language.calendar import day, time, time_span
from language.words import word
from ui import icons, saving, visit_frame
from ui.commenting import comment_form, may_comment
from ui.corrections import corrections_of_card, may_propose
from ui.entered import read_entered, text_field
from ui.markup import plain, small
from ui.visit_card import comment_list, objective_table, promise_list
from ui.visit_frame import VISIT_PAGES

page = visit_frame.open_page("submit")
visit = page.visit
with reading(database()) as session:
    objectives = objectives_of(session, page.actor, [visit.id])
    promises = promises_made(session, page.actor, visit.id)
    comments = comments_of(session, page.actor, [visit.id]).get(visit.id, [])
found = completeness(
    {step: row.state for step, row in page.steps.items()},
    {step: row.reason for step, row in page.steps.items()},
)
missing = [step for step in found.missing if step in VISIT_PAGES]
may_submit = page.is_editable and visit.state != "planned"


visit_frame.title(page, _("Visit card"), f"{plain(page.distributor)} · {word('visit.state', visit.state)}")
if may_submit:
    bar = visit_frame.bar(page, label=_("Submit to the manager"))
    if bar.next:
        saving.save(submit_visit, visit.id, incomplete_reason=visit.incomplete_reason)
        st.rerun()
    if bar.queue.waiting or bar.queue.refused:
        text = _(
            "Not everything that was typed on this tablet has reached the database. Submitting waits for it."
        )
        st.warning(text, icon=icons.WAITING)
elif visit_frame.bar(page, label=_("Back to Today"), primary=False).next:
    visit_frame.go_to_today()

steps = _("{done} of {all} steps").format(done=len(found.done) + len(found.skipped), all=len(STEPS))
zone = page.company.time_zone
span = (
    time_span(visit.started_at, visit.submitted_at, zone)
    if visit.submitted_at
    else time(visit.started_at, zone)
)
when = f"{day(visit.planned_on, page.today)} {span}"
st.markdown(f"**{plain(page.distributor)}** &ensp;{small(f'{when} · {steps}')}")

if missing and page.is_editable:
    count = len(missing)
    st.warning(
        n_("{count} step is not done.", "{count} steps are not done.", count).format(count=count),
        icon=":material/checklist:",
    )
    with st.container(horizontal=True):
        for step in missing:
            if st.button(word("visit_step.step", step), key=f"missing_{step}"):
                visit_frame.go_to(step, visit.id)

if found.missing and may_submit:
    text_field(
        page,
        read_entered(page),
        _("Why is the visit submitted without these steps?"),
        row="visit",
        field="incomplete_reason",
        fallback=visit.incomplete_reason,
    )
elif visit.incomplete_reason:
    st.markdown(small(_("Submitted incomplete: {reason}").format(reason=plain(visit.incomplete_reason))))

st.subheader(_("Objectives"), anchor=False)
objective_table(objectives, page.company)
if visit.summary:
    st.markdown(plain(visit.summary))
if visit.next_visit_on:
    st.markdown(f"{icons.DUE} {_('Next visit {date}').format(date=day(visit.next_visit_on, page.today))}")
if promises:
    st.subheader(_("Promises"), anchor=False)
    promise_list(promises, page.company)
may_answer = may_comment(page.user, visit)
if comments or may_answer:
    st.subheader(_("Comments"), anchor=False)
    comment_list(comments, page.company)
if may_answer:
    comment_form(page.user, visit, f"answer_{visit.id}")
if may_propose(page.user, visit):
    st.subheader(_("Corrections"), anchor=False)
    corrections_of_card(page.user, visit)
