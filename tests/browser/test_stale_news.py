"""A page still draws and tells its news while the server has long gone on: what was tapped stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.browser import fault_site
from tests.browser.entry_screens import PATIENCE, EntryScreen, Photographing, Writing
from tests.browser.fault_site import Device, Site, all_delivered

site = fault_site.site_of_a_file


class SlowLink:
    """Holds back what the server says; what the tablet says goes through at once."""

    def __init__(self) -> None:
        self.held: list[tuple[WebSocketRoute, Any]] = []
        self.is_slow = False

    def take(self, page_side: WebSocketRoute) -> None:
        """Stands between a page and its server."""
        server_side = page_side.connect_to_server()
        server_side.on_message(lambda message: self._pass(page_side, message))

    def _pass(self, page_side: WebSocketRoute, message: Any) -> None:
        if self.is_slow:
            self.held.append((page_side, message))
        else:
            page_side.send(message)

    def recover(self) -> None:
        """Hands over all that was held back, in its order."""
        self.is_slow = False
        held, self.held = self.held, []
        for page_side, message in held:
            page_side.send(message)


@pytest.fixture
def tablet(browser: Browser, site: Site) -> Iterator[Device]:
    device = Device.of(browser, site)
    yield device
    device.context.close()


@pytest.mark.parametrize(("screen", "following"), [(Writing, "submit"), (Photographing, "market")])
def test_news_of_a_page_that_was_left_does_not_undo_the_tap_that_left_it(
    tablet: Device, site: Site, screen: type[EntryScreen], following: str
) -> None:
    visit = site.company.visit()
    link = SlowLink()
    tablet.context.route_web_socket("**/_stcore/stream", link.take)
    entering = tablet.screen(screen, visit)
    entering.enter()
    all_delivered(entering)
    page = entering.page
    link.is_slow = True
    page.locator(".st-key-bar_next button").click()
    page.wait_for_timeout(1_500)  # the server has drawn the next step, and this page does not know of it
    entering.enter()
    page.wait_for_timeout(2_500)  # it was delivered, and the page has told its news under the old address
    link.recover()
    page.wait_for_url(f"**/{following}?visit=*", timeout=PATIENCE)
    page.wait_for_timeout(1_000)
    expect(page).to_have_url(f"{site.proxy.url}/{following}?visit={visit}")
    expect(page.locator(".st-key-bar_next button")).to_be_visible()
    assert len(entering.stored()) == 2
