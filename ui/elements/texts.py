"""The words of the own elements. JavaScript fills the {names}; the language is chosen here, a page at a time."""

from language import _


def queue_texts() -> dict[str, str]:
    """What an element says about the queue."""
    return {
        "saved": _("Saved {time}"),
        "waiting": _("{n} waiting, kept on this tablet"),
        "no_connection": _("No connection"),
        "no_connection_waiting": _("No connection, {n} waiting on this tablet"),
        "signed_out": _("Signed out: sign in again, {n} waiting on this tablet"),
        "refused": _("{n} not accepted"),
        "memory": _("This browser keeps nothing: stay on this page until all is saved ({n} waiting)"),
        "full": _("This tablet's storage is full: stay on this page until all is saved ({n} waiting)"),
        "not_accepted": _("{value} was not accepted: {reason}"),
        "discard": _("Discard"),
        "conflict": _("{field}: two values were entered. Which one counts?"),
        "keep": _("{value} ({by})"),
    }


def pad_texts() -> dict[str, str]:
    """What stands on the pad."""
    return queue_texts() | {
        "check": _("check"),
        "open": _("not counted"),
        "skipped": _("skipped"),
        "really": _("Really?"),
        "below": _("{percent} below the market"),
        "above": _("{percent} above the market"),
        "next": _("Next"),
        "previous": _("Previous"),
        "none_here": _("None = 0"),
        "same_as_last": _("Same as last"),
        "skip": _("Skip today"),
        "backspace": _("Delete the last digit"),
        "point": _("Decimal point"),
        "keys": _("Number keys"),
        "done": _("{done} of {all} entered"),
        "all_done": _("That was the last one."),
        "too_large": _("At most {maximum}"),
        "no_number": _("“{text}” is no number for this field."),
        "no_month": _("Month and year as four digits, such as 0326"),
        "new_lot": _("Another date"),
        "date": _("MMYY"),
        "nothing_found": _("No product has this name."),
        "left_hand": _("Keys left"),
        "right_hand": _("Keys right"),
    }


def bar_texts() -> dict[str, str]:
    """What stands in the bar, and the warning before signing out."""
    return queue_texts() | {
        "photo": _("Photo"),
        "signature": _("Signature"),
        "close": _("Close"),
        "sign_out_warning": _(
            "{n} of your entries are not on the server yet. They stay on this tablet and are sent when you sign in"
            " here again; nobody else sees them."
        ),
        "stay": _("Stay and wait"),
        "sign_out_anyway": _("Sign out anyway"),
    }


def photo_texts() -> dict[str, str]:
    """What stands at the photos."""
    return queue_texts() | {
        "photo": _("Photo"),
        "sent": _("sent"),
        "on_tablet": _("on this tablet"),
        "no_picture": _("{name} is no picture that this browser can read."),
    }


def signature_texts() -> dict[str, str]:
    """What stands at a signature."""
    return queue_texts() | {"clear": _("Clear"), "sign": _("Sign")}
