"""Text that people typed, made safe to stand inside Markdown."""

import re
from functools import lru_cache

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


# The same names and words stand on a screen at every touch.
@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    r"""The text as it is, with everything that Markdown would read as a sign taken literally.

    Example:
        >>> plain("a*b [x](y) :red[z] $5")
        'a\\*b \\[x\\]\\(y\\) \\:red\\[z\\] \\$5'
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def small(text: str) -> str:
    """An explanation under a name: grey and small; `text` is Markdown already."""
    return f":gray[:small[{text}]]"


def badge(color: str, icon: str, text: str) -> str:
    """A state as a coloured badge with its icon and word; `text` is plain."""
    return f":{color}-badge[{icon} {plain(text)}]"
