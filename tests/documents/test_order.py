"""The papers of an order say the same in every form, and never more than is known."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from core.errors import InvalidInput
from documents.order import OrderPaper, OrderPaperLine, order_json, order_pdf, order_sheet

ROOT = Path(__file__).resolve().parents[2]
TEA = OrderPaperLine(
    code="T500",
    name="绿茶 500 ml",
    name_en="Green tea 500 ml",
    unit="bottle",
    pack=15,
    quantity=Decimal("660.000"),
    suggested=Decimal("600.000"),
    price=Decimal("2.2500"),
    reason="promotion",
)
FORMULA = replace(
    TEA,
    code="=1+1",
    name="=cmd()",
    name_en="=cmd()",
    quantity=Decimal(30),
    suggested=None,
    price=None,
    reason="",
)
ORDER = OrderPaper(
    number="261122-37B47F-1",
    part_of="",
    state="signed",
    company="青峰饮料",
    distributor="临江宏达商贸有限公司",
    distributor_code="010001",
    rep="李敏",
    currency="CNY",
    minor_exponent=2,
    tax_basis="included",
    ordered_on=date(2026, 11, 22),
    deliver_on=date(2026, 12, 1),
    signed_name="王强",
    signed_at=datetime(2026, 11, 22, 20, 5, tzinfo=UTC),
    signature=None,
    zone="Asia/Shanghai",
    lines=(TEA, FORMULA),
)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["绿茶 500 ml", "44", "660 瓶", "2.25", "¥1,485.00", "王强", "2026年12月1日"]),
        ("en", ["Green tea 500 ml", "44", "660 bottles", "2.25", "¥1,485.00", "1 Dec 2026"]),
    ],
)
def test_the_paper_shows_what_is_ordered_in_its_language(language: str, words: list[str]) -> None:
    text = text_of(order_pdf(ORDER, language))
    assert [word for word in words if word not in text] == []


def test_the_same_order_gives_the_same_paper() -> None:
    assert order_pdf(ORDER, "zh") == order_pdf(ORDER, "zh")


def test_a_line_without_a_price_is_named_and_not_in_the_sum() -> None:
    assert ORDER.total == Decimal("1485.00")
    assert "1 line has no price yet" in text_of(order_pdf(ORDER, "en"))


def test_an_order_without_any_price_has_no_sum() -> None:
    order = replace(ORDER, lines=(FORMULA,))
    assert order.total is None
    text = text_of(order_pdf(order, "en"))
    assert "together —" in text
    assert "¥0" not in text
    assert json.loads(order_json(order))["total"] is None


def test_the_sum_of_the_lines_that_have_a_price_is_the_least_that_the_order_costs() -> None:
    assert "together at least ¥1,485.00" in text_of(order_pdf(ORDER, "en"))


def test_the_day_of_signing_is_that_of_the_place() -> None:
    # Five past eight in the evening in Greenwich is the next morning in Shanghai.
    assert "23 Nov 2026" in text_of(order_pdf(ORDER, "en"))


def test_a_second_order_names_the_first() -> None:
    second = replace(ORDER, part_of="261122-37B47F-1", number="261122-37B47F-2", signed_at=None)
    assert "Second part of order 261122-37B47F-1" in text_of(order_pdf(second, "en"))


def test_sixty_lines_go_over_pages_with_their_headings() -> None:
    lines = tuple(replace(TEA, code=f"T{n:03}") for n in range(60))
    pages = PdfReader(io.BytesIO(order_pdf(replace(ORDER, lines=lines), "en"))).pages
    assert len(pages) > 1
    assert all("Unit price" in page.extract_text() for page in pages[:2])


def test_another_language_is_refused() -> None:
    with pytest.raises(InvalidInput):
        order_pdf(ORDER, "fr")


def test_the_sheet_holds_figures_as_figures_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(order_sheet(ORDER, "xlsx", "en")))
    head, tea, formula = book.active.iter_rows(values_only=True)
    row = dict(zip(head, tea, strict=True))
    assert (row["Cases"], row["Quantity"], row["Unit price"], row["Amount"]) == (44, 660, 2.25, 1485)
    assert (row["Order no."], row["Product"], row["Unit"]) == (
        "261122-37B47F-1",
        "Green tea 500 ml",
        "bottle",
    )
    assert dict(zip(head, formula, strict=True))["Amount"] is None
    assert all(cell.data_type != "f" for line in book.active.iter_rows() for cell in line)


def test_the_csv_says_the_same_as_the_sheet() -> None:
    rows = list(csv.DictReader(io.StringIO(order_sheet(ORDER, "csv", "en").decode("utf-8-sig"))))
    assert [Decimal(row["Quantity"]) for row in rows] == [660, 30]
    assert [row["Amount"] for row in rows][1] == ""
    assert rows[1]["Product"] == "'=cmd()"


def test_the_json_keeps_every_figure_exactly() -> None:
    order = json.loads(order_json(ORDER))
    assert order["schema"] == "fieldvisit.order/1"
    assert order["total"] == "1485.00"
    assert order["lines"][0] == {
        "line": 1,
        "product": {"code": "T500", "name": "绿茶 500 ml", "name_en": "Green tea 500 ml"},
        "quantity": "660",
        "unit": "bottle",
        "pieces_per_case": 15,
        "suggested": "600",
        "reason": "promotion",
        "unit_price": "2.25",
        "amount": "1485",
    }
    assert (order["lines"][1]["unit_price"], order["lines"][1]["reason"]) == (None, None)
    assert order["signed"] == {"name": "王强", "at": "2026-11-22T20:05:00+00:00"}


def fields_of(value: object, path: str = "") -> set[str]:
    """Every field of a JSON document by its path."""
    if isinstance(value, dict):
        inner = {f"{path}{name}" for name in value}
        return inner.union(*(fields_of(one, f"{path}{name}.") for name, one in value.items()))
    if isinstance(value, list):
        return set().union(*(fields_of(one, path.removesuffix(".") + "[].") for one in value))
    return set()


def test_the_page_of_the_docs_names_each_field_of_the_json() -> None:
    page = (ROOT / "docs" / "order_json.md").read_text(encoding="utf-8")
    documented = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert documented == fields_of(json.loads(order_json(ORDER)))
