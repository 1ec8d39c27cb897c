"""The main job in a real browser: a rep makes a visit, the manager returns it, it is mended and approved."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.engine import create_engine_for, reading
from data.tables.distributors import Distributor
from data.tables.visits import Comment, Objective, Promise, Visit
from language import NAMES, _, speaking
from language.words import word
from tests.browser.conftest import LAPTOP, TABLET, OpenScreen, StartServer
from tests.browser.walking import (
    choose_row,
    expect_no_problem,
    fill,
    keyed,
    settle,
    sign_in,
    tap,
    use_language,
)
from tests.running_app import RunningApp


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_visit_from_start_on_the_tablet_to_approval_at_the_desk(
    code: str,
    demo_database: Path,
    tmp_path: Path,
    start_server: StartServer,
    open_screen: OpenScreen,
) -> None:
    shutil.copyfile(demo_database, tmp_path / "demo.sqlite")
    app = start_server(f"sqlite:///{tmp_path / 'demo.sqlite'}")
    with speaking(code):
        rep = sign_in(open_screen(app, TABLET), "limin")
        use_language(rep, NAMES[code])
        visit_id = start_last_planned(rep)
        prepare(rep)
        wrap_up(rep, visit_id)
        submit(rep, visit_id)

        manager = sign_in(open_screen(app, LAPTOP), "zhoulan")
        use_language(manager, NAMES[code])
        name = distributor_of(app, visit_id, code)
        decide(manager, name, _("Return"), "竞品价格没有写")
        rep.goto(f"/submit?visit={visit_id}")
        settle(rep)
        expect(rep.get_by_text("竞品价格没有写").first).to_be_visible()
        tap(rep, _("Submit to the manager"), exact=False)
        decide(manager, name, _("Approve"), "好，价格继续盯")
    with reading(create_engine_for(app.database_url)) as session:
        visit = session.get_one(Visit, visit_id)
        assert visit.state == "approved"
        assert visit.summary == "货补齐了，价格还要盯"
        kinds = [row.kind for row in session.query(Comment).filter_by(visit_id=visit_id).order_by(Comment.id)]
        assert kinds == ["return", "approve"]
        assert session.query(Promise).filter_by(visit_id=visit_id).count() == 1
        assert "下月陈列合同" in [row.text for row in session.query(Objective).filter_by(visit_id=visit_id)]


def start_last_planned(page: Page) -> str:
    page.goto("/")
    settle(page)
    page.get_by_role("button", name=_("Start"), exact=True).last.click()
    page.wait_for_url(re.compile(r"visit="))
    settle(page)
    expect_no_problem(page)
    return page.url.split("visit=")[1]


def prepare(page: Page) -> None:
    fill(page, _("What exactly"), "下月陈列合同")
    tap(page, _("Add"), exact=False)
    expect(page.get_by_text("下月陈列合同").first).to_be_visible()
    expect_no_problem(page)


def wrap_up(page: Page, visit_id: str) -> None:
    page.goto(f"/wrap-up?visit={visit_id}")
    settle(page)
    result = page.locator('[class*="st-key-touch_result_"]').last
    result.get_by_text(word("objective.result", "missed"), exact=True).click()
    settle(page)
    tap(page, _("Add a promise"), exact=False)
    fill(page, _("What"), "补 2 个陈列架")
    tap(page, _("Keep this promise in the record"))
    expect(page.get_by_text("补 2 个陈列架").first).to_be_visible()
    page.get_by_label(_("The visit in one sentence"), exact=True).fill("货补齐了，价格还要盯")
    page.keyboard.press("Tab")
    expect(keyed(page, "visitbar").get_by_text(re.compile("✓"))).to_be_visible()
    settle(page)
    expect_no_problem(page)


def submit(page: Page, visit_id: str) -> None:
    tap(page, _("Check and submit"), exact=False)
    reason = page.get_by_label(_("Why is the visit submitted without these steps?"), exact=True)
    reason.fill("老板赶时间")
    reason.press("Tab")
    settle(page)
    button = page.get_by_role("button", name=_("Submit to the manager"))
    expect(button).to_be_enabled(timeout=15_000)
    tap(page, _("Submit to the manager"), exact=False)
    expect(page.get_by_text(_("Back to Today")).first).to_be_visible()
    expect_no_problem(page)


def decide(page: Page, distributor: tuple[str, str], button: str, words: str) -> None:
    page.goto("/")
    settle(page)
    short, whole = distributor
    choose_row(page, short)
    expect(page.get_by_role("heading", name=whole)).to_be_visible()
    fill(page, _("Comment, seen by the rep, never edited"), words)
    tap(page, button)
    expect_no_problem(page)


def distributor_of(app: RunningApp, visit_id: str, code: str) -> tuple[str, str]:
    """The short name, as the queue shows it, and the whole one, as the card does."""
    with reading(create_engine_for(app.database_url)) as session:
        found = session.get_one(Distributor, session.get_one(Visit, visit_id).distributor_id)
    return (found.short_name_en, found.name_en) if code == "en" else (found.short_name, found.name)
