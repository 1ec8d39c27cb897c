"""What frames every step: the bar below, and the start of a visit that is only planned."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.tables.visits import Visit
from tests.pages.office import Office, shown, stored
from tests.pages.steps import TODAY, begun, open_step
from ui.visit_frame import TAPPED


def test_a_tap_leads_to_the_next_step(office: Office) -> None:
    app = open_step(office, "service", begun(office))
    app.button(key="bar_next").click().run()
    assert app.subheader[0].value == "Market"


@pytest.mark.parametrize(
    ("step", "words", "title"),
    [
        ("service", "Next: Market", "Market"),
        ("market", "Next: Market", "Service and promotions"),
        ("service", "Check and submit", "Service and promotions"),
    ],
)
def test_a_tap_whose_run_was_cut_short_is_answered_by_the_next_run_and_by_no_other_step(
    office: Office, step: str, words: str, title: str
) -> None:
    visit = begun(office)
    app = open_step(office, "service", visit)
    app.session_state[TAPPED] = (visit, step, words)
    app.run()
    assert app.subheader[0].value == title
    assert TAPPED not in app.session_state


def test_a_planned_visit_says_what_waits_for_its_start_and_is_begun_there(office: Office) -> None:
    yesterday = TODAY - timedelta(days=1)
    app = open_step(office, "service", begun(office, state="planned", started_at=None, planned_on=yesterday))
    assert "This visit has not begun" in shown(app)
    app.button(key="start_here").click().run()
    assert stored(office, select(Visit.state)) == ["draft"]
    assert stored(office, select(Visit.planned_on)) == [TODAY]
    assert "This visit has not begun" not in shown(app)


def test_a_visit_of_a_later_day_keeps_its_day_while_it_is_prepared(office: Office) -> None:
    tomorrow = TODAY + timedelta(days=1)
    app = open_step(office, "service", begun(office, state="planned", started_at=None, planned_on=tomorrow))
    assert "This visit has not begun" in shown(app)
    assert "start_here" not in [button.key for button in app.button]
