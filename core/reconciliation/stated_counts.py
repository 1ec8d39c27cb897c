"""How many documents an entry stands for, as far as its text says so ("2 docs")."""

import re
import unicodedata

_COUNT = re.compile(r"(?:合计|共)?\s*([0-9]{1,3})\s*(?:docs?|documents?|invoices?|payments?|张|笔|份)\.?")


def stated_count(text: object) -> int:
    """The number of documents that a text states, 0 when it states none.

    Only a text that says nothing else counts: "2 docs of May" may be part of a story.

    Example:
        >>> [stated_count(text) for text in ("2 docs", "３ Invoices", "共2笔", "1/2", "docs", None)]
        [2, 3, 2, 0, 0, 0]
    """
    if not isinstance(text, str):
        return 0
    found = _COUNT.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold())
    return int(found[1]) if found else 0
