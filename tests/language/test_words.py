"""Every code that the database stores and people read has its word."""

import importlib
import pkgutil

import pytest
from sqlalchemy import Enum

import data.tables
from core.errors import InvalidInput
from data.tables.base import Base
from language import CODES, speaking
from language.words import STEPS, WORDS, word

NOBODY_READS = {
    "order_rule.abc_class",  # the letters are the words
    "user_account.language",  # language.NAMES
    "entry.outcome",  # what the log of the pad says to the program
}


def stored_codes() -> dict[str, set[str]]:
    for module in pkgutil.iter_modules(data.tables.__path__):
        importlib.import_module(f"data.tables.{module.name}")
    return {
        f"{table.name}.{column.name}": set(column.type.enums)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum)
    }


def test_every_stored_code_has_a_word():
    missing = {
        column: codes - set(WORDS.get(column, {}))
        for column, codes in stored_codes().items()
        if column not in NOBODY_READS and codes - set(WORDS.get(column, {}))
    }
    assert missing == {}


def test_no_word_stands_for_a_code_that_is_not_stored():
    stored = stored_codes()
    stored["visit_step.step"] = {*stored["visit_step.step"], "submit"}
    assert {column for column, words in WORDS.items() if set(words) - stored.get(column, set())} == set()


@pytest.mark.parametrize("code", CODES)
def test_the_words_of_one_column_differ_from_each_other(code):
    with speaking(code):
        same = [
            column
            for column, words in WORDS.items()
            if len({word(column, value) for value in words}) < len(words)
        ]
    assert same == []


def test_step_words_are_short_enough_for_the_stepper():
    assert [text for text in STEPS.values() if sum(sign.isascii() for sign in text) > 8] == []


def test_an_unknown_code_or_column_is_refused_by_name():
    with pytest.raises(InvalidInput, match=r"visit\.state: expected one of planned"):
        word("visit.state", "burnt")
    with pytest.raises(InvalidInput, match="table and column"):
        word("visit.colour", "red")
