"""Outages as long as a walk through a cellar, while five tablets go on entering (`make soak`)."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import fault_site
from tests.browser.conftest import browser as chromium_of_this_file
from tests.browser.fault_site import Site
from tests.browser.five_tablets import FiveTablets, five_tablets
from tests.browser.losses import Losses

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1_800)]

browser = chromium_of_this_file
site = fault_site.site_on_each_database

EVERY = {60: 1_000, 600: 4_000}


@pytest.fixture(scope="module")
def losses() -> Iterator[Losses]:
    kept = Losses()
    yield kept
    kept.write("long_outages")


@pytest.fixture
def tablets(browser: Browser, site: Site) -> Iterator[FiveTablets]:
    with five_tablets(browser, site) as opened:
        yield opened
    site.proxy.mend()


def enter_for(tablets: FiveTablets, seconds: float, every: int) -> None:
    """Goes on entering; a native field that cannot be used is left alone."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for screen in tablets.queued:
            screen.enter()
        tablets.pause(every)
    tablets.claim_nothing()


@pytest.mark.parametrize("seconds", [60, 600])
@pytest.mark.parametrize("fault", ["refuse", "black_hole"])
def test_entering_through_a_long_outage(
    site: Site, tablets: FiveTablets, losses: Losses, fault: str, seconds: int
) -> None:
    tablets.enter()
    getattr(site.proxy, fault)()
    tablets.enter()
    enter_for(tablets, seconds, EVERY[seconds])
    site.proxy.mend()
    tablets.wait_until_connected()
    tablets.enter()
    tablets.count(f"{fault.replace('_', ' ')}, {seconds} s", losses)


def test_a_server_that_dies_again_and_again(site: Site, tablets: FiveTablets, losses: Losses) -> None:
    for _ in range(8):
        tablets.enter()
        site.kill()
        enter_for(tablets, 5, 500)
        with tablets.loaded_again():
            site.restart()
        tablets.wait_until_connected()
    tablets.enter()
    tablets.count("killed 8 times", losses)


def test_a_link_that_loses_every_third_reply(site: Site, tablets: FiveTablets, losses: Losses) -> None:
    for number in range(60):
        if number % 3 == 0:
            site.proxy.drop_replies(2)
        for screen in tablets.queued:
            screen.enter()
    site.proxy.mend()
    tablets.count("replies dropped, 240 entries", losses)
