"""The order screen in a real browser: what is touched is totalled, explained, split, signed and handed out."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete, select

from data.engine import create_engine_for, reading, writing
from data.identifiers import new_id
from data.order_records import order_id
from data.tables.company import User
from data.tables.dealings import StockCount
from data.tables.orders import Order, OrderLine
from data.tables.products import Product
from data.tables.visits import Visit
from language import NAMES, _, speaking
from language.formats import units
from tests import builders
from tests.browser.conftest import LAPTOP, TABLET, OpenScreen, StartServer
from tests.browser.walking import expect_no_problem, keyed, settle, sign_in, tap, use_language
from tests.running_app import RunningApp
from ui.elements.texts import signature_texts
from ui.order_rows import PER_PAGE

GAP = "Must-sell tea"
PATIENCE = 30_000
NUMBER = re.compile(r"[\d,]+")


@dataclass(frozen=True)
class Walk:
    """The rep's page on the order of a visit, and the database behind it."""

    app: RunningApp
    page: Page
    visit_id: str

    @property
    def quantities(self) -> Locator:
        return self.page.locator('[class*="st-key-qty_"]')

    @property
    def bar(self) -> Locator:
        return keyed(self.page, "visitbar")

    def total(self) -> int:
        """Cases in all, as the bar says."""
        found = NUMBER.search(self.bar.inner_text())
        assert found is not None
        return int(found[0].replace(",", ""))

    def expect_total(self, cases: int) -> None:
        expect(self.bar).to_contain_text(units(cases, "case"), timeout=PATIENCE)

    def order(self, part: int = 1) -> tuple[str, dict[str, tuple[int, str]]]:
        """The state of an order, and cases and reason by product, of what is ordered."""
        with reading(create_engine_for(self.app.database_url)) as session:
            lines = session.scalars(
                select(OrderLine).where(OrderLine.order_id == order_id(self.visit_id, part))
            )
            ordered = {
                line.product_id: (int(line.quantity / line.pack_size), line.reason)
                for line in lines
                if line.quantity
            }
            return session.get_one(Order, order_id(self.visit_id, part)).state, ordered


def empty_warehouse(database_url: str) -> str:
    """Nothing is left at the distributor whom the demo's rep visits, and one must-sell product is not there at all.

    So the order is long whatever the day.
    """
    with writing(create_engine_for(database_url)) as session:
        visit = session.scalars(
            select(Visit)
            .join(User, User.id == Visit.rep_id)
            .where(User.account == "limin", Visit.state == "draft")
        ).one()
        session.execute(delete(StockCount).where(StockCount.distributor_id == visit.distributor_id))
        own = session.scalars(select(Product).where(Product.is_own)).all()
        session.add_all(
            StockCount(
                id=new_id(),
                distributor_id=visit.distributor_id,
                product_id=product.id,
                visit_id=visit.id,
                counted_on=visit.planned_on,
                quantity=0,
                pack_size=product.pack_size,
                source="counted",
                counted_at=datetime.now(UTC),
            )
            for product in own
        )
        builders.product(session, "GAP", name=GAP, name_en=GAP, must_sell=True)
        return str(visit.id)


@pytest.fixture
def walk(
    demo_database: Path, tmp_path: Path, start_server: StartServer, open_screen: OpenScreen
) -> Callable[[str, dict[str, object]], Walk]:
    """Opens the order as the rep sees it: `walk(language, size)`."""

    def begin(code: str, size: dict[str, object]) -> Walk:
        shutil.copyfile(demo_database, tmp_path / "demo.sqlite")
        url = f"sqlite:///{tmp_path / 'demo.sqlite'}"
        visit_id = empty_warehouse(url)
        app = start_server(url)
        page = sign_in(open_screen(app, size), "limin")
        use_language(page, NAMES[code])
        page.goto(f"/order?visit={visit_id}")
        found = Walk(app, page, visit_id)
        expect(found.quantities).to_have_count(PER_PAGE, timeout=PATIENCE)
        settle(page)
        return found

    return begin


def test_a_line_is_changed_explained_and_reasoned_and_a_gap_is_added(
    walk: Callable[[str, dict[str, object]], Walk],
) -> None:
    with speaking("zh"):
        here = walk("zh", TABLET)
        page, before = here.page, here.total()
        first = here.quantities.first
        product = (first.get_attribute("class") or "").split("st-key-qty_")[1].split("_")[0]
        # The second tap comes while the answer to the first is still drawn.
        first.get_by_test_id("stNumberInputStepUp").dblclick()
        here.expect_total(before + 2)
        suggested = here.order()[1][product][0] - 2
        first.get_by_test_id("stNumberInputStepDown").click()
        here.expect_total(before + 1)

        typed = 2 * suggested + 7
        field = first.get_by_role("spinbutton")
        field.fill(str(typed))
        field.press("Tab")
        here.expect_total(before + typed - suggested)
        settle(page)
        keyed(page, f"touch_why_changed_{product}").get_by_text(_("Promotion"), exact=True).click()
        expect(page.get_by_text(_("You changed {count} line.").format(count=1))).to_be_visible(
            timeout=PATIENCE
        )
        settle(page)
        assert here.order()[1][product] == (typed, "promotion")

        keyed(page, f"why_{product}").get_by_role("button").click()
        chart = page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first
        expect(chart).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("Escape")
        settle(page)

        pages = keyed(page, "touch_order_page_suggested")
        pages.get_by_role("button", name="Page 2", exact=True).click()
        expect(keyed(page, f"why_{product}")).to_have_count(0, timeout=PATIENCE)
        settle(page)

        keyed(page, "touch_order_view").get_by_text(_("Must-sell gaps")).click()
        row = page.get_by_label(_("{product}, cases").format(product=GAP))
        expect(row).to_have_value("0", timeout=PATIENCE)
        settle(page)
        row.fill("2")
        row.press("Tab")
        here.expect_total(before + typed - suggested + 2)
        expect_no_problem(page)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_an_order_above_the_credit_is_split_signed_and_handed_out(
    walk: Callable[[str, dict[str, object]], Walk],
) -> None:
    with speaking("en"):
        here = walk("en", LAPTOP)
        page, before = here.page, here.total()
        field = here.quantities.first.get_by_role("spinbutton")
        asked = int(field.input_value()) + 9_000
        field.fill(str(asked))
        field.press("Tab")
        here.expect_total(before + 9_000)
        settle(page)
        tap(page, "Split into two orders", exact=False)
        expect(page.get_by_text("Second order, waits for credit")).to_be_visible(timeout=PATIENCE)
        first, second = here.order()[1], here.order(2)[1]
        cases = sum(cases for cases, _reason in (*first.values(), *second.values()))
        assert cases == before + 9_000
        settle(page)

        tap(page, "Customer signs", exact=False)
        sign(page)
        expect(page.get_by_text("signed by Wang")).to_be_visible(timeout=PATIENCE)
        assert here.order()[0] == "signed"
        assert {kind: handed_out(page, kind) for kind in ("PDF in Chinese", "XLSX")} == {
            "PDF in Chinese": b"%PDF",
            "XLSX": b"PK\x03\x04",
        }
        told = json.loads(handed_out(page, "JSON for a program", whole=True))
        assert len(told["lines"]) == len(first)
        expect_no_problem(page)


def sign(page: Page) -> None:
    """Writes a name and draws a line on the paper."""
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_label("Who signs?")
    name.fill("Wang")
    name.press("Tab")
    settle(page)
    paper = dialog.locator("canvas")
    box = paper.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 70, steps=4)
    page.mouse.up()
    dialog.get_by_role("button", name=signature_texts()["sign"], exact=True).click()
    stands = dialog.get_by_role("button", name="The order stands")
    expect(stands).to_be_enabled(timeout=PATIENCE)
    settle(page)
    stands.click()


def handed_out(page: Page, kind: str, *, whole: bool = False) -> bytes:
    """The file of an order, or how it begins."""
    button = page.get_by_role("button", name=kind)
    if not button.is_visible():
        page.get_by_role("button", name="Files").first.click()
    with page.expect_download(timeout=PATIENCE) as waiting:
        button.click()
    content = Path(waiting.value.path()).read_bytes()
    return content if whole else content[:4]
