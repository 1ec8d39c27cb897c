"""The printed visit card says in both languages what the visit was, whatever people typed."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import InvalidInput
from documents import paper
from documents.visit_card import (
    CommentLine,
    Figure,
    ObjectiveLine,
    PromiseLine,
    StepLine,
    VisitCard,
    visit_card_pdf,
)
from language import CODES, current, speaking
from language.words import STEPS


def a_card(**changes) -> VisitCard:
    facts = {
        "company": "清源饮料有限公司",
        "distributor": "临江宏达商贸",
        "distributor_code": "D-0012",
        "region": "华东二区",
        "rep": "李敏",
        "state": "approved",
        "visited_on": date(2026, 11, 21),
        "started_at": datetime(2026, 11, 21, 2, 0, tzinfo=UTC),
        "submitted_at": datetime(2026, 11, 21, 2, 52, tzinfo=UTC),
        "zone": "Asia/Shanghai",
    }
    return VisitCard(**{**facts, **changes})


def a_full_card() -> VisitCard:
    return a_card(
        objectives=(
            ObjectiveLine("订货 ¥11,000", "¥11,000", "¥11,202", "reached"),
            ObjectiveLine(
                "乌龙价格回到 47 元", "47.0", "41.0", "missed", "等邻近市场调价", "带周边价格表再谈"
            ),
            ObjectiveLine("Explain the winter scheme"),
        ),
        steps=(
            StepLine("prices", "done", figures=(Figure("已录价格", "24"), Figure("低于市场", "−8.1%"))),
            StepLine("accounts", "skipped", reason="老板娘不在，账本拿不到"),
            StepLine("market", "begun", note="Banner at the door"),
        ),
        promises=(PromiseLine("补 2 个陈列架", "李敏", date(2026, 11, 25)),),
        comments=(CommentLine("周岚", datetime(2026, 11, 21, 10, 5, tzinfo=UTC), "return", "缺竞品价格"),),
        next_visit_on=date(2026, 12, 5),
        summary="货补齐了，价格还要盯。",
        strengths="价格表准备充分",
        improve="早点带周边价格表",
    )


def read(content: bytes) -> tuple[str, pypdf.PdfReader]:
    """The text of all pages, its spaces and breaks taken out, and the file."""
    file = pypdf.PdfReader(io.BytesIO(content))
    return "".join("".join(page.extract_text().split()) for page in file.pages), file


def assert_holds(text: str, *parts: str) -> None:
    assert [part for part in parts if "".join(part.split()) not in text] == []


WRITTEN = (
    *("清源饮料有限公司", "临江宏达商贸", "D-0012", "华东二区", "李敏", "10:00–10:52"),
    *("订货 ¥11,000", "¥11,202", "乌龙价格回到 47 元", "41.0", "等邻近市场调价", "带周边价格表再谈"),
    *("已录价格 24", "低于市场 −8.1%", "老板娘不在，账本拿不到", "Banner at the door"),
    *("补 2 个陈列架", "周岚", "缺竞品价格", "货补齐了，价格还要盯。", "价格表准备充分", "早点带周边价格表"),
)


def test_the_chinese_card_says_everything():
    text, file = read(visit_card_pdf(a_full_card(), "zh"))
    assert_holds(
        text, *WRITTEN, "拜访记录卡", "已通过", "2026年11月21日 周六", "完成 1/3 步", "达成", "未达成"
    )
    assert_holds(text, "价格", "已完成", "账物", "已跳过", "原因：", "2026年11月25日", "2026年12月5日 周六")
    assert_holds(text, "1 条点评", "18:05", "已退回", "业务员", "区域经理", "第 1 页，共 1 页")
    assert file.trailer["/Root"]["/Lang"] == "zh-CN"
    assert file.metadata.title == "拜访记录卡：临江宏达商贸，2026年11月21日"


def test_the_english_card_says_everything_and_leaves_what_people_wrote():
    text, file = read(visit_card_pdf(a_full_card(), "en"))
    assert_holds(text, *WRITTEN, "Visit log card", "Approved", "Sat 21 Nov 2026", "1 of 3 steps done")
    assert_holds(
        text, "Reached", "Not reached", "Prices", "Done", "Skipped", "Reason:", "25 Nov 2026", "Open"
    )
    assert_holds(text, "1 comment", "Returned", "Sales rep", "Regional manager", "Page 1 of 1")
    assert file.trailer["/Root"]["/Lang"] == "en"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_character_of_a_card_is_printed_as_a_box(language):
    text, file = read(visit_card_pdf(a_full_card(), language))
    assert "□" not in text
    fonts = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for page in file.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {"NotoSansSC-Regular", "NotoSansSC-Bold"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_card_says_what_it_does_not_know(language):
    card = a_card(state="planned", started_at=None, submitted_at=None, region="", distributor_code="")
    text, _file = read(visit_card_pdf(card, language))
    expected = {
        "zh": ("计划中", "没有设定目标。", "没有作出承诺。", "还没有约定日期。"),
        "en": ("Planned", "No objectives were set.", "No promises were made.", "No day is agreed yet."),
    }
    assert_holds(text, *expected[language])


def test_every_step_and_state_has_its_word_on_the_card():
    steps = tuple(StepLine(step, "open") for step in STEPS)
    text, _file = read(visit_card_pdf(a_card(steps=steps), "en"))
    assert_holds(text, *STEPS.values())


def test_a_target_that_is_not_known_is_a_dash():
    text, _file = read(visit_card_pdf(a_card(objectives=(ObjectiveLine("Relationship"),)), "en"))
    assert_holds(text, "Relationship———")


NASTY = [
    "<b>not bold</b> & </para> <img src='x'/>",
    "👍 王\u200d先生 𠮷 \x00\x1b\ud83d",
    "x" * 3000,
    "好" * 3000,
    "\n" * 50,
    "a\tb\r\nc",
    "%s {name} {0} \\n",
]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_that_people_type_stops_the_card(text, language):
    card = a_card(
        distributor=text,
        summary=text,
        objectives=(ObjectiveLine(text, text, text, "partly", text, text),),
        steps=(StepLine("talk", "skipped", text, (Figure(text, text),), text),),
        promises=(PromiseLine(text, text, None),),
        comments=(CommentLine(text, datetime(2026, 11, 21, tzinfo=UTC), "comment", text),),
        strengths=text,
        improve=text,
    )
    _text, file = read(visit_card_pdf(card, language))
    assert len(file.pages) >= 1


@given(
    st.lists(
        st.sampled_from(
            ["绿茶", "乌龙，", "Green tea", "8.1%", "（门槛 3%）", "37.0", "until-the-end", "。", "、"]
        ),
        min_size=40,
        max_size=120,
    ),
    st.sampled_from(["", " "]),
)
@settings(max_examples=25, deadline=None)
def test_breaking_lines_loses_no_character_of_mixed_text(parts, between):
    written = between.join(parts)
    text, _file = read(visit_card_pdf(a_card(summary=written), "zh"))
    assert_holds(text, written)


def test_threads_print_the_same_file_at_the_same_time():
    expected = {language: visit_card_pdf(a_full_card(), language) for language in CODES}
    with ThreadPoolExecutor(4) as pool:
        printed = list(pool.map(lambda code: (code, visit_card_pdf(a_full_card(), code)), CODES * 6))
    assert [code for code, content in printed if content != expected[code]] == []


def test_the_signs_of_markup_are_printed_as_typed():
    text, _file = read(visit_card_pdf(a_card(summary="<b>A & B</b>"), "en"))
    assert_holds(text, "<b>A & B</b>")


def test_a_long_card_counts_its_pages_and_repeats_the_headings():
    steps = tuple(StepLine("market", "done", note=f"note {index}") for index in range(120))
    text, file = read(visit_card_pdf(a_card(steps=steps), "en"))
    pages = len(file.pages)
    assert pages >= 3
    assert_holds(text, *(f"Page {number} of {pages}" for number in range(1, pages + 1)))
    assert text.count("Whatwasfound") >= 3
    assert_holds(text, "note 0", "note 119")


def test_the_same_card_gives_the_same_file():
    assert visit_card_pdf(a_full_card(), "zh") == visit_card_pdf(a_full_card(), "zh")


def test_printing_in_another_language_leaves_the_spoken_one():
    with speaking("en"):
        visit_card_pdf(a_card(), "zh")
        assert current() == "en"


def test_a_card_in_no_language_or_of_no_state_is_refused():
    with pytest.raises(InvalidInput, match="language"):
        visit_card_pdf(a_card(), "fr")
    with pytest.raises(InvalidInput, match=r"visit\.state"):
        visit_card_pdf(a_card(state="burnt"), "zh")


def test_a_signature_given_on_the_tablet_is_printed_in_its_box():
    drawn = io.BytesIO()
    Image.new("RGB", (600, 200), "navy").save(drawn, "PNG")
    with speaking("zh"):
        block = paper.signatures([paper.Signature("经销商", "王总", "2026年11月21日", drawn.getvalue())])
        content = paper.pdf([block], name="签字", author="清源", foot="签字")
    text, file = read(content)
    assert_holds(text, "经销商", "王总", "日期 2026年11月21日")
    assert len(file.pages[0].images) == 1


def test_a_table_row_with_too_few_cells_is_refused():
    with pytest.raises(ValueError, match="zip"):
        paper.table([paper.Column("a", 1), paper.Column("b", 1)], [["x"]])
