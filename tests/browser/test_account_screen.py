"""The account screen in a real browser: a book comes in once, is compared, explained to the cent and signed for."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from data.engine import create_engine_for, writing
from data.identifiers import new_id
from data.tables.dealings import AccountDifference, AccountLink, LedgerEntry, SellIn, StockCount
from data.tables.products import PurchasePrice
from data.tables.records import Document
from data.tables.visits import Visit
from documents.spreadsheet import SheetColumn, xlsx
from language import NAMES, _, speaking
from tests.browser.conftest import LAPTOP, TABLET, OpenScreen
from tests.browser.small_company import SmallCompany, today
from tests.browser.walking import expect_no_problem, fill, keyed, settle, sign_in, use_language
from tests.data.ledger_lines import line
from tests.running_app import RunningApp, start_app

SLOW = 20_000
COLUMNS = [
    SheetColumn("date", "date"),
    *map(SheetColumn, ("reference", "debit", "credit", "text", "currency")),
]


@dataclass
class Accounts:
    """A company with two distributors of one rep, our ledger of each, and the app over it."""

    company: SmallCompany
    app: RunningApp
    visit: str
    other_visit: str

    def stored(self, query: Any) -> list[Any]:
        with self.company.read() as session:
            return list(session.scalars(query))

    def place(self, visit: str) -> str:
        return str(self.stored(select(Visit.distributor_id).where(Visit.id == visit))[0])

    def their_amounts(self, visit: str) -> list[int]:
        query = select(LedgerEntry.amount_minor).where(
            LedgerEntry.side == "theirs", LedgerEntry.distributor_id == self.place(visit)
        )
        return sorted(self.stored(query))


@pytest.fixture(scope="module")
def accounts(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    folder = tmp_path_factory.mktemp("accounts")
    shutil.copyfile(sqlite_template, folder / "accounts.sqlite")
    url = f"sqlite:///{folder / 'accounts.sqlite'}"
    company = SmallCompany(create_engine_for(url), products=1)
    visits = company.visit(), company.visit()
    app = start_app(url, folder)
    made = Accounts(company, app, *visits)
    with writing(company.engine) as session:
        for visit, lines in zip(visits, (OURS, OTHERS), strict=True):
            for reference, minor in lines:
                line(session, made.place(visit), "ours", reference, minor, on=day(10))
    yield made
    app.stop()
    company.engine.dispose()


OURS = [
    ("FH-1", 50_000),
    ("FH-2", 70_000),
    ("FH-3", 30_000),
    ("FH-22601", 91_000),
    ("FH-33602", 44_000),
    ("FH-5", 9_000),
]
OTHERS = [("XS-101", 12_000), ("XS-102", 23_000), ("XS-103", 34_500)]
THEIR_BOOK = [
    ("FH-1", "500.00"),
    ("FH-2", "640.00"),
    ("FH-72601", "910.00"),
    ("FH-38602", "440.00"),
    ("A-88", "88.00"),
]


def day(ago: int) -> date:
    return today() - timedelta(days=ago)


def book(lines: list[tuple[str, str]], *heads: str) -> bytes:
    rows = [f"{day(9)},{reference},,{amount},goods" for reference, amount in lines]
    return "\n".join([",".join(heads), *rows]).encode()


def workbook(lines: list[tuple[str, str]], currency: str) -> bytes:
    return xlsx(COLUMNS, [(day(9), name, None, amount, "goods", currency) for name, amount in lines])


def open_accounts(page: Page, visit: str) -> None:
    page.goto(f"/accounts?visit={visit}")
    expect(keyed(page, "touch_accounts_view")).to_be_visible(timeout=SLOW)
    settle(page)


def view(page: Page, word: str) -> None:
    keyed(page, "touch_accounts_view").get_by_text(word).first.click()
    settle(page)


def upload(page: Page, name: str, content: bytes) -> None:
    """Chooses a file where the screen asks for one; what was chosen before is taken out first."""
    chips = page.get_by_test_id("stFileChip")
    if chips.count():
        page.get_by_test_id("stFileChipDeleteBtn").get_by_role("button").click()
        expect(chips).to_have_count(0)
        settle(page)
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)  # type: ignore[arg-type]
    expect(chips).to_have_count(1)


def button(page: Page, key: str) -> Locator:
    return keyed(page, key).get_by_role("button")


def pick(page: Page, key: str, text: str) -> None:
    """Types into a box of choices and takes what it offers or what was typed."""
    box = keyed(page, key).get_by_role("combobox")
    box.fill(text)
    page.get_by_role("option").filter(has_text=text).first.click()
    settle(page)


def says(page: Page | Locator, text: str, **values: str) -> Locator:
    """The text on a page or a part of it, whatever stands in the places that are not given."""
    words = re.split(r"\{(\w+)\}", text.replace("**", ""))
    literal, places = words[::2], words[1::2]
    found = [re.escape(values[name]) if name in values else ".*" for name in places]
    pattern = "".join(re.escape(word) + value for word, value in zip_longest(literal, found, fillvalue=""))
    return page.get_by_text(re.compile(pattern)).first


def test_a_book_is_compared_explained_and_signed_for_on_the_tablet(
    accounts: Accounts, open_screen: OpenScreen
) -> None:
    with speaking("zh"):
        page = sign_in(open_screen(accounts.app, TABLET), "anna")
        use_language(page, NAMES["zh"])
        open_accounts(page, accounts.visit)
        load_once(page, accounts)
        view(page, _("Differences"))
        expect(says(page, _("**Ours is {amount} more than theirs.**"), amount="¥362.00")).to_be_visible(
            timeout=SLOW
        )
        bridge = page.get_by_label("¥2,940.00").and_(page.get_by_label("¥2,578.00"))
        expect(bridge.first).to_be_visible(timeout=SLOW)
        answer_proposals(page, accounts)
        link_by_hand(page, accounts)
        explain(page, accounts)
        make_letter(page, accounts)
        expect_no_problem(page)


def load_once(page: Page, accounts: Accounts) -> None:
    content = book(THEIR_BOOK, "日期", "单号", "借方", "贷方", "摘要")
    view(page, _("Their book"))
    upload(page, "往来账.csv", content)
    expect(
        says(page, _("The sign is turned: {amount} {side} in their book is {ours} for us."))
    ).to_be_visible(timeout=SLOW)
    button(page, "book_load").click()
    expect(says(page, _("balance {amount}"), amount="2,578.00")).to_be_visible(timeout=SLOW)
    amounts = accounts.their_amounts(accounts.visit)
    assert amounts == [8_800, 44_000, 50_000, 64_000, 91_000]
    upload(page, "又一次.csv", content)
    told = _("This very file was loaded on {date}; nothing was added a second time.")
    expect(says(page, told)).to_be_visible(timeout=SLOW)
    expect(button(page, "book_load")).to_have_count(0)
    assert accounts.their_amounts(accounts.visit) == amounts


def answer_proposals(page: Page, accounts: Accounts) -> None:
    view(page, _("Proposals"))
    agree, refuse = (page.locator(f"[class*='st-key-{word}_'] button") for word in ("agree", "refuse"))
    expect(agree).to_have_count(2, timeout=SLOW)
    agree.first.click()
    expect(agree).to_have_count(1, timeout=SLOW)
    refuse.first.click()
    expect(agree).to_have_count(0, timeout=SLOW)
    settle(page)
    assert sorted(accounts.stored(select(AccountLink.verdict))) == ["confirmed", "refused"]


def link_by_hand(page: Page, accounts: Accounts) -> None:
    button(page, "link_by_hand").click()
    for key, text in (("link_ours", "FH-5"), ("link_theirs", "A-88")):
        pick(page, key, text)
        page.keyboard.press("Tab")
    expect(
        says(page, _("They differ by {amount}; that stays as one difference."), amount="+¥2.00")
    ).to_be_visible(timeout=SLOW)
    fill(page, _("Why do they belong together?"), "扣了运费")
    button(page, "link_save").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=SLOW)
    settle(page)
    (link,) = accounts.stored(select(AccountLink).where(AccountLink.reason == "扣了运费"))
    assert (link.verdict, link.linked_by) == ("confirmed", accounts.company.users["anna"])


def explain(page: Page, accounts: Accounts) -> None:
    """Why, who and until when of the amount that differs, and a note typed while the connection is dead."""
    view(page, _("Differences"))
    row = page.get_by_test_id("stHorizontalBlock").filter(has_text="FH-2").filter(has_text="+60.00")
    row.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(_("Damage or shortage"), exact=True).click()
    settle(page)
    pick(page, "difference_owner", "对方会计")
    keyed(page, "difference_due").get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{day(-9):%Y%m%d}")
    page.keyboard.press("Escape")
    settle(page)
    page.context.set_offline(True)
    note = dialog.get_by_role("textbox", name=_("Note"))
    note.fill("少了一箱")
    waiting = says(dialog, _("No connection, {n} waiting on this tablet"), n="1")
    expect(waiting).to_be_visible(timeout=SLOW)
    page.context.set_offline(False)
    wait_for_note(page, accounts, "少了一箱")
    page.keyboard.press("Escape")
    expect(page.get_by_text("少了一箱")).to_be_visible(timeout=SLOW)
    (said,) = accounts.stored(select(AccountDifference).where(AccountDifference.reason != ""))
    assert (said.reason, said.owner, said.due_on, said.state) == (
        "damage",
        "对方会计",
        day(-9),
        "explained",
    )
    assert said.amount_minor == 6_000


def wait_for_note(page: Page, accounts: Accounts, text: str) -> None:
    """Waits until the tablet has sent a note that it held."""
    notes = select(AccountDifference.note).where(AccountDifference.note != "")
    end = monotonic() + SLOW / 1000
    while accounts.stored(notes) != [text]:
        assert monotonic() < end, "the note did not arrive"
        page.wait_for_timeout(100)


def make_letter(page: Page, accounts: Accounts) -> None:
    settle(page)
    button(page, "bar_letter").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(_("Make the letter all the same"), exact=True).click()
    expect(button(page, "letter_make")).to_be_enabled(timeout=SLOW)
    button(page, "letter_make").click()
    with page.expect_download(timeout=SLOW) as download:
        dialog.get_by_role("button", name="PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    (letter,) = accounts.stored(select(Document))
    assert letter.version == 1


def test_a_workbook_is_taken_only_from_the_right_distributor_in_the_right_currency(
    accounts: Accounts, open_screen: OpenScreen
) -> None:
    lines = [(name, minor / 100) for name, minor in OTHERS]
    with speaking("en"):
        page = sign_in(open_screen(accounts.app, LAPTOP), "anna")
        use_language(page, NAMES["en"])
        open_accounts(page, accounts.other_visit)
        view(page, _("Their book"))
        upload(page, "strangers.xlsx", workbook([(name, minor / 100) for name, minor in OURS], "CNY"))
        told = _("This looks like the book of {name}; nothing was loaded.")
        expect(says(page, told)).to_be_visible(timeout=SLOW)
        upload(page, "dollars.xlsx", workbook(lines, "USD"))
        expect(says(page, _("another currency; expected {expected}"), expected="CNY")).to_be_visible(
            timeout=SLOW
        )
        expect(button(page, "book_load")).to_have_count(0)
        assert accounts.their_amounts(accounts.other_visit) == []
        upload(page, "book.xlsx", workbook(lines, "CNY"))
        button(page, "book_load").click()
        expect(says(page, _("**Both books agree to the cent: {amount}.**"), amount="¥695.00")).to_be_visible(
            timeout=SLOW
        )
        assert accounts.their_amounts(accounts.other_visit) == [12_000, 23_000, 34_500]
        protect(page, accounts)
        expect_no_problem(page)


def cut_price(accounts: Accounts) -> None:
    """Five days ago the purchase price of what the distributor buys went from 2.50 to 2.20."""
    product = accounts.company.shelf[0]
    with writing(accounts.company.engine) as session:
        for ago, price in ((60, "2.5"), (5, "2.2")):
            session.add(
                PurchasePrice(
                    id=new_id(),
                    product_id=product,
                    from_on=day(ago),
                    price=Decimal(price),
                    tax_basis="excluded",
                )
            )
        session.add(
            SellIn(
                id=new_id(),
                distributor_id=accounts.place(accounts.other_visit),
                product_id=product,
                document="XS-101",
                on=day(30),
                quantity=Decimal(150),
                amount_minor=37_500,
            )
        )


def protect(page: Page, accounts: Accounts) -> None:
    """A price cut asks for the stock of its day, and gives the credit for it."""
    cut_price(accounts)
    view(page, _("Goods"))
    expect(says(page, _("{count} not counted on that day."), count="1")).to_be_visible(timeout=SLOW)
    field = page.get_by_label(_("Stock that day, pieces")).first
    field.fill("100")
    field.press("Enter")
    told = _("**Credit for the stock of the day of the cut: {amount}.**")
    expect(says(page, told, amount="¥30.00")).to_be_visible(timeout=SLOW)
    (count,) = accounts.stored(select(StockCount))
    assert (count.quantity, count.counted_on, count.source) == (100, day(5), "read")
