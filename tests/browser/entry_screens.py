"""The five ways to enter something, each on its screen: `enter` a value, look what is `shown` and `stored`."""

import io
import re
from abc import ABC, abstractmethod
from itertools import count
from typing import Any

from PIL import Image
from playwright.sync_api import Error as LoadedAgain
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.small_company import ISSUED, SmallCompany
from tests.browser.walking import settle

PATIENCE = 60_000
MISSING = re.compile(r"([\d,]+) missing")
NUMBER = re.compile(r"\d+(\.\d+)?")
DISABLED_BY = 3_000
WAITING = """() => {
    const queue = globalThis[Symbol.for('fieldvisit.queue')];
    return queue?.isRead ? queue.state().waiting : null;
}"""


class EntryScreen(ABC):
    """A screen of a visit on a tablet.

    Args:
        page: A page of a signed-in browser.
        company: Whose database is looked into.
        visit: The visit's id.
    """

    name = ""
    path = ""
    ready = ""

    def __init__(self, page: Page, company: SmallCompany, visit: str) -> None:
        self.page, self.company, self.visit = page, company, visit
        self.numbers = count(1)
        self.entered = 0
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self) -> None:
        """Opens the screen, again after a reload, and waits until it can be used."""
        self.page.goto(f"/{self.path}?visit={self.visit}", timeout=PATIENCE)
        self.page.locator(self.ready).first.wait_for(timeout=PATIENCE)
        settle(self.page)

    def enter(self) -> None:
        """Enters one more value, on the next field in turn."""
        self.put(next(self.numbers))
        self.entered += 1

    @abstractmethod
    def put(self, number: int) -> None:
        """Enters a value that no other entry has."""

    @abstractmethod
    def shown(self) -> dict[str, Any]:
        """What the screen shows as entered, by field."""

    @abstractmethod
    def stored(self) -> dict[str, Any]:
        """What the database has, by field."""

    def untaken(self) -> int:
        """Values that stand in a field while the screen says that they are not recorded."""
        return 0

    def waiting(self) -> int | None:
        """What this tablet's queue still holds; `None` while the page loads itself again."""
        try:
            waiting: int | None = self.page.evaluate(WAITING)
        except LoadedAgain as problem:
            if "Execution context was destroyed" not in problem.message:
                raise
            return None
        return waiting

    def says(self) -> str:
        """What the bar says about the queue."""
        return self.page.locator(".st-key-visitbar .queue").inner_text()


class Pad(EntryScreen):
    """A value on the pad: type, Enter, next product."""

    ready = "#open"
    field = ""

    def cell(self, row: str, lot: str = "", field: str = "") -> Locator:
        """A cell of the list."""
        where = f'.line[data-row="{row}"][data-lot="{lot}"] [data-field="{field or self.field}"]'
        return self.page.locator(where).first

    def type(self, row: str, text: str, *, enter: bool = True) -> None:
        """Taps the product's cell and types."""
        self.cell(row).click(timeout=PATIENCE)
        self.page.keyboard.type(text)
        if enter:
            self.page.keyboard.press("Enter")

    def text(self, number: int) -> str:
        """A number that no other entry has."""
        return str(100 + number)

    def put(self, number: int) -> None:
        self.type(self.company.shelf[number % len(self.company.shelf)], self.text(number))

    def shown(self) -> dict[str, Any]:
        """What stands in the products' own lines: of one that keeps lots, their sum."""
        lines = self.page.locator('.line[data-lot=""]')
        told = lines.evaluate_all(
            "(lines, field) => lines.map(line => [line.dataset.row,"
            " line.querySelector(`[data-field=${field}]`)?.textContent ?? ''])",
            self.field,
        )
        # An unfolded product has a second line without a lot, for what has no date.
        first = {row: NUMBER.search(text) for row, text in reversed(told)}
        return {row: float(found[0]) for row, found in first.items() if found}

    def stored(self) -> dict[str, Any]:
        stored: dict[str, float] = {}
        for (row, _lot, name), value in self.company.current(self.visit).items():
            if name == self.field and value:
                stored[row] = stored.get(row, 0) + float(value)
        return stored


class Counting(Pad):
    """Stock: cases."""

    name, path, field = "counting", "stock", "cases"


class Pricing(Pad):
    """Prices: what the distributor sells for."""

    name, path, field = "pricing", "prices", "selling"

    def text(self, number: int) -> str:
        return f"{30 + number}.5"


class Writing(EntryScreen):
    """Wrap-up: three texts."""

    name, path = "writing a note", "wrap-up"
    ready = ".st-key-text_visit_improve textarea"
    fields = ("summary", "strengths", "improve")

    def area(self, field: str) -> Locator:
        """The text area of a field."""
        return self.page.locator(f".st-key-text_visit_{field} textarea")

    def put(self, number: int) -> None:
        area = self.area(self.fields[number % len(self.fields)])
        area.click(timeout=PATIENCE)
        area.press("Control+A")
        area.press_sequentially(f"Note {number}: 货架空")

    def shown(self) -> dict[str, Any]:
        values = {field: self.area(field).input_value() for field in self.fields}
        return {field: value for field, value in values.items() if value}

    def stored(self) -> dict[str, Any]:
        return {field: value for (_row, _lot, field), value in self.company.current(self.visit).items()}


class Saying(EntryScreen):
    """Words that a button beside them makes a record of."""

    row = ""
    button = ""

    def area(self) -> Locator:
        """The text area."""
        return self.page.locator(self.ready)

    def text(self, number: int) -> str:
        """Words that no other entry has."""
        return f"Words {number}: 两个货架"

    def put(self, number: int) -> None:
        area = self.area()
        area.click(timeout=PATIENCE)
        area.press("Control+A")
        area.press_sequentially(self.text(number))

    def shown(self) -> dict[str, Any]:
        # Asked at once: a dialog may close between two questions.
        value = "".join(self.area().evaluate_all("areas => areas.map((area) => area.value)"))
        return {"words": value} if value else {}

    def stored(self) -> dict[str, Any]:
        current = self.company.current(self.visit).items()
        return {field: value for (row, _lot, field), value in current if row == self.row and value}

    def keep(self) -> None:
        """Makes the record."""
        button = self.page.locator(f".st-key-{self.button} button")
        expect(button).to_be_enabled(timeout=PATIENCE)
        button.click()


class Promising(Saying):
    """Wrap-up: a promise in its dialog."""

    name, path, row, button = "a promise", "wrap-up", "promise", "promise_save"
    ready = '[class*="st-key-text_promise_words"] textarea'

    def open(self) -> None:
        self.page.goto(f"/{self.path}?visit={self.visit}", timeout=PATIENCE)
        opener = self.page.locator(".st-key-add_promise button:enabled")
        opener.click(timeout=PATIENCE)
        self.area().wait_for(timeout=PATIENCE)
        settle(self.page)


class Commenting(Saying):
    """Review: the manager's comment on the visit that was submitted last."""

    name, path, row, button = "a comment", "review", "comment", "comment"
    ready = '[class*="st-key-text_comment_words"] textarea'

    def says(self) -> str:
        return self.page.locator('[class*="st-key-text_comment_words"] .queue').inner_text()


class Photographing(EntryScreen):
    """Service: photos, each of another colour."""

    name, path, ready = "taking a photo", "service", ".element.photo input"

    def put(self, number: int) -> None:
        file = io.BytesIO()
        Image.new("RGB", (320, 240), (number * 37 % 256, number * 91 % 256, 128)).save(file, "JPEG")
        photo = {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
        self.page.locator(".element.photo input").set_input_files(photo)  # type: ignore[arg-type]
        expect(self.page.locator(".element.photo .problem")).to_be_empty()

    def shown(self) -> dict[str, Any]:
        """As many photos as stand in the element or come out of the database."""
        figures = self.page.locator(".element.photo figure").count()
        pictures = self.page.get_by_test_id("stImage").count()
        return {str(number): True for number in range(figures + pictures)}

    def stored(self) -> dict[str, Any]:
        return {str(number): True for number in range(len(set(self.company.photos(self.visit))))}


class Native(EntryScreen):
    """Service: a number input of Streamlit's own, saved on change."""

    name, path, ready = "a native number", "service", '[class*="st-key-qty_passed_"] input:enabled'

    def field(self, number: int) -> Locator:
        """One of the number inputs."""
        fields = self.page.locator('[class*="st-key-qty_passed_"] input')
        return fields.nth(number % len(self.company.passed_on_by_good(self.visit)))

    def enter(self) -> None:
        """Types a figure and leaves the field; without a connection Streamlit lets nobody type."""
        try:
            self.put(next(self.numbers))
        except NotInTime:
            # Closed, or not even drawn: either way nobody takes it for entered.
            assert self.page.locator(self.ready).count() == 0
        else:
            self.entered += 1

    def put(self, number: int) -> None:
        """Types a figure into the next field and leaves it."""
        field = self.field(number)
        field.fill(str(1000 + number), timeout=DISABLED_BY)
        field.press("Tab", timeout=DISABLED_BY)

    def shown(self) -> dict[str, Any]:
        """What each row says is recorded, beside its field: the pieces missing, or that it is not checked."""
        found = {}
        for number, good in enumerate(self.company.passed_on_by_good(self.visit)):
            missing = MISSING.search(self.row(number).inner_text())
            if missing:
                found[good] = ISSUED - int(missing[1].replace(",", ""))
        return found

    def untaken(self) -> int:
        """Figures that stand in a field while its row says that they are not recorded."""
        said = self.shown()
        goods = enumerate(self.company.passed_on_by_good(self.visit))
        typed = {good: self.field(number).input_value() for number, good in goods}
        return sum(bool(text) and said.get(good) != int(text) for good, text in typed.items())

    def row(self, number: int) -> Locator:
        """The row of one of the number inputs."""
        fields = self.page.locator('[class*="st-key-qty_passed_"]')
        return self.page.locator('[data-testid="stHorizontalBlock"]', has=fields).nth(number)

    def stored(self) -> dict[str, Any]:
        return {
            good: value
            for good, value in self.company.passed_on_by_good(self.visit).items()
            if value is not None
        }


SCREENS: tuple[type[EntryScreen], ...] = (Counting, Pricing, Writing, Photographing, Native)
