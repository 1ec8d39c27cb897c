"""What a step remembers of the market holds until somebody changes it, and is asked for anew within the minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import streamlit as st
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from data.engine import writing
from data.tables.visits import Visit
from tests import builders
from tests.builders import NOW
from tests.pages.office import Office
from ui.latest_changes import _stamp, _stamp_around

HEAVY = {
    "pages/visit/price_comparison.py": "price_observation",
    "pages/visit/inventory.py": "stock_count",
    "pages/visit/order_suggestion.py": "stock_count",
    "pages/visit/sales_mix.py": "sell_out",
    "pages/visit/preparation.py": "price_observation",
    "pages/visit/today.py": "price_observation",
}
"""What each page reads of others or of the office, and keeps."""


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def opened(office: Office, page: str) -> AppTest:
    with writing(office.engine) as session:
        builders.product(session, "TEA")
    visit = office.visit(office.hongda, state="draft", started_at=NOW)
    app = office.open("limin", page, {"visit": visit})
    # the first run notes which step was opened
    return app.run()


def colleague_enters(office: Office, at: datetime) -> None:
    with writing(office.engine) as session:
        other = builders.distributor(session, "D77", office.market, office.users["chentao"])
        visit = builders.visit(session, other, office.users["chentao"])
        session.get_one(Visit, visit).changed_at = at


def a_minute_passes() -> None:
    _stamp.clear()
    _stamp_around.clear()


@contextmanager
def asking(office: Office, table: str) -> Iterator[list[str]]:
    """The statements about a table that are sent meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if table in statement:
            asked.append(statement)

    event.listen(office.engine.__class__, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(office.engine.__class__, "before_cursor_execute", note)


@pytest.mark.parametrize("page", HEAVY)
def test_a_touch_asks_nothing_that_nobody_has_changed(page: str, office: Office) -> None:
    app = opened(office, page)
    a_minute_passes()
    with asking(office, HEAVY[page]) as asked:
        app.run()
    assert not asked


@pytest.mark.parametrize("page", HEAVY)
def test_what_a_colleague_enters_is_asked_for_within_the_minute(page: str, office: Office) -> None:
    app = opened(office, page)
    colleague_enters(office, NOW + timedelta(minutes=3))
    a_minute_passes()
    with asking(office, HEAVY[page]) as asked:
        app.run()
    assert asked
