"""A row of a list: what it says takes the room that its figures and buttons leave."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

ICON_WIDTH = 60
"""Pixels of a button that shows an icon alone."""


def list_row(key: str | None = None) -> DeltaGenerator:
    """A row, half as much to draw as columns are.

    Its first element wants `width="stretch"`: it takes what the others leave, and its text the lines that it needs.
    They stand at the right, in pixels or as wide as they are.

    Args:
        key: The key of the row.
    """
    return st.container(
        key=key,
        horizontal=True,
        wrap=False,
        horizontal_alignment="right",
        vertical_alignment="center",
        gap="small",
    )
