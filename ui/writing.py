"""Texts of a visit on the tablet's own queue, and the words that a button beside them needs."""

from data.access import Actor
from data.database import database
from data.engine import reading
from data.entries import conflicts_of, current_values
from data.entry_fields import WORDS
from data.entry_rows import ConflictRow, ValueRow
from ui.elements.text import TextConflict, Words, text
from ui.names import name_of

Cell = tuple[str, str, str]


def words_for(
    actor: Actor,
    visit_id: str,
    label: str,
    *,
    row: str,
    field: str = WORDS,
    fallback: str = "",
    placeholder: str = "",
    maximum: int = 2_000,
    shows_label: bool = True,
) -> Words:
    """A text for a button beside it, which makes a record of the words or acts for the reason they give.

    What is typed is kept like any other text: it stands there again after a reload, and on another device. A page
    or a dialog that asks for it is drawn again when typing rests.

    Args:
        actor: Whose words they are.
        visit_id: The visit.
        label: What is asked for.
        row: What the words become (`comment`, `promise`, …), or what they belong to (`promise:<id>`, a step's name).
        field: Which text of that; words that become a record are everybody's own.
        fallback: What the database has where no tablet has entered the text.
        placeholder: Shown while it is empty.
        maximum: Most characters.
        shows_label: Whether the label is also seen.

    Returns:
        The words, with the id of their entry, which the record takes over.
    """
    cell = (row, actor.user_id if field == WORDS else "", field)
    with reading(database()) as session:
        values = {(one.row, one.lot, one.field): one for one in current_values(session, actor, visit_id)}
        conflicts = {(one.row, one.lot, one.field): one for one in conflicts_of(session, actor, visit_id)}
    return draw_text(
        actor,
        visit_id,
        cell,
        values.get(cell),
        conflicts.get(cell),
        label,
        fallback=fallback,
        placeholder=placeholder,
        maximum=maximum,
        tells=True,
        shows_label=shows_label,
    )


def words_of_record(
    actor: Actor, visit_id: str, label: str, kind: str, *, record_id: str, text: str, maximum: int
) -> Words:
    """The text of a record in its dialog: of a new one the words to make it of, else a text of its own.

    Args:
        actor: Whose words they are.
        visit_id: The visit.
        label: What is asked for.
        kind: What the words become.
        record_id: The record; empty for a new one.
        text: What the record says now.
        maximum: Most characters.
    """
    if not record_id:
        return words_for(actor, visit_id, label, row=kind, maximum=maximum)
    row = f"{kind}:{record_id}"
    return words_for(actor, visit_id, label, row=row, field="text", fallback=text, maximum=maximum)


def draw_text(
    actor: Actor,
    visit_id: str,
    cell: Cell,
    value: ValueRow | None,
    conflict: ConflictRow | None,
    label: str,
    *,
    fallback: str,
    placeholder: str,
    maximum: int = 2_000,
    editable: bool = True,
    tells: bool = False,
    shows_label: bool = True,
) -> Words:
    """Draws a text of a visit as it stands in the database, with the conflict that it met.

    Args:
        actor: Who writes.
        visit_id: The visit.
        cell: (row, lot, field) of the text.
        value: What was entered.
        conflict: What it met.
        label: What is asked for.
        fallback: What the database has where no tablet has entered the text.
        placeholder: Shown while it is empty.
        maximum: Most characters.
        editable: Whether it can be typed into.
        tells: Whether the page is told the words when typing rests.
        shows_label: Whether the label is also seen.
    """
    row, lot, field = cell
    return text(
        label,
        visit=visit_id,
        user=actor.user_id,
        row=row,
        lot=lot or None,
        field=field,
        key=f"text_{row}_{field}_{visit_id}" if tells else f"text_{row}_{field}",
        value=(value.value if value else None) or fallback or None,
        version=value.version if value else None,
        placeholder=placeholder,
        maximum=maximum,
        editable=editable,
        tells=tells,
        shows_label=shows_label,
        conflict=_told(conflict) if conflict else None,
    )


def _told(row: ConflictRow) -> TextConflict:
    return TextConflict(
        value=row.value,
        version=row.version,
        by=name_of(row.by, row.by_en),
        proposed=row.proposed,
        proposed_by=name_of(row.proposed_by, row.proposed_by_en),
    )
