"""A list that may be long: what one reads stands open, the rest is folded."""

from collections.abc import Sequence

import streamlit as st

from language import _
from language.formats import number

SHOWN = 12
"""Lines of a list that stand open."""


def long_list(lines: Sequence[str]) -> None:
    """Lines of Markdown under each other; the first stand open, the others are folded."""
    if lines:
        st.markdown("\n\n".join(lines[:SHOWN]))
    if len(lines) > SHOWN:
        with st.expander(_("and {count} more").format(count=number(len(lines) - SHOWN))):
            st.markdown("\n\n".join(lines[SHOWN:]))
