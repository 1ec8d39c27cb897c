"""Errors of the storage. Drivers' errors do not leave `data`: they become one of these."""

from core.errors import FieldvisitError


class NotReachable(FieldvisitError):
    """The record does not exist or is not the actor's; the two are told apart by nobody outside."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"This {what} is not among those you look after.")


class NotAllowed(FieldvisitError):
    """The actor's role may not do this, or not in this state.

    Args:
        action: What was to be done, as the beginning of a sentence.
        reason: Why not, as its end.
        state: Where the visit stands, if that is why.
    """

    def __init__(self, action: str, reason: str, state: str = "") -> None:
        self.action = action
        self.reason = reason
        self.state = state
        super().__init__(f"{action} is not possible: {reason}.")


class Conflict(FieldvisitError):
    """The value was changed by somebody since it was read; both are kept, the person chooses."""

    def __init__(self, field: str, theirs: object, yours: object) -> None:
        self.field = field
        self.theirs = theirs
        self.yours = yours
        super().__init__(f"{field} was changed meanwhile to {theirs}; yours is {yours}. Choose one.")


class InvalidValue(FieldvisitError, ValueError):
    """A value that the storage cannot keep: names the field, the value and what would be right."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field = field
        self.value = value
        self.allowed = allowed
        super().__init__(f"{field}: expected {allowed}, got {value!r}.")


class SchemaMismatch(FieldvisitError):
    """The database is not of the version that this program needs."""

    def __init__(self, found: str | None, needed: str) -> None:
        self.found = found
        self.needed = needed
        if found is None:
            message = "The database is empty. Run `make migrate` to set it up."
        else:
            message = f"The database has version {found}, this program needs {needed}. Run `make migrate`."
        super().__init__(message)


class StorageUnavailable(FieldvisitError):
    """The database does not answer; nothing was saved by this call."""

    def __init__(self) -> None:
        super().__init__("The database does not answer. Nothing was saved by this touch; try again.")


class SavedMeanwhile(FieldvisitError):
    """Somebody saved the same thing at the same moment; this save was not kept, and nothing was overwritten."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody saved the same thing at the same moment. Look at it again, then save yours."
        )
