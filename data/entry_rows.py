"""What a batch of entries became, and how values, conflicts and proposed corrections are told."""

from dataclasses import dataclass, field
from datetime import datetime

from data.errors import InvalidValue, NotReachable


@dataclass
class Receipt:
    """What became of a batch: the ids that the database holds, and those refused with the reason."""

    held: list[str] = field(default_factory=list)
    rejected: list[tuple[str, InvalidValue | NotReachable]] = field(default_factory=list)


@dataclass(frozen=True)
class ValueRow:
    """The current value of a field; its version is the id of the entry that set it."""

    row: str
    lot: str
    field: str
    value: str | None
    unit: str
    source: str
    version: str
    saved_at: datetime


@dataclass(frozen=True)
class ConflictRow:
    """Two values for one field: the one that stands and the one that was proposed."""

    visit_id: str
    row: str
    lot: str
    field: str
    value: str | None
    version: str
    by: str
    by_en: str
    proposed: str | None
    proposed_by: str
    proposed_by_en: str


@dataclass(frozen=True)
class CorrectionRow:
    """A late entry: what it would change, by whom, and what stands now."""

    id: str
    row: str
    lot: str
    field: str
    before: str | None
    after: str | None
    by: str
    by_en: str
    saved_at: datetime
