"""Collects the texts of all rooms into the Chinese `.po` file: `python -m language.extract`.

Translations are kept, texts that are gone leave, new ones are filled from `locale/zh/LC_MESSAGES/glossary.po`
(the agreed words) where it knows them. What is still without a translation is printed, and the command ends
with 1. `--check` writes nothing and also ends with 1 when the file is not what the code says.
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from language.translations import DOMAIN, LOCALE, po_file

ROOT = LOCALE.parent
ROOMS = ("pages", "ui", "server", "documents", "language")
DOORS = ("app.py",)
FUNCTIONS = {
    "_": ("message",),
    "mark": ("message",),
    "n_": ("message", "plural"),
    "p_": ("context", "message"),
    "gettext": ("message",),
    "ngettext": ("message", "plural"),
    "pgettext": ("context", "message"),
}
"""The functions whose literal arguments are texts, and what each argument is."""


def source_files(root: Path = ROOT) -> Iterator[Path]:
    """The files whose texts are translated; `core` raises English sentences and `data` stores codes."""
    yield from (root / door for door in DOORS if (root / door).is_file())
    for room in ROOMS:
        yield from sorted((root / room).rglob("*.py"))


def found_in(source: str) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """The texts of one file of code, wherever they stand in it, inside an f-string too.

    Args:
        source: The code.

    Yields:
        The text (or its singular and plural), and its context or `None`. A call whose argument is not a
        literal has no text of its own: what it shows was marked where it was written.

    Example:
        >>> list(found_in("title(_('Stock'))"))
        [('Stock', None)]
    """
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        roles = FUNCTIONS.get(name, ())
        texts = [
            argument.value
            for argument in call.args[: len(roles)]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if not roles or len(texts) < len(roles) or not all(texts):
            continue
        parts = dict(zip(roles, texts, strict=True))
        message = parts["message"]
        yield (message, parts["plural"]) if "plural" in parts else message, parts.get("context")


def extracted(root: Path = ROOT) -> Catalog:
    """All texts of the code, each with the files it stands in (no line numbers: they would change daily)."""
    catalog = Catalog(domain=DOMAIN)
    for file in source_files(root):
        place = (file.relative_to(root).as_posix(), 0)
        for message, context in found_in(file.read_text(encoding="utf-8")):
            catalog.add(message, locations=[place], context=context)
    return catalog


def read(file: Path) -> Catalog:
    """The catalogue of a `.po` file."""
    with file.open("rb") as stream:
        return read_po(stream, locale="zh", domain=DOMAIN, abort_invalid=True)


def glossary_file() -> Path:
    """Where the agreed words stand: the same English text is the same Chinese one everywhere."""
    return po_file("zh").with_name("glossary.po")


def folded(message: Message) -> tuple[str, ...]:
    """What makes two texts the same to the glossary: their words, however they are capitalised."""
    words = [message.id] if isinstance(message.id, str) else list(message.id)
    return (message.context or "", *(text.casefold() for text in words))


def updated(catalog: Catalog, template: Catalog, glossary: Catalog) -> Catalog:
    """The catalogue with exactly the texts of the template; new ones are filled from the glossary."""
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    agreed = {folded(message): message.string for message in glossary if message.string}
    for message in untranslated(catalog):
        exact = glossary.get(message.id, message.context)
        known = agreed.get(folded(message), "") if exact is None else exact.string
        message.string = known or message.string
    return catalog


def untranslated(catalog: Catalog) -> list[Message]:
    """The texts that lack a translation, or one of its plural forms."""
    return [
        message
        for message in catalog
        if message.id
        and not (all(message.string) if isinstance(message.string, tuple | list) else message.string)
    ]


def written(catalog: Catalog) -> bytes:
    """The `.po` file of a catalogue: sorted and unwrapped, so that a change shows as the lines it changed."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=0, sort_output=True, ignore_obsolete=True, include_lineno=False)
    # which version wrote it is no change of the texts
    lines = stream.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(b'"Generated-By'))


def main(arguments: list[str]) -> int:
    """Updates the Chinese file, or with `--check` only compares it; prints what lacks a translation."""
    file = po_file("zh")
    catalog = updated(read(file), extracted(), read(glossary_file()))
    content = written(catalog)
    stale = content != file.read_bytes()
    missing = untranslated(catalog)
    if stale and "--check" not in arguments:
        file.write_bytes(content)
    for message in missing:
        place = ", ".join(sorted({name for name, _line in message.locations}))
        text = message.id if isinstance(message.id, str) else " | ".join(message.id)
        sys.stdout.write(f"{place}: {text!r}\n")
    sys.stdout.write(f"{len(catalog)} texts, {len(missing)} without a translation\n")
    if stale and "--check" in arguments:
        sys.stdout.write(f"{file.relative_to(ROOT)} is behind the code: run python -m language.extract\n")
    return 1 if missing or (stale and "--check" in arguments) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
