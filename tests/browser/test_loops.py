"""Two visits one after the other: what the first leaves open stands in the next Prepare until it is done.

And what else happens to a visit: a step skipped, another tablet, a mistaken visit, one that nobody planned.
"""

import re

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from data.engine import create_engine_for, reading
from data.tables.company import User
from data.tables.distributors import Distributor
from data.tables.visits import Directive, Objective, Promise, Visit, VisitStep
from language import NAMES, _, speaking
from language.words import word
from tests.browser.conftest import LAPTOP, TABLET, OpenScreen
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

PATIENCE = 20_000
OBJECTIVE, PROMISE, DIRECTIVE = "Contract for the tea shelf", "Two racks by Friday", "Oolong back to policy"
COMMENT = "Say what the competitors charge"


def planned_visit(app: RunningApp, short: str, *, was_planned: bool = True) -> str:
    """The id of Li Min's next visit to a distributor, one of the plan or one that he added himself."""
    with reading(create_engine_for(app.database_url)) as session:
        query = (
            select(Visit.id)
            .join(Distributor, Distributor.id == Visit.distributor_id)
            .join(User, User.id == Visit.rep_id)
            .where(User.account == "limin", Distributor.short_name_en == short)
            .where(Visit.state == "planned", Visit.is_planned.is_(was_planned))
        )
        found = session.scalars(query.order_by(Visit.planned_on)).first()
    assert found is not None
    return found


def in_english(page: Page) -> Page:
    use_language(page, NAMES["en"])
    return page


def start(page: Page, visit_id: str) -> None:
    """Starts a visit, or goes on with it, from Today."""
    page.goto("/today")
    keyed(page, f"start_{visit_id}").get_by_role("button").click(timeout=PATIENCE)
    page.wait_for_url(re.compile(visit_id))
    settle(page)


def step_button(page: Page, step: str) -> Locator:
    return keyed(page, f"step_{step}").get_by_role("button")


def submit_incomplete(page: Page, visit_id: str) -> None:
    page.goto(f"/submit?visit={visit_id}")
    reason = page.get_by_label(_("Why is the visit submitted without these steps?"), exact=True)
    reason.fill("The owner had to leave", timeout=PATIENCE)
    reason.press("Tab")
    button = page.get_by_role("button", name=_("Submit to the manager"))
    expect(button).to_be_enabled(timeout=PATIENCE)
    button.click()
    expect(page.get_by_text(_("Back to Today")).first).to_be_visible(timeout=PATIENCE)
    expect_no_problem(page)


def add_unplanned(page: Page, distributor: str) -> None:
    page.goto("/today")
    tap(page, _("Unplanned visit"), exact=False)
    field = page.get_by_role("dialog").get_by_role("combobox")
    field.fill(distributor)
    page.get_by_role("option", name=distributor).first.click(timeout=PATIENCE)
    settle(page)
    page.get_by_role("dialog").get_by_role("button", name=_("Add to today")).click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    settle(page)


def open_card(page: Page, distributor: str) -> None:
    page.goto("/review")
    settle(page)
    choose_row(page, distributor)


def decide(page: Page, distributor: str, button: str, words: str) -> None:
    open_card(page, distributor)
    fill(page, _("Comment, seen by the rep, never edited"), words)
    tap(page, button)
    expect_no_problem(page)


def test_what_a_visit_leaves_open_stands_in_the_next_until_it_is_done(
    server: RunningApp, open_screen: OpenScreen
) -> None:
    place = "Shui'an Groceries"
    with speaking("en"):
        rep = in_english(sign_in(open_screen(server, TABLET), "limin"))
        manager = in_english(sign_in(open_screen(server, LAPTOP), "zhoulan"))
        first = planned_visit(server, place)

        start(rep, first)
        fill(rep, _("What exactly"), OBJECTIVE)
        tap(rep, _("Add"), exact=False)
        rep.goto(f"/wrap-up?visit={first}")
        miss_last_objective(rep)
        promise(rep, PROMISE)
        submit_incomplete(rep, first)

        open_card(manager, place)
        direct(manager, DIRECTIVE)
        decide(manager, place, _("Return"), COMMENT)

        rep.goto("/today")
        expect(rep.get_by_test_id("stAlert").filter(has_text=COMMENT)).to_be_visible(timeout=PATIENCE)
        keyed(rep, f"mend_{first}").get_by_role("button").click()
        rep.wait_for_url(re.compile(first))
        settle(rep)
        step_button(rep, "submit").click()
        expect(rep.get_by_text(COMMENT)).to_be_visible(timeout=PATIENCE)
        rep.get_by_role("button", name=_("Submit to the manager")).click(timeout=PATIENCE)
        expect(rep.get_by_text(_("Back to Today")).first).to_be_visible(timeout=PATIENCE)
        decide(manager, place, _("Approve"), "Good")

        add_unplanned(rep, place)
        second = planned_visit(server, place, was_planned=False)
        start(rep, second)
        for words in (DIRECTIVE, PROMISE, OBJECTIVE):
            expect(rep.get_by_text(words).first).to_be_visible()
        close_all(server, rep, first)
        rep.reload()
        expect(rep.get_by_text(_("taken over")).first).to_be_visible(timeout=PATIENCE)
        expect(chosen_in(rep, promise_key(server, first))).to_have_text("Kept")
        submit_incomplete(rep, second)

        add_unplanned(rep, place)
        start(rep, planned_visit(server, place, was_planned=False))
        expect(rep.get_by_text(_("Objectives of this visit"))).to_be_visible()
        for words in (DIRECTIVE, PROMISE, OBJECTIVE):
            expect(rep.get_by_text(words)).to_have_count(0)


def miss_last_objective(page: Page) -> None:
    result = page.locator('[class*="st-key-touch_result_"]').last
    result.get_by_text(word("objective.result", "missed"), exact=True).click(timeout=PATIENCE)
    settle(page)
    reason = page.get_by_label(_("Reason"), exact=True).last
    reason.fill("The owner decides in January", timeout=PATIENCE)
    reason.press("Tab")
    settle(page)


def promise(page: Page, words: str) -> None:
    tap(page, _("Add a promise"), exact=False)
    fill(page, _("What"), words)
    tap(page, _("Keep this promise in the record"))
    expect(page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)


def direct(page: Page, words: str) -> None:
    tap(page, _("Directive"), exact=False)
    page.get_by_label(_("What is to be done"), exact=True).fill(words)
    # Leaving the field with the tab key would open the calendar of the next one, over the button.
    page.get_by_role("dialog").get_by_role("heading").last.click()
    tap(page, _("Give the directive"))
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)


def promise_key(app: RunningApp, visit_id: str) -> str:
    with reading(create_engine_for(app.database_url)) as session:
        return (
            f"touch_promise_{session.scalars(select(Promise.id).where(Promise.visit_id == visit_id)).one()}"
        )


def close_all(app: RunningApp, page: Page, first: str) -> None:
    """Says in Prepare that the directive is done and the promise kept, and takes the objective over."""
    with reading(create_engine_for(app.database_url)) as session:
        directive = session.scalars(select(Directive.id).where(Directive.visit_id == first)).one()
        missed = session.scalars(
            select(Objective.id).where(Objective.visit_id == first, Objective.text == OBJECTIVE)
        ).one()
    for key, answer in ((f"touch_directive_{directive}", _("Done")), (promise_key(app, first), _("Kept"))):
        keyed(page, key).get_by_text(answer, exact=True).click()
        settle(page)
    keyed(page, f"carry_{missed}").get_by_role("button").click()
    settle(page)
    expect_no_problem(page)


def chosen_in(page: Page, key: str) -> Locator:
    """What is chosen in the segmented control of a container."""
    return (
        keyed(page, key)
        .locator("[aria-checked=true], [aria-pressed=true], [kind=segmented_controlActive]")
        .first
    )


def test_a_skipped_step_keeps_its_reason_and_another_tablet_goes_on_where_the_first_stopped(
    server: RunningApp, open_screen: OpenScreen
) -> None:
    with speaking("en"):
        one = in_english(sign_in(open_screen(server, TABLET), "limin"))
        visit_id = planned_visit(server, "Fuyuan Store")
        start(one, visit_id)
        step_button(one, "market").click()
        one.wait_for_url(re.compile("/market"))
        choose_from_menu(one, _("Skip this step"))
        one.get_by_role("dialog").get_by_label(_("Why?")).fill("Heavy rain")
        one.keyboard.press("Tab")
        one.get_by_role("button", name=_("Skip with this reason")).click(timeout=PATIENCE)
        expect(one.get_by_text("Skipped: Heavy rain")).to_be_visible(timeout=PATIENCE)

        other = sign_in(open_screen(server, LAPTOP), "limin")
        start(other, visit_id)
        other.wait_for_url(re.compile("/market"))
        expect(other.get_by_text("Skipped: Heavy rain")).to_be_visible(timeout=PATIENCE)
        step_button(other, "wrap_up").click()
        expect(other.get_by_text("Market skipped: Heavy rain")).to_be_visible(timeout=PATIENCE)
    with reading(create_engine_for(server.database_url)) as session:
        step = session.get_one(VisitStep, (visit_id, "market"))
        assert (step.state, step.reason) == ("skipped", "Heavy rain")


def choose_from_menu(page: Page, words: str) -> None:
    settle(page)
    keyed(page, "step_menu").get_by_role("button").click(timeout=PATIENCE)
    page.get_by_text(words, exact=True).last.click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
    settle(page)


def test_a_mistaken_visit_is_cancelled_with_a_reason_and_leaves_the_day(
    server: RunningApp, open_screen: OpenScreen
) -> None:
    with speaking("zh"):
        page = sign_in(open_screen(server, TABLET), "limin")
        use_language(page, NAMES["zh"])
        visit_id = planned_visit(server, "Yongxing Wholesale, Chengdong")
        start(page, visit_id)
        choose_from_menu(page, _("Cancel this visit"))
        page.get_by_role("dialog").get_by_label(_("Why?")).fill("走错了门")
        page.keyboard.press("Tab")
        page.get_by_role("button", name=_("Cancel with this reason")).click(timeout=PATIENCE)
        page.wait_for_url(re.compile("/today"))
        expect(keyed(page, f"start_{visit_id}")).to_have_count(0)
        page.goto(f"/prepare?visit={visit_id}")
        expect(page.get_by_text(_("This visit was cancelled; it can be read here."))).to_be_visible(
            timeout=PATIENCE
        )
    with reading(create_engine_for(server.database_url)) as session:
        found = session.get_one(Visit, visit_id)
        assert (found.state, found.cancel_reason) == ("cancelled", "走错了门")
