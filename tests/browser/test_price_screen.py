"""The price screen in a real browser: a price typed on the pad is stored, compared and drawn."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from data.engine import create_engine_for, reading
from data.tables.company import User
from data.tables.records import FieldValue
from data.tables.visits import Visit
from language import NAMES, _, speaking
from tests.browser.conftest import LAPTOP, TABLET, OpenScreen, StartServer
from tests.browser.walking import expect_no_problem, keyed, settle, sign_in, tap, use_language
from tests.running_app import RunningApp


def draft_visit(app: RunningApp) -> str:
    """The visit that the demo's rep has begun and not finished."""
    with reading(create_engine_for(app.database_url)) as session:
        found = session.scalar(
            select(Visit.id)
            .join(User, User.id == Visit.rep_id)
            .where(User.account == "limin", Visit.state == "draft", Visit.planned_on > date(2000, 1, 1))
        )
    assert found is not None
    return found


def prices_entered(app: RunningApp, visit_id: str) -> set[tuple[str, ...]]:
    """Product, field, value, unit and source of every price of a visit."""
    columns = (FieldValue.row, FieldValue.field, FieldValue.value, FieldValue.unit, FieldValue.source)
    query = select(*columns).where(
        FieldValue.visit_id == visit_id, FieldValue.field.in_(["selling", "retail"])
    )
    with reading(create_engine_for(app.database_url)) as session:
        return {tuple(row) for row in session.execute(query)}


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.parametrize(("code", "size"), [("zh", TABLET), ("en", LAPTOP)])
def test_a_price_typed_on_the_pad_is_stored_and_compared(
    code: str,
    size: dict[str, object],
    demo_database: Path,
    tmp_path: Path,
    start_server: StartServer,
    open_screen: OpenScreen,
) -> None:
    shutil.copyfile(demo_database, tmp_path / "demo.sqlite")
    app = start_server(f"sqlite:///{tmp_path / 'demo.sqlite'}")
    visit_id = draft_visit(app)
    before = prices_entered(app, visit_id)
    count = len({row for row, *_rest in before})
    with speaking(code):
        page = sign_in(open_screen(app, size), "limin")
        use_language(page, NAMES[code])
        page.goto(f"/prices?visit={visit_id}")
        settle(page)
        # The pad is ready for keys once it has opened the first product without a price.
        expect(page.locator("#open")).to_be_attached(timeout=20_000)
        page.get_by_role("grid", name=_("Prices")).focus()
        for key in ("2", "0", "Enter", "1", "Enter"):
            page.keyboard.press(key)
        view = keyed(page, "touch_prices_view").get_by_text(f"{_('Enter')} {count + 1}/")
        expect(view).to_be_visible(timeout=20_000)
        new = {tuple(facts) for _row, *facts in prices_entered(app, visit_id) - before}
        assert new == {("selling", "20", "case", "read"), ("retail", "1", "piece", "read")}
        tap(page, _("See the comparison"), exact=False)
        chart = page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first
        expect(chart).to_be_visible(timeout=20_000)
        expect_no_problem(page)
        assert not is_too_wide(page)
