"""The words that the JavaScript asks for are those that Python hands over."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from language import speaking
from ui.elements import texts
from ui.elements.pad import NOTHING, Row, Value, _plain
from ui.elements.source import QUEUE_PARTS, source

FOLDER = Path(texts.__file__).parent
ASKED = re.compile(r"\btexts\.(\w+)")
PAD_PARTS = ("checks.js", "pad_model.js", "pad_list.js", "pad_keys.js", "pad_entries.js", "pad.js")
# `queueWords` asks by the state's name
BY_STATE = {"memory", "full"}


@pytest.mark.parametrize(
    ("own_parts", "given"),
    [
        (PAD_PARTS, texts.pad_texts),
        (("text.js",), texts.queue_texts),
        (("queue_state.js",), texts.bar_texts),
        (("photo.js",), texts.photo_texts),
        (("signature.js",), texts.signature_texts),
    ],
)
def test_no_element_asks_for_a_word_that_it_does_not_get(own_parts, given):
    asked = set(ASKED.findall(source(*QUEUE_PARTS, *own_parts)))
    with speaking("en"):
        there = set(given())
    assert asked | BY_STATE <= there


def test_every_file_of_javascript_is_part_of_an_element():
    own = {"text.js", "photo.js", "signature.js", "queue_state.js"}
    assert {file.name for file in FOLDER.glob("*.js")} == own | set(QUEUE_PARTS) | set(PAD_PARTS)


def test_prices_of_the_database_become_plain_numbers():
    row = _plain(Row("1", "Tea", values={"trade": Value(Decimal("48.50"), last=Decimal("50.00"))}))
    assert row["values"]["trade"]["value"] == 48.5
    assert row["values"]["trade"]["last"] == 50
    assert isinstance(row["values"]["trade"]["last"], int)


def test_the_pad_is_told_of_no_field_in_which_nothing_stands():
    row = _plain(Row("1", "Tea", values={"cases": NOTHING, "pieces": Value(0, "v1")}))
    assert row["values"] == {"pieces": {"value": 0, "version": "v1"}}
    assert row["skipped"] is None


def test_the_pad_is_told_of_a_value_that_was_taken_back():
    row = _plain(Row("1", "Tea", values={"cases": Value(None, "v2")}, skipped=Value(False, "v3")))
    assert row["values"] == {"cases": {"value": None, "version": "v2"}}
    assert row["skipped"] == {"value": False, "version": "v3"}
