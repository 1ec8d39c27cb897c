"""What the tablets have counted in a visit, remembered until something is entered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import streamlit as st

from data.access import Actor
from data.database import database
from data.engine import reading
from data.entries import conflicts_of, current_values
from data.entry_fields import COUNT_FIELDS
from data.entry_rows import ConflictRow, ValueRow
from data.identifiers import new_id
from data.visits import changed_at_of
from ui.current_user import me
from ui.elements import Value
from ui.elements.pad import NOTHING
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS
from ui.visit_frame import VisitPage

SKIPPED = "stock_skipped"
FIELDS = COUNT_FIELDS | {SKIPPED}


@dataclass(frozen=True)
class Counted:
    """The visit's own entries by (product, lot, field), and pairs of values that wait for a choice.

    `name` is of these entries alone: what is made of them is remembered under it.
    """

    values: Mapping[tuple[str, str, str], ValueRow]
    conflicts: Mapping[str, list[ConflictRow]]
    name: str = field(default_factory=new_id)

    @cached_property
    def saved_at(self) -> datetime | None:
        """When the database last confirmed a count."""
        return max((value.saved_at for value in self.values.values()), default=None)

    def number(self, product_id: str, lot: str, of: str) -> Value:
        """A value as the pad takes it."""
        row = self.values.get((product_id, lot, of))
        if row is None:
            return NOTHING
        return Value(None if row.value is None else float(row.value), row.version)


def read_counted(page: VisitPage) -> Counted:
    """What the tablets have counted in this visit."""
    actor = me().actor
    # The page may have been drawn before the last entries: the pad is drawn again by itself.
    with reading(database()) as session:
        changed_at = changed_at_of(session, actor, page.visit.id)
    return _counted(actor.user_id, page.visit.id, changed_at, actor)


# Each entry, also one that met another value, changes `changed_at` of its visit.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _counted(user_id: str, visit_id: str, changed_at: datetime, _actor: Actor) -> Counted:
    with reading(database()) as session:
        values = current_values(session, _actor, visit_id, FIELDS)
        waiting = conflicts_of(session, _actor, visit_id)
    conflicts: dict[str, list[ConflictRow]] = {}
    for row in waiting:
        if row.field in COUNT_FIELDS:
            conflicts.setdefault(row.row, []).append(row)
    return Counted({(v.row, v.lot, v.field): v for v in values}, conflicts)
