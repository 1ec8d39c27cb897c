"""What a screen makes of facts once: again for other arguments, another language, or other facts."""

from dataclasses import dataclass, replace

import language
from ui.remembered import Remembered

made: list[str] = []


@dataclass(frozen=True)
class Facts(Remembered):
    """Facts of a test."""

    number: int


def words(facts: Facts, unit: str) -> str:
    """Some words, and a note that they were made."""
    made.append(unit)
    return f"{facts.number} {unit} {language.current()}"


def test_what_is_made_once_is_kept_with_the_facts_by_its_arguments_and_the_language():
    made.clear()
    facts = Facts(3)
    with language.speaking("en"):
        assert facts.once(words, "cases") == facts.once(words, "cases") == "3 cases en"
        assert facts.once(words, "pieces") == "3 pieces en"
    with language.speaking("zh"):
        assert facts.once(words, "cases") == "3 cases zh"
    assert made == ["cases", "pieces", "cases"]


def test_other_facts_make_their_own():
    with language.speaking("en"):
        facts = Facts(3)
        facts.once(words, "cases")
        changed = replace(facts, number=4)
        assert changed.once(words, "cases") == "4 cases en"
    assert changed != facts
