"""Every screen of every role in both languages and at both sizes: nothing too wide, cut off, small or foreign.

A picture of each is left in `screenshots`, named screen-language-size, to be looked at.
"""

from datetime import date

import pytest
from playwright.sync_api import ConsoleMessage, Page
from sqlalchemy import select

from data.engine import create_engine_for, reading
from data.tables.company import User
from data.tables.distributors import Distributor
from data.tables.visits import Objective, Visit
from language import NAMES
from tests.browser.addresses import PAGES, STEPS
from tests.browser.conftest import LAPTOP, TABLET, OpenScreen
from tests.browser.screen_checks import look, problems, wait_until_drawn
from tests.browser.walking import sign_in, use_language
from tests.running_app import ROOT, RunningApp

PICTURES = ROOT / "screenshots"
SIZES = {"820x1180": TABLET["viewport"], "1280x800": LAPTOP["viewport"]}
FIRST_VISIT = "Jinhui Foods"


def visit_to_look_at(app: RunningApp, kind: str) -> str:
    """The rep's visit that is begun and full of entries, or the one to a distributor never visited before."""
    query = select(Visit.id).join(User, User.id == Visit.rep_id).where(User.account == "limin")
    if kind == "full":
        query = query.where(Visit.state == "draft", Visit.planned_on > date(2000, 1, 1))
    else:
        query = query.join(Distributor, Distributor.id == Visit.distributor_id)
        query = query.where(Distributor.short_name_en == FIRST_VISIT, Visit.state == "planned")
    with reading(create_engine_for(app.database_url)) as session:
        return session.scalars(query.order_by(Visit.planned_on)).first() or ""


def objectives_typed(app: RunningApp) -> frozenset[str]:
    """The objectives of the demo, written by its reps in Chinese, some with the words of a kind."""
    with reading(create_engine_for(app.database_url)) as session:
        return frozenset(session.scalars(select(Objective.text)))


def addresses(app: RunningApp, account: str) -> dict[str, str]:
    """Every screen of an account by the name of its picture."""
    outside = {f"{account}-{path}": f"/{path}" for path in PAGES[account] if path not in STEPS}
    if account != "limin":
        return outside
    full, empty = (visit_to_look_at(app, kind) for kind in ("full", "empty"))
    return {
        **{f"visit-{step}": f"/{step}?visit={full}" for step in STEPS},
        **outside,
        **{f"first-visit-{step}": f"/{step}?visit={empty}" for step in STEPS},
    }


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("account", PAGES)
def test_every_screen_fits_its_size_and_its_language(
    account: str, code: str, server: RunningApp, open_screen: OpenScreen
) -> None:
    screen = open_screen(server, TABLET)
    look(screen)
    page = sign_in(screen, account)
    use_language(page, NAMES[code])
    said: list[str] = []
    page.on("console", lambda message: said.append(in_words(message)))
    page.on("pageerror", lambda error: said.append(str(error)))
    typed = objectives_typed(server)
    found = []
    for name, address in addresses(server, account).items():
        found += look_at(page, f"{name}-{code}", address, code, typed)
        found += [f"{name}-{code}: console: {text}" for text in said if text]
        said.clear()
    assert not found, "\n".join(found)


def look_at(page: Page, name: str, address: str, code: str, typed: frozenset[str]) -> list[str]:
    """What is wrong with a screen at each size; a picture of each."""
    go(page, address)
    found = []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        wait_until_drawn(page)
        found += [f"{name}-{size}: {problem}" for problem in problems(page, code, typed)]
        page.screenshot(path=PICTURES / f"{name}-{size}.png")
    return found


def go(page: Page, address: str) -> None:
    """Opens an address; the next step of the same visit by the stepper, as a person does."""
    step, _question, visit = address.strip("/").partition("?visit=")
    if visit and visit in page.url:
        page.locator(f".st-key-step_{step.replace('-', '_')} button").click()
        page.wait_for_url(f"**{address}")
    else:
        page.goto(address)


def in_words(message: ConsoleMessage) -> str:
    """An error on the browser's console; empty for two things that Streamlit does by itself.

    Below a deep link it looks for its server in one place too deep, and it asks for the picture of a page with an
    icon from outside, which the content policy refuses.
    """
    text = f"{message.text} {message.location.get('url', '')}"
    is_search = "404" in text and text.endswith(("/_stcore/health", "/_stcore/host-config"))
    is_refused_picture = "materialsymbolsrounded" in text and "Content Security Policy" in text
    return "" if is_search or is_refused_picture or message.type != "error" else text
