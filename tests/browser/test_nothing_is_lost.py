"""Every fault of the link in the middle of every way to enter: nothing is lost, nothing is there twice.

Five tablets enter before, during and after each fault. `FIELDVISIT_LOSSES=on` also writes the table of
faults × screens to `screenshots/nothing_is_lost.txt`.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import fault_site
from tests.browser.entry_screens import Commenting, Promising, Saying
from tests.browser.fault_site import Device, Site, all_delivered, until
from tests.browser.five_tablets import FiveTablets, five_tablets
from tests.browser.losses import Losses

SHORT_OUTAGE = 2_500

site = fault_site.site_on_each_database

# What happens between the tablet and the app, and not at the database, is tried with one of them.
on_one_database = pytest.mark.parametrize("site", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def losses() -> Iterator[Losses]:
    kept = Losses()
    yield kept
    kept.write("nothing_is_lost")


@pytest.fixture(scope="module")
def tablets(browser: Browser, site: Site) -> Iterator[FiveTablets]:
    with five_tablets(browser, site) as opened:
        yield opened


@pytest.fixture(autouse=True)
def well_again(site: Site) -> Iterator[None]:
    yield
    site.proxy.mend()


def test_a_link_that_is_refused(site: Site, tablets: FiveTablets, losses: Losses) -> None:
    tablets.enter()
    site.proxy.refuse()
    tablets.enter()
    tablets.pause(SHORT_OUTAGE)
    tablets.claim_nothing()
    assert min(screen.waiting() or 0 for screen in tablets.queued) >= 1
    site.proxy.mend()
    tablets.wait_until_connected()
    tablets.enter()
    tablets.count("link refused", losses)


@on_one_database
def test_a_link_that_swallows_everything(site: Site, tablets: FiveTablets, losses: Losses) -> None:
    tablets.enter()
    site.proxy.black_hole()
    tablets.enter()
    tablets.pause(SHORT_OUTAGE)
    tablets.claim_nothing()
    assert min(screen.waiting() or 0 for screen in tablets.queued) >= 1
    assert site.proxy.happened["swallowed"] > 0
    site.proxy.mend()
    tablets.wait_until_connected()
    tablets.enter()
    tablets.count("black hole", losses)


def test_replies_that_are_lost(site: Site, tablets: FiveTablets, losses: Losses) -> None:
    lost = site.proxy.happened.get("reply dropped", 0)
    site.proxy.drop_replies(4)
    tablets.enter()
    until(lambda: site.proxy.happened.get("reply dropped", 0), lost + 4, tablets.screens[0])
    tablets.enter()
    tablets.count("reply dropped", losses)


@on_one_database
def test_messages_that_end_in_the_middle(site: Site, tablets: FiveTablets, losses: Losses) -> None:
    cut = site.proxy.happened.get("cut", 0)
    site.proxy.cut_messages(6)
    tablets.enter()
    until(lambda: site.proxy.happened.get("cut", 0), cut + 6, tablets.screens[0])
    tablets.wait_until_connected()
    tablets.enter()
    tablets.count("message cut", losses)


@on_one_database
def test_a_slow_link(site: Site, tablets: FiveTablets, losses: Losses) -> None:
    delayed = site.proxy.happened.get("delayed", 0)
    site.proxy.delay(0.8)
    tablets.enter()
    tablets.claim_nothing()
    tablets.enter()
    tablets.pause(SHORT_OUTAGE)
    assert site.proxy.happened["delayed"] > delayed
    site.proxy.mend()
    tablets.enter()
    tablets.count("delay", losses)


def test_a_server_that_is_killed(site: Site, tablets: FiveTablets, losses: Losses) -> None:
    tablets.enter()
    site.kill()
    tablets.enter()
    tablets.pause(500)
    tablets.claim_nothing()
    with tablets.loaded_again():
        site.restart()
    tablets.wait_until_connected()
    tablets.enter()
    tablets.count("server killed", losses)


@on_one_database
def test_a_page_that_is_reloaded_without_a_link(site: Site, tablets: FiveTablets, losses: Losses) -> None:
    tablets.enter()
    site.proxy.refuse()
    for screen in tablets.screens:
        screen.enter()
        # Straight after the last key: what was typed must be on the tablet by then.
        screen.page.goto("about:blank")
    site.proxy.mend()
    for screen in tablets.screens:
        screen.open()
    tablets.enter()
    tablets.count("page reloaded", losses)


@on_one_database
@pytest.mark.parametrize(("kind", "account"), [(Promising, "anna"), (Commenting, "zhou")])
def test_words_for_a_record_over_a_link_that_is_refused(
    browser: Browser, site: Site, losses: Losses, kind: type[Saying], account: str
) -> None:
    visit = site.company.visit()
    if kind is Commenting:
        site.company.set_state(visit, "submitted")
    device = Device.of(browser, site, account)
    try:
        screen = device.screen(kind, visit)
        screen.enter()
        all_delivered(screen)
        site.proxy.refuse()
        screen.enter()
        until(screen.waiting, 1, screen)
        until(lambda: screen.says().startswith("×"), True, screen)
        screen.page.goto("about:blank")
        site.proxy.mend()
        screen.open()
        all_delivered(screen)
        assert screen.shown() == {"words": screen.text(2)}
        losses.add([device.count(screen, "link refused")])
        screen.keep()
        until(lambda: list(site.company.said(visit).values()), [screen.text(2)], screen)
        until(screen.shown, {}, screen)
        (made,) = site.company.said(visit)
        assert made in {entry.id for entry in site.company.entries(visit)}
        losses.add([device.count(screen, "link refused, then kept")])
    finally:
        device.context.close()
