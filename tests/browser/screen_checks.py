"""What may be wrong with a screen whatever stands on it: too wide, cut off, too low to tap, in the wrong language.

Each check looks at the page as it is drawn and says what it found; an empty list is a good screen.
"""

import re
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import TimeoutError as NotInTime

from language.translations import po_file

LEAST_HEIGHT = 44

SCRIPT = Path(__file__).with_suffix(".js")
FILLED = re.compile(r"\\\{[^{}]*\\\}")
MARKS = re.compile(r":[a-z]+(?:-badge)?\[|:material/\w+:|\*\*|\]")
NO_WORD = re.compile(r"\{[^{}]*\}|\W|\d")


def look(screen: BrowserContext) -> None:
    """Gives every page of a screen the functions that look at it."""
    screen.add_init_script(path=SCRIPT)


def wait_until_drawn(page: Page) -> None:
    """Waits until the page stands there whole and nothing has run for a moment; says what is missing."""
    try:
        page.wait_for_function("fieldvisitScreen.isDrawn()", timeout=60_000, polling=50)
    except NotInTime as problem:
        missing = page.evaluate("fieldvisitScreen.undrawn()")
        raise AssertionError(f"{page.url} is not drawn: {missing}") from problem


@lru_cache(maxsize=2)
def wrong_words(code: str) -> re.Pattern[str]:
    """What no text on a screen in this language may be: a text of the product in the other one."""
    with po_file("zh").open("rb") as file:
        catalog = read_po(file, locale="zh")
    english, chinese = set(), set()
    for message in catalog:
        english |= set(message.id if isinstance(message.id, tuple) else (message.id,))
        chinese |= set(message.string if isinstance(message.string, tuple) else (message.string,))
    wrong = english - chinese if code == "zh" else chinese - english
    texts = {MARKS.sub("", text).strip() for text in wrong if len(NO_WORD.sub("", text)) > 1}
    return re.compile("|".join(FILLED.sub(".*", re.escape(text)) for text in texts))


def problems(page: Page, code: str, typed: frozenset[str]) -> list[str]:
    """Everything that is wrong with the screen as it is drawn now.

    Args:
        page: The page, on a screen that `look` was told of.
        code: The language that it should speak.
        typed: What people typed, which stands there in their own language.
    """
    found: list[str] = page.evaluate("least => fieldvisitScreen.layout(least)", LEAST_HEIGHT)
    texts: list[str] = page.evaluate("fieldvisitScreen.texts()")
    found += [f"wrong language: {text}" for text in set(texts) - typed if wrong_words(code).fullmatch(text)]
    for place in (page.get_by_test_id("stException"), page.get_by_test_id("stAlertContentError")):
        found += [f"error: {text}" for text in place.all_inner_texts()]
    return found + [f"dialog: {text}" for text in page.get_by_role("dialog").all_inner_texts()]
