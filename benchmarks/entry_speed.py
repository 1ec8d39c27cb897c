"""Entering on the pad against a native number input, the first load against a bare page, and the tab's memory.

Run `python -m benchmarks.entry_speed` from the checkout, with requirements-dev.lock installed: it drives a
Chromium of this machine. It starts the app itself, with 300 products, a third of them with lots, in an SQLite
file of its own. Contestants take turns in one run, so that a busy machine slows them alike; the median counts.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from data.engine import create_engine_for
from data.migrate import upgrade
from tests.browser import chromium
from tests.browser.conftest import FLAGS
from tests.browser.entry_screens import Counting, EntryScreen, Native
from tests.browser.fault_site import Device, Site, all_delivered, site_on

ROUNDS = 20
LOADS = 5
ENTRIES = 2_000
PRODUCTS = 300
SECONDS = 60.0

# From the key that ends the entry to the frame after what it says of the row has changed.
SHOWN = """([row, key]) => new Promise((resolve, reject) => {
  const find = root => root.querySelector(row) ||
    [...root.querySelectorAll("*")].map(one => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
  const place = find(document), before = place.innerText;
  const late = setTimeout(() => reject(new Error("nothing was shown")), 30000);
  let started;
  document.addEventListener("keydown", event => event.key === key && (started = performance.now()),
    {capture: true, once: true});
  const look = () => {
    if (started === undefined || place.innerText === before) return requestAnimationFrame(look);
    clearTimeout(late);
    resolve(performance.now() - started);
  };
  look();
})"""
TYPE_MANY = """async count => {
  const queue = globalThis[Symbol.for("fieldvisit.queue")];
  const press = key => document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  for (let number = 0; number < count; number += 1) {
    for (const digit of String(10000 + (window.typed = (window.typed ?? 0) + 1))) press(digit);
    press("Enter");
    while (number % 50 === 49 && queue.state().waiting) await new Promise(go => setTimeout(go, 20));
  }
}"""


def report(title: str, ours: list[float], theirs: list[float], name: str) -> None:
    """One line: both medians and their ratio."""
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"{title:42} ours {1000 * a:7.0f} ms   {name} {1000 * b:7.0f} ms   ratio {a / b:.2f}")


def until_stored(screen: EntryScreen, value: int) -> float:
    """The instant at which the database has the value."""
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        if value in screen.stored().values():
            return time.perf_counter()
        time.sleep(0.002)
    raise TimeoutError(f"{value} did not arrive within {SECONDS:.0f} s")


def measure_stored(site: Site, counting: Counting, native: Native) -> None:
    """Last key to committed row, in turn."""
    ours, theirs = [], []
    for value in range(100, 100 + ROUNDS):
        counting.type(site.company.shelf[1], str(value), enter=False)
        start = time.perf_counter()
        counting.page.keyboard.press("Enter")
        ours.append(until_stored(counting, value) - start)
        field = native.field(0)
        field.fill(str(value))
        start = time.perf_counter()
        field.press("Tab")
        theirs.append(until_stored(native, value) - start)
    report("value entered → in the database", ours, theirs, "native number")


def measure_shown(site: Site, counting: Counting, native: Native) -> None:
    """Last key to the word that the screen has for the value, in turn."""
    ours, theirs = [], []
    row = f'.line[data-row="{site.company.shelf[2]}"]'
    native.row(1).evaluate("element => element.setAttribute('data-measured', '')")
    for number in range(ROUNDS):
        value = str(300 + number)
        counting.type(site.company.shelf[2], value, enter=False)
        ours.append(_between(counting.page, row, "Enter"))
        native.field(1).fill(value)
        theirs.append(_between(native.page, "[data-measured]", "Tab"))
    report("value entered → said on the screen", ours, theirs, "native number")


def _between(page: Page, row: str, key: str) -> float:
    page.evaluate(f"arguments => {{ window.measured = ({SHOWN})(arguments); }}", [row, key])
    page.keyboard.press(key)
    return float(page.evaluate("window.measured")) / 1000


def measure_loads(browser: Browser, site: Site, visit: str, bare: str) -> None:
    """From the address to a screen that can be used, in a browser that has never been there; in turn."""
    ours, theirs = [], []
    for number in range(LOADS + 1):
        tablet = Device.of(browser, site)
        taken = _loaded(tablet.context, f"/stock?visit={visit}", "#open")
        tablet.context.close()
        stranger = browser.new_context(base_url=bare)
        other = _loaded(stranger, "/", "text=Nothing but this")
        stranger.close()
        # The first of each warms the servers.
        if number:
            ours.append(taken)
            theirs.append(other)
    report(f"first load, {PRODUCTS} products", ours, theirs, "bare page")


def _loaded(context: BrowserContext, path: str, ready: str) -> float:
    page = context.new_page()
    start = time.perf_counter()
    page.goto(path)
    page.locator(ready).first.wait_for(timeout=1000 * SECONDS)
    return time.perf_counter() - start


def measure_memory(counting: Counting) -> None:
    """The tab's JavaScript heap after collecting garbage, once through the shelf and 2,000 entries later."""
    probe = counting.page.context.new_cdp_session(counting.page)
    probe.send("Performance.enable")

    def megabytes() -> float:
        all_delivered(counting)
        counting.page.wait_for_timeout(3_000)
        probe.send("HeapProfiler.collectGarbage")
        metrics = probe.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize")) / 1e6

    counting.page.evaluate(TYPE_MANY, PRODUCTS)
    before = megabytes()
    counting.page.evaluate(TYPE_MANY, ENTRIES)
    after = megabytes()
    print(
        f"{f'memory of the tab, {ENTRIES:,} entries later':42} {after:.1f} MB   before {before:.1f} MB",
        end="",
    )
    print(f"   ratio {after / before:.2f}   {1000 * (after - before) / ENTRIES:.2f} kB an entry")


@contextmanager
def bare_page(folder: Path) -> Iterator[str]:
    """A Streamlit of its own that shows one sentence."""
    (folder / "bare.py").write_text('import streamlit as st\n\nst.write("Nothing but this")\n')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "runner.postScriptGC": "false",
        "server.fileWatcherType": "none",
    }
    command = [sys.executable, "-m", "streamlit", "run", "bare.py"]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    with (folder / "bare.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "HOME": str(folder)}, stdout=log, stderr=log
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(lambda: urllib.request.urlopen(f"{url}/_stcore/health", timeout=5).close())
        yield url
    finally:
        process.kill()
        process.wait()


def _wait_for(ask: Callable[[], None]) -> None:
    end = time.monotonic() + 2 * SECONDS
    while True:
        try:
            ask()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def main() -> None:
    """Starts the two servers and a browser, measures, and prints a line a question."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with tempfile.TemporaryDirectory(prefix="fieldvisit-entry-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        engine = create_engine_for(url)
        upgrade(engine)
        engine.dispose()
        with (
            site_on("sqlite", url, folder, products=PRODUCTS, lots_every=3) as site,
            bare_page(folder) as bare,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=chromium.find(), args=flags) as browser,
        ):
            visit = site.company.visit()
            tablet = Device.of(browser, site)
            counting, native = tablet.screen(Counting, visit), tablet.screen(Native, visit)
            print(f"Medians of {ROUNDS} rounds ({LOADS} loads), in turn; ratio = ours / theirs\n")
            measure_shown(site, counting, native)
            measure_stored(site, counting, native)
            measure_loads(browser, site, visit, bare)
            measure_memory(counting)


if __name__ == "__main__":
    main()
