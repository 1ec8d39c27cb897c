"""The card of a visit on Today: when, whom, what stands out, how far it is, how much credit is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from core.alarms import Alarm
from core.visit import STEPS
from data.company import CompanySettings
from data.reconciliation import CreditFacts
from data.visits import VisitRow, start_visit
from language import _, n_
from language.calendar import day, time
from language.formats import amount, number
from language.words import word
from ui import saving
from ui.badges import badges
from ui.markup import plain, small
from ui.names import name_of
from ui.visit_frame import go_to


@dataclass(frozen=True)
class DayFacts:
    """What Today knows of all its distributors, read once."""

    company: CompanySettings
    today: date
    last: Mapping[str, date]
    settled: Mapping[str, int]
    credit: Mapping[str, CreditFacts]
    alarms: Mapping[str, Sequence[Alarm]]


def short(visit: VisitRow) -> str:
    """The distributor's short name, safe in Markdown."""
    return plain(name_of(visit.short, visit.short_en))


def visit_card(visit: VisitRow, facts: DayFacts, *, is_first_begun: bool) -> None:
    """One visit with its one button."""
    found = list(facts.alarms.get(visit.distributor_id, []))
    if visit.distributor_id not in facts.last:
        found.insert(0, Alarm("first_visit", "note"))
    when = f"{visit.planned_time} &ensp;" if visit.planned_time else ""
    with st.container(border=True):
        left, right = st.columns([3.6, 1], vertical_alignment="center")
        left.markdown(
            f"**{when}{short(visit)}** &ensp;{small(_last_line(visit, facts))}  \n"
            f"{badges(found, facts.company)}  \n"
            f"{_state_line(visit, facts)}{small(_credit_line(visit, facts))}"
        )
        if visit.state in ("submitted", "approved"):
            if right.button(_("Read"), key=f"read_{visit.id}", width="stretch"):
                go_to("submit", visit.id)
            return
        label = _("Start") if visit.state == "planned" else _("Resume")
        if right.button(
            label,
            key=f"start_{visit.id}",
            type="primary" if is_first_begun else "secondary",
            width="stretch",
        ):
            if saving.save(start_visit, visit.id):
                go_to(visit.last_step, visit.id)
            st.rerun()


def _last_line(visit: VisitRow, facts: DayFacts) -> str:
    on = facts.last.get(visit.distributor_id)
    if on is None:
        return _("first visit")
    days = (facts.today - on).days
    return n_("last {date} ({days} day ago)", "last {date} ({days} days ago)", days).format(
        date=day(on, facts.today), days=days
    )


def _state_line(visit: VisitRow, facts: DayFacts) -> str:
    if visit.state == "draft":
        where = _("{done}/{all} steps, {time} paused at {step}").format(
            done=facts.settled.get(visit.id, 0),
            all=len(STEPS),
            time=time(visit.changed_at, facts.company.time_zone),
            step=word("visit_step.step", visit.last_step),
        )
        return f":blue[:small[**{where}**]] · "
    if visit.state in ("submitted", "approved"):
        sent = _("Submitted {time}").format(time=time(visit.submitted_at, facts.company.time_zone))
        return f":green[:small[{sent}]] · "
    return ""


def _credit_line(visit: VisitRow, facts: DayFacts) -> str:
    credit = facts.credit.get(visit.distributor_id)
    if credit is None or credit.credit_limit_minor is None:
        return _("no credit line agreed")
    unit = 10**facts.company.minor_exponent
    used = credit.exposure_minor / unit
    return _("credit used {used} / {line}").format(
        used=amount(used, facts.company.currency), line=number(credit.credit_limit_minor / unit)
    )
