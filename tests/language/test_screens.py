"""No screen shows a text that was not translated, nor the name of an icon that does not exist."""

import re
from pathlib import Path

import pytest
import streamlit
from streamlit.material_icon_names import ALL_MATERIAL_ICONS

from tests.language import code_of_screens
from tests.language.code_of_screens import ROOT, screen_files
from ui.shell import STYLE

ICON = re.compile(r":material/([^:\s]*):?")


def findings(check, *rooms: str) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{line}"
        for file in screen_files(*rooms)
        if file.is_file()
        for line in check(file.read_text(encoding="utf-8"))
    ]


def unknown_icons(source: str) -> list[str]:
    return [name for name in ICON.findall(source) if name not in ALL_MATERIAL_ICONS]


def test_no_screen_shows_an_untranslated_text():
    assert findings(code_of_screens.untranslated, "pages", "ui") == []


def test_no_page_holds_a_sentence_outside_the_translations():
    assert findings(code_of_screens.sentences, "pages") == []


IN_BOTH_LANGUAGES = ("server/guard.py", "server/sign_in_page.py")
"""The apology when the language itself may be what broke, and the product's own name."""


def test_chinese_stands_in_the_translations_only():
    found = findings(code_of_screens.chinese, "pages", "ui", "server", "documents")
    assert [line for line in found if not line.startswith(IN_BOTH_LANGUAGES)] == []


def test_no_text_to_translate_is_put_together_on_the_spot():
    assert findings(code_of_screens.built_messages, "pages", "ui", "server", "documents", "language") == []


LATIN_JOIN = re.compile(r"""["'][,;] ["']\.join|f["'][^"']*\}; \{""")


def joined(source: str) -> list[str]:
    return [
        f"{number}: {line.strip()}"
        for number, line in enumerate(source.splitlines(), start=1)
        if LATIN_JOIN.search(line)
    ]


def test_no_screen_joins_its_texts_by_a_latin_mark():
    """Chinese has marks of its own: `listed`, and the semicolon of the translations."""
    assert findings(joined, "pages", "ui") == []


def test_texts_joined_by_a_latin_mark_are_found():
    assert joined('", ".join(names)\nst.write(f"{one}; {two}")\n_("; ").join(names)\n') == [
        '1: ", ".join(names)',
        '2: st.write(f"{one}; {two}")',
    ]


def test_the_uploader_still_has_the_parts_whose_english_is_replaced():
    """`ui/shell.py` hides or rewords them: nothing else reaches what Streamlit writes there."""
    scripts = Path(streamlit.__file__).parent / "static" / "static" / "js"
    source = "".join(file.read_text(encoding="utf-8") for file in scripts.glob("FileUploader.*.js"))
    assert "stFileUploaderDropzoneInstructions" in STYLE
    assert "`stFileUploaderDropzoneInstructions`" in source
    assert "label:l?`Upload directories`:`Upload`" in source


def test_no_module_translates_while_it_is_imported():
    # pages are scripts that run anew for each person: only the rooms that are imported once are looked at
    assert findings(code_of_screens.translated_at_import, "ui", "server", "documents", "language") == []


def test_every_icon_is_written_whole_and_exists():
    assert findings(unknown_icons, "pages", "ui", "server") == []


@pytest.mark.parametrize(
    "source",
    [
        'st.button("Save")',
        'st.button(label="Save")',
        'row[0].metric(_("Stock"), "12 days")',
        'st.markdown(f"**{name}**  \\n:gray[:small[last visit {day}]]")',
        'st.tabs([_("Differences"), "Matches"])',
        'st.info("Saved" if saved else _("Waiting"))',
        'st.caption("{} left".format(amount))',
        'st.number_input(_("Price"), placeholder="per piece")',
        'st.Page("pages/today.py", title="Today", url_path="today")',
        'alt.X("days:Q", title="Days of supply")',
        'st.button("保存")',
        'st.write(_("Stock"), "left")',
    ],
)
def test_an_untranslated_text_is_found(source):
    assert code_of_screens.untranslated(source)


@pytest.mark.parametrize(
    "source",
    [
        'st.button(_("Save"), icon=":material/check:", key="save")',
        "st.markdown(f\":material/error: **{name}**  \\n:red-badge[{_('out')}] :gray[:small[{day}]]\")",
        'st.markdown(f":{colour}-badge[{word}]")',
        "st.markdown(f\":{'red' if late else 'orange'}-badge[{word}]\")",
        'st.button(f"{icon}  \\n:small[{word}]", type="tertiary")',
        'st.segmented_control(_("View"), options=["enter", "compare"], format_func=words)',
        'st.metric(_("Stock"), "—")',
        'log.warning("a save was refused")',
        'st.download_button("XLSX", data)',
        'st.html("<style>.st-key-visitbar{margin-bottom:-2.25rem}</style>")',
        'st.caption(" · ".join(facts))',
    ],
)
def test_a_translated_text_passes(source):
    assert code_of_screens.untranslated(source) == []


def test_a_sentence_that_goes_through_a_helper_is_found():
    source = 'rows.sentence("three products below the market")\nrows.sentence(_("all products in line"))'
    assert code_of_screens.sentences(source) == ["1: three products below the market"]


def test_chinese_in_code_is_found_and_in_a_docstring_is_not():
    assert code_of_screens.chinese('"""The card (拜访记录卡)."""\nname = "库存"') == ["2: 库存"]


def test_an_f_string_to_translate_is_found():
    assert code_of_screens.built_messages('_(f"Next: {step}")\n_("Next: {step}").format(step=step)') == [
        "1: _(f'Next: {step}')"
    ]


def test_a_translation_at_import_is_found_in_constants_defaults_and_decorators():
    source = (
        'TITLE = _("Stock")\n'
        'def draw(title=_("Sales")):\n    return _("Order")\n'
        '@st.dialog(_("Reason"))\ndef ask(): ...\n'
        'WORD = mark("Stock")\nLATER = lambda: _("Talk")\n'
    )
    assert sorted(code_of_screens.translated_at_import(source)) == [
        "1: _('Stock')",
        "2: _('Sales')",
        "4: _('Reason')",
    ]


def test_an_icon_that_does_not_exist_or_is_put_together_is_found():
    assert unknown_icons('":material/check: :material/no_such_icon: " f":material/{name}:"') == [
        "no_such_icon",
        "{name}",
    ]


def test_all_rooms_that_are_looked_at_exist():
    assert [room for room in ("pages", "ui", "server", "documents") if not Path(ROOT / room).is_dir()] == []
