"""Review: the manager's queue, the region's figures, and one visit as a card with its decision."""

import pandas as pd
import streamlit as st

from core.performance import attainment, coverage, mean_attainment, strike_rate
from data.database import database
from data.engine import reading
from data.objectives import ObjectiveRow, objectives_of
from data.reconciliation import credit_facts
from data.review import last_approved, region_facts, review_queue
from data.visit_steps import steps_skipped
from data.visits import VisitRow
from language import _, n_
from language.calendar import day, month, near_day
from language.formats import MISSING, number, percent
from ui import saving
from ui.alarms import standing_alarms
from ui.current_user import me
from ui.markup import plain, small
from ui.names import name_of
from ui.review_card import review_card

user = me()
today, zone = user.actor.today, user.company.time_zone
month_start = today.replace(day=1)
with reading(database()) as session:
    queue = review_queue(session, user.actor)
    ids = [visit.id for visit in queue]
    objectives = objectives_of(session, user.actor, ids)
    skipped = steps_skipped(session, user.actor, ids)
    places = list({visit.distributor_id for visit in queue})
    credit = credit_facts(session, user.actor, places, minor_exponent=user.company.minor_exponent)
    region = region_facts(
        session, user.actor, month_start, (pd.Timestamp(month_start) + pd.DateOffset(months=1)).date()
    )
    approved = [] if queue else last_approved(session, user.actor, 3)
alarms = standing_alarms(user, places, credit)


def share(rows: list[ObjectiveRow]) -> float | None:
    """Attainment of the visit's order objective, else of its first one with a target."""
    ranked = sorted(rows, key=lambda row: row.kind != "order_amount")
    for row in ranked:
        if row.target is not None and row.actual is not None:
            return attainment(float(row.target), float(row.actual))
    return None


def queue_table(visits: list[VisitRow]) -> VisitRow | None:
    """The queue; says which visit is chosen, the first where none is."""
    by_visit = {visit.id: [row for row in objectives if row.visit_id == visit.id] for visit in visits}
    table = pd.DataFrame(
        {
            "distributor": [name_of(visit.short, visit.short_en) for visit in visits],
            "rep": [name_of(visit.rep, visit.rep_en) for visit in visits],
            "sent": [
                near_day((visit.submitted_at or visit.changed_at).astimezone(zone).date(), today)
                for visit in visits
            ],
            "objective": [
                None if (part := share(by_visit[visit.id])) is None else part * 100 for visit in visits
            ],
            "flags": [
                number(
                    len(alarms[visit.distributor_id])
                    + skipped.get(visit.id, 0)
                    + bool(visit.incomplete_reason)
                )
                for visit in visits
            ],
        }
    )
    event = st.dataframe(
        table,
        key="queue",
        hide_index=True,
        row_height=46,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "distributor": st.column_config.TextColumn(_("Distributor"), width=155),
            "rep": st.column_config.TextColumn(_("Rep"), width=80),
            "sent": st.column_config.TextColumn(_("Sent"), width=84),
            "objective": st.column_config.ProgressColumn(
                _("Objective"), width=100, min_value=0, max_value=120, format="%d%%"
            ),
            "flags": st.column_config.TextColumn(_("Flags"), width=48),
        },
    )
    chosen = event.selection.rows
    return visits[chosen[0]] if chosen and chosen[0] < len(visits) else visits[0]


def region_figures() -> None:
    if region is None:
        st.markdown(small(_("No region is assigned to you; ask the administrator.")))
        return
    name = plain(name_of(region.region, region.region_en))
    st.subheader(f"{name} · {month(today, today)}", anchor=False)
    figures = [
        (_("Coverage"), coverage(region.planned, region.planned_made)),
        (_("Strike rate"), strike_rate(region.made, region.productive)),
        (_("Objectives"), mean_attainment(region.objectives)),
    ]
    cells = st.columns([1, 1, 1, 1.3])
    for cell, (label, value) in zip(cells, figures, strict=False):
        cell.metric(label, MISSING if value is None else percent(value, 0))
    cells[3].metric(_("Open complaints"), region.complaints)
    oldest = (
        max((today - (v.submitted_at or v.changed_at).astimezone(zone).date()).days for v in queue)
        if queue
        else 0
    )
    waiting = n_("oldest waiting {count} day", "oldest waiting {count} days", oldest).format(count=oldest)
    st.markdown(small(_("; ").join((waiting, _("{count} returned").format(count=region.returned)))))


# Beside each other on a laptop; on a tablet held upright the card stands below the queue.
halves = st.grid(2, min_column_width=500, gap="medium")
with halves.cell():
    st.subheader(_("To review {count}").format(count=len(queue)), anchor=False)
    saving.show_outcome()
    chosen = queue_table(queue) if queue else None
    if not queue:
        st.info(_("Nothing to review."), icon=":material/done_all:")
        for visit in approved:
            on = day(visit.reviewed_at.astimezone(zone).date(), today) if visit.reviewed_at else ""
            name = plain(name_of(visit.short, visit.short_en))
            st.markdown(
                f":green[:material/check:] {name} &ensp;{small(_('approved {date}').format(date=on))}"
            )
    region_figures()
if chosen is not None:
    with halves.cell():
        review_card(
            user,
            chosen,
            [row for row in objectives if row.visit_id == chosen.id],
            alarms[chosen.distributor_id],
        )
