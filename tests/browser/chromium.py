"""Finds the Chromium that the browser tests drive; as a command, also gets one where there is none.

.venv/bin/python -m tests.browser.chromium
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium and found none: install the package chromium, "
    "name a program in FIELDVISIT_CHROMIUM, "
    "or leave these tests out by hand with FIELDVISIT_BROWSER_TESTS=off."
)
DRIVER_FAILS = (
    "The browser tests need Playwright, which does not start here: install the package libatomic1, "
    "or leave these tests out by hand with FIELDVISIT_BROWSER_TESTS=off."
)


class ChromiumMissing(Exception):
    """There is no Chromium; the message says what to do."""


def find() -> Path:
    """The Chromium to use: the one named in FIELDVISIT_CHROMIUM, else the system's, else Playwright's own.

    Raises:
        ChromiumMissing: There is none, or the named one is no program.
    """
    named = os.environ.get("FIELDVISIT_CHROMIUM")
    if named:
        if not os.access(named, os.X_OK) or Path(named).is_dir():
            raise ChromiumMissing(f"FIELDVISIT_CHROMIUM names {named}, which is no program.")
        return Path(named)
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path is not None:
        return Path(on_path)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    raise ChromiumMissing(MISSING)


def get() -> Path:
    """A Chromium that starts; where there is none, fetches Playwright's own, else Debian's package when root.

    Raises:
        ChromiumMissing: None was to be had, or the one there is does not start.
    """
    _start_driver()
    if os.environ.get("FIELDVISIT_CHROMIUM"):
        return _started(find())
    if not _have_one():
        print("No Chromium here yet: trying Playwright's own.")
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    # Playwright's download comes without the system libraries that it needs; Debian's package brings them.
    if not _have_one():
        _install("chromium", "fonts-noto-cjk")
    return _started(find())


def _start_driver() -> None:
    """Makes sure that Playwright itself runs: a small Debian lacks a library that its driver needs."""
    driver = (sys.executable, "-m", "playwright", "--version")
    if _run(*driver):
        return
    _install("libatomic1")
    if not _run(*driver):
        raise ChromiumMissing(DRIVER_FAILS)


def _have_one() -> bool:
    try:
        _started(find())
    except ChromiumMissing:
        return False
    return True


def _started(program: Path) -> Path:
    if not _run(str(program), "--version"):
        raise ChromiumMissing(f"{program} does not start. {MISSING}")
    return program


def _install(*packages: str) -> None:
    """Installs Debian packages where that can be done without asking, that is as root."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' '.join(packages)} for the browser tests.")
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)


def _run(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode == 0


def main() -> int:
    """Prints the program that the browser tests will drive, or the sentence that says why there is none."""
    if os.environ.get("FIELDVISIT_BROWSER_TESTS", "").lower() == "off":
        print("Browser tests are switched off by FIELDVISIT_BROWSER_TESTS=off.")
        return 0
    try:
        print(f"Browser tests use {get()}.")
    except ChromiumMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
