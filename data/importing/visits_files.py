"""The files of visits: checklists, news, planned visits, objectives, complaints and prospects."""

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from core.visit import COMPLAINT_KINDS, OBJECTIVE_KINDS
from data.importing import kinds as k
from data.importing.kinds import Context
from data.importing.layout import Column, Layout, Values, later, optional
from data.tables import Base

_tables = Base.metadata.tables
_distributor = Column(
    "distributor", "distributor_id", k.reference("distributor", "code of a distributor"), "Distributor"
)


def _english(values: Values, _context: Context) -> None:
    values["text_en"] = values["text_en"] or values["text"]


def _noon(day: Any) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _planned(_values: Values, now: datetime) -> Values:
    return {"state": "planned", "changed_at": now}


def _still_planned(before: Values, _after: Values) -> str | None:
    return (
        None if before["state"] == "planned" else "The visit has been begun or cancelled: it stays as it is."
    )


def _untouched(before: Values, _after: Values) -> str | None:
    return None if before["version"] == 1 else "It was changed in the app since: change it there."


def _complaint_times(values: Values, _now: datetime) -> Values:
    """A complaint loaded in a later state passed the states before it on an unknown day: the recording's."""
    order = ("recorded", "handled", "rechecked", "reported_back")
    reached = order.index(values["state"]) if values["state"] in order else 0
    recorded = _noon(values["recorded_on"])
    times = {f"{name}_at": recorded if order.index(name) <= reached else None for name in order[1:]}
    return times | {"recorded_at": recorded}


def _prospect_times(values: Values, _now: datetime) -> Values:
    closed = values["stage"] in ("signed", "lost")
    recorded = _noon(values["recorded_on"])
    return {"recorded_at": recorded, "closed_at": recorded if closed else None}


LAYOUTS = (
    Layout(
        "checklists.csv",
        "The lines of the checklists.",
        _tables["checklist_item"],
        ("code",),
        (
            Column("code", "code", k.code(), "Code of the line"),
            Column(
                "checklist",
                "checklist",
                k.one_of("tools", "display", "promotion", "service", "market", "training"),
                "Checklist",
            ),
            optional("position", "position", k.whole(), "Place in the list", 0),
            Column("text", "text", k.text(500), "Text"),
            optional("text_en", "text_en", k.text(500), "Text in English; the text where empty", ""),
            optional("weight", "weight", k.decimal(4, 0), "Weight in the score; 1 where empty", Decimal(1)),
            optional("retired_on", "retired_on", k.day(), "Not asked any more from this day on"),
        ),
        fill=_english,
    ),
    Layout(
        "news.csv",
        "News for the reps to tell.",
        _tables["news_item"],
        ("id",),
        (
            Column("code", "id", k.own_code("news_item"), "Your code of the news"),
            Column("kind", "kind", k.one_of("company", "sales", "competitor", "policy"), "Kind"),
            Column("text", "text", k.text(2000), "Text"),
            optional("text_en", "text_en", k.text(2000), "Text in English; the text where empty", ""),
            Column("from_on", "from_on", k.day(), "First day"),
            Column("to_on", "to_on", k.day(), "First day on which it is not told any more"),
        ),
        checks=(later("from_on", "to_on"),),
        fill=_english,
    ),
    Layout(
        "visits_planned.csv",
        "Planned visits. A visit that was begun meanwhile stays as it is.",
        _tables["visit"],
        ("id",),
        (
            Column("code", "id", k.own_code("visit"), "Your code of the visit"),
            _distributor,
            Column("rep", "rep_id", k.reference("rep", "account of a rep"), "Rep"),
            Column("planned_on", "planned_on", k.day(), "Day"),
            optional("planned_time", "planned_time", k.clock(), "Time", ""),
            optional("stop", "stop", k.whole(), "Place in the day's order", 0),
        ),
        at_first=_planned,
        guard=_still_planned,
    ),
    Layout(
        "objectives.csv",
        "Objectives of planned visits.",
        _tables["objective"],
        ("visit_id", "position"),
        (
            Column(
                "visit",
                "visit_id",
                k.own_reference("visit", "code of a visit in visits_planned.csv"),
                "Visit",
            ),
            Column("position", "position", k.whole(1), "Place in the list"),
            Column("kind", "kind", k.one_of(*OBJECTIVE_KINDS), "Kind"),
            Column("text", "text", k.text(500), "What is to be reached"),
            optional("target", "target", k.decimal(4), "Target as a number, in currency units or pieces"),
        ),
        guard=_untouched,
    ),
    Layout(
        "complaints.csv",
        "Complaints of distributors.",
        _tables["complaint"],
        ("id",),
        (
            Column("code", "id", k.own_code("complaint"), "Your code of the complaint"),
            _distributor,
            optional("product", "product_id", k.reference("product", "code of a product"), "Product"),
            Column(
                "kind",
                "kind",
                k.one_of(*COMPLAINT_KINDS),
                "Kind",
            ),
            Column("text", "text", k.text(2000), "What is complained of"),
            optional(
                "state",
                "state",
                k.one_of("recorded", "handled", "rechecked", "reported_back", "withdrawn"),
                "How far it is",
                "recorded",
            ),
            optional("answer", "answer", k.text(2000), "What was answered", ""),
            optional("due_on", "due_on", k.day(), "To be answered by"),
            optional(
                "satisfied", "satisfied", k.yes_no(), "Whether the distributor was satisfied, once asked"
            ),
            Column("recorded_by", "recorded_by", k.reference("user", "account of a user"), "Who took it in"),
            Column("recorded_on", "recorded_on", k.day(), "When"),
        ),
        at_first=_complaint_times,
        guard=_untouched,
    ),
    Layout(
        "prospects.csv",
        "Those who may become distributors.",
        _tables["prospect"],
        ("id",),
        (
            Column("code", "id", k.own_code("prospect"), "Your code of the prospect"),
            Column("market", "market_id", k.reference("market", "code of a market"), "Market"),
            Column("rep", "rep_id", k.reference("rep", "account of a rep"), "Rep"),
            Column("name", "name", k.text(200), "Name"),
            optional("contact", "contact", k.text(200), "Whom to talk to", ""),
            optional(
                "stage",
                "stage",
                k.one_of("contact", "consult", "follow_up", "tender", "signed", "lost"),
                "Stage",
                "contact",
            ),
            optional("expected_month", "expected_month_minor", k.money(0), "Expected sales a month"),
            optional("next_step", "next_step", k.text(500), "Next step", ""),
            optional("next_step_on", "next_step_on", k.day(), "When"),
            optional("outcome", "outcome", k.text(500), "How it ended", ""),
            Column("recorded_on", "recorded_on", k.day(), "First contact"),
        ),
        at_first=_prospect_times,
        guard=_untouched,
    ),
)
