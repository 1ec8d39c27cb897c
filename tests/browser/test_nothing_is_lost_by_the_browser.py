"""Wrong clock, full disk, private window, input method, clipboard, reload, a long shelf: nothing is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import fault_site
from tests.browser.entry_screens import Counting, EntryScreen, Pricing, Writing
from tests.browser.fault_site import Device, Site, all_delivered, site_on, until
from tests.browser.losses import Losses

site = fault_site.site_of_a_file

WITHOUT_DATABASE = """Object.defineProperty(window, "indexedDB", {
  get() { throw new DOMException("private", "SecurityError"); },
})"""
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text", text);
  document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
}"""
# Through the shelf as fast as a hand on a keyboard may be: every tenth product asks for the month of a lot first.
TYPE_THROUGH = """async ([from, to]) => {
  const press = keys => { for (const key of keys) {
    document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  } };
  for (let number = from; number < to; number += 1) {
    const keepsLots = number % 10 === 0;
    press([...(keepsLots ? "0327" : ""), ...String(1000 + number), "ArrowDown", ...(keepsLots ? ["ArrowDown"] : [])]);
    await new Promise(go => setTimeout(go, 5));
  }
}"""


@pytest.fixture(scope="module")
def losses() -> Iterator[Losses]:
    kept = Losses()
    yield kept
    kept.write("nothing_is_lost_by_the_browser")


@pytest.fixture
def tablet(browser: Browser, site: Site) -> Iterator[Device]:
    device = Device.of(browser, site)
    yield device
    site.proxy.mend()
    device.context.close()


def set_quota(page: Page, site: Site, size: int) -> None:
    probe = page.context.new_cdp_session(page)
    probe.send("Storage.overrideQuotaForOrigin", {"origin": site.proxy.url, "quotaSize": size})


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_wrong_by_a_day(tablet: Device, site: Site, losses: Losses, days: int) -> None:
    visit, row = site.company.visit(), site.company.shelf[0]
    right = tablet.screen(Counting, visit)
    right.type(row, "45")
    all_delivered(right)
    right.page.evaluate("days => { const now = Date.now; Date.now = () => now() + days * 86400000; }", days)
    right.type(row, "44")
    all_delivered(right)
    site.proxy.refuse()
    right.type(row, "43")
    site.proxy.mend()
    all_delivered(right)
    assert [entry.value for entry in site.company.entries(visit)] == ["45", "44", "43"]
    assert {entry.outcome for entry in site.company.entries(visit)} == {"applied"}
    losses.add([tablet.count(right, f"clock wrong by {days} day")])


@pytest.mark.parametrize("kind", [Counting, Writing])
def test_a_full_disk_is_said_and_nothing_is_lost(
    tablet: Device, site: Site, losses: Losses, kind: type[EntryScreen]
) -> None:
    screen = tablet.screen(kind, site.company.visit())
    set_quota(screen.page, site, 1)
    site.proxy.refuse()
    for _ in range(3):
        screen.enter()
    until(lambda: "storage is full" in screen.says(), True, screen)
    site.proxy.mend()
    all_delivered(screen)
    losses.add([tablet.count(screen, "storage full")])


@pytest.mark.parametrize("kind", [Counting, Writing])
def test_a_private_window_without_a_database(
    tablet: Device, site: Site, losses: Losses, kind: type[EntryScreen]
) -> None:
    tablet.context.add_init_script(WITHOUT_DATABASE)
    screen = tablet.screen(kind, site.company.visit())
    site.proxy.refuse()
    for _ in range(3):
        screen.enter()
    until(lambda: "keeps nothing" in screen.says(), True, screen)
    site.proxy.mend()
    all_delivered(screen)
    losses.add([tablet.count(screen, "private window")])


def test_letters_that_an_input_method_composes_without_a_link(
    tablet: Device, site: Site, losses: Losses
) -> None:
    visit = site.company.visit()
    writing = tablet.screen(Writing, visit)
    probe = tablet.context.new_cdp_session(writing.page)
    writing.area("summary").click()
    site.proxy.refuse()
    probe.send("Input.imeSetComposition", {"text": "huo jia", "selectionStart": 7, "selectionEnd": 7})
    # Longer than it takes for typing to count as resting.
    writing.page.wait_for_timeout(1_500)
    assert writing.waiting() == 0
    probe.send("Input.insertText", {"text": "货架空了"})
    until(writing.waiting, 1, writing)
    site.proxy.mend()
    all_delivered(writing)
    assert [entry.value for entry in site.company.entries(visit)] == ["货架空了"]
    losses.add([tablet.count(writing, "input method")])


def test_a_pasted_number_means_what_was_copied(tablet: Device, site: Site, losses: Losses) -> None:
    first, second, *_rest = site.company.shelf
    pricing = tablet.screen(Pricing, site.company.visit())
    for row, text in ((first, "23,4"), (second, "１２")):
        pricing.cell(row).click()
        pricing.page.evaluate(PASTE, text)
        pricing.page.keyboard.press("Enter")
    all_delivered(pricing)
    assert pricing.stored() == {first: 23.4, second: 12}
    counting = tablet.screen(Counting, site.company.visit())
    counting.cell(first).click()
    counting.page.evaluate(PASTE, "23,4")
    expect(counting.page.locator(".hint.wrong")).to_contain_text("is no number for this field")
    counting.page.evaluate(PASTE, "１２")
    counting.page.keyboard.press("Enter")
    all_delivered(counting)
    assert counting.stored() == {first: 12}
    losses.add([tablet.count(pricing, "paste"), tablet.count(counting, "paste")])


def test_a_half_typed_number_is_there_after_a_reload(tablet: Device, site: Site, losses: Losses) -> None:
    visit, row = site.company.visit(), site.company.shelf[2]
    counting = tablet.screen(Counting, visit)
    counting.type(row, "12", enter=False)
    counting.page.goto("about:blank")
    counting.open()
    until(lambda: counting.page.locator("#open").inner_text(), "12", counting)
    counting.page.keyboard.type("3")
    counting.page.keyboard.press("Enter")
    all_delivered(counting)
    assert counting.stored() == {row: 123}
    assert {entry.outcome for entry in site.company.entries(visit)} == {"applied"}
    losses.add([tablet.count(counting, "half-typed, reloaded")])


@pytest.fixture
def long_shelf(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    shutil.copyfile(sqlite_template, tmp_path / "long.sqlite")
    url = f"sqlite:///{tmp_path / 'long.sqlite'}"
    with site_on("sqlite", url, tmp_path, products=300, lots_every=10) as running:
        yield running


def test_three_hundred_products_with_lots_and_a_link_that_goes_in_the_middle(
    browser: Browser, long_shelf: Site, losses: Losses
) -> None:
    shelf, visit = long_shelf.company.shelf, long_shelf.company.visit()
    tablet = Device.of(browser, long_shelf)
    counting = tablet.screen(Counting, visit)
    counting.page.evaluate(TYPE_THROUGH, [0, 100])
    long_shelf.proxy.refuse()
    counting.page.evaluate(TYPE_THROUGH, [100, 200])
    until(lambda: (counting.waiting() or 0) >= 100, True, counting)
    long_shelf.proxy.mend()
    counting.page.evaluate(TYPE_THROUGH, [200, 300])
    all_delivered(counting)
    lots = {number: "2027-03" if number % 10 == 0 else "" for number in range(300)}
    typed = {(shelf[number], lot, "cases"): str(1000 + number) for number, lot in lots.items()}
    assert long_shelf.company.current(visit) == typed
    losses.add([tablet.count(counting, "300 products with lots")])
    tablet.context.close()
