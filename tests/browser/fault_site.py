"""The app on a database of its own behind a link that fails, and the tablets before it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from data.engine import create_engine_for
from tests.browser.conftest import TABLET
from tests.browser.entry_screens import PATIENCE, EntryScreen
from tests.browser.fault_proxy import FaultProxy
from tests.browser.losses import Loss, Witness, counted
from tests.browser.small_company import SmallCompany
from tests.browser.walking import PASSWORD
from tests.conftest import DATABASES
from tests.running_app import RunningApp, start_app


@dataclass
class Site:
    """A running app, its company, and the link to it.

    Args:
        database: "sqlite" or "postgresql".
    """

    database: str
    company: SmallCompany
    folder: Path
    app: RunningApp
    proxy: FaultProxy

    def kill(self) -> None:
        """Ends the app as a power cut does."""
        self.app.process.kill()
        self.app.process.wait()

    def restart(self) -> None:
        """Starts it again where it was."""
        self.app = start_app(self.app.database_url, self.folder, port=self.proxy.app_port)


@contextmanager
def site_on(database: str, url: str, folder: Path, **company: Any) -> Iterator[Site]:
    """Runs the app on a database with the schema and no rows; a small company is put into it first."""
    engine = create_engine_for(url)
    app = None
    try:
        small = SmallCompany(engine, **company)
        app = start_app(url, folder)
        with FaultProxy(int(app.url.rsplit(":", 1)[1])) as proxy:
            site = Site(database, small, folder, app, proxy)
            try:
                yield site
            finally:
                app = site.app
    finally:
        if app is not None:
            app.stop()
        engine.dispose()


@pytest.fixture(scope="module", params=DATABASES)
def site_on_each_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site of this file's own, on each kind of database in turn."""
    folder = tmp_path_factory.mktemp("site")
    if request.param == "sqlite":
        url = _copy(request.getfixturevalue("sqlite_template"), folder)
        with site_on("sqlite", url, folder) as running:
            yield running
        return
    databases = request.getfixturevalue("postgresql_databases")
    name = databases.create(request.getfixturevalue("postgresql_template"))
    with site_on("postgresql", databases.url(name), folder) as running:
        yield running
    databases.drop(name)


@pytest.fixture(scope="module")
def site_of_a_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of this file's own, on SQLite."""
    folder = tmp_path_factory.mktemp("site")
    with site_on("sqlite", _copy(sqlite_template, folder), folder) as running:
        yield running


def _copy(template: Path, folder: Path) -> str:
    shutil.copyfile(template, folder / "site.sqlite")
    return f"sqlite:///{folder / 'site.sqlite'}"


@dataclass
class Device:
    """A tablet with its browser, and who overhears it."""

    site: Site
    context: BrowserContext
    witness: Witness

    @classmethod
    def of(cls, browser: Browser, site: Site, account: str = "anna", **settings: Any) -> "Device":
        """A tablet with nothing on it, at which somebody signs in."""
        context = browser.new_context(base_url=site.proxy.url, locale="en-GB", **TABLET, **settings)  # type: ignore[arg-type]
        device = cls(site, context, Witness.of(context))
        device.sign_in(account)
        return device

    def sign_in(self, account: str) -> None:
        """Signs in, whoever was before; without the form, as the form is tested elsewhere."""
        answer = self.context.request.post(
            "/sign-in",
            form={"account": account, "password": PASSWORD},
            headers={"Origin": self.site.proxy.url},
            max_redirects=0,
            timeout=PATIENCE,
        )
        assert answer.status == 303, answer.text()

    def screen(self, kind: type[EntryScreen], visit: str) -> Any:
        """Opens a screen of a visit in a new tab."""
        screen = kind(self.context.new_page(), self.site.company, visit)
        screen.open()
        return screen

    def count(self, screen: EntryScreen, fault: str) -> Loss:
        """Counts what the screen shows, what was acknowledged and what is stored."""
        assert screen.errors == []
        return counted(
            self.site.company,
            self.witness,
            screen.visit,
            shown=screen.shown(),
            stored=screen.stored(),
            untaken=screen.untaken(),
            fault=fault,
            database=self.site.database,
            screen=screen.name,
        )


def until(question: Callable[[], Any], wanted: Any, screen: EntryScreen, seconds: float = 60.0) -> None:
    """Waits until the answer is the wanted one; fails with the last answer."""
    waited = 0.0
    while (answer := question()) != wanted and waited < seconds:
        screen.page.wait_for_timeout(200)
        waited += 0.2
    assert answer == wanted, f"{answer!r} and not {wanted!r}; the screen says {screen.says()!r}"


def all_delivered(screen: EntryScreen) -> None:
    """Waits until this tablet's queue is empty and the database has what the screen shows."""
    until(screen.waiting, 0, screen)
    until(lambda: unlike(screen), {}, screen)


def unlike(screen: EntryScreen) -> dict[str, tuple[Any, Any]]:
    """The fields whose value on the screen is not the stored one: both, shown and stored."""
    shown, stored = screen.shown(), screen.stored()
    fields = shown.keys() | stored.keys()
    return {one: (shown.get(one), stored.get(one)) for one in fields if shown.get(one) != stored.get(one)}
