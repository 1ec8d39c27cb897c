"""The name of a thing in the language that is spoken now; data carries both."""

import language


def name_of(chinese: str, english: str) -> str:
    """The English name in English, else the Chinese one; the other where one is missing."""
    if language.current() == "en":
        return english or chinese
    return chinese or english
