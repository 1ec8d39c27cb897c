"""Every page by its address on a server that has served nobody: first the sign-in alone, then the page."""

import ast
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from data.engine import create_engine_for, reading
from data.tables.company import User
from data.tables.visits import Visit
from language import _, speaking
from tests.browser.addresses import PAGES, STEPS, url_paths
from tests.browser.conftest import TABLET, OpenScreen, StartServer
from tests.browser.screen_checks import look, wait_until_drawn
from tests.browser.walking import PASSWORD, expect_no_problem, sign_in
from tests.running_app import RunningApp

LEADS_ON = "home"
"""The default page, to which Streamlit gives no address of its own: `/` leads through it to the first page."""

NOBODYS = "asked"
"""The page that says that there is none stands at whatever was asked for."""


def test_every_address_is_a_literal_and_somebodys() -> None:
    found = url_paths()
    assert [ast.unparse(value) for value in found if not isinstance(value, ast.Constant)] == [NOBODYS]
    assert {value.value for value in found if isinstance(value, ast.Constant)} == {
        LEADS_ON,
        *(path for paths in PAGES.values() for path in paths),
    }


@pytest.mark.parametrize("account", PAGES)
def test_each_page_opens_by_its_address_after_signing_in_and_not_before(
    account: str, demo_database: Path, tmp_path: Path, start_server: StartServer, open_screen: OpenScreen
) -> None:
    shutil.copyfile(demo_database, tmp_path / "demo.sqlite")
    app = start_server(f"sqlite:///{tmp_path / 'demo.sqlite'}")
    visit_id = begun_visit(app)
    addresses = [f"/{path}?visit={visit_id}" if path in STEPS else f"/{path}" for path in PAGES[account]]
    screen = open_screen(app, TABLET)
    look(screen)
    for address in addresses:
        assert_sign_in_alone(screen, address)
    page = screen.new_page()
    # The last page of the list, the first that this server ever draws.
    page.goto(addresses[-1])
    page.fill("input[name=account]", account)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    for address in (addresses[-1], *addresses[:-1]):
        if address != addresses[-1]:
            page.goto(address)
        assert_page_with_content(page, address)


def begun_visit(app: RunningApp) -> str:
    with reading(create_engine_for(app.database_url)) as session:
        query = select(Visit.id).join(User, User.id == Visit.rep_id)
        begun = query.where(
            User.account == "limin", Visit.state == "draft", Visit.planned_on > date(2000, 1, 1)
        )
        return session.scalars(begun).one()


def assert_sign_in_alone(screen: BrowserContext, address: str) -> None:
    """The answer holds the form and nothing of Streamlit: no element, no script, no word of the page."""
    answer = screen.request.get(address, headers={"accept": "text/html", "sec-fetch-mode": "navigate"})
    assert re.search(r"/sign-in(\?|$)", answer.url), address
    text = answer.text()
    assert 'name="password"' in text
    assert not re.search(r"streamlit|stApp|<script[^>]+src=", text, re.IGNORECASE), address


def assert_page_with_content(page: Page, address: str) -> None:
    wait_until_drawn(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect_no_problem(page)
    assert page.url.endswith(address), f"{address} led to {page.url}"
    words = page.get_by_test_id("stMain").inner_text()
    assert len(words.split()) > 1, f"{address} shows only: {words}"


@pytest.mark.parametrize("address", ["/today", "/no-such-page"])
def test_an_address_that_is_nobodys_or_anothers_says_so_in_the_users_language(
    address: str, server: RunningApp, open_screen: OpenScreen
) -> None:
    page = sign_in(open_screen(server, TABLET), "zhoulan")
    page.goto(address)
    with speaking("zh"):
        expect(page.get_by_text(_("This page is not yours, or it does not exist."))).to_be_visible(
            timeout=20_000
        )
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("button", name=_("To my first page")).click()
    page.wait_for_url("**/review")
