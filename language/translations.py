"""The translated texts, read from the `.po` file itself once a process: no build step, nothing to forget."""

import gettext
import io
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from language.spoken import CODES, current, require_code

DOMAIN = "fieldvisit"
LOCALE = Path(__file__).resolve().parent.parent / "locale"

Texts = gettext.NullTranslations
"""What `texts()` gives: `.gettext`, `.ngettext`, `.pgettext` and `.npgettext` of the standard library."""


def po_file(code: str) -> Path:
    """Where the translations into a language stand."""
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


@lru_cache(maxsize=len(CODES))
def texts(code: str) -> Texts:
    """The texts of one language, read at the first call and kept.

    Args:
        code: One of `CODES`; English is the source and needs no file.

    Returns:
        The translations; a text without one comes back in English.

    Raises:
        InvalidInput: not one of `CODES`.

    Example:
        >>> texts("zh").gettext("Stock"), texts("en").gettext("Stock")
        ('库存', 'Stock')
    """
    require_code(code)
    if code == "en":
        return gettext.NullTranslations()
    with po_file(code).open("rb") as file:
        catalog = read_po(file, locale=code, domain=DOMAIN, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(message: str) -> str:
    """A text in the language spoken now.

    Args:
        message: The English text, a literal.

    Returns:
        Its translation; the English text where there is none; empty for empty.

    Example:
        >>> from language import speaking
        >>> with speaking("zh"):
        ...     _("Stock")
        '库存'
    """
    return texts(current()).gettext(message) if message else ""


def n_(singular: str, plural: str, count: float) -> str:
    """A text that depends on a number, in the language spoken now; fill it with `.format(…)`.

    Args:
        singular: The English text for one, a literal.
        plural: The English text for any other number, a literal.
        count: The number that decides.

    Returns:
        The translation for that number.

    Example:
        >>> from language import speaking
        >>> with speaking("en"):
        ...     n_("{count} day", "{count} days", 2).format(count=2)
        '2 days'
    """
    # the standard library indexes plural forms by whole numbers: 1.5 days take the form of several
    whole = int(count) if count == int(count) else 2
    return texts(current()).ngettext(singular, plural, whole)


def p_(context: str, message: str) -> str:
    """A text that means different things in different places, in the language spoken now.

    Args:
        context: What tells the meanings apart, a literal, for the translator.
        message: The English text, a literal.

    Returns:
        The translation for that context; the English text where there is none.

    Example:
        >>> from language import speaking
        >>> with speaking("en"):
        ...     p_("a state of a step", "Open")
        'Open'
    """
    return texts(current()).pgettext(context, message) if message else ""


def mark(message: str) -> str:
    """The text itself: marks a literal in a constant for translation, which `_()` does where it is shown.

    Args:
        message: The English text, a literal.

    Example:
        >>> mark("Stock")
        'Stock'
    """
    return message
