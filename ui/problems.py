"""An error as a sentence in the user's language, saying what would be right."""

import streamlit as st

from core.errors import FieldvisitError, InvalidInput
from data.errors import (
    Conflict,
    InvalidValue,
    NotAllowed,
    NotReachable,
    SavedMeanwhile,
    StorageUnavailable,
)
from language import _
from language.formats import MISSING
from ui.markup import plain


def sentence(error: FieldvisitError) -> str:
    """What happened and what to do, from the facts that the error carries."""
    if isinstance(error, NotReachable):
        return _("This is not among those you look after, or it does not exist.")
    if isinstance(error, NotAllowed):
        return _("This is not possible now: the visit was submitted, handed over or is not yours. Reload it.")
    if isinstance(error, Conflict):
        return _("Somebody changed this meanwhile to “{theirs}”; yours is “{yours}”. Choose one.").format(
            theirs=_said(error.theirs), yours=_said(error.yours)
        )
    if isinstance(error, InvalidValue):
        return _("{field}: “{value}” cannot be kept. {hint}").format(
            field=plain(field_word(error.field)), value=_said(error.value), hint=field_hint(error.field)
        )
    if isinstance(error, SavedMeanwhile):
        return _("Somebody saved the same thing at the same moment. Look at it again, then save yours.")
    if isinstance(error, StorageUnavailable):
        return _("The database does not answer. Nothing was saved by this touch; try again.")
    if isinstance(error, InvalidInput):
        return _("The figures in “{column}” cannot be used for this calculation.").format(
            column=plain(error.column)
        )
    return str(error)


def _said(value: object) -> str:
    """A value as people read it: their own text literally, nothing as a dash."""
    return MISSING if value is None or value == "" else plain(str(value))


def field_word(field: str) -> str:
    """The screen's word for a field that an error names."""
    words = {
        "promise": _("Promise"),
        "owner": _("Who"),
        "objective": _("Objective"),
        "target": _("Target"),
        "reason": _("Reason"),
        "conflict": _("Two values"),
        "next visit": _("Next visit"),
        "comment": _("Comment"),
        "directive": _("Directive"),
        "number": _("Number"),
    }
    return words.get(field, field)


def field_hint(field: str) -> str:
    """What would be right for that field."""
    hints = {
        "promise": _("Say in a few words what is promised."),
        "owner": _("Say who does it."),
        "objective": _("Say in a few words what is to be reached; one with a result stays."),
        "target": _("Give a number of at least 0."),
        "reason": _("Say why, in a few words."),
        "conflict": _("Choose first which of the two values counts, on the step where they stand."),
        "next visit": _("Choose a day after this visit and within a year."),
        "comment": _("Say what is missing, so that the rep knows."),
        "directive": _("Say in a few words what is to be done."),
        "number": _("Give a number with at most four decimal places."),
    }
    return hints.get(field, _("Please check it."))


def show(error: FieldvisitError) -> None:
    """Shows an error where it happened."""
    st.error(sentence(error), icon=":material/error:")
