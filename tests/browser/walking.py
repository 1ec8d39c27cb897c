"""How a person goes through the app: signing in, waiting until a page is drawn, tapping what is written."""

from playwright.sync_api import BrowserContext, Locator, Page, expect

PASSWORD = "fieldvisit-demo"
HEADER_HEIGHT, ROW_HEIGHT = 40, 46
IDLE = '() => !document.querySelector(\'[data-testid="stApp"][data-test-script-state="running"]\')'


def sign_in(screen: BrowserContext, account: str) -> Page:
    """Signs in with the form, as anybody would, and waits for the first page."""
    page = screen.new_page()
    page.goto("/sign-in")
    page.fill("input[name=account]", account)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("[data-testid=stApp]")
    settle(page)
    return page


def settle(page: Page) -> None:
    """Waits until the page is drawn and nothing runs any more."""
    page.wait_for_timeout(150)
    page.wait_for_function(IDLE, timeout=30_000)
    page.wait_for_timeout(150)


def tap(page: Page, name: str, *, exact: bool = True, nth: int = 0) -> None:
    """Taps the button with this word."""
    page.get_by_role("button", name=name, exact=exact).nth(nth).click()
    settle(page)


def choose(page: Page, key: str, option: str) -> None:
    """Taps an option of the segmented control or the pills in the container of that key."""
    keyed(page, key).get_by_text(option, exact=True).first.click()
    settle(page)


def keyed(page: Page, key: str) -> Locator:
    """The element or container of a key."""
    return page.locator(f".st-key-{key}")


def fill(page: Page, label: str, value: str) -> None:
    """Types into the field of that label and leaves it."""
    field = page.get_by_label(label, exact=True).first
    field.fill(value)
    field.press("Tab")
    settle(page)


def use_language(page: Page, word: str) -> None:
    """Chooses the language on the user's own page."""
    page.goto("/account")
    settle(page)
    choose(page, "touch_language", word)


def expect_no_problem(page: Page) -> None:
    """Nothing on the page says that something went wrong."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def choose_row(page: Page, text: str, *, table: int = 0) -> None:
    """Ticks the row of a data frame that holds a text; the grid is a canvas with a table for screen readers."""
    grid = page.get_by_test_id("stDataFrame").nth(table)
    rows = grid.locator("canvas table tbody tr")
    expect(rows.filter(has_text=text).first).to_be_attached()
    number = next(n for n, row in enumerate(rows.all()) if text in (row.text_content() or ""))
    grid.scroll_into_view_if_needed()
    box = grid.locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + HEADER_HEIGHT + ROW_HEIGHT * number + ROW_HEIGHT / 2)
    settle(page)
