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
from language import _, p_
from language.formats import MISSING
from language.words import word
from ui.markup import plain


def sentence(error: FieldvisitError) -> str:
    """What happened and what to do, from the facts that the error carries."""
    if isinstance(error, NotReachable):
        return _("This is not among those you look after, or it does not exist.")
    if isinstance(error, NotAllowed):
        return _why_not(error)
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


def _why_not(error: NotAllowed) -> str:
    if error.state:
        state = word("visit.state", error.state)
        return _("This is not possible any more: the visit is “{state}” by now. Reload it.").format(
            state=state
        )
    if error.reason.startswith("your role"):
        return _("Your role does not do this.")
    known = {
        "it is another rep's": _("This visit is another rep's by now; only he enters into it."),
        "another version was made meanwhile": _(
            "Another version of this letter was made meanwhile. Reload it."
        ),
        "it was written off": _("This difference was written off; it is closed."),
        "only a manager writes off": _("Only a manager writes off a difference."),
        "you are signed out": _("You are signed out. Sign in again."),
        "the user is retired": _("This user is retired and has no password."),
        "somebody must be left to undo it": _(
            "You cannot retire yourself: somebody must be left to undo it."
        ),
    }
    return known.get(
        error.reason,
        _("This is not possible now: the visit was submitted, handed over or is not yours. Reload it."),
    )


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
        "account": _("Account"),
        "amount": _("Amount"),
        "answer": _("Answer"),
        "complaint": _("Complaint"),
        "day": _("Day"),
        "difference": _("Difference"),
        "difference reason": _("Reason of the difference"),
        "from_on": _("From"),
        "kind": _("Kind"),
        "language": _("Language"),
        "letter": _("Confirmation letter"),
        "link": _("Entries that belong together"),
        "linked entry": _("Entry that is matched already"),
        "name": p_("of a person", "Name"),
        "next step": _("Next step"),
        "note": _("Note"),
        "order": _("Order"),
        "other_value": _("Stock of other makers"),
        "passed on": _("Passed on"),
        "period": _("Period"),
        "picture": _("Photo"),
        "prospect": _("Prospect"),
        "quantity": _("Quantity"),
        "rep": _("Rep"),
        "role": _("Role"),
        "signature": _("Signature"),
        "source": _("Source"),
        "text": _("Text"),
        "topic": _("About"),
        "unit": _("Unit"),
    }
    return words.get(field, field)


def field_hint(field: str) -> str:
    """What would be right for that field."""
    hints = {
        "promise": _("Say in a few words what is promised."),
        "owner": _("Say who does it."),
        "objective": _("Say in a few words what is to be reached; one with a result stays."),
        "target": _("Give a number from 0 to under a trillion with at most four decimal places."),
        "reason": _("Say why, in a few words."),
        "conflict": _("Choose first which of the two values counts, on the step where they stand."),
        "next visit": _("Choose a day after this visit and within a year."),
        "comment": _("Say what is missing, so that the rep knows."),
        "directive": _("Say in a few words what is to be done."),
        "number": _("Give a number with at most four decimal places."),
        "amount": _("Give an amount other than 0."),
        "complaint": _("Say in a few words what is wrong."),
        "day": _("Choose a day that has come."),
        "difference reason": _("Choose a reason from the list."),
        "from_on": _("Choose today or a later day."),
        "letter": _("Print the letter first, then let it be signed."),
        "link": _("Choose at least one entry of each book."),
        "linked entry": _("Take that match back first, or choose another entry."),
        "name": _("Say the name."),
        "next step": _("Say what is done next."),
        "note": _("Say it in a few words."),
        "other_value": _("Give an amount of at least 0 with at most two decimal places."),
        "passed on": _("Give a number of at least 0 that is not more than was issued."),
        "period": _("Choose days that have passed and of which nothing is known yet."),
        "picture": _("Take a photo of at most 10 MB as JPEG, PNG or WebP."),
        "prospect": _("Say the name."),
        "quantity": _("Give a number of at least 0."),
        "signature": _("Let it be signed again after the last change."),
        "source": _("Say where the figure is from."),
        "text": _("Write less."),
    }
    return hints.get(field, _("Please check it."))


def show(error: FieldvisitError) -> None:
    """Shows an error where it happened."""
    st.error(sentence(error), icon=":material/error:")
