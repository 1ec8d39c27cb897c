"""The typeface has what people write, and what it lacks shows as a box instead of stopping the document."""

import logging

import pytest

from documents import typeface
from documents.typeface import FONTS, INSTEAD, characters, markup, missing, printable
from language import extract
from language.translations import po_file

LEVEL_ONE = range(0xB0, 0xD8)
LEVEL_TWO = range(0xD8, 0xF8)


def gb2312(rows: range) -> str:
    signs = (bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF))
    return b"".join(signs).decode("gb2312", errors="ignore")


def test_all_hanzi_of_gb2312_are_there():
    hanzi = gb2312(LEVEL_ONE) + gb2312(LEVEL_TWO)
    assert len(set(hanzi)) == 6763
    assert missing(hanzi) == ""


def test_hanzi_of_names_and_the_signs_of_figures_are_there():
    assert missing("喆堃玥翀珺昇赟頔镕淼鑫琤珩祎") == ""
    assert (
        missing("¥£€$ − – — … · • ✓ □ → ← ↑ ↓ ▲ ▼ ≤ ≥ ≠ × ÷ ± ‰ ℃ № ‑ ① Ⅱ ㎡ “”‘’《》、。！？：；（）￥％")
        == ""
    )
    assert missing("áàâäãåæçéèêëíñóöøúüßāēīōūǎ") == ""


def test_every_chinese_text_of_the_product_can_be_printed():
    for file in (po_file("zh"), extract.glossary_file()):
        assert missing(file.read_text(encoding="utf-8")) == ""


def test_the_list_of_characters_is_what_the_files_hold():
    listed = (FONTS / "characters.txt").read_text(encoding="utf-8").replace("\n", "") + " \xa0"
    assert len(listed) == len(set(listed))
    assert missing(listed) == ""
    # besides the list, the font maker keeps only variants of the same glyphs
    assert len(characters()) - len(listed) <= 5


def test_a_character_that_is_lacking_is_a_box_and_logged_once_without_the_text(caplog):
    typeface._report.cache_clear()
    with caplog.at_level(logging.WARNING, logger="documents.typeface"):
        assert printable("王👍先生👍") == f"王{INSTEAD}先生{INSTEAD}"
        assert printable("👍") == INSTEAD
    assert [record.getMessage() for record in caplog.records] == [
        "a character outside the typeface is printed as a box: U+1F44D"
    ]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("cafe\u0301", "café"),
        ("a\tb", "a b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00\x1b\u200d\ufe0fb", "ab"),
        ("a\ud800b", "ab"),
        ("", ""),
    ],
)
def test_invisible_signs_leave_no_box(text, printed):
    assert printable(text) == printed


def test_the_signs_of_markup_are_text():
    assert markup('<b>A & "B"</b>\n') == '&lt;b&gt;A &amp; "B"&lt;/b&gt;<br/>'


def test_the_licence_stands_beside_the_files():
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert sorted(file.name for file in FONTS.glob("*.ttf")) == [
        "NotoSansSC-Bold.ttf",
        "NotoSansSC-Regular.ttf",
    ]
    assert max(file.stat().st_size for file in FONTS.glob("*.ttf")) < 3_000_000
