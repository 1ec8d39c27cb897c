"""A Chromium and the page of `harness.py`, for the tests of the own elements."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import browser as chromium_of_this_file

ROOT = Path(__file__).parents[3]

browser = chromium_of_this_file


@dataclass
class Harness:
    """The harness in a process of its own; `kill` and `start` again stand for a server that dies."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        inherited = {name: text for name, text in os.environ.items() if not name.startswith("STREAMLIT_")}
        variables = {"HOME": str(self.folder), "HARNESS_STORE": str(self.folder / "entries.jsonl")}
        options = [
            "--server.port",
            str(self.port),
            "--server.address",
            "127.0.0.1",
            "--client.showErrorDetails",
            "full",
        ]
        with (self.folder / "harness.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "tests/elements/harness.py", *options],
                cwd=ROOT,
                env={**inherited, **variables, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + 90
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "harness.log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    running = Harness(tmp_path_factory.mktemp("harness"), free_port())
    running.start()
    yield running
    running.kill()


@pytest.fixture
def tablet(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True)
    yield context
    context.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(tablet: BrowserContext, harness: Harness, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens the harness: `open_page(kind="prices", user="ben")`; the visit is this test's own.

    A page that threw an error fails its test.
    """
    errors: list[str] = []

    def opened(context: BrowserContext | None = None, at: str = "", **query: str) -> Page:
        page = (context or tablet).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{at or harness.url}/?{urlencode({'visit': request.node.name, **query})}")
        page.locator(".queue").first.wait_for(state="attached")
        if query.get("kind", "count") in ("count", "prices"):
            page.locator("#open").wait_for()
        return page

    yield opened
    assert errors == []
