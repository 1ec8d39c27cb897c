"""Free text that is kept on the tablet with every keystroke: notes, reasons, promises, comments."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from ui.elements.reported import mount
from ui.elements.source import element
from ui.elements.texts import queue_texts

_TEXT = element("text")


@dataclass(frozen=True)
class TextConflict:
    """Two texts for one field: `value` counts at the moment, `proposed` met it; `by` names who and when."""

    value: str | None
    version: str | None
    by: str
    proposed: str | None
    proposed_by: str


@dataclass(frozen=True)
class Words:
    """What stands in a text field, and the id of the entry that holds it; both empty where nobody has typed."""

    text: str
    entry_id: str


def text(
    label: str,
    *,
    visit: str,
    user: str,
    row: str,
    field: str,
    key: str,
    value: str | None = None,
    version: str | None = None,
    lot: str | None = None,
    source: str = "told",
    placeholder: str = "",
    maximum: int = 2_000,
    editable: bool = True,
    tells: bool = False,
    shows_label: bool = True,
    conflict: TextConflict | None = None,
    saved_at: str | None = None,
    acknowledged: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
) -> Words:
    """Draws a text field on the tablet's queue.

    Args:
        label: What is asked for; also read aloud.
        visit: The visit's id.
        user: The signed-in user's id.
        row: Stable code of what the text belongs to, such as an objective's id.
        field: Stable code of the field, such as "note".
        key: The element's key on the page.
        value: The text that the database has; `None`: none.
        version: Id of the entry that set it.
        lot: Third part of the address, where one is needed.
        source: Code of where the text is from.
        placeholder: Shown while the field is empty.
        maximum: Most characters.
        editable: Whether it can be typed into.
        tells: Whether the page is drawn again with the words as soon as typing rests, for a button beside them.
        shows_label: Whether the label is also seen.
        conflict: Two texts of which one must be chosen.
        saved_at: The time of the last row that the database confirmed, as it is shown.
        acknowledged: Ids of entries that the page has seen in the database.
        texts: The words; `None`: `queue_texts()`.

    Returns:
        The words as the field last told them, else those given.
    """
    told = st.session_state.get(key, {}).get("words") if tells else None
    data = {
        "visit": visit,
        "row": row,
        "lot": lot,
        "field": field,
        "value": value,
        "version": version,
        "source": source,
        "label": label,
        "placeholder": placeholder,
        "maximum": maximum,
        "editable": editable,
        "tells": tells,
        "shows_label": shows_label,
        "told": told,
        "conflict": asdict(conflict) if conflict else None,
    }
    words = queue_texts() if texts is None else texts
    mount(
        _TEXT,
        key=key,
        user=user,
        texts=words,
        data=data,
        saved_at=saved_at,
        acknowledged=acknowledged,
        tells=("words",) if tells else (),
    )
    stands = told or {"value": value, "version": version}
    return Words(stands["value"] or "", stands["version"] or "")
