import pytest
from playwright.sync_api import expect

from tests.elements.hands import hold, kept, mend, refuse, server, tap, until


@pytest.fixture
def visit(request):
    return request.node.name


def bar(page):
    return page.locator(".queue").last


def test_submitting_waits_until_the_queue_is_empty(open_page, visit):
    page = open_page(bar="1")
    submit = page.get_by_role("button", name="Submit")
    expect(submit).to_be_enabled(timeout=10_000)
    page.close()
    page = open_page()
    refuse(page)
    tap(page, "45", "next")
    until(lambda: len(kept(page)), 1, page)
    page.context.route("**/entries", lambda route: route.abort())
    other = open_page(kind="nothing")
    expect(bar(other)).to_have_text("× No connection, 1 waiting on this tablet", timeout=10_000)
    expect(other.get_by_role("button", name="Submit")).to_be_disabled()
    page.context.unroute("**/entries")
    mend(page)
    expect(other.get_by_role("button", name="Submit")).to_be_enabled(timeout=20_000)
    assert len(server(other, visit)["log"]) == 1


def test_a_tap_on_sign_out_with_a_full_queue_asks_first(open_page, visit):
    page = open_page(bar="1")
    refuse(page)
    tap(page, "45", "next")
    page.get_by_role("link", name="Sign out").click()
    expect(page.locator(".leaving")).to_contain_text("1 of your entries are not on the server yet.")
    page.get_by_role("button", name="Stay and wait").click()
    assert page.url.split("/")[-1].startswith("?visit")
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out anyway").click()
    page.wait_for_url("**/sign-out")


def test_a_tap_on_sign_out_before_the_queue_was_read_waits_for_it(open_page, visit):
    page = open_page()
    page.context.route("**/entries", lambda route: route.abort())
    tap(page, "45", "next")
    until(lambda: len(kept(page)), 1, page)
    let_go = hold(page)
    other = open_page(bar="1", kind="nothing")
    other.get_by_role("link", name="Sign out").click()
    expect(other.locator(".leaving")).to_be_hidden()
    let_go()
    expect(other.locator(".leaving")).to_contain_text("1 of your entries are not on the server yet.")
    assert len(other.context.pages) == 2


def test_sign_out_with_an_empty_queue_asks_nothing(open_page):
    page = open_page(bar="1")
    page.get_by_role("link", name="Sign out").click()
    page.wait_for_url("**/sign-out")


def test_what_was_refused_is_listed_on_every_page_and_can_be_given_up(open_page, visit):
    page = open_page()
    tap(page, "666", "next")
    until(lambda: page.locator(".notice.wrong").count(), 1, page)
    page.close()
    page = open_page(kind="nothing")
    page.get_by_role("button", name="1 not accepted").click()
    expect(page.locator(".refusals li")).to_contain_text(
        "P000 · cases: 666 was not accepted: not on the price list"
    )
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(".refusals")).to_be_hidden()
    assert kept(page) == []


def test_the_page_can_listen_to_the_queue(open_page, visit):
    page = open_page()
    page.evaluate("addEventListener('fieldvisit:queue', ({detail}) => (window.told = detail))")
    refuse(page)
    tap(page, "45", "next")
    until(lambda: page.evaluate("window.told?.waiting"), 1, page)
    until(lambda: page.evaluate("window.told.link"), "down", page)
