"""Five tablets, each with a screen of a visit of its own, all in the middle of entering."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser

from tests.browser.entry_screens import PATIENCE, SCREENS, EntryScreen, Native
from tests.browser.fault_site import Device, Site, all_delivered
from tests.browser.losses import Losses
from tests.browser.walking import settle


@dataclass
class FiveTablets:
    """The tablets of a site, one for each way to enter."""

    site: Site
    tablets: list[tuple[Device, EntryScreen]]

    @property
    def screens(self) -> list[EntryScreen]:
        """Their screens."""
        return [screen for _device, screen in self.tablets]

    @property
    def queued(self) -> list[EntryScreen]:
        """The screens that enter through the tablet's queue: all but the native one."""
        return [screen for screen in self.screens if not isinstance(screen, Native)]

    def enter(self) -> None:
        """One value more on every screen."""
        for screen in self.screens:
            screen.enter()

    def pause(self, milliseconds: int) -> None:
        """Lets time pass, in the browser too."""
        self.screens[0].page.wait_for_timeout(milliseconds)

    def claim_nothing(self) -> None:
        """No screen with something under way says that all is saved."""
        for screen in self.queued:
            if screen.waiting():
                assert not screen.says().startswith("✓"), (screen.name, screen.says())

    def wait_until_connected(self) -> None:
        """Waits until the native fields let somebody type again."""
        for screen in self.screens:
            if isinstance(screen, Native):
                screen.page.locator(screen.ready).first.wait_for(timeout=PATIENCE)

    @contextmanager
    def loaded_again(self) -> Iterator[None]:
        """Waits until every page has loaded itself again, as it does when the server has forgotten its session."""
        for screen in self.screens:
            screen.page.evaluate("window.isOld = true")
        yield
        for screen in self.screens:
            screen.page.wait_for_function("() => window.isOld === undefined", timeout=PATIENCE)
            screen.page.locator(screen.ready).first.wait_for(timeout=PATIENCE)
            settle(screen.page)

    def count(self, fault: str, losses: Losses) -> None:
        """Waits until all is quiet, and counts."""
        for screen in self.screens:
            all_delivered(screen)
        losses.add(device.count(screen, fault) for device, screen in self.tablets)


@contextmanager
def five_tablets(browser: Browser, site: Site) -> Iterator[FiveTablets]:
    """Opens each screen on a tablet of its own."""
    tablets: list[tuple[Device, EntryScreen]] = []
    try:
        for kind in SCREENS:
            device = Device.of(browser, site)
            tablets.append((device, device.screen(kind, site.company.visit())))
        yield FiveTablets(site, tablets)
    finally:
        for device, _screen in tablets:
            device.context.close()
