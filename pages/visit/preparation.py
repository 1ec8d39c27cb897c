"""Prepare: what changed, what stands out, what is still owed, and what this visit is to reach."""

import streamlit as st

from core.alarms import Alarm
from data.checklists import checklist
from data.database import database
from data.directives import open_directives
from data.engine import reading
from data.objectives import missed_before, objectives_of
from data.promises import promises_of
from data.review import comments_of
from data.visits import previous_visit
from language import _, n_
from language.calendar import day
from language.formats import sentences
from ui import visit_frame
from ui.alarms import standing_alarms
from ui.badges import alarm_badge, alarm_line
from ui.long_list import long_list
from ui.markup import plain, small
from ui.objectives import edit_objectives
from ui.preparation import change_line, changes_of, directive_rows, missed_rows, promise_rows, tool_rows
from ui.reconciliation_position import position_of
from ui.visit_card import comment_list

page = visit_frame.open_page("prepare")
visit, actor, company = page.visit, page.actor, page.company
with reading(database()) as session:
    before = previous_visit(session, actor, visit.id)
    since = before.planned_on if before else None
    directives = open_directives(session, actor, [visit.distributor_id], done_in_visit=visit.id)
    promises = promises_of(session, actor, [visit.distributor_id], closed_in_visit=visit.id)
    missed = missed_before(session, actor, visit.id)
    objectives = objectives_of(session, actor, [visit.id])
    tools = checklist(session, actor, visit.id, "tools")
    asked = [visit.id, *([before.id] if before else [])]
    comments = [row for rows in comments_of(session, actor, asked).values() for row in rows]
changes = changes_of(page, since)
credit = position_of(page).credit
known = {visit.distributor_id: credit} if credit else {}
alarms = standing_alarms(page.user, [visit.distributor_id], known).get(visit.distributor_id, [])

last = _("last visit {date}").format(date=day(since, page.today)) if since else _("first visit")
visit_frame.title(page, _("Prepare"), f"{plain(page.distributor)} · {last}")
if visit_frame.bar(page).next:
    visit_frame.finish_step(page)

if since is None:
    alarms = [Alarm("first_visit", "note"), *alarms]
owed = sum(row.state == "open" for row in promises) + sum(row.done_at is None for row in directives)
sentence = n_("**{count} thing stands out**", "**{count} things stand out**", len(alarms)).format(
    count=len(alarms)
)
if alarms:
    sentence += _(", first of all: {alarm}.").format(alarm=alarm_badge(alarms[0], company))
else:
    sentence = _("**Nothing stands out.**")
open_ = n_("{count} promise or directive is open.", "{count} promises and directives are open.", owed)
st.markdown(sentences(sentence, open_.format(count=owed)))

if alarms:
    st.subheader(_("What stands out"), anchor=False)
    long_list([alarm_line(alarm, company) for alarm in alarms])

if directives or promises or missed or comments:
    st.subheader(_("Looking back"), anchor=False)
    directive_rows(page, directives)
    promise_rows(page, promises)
    missed_rows(page, missed, objectives)
    comment_list(comments, company)

st.subheader(_("Objectives of this visit"), anchor=False)
edit_objectives(page, objectives)

st.subheader(
    _("Changed since {date}").format(date=day(since, page.today)) if since else _("New"), anchor=False
)
if not changes:
    st.markdown(
        small(_("Nothing changed: price list, price policy, promotions, products and news are the same."))
    )
long_list([change_line(change, company, page.today) for change in changes])

if tools:
    st.subheader(_("Tools"), anchor=False)
    tool_rows(page, tools)
