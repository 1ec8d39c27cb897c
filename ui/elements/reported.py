"""What an element tells about the queue of its tablet, and where it delivers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

ENTRIES_PATH = "entries"
ATTACHMENTS_PATH = "attachments"


@dataclass(frozen=True)
class QueueReport:
    """The queue of the tablet that draws the page, as the element last told it.

    `waiting`: values and attachments that the server has not confirmed; `None` until the tablet has spoken, which
    is not the same as an empty queue. `refused`: what the server did not accept and the person has not given up.
    Only `queue_state` keeps telling it; the other elements speak when the server took something of theirs.
    """

    waiting: int | None = None
    refused: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything that was typed on this tablet is known to be in the database."""
        return self.waiting == 0 and self.refused == 0


def mount(
    renderer: ComponentRenderer,
    *,
    key: str,
    user: str,
    texts: Mapping[str, str],
    data: Mapping[str, Any],
    written: Mapping[str, str] | None = None,
    saved_at: str | None = None,
    acknowledged: Sequence[str] = (),
    tells: Sequence[str] = (),
) -> QueueReport:
    """Draws an element with what all of them need.

    Args:
        renderer: What `source.element` gave.
        key: The element's key on the page, stable over reruns and languages.
        user: Whose queue it is.
        texts: Its words.
        data: What is the element's own.
        written: Long parts of it that were written as JSON before (`as_json`), by name.
        saved_at: The time of the last row that the database confirmed, as it is shown.
        acknowledged: Ids that the page has seen in the database.
        tells: What else it tells, by name; it stands in the session under the element's key.

    Returns:
        The queue as the tablet last told it.
    """
    known = st.session_state.get(key, {}).get("queue")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    root = f"/{base}/" if base else "/"
    common = {
        "user": user,
        "texts": dict(texts),
        "queue": known,
        "entries_url": root + ENTRIES_PATH,
        "attachments_url": root + ATTACHMENTS_PATH,
        "saved_at": saved_at,
        "acknowledged": list(acknowledged),
    }
    changes: dict[str, Any] = {f"on_{name}_change": lambda: None for name in ("queue", *tells)}
    parts = [
        as_json({**common, **data})[1:-1],
        *(f'"{name}":{part}' for name, part in (written or {}).items()),
    ]
    # As bytes Streamlit hands it on; a mapping it would write twice, once to name the element and once to send it.
    result = renderer(key=key, data=f"{{{','.join(parts)}}}".encode(), **changes)
    told = result.get("queue") or {}
    return QueueReport(told.get("waiting"), told.get("refused"))


def as_json(data: Any) -> str:
    """Data as an element reads it.

    Raises:
        ValueError: a number is not finite; a browser could not read the text.
    """
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
