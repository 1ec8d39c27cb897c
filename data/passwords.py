"""Passwords: how they are kept, what a new one must be, and one made for somebody who has none."""

import secrets
import unicodedata
from functools import cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import FieldvisitError

SHORTEST = 10
LONGEST = 200

# No letter or digit that is taken for another when it is read aloud or from a slip of paper.
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"

_HANDED_OVER = "handed over: "
"""Stands before the hash of a password that somebody else made, until its owner chooses one himself."""

_hasher = PasswordHasher()

Fault = Literal["too_short", "too_long", "same_as_account", "same_as_old"]

_SENTENCES: dict[Fault, str] = {
    "too_short": f"The new password is too short: at least {SHORTEST} characters.",
    "too_long": f"The new password is too long: at most {LONGEST} characters.",
    "same_as_account": "The new password must not be the account name.",
    "same_as_old": "The new password must differ from the old one.",
}


class PasswordRefused(FieldvisitError):
    """A new password that is not good enough; `fault` says why, and the sentence never shows the password.

    Example:
        >>> str(PasswordRefused("too_short"))
        'The new password is too short: at least 10 characters.'
    """

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(_SENTENCES[fault])


def require_good(password: str, account: str, old: str = "") -> None:
    """Raises `PasswordRefused` unless the text may become the password of the account after the old one."""
    text = _as_kept(password)
    if len(text) < SHORTEST:
        raise PasswordRefused("too_short")
    if len(text) > LONGEST:
        raise PasswordRefused("too_long")
    if text.casefold() == account.casefold():
        raise PasswordRefused("same_as_account")
    if text == _as_kept(old):
        raise PasswordRefused("same_as_old")


def hashed(password: str) -> str:
    """The argon2id hash to keep of a password."""
    return _hasher.hash(_as_kept(password))


def handed_over(password: str) -> str:
    """What to keep of a password that was made for somebody: it opens nothing but the choice of another."""
    return _HANDED_OVER + hashed(password)


def is_handed_over(kept: str) -> bool:
    """Whether a password was made by somebody else than its owner."""
    return kept.startswith(_HANDED_OVER)


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one whose hash is kept.

    The same work is done whether there is a hash or not, so that the time of the answer tells nothing.

    Args:
        password: What was typed.
        kept: The hash; `None` where no such account exists. A text that is no hash matches nothing.
    """
    typed = _as_kept(password)[: LONGEST + 1]
    try:
        return _hasher.verify(_hash_of(kept) if kept else _nobodys(), typed) and kept is not None
    except InvalidHashError:
        return matches(password, None)
    except VerificationError:
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than those used now."""
    return _hasher.check_needs_rehash(_hash_of(kept))


def renewed(password: str, kept: str) -> str:
    """What to keep instead of an outdated hash; a password that was handed over stays one."""
    return handed_over(password) if is_handed_over(kept) else hashed(password)


def generated() -> str:
    """A password to hand to somebody: 15 legible letters and digits in groups, 74 bits."""
    return "-".join("".join(secrets.choice(_LEGIBLE) for _ in range(5)) for _ in range(3))


def _hash_of(kept: str) -> str:
    return kept.removeprefix(_HANDED_OVER)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def _as_kept(password: str) -> str:
    # A Chinese keyboard types full-width letters and digits; they look the same and must be the same.
    return unicodedata.normalize("NFKC", password)
