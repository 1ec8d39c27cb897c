"""The words of the product in two languages, and the language that is spoken now.

English is the source: the text in the code is the English text, and the key to the Chinese one in
`locale/zh/LC_MESSAGES/fieldvisit.po`. No screen framework here: the server and the documents speak too.

    from language import _, n_
    _("Next: {step}").format(step=_("Stock"))
    n_("{count} promise due", "{count} promises due", count).format(count=count)

Three rules, which tests hold: the text in `_()` is a plain literal (never an f-string; fill it with
`.format(name=…)` afterwards); `_()` is called while a page is drawn, never while a module is imported (a text
in a constant is marked with `mark()` and translated where it is shown); what is shown is wrapped.

Which language: `use(code)` sets it for the running thread or request. A part of a page that is drawn again by
itself runs in a thread where nobody has called `use()`; there the source that `otherwise()` registered is
asked.
"""

from language.spoken import CODES, DEFAULT, NAMES, chosen_from, current, otherwise, speaking, use
from language.translations import Texts, _, mark, n_, p_, texts

__all__ = [
    "CODES",
    "DEFAULT",
    "NAMES",
    "Texts",
    "_",
    "chosen_from",
    "current",
    "mark",
    "n_",
    "otherwise",
    "p_",
    "speaking",
    "texts",
    "use",
]
