"""How to talk to a distributor of each behaviour type: what helps, in three lines."""

import streamlit as st

from language import _
from language.words import word
from ui.markup import small


def playbook(behaviour_type: str) -> None:
    """The type and what helps with it; nothing for one that is not known yet."""
    if behaviour_type == "unknown":
        st.markdown(small(_("Behaviour type not known yet.")))
        return
    st.markdown(f"**{word('distributor.behaviour_type', behaviour_type)}**")
    for line in _advice(behaviour_type):
        st.markdown(f":material/arrow_right: {line}")


def _advice(behaviour_type: str) -> tuple[str, ...]:
    return {
        "hesitant": (
            _("Find out what the doubt is about before you answer it."),
            _("Lay the options side by side and weigh them together."),
            _("Agree on a plan with dates, so that the doubt has an end."),
        ),
        "lingering": (
            _("Put the open question on the table and ask for what keeps the answer back."),
            _("Bring a case where somebody like him decided and did well."),
            _("Make deciding small: a trial quantity, a short term, a way back."),
        ),
        "quick_yes": (
            _("Stay close after the yes: write it down and read it back at once."),
            _("Show what acting a day earlier brings."),
            _("Agree on few steps with near dates, and check the first one soon."),
        ),
    }[behaviour_type]
