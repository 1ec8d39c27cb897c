import csv
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session

from data import passwords
from data.engine import reading, writing
from data.importing import Problem, Report, load_folder
from data.importing.document import document
from data.importing.files import LAYOUTS
from data.importing.kinds import Context, money
from data.importing.reading import read
from data.tables import Base
from data.tables.company import Market, Region, User
from data.tables.dealings import (
    AccountDifference,
    Import,
    LedgerEntry,
    OpenItem,
    PriceObservation,
    SellOut,
    StockCount,
)
from data.tables.distributors import Distributor, DistributorContact
from data.tables.products import Product
from data.tables.visits import Complaint, Visit
from data.their_book import difference_hash
from tests.data.accounts import hash_cheaply
from tests.data.company_folder import FILES, write_files, write_folder

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_cheaply(monkeypatch)


@pytest.fixture
def company(engine: Engine, tmp_path: Path) -> Engine:
    """A database with the small company loaded."""
    report = load_folder(engine, write_folder(tmp_path), NOW)
    assert report.problems == []
    return engine


def one(session: Session, value: Any) -> Any:
    return session.execute(select(value)).scalar_one()


def load(engine: Engine, folder: Path, **files: str) -> Report:
    return load_folder(engine, write_files(folder, **files), NOW)


def messages(report: Report) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.message) for p in report.problems]


def test_the_documentation_is_what_the_program_does() -> None:
    page = Path(__file__).parents[2] / "docs" / "load.md"
    assert page.read_text() == document()


def test_every_file_that_can_be_loaded_stands_in_the_example() -> None:
    assert [layout.name for layout in LAYOUTS] == list(FILES)


def test_every_file_loads_and_loading_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    first = load_folder(engine, folder, NOW)
    assert first.problems == []
    assert {f.name: f.added for f in first.files} == {
        n: len(text.splitlines()) - 1 for n, text in FILES.items()
    }
    before = counts(engine)
    second = load_folder(engine, folder, NOW)
    assert second.problems == []
    assert [(f.name, f.added, f.changed) for f in second.files if f.added or f.changed] == []
    assert counts(engine) == before


def counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as session:
        return {
            t.name: session.scalar(select(func.count()).select_from(t)) or 0
            for t in Base.metadata.sorted_tables
        }


def test_a_changed_row_changes_its_record_and_no_other(company: Engine, tmp_path: Path) -> None:
    changed = FILES["distributors.csv"].replace("宏达商贸,9", "宏达,7")
    report = load(company, tmp_path, distributors=changed)
    assert [(f.added, f.changed, f.unchanged) for f in report.files] == [(0, 1, 1)]
    with reading(company) as session:
        found = session.execute(
            select(Distributor.short_name, Distributor.lead_time_days).order_by(Distributor.code)
        )
        assert [tuple(row) for row in found] == [("宏达", 7), ("城东永兴批发部", None)]


def test_a_column_that_is_left_out_stays_as_it_is(company: Engine, tmp_path: Path) -> None:
    load(company, tmp_path, distributors="code,market,name\n0007,001,宏达公司\n")
    with reading(company) as session:
        row = session.execute(
            select(Distributor.name, Distributor.short_name, Distributor.lead_time_days).where(
                Distributor.code == "0007"
            )
        ).one()
        assert tuple(row) == ("宏达公司", "宏达商贸", 9)


def test_codes_and_telephones_keep_their_leading_zeros(company: Engine) -> None:
    with reading(company) as session:
        assert one(session, Region.code) == "01"
        assert one(session, Market.code) == "001"
        assert one(session, DistributorContact.phone) == "013800001111"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_come_in_utf_8_and_gb18030(company: Engine, tmp_path: Path, encoding: str) -> None:
    folder = write_files(tmp_path)
    (folder / "regions.csv").write_bytes("code,name\n02,华北区\n".encode(encoding))
    assert load_folder(company, folder, NOW).problems == []
    with reading(company) as session:
        assert session.scalar(select(Region.name).where(Region.code == "02")) == "华北区"


def test_bad_rows_are_reported_all_at_once_and_the_good_ones_load(company: Engine, tmp_path: Path) -> None:
    report = load(
        company,
        tmp_path,
        sell_out=(
            "distributor,product,from_on,to_on,quantity,revenue\n"
            "0007,0002,2026-11-02,2026-11-09,10,25.00\n"
            '0007,0002,2026-11-09,2026-11-16,"1,234.5",25.00\n'
            "0099,0002,2026-11-09,2026-11-16,5,25.00\n"
            "0007,0002,2026-11-16,2026-11-16,5,25.005\n"
            "0007,0002,16.11.2026,2026-11-23,5,25.00\n"
            "0007,0002,2026-11-23\n"
            "\n"
            "0007,0002,2026-11-23,2026-11-23,5,25.00\n"
            "0008,0002,2026-11-02,2026-11-09,4,\n"
        ),
    )
    number = "Expected a number with at most 3 decimals, as 1234.5 (no thousands separators)."
    assert messages(report) == [
        (3, "quantity", number),
        (4, "distributor", "Expected the code of a distributor, there already or loaded before."),
        (
            5,
            "revenue",
            "Expected an amount in currency units to the cent, as 1234.50 (no thousands separators).",
        ),
        (6, "from_on", "Expected a date as 2026-11-21."),
        (7, "", "Expected 6 cells as in the header, got 3: check commas and quotes."),
        (9, "to_on", "Expected a day after from_on (2026-11-23)."),
    ]
    assert [(f.added, f.refused) for f in report.files] == [(2, 6)]
    assert str(report.problems[0]) == f"sell_out.csv, row 3, column quantity: {number} Got '1,234.5'."


def test_all_cells_of_a_bad_row_are_named(company: Engine, tmp_path: Path) -> None:
    report = load(company, tmp_path, products="code,name,is_own,unit,pack_size\n,,maybe,barrel,0\n")
    assert [p.column for p in report.problems] == ["code", "name", "is_own", "unit", "pack_size"]
    assert report.problems[3].message == "Expected one of bottle, can, box, piece."
    assert [f.refused for f in report.files] == [1]


@pytest.mark.parametrize(
    "cell", ["1,5", "1e3", "¥12", "12.345", "NaN", "inf", "１２", "--1", "9" * 16, ".", ""]
)
def test_what_is_no_exact_amount_is_refused(cell: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader turns it into a sentence
        money().make(Context())(cell)


@pytest.mark.parametrize(
    ("cell", "minor"), [("12", 1200), ("-0.05", -5), ("12.", 1200), (".5", 50), ("+7.100", 710)]
)
def test_an_amount_is_exact_to_the_cent(cell: str, minor: int) -> None:
    assert money().make(Context())(cell) == minor


def test_money_follows_the_decimals_of_the_currency(engine: Engine, tmp_path: Path) -> None:
    company = "name,currency,minor_exponent,tax_basis,time_zone\nK,JPY,0,included,Asia/Tokyo\n"
    folder = write_folder(tmp_path, company=company)
    report = load_folder(engine, folder, NOW)
    # 345.00 is exact in yen, 318.40 is not.
    assert [(p.file, p.value) for p in report.problems] == [("sell_out.csv", "318.40")]
    with reading(engine) as session:
        assert one(session, OpenItem.open_minor) == 345


def test_a_repeated_key_is_refused_and_names_the_first_row(company: Engine, tmp_path: Path) -> None:
    report = load(company, tmp_path, regions="code,name\n02,a\n03,b\n02,c\n")
    assert messages(report) == [(4, "", "The same record stands in row 2 already.")]


def test_columns_and_files_of_other_names_are_named_not_ignored(company: Engine, tmp_path: Path) -> None:
    report = load(company, tmp_path, regions="code,name,nmae_en\n02,a,b\n", sellout="a\n1\n")
    assert [(p.file, p.row, p.column) for p in report.problems] == [
        ("sellout.csv", 0, ""),
        ("regions.csv", 1, "nmae_en"),
    ]
    assert [(f.name, f.added) for f in report.files] == [("regions.csv", 1)]


def test_a_missing_or_doubled_column_stops_the_file(company: Engine, tmp_path: Path) -> None:
    report = load(company, tmp_path, regions="code\n02\n", markets="code,region,name,name\n9,01,a,b\n")
    assert messages(report) == [
        (1, "name", "Expected a column of this name."),
        (1, "name", "Expected the column once."),
    ]
    assert sum(f.added for f in report.files) == 0


def test_without_the_company_nothing_is_loaded(engine: Engine, tmp_path: Path) -> None:
    report = load(engine, tmp_path, regions="code,name\n01,a\n")
    assert [str(p) for p in report.problems] == [
        "regions.csv: Not loaded: the company's settings come first, in company.csv."
    ]
    assert counts(engine)["region"] == 0


def test_a_torn_quotation_mark_is_reported_with_its_line(company: Engine, tmp_path: Path) -> None:
    report = load(company, tmp_path, regions='code,name\n02,a\n03,"b"c\n04,d\n')
    assert [(p.row, p.message.split("(")[0]) for p in report.problems] == [
        (3, "The file cannot be read from line 3 on ")
    ]
    assert [f.added for f in report.files] == [1]


def test_what_is_no_text_is_reported(company: Engine, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    (folder / "regions.csv").write_bytes(b"code,name\n\xff\xff\xff\n")
    assert [str(p) for p in load_folder(company, folder, NOW).problems] == [
        "regions.csv: Expected UTF-8 or GB18030; save the file in one of them."
    ]


def test_what_cannot_be_opened_is_reported_and_the_other_files_load(
    company: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_files(tmp_path, regions="code,name\n02,a\n", news=FILES["news.csv"])
    read_bytes = Path.read_bytes

    def broken(path: Path) -> bytes:
        if path.name == "regions.csv":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", broken)
    report = load_folder(company, folder, NOW)
    assert [str(p) for p in report.problems] == ["regions.csv: Cannot be read: Permission denied."]
    assert [(f.name, f.unchanged) for f in report.files] == [("news.csv", 1)]


@given(st.binary(max_size=200), st.sampled_from(LAYOUTS))
def test_no_content_makes_the_reading_fail(content: bytes, layout: Any) -> None:
    context = Context(codes=defaultdict(dict))
    header = ",".join(column.name for column in layout.columns).encode()
    for text in (content, header + b"\n" + content):
        found = read(layout, text, context)
        assert {number for number, _ in found.rows}.isdisjoint(found.refused)


def test_a_competitors_product_may_stand_before_the_one_it_rivals(company: Engine) -> None:
    with reading(company) as session:
        rival = session.scalars(select(Product).where(Product.code == "R01")).one()
        assert rival.rivals_product_id == session.scalar(select(Product.id).where(Product.code == "0001"))


def test_a_rival_of_a_refused_product_is_refused_too(company: Engine, tmp_path: Path) -> None:
    report = load(
        company,
        tmp_path,
        products="code,name,is_own,unit,pack_size,rivals_product\n0009,a,yes,bottle,none,\nR09,b,no,bottle,15,0009\n",
    )
    assert [(p.row, p.column) for p in report.problems] == [(2, "pack_size"), (3, "rivals_product")]


def test_two_reps_on_one_day_are_refused_whatever_the_order_of_the_rows(
    company: Engine, tmp_path: Path
) -> None:
    report = load(company, tmp_path, assignments="distributor,rep,from_on,to_on\n0008,chentao,2026-06-01,\n")
    assert [(p.row, p.column) for p in report.problems] == [(2, "from_on")]
    handed = "distributor,rep,from_on,to_on\n0008,chentao,2026-06-01,\n0008,limin,2026-01-01,2026-06-01\n"
    assert load(company, tmp_path, assignments=handed).problems == []


def test_the_signs_of_their_book_turn_once_and_lines_keep_their_codes(
    company: Engine, tmp_path: Path
) -> None:
    with reading(company) as session:
        ours, theirs = session.scalars(select(LedgerEntry).order_by(LedgerEntry.side)).all()
        assert (ours.amount_minor, theirs.amount_minor) == (34500, 34500)
    longer = FILES["ledger.csv"].splitlines()
    book = "\n".join([longer[0], longer[2], longer[2], longer[2].replace("-345.00", "-12.30")]) + "\n"
    report = load(company, tmp_path, ledger=book)
    assert [(f.added, f.unchanged, f.refused) for f in report.files] == [(2, 1, 0)]
    with reading(company) as session:
        codes = session.scalars(select(LedgerEntry.entry_code).where(LedgerEntry.side == "theirs")).all()
        assert theirs.entry_code in codes
        assert len(set(codes)) == 3


def test_our_ledger_needs_its_document_numbers_and_our_sign(company: Engine, tmp_path: Path) -> None:
    head = FILES["ledger.csv"].splitlines()[0]
    report = load(
        company,
        tmp_path,
        ledger=f"{head}\n0007,ours,,2026-11-03,A,invoice,1,,\n0007,ours,E2,2026-11-03,A,invoice,1,,theirs\n",
    )
    assert [(p.row, p.column) for p in report.problems] == [(2, "entry"), (3, "sign")]


NEWER = "distributor,document,kind,on,amount,open,as_of_on\n0007,FH-2,invoice,2026-11-10,10,10,2026-11-21\n"


def test_an_item_that_a_newer_list_does_not_name_is_settled(company: Engine, tmp_path: Path) -> None:
    report = load(company, tmp_path, open_items=NEWER)
    assert [(f.added, f.changed) for f in report.files] == [(1, 1)]
    with reading(company) as session:
        left = session.execute(select(OpenItem.document, OpenItem.open_minor).order_by(OpenItem.document))
        assert [tuple(row) for row in left] == [("FH-1", 0), ("FH-2", 1000)]
    assert [(f.added, f.changed) for f in load(company, tmp_path, open_items=NEWER).files] == [(0, 0)]


def test_a_list_with_a_refused_row_settles_nothing(company: Engine, tmp_path: Path) -> None:
    load(company, tmp_path, open_items=NEWER + "0007,FH-1,invoice,2026-11-03,345,345,yesterday\n")
    with reading(company) as session:
        assert session.scalar(select(OpenItem.open_minor).where(OpenItem.document == "FH-1")) == 34500


def test_what_is_open_is_part_of_the_amount(company: Engine, tmp_path: Path) -> None:
    report = load(company, tmp_path, open_items=NEWER.replace("10,10,2026", "10,-10,2026"))
    assert messages(report) == [(2, "open", "Expected a part of the amount, with its sign.")]


DIFFERENCES = "distributor,ours,theirs,since,reason,note,due_on\n"


def test_an_old_difference_is_known_by_the_lines_that_it_names(company: Engine, tmp_path: Path) -> None:
    load(company, tmp_path, differences=f"{DIFFERENCES}0007,FH-1,fh1,2025-03-31,price,,2026-12-01\n")
    with reading(company) as session:
        lines = {
            line.side: line.id
            for line in session.scalars(select(LedgerEntry).where(LedgerEntry.reference.in_(["FH-1", "fh1"])))
        }
        kept = {row.entries_hash: row for row in session.scalars(select(AccountDifference))}
    legacy = kept[difference_hash([lines["ours"]], [])]
    assert (legacy.kind, legacy.amount_minor, legacy.reason, legacy.owner, legacy.state) == (
        "missing_in_theirs",
        34500,
        "legacy",
        "周岚",
        "open",
    )
    assert legacy.opened_at == datetime(2025, 3, 31, 12, tzinfo=UTC)
    both = kept[difference_hash([lines["ours"]], [lines["theirs"]])]
    assert (both.kind, both.amount_minor, both.reason) == ("amount_differs", 0, "price")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("0007,FH-9,,2025-03-31,,,", "Expected lines of our ledger, once each; FH-9 stands there 0 times."),
        ("0008,FH-1,,2025-03-31,,,", "Expected lines of our ledger, once each; FH-1 stands there 0 times."),
        ("0007,,,2025-03-31,,,", "Expected at least one line of either book."),
        ("0007,FH-1,x;fh1,2025-03-31,,,", "x stands there 0 times."),
    ],
)
def test_an_old_difference_without_its_lines_is_refused(
    company: Engine, tmp_path: Path, row: str, problem: str
) -> None:
    report = load(company, tmp_path, differences=f"{DIFFERENCES}{row}\n")
    assert [message.endswith(problem) for _row, _column, message in messages(report)] == [True]


def test_a_document_number_on_several_lines_names_none_of_them(company: Engine, tmp_path: Path) -> None:
    head = FILES["ledger.csv"].splitlines()[0]
    load(company, tmp_path, ledger=f"{head}\n0007,ours,E2,2026-11-04,FH-1,invoice,1,,\n")
    report = load(company, tmp_path, differences=f"{DIFFERENCES}0007,FH-1,,2025-03-31,,,\n")
    assert messages(report)[0][2].endswith("FH-1 stands there 2 times.")
    assert load(company, tmp_path, differences=f"{DIFFERENCES}0007,E1;E2,,2025-03-31,,,\n").problems == []


def test_what_was_said_of_a_difference_in_the_app_is_not_overwritten(company: Engine, tmp_path: Path) -> None:
    with writing(company) as session:
        session.execute(update(AccountDifference).values(version=2, owner="李敏"))
    report = load(company, tmp_path, differences=FILES["differences.csv"])
    assert "It was changed in the app since" in messages(report)[0][2]


def test_a_payment_does_not_raise_what_is_owed(company: Engine, tmp_path: Path) -> None:
    report = load(company, tmp_path, open_items=NEWER.replace("invoice", "prepayment"))
    assert messages(report) == [(2, "open", "Expected an amount below zero: a payment lowers what is owed.")]


def test_what_people_did_in_the_app_is_not_overwritten(company: Engine, tmp_path: Path) -> None:
    with writing(company) as session:
        visit = session.scalars(select(Visit)).one()
        visit.state = "draft"
        session.execute(update(StockCount).values(visit_id=visit.id))
        session.execute(update(PriceObservation).values(visit_id=visit.id))
        session.execute(update(SellOut).values(visit_id=visit.id))
        session.execute(update(Complaint).values(version=2, answer="已换货"))
    files = ("visits_planned", "stock_counts", "prices", "sell_out", "complaints")
    same = load(company, tmp_path, **{stem: FILES[f"{stem}.csv"] for stem in files[:-1]})
    assert same.problems == []
    report = load(
        company,
        tmp_path,
        visits_planned=FILES["visits_planned.csv"].replace("2026-11-25", "2026-11-26"),
        stock_counts=FILES["stock_counts.csv"].replace(",30", ",31"),
        prices=FILES["prices.csv"].replace("39.5", "40"),
        sell_out=FILES["sell_out.csv"].replace(",120,", ",121,"),
        complaints=FILES["complaints.csv"].replace("渗漏", "漏"),
    )
    assert [(p.file, p.row) for p in report.problems] == [
        ("sell_out.csv", 2),
        ("stock_counts.csv", 2),
        ("prices.csv", 2),
        ("visits_planned.csv", 2),
        ("complaints.csv", 2),
    ]
    with reading(company) as session:
        assert one(session, Visit.planned_on) == date(2026, 11, 25)
        assert one(session, StockCount.quantity) == Decimal(30)


def test_the_currency_cannot_change(company: Engine, tmp_path: Path) -> None:
    report = load(company, tmp_path, company=FILES["company.csv"].replace("CNY", "USD"))
    assert messages(report) == [
        (2, "", "The currency of a company cannot change: its amounts are kept in it.")
    ]


def test_a_loaded_user_has_no_password_that_anybody_knows(company: Engine) -> None:
    with reading(company) as session:
        kept = session.scalars(select(User.password_hash)).all()
    assert len(kept) == 3
    assert all(hash_.startswith("$argon2id$") for hash_ in kept)
    assert [p for p in ("", "limin", "fieldvisit-demo") if any(passwords.matches(p, h) for h in kept)] == []


def test_a_check_saves_nothing(engine: Engine, tmp_path: Path) -> None:
    report = load_folder(engine, write_folder(tmp_path), NOW, check=True)
    assert sum(f.added for f in report.files) > 30
    assert report.problems == []
    assert set(counts(engine).values()) == {0}


def test_each_load_that_changed_something_is_noted(company: Engine, tmp_path: Path) -> None:
    noted = counts(company)["import"]
    assert noted == len(FILES)
    load(company, tmp_path, regions=FILES["regions.csv"])
    assert counts(company)["import"] == noted
    with reading(company) as session:
        assert set(session.scalars(select(Import.loaded_by))) == {None}


def test_many_rows_take_few_statements(company: Engine, tmp_path: Path) -> None:
    """No query a row: 10,000 rows of a year in some ten statements, so that 100,000 take seconds."""
    folder = write_files(tmp_path)
    with (folder / "sell_in.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["distributor", "document", "product", "on", "quantity", "amount"])
        rows.writerows(["0007", f"D{n}", "0001", "2026-01-01", n, f"{n}.50"] for n in range(10_000))
    statements: list[str] = []
    event.listen(company, "before_cursor_execute", lambda _c, _u, statement, *_: statements.append(statement))
    report = load_folder(company, folder, NOW)
    assert [(f.added, f.refused) for f in report.files] == [(10_000, 0)]
    assert len(statements) < 40


def test_a_problem_without_a_column_is_a_sentence_of_its_file() -> None:
    assert str(Problem("regions.csv", 0, "", "", "Unknown file.")) == "regions.csv: Unknown file."
