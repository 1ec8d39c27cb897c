"""The bar below every step."""

import pytest

from tests.pages.office import Office
from tests.pages.steps import begun, open_step
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
