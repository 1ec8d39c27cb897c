"""Choices kept in the address under their codes, so that a link shows the same in either language.

Streamlit's own binding writes the words of a choice, which the other language does not know.
"""

from collections.abc import Callable, Mapping

import streamlit as st

from ui.led import forget, lead_to


def choice_in_address(name: str, codes: Mapping[str, str], otherwise: str = "") -> str:
    """The code that the address holds under a name; `otherwise` where it holds none of the codes."""
    held = st.query_params.get(name, "")
    return held if held in codes else otherwise


def keep_in_address(name: str, value: str, otherwise: str = "") -> None:
    """Puts a code into the address, or takes the name out where it is the usual one."""
    if value and value != otherwise:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def lead_to_choice(name: str, value: str, otherwise: str = "") -> None:
    """Draws the page anew with another choice, as if the address had been opened."""
    query = st.query_params.to_dict()
    query.pop(name, None)
    lead_to("", query if value == otherwise else {**query, name: value})


def select_in_address(
    label: str, name: str, words: Mapping[str, str], *, everything: str, on_change: Callable[[], None]
) -> str:
    """A selectbox whose choice stands in the address; the empty code, chosen first, means everything."""
    codes = ["", *words]
    key = f"{name}_choice"

    def keep() -> None:
        keep_in_address(name, st.session_state[key])
        on_change()

    return st.selectbox(
        label,
        codes,
        index=codes.index(choice_in_address(name, words)),
        key=key,
        format_func=lambda code: words.get(code, everything),
        on_change=keep,
    )


def segments_in_address(label: str, name: str, words: Mapping[str, str]) -> str:
    """A segmented control whose choice stands in the address; the first code is the usual one."""
    usual = next(iter(words))
    key = f"{name}_choice"

    def keep() -> None:
        # A tap may lead back to where another has led from a moment ago.
        forget()
        keep_in_address(name, st.session_state[key], usual)

    # The address is what counts: a tap elsewhere may have led to another choice.
    st.session_state[key] = choice_in_address(name, words, usual)
    chosen = st.segmented_control(
        label,
        list(words),
        key=key,
        format_func=lambda code: words[code],
        required=True,
        on_change=keep,
        label_visibility="collapsed",
    )
    return chosen or usual
