"""What the tests do and look at: taps on the pad, and what the server has."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route

SECONDS = 20.0


def tap(page: Page, *keys: str) -> None:
    """Taps keys of the pad: digits one by one, other keys by their code (`next`, `none`, `back`, …)."""
    for key in keys:
        for one in key if key[0].isdigit() else [key]:
            page.locator(f'[data-act="{one}"]').tap()


def opened(page: Page) -> str:
    """What stands in the open cell."""
    return page.locator("#open").inner_text()


def cell(page: Page, row: str, field: str, lot: str = "") -> str:
    """What stands in a cell."""
    return page.locator(
        f'.line[data-row="{row}"][data-lot="{lot}"] [data-field="{field}"]'
    ).first.inner_text()


def check(page: Page, row: str) -> str:
    """What the check column says about a product."""
    return page.locator(f'.line[data-row="{row}"] .check').first.inner_text().replace("\n", " ")


def says(page: Page) -> str:
    """What the foot of the element says about the queue."""
    return page.locator(".queue").first.inner_text()


def server(page: Page, visit: str, at: str = "") -> dict[str, Any]:
    """What the server holds of a visit: `log`, and `current` by row, lot and field."""
    root = at or "/".join(page.url.split("/")[:3])
    stored = page.context.request.get(f"{root}/stored").json()
    log = [one for one in stored["log"] if one["visit"] == visit]
    current = {
        (one["row"], one["lot"], one["field"]): one["value"]
        for one in stored["current"]
        if one["visit"] == visit
    }
    conflicts = [one for one in stored["conflicts"] if one["visit"] == visit]
    attachments = [one for one in stored["attachments"] if one["visit"] == visit]
    return {"log": log, "current": current, "conflicts": conflicts, "attachments": attachments}


def until(question: Callable[[], Any], wanted: Any, page: Page, seconds: float = SECONDS) -> None:
    """Waits until the answer is the wanted one; fails with the last answer."""
    end = time.monotonic() + seconds
    answer = question()
    while answer != wanted and time.monotonic() < end:
        page.wait_for_timeout(100)
        answer = question()
    assert answer == wanted, f"{answer!r} and not {wanted!r}"


def holds(page: Page, visit: str, wanted: dict[tuple[str, str | None, str], Any]) -> None:
    """Waits until the server's current values of a visit are these."""
    until(lambda: server(page, visit)["current"], wanted, page)


def refuse(page: Page, path: str = "**/entries") -> None:
    """From now on the connection is refused."""
    page.route(path, lambda route: route.abort("connectionrefused"))


def swallow(page: Page, path: str = "**/entries") -> None:
    """From now on nothing answers: a black hole."""
    page.route(path, lambda route: None)


def answer(page: Page, status: int, path: str = "**/entries") -> None:
    """From now on the server answers with this status."""
    page.route(path, lambda route: route.fulfill(status=status, body="{}"))


def drop_replies(page: Page, path: str = "**/entries") -> list[int]:
    """From now on requests arrive and their replies are lost; the list grows by one status each time."""
    lost: list[int] = []

    def pass_on(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page.route(path, pass_on)
    return lost


def mend(page: Page, path: str = "**/entries") -> None:
    """The link is well again."""
    page.unroute(path)


def kept(page: Page, box: str = "entries") -> list[dict[str, Any]]:
    """What lies in one of the boxes of this browser."""
    found: list[dict[str, Any]] = page.evaluate(
        """box => new Promise((resolve, reject) => {
            const opening = indexedDB.open("fieldvisit");
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => {
                const all = opening.result.transaction(box).objectStore(box).getAll();
                all.onsuccess = () => { opening.result.close(); resolve(all.result.map(({blob, ...rest}) => rest)); };
            };
        })""",
        box,
    )
    return found


def hold(page: Page, box: str = "entries") -> Callable[[], None]:
    """Keeps one of the boxes of this browser busy, so that every other page waits for it.

    Args:
        page: A page that is not looked at otherwise.
        box: The box.

    Returns:
        What lets it go again.
    """
    page.evaluate(
        """box => new Promise((resolve, reject) => {
            window.isHolding = true;
            const opening = indexedDB.open("fieldvisit");
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => {
                const store = opening.result.transaction(box, "readwrite").objectStore(box);
                const again = () => {
                    resolve();
                    if (window.isHolding) store.count().onsuccess = again;
                    else opening.result.close();
                };
                again();
            };
        })""",
        box,
    )
    return lambda: page.evaluate("window.isHolding = false")
