"""What the tablets sent on the demo's newest visits: the entries behind counts and prices still worked on."""

from datetime import datetime
from decimal import Decimal

from data.demo.rows import Rows, at, chance, demo_id
from data.demo.schedule import Appointment

KEPT_STATES = ("draft", "returned", "submitted")
"""Older visits came before the tablets: they have their figures but no entries."""


def add_entry(
    rows: Rows,
    visit: Appointment,
    row: str,
    field: str,
    value: Decimal | int | str,
    when: datetime,
    *,
    lot: str = "",
    unit: str = "",
    source: str = "",
) -> None:
    """Adds an entry that moved a value, and the value; nothing for a visit of the time before the tablets."""
    if visit.state not in KEPT_STATES:
        return
    entry = demo_id("entry", visit.id, row, lot, field)
    text = value if isinstance(value, str) else format(Decimal(value).normalize(), "f")
    common = {
        "visit_id": visit.id,
        "row": row,
        "lot": lot,
        "field": field,
        "value": text,
        "unit": unit,
        "source": source,
        "saved_at": when,
    }
    rows.add("entry", id=entry, user_id=visit.rep_id, outcome="applied", tablet_at=when.isoformat(), **common)
    rows.add("field_value", entry_id=entry, entered_by=visit.rep_id, **common)


def add_other_stock(rows: Rows, visit: Appointment) -> None:
    """Adds what the distributor said its other goods are worth: by it our share of its stock is known."""
    worth = 500 * round(60 + 160 * visit.place.size * chance("other", visit.place.code).random())
    when = at(visit.day, visit.clock)
    add_entry(rows, visit, "stock", "other_value", worth, when, source="told")
