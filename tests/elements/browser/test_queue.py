"""Nothing that was typed is lost, and the pad says where it is: one fault of the link or the tablet a test."""

import json
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.elements.browser.conftest import Harness, free_port
from tests.elements.hands import (
    answer,
    cell,
    drop_replies,
    holds,
    kept,
    mend,
    refuse,
    says,
    server,
    swallow,
    tap,
    until,
)

THREE = {("P000", None, "cases"): 45, ("P001", None, "cases"): 46, ("P002", None, "cases"): 47}


@pytest.fixture
def visit(request):
    return request.node.name


def type_three(page):
    tap(page, "45", "next", "46", "next", "47", "next")


def once_each(page, visit):
    """Every entry is in the log once, and nothing waits."""
    log = server(page, visit)["log"]
    assert len({entry["id"] for entry in log}) == len(log) == 3
    until(lambda: kept(page), [], page)
    until(lambda: says(page), "✓ Saved 10:32", page)


def test_a_refused_link_is_said_and_everything_arrives_when_it_is_back(open_page, visit):
    page = open_page()
    refuse(page)
    type_three(page)
    until(lambda: says(page), "× No connection, 3 waiting on this tablet", page)
    assert [cell(page, f"P00{n}", "cases") for n in range(3)] == ["45 c", "46 c", "47 c"]
    assert server(page, visit)["log"] == []
    mend(page)
    holds(page, visit, THREE)
    once_each(page, visit)


def test_a_link_that_swallows_everything_is_noticed_and_typing_goes_on(open_page, visit):
    page = open_page()
    swallow(page)
    tap(page, "45", "next")
    until(lambda: says(page), "↑ 1 waiting, kept on this tablet", page)
    tap(page, "46", "next", "47", "next")
    until(lambda: says(page), "× No connection, 3 waiting on this tablet", page)
    mend(page)
    holds(page, visit, THREE)
    once_each(page, visit)


def test_a_lost_reply_stores_nothing_twice(open_page, visit):
    page = open_page()
    lost = drop_replies(page)
    type_three(page)
    until(lambda: len(lost) > 1, True, page)
    assert len(kept(page)) == 3
    mend(page)
    holds(page, visit, THREE)
    once_each(page, visit)


def test_coming_online_sends_at_once(open_page, visit, tablet):
    page = open_page()
    tablet.set_offline(True)
    type_three(page)
    until(lambda: says(page), "× No connection, 3 waiting on this tablet", page)
    tablet.set_offline(False)
    until(lambda: server(page, visit)["current"], THREE, page, seconds=3)
    once_each(page, visit)


def test_a_server_that_was_killed_gets_everything_after_its_restart(open_page, visit, tmp_path):
    harness = Harness(tmp_path, free_port())
    harness.start()
    page = open_page(at=harness.url)
    tap(page, "45", "next")
    holds(page, visit, {("P000", None, "cases"): 45})
    harness.kill()
    tap(page, "46", "next", "47", "next")
    until(lambda: says(page), "× No connection, 2 waiting on this tablet", page)
    harness.start()
    holds(page, visit, THREE)
    once_each(page, visit)
    page.close()
    harness.kill()


def test_what_waits_survives_a_reload_and_is_shown(open_page, visit):
    page = open_page()
    refuse(page)
    type_three(page)
    until(lambda: len(kept(page)), 3, page)
    page.reload()
    page.locator("#open").wait_for()
    until(lambda: [cell(page, f"P00{n}", "cases") for n in range(3)], ["45 c", "46 c", "47 c"], page)
    assert page.locator(".done").inner_text() == "3 of 24 entered"
    mend(page)
    holds(page, visit, THREE)
    once_each(page, visit)


def test_leaving_the_page_sends_what_is_half_typed(open_page, visit):
    page = open_page()
    tap(page, "45")
    page.goto("about:blank")
    page = open_page(visit="another")
    holds(page, visit, {("P000", None, "cases"): 45})


def test_another_users_entries_are_neither_shown_nor_sent(open_page, visit):
    page = open_page()
    refuse(page)
    type_three(page)
    until(lambda: len(kept(page)), 3, page)
    other = open_page(user="ben")
    other.wait_for_timeout(6_000)
    assert cell(other, "P001", "cases") == "—"
    assert (says(other), other.locator(".done").inner_text()) == ("", "0 of 24 entered")
    assert server(other, visit)["log"] == []
    assert len(kept(other)) == 3
    other.close()
    mend(page)
    holds(page, visit, THREE)
    once_each(page, visit)
    assert {entry["user"] for entry in server(page, visit)["log"]} == {"anna"}


@pytest.mark.parametrize("status", [401, 403])
def test_signed_out_is_said_and_everything_stays(open_page, visit, status):
    page = open_page()
    answer(page, status)
    type_three(page)
    until(lambda: says(page), "! Signed out: sign in again, 3 waiting on this tablet", page)
    assert len(kept(page)) == 3
    mend(page)
    holds(page, visit, THREE)
    once_each(page, visit)


def test_a_sign_in_page_in_place_of_the_reply_is_no_acknowledgement(open_page, visit):
    page = open_page()
    page.route(
        "**/entries", lambda route: route.fulfill(status=200, body="<html>Welcome to the hotel</html>")
    )
    type_three(page)
    until(lambda: says(page), "× No connection, 3 waiting on this tablet", page)
    mend(page)
    holds(page, visit, THREE)


def test_a_value_that_the_server_refuses_stays_with_its_reason_until_it_is_given_up(open_page, visit):
    page = open_page()
    tap(page, "666", "next", "46", "next")
    holds(page, visit, {("P001", None, "cases"): 46})
    until(lambda: says(page), "! 1 not accepted", page)
    expect(page.locator(".notice.wrong")).to_contain_text("666 was not accepted: not on the price list")
    page.reload()
    page.locator(".notice.wrong button").click()
    until(lambda: (says(page)[:1], cell(page, "P000", "pieces")), ("", "—"), page)
    assert kept(page) == []


def test_a_refused_value_is_replaced_by_the_next_one_for_its_cell(open_page, visit):
    page = open_page()
    tap(page, "666", "next")
    until(lambda: page.locator(".notice.wrong").count(), 1, page)
    tap(page, "previous", "66", "next")
    holds(page, visit, {("P000", None, "cases"): 66})
    assert page.locator(".notice").count() == 0


def test_one_bad_entry_does_not_hold_up_the_others(open_page, visit):
    page = open_page()
    refuse(page)
    tap(page, "45", "next", "46", "next", "99", "next")
    until(lambda: len(kept(page)), 3, page)
    mend(page)

    def picky(route):
        entries = route.request.post_data_json["entries"]
        if any(entry["value"] == 99 for entry in entries):
            route.fulfill(status=400, body="{}")
        else:
            route.continue_()

    page.route("**/entries", picky)
    holds(page, visit, {("P000", None, "cases"): 45, ("P001", None, "cases"): 46})
    expect(page.locator(".notice.wrong")).to_contain_text("99 was not accepted: HTTP 400")


WITHOUT_DATABASE = (
    "Object.defineProperty(window, 'indexedDB', {get() { throw new DOMException('no', 'SecurityError') }})"
)
NO_DATABASE_OPENS = "indexedDB.open = () => { throw new DOMException('private', 'InvalidStateError') }"


@pytest.mark.parametrize("script", [WITHOUT_DATABASE, NO_DATABASE_OPENS])
def test_a_private_window_says_that_it_keeps_nothing_and_sends_all_the_same(open_page, visit, tablet, script):
    tablet.add_init_script(script)
    page = open_page()
    refuse(page)
    type_three(page)
    words = "! This browser keeps nothing: stay on this page until all is saved (3 waiting)"
    until(lambda: says(page), words, page)
    mend(page)
    holds(page, visit, THREE)
    assert len(server(page, visit)["log"]) == 3


def quota(page, size):
    probe = page.context.new_cdp_session(page)
    origin = "/".join(page.url.split("/")[:3])
    probe.send("Storage.overrideQuotaForOrigin", {"origin": origin, **({"quotaSize": size} if size else {})})


def test_a_full_tablet_says_so_and_sends_all_the_same(open_page, visit):
    page = open_page()
    refuse(page)
    quota(page, 1)
    type_three(page)
    words = "! This tablet's storage is full: stay on this page until all is saved (3 waiting)"
    until(lambda: says(page), words, page)
    mend(page)
    holds(page, visit, THREE)
    assert len(server(page, visit)["log"]) == 3


def test_space_that_comes_back_is_used(open_page, visit):
    page = open_page()
    refuse(page)
    quota(page, 1)
    type_three(page)
    until(lambda: says(page).startswith("! This tablet's storage is full"), True, page)
    quota(page, 0)
    until(lambda: says(page), "× No connection, 3 waiting on this tablet", page)
    assert sorted(record["entry"]["value"] for record in kept(page)) == [45, 46, 47]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_wrong_clock_changes_nothing(open_page, visit, tablet, days):
    page = open_page()
    tap(page, "45", "next")
    holds(page, visit, {("P000", None, "cases"): 45})
    page.evaluate("days => { const now = Date.now; Date.now = () => now() + days * 86400000; }", days)
    tap(page, "previous", "44", "next", "previous", "43", "next")
    holds(page, visit, {("P000", None, "cases"): 43})
    assert [entry["value"] for entry in server(page, visit)["log"]] == [45, 44, 43]


def elsewhere(page, visit, value):
    entry = {
        "id": f"elsewhere-{visit}-{value}",
        "user": "wang",
        "visit": visit,
        "row": "P000",
        "lot": None,
        "field": "cases",
        "value": value,
        "unit": "case",
        "source": "counted",
    }
    root = "/".join(page.url.split("/")[:3])
    urllib.request.urlopen(
        urllib.request.Request(f"{root}/elsewhere", json.dumps(entry).encode(), method="POST"), timeout=10
    ).close()


@pytest.mark.parametrize(("button", "value"), [(0, 40), (1, 45)])
def test_a_value_changed_elsewhere_is_not_overwritten_and_both_are_shown(open_page, visit, button, value):
    page = open_page()
    elsewhere(page, visit, 40)
    tap(page, "45", "next")
    notice = page.locator(".notice.attention")
    expect(notice).to_contain_text("cases: two values were entered. Which one counts?")
    assert notice.locator("button").all_inner_texts() == ["40 (wang)", "45 (anna)"]
    assert server(page, visit)["current"] == {("P000", None, "cases"): 40}
    assert cell(page, "P000", "cases") == "40 c"
    notice.locator("button").nth(button).click()
    until(lambda: server(page, visit)["conflicts"], [], page)
    holds(page, visit, {("P000", None, "cases"): value})
    until(lambda: (notice.count(), cell(page, "P000", "cases")), (0, f"{value} c"), page)


def test_a_conflict_is_there_again_after_a_reload(open_page, visit):
    page = open_page()
    elsewhere(page, visit, 40)
    tap(page, "45", "next")
    page.locator(".notice.attention").wait_for()
    page.reload()
    page.locator(".notice.attention button").last.click()
    holds(page, visit, {("P000", None, "cases"): 45})


def test_retyping_without_a_link_is_no_conflict(open_page, visit):
    page = open_page()
    refuse(page)
    tap(page, "45", "next")
    until(lambda: says(page), "× No connection, 1 waiting on this tablet", page)
    tap(page, "previous", "44", "next", "previous", "43", "next")
    assert says(page) == "× No connection, 1 waiting on this tablet"
    mend(page)
    holds(page, visit, {("P000", None, "cases"): 43})
    stored = server(page, visit)
    assert (stored["conflicts"], stored["log"][-1]["value"]) == ([], 43)


def test_a_second_tab_sees_what_waits_in_the_first(open_page, visit):
    first = open_page()
    second = open_page()
    refuse(first)
    refuse(second)
    tap(first, "next", "46", "next")
    until(lambda: cell(second, "P001", "cases"), "46 c", second)
    mend(second)
    holds(first, visit, {("P001", None, "cases"): 46})
    until(lambda: says(first), "✓ Saved 10:32", first)


def test_two_tabs_that_type_into_one_cell_see_the_conflict(open_page, visit):
    first = open_page()
    second = open_page()
    refuse(first)
    tap(second, "4")
    tap(first, "45", "next")
    tap(second, "0", "next")
    mend(first)
    until(lambda: len(server(first, visit)["log"]) >= 2, True, first)
    for page in (first, second):
        page.locator(".notice.attention").wait_for()
    second.locator(".notice.attention button", has_text="45").click()
    holds(first, visit, {("P000", None, "cases"): 45})
    until(lambda: (first.locator(".notice").count(), second.locator(".notice").count()), (0, 0), second)


@pytest.mark.soak
def test_two_thousand_entries_leave_no_trace_on_the_tablet(open_page, visit, tablet):
    page = open_page(products="300")
    probe = tablet.new_cdp_session(page)

    def megabytes():
        probe.send("HeapProfiler.collectGarbage")
        return probe.send("Runtime.getHeapUsage")["usedSize"] / 1e6

    def once_through_the_list():
        page.locator('.line[data-row="P000"]').tap()
        page.evaluate(
            """async () => {
                const queue = globalThis[Symbol.for("fieldvisit.queue")];
                const press = key => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
                for (let n = 1; n <= 300; n += 1) {
                    for (const digit of String(1000 + (window.typed = (window.typed ?? 0) + 1))) press(digit);
                    press('Enter');
                    while (n % 50 === 0 && queue.state().waiting) await new Promise(go => setTimeout(go, 20));
                }
            }"""
        )
        until(lambda: (says(page)[:1], len(kept(page))), ("✓", 0), page, seconds=60)

    once_through_the_list()
    page.wait_for_timeout(2_000)
    before = megabytes()
    for _ in range(7):
        once_through_the_list()
    page.wait_for_timeout(2_000)
    after = megabytes()
    print(f"heap after 300 entries {before:.1f} MB, after 2,400 {after:.1f} MB")
    assert len(server(page, visit)["log"]) == 2_400
    assert after < before * 1.25 + 2
