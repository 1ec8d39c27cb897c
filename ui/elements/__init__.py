"""Own elements: the pad, free text, photos, a signature, and the truth about what still waits on this tablet.

Their code is plain JavaScript and CSS beside these modules, put together without a build step (`source.py`).
All of them deliver through one queue a tablet; `delivery.js` and `queue.js` say how.
"""

from ui.elements.pad import Conflict, Field, Lot, Row, Value, pad, written_rows
from ui.elements.photo import photos
from ui.elements.queue_state import queue_state
from ui.elements.reported import QueueReport
from ui.elements.signature import signature
from ui.elements.text import Words, text

__all__ = [
    "Conflict",
    "Field",
    "Lot",
    "QueueReport",
    "Row",
    "Value",
    "Words",
    "pad",
    "photos",
    "queue_state",
    "signature",
    "text",
    "written_rows",
]
