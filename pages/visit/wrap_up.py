"""Wrap-up: what was reached, what was promised, when the next visit is, and what is still missing."""

from datetime import timedelta

import streamlit as st

from core.visit import completeness
from data.database import database
from data.engine import reading
from data.objectives import objectives_of
from data.promises import promises_made
from data.wrap_up import set_next_visit
from language import _, n_
from language.formats import number, sentences
from language.words import word
from ui import clock, saving, visit_frame
from ui.entered import read_entered, text_field
from ui.markup import plain, small
from ui.objectives import judge_objectives
from ui.promises import edit_promises

page = visit_frame.open_page("wrap_up")
visit = page.visit
with reading(database()) as session:
    objectives = objectives_of(session, page.actor, [visit.id])
    promises = promises_made(session, page.actor, visit.id)

facts = plain(page.distributor)
end = visit.submitted_at or clock.now()
if visit.started_at and visit.started_at <= end:
    minutes = int((end - visit.started_at).total_seconds() // 60)
    facts += " · " + n_("{minutes} minute on site", "{minutes} minutes on site", minutes).format(
        minutes=number(minutes)
    )
visit_frame.title(page, _("Wrap‑up"), facts)
if visit_frame.bar(page, label=_("Check and submit")).next:
    visit_frame.finish_step(page)

found = completeness(
    {step: row.state for step, row in page.steps.items()},
    {step: row.reason for step, row in page.steps.items()},
)
skipped = [
    _("**{step}** skipped: {reason}.").format(
        step=word("visit_step.step", step), reason=plain(page.steps[step].reason.rstrip("。."))
    )
    for step in found.skipped
]
count = len(found.done)
if skipped:
    done = n_("{count} other step is done.", "{count} other steps are done.", count).format(count=count)
else:
    done = n_("{count} step is done.", "{count} steps are done.", count).format(count=count)
icon = ":gray[:material/do_not_disturb_on:] " if skipped else ""
st.markdown(icon + sentences(*skipped, done))

entered = read_entered(page)
st.subheader(_("Objectives"), anchor=False)
if not objectives:
    st.markdown(small(_("None were set for this visit.")))
judge_objectives(page, entered, objectives)

st.subheader(_("Promises"), anchor=False)
edit_promises(page, promises)


def save_next() -> None:
    saving.save(
        set_next_visit,
        visit.id,
        seen=visit.next_visit_on,
        on=st.session_state["next_visit"],
        visit_id=visit.id,
        step="wrap_up",
    )


left, right = st.columns(2)
left.date_input(
    _("Next visit"),
    min_value=visit.planned_on + timedelta(days=1),
    max_value=visit.planned_on + timedelta(days=366),
    key=saving.shown("next_visit", visit.next_visit_on),
    format="YYYY-MM-DD",
    on_change=save_next,
    disabled=not page.is_editable,
)
texts = (
    ("summary", _("The visit in one sentence")),
    ("strengths", _("What went well")),
    ("improve", _("What to do better")),
)
for column, (field, label) in zip((right, *st.columns(2)), texts, strict=True):
    with column:
        text_field(page, entered, label, row="visit", field=field, fallback=getattr(visit, field))
