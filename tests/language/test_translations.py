"""The Chinese texts are all there, say the same, and keep to the agreed words."""

import re
import string
import threading

import pytest
from babel.messages.catalog import Catalog

import language
import language.spoken
from core.errors import InvalidInput
from language import extract
from language.translations import po_file, texts

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MARKS = re.compile(r"\*\*|:material/\w+:|:[a-z]+(?:-\w+)?\[|\]|\n")
LETTERS = re.compile(r"[A-Za-z]{2,}")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?(]|[,;:!?)][\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def nobody_speaks(monkeypatch):
    monkeypatch.setattr("language.spoken._source", lambda: None)
    token = language.spoken._spoken.set(None)
    yield
    language.spoken._spoken.reset(token)


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    return extract.read(po_file("zh"))


@pytest.fixture(scope="module")
def glossary() -> Catalog:
    return extract.read(extract.glossary_file())


def fields(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None}


def pairs(catalog: Catalog) -> list[tuple[str, str]]:
    """English (its plural where it has one) beside Chinese."""
    found = []
    for message in catalog:
        english = message.id if isinstance(message.id, str) else message.id[-1]
        translated = message.string[0] if isinstance(message.string, tuple | list) else message.string
        if english:
            found.append((english, translated or ""))
    return found


def test_the_chinese_file_holds_what_the_code_says_and_nothing_else(chinese):
    def keys(catalog):
        return {(message.id, message.context) for message in catalog if message.id}

    assert keys(chinese) ^ keys(extract.extracted()) == set(), "run: python -m language.extract"
    assert not chinese.obsolete


def test_every_text_has_a_chinese_translation(chinese):
    assert [message.id for message in extract.untranslated(chinese)] == []
    assert [message.id for message in chinese if message.id and message.fuzzy] == []


@pytest.mark.parametrize("name", ["chinese", "glossary"])
def test_a_translation_has_the_same_fields_to_fill(name, request):
    catalog = request.getfixturevalue(name)
    assert [pair for pair in pairs(catalog) if fields(pair[0]) != fields(pair[1])] == []


def test_a_translation_has_the_same_marks_of_emphasis_colour_and_icons(chinese):
    def marks(text: str) -> list[str]:
        return sorted(MARKS.findall(text))

    assert [pair for pair in pairs(chinese) if marks(pair[0]) != marks(pair[1])] == []


def test_emphasis_is_closed_where_markdown_sees_it(chinese):
    # Behind a full stop and before a word, without a space between, two asterisks close nothing.
    unseen = re.compile(r"[。，：；！？、）」]\*\*[\w{]")
    assert [translated for _english, translated in pairs(chinese) if unseen.search(translated)] == []


@pytest.mark.parametrize("name", ["chinese", "glossary"])
def test_a_translation_is_chinese_with_its_own_punctuation(name, request):
    catalog = request.getfixturevalue(name)
    field = re.compile(r"\{\w*\}")
    plain = [(field.sub("", english), field.sub("", text)) for english, text in pairs(catalog)]
    copied = [pair for pair in plain if LETTERS.search(pair[0]) and not CHINESE.search(pair[1])]
    assert copied == []
    assert [pair for pair in plain if HALF_WIDTH.search(pair[1])] == []


def test_translations_keep_to_the_agreed_words(chinese, glossary):
    agreed = {(message.id, message.context): message.string for message in glossary if message.id}
    assert [
        (message.id, message.string, agreed[message.id, message.context])
        for message in chinese
        if (message.id, message.context) in agreed and message.string != agreed[message.id, message.context]
    ] == []


def test_extraction_sees_every_form_of_a_text_also_inside_an_f_string():
    source = (
        "title(f\"{_('Stock')}\")\n"
        'n_("{count} lot", "{count} lots", 2)\n'
        'p_("a button", "Open")\n'
        'WORDS = {"draft": mark("Draft")}\n'
        'texts.gettext("Sign in")\n'
        '_("long "\n  "text")\n'
        "_(word)\n"
        '_("")\n'
    )
    assert set(extract.found_in(source)) == {
        ("Stock", None),
        (("{count} lot", "{count} lots"), None),
        ("Open", "a button"),
        ("Draft", None),
        ("Sign in", None),
        ("long text", None),
    }


def test_updating_keeps_drops_and_fills_from_the_glossary():
    before, template, words = Catalog(locale="zh"), Catalog(locale="zh"), Catalog(locale="zh")
    before.add("Kept text", "保留")
    before.add("Gone text", "离开")
    template.add("Kept text")
    template.add("Lead time")
    template.add("Unheard of")
    words.add("lead time", "交货期")
    after = extract.updated(before, template, words)
    assert pairs(after) == [("Kept text", "保留"), ("Lead time", "交货期"), ("Unheard of", "")]
    assert [message.id for message in extract.untranslated(after)] == ["Unheard of"]
    assert b"Gone text" not in extract.written(after)


def test_the_command_names_what_is_missing_and_writes_only_when_asked(tmp_path, monkeypatch, capsys):
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "rows.py").write_text('_("Lead time"), _("Unheard of")', encoding="utf-8")
    file = tmp_path / "zh" / "LC_MESSAGES" / "fieldvisit.po"
    file.parent.mkdir(parents=True)
    file.write_bytes(extract.written(Catalog(locale="zh")))
    before = file.read_bytes()
    words = extract.read(extract.glossary_file())
    monkeypatch.setattr(extract, "po_file", lambda _code: file)
    monkeypatch.setattr(
        extract, "read", lambda path, read=extract.read: read(path) if path == file else words
    )
    monkeypatch.setattr(
        extract, "extracted", lambda root=tmp_path, extracted=extract.extracted: extracted(root)
    )
    monkeypatch.setattr(extract, "ROOT", tmp_path)

    assert extract.main(["--check"]) == 1
    assert file.read_bytes() == before
    assert "is behind the code" in capsys.readouterr().out

    assert extract.main([]) == 1
    assert "ui/rows.py: 'Unheard of'" in capsys.readouterr().out
    assert pairs(extract.read(file)) == [("Lead time", "交货期"), ("Unheard of", "")]
    written = file.read_bytes()
    extract.main([])
    assert file.read_bytes() == written


def test_texts_are_read_once_a_process():
    assert texts("zh") is texts("zh")
    assert texts("en").gettext("Stock") == "Stock"


def test_a_language_that_is_not_spoken_is_refused():
    with pytest.raises(InvalidInput, match="language: expected zh or en, got 'fr'"):
        language.use("fr")
    with pytest.raises(InvalidInput):
        texts("fr")


def test_a_text_without_translation_comes_back_in_english():
    with language.speaking("zh"):
        assert language._("Unheard of") == "Unheard of"
        assert language._("") == ""
        assert language.p_("nowhere", "") == ""


def test_each_thread_speaks_its_own_language():
    heard = {}

    def run(code):
        language.use(code)
        heard[code] = language._("Stock")

    threads = [threading.Thread(target=run, args=(code,)) for code in language.CODES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"zh": "库存", "en": "Stock"}
    assert language.current() == language.DEFAULT


def test_a_thread_where_nobody_chose_asks_the_registered_source():
    language.otherwise(lambda: "en")
    heard = []
    thread = threading.Thread(target=lambda: heard.append(language._("Stock")))
    thread.start()
    thread.join()
    assert heard == ["Stock"]
    language.otherwise(lambda: None)
    assert language.current() == language.DEFAULT


def test_what_was_spoken_before_a_block_is_spoken_after_it():
    language.use("en")
    with language.speaking("zh"):
        assert language.n_("{count} day", "{count} days", 1) == "{count} 天"
    assert language.n_("{count} day", "{count} days", 1) == "{count} day"
    assert language.n_("{count} day", "{count} days", 1.5) == "{count} days"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("fr,en;q=0.2,zh;q=0.8", "zh"),
        ("EN", "en"),
        ("en;q=0", "zh"),
        ("en;q=nonsense", "zh"),
        ("", "zh"),
        ("zh-Hant-TW", "zh"),
    ],
)
def test_the_browser_says_which_language_it_wants(header, code):
    assert language.chosen_from(header) == code
