"""The pad: a list of products and number keys in one, for counting stock and writing down prices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal

from ui.elements.reported import QueueReport, as_json, mount
from ui.elements.source import element
from ui.elements.texts import pad_texts

Number = int | float | Decimal

_PAD = element("pad", "checks.js", "pad_model.js", "pad_list.js", "pad_keys.js", "pad_entries.js")

ABOVE_AND_BELOW = {"count": 312, "prices": 374}
"""Pixels that the screen needs above and below the pad, measured on the mock-ups."""

SKIP_FIELD = {"count": "stock_skipped", "prices": "price_skipped"}
"""The field of an entry that leaves a product out today."""

TOLERANCE = {"count": 0.10, "prices": 0.03}
"""Deviation from what was expected, or from the market, that is still shown as normal."""


@dataclass(frozen=True)
class Value:
    """What stands in one field, and what it is compared with.

    `version` is the id of the entry that set the value (`None`: nobody has); the pad sends it back as the base of
    the next entry. `last` and `market` are prices in the field's unit; `hint` replaces the row's hint while the
    field is open.
    """

    value: Number | bool | None = None
    version: str | None = None
    last: Number | None = None
    market: Number | None = None
    hint: str = ""


NOTHING = Value()
"""A field in which nothing was entered and with which nothing is compared; the pad is not told of it."""


@dataclass(frozen=True)
class Field:
    """A column: `unit` is the code stored with each value, `short` its word after a value ("c", or none).

    `next` is the word on the key that leads to this field; `holds` says what one of a counted unit is: a pack of
    `Row.pack` pieces or a single piece.
    """

    id: str
    label: str
    unit: str
    short: str = ""
    next: str = ""
    decimals: int = 0
    maximum: int = 99_999
    holds: Literal["pack", "piece", ""] = ""


@dataclass(frozen=True)
class Lot:
    """A lot of a product: `id` is its code ("2026-03" where the due month is all that is known)."""

    id: str
    label: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Conflict:
    """Two values for one field: `value` counts at the moment, `proposed` met it; `by` names who and when.

    An entry based on `version` settles it.
    """

    field: str
    value: Number | None
    version: str | None
    by: str
    proposed: Number | None
    proposed_by: str
    lot: str | None = None


@dataclass(frozen=True)
class Row:
    """A product: `values` by field id, `expected` in pieces (`None`: unknown), `pack` pieces a case.

    `skipped.value` is `True` for a product left out today. Where `keeps_lots`, quantities stand in its lots; what
    is counted without a date is its own value.
    """

    id: str
    name: str
    second: str = ""
    hint: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    expected: Number | None = None
    pack: int = 1
    keeps_lots: bool = False
    lots: Sequence[Lot] = ()
    skipped: Value = NOTHING
    conflicts: Sequence[Conflict] = ()


def pad(
    rows: str,
    fields: Sequence[Field],
    *,
    kind: Literal["count", "prices"],
    label: str,
    visit: str,
    user: str,
    source: str,
    key: str,
    search: str = "",
    blind: bool = False,
    tolerance: float | None = None,
    saved_at: str | None = None,
    acknowledged: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
) -> QueueReport:
    """Draws the pad. What is typed goes by POST to the server, which tells this element's next drawing.

    Args:
        rows: All products of the visit as `written_rows` gives them; never narrowed by a search, or the count is
            wrong.
        fields: One or two columns.
        kind: Which keys and which check: quantities against what is expected, or prices against the market.
        label: What the list is called by a screen reader.
        visit: The visit's id.
        user: The signed-in user's id.
        source: Code of where the values to come are from ("counted", "read", "told", "estimated").
        key: The element's key on the page.
        search: Shows only the products whose name, second line or code has all of these words.
        blind: Hides what is expected until a product is counted and left.
        tolerance: Share of deviation still normal; `None`: `TOLERANCE[kind]`.
        saved_at: The time of the last row that the database confirmed, as it is shown.
        acknowledged: Ids of entries that the page has seen in the database.
        texts: The words; `None`: `pad_texts()`.

    Returns:
        The queue of this tablet as it was last told; a new drawing follows each time something was confirmed.
    """
    words = dict(pad_texts() if texts is None else texts)
    if kind == "prices":
        words["open"] = ""
    data = {
        "kind": kind,
        "skip_field": SKIP_FIELD[kind],
        "label": label,
        "visit": visit,
        "source": source,
        "search": search,
        "blind": blind,
        "tolerance": TOLERANCE[kind] if tolerance is None else tolerance,
        "above_and_below": ABOVE_AND_BELOW[kind],
        "fields": [asdict(one) for one in fields],
    }
    return mount(
        _PAD,
        key=key,
        user=user,
        texts=words,
        data=data,
        written={"rows": rows},
        saved_at=saved_at,
        acknowledged=acknowledged,
    )


def written_rows(rows: Iterable[Row]) -> str:
    """Rows in shelf order as the pad reads them: a text that a page may keep for its next drawing."""
    return as_json([_plain(row) for row in rows])


def _plain(row: Row) -> dict[str, Any]:
    """A row as JSON holds it, without what is empty.

    Name by name, not by asking each value what it is: three hundred products with lots hold thousands of values, and
    in most nothing was entered.
    """
    return {
        "id": row.id,
        "name": row.name,
        "second": row.second,
        "hint": row.hint,
        "values": _values(row.values),
        "expected": _number(row.expected),
        "pack": row.pack,
        "keeps_lots": row.keeps_lots,
        "lots": [{"id": lot.id, "label": lot.label, "values": _values(lot.values)} for lot in row.lots],
        "skipped": None if row.skipped is NOTHING or row.skipped == NOTHING else _value(row.skipped),
        "conflicts": [_conflict(conflict) for conflict in row.conflicts],
    }


def _values(values: Mapping[str, Value]) -> dict[str, Any]:
    return {
        name: _value(value) for name, value in values.items() if value is not NOTHING and value != NOTHING
    }


def _value(value: Value) -> dict[str, Any]:
    known: dict[str, Any] = {"value": _number(value.value), "version": value.version}
    if value.last is not None:
        known["last"] = _number(value.last)
    if value.market is not None:
        known["market"] = _number(value.market)
    if value.hint:
        known["hint"] = value.hint
    return known


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        **vars(conflict),
        "value": _number(conflict.value),
        "proposed": _number(conflict.proposed),
    }


def _number(value: Number | bool | None) -> float | bool | None:
    """A decimal as the nearest float, a whole one as an int."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
