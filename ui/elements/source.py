"""Puts the parts of an element together: each part is a file that can be read on its own, in the order given."""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_FOLDER = Path(__file__).parent

QUEUE_PARTS = (
    "records.js",
    "cells.js",
    "kept.js",
    "delivery.js",
    "queue.js",
    "draft.js",
    "taps.js",
    "numbers.js",
    "words.js",
    "element.js",
)
"""What every element stands on. Each element's own parts come after them; the last one has the export."""


@cache
def source(*names: str) -> str:
    """The text of some files of this folder, one after the other.

    Args:
        names: File names, all of one kind.

    Returns:
        Their text.
    """
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


def element(name: str, *own_parts: str) -> ComponentRenderer:
    """Registers an element made of `<name>.html`, `<name>.css` and the shared and own JavaScript.

    Args:
        name: The element's name, which is also its files'.
        own_parts: Its JavaScript files that stand on the shared ones; `<name>.js` is added as the last.

    Returns:
        What mounts it.
    """
    return st.components.v2.component(
        f"fieldvisit_{name}",
        html=source(f"{name}.html"),
        css=source("states.css", f"{name}.css"),
        js=source(*QUEUE_PARTS, *own_parts, f"{name}.js"),
    )
