"""A distributor's own book as a file: what can be read is read, what cannot is named with its row and column."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from data.book_files import BookFile, BookRefused, read_book
from tests.builders import TODAY

HEAD = "date,reference,debit,credit,text"


def read(text: str | bytes, name: str = "book.csv", **options) -> BookFile:
    content = text if isinstance(text, bytes) else text.encode()
    return read_book(content, name, **{"today": TODAY, "currency": "CNY", "minor_exponent": 2, **options})


def lines(*rows: str) -> str:
    return "\n".join([HEAD, *rows])


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_what_they_credit_us_is_owed_to_us():
    found = read(lines("2026-11-03,FH-1,,1200.50,进货", "2026-11-05,P-1,700,,付款"))
    assert [(line.on, line.amount_minor, line.kind, line.row) for line in found.lines] == [
        (date(2026, 11, 3), 120_050, "invoice", 2),
        (date(2026, 11, 5), -70_000, "payment", 3),
    ]
    assert found.problems == []


def test_a_statement_written_from_our_side_keeps_its_signs():
    found = read(lines("2026-11-03,FH-1,1200.50,,进货"), is_their_view=False)
    assert [line.amount_minor for line in found.lines] == [120_050]


def test_chinese_headings_other_separators_and_encodings_are_read():
    text = "日期;单号;借方金额;贷方金额;摘要\n2026年11月3日;FH-1;;￥1,200.50;期初余额\n"
    for content in (text.encode("gb18030"), text.encode("utf-8-sig")):
        (line,) = read(content).lines
        assert (line.on, line.amount_minor, line.kind) == (date(2026, 11, 3), 120_050, "opening")


def test_a_workbook_gives_the_same_lines_as_a_csv():
    content = workbook(
        ("日期", "单号", "借方", "贷方", "摘要"),
        (date(2026, 11, 3), 22601.0, None, 1200.1 + 0.2, "进货"),
        ("2026/11/5", "P-1", 700, None, "付款"),
        (None, None, None, None, None),
    )
    found = read(content, "Book.XLSX")
    assert [(line.reference, line.amount_minor) for line in found.lines] == [
        ("22601", 120_030),
        ("P-1", -70_000),
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        ("31/31/2026,FH-1,,5,x", "date", "31/31/2026", "date"),
        ("2026-02-30,FH-1,,5,x", "date", "2026-02-30", "date"),
        ("2026-11-22,FH-1,,5,x", "date", "2026-11-22", "future"),
        ("2026-11-03,FH-1,,five,x", "credit", "five", "money"),
        ("2026-11-03,FH-1,,1.234,x", "credit", "1.234", "money"),
        ("2026-11-03,FH-1,,NaN,x", "credit", "NaN", "money"),
        ("2026-11-03,FH-1,,1e30,x", "credit", "1e30", "money"),
        ("2026-11-03,FH-1,5,5,x", "debit", "5", "one_side"),
        ("2026-11-03,FH-1,,,x", "debit", "", "one_side"),
        ("2026-11-03,FH-1,,USD 5,x", "credit", "USD 5", "currency"),
        ("2026-11-03,FH-1,,$5,x", "credit", "$5", "currency"),
        (f"2026-11-03,{'F' * 101},,5,x", "reference", "F" * 101, "too_long"),
    ],
)
def test_a_bad_cell_is_named_and_the_good_rows_stay(row: str, column: str, value: str, code: str):
    found = read(lines("2026-11-01,FH-0,,9,a", row, "2026-11-04,FH-2,,7,b"))
    assert [(each.row, each.column, each.value, each.code) for each in found.problems] == [
        (3, column, value, code)
    ]
    assert [line.row for line in found.lines] == [2, 4]


def test_a_balance_that_does_not_add_up_is_named_with_what_would_be_right():
    text = "date,reference,debit,credit,text,balance\n"
    text += "2026-11-01,P-1,300,,a,5000\n2026-11-02,FH-2,,900,b,5900\n2026-11-03,FH-3,,100,c,6100\n"
    found = read(text)
    assert [(each.row, each.column, each.code, each.expected) for each in found.problems] == [
        (4, "balance", "balance", "6000.00")
    ]
    assert len(found.lines) == 3


def test_a_running_balance_is_followed_whichever_sign_it_is_printed_with():
    rows = ["2026-11-01,P-1,300,,a,-5000", "2026-11-02,FH-2,,900,b,-5900", "2026-11-03,P-3,6000,,c,100"]
    assert read("date,reference,debit,credit,text,balance\n" + "\n".join(rows)).problems == []


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "book.csv", "columns"),
        (b"date,reference,text\n", "book.csv", "columns"),
        (HEAD.encode(), "book.csv", "empty"),
        (b"\xff\xfe\x00\x81", "book.csv", "unreadable"),
        (b'date,reference,debit,credit,text\n2026-11-03,"FH-1', "book.csv", "unreadable"),
        (b"no workbook", "book.xlsx", "unreadable"),
        (b"0" * (10 * 1024 * 1024 + 1), "book.csv", "too_large"),
    ],
)
def test_a_file_that_is_no_book_is_refused(content: bytes, name: str, code: str):
    with pytest.raises(BookRefused) as refused:
        read(content, name)
    assert refused.value.code == code


def test_whom_the_file_names_is_told():
    text = "distributor," + HEAD + "\nD1,2026-11-03,FH-1,,5,x\n"
    assert read(text).distributors == {"D1"}
