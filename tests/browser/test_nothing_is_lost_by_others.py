"""Two tabs, two devices, two people at one tablet, a visit that ends: no value is lost or overwritten unseen."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from data.entries import proposed_corrections
from data.tables.visits import Visit
from tests import builders
from tests.browser import fault_site
from tests.browser.entry_screens import PATIENCE, Counting, Native, Writing
from tests.browser.fault_site import Device, Site, all_delivered, until
from tests.browser.losses import Losses
from tests.browser.small_company import today
from tests.browser.walking import settle

site = fault_site.site_of_a_file


@pytest.fixture(scope="module")
def losses() -> Iterator[Losses]:
    kept = Losses()
    yield kept
    kept.write("nothing_is_lost_by_others")


@pytest.fixture
def devices(browser: Browser, site: Site) -> Iterator[Any]:
    """`devices("anna")`: a tablet with nothing on it, at which somebody signs in."""
    made: list[Device] = []

    def device(account: str = "anna") -> Device:
        made.append(Device.of(browser, site, account))
        return made[-1]

    yield device
    site.proxy.mend()
    for one in made:
        one.context.close()


def values(site: Site, visit: str) -> list[str | None]:
    """What arrived of a visit, in that order."""
    return [entry.value for entry in site.company.entries(visit)]


def kept(page: Page) -> list[dict[str, Any]]:
    """The entries that lie on the tablet, whoever is signed in."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((resolve, reject) => {
            const opening = indexedDB.open("fieldvisit");
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => {
                const all = opening.result.transaction("entries").objectStore("entries").getAll();
                all.onsuccess = () => { opening.result.close(); resolve(all.result); };
            };
        })"""
    )
    return found


def test_a_tab_closed_without_a_link_and_the_visit_opened_on_another_device(
    devices: Any, site: Site, losses: Losses
) -> None:
    visit = site.company.visit()
    first, second, third, *_rest = site.company.shelf
    warehouse = devices()
    counting = warehouse.screen(Counting, visit)
    counting.type(first, "41")
    all_delivered(counting)
    site.proxy.refuse()
    counting.type(second, "42")
    counting.type(third, "43")
    until(lambda: len(kept(counting.page)), 2, counting)
    spare = warehouse.context.new_page()
    counting.page.close()
    # What leaves with a page is still on its way: it must have failed before the link is back.
    spare.wait_for_timeout(2_000)
    site.proxy.mend()

    office = devices()
    elsewhere = office.screen(Counting, visit)
    assert elsewhere.shown() == {first: 41}
    elsewhere.type(second, "52")
    all_delivered(elsewhere)

    counting = Counting(spare, site.company, visit)
    counting.open()
    until(counting.waiting, 0, counting)
    assert site.company.current(visit) == {
        (first, "", "cases"): "41",
        (second, "", "cases"): "52",
        (third, "", "cases"): "43",
    }
    assert sorted(map(str, values(site, visit))) == ["41", "42", "43", "52"]
    notice = counting.page.locator(".notice.attention")
    expect(notice).to_contain_text("two values were entered", timeout=PATIENCE)
    assert [text.split(" ")[0] for text in notice.locator("button").all_inner_texts()] == ["52", "42"]
    losses.add([warehouse.count(counting, "tab closed, another device")])
    notice.locator("button").last.click()
    until(lambda: site.company.current(visit)[(second, "", "cases")], "42", counting)
    expect(notice).to_have_count(0, timeout=PATIENCE)
    all_delivered(counting)


def test_two_tabs_that_type_into_one_cell_show_both_values(devices: Any, site: Site, losses: Losses) -> None:
    visit = site.company.visit()
    cell = site.company.shelf[0]
    tablet = devices()
    one, two = tablet.screen(Counting, visit), tablet.screen(Counting, visit)
    site.proxy.refuse()
    two.type(cell, "6", enter=False)
    one.type(cell, "45")
    two.page.keyboard.type("0")
    two.page.keyboard.press("Enter")
    site.proxy.mend()
    for screen in (one, two):
        screen.page.locator(".notice.attention").wait_for(timeout=PATIENCE)
    assert {"45", "60"} <= set(values(site, visit))
    standing = site.company.current(visit)[(cell, "", "cases")]
    two.page.locator(".notice.attention button", has_text="45").click()
    until(lambda: site.company.current(visit)[(cell, "", "cases")], "45", two)
    for screen in (one, two):
        expect(screen.page.locator(".notice")).to_have_count(0, timeout=PATIENCE)
        all_delivered(screen)
    assert standing in ("6", "45", "60")
    # The choice repeats one of the values: said twice by the person, and meant so.
    assert len(values(site, visit)) - len(set(values(site, visit))) == 1


@pytest.mark.parametrize(("choice", "figure"), [("Keep theirs", 11), ("Take mine", 22)])
def test_two_people_see_each_others_native_figure_before_one_overwrites_it(
    devices: Any, site: Site, choice: str, figure: int
) -> None:
    visit = site.company.visit()
    one, two = devices().screen(Native, visit), devices().screen(Native, visit)
    one.field(0).fill("11")
    one.field(0).press("Tab")
    until(lambda: list(one.stored().values()), [11], one)
    two.field(0).fill("22")
    two.field(0).press("Tab")
    expect(two.page.get_by_text("Somebody changed this meanwhile")).to_be_visible(timeout=PATIENCE)
    assert list(two.stored().values()) == [11]
    two.page.get_by_role("button", name=choice).click()
    until(lambda: list(two.stored().values()), [figure], two)
    until(lambda: list(two.shown().values()), [figure], two)


def test_another_user_on_the_same_tablet_neither_sees_nor_sends_what_waits(
    devices: Any, site: Site, losses: Losses
) -> None:
    visit, bens = site.company.visit("anna"), site.company.visit("ben")
    tablet = devices("anna")
    counting = tablet.screen(Counting, visit)
    site.proxy.refuse()
    counting.enter()
    counting.enter()
    until(lambda: len(kept(counting.page)), 2, counting)
    counting.page.goto("about:blank")
    # What leaves with the page is hers and still goes under her name: it must have failed before the link is back.
    counting.page.wait_for_timeout(2_000)
    site.proxy.mend()

    tablet.sign_in("ben")
    his = tablet.screen(Counting, bens)
    assert his.waiting() == 0
    his.enter()
    all_delivered(his)
    # Past the time at which a queue sends again.
    his.page.wait_for_timeout(6_000)
    assert values(site, visit) == []
    assert len(kept(his.page)) == 2
    assert his.says().startswith("✓")
    his.page.close()

    tablet.sign_in("anna")
    counting.open()
    all_delivered(counting)
    assert {entry.user_id for entry in site.company.entries(visit)} == {site.company.users["anna"]}
    losses.add([tablet.count(counting, "another user on the tablet")])


def test_a_tab_left_open_waits_for_its_user_while_another_is_signed_in(
    devices: Any, site: Site, losses: Losses
) -> None:
    visit, bens = site.company.visit("anna"), site.company.visit("ben")
    tablet = devices("anna")
    counting = tablet.screen(Counting, visit)
    tablet.sign_in("ben")
    his = tablet.screen(Counting, bens)
    with counting.page.expect_response("**/entries", timeout=PATIENCE):
        counting.enter()
    his.enter()
    all_delivered(his)
    expect(counting.page.locator(".notice")).to_have_count(0)
    assert (values(site, visit), counting.waiting()) == ([], 1)
    his.page.close()
    tablet.sign_in("anna")
    all_delivered(counting)
    losses.add([tablet.count(counting, "another user beside an open tab")])


def test_submitting_waits_for_the_queue_of_this_tablet(devices: Any, site: Site) -> None:
    visit = site.company.visit()
    tablet = devices()
    writing = tablet.screen(Writing, visit)
    tablet.context.route("**/entries", lambda route: route.abort())
    writing.enter()
    until(writing.waiting, 1, writing)
    writing.page.goto(f"/submit?visit={visit}")
    settle(writing.page)
    submit = writing.page.get_by_role("button", name="Submit to the manager")
    expect(submit).to_be_disabled(timeout=PATIENCE)
    says = writing.page.get_by_text("Not everything that was typed on this tablet has reached the database")
    expect(says).to_be_visible(timeout=PATIENCE)
    tablet.context.unroute("**/entries")
    expect(submit).to_be_enabled(timeout=PATIENCE)
    assert values(site, visit) == ["Note 1: 货架空"]
    reason = writing.page.locator(".st-key-text_visit_incomplete_reason textarea")
    reason.fill("closing time")
    reason.press("Tab")
    until(lambda: values(site, visit)[1:], ["closing time"], writing)
    settle(writing.page)
    expect(submit).to_be_enabled(timeout=PATIENCE)
    submit.click()
    until(lambda: site.company.state(visit), "submitted", writing)


def test_signing_out_with_a_full_queue_asks_first(devices: Any, site: Site) -> None:
    visit = site.company.visit()
    tablet = devices()
    counting = tablet.screen(Counting, visit)
    tablet.context.route("**/entries", lambda route: route.abort())
    counting.enter()
    until(counting.waiting, 1, counting)
    counting.page.goto("/account")
    expect(counting.page.locator(".queue").last).to_contain_text("1 waiting", timeout=PATIENCE)
    counting.page.get_by_role("link", name="Sign out").click()
    asks = counting.page.locator(".leaving")
    expect(asks).to_contain_text("1 of your entries are not on the server yet.", timeout=PATIENCE)
    counting.page.get_by_role("button", name="Stay and wait").click()
    tablet.context.unroute("**/entries")
    until(lambda: len(values(site, visit)), 1, counting)


def test_a_value_that_arrives_after_submission_becomes_a_proposed_correction(
    devices: Any, site: Site, losses: Losses
) -> None:
    visit = site.company.visit()
    tablet = devices()
    counting = tablet.screen(Counting, visit)
    counting.type(site.company.shelf[0], "31")
    all_delivered(counting)
    site.proxy.refuse()
    counting.type(site.company.shelf[0], "32")
    until(counting.waiting, 1, counting)
    site.company.set_state(visit, "submitted")
    site.proxy.mend()
    until(counting.waiting, 0, counting)
    assert site.company.current(visit) == {(site.company.shelf[0], "", "cases"): "31"}
    manager = builders.manager(site.company.users["zhou"], today())
    with site.company.read() as session:
        proposed = proposed_corrections(session, manager, visit)
        assert session.scalar(select(Visit.state).where(Visit.id == visit)) == "submitted"
    assert [(row.before, row.after) for row in proposed] == [("31", "32")]
    expect(counting.page.get_by_text("Changes are proposed as corrections")).to_be_visible(timeout=PATIENCE)
