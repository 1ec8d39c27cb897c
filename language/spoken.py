"""Which language is spoken now: set for a run or a request, asked of the session where nobody has set it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from core.errors import InvalidInput

CODES = ("zh", "en")
DEFAULT = "zh"

NAMES = {"zh": "中文", "en": "English"}
"""Each language in its own word, which is never translated: a person must find the own one in the other."""

_spoken: ContextVar[str | None] = ContextVar("language", default=None)


def _nobody_knows() -> str | None:
    return None


_source: Callable[[], str | None] = _nobody_knows


def require_code(code: str) -> str:
    """The code itself, when it is one of `CODES`.

    Raises:
        InvalidInput: any other text.

    Example:
        >>> require_code("en")
        'en'
    """
    if code not in CODES:
        raise InvalidInput("language", " or ".join(CODES), value=repr(code))
    return code


def use(code: str) -> None:
    """Speaks `code` for the rest of this thread or request.

    Args:
        code: One of `CODES`.

    Raises:
        InvalidInput: not one of them.
    """
    _spoken.set(require_code(code))


def otherwise(source: Callable[[], str | None]) -> None:
    """Registers whom to ask where nobody has called `use()`; for the whole process, once, at the start.

    Args:
        source: Gives a code, or `None` when it does not know either (then `DEFAULT` is spoken). A thread that
            draws one part of a page again has run nothing before: the screens register their session here.
    """
    global _source
    _source = source


def current() -> str:
    """The code of the language spoken now.

    Returns:
        What `use()` said in this context; else what the source of `otherwise()` says; else `DEFAULT`.
    """
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    told = _source()
    return DEFAULT if told is None else require_code(told)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speaks `code` inside the block, then again what was spoken before: a document has its own language.

    Args:
        code: One of `CODES`.

    Raises:
        InvalidInput: not one of them.

    Example:
        >>> with speaking("en"):
        ...     current()
        'en'
    """
    token = _spoken.set(require_code(code))
    try:
        yield
    finally:
        _spoken.reset(token)


def chosen_from(accept_language: str) -> str:
    """The language that a browser asks for, before anybody has signed in.

    Args:
        accept_language: The header `Accept-Language`; may be empty.

    Returns:
        The code wanted most; `DEFAULT` when the header names neither.

    Example:
        >>> chosen_from("en-GB,en;q=0.9,zh-CN;q=0.4"), chosen_from("fr"), chosen_from("")
        ('en', 'zh', 'zh')
    """
    wanted: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, weight = part.strip().partition(";q=")
        code = tag.strip().lower().partition("-")[0]
        if code in CODES:
            wanted.append((_weight(weight), code))
    best = max(wanted, key=lambda pair: pair[0], default=(0.0, DEFAULT))
    return best[1] if best[0] > 0 else DEFAULT


def _weight(text: str) -> float:
    """A weight of the header: 1 when there is none, 0 when it cannot be read."""
    if not text:
        return 1.0
    whole, _, part = text.strip().partition(".")
    digits = whole + part
    return float(f"{whole}.{part or 0}") if digits.isascii() and digits.isdigit() and whole else 0.0
