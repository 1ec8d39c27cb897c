"""The typeface of the documents: Noto Sans SC, cut down to common characters (`documents/fonts/README.md`).

A character that it lacks is printed as □, so that the reader sees that something stood there, and its code
point is logged; a document is never refused because of a name.
"""

import logging
import threading
import unicodedata
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).resolve().parent / "fonts"
REGULAR = "NotoSansSC"
BOLD = "NotoSansSC-Bold"
INSTEAD = "□"
FIRST_ASIAN = "\u2e80"

log = logging.getLogger(__name__)

# two threads that print their first document at once must not register two fonts of one name
_registering = threading.Lock()


def characters() -> frozenset[int]:
    """Registers both weights with the PDF writer, once a process, whoever comes first.

    Returns:
        The code points that both have.
    """
    with _registering:
        return _registered()


@lru_cache(maxsize=1)
def _registered() -> frozenset[int]:
    """The work of `characters()`."""
    regular = TTFont(REGULAR, FONTS / "NotoSansSC-Regular.ttf")
    bold = TTFont(BOLD, FONTS / "NotoSansSC-Bold.ttf")
    for font in (regular, bold):
        pdfmetrics.registerFont(font)
    for slanted in (0, 1):
        addMapping(REGULAR, 0, slanted, REGULAR)
        addMapping(REGULAR, 1, slanted, BOLD)
    return frozenset(regular.face.charToGlyph) & frozenset(bold.face.charToGlyph)


def missing(text: str) -> str:
    """The characters of a text that the typeface lacks.

    Args:
        text: Any text.

    Returns:
        Each such character once, sorted; empty when all can be printed. Line breaks and tabs do not count.

    Example:
        >>> missing("临江宏达 ¥1,234.50 − ✓"), missing("好👍")
        ('', '👍')
    """
    known = characters()
    return "".join(sorted({sign for sign in text if ord(sign) not in known and sign not in "\n\r\t"}))


def printable(text: str) -> str:
    r"""A text as it can be printed: composed, tabs as spaces, □ for what the typeface lacks.

    Args:
        text: Any text, control characters included.

    Returns:
        The text with line breaks as `\n`; invisible signs (joiners, selectors, other controls) are left out.

    Example:
        >>> printable("好👍\tcafe\u0301\x00")
        '好□ café'
    """
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    lacking = missing(composed)
    if not lacking:
        return composed
    drawn = [sign for sign in lacking if unicodedata.category(sign) not in ("Cc", "Cf", "Mn", "Me", "Cs")]
    for sign in drawn:
        _report(sign)
    table = {ord(sign): INSTEAD if sign in drawn else None for sign in lacking}
    return composed.translate(table)


@lru_cache(maxsize=1024)
def _report(sign: str) -> None:
    """Logs a character that the typeface lacks, once a process; a code point says nothing of a person."""
    log.warning("a character outside the typeface is printed as a box: U+%04X", ord(sign))


def markup(text: str) -> str:
    r"""A text as the inside of a paragraph: printable, its signs escaped, its line breaks kept.

    Example:
        >>> markup("A & B\n<C>")
        'A &amp; B<br/>&lt;C&gt;'
    """
    return escape(printable(text)).replace("\n", "<br/>")


def is_asian(text: str) -> bool:
    """Whether a text holds Chinese, which breaks between any two characters.

    Example:
        >>> is_asian("Hongda"), is_asian("宏达 Hongda")
        (False, True)
    """
    return any(sign >= FIRST_ASIAN for sign in text)
