"""The fields that tablets enter by themselves, and what a value of each may be.

Anything else in an entry is refused by name, and the tablet shows it as not saved.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from data.errors import InvalidValue
from data.identifiers import is_id
from data.tables.base import SOURCES

COUNT_FIELDS = frozenset({"cases", "pieces"})
PRICE_FIELDS = frozenset({"selling", "retail"})
SKIP_FIELDS = frozenset({"stock_skipped", "price_skipped"})
WORDS = "words"
"""What somebody composes before it becomes a record of its own; the lot is whose words they are."""
CANCEL_REASON = "cancel_reason"
TEXT_FIELDS = frozenset(
    {
        WORDS,
        "skip_reason",
        CANCEL_REASON,
        "summary",
        "strengths",
        "improve",
        "incomplete_reason",
        "reason",
        "next_time",
        "actual_note",
        "note",
        "text",
    }
)
LONGEST_TEXT = 4000
LARGEST_NUMBER = Decimal(9_999_999)
_ROW = re.compile(r"[a-z_]{1,24}(:[0-9a-f-]{36})?|[0-9a-f-]{36}")
_LOT = re.compile(r"[^\x00-\x1f]{0,40}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNITS = frozenset({"", "case", "piece"})


@dataclass(frozen=True)
class TabletEntry:
    """One entry as a tablet sends it, checked; `value` is canonical text or `None` for cleared."""

    id: str
    user: str
    visit: str
    row: str
    lot: str
    field: str
    value: str | None
    unit: str
    source: str
    base: str | None
    at: str

    @property
    def cell(self) -> tuple[str, str, str]:
        """Which value of the visit it is about."""
        return self.row, self.lot, self.field


def read_entry(raw: Mapping[str, object]) -> TabletEntry:
    """Checks an entry from outside.

    Raises:
        InvalidValue: names the part that is wrong and what would be right.
    """
    field = _text(raw, "field", 40)
    base = raw.get("base")
    if base is not None and not is_id(base):
        raise InvalidValue("base", base, "the id of an entry, or null")
    for name in ("id", "user", "visit"):
        if not is_id(raw.get(name)):
            raise InvalidValue(name, raw.get(name), "an id")
    row, lot = _text(raw, "row", 64), _text(raw, "lot", 40)
    if not _ROW.fullmatch(row):
        raise InvalidValue("row", row, "a product's id or the name of a text")
    if field == WORDS and lot != raw["user"]:
        raise InvalidValue("lot", lot, "the id of the user whose words they are")
    if not _LOT.fullmatch(lot):
        raise InvalidValue("lot", lot, "a lot without control characters")
    unit, source = _text(raw, "unit", 20), _text(raw, "source", 20)
    if unit not in _UNITS:
        raise InvalidValue("unit", unit, "case or piece")
    if source and source not in SOURCES:
        raise InvalidValue("source", source, ", ".join(SOURCES))
    return TabletEntry(
        id=str(raw["id"]),
        user=str(raw["user"]),
        visit=str(raw["visit"]),
        row=row,
        lot=lot,
        field=field,
        value=_value(field, raw.get("value")),
        unit=unit,
        source=source,
        base=None if base is None else str(base),
        at=_text(raw, "at", 40),
    )


def _text(raw: Mapping[str, object], name: str, longest: int) -> str:
    value = raw.get(name)
    text = "" if value is None else value
    if not isinstance(text, str) or len(text) > longest or _UNSTORABLE.search(text):
        raise InvalidValue(name, "…", f"text of at most {longest} characters without control characters")
    return text


def _value(field: str, value: object) -> str | None:
    if field in TEXT_FIELDS:
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise InvalidValue(field, "…", f"text of at most {LONGEST_TEXT} characters")
        # A half character of a cut emoji, or a NUL: no database keeps them, and the rest must not be lost.
        return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if field in SKIP_FIELDS:
        return "yes" if value else None
    if field in COUNT_FIELDS or field in PRICE_FIELDS:
        return None if value is None else _number(field, value, 3 if field in COUNT_FIELDS else 4)
    raise InvalidValue("field", field, "a field that tablets enter")


def _number(field: str, value: object, places: int) -> str:
    try:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise InvalidOperation
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise InvalidValue(field, value, "a number") from error
    if not number.is_finite() or not 0 <= number <= LARGEST_NUMBER:
        raise InvalidValue(field, value, f"a number from 0 to {LARGEST_NUMBER:,}")
    if number != round(number, places):
        raise InvalidValue(field, value, f"at most {places} decimal places")
    return format(number.normalize(), "f")
