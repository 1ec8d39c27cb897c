"""What a browser test may ask for: the running app with the demo company, and a screen to look at it with.

A test that fails leaves a picture of each of its pages in `screenshots/failed`.
"""

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser import chromium
from tests.running_app import ROOT, RunningApp, start_app

FAILED_PICTURES = ROOT / "screenshots" / "failed"
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
FLAGS = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT = pytest.StashKey[pytest.TestReport]()

StartServer = Callable[..., RunningApp]
OpenScreen = Callable[..., BrowserContext]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


@pytest.fixture(scope="module")
def server(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app with the demo company as it is on its first day, shared by the tests of one file."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copyfile(demo_database, folder / "demo.sqlite")
    app = start_app(f"sqlite:///{folder / 'demo.sqlite'}", folder)
    yield app
    app.stop()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Starts an app of this test's own: `start_server(database_url, port=None, **environment)`."""
    started: list[RunningApp] = []

    def start(database_url: str, **settings: str) -> RunningApp:
        app = start_app(database_url, tmp_path, **settings)
        started.append(app)
        return app

    yield start
    for app in started:
        app.stop()


# A module's own, as Playwright's loop would be in the way of `asyncio.run` in the tests of other modules.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium with a fresh profile."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    program = chromium.find()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, headless=True, args=flags)
        yield launched
        launched.close()


@pytest.fixture
def open_screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[OpenScreen]:
    """Opens a screen, that is a browser context: `open_screen(app, TABLET, locale="zh-CN")`."""
    screens: list[BrowserContext] = []

    def open_one(app: RunningApp, size: dict[str, object], locale: str = "en-GB") -> BrowserContext:
        screen = browser.new_context(base_url=app.url, locale=locale, **size)  # type: ignore[arg-type]
        screens.append(screen)
        return screen

    yield open_one
    report = request.node.stash.get(REPORT, None)
    if report is not None and report.failed:
        _keep_pictures(request.node.nodeid, screens)
    for screen in screens:
        screen.close()


@pytest.fixture
def tablet(open_screen: OpenScreen, server: RunningApp) -> BrowserContext:
    """A tablet held upright, on `server`."""
    return open_screen(server, TABLET)


@pytest.fixture
def laptop(open_screen: OpenScreen, server: RunningApp) -> BrowserContext:
    """A laptop, on `server`."""
    return open_screen(server, LAPTOP)


def _keep_pictures(test: str, screens: list[BrowserContext]) -> None:
    FAILED_PICTURES.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]+", "_", test.removeprefix("tests/browser/"))
    pages = [page for screen in screens for page in screen.pages]
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=FAILED_PICTURES / f"{name}-{number}.png", full_page=True)
