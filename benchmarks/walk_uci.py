"""Walks a whole visit in a browser on real input: a rep fills all eleven steps, the manager approves.

Run `python -m benchmarks.walk_uci` from the checkout, with requirements-dev.lock installed: it makes the company of
`benchmarks.uci_company`, loads it as `python -m data.operator load` does, and drives a Chromium of this machine,
once in English and once in Chinese, the rep on a tablet held upright, the manager on a laptop. Every screen leaves a
picture in `screenshots/uci` and a line with the seconds until it stood still. It ends with an error as soon as a
screen does not take what is entered, shows a problem, or the database does not hold it in the end.
"""

import io
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import Engine, func, select

from benchmarks.uci_company import MANAGER, REP, SOURCE, prepare, read_lines, write
from data import passwords
from data.engine import create_engine_for, reading, writing
from data.importing import load_folder
from data.migrate import upgrade
from data.tables.company import User
from data.tables.distributors import Distributor
from data.tables.orders import Order
from data.tables.records import Attachment, FieldValue
from data.tables.visits import Comment, Complaint, Objective, Promise, Visit, VisitStep
from language import NAMES, _, speaking
from language.words import word
from tests.browser import chromium
from tests.browser.conftest import FLAGS, LAPTOP, TABLET
from tests.browser.walking import (
    PASSWORD,
    choose,
    choose_row,
    expect_no_problem,
    fill,
    keyed,
    settle,
    sign_in,
    tap,
    use_language,
)
from tests.running_app import ROOT, start_app

PICTURES = ROOT / "screenshots" / "uci"
PATIENCE = 60_000
ROWS = 4
"""How many products are priced and counted, and at most ordered: the first of the shelf."""
COUNTED = ("24", "6", "0", "48")
PRICED = ("0.25", "1.35", "0.2", "0.9")
TYPED = {
    "en": ("Order the Christmas range", "The box arrived open", "A second wholesaler calls", "Good visit"),
    "zh": ("谈圣诞系列的订货", "纸箱到货时已破", "另一家批发商在跑这一带", "谈得不错"),
}
"""What the rep types: an objective, a complaint, what he learned, and everything else."""


class Walk:
    """One visit, from the plan of the day to the manager's word.

    Args:
        browser: Opens the two screens.
        url: Where the app answers.
        code: The language.
    """

    def __init__(self, browser: Browser, url: str, code: str) -> None:
        self.code = code
        self.goal, self.complaint, self.learned, self.words = TYPED[code]
        context = browser.new_context(base_url=url, locale="en-GB", **TABLET)  # type: ignore[arg-type]
        self.page = sign_in(context, REP)
        self.desk = browser.new_context(base_url=url, locale="en-GB", **LAPTOP)  # type: ignore[arg-type]
        self.visit = ""
        self.started = time.perf_counter()

    def look(self, name: str, page: Page | None = None) -> None:
        """Takes the picture, and says what time it took since the last one."""
        shown = page or self.page
        settle(shown)
        expect_no_problem(shown)
        seconds = time.perf_counter() - self.started
        shown.screenshot(path=PICTURES / f"{name}-{self.code}.png")
        print(f"  {name:18} {seconds:5.1f} s", flush=True)
        self.started = time.perf_counter()

    def make(self, number: int) -> None:
        """The whole visit to the `number`-th distributor of the plan."""
        use_language(self.page, NAMES[self.code])
        self.page.goto("/today")
        start = self.page.get_by_role("button", name=_("Start"), exact=True).nth(number)
        start.wait_for(timeout=PATIENCE)
        self.look("today")
        start.click()
        self.page.wait_for_url(re.compile("visit="), timeout=PATIENCE)
        self.visit = self.page.url.split("visit=")[1]
        self.step("prepare", self.prepare)
        self.step("prices", self.price)
        self.step("stock", self.count)
        for name in ("sales", "accounts", "service", "market", "order", "talk", "wrap_up"):
            self.step(name, getattr(self, name))
        self.submit()

    def step(self, name: str, act: Callable[[], None]) -> None:
        """Fills a step, looks at it empty and full, and goes on."""
        self.page.wait_for_url(re.compile(f"/{name.replace('_', '-')}\\?"), timeout=PATIENCE)
        expect(keyed(self.page, f"step_{name}").locator("strong")).to_be_visible(timeout=PATIENCE)
        expect(keyed(self.page, "visitbar")).to_be_visible(timeout=PATIENCE)
        self.look(f"{name}-empty")
        act()
        expect(keyed(self.page, "visitbar").get_by_text("✓").first).to_be_visible(timeout=PATIENCE)
        self.look(f"{name}-full")
        keyed(self.page, "bar_next").get_by_role("button").click(timeout=PATIENCE)

    def prepare(self) -> None:
        fill(self.page, _("What exactly"), self.goal)
        fill(self.page, _("Target"), "250")
        tap(self.page, _("Add"), exact=False)
        expect(self.page.get_by_text(self.goal).first).to_be_visible(timeout=PATIENCE)

    def on_pad(self, field: str, values: tuple[str, ...]) -> None:
        """Types a value for the first products of the shelf."""
        lines = self.page.locator('.line[data-lot=""]')
        expect(lines.first).to_be_visible(timeout=PATIENCE)
        rows = [lines.nth(number).get_attribute("data-row") for number in range(len(values))]
        for row, value in zip(rows, values, strict=True):
            self.page.locator(f'.line[data-row="{row}"][data-lot=""] [data-field="{field}"]').click()
            self.page.keyboard.type(value)
            self.page.keyboard.press("Enter")

    def price(self) -> None:
        self.on_pad("selling", PRICED)
        self.look("prices-entered")
        keyed(self.page, "bar_next").get_by_role("button").click()
        expect(self.page.get_by_text(_("Deviation from the market median"))).to_be_visible(timeout=PATIENCE)

    def count(self) -> None:
        self.on_pad("cases", COUNTED)
        self.look("stock-entered")
        keyed(self.page, "bar_next").get_by_role("button").click()
        expect(self.page.get_by_text(_("Days of supply")).first).to_be_visible(timeout=PATIENCE)

    def note(self, label: str) -> None:
        """Writes the note of a step."""
        self.page.get_by_label(label, exact=True).fill(self.words, timeout=PATIENCE)
        self.page.keyboard.press("Tab")

    def photograph(self) -> None:
        """Takes a photo, as the camera would deliver it."""
        file = io.BytesIO()
        Image.new("RGB", (640, 480), (120, 150, 90)).save(file, "JPEG")
        photo = {"name": "shelf.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
        self.page.locator(".element.photo input").first.set_input_files(photo)  # type: ignore[arg-type]
        kept = self.page.locator(".element.photo figcaption:has-text('✓'), [data-testid=stImage] img")
        expect(kept.first).to_be_visible(timeout=PATIENCE)

    def sales(self) -> None:
        self.photograph()

    def accounts(self) -> None:
        choose(self.page, "touch_accounts_view", _("Their book"))
        choose(self.page, "touch_book_way", _("Closing balance only"))
        fill(self.page, _("Balance in their book"), "310.40")
        keyed(self.page, "closing_save").get_by_role("button").click()
        settle(self.page)
        self.page.get_by_text("310.40").first.wait_for(timeout=PATIENCE)

    def in_dialog(self, opener: str, label: str, text: str, done: str) -> None:
        """Opens a dialog, types one text and keeps it."""
        tap(self.page, opener, exact=False)
        self.type(label, text)
        tap(self.page, done)
        expect(self.page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)

    def type(self, label: str, text: str) -> None:
        """Types into a dialog; leaving with the tab key would open the calendar that stands next, over the button."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label(label, exact=True).fill(text, timeout=PATIENCE)
        dialog.get_by_role("heading").last.click()
        settle(self.page)

    def service(self) -> None:
        label = _("What is wrong, in the customer's words")
        self.in_dialog(_("Record a complaint"), label, self.complaint, _("Record it"))
        self.note(_("Note on service and promotions"))
        self.photograph()

    def market(self) -> None:
        self.in_dialog(_("Add what you learned"), _("What"), self.learned, _("Keep this note"))
        tap(self.page, _("Add a prospect"), exact=False)
        self.type(_("Name"), "Mill Road Gifts")
        self.type(_("Next step"), self.words)
        tap(self.page, _("Add to my prospects"))
        expect(self.page.get_by_text("Mill Road Gifts").first).to_be_visible(timeout=PATIENCE)
        self.note(_("Note on the market"))

    def order(self) -> None:
        fields = self.page.locator('[class*="st-key-qty_"] input')
        expect(fields.first).to_be_visible(timeout=PATIENCE)
        for number in range(min(ROWS, fields.count())):
            fields.nth(number).fill(str(6 + number))
            fields.nth(number).press("Tab")
            settle(self.page)
        keyed(self.page, "order_sign").get_by_role("button").click(timeout=PATIENCE)
        self.type(_("Who signs?"), "A. Buyer")
        self.write_name()
        self.look("order-signing")
        tap(self.page, _("The order stands"), exact=False)
        expect(self.page.get_by_text(word("distributor_order.state", "signed")).first).to_be_visible(
            timeout=PATIENCE
        )

    def write_name(self) -> None:
        """Three strokes on the paper, and the button under it."""
        paper = self.page.locator(".element.signature canvas")
        box = paper.bounding_box()
        assert box is not None
        for stroke in range(3):
            left = box["x"] + box["width"] * (0.2 + 0.2 * stroke)
            self.page.mouse.move(left, box["y"] + box["height"] * 0.3)
            self.page.mouse.down()
            self.page.mouse.move(left + 60, box["y"] + box["height"] * 0.7, steps=5)
            self.page.mouse.up()
        self.page.locator(".element.signature .sign").click()
        button = self.page.get_by_role("button", name=_("The order stands"))
        expect(button).to_be_enabled(timeout=PATIENCE)

    def talk(self) -> None:
        self.in_dialog(_("Record coaching"), _("What"), self.words, _("Keep this note"))
        self.note(_("What the distributor said"))

    def wrap_up(self) -> None:
        result = self.page.locator('[class*="st-key-touch_result_"]').first
        result.get_by_text(word("objective.result", "partly"), exact=True).click()
        settle(self.page)
        self.note(_("Reason"))
        self.in_dialog(_("Add a promise"), _("What"), self.goal, _("Keep this promise in the record"))
        for label in (_("The visit in one sentence"), _("What went well"), _("What to do better")):
            self.note(label)

    def submit(self) -> None:
        self.page.wait_for_url(re.compile("/submit"), timeout=PATIENCE)
        button = self.page.get_by_role("button", name=_("Submit to the manager"))
        expect(button).to_be_enabled(timeout=PATIENCE)
        self.look("submit")
        button.click()
        expect(self.page.get_by_text(_("Back to Today")).first).to_be_visible(timeout=PATIENCE)
        self.look("submitted")

    def approve(self, distributor: str) -> None:
        """The manager reads the card, every part of it, and approves."""
        page = sign_in(self.desk, MANAGER)
        use_language(page, NAMES[self.code])
        page.goto("/review")
        choose_row(page, distributor)
        expect(page.get_by_role("heading", name=distributor)).to_be_visible(timeout=PATIENCE)
        self.started = time.perf_counter()
        self.look("review", page)
        for number, tab in enumerate(page.get_by_role("tab").all()):
            tab.click()
            self.look(f"review-tab-{number}", page)
        fill(page, _("Comment, seen by the rep, never edited"), self.words)
        tap(page, _("Approve"))
        expect(page.get_by_text(_("Nothing to review."))).to_be_visible(timeout=PATIENCE)
        self.look("review-done", page)
        for path in ("region", "visit-log", "orders"):
            page.goto(f"/{path}")
            expect(page.get_by_test_id("stMainBlockContainer").locator("h3").first).to_be_visible(
                timeout=PATIENCE
            )
            self.look(path, page)


def load_company(folder: Path) -> str:
    """The company of real data in a new database; everybody's password is the demo's."""
    url = f"sqlite:///{folder / 'uci.sqlite'}"
    engine = create_engine_for(url)
    upgrade(engine)
    today = datetime.now(ZoneInfo("Europe/London")).date()
    write(prepare(read_lines(SOURCE), today), folder / "company")
    report = load_folder(engine, folder / "company", datetime.now(UTC))
    assert not report.problems, report.problems[0]
    with writing(engine) as session:
        for user in session.scalars(select(User)):
            user.password_hash = passwords.hashed(PASSWORD)
    engine.dispose()
    return url


def name_of_place(engine: Engine, visit: str) -> str:
    with reading(engine) as session:
        return session.get_one(Distributor, session.get_one(Visit, visit).distributor_id).name


def check(engine: Engine, visit: str) -> None:
    """The database holds what was entered: nothing less, and the visit is approved."""
    with reading(engine) as session:
        assert session.get_one(Visit, visit).state == "approved"
        states = set(session.scalars(select(VisitStep.state).where(VisitStep.visit_id == visit)))
        assert states == {"done"}, states
        least = {
            FieldValue: 2 * ROWS,
            Attachment: 3,
            Objective: 1,
            Promise: 1,
            Complaint: 1,
            Comment: 1,
            Order: 1,
        }
        for table, count in least.items():
            found = session.scalar(select(func.count()).select_from(table).where(table.visit_id == visit))
            assert (found or 0) >= count, f"{table.__tablename__}: {found} of {count}"


def main() -> None:
    """Makes the company, and the two visits."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    codes = sys.argv[1:] or list(NAMES)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with tempfile.TemporaryDirectory(prefix="fieldvisit-walk-") as made, sync_playwright() as playwright:
        app = start_app(load_company(Path(made)), Path(made))
        browser = playwright.chromium.launch(executable_path=chromium.find(), headless=True, args=flags)
        engine = create_engine_for(app.database_url)
        try:
            for number, code in enumerate(codes):
                print(f"{NAMES[code]}:")
                with speaking(code):
                    walk = Walk(browser, app.url, code)
                    walk.make(number)
                    walk.approve(name_of_place(engine, walk.visit))
                check(engine, walk.visit)
        except Exception:
            print("\n".join(line for line in app.log.read_text().splitlines() if '"ERROR"' in line))
            raise
        finally:
            browser.close()
            app.stop()
    print(f"Approved in {len(codes)} languages; pictures in {PICTURES.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
