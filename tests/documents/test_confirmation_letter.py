"""The confirmation letter says in both languages how the balance arises, what differs, and who confirms it."""

import io
from datetime import date

import pypdf
import pytest
from PIL import Image, ImageDraw

from core.errors import InvalidInput
from documents.confirmation_letter import (
    Age,
    ConfirmationLetter,
    Movement,
    OpenDifference,
    confirmation_letter_pdf,
)

HASH = "9f628858f44a463f08be380732b6034a9d7c81b76a91182f21c9820506977b53"


def a_letter(**changes) -> ConfirmationLetter:
    facts = {
        "company": "清泉饮料",
        "distributor": "临江宏达商贸",
        "distributor_code": "D-0012",
        "rep": "李敏",
        "number": "AC-D-0012-20261121",
        "version": 2,
        "figures_hash": HASH,
        "from_on": date(2026, 5, 24),
        "as_of_on": date(2026, 11, 21),
        "currency": "CNY",
        "opening": 1_000_000,
        "movements": (Movement("invoice", 26, 8_000_000), Movement("payment", 13, -2_194_000)),
        "our_balance": 6_806_000,
        "ages": (Age("未到期", 5_946_000), Age("31–60", 860_000)),
        "differences": (
            OpenDifference("FH-20871", "货已签收，对方漏记", "对方会计", date(2026, 11, 24), 312_000),
            OpenDifference("FH-20533", "", "", None, 116_000),
        ),
        "their_balance": 6_378_000,
    }
    return ConfirmationLetter(**{**facts, **changes})


def read(content: bytes) -> tuple[str, pypdf.PdfReader]:
    file = pypdf.PdfReader(io.BytesIO(content))
    return "".join("".join(page.extract_text().split()) for page in file.pages), file


def assert_holds(text: str, *parts: str) -> None:
    assert [part for part in parts if "".join(part.split()) not in text] == []


FIGURES = (
    *("AC-D-0012-20261121", "D-0012", "¥68,060.00", "¥63,780.00", "+¥80,000.00", "−¥21,940.00"),
    *("¥10,000.00", "¥59,460.00", "¥8,600.00", "+¥3,120.00", "+¥1,160.00", "+¥4,280.00", HASH),
)


def test_the_chinese_letter_says_everything():
    text, file = read(confirmation_letter_pdf(a_letter(), "zh"))
    assert_holds(text, *FIGURES, "对账确认函", "临江宏达商贸", "清泉饮料", "李敏", "第 2 版")
    assert_holds(text, "货已签收，对方漏记", "对方会计", "2026年11月24日", "尚未说明", "经销商确认", "盖章")
    assert file.trailer["/Root"]["/Lang"] == "zh-CN"


def test_the_english_letter_says_everything():
    text, file = read(confirmation_letter_pdf(a_letter(distributor="Hongda Trading"), "en"))
    assert_holds(text, *FIGURES, "Account confirmation", "Hongda Trading", "version 2", "24 Nov 2026")
    assert_holds(text, "not explained yet", "From our balance to yours", "Answer of the distributor", "Stamp")
    assert file.trailer["/Root"]["/Lang"] == "en"


def test_the_number_version_and_hash_stand_on_every_page():
    many = tuple(OpenDifference(f"FH-{n}", "", "", None, n) for n in range(60))
    text, file = read(confirmation_letter_pdf(a_letter(differences=many), "en"))
    assert len(file.pages) > 2
    for page in file.pages:
        assert_holds("".join(page.extract_text().split()), "AC-D-0012-20261121, version 2", HASH[:16])
    assert "FH-59" in text


def test_the_distributors_half_is_never_parted_by_a_page():
    for count in range(0, 30, 3):
        rows = tuple(OpenDifference(f"FH-{n}", "", "", None, n) for n in range(count))
        file = read(confirmation_letter_pdf(a_letter(differences=rows), "en"))[1]
        pages = ["".join(page.extract_text().split()) for page in file.pages]
        (half,) = [page for page in pages if "Answerofthedistributor" in page]
        assert_holds(half, "is right", "By our own book", "Stamp", HASH)


def test_without_a_book_there_is_room_for_their_own_figure():
    text, _file = read(confirmation_letter_pdf(a_letter(their_balance=None, differences=()), "en"))
    assert_holds(text, "Your book was not shown", "By our own book it is ____")


def test_books_that_agree_say_so():
    agreed = a_letter(their_balance=6_806_000, differences=())
    assert_holds(read(confirmation_letter_pdf(agreed, "zh"))[0], "两本账分文不差")


def test_a_signature_is_printed_with_name_and_day():
    ink = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    ImageDraw.Draw(ink).line((10, 80, 290, 20), fill=(16, 32, 47, 255), width=5)
    picture = io.BytesIO()
    ink.save(picture, "PNG")
    signed = a_letter(signed_by="王宏", signature=picture.getvalue(), signed_on=date(2026, 11, 21))
    text, file = read(confirmation_letter_pdf(signed, "zh"))
    assert_holds(text, "王宏", "2026年11月21日")
    assert sum(len(page.images) for page in file.pages) == 1


def test_the_same_letter_gives_the_same_bytes():
    assert confirmation_letter_pdf(a_letter(), "zh") == confirmation_letter_pdf(a_letter(), "zh")


@pytest.mark.parametrize(
    ("changes", "language"),
    [({}, "fr"), ({"currency": "yuan"}, "zh"), ({"movements": (Movement("gift", 1, 1),)}, "zh")],
)
def test_what_has_no_word_is_refused(changes, language):
    with pytest.raises(InvalidInput):
        confirmation_letter_pdf(a_letter(**changes), language)
