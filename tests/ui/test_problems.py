"""Every error says in the user's language which field it is about and why something is not possible."""

import ast
import re
from pathlib import Path

import pytest

from data.errors import InvalidValue, NotAllowed
from language import CODES, speaking
from tests.running_app import ROOT
from ui import problems

TECHNICAL = {"base", "field", "lot", "row", "time", "value", "visit"}
"""Fields of what a program sends: nobody types them, and no screen shows an error about them."""


def named(error: str, argument: int) -> set[str]:
    """The words that the calls of an error in `data` have at a place."""
    found = set()
    for path in Path(ROOT, "data").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_one = isinstance(call, ast.Call) and getattr(call.func, "id", "") == error
            value = call.args[argument] if is_one else None  # type: ignore[attr-defined]
            if isinstance(value, ast.Constant):
                found.add(str(value.value))
    return found


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("field", sorted((named("InvalidValue", 0) | {"other_value"}) - TECHNICAL))
def test_a_field_that_an_error_names_has_a_word(field: str, language: str) -> None:
    with speaking(language):
        said = problems.sentence(InvalidValue(field, "x", "another"))
        assert problems.field_word(field) != field
    assert bool(re.search("[\u4e00-\u9fff]", said)) is (language == "zh")


@pytest.mark.parametrize("reason", sorted(named("NotAllowed", 1)))
def test_a_known_reason_is_said(reason: str) -> None:
    with speaking("en"):
        said = problems.sentence(NotAllowed("Doing this", reason))
        assert said != problems.sentence(NotAllowed("Doing this", "for another reason"))


def test_a_state_that_stands_in_the_way_is_said() -> None:
    with speaking("en"):
        said = problems.sentence(NotAllowed("Entering", "it is submitted", "submitted"))
    assert said == "This is not possible any more: the visit is “Submitted” by now. Reload it."
