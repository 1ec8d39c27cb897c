"""How often a page asks the database while it is drawn: as often for a long shelf as for a short one."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from benchmarks.shelf_company import MANAGER, PASSWORD, REP, Size, make_company
from data import database as database_module
from data.engine import create_engine_for
from data.sign_in import SignedIn, sign_in
from language import speaking
from tests.running_app import ROOT
from tests.sent_statements import counting

SMALL = Size(products=24, distributors=5, full=1, weeks=6, visits=8)
LARGE = Size(products=120, distributors=15, full=4, weeks=6, visits=40)
MOST = {
    "pages/visit/today.py": 30,
    "pages/visit/preparation.py": 45,
    "pages/visit/price_comparison.py": 22,
    "pages/visit/inventory.py": 31,
    "pages/visit/sales_mix.py": 27,
    "pages/visit/reconciliation.py": 21,
    "pages/visit/service.py": 12,
    "pages/visit/market.py": 12,
    "pages/visit/order_suggestion.py": 43,
    "pages/visit/coaching.py": 13,
    "pages/visit/wrap_up.py": 10,
    "pages/visit/submit.py": 11,
    "pages/visit/distributor.py": 28,
    "pages/office/visit_log.py": 7,
    "pages/review/queue.py": 56,
    "pages/review/market.py": 12,
}
"""The statements that each page may send while it is drawn anew with nothing remembered."""
OUTSIDE_VISITS = (
    "pages/visit/today.py", "pages/office/visit_log.py", "pages/review/queue.py", "pages/review/market.py",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """A company in a database that the app uses, with its begun visit."""

    engine: Engine
    visit: str
    distributor: str


@pytest.fixture(scope="module")
def worlds(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    """A small company and one that has more of everything."""
    return [_make(sqlite_template, tmp_path_factory.mktemp("company"), size) for size in (SMALL, LARGE)]


def _make(template: Path, folder: Path, size: Size) -> World:
    shutil.copyfile(template, folder / "company.sqlite")
    engine = create_engine_for(f"sqlite:///{folder / 'company.sqlite'}")
    visits, distributor = make_company(engine, folder / "company", datetime.now(UTC), size)
    return World(engine, visits[0], distributor)


@pytest.mark.parametrize("page", MOST)
def test_a_page_asks_no_more_often_for_more_of_everything(
    page: str, worlds: list[World], monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = (statements_of(page, world, monkeypatch) for world in worlds)
    assert many == few
    assert len(few) <= MOST[page], "\n".join(few)


def test_a_run_asks_once_who_it_is(worlds: list[World], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = statements_of("pages/visit/wrap_up.py", worlds[0], monkeypatch)
    assert len([each for each in asked if "sign_in_session" in each]) == 1


def statements_of(page: str, world: World, patch: pytest.MonkeyPatch) -> list[str]:
    """What a page asks when it is drawn again and nothing is remembered."""
    account = MANAGER if page.startswith("pages/review/") else REP
    now = datetime.now(UTC)
    done = sign_in(world.engine, account=account, password=PASSWORD, address="", now=now, demo_allowed=False)
    assert isinstance(done, SignedIn)
    for module in ("ui.current_user", "ui.visit_papers"):
        patch.setattr(f"{module}.session_token", lambda: done.token)
    patch.setenv("DATABASE_URL", str(world.engine.url))
    database_module.database.cache_clear()
    # what the test asks of a widget is formatted in its own thread, where nobody has chosen a language
    with speaking("en"), counting(database_module.database()) as statements:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.run()
        app.switch_page(page)
        if page.endswith("distributor.py"):
            app.query_params["distributor"] = world.distributor
        elif page not in OUTSIDE_VISITS:
            app.query_params["visit"] = world.visit
        app.run()
        st.cache_data.clear()
        st.cache_resource.clear()
        statements.clear()
        app.run()
    database_module.database().dispose()
    database_module.database.cache_clear()
    assert not app.exception
    assert not app.error
    return statements
