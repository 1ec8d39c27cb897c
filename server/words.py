"""Sentences that several pages of the door say."""

import math

import language
from language import _, n_
from server.html import Note


def refusal(wait_seconds: int, tries_left: int, wrong: str) -> Note:
    """What is left after a try that failed: tries, or a wait; never which part was wrong.

    Args:
        wait_seconds: Until the next try is heard; 0 when it is heard at once.
        tries_left: Before a wait begins.
        wrong: The sentence that says that something was wrong; empty for a try that came too soon.
    """
    if wait_seconds == 0:
        left = n_(
            "{count} try left, then there is a wait of 1 minute.",
            "{count} tries left, then there is a wait of 1 minute.",
            tries_left,
        ).format(count=tries_left)
        return Note(sentences(wrong, left))
    if wait_seconds < 60:
        wait = n_(
            "Wait {count} second, then try again.", "Wait {count} seconds, then try again.", wait_seconds
        )
        return Note(sentences(wrong or _("Too many tries."), wait.format(count=wait_seconds)))
    minutes = math.ceil(wait_seconds / 60)
    wait = n_("Wait {count} minute, then try again.", "Wait {count} minutes, then try again.", minutes)
    return Note(sentences(wrong or _("Too many tries."), wait.format(count=minutes)))


def sentences(*said: str) -> str:
    """Sentences one after the other; Chinese has no space between them."""
    return ("" if language.current() == "zh" else " ").join(filter(None, said))
