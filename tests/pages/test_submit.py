"""Submitting a visit: what is missing is named, a reason is asked for, and a card is read only afterwards."""

import pytest
from sqlalchemy import select

from data.access import Actor
from data.engine import writing
from data.entries import save_entries
from data.identifiers import new_id
from data.tables.visits import Visit
from tests.builders import NOW
from tests.pages.office import Office, shown, stored
from tests.pages.steps import TODAY, begun, objective, open_step
from ui import visit_frame
from ui.elements.reported import QueueReport

PAGE = "submit"


@pytest.fixture(autouse=True)
def nothing_waits_on_the_tablet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit_frame, "queue_state", lambda **_options: QueueReport(0, 0))


def test_missing_steps_are_named_and_lead_there(office: Office) -> None:
    app = open_step(office, PAGE, begun(office))
    assert "10 steps are not done." in shown(app)
    assert app.button(key="missing_stock").label == "Stock"


def test_without_a_reason_nothing_is_submitted(office: Office) -> None:
    app = open_step(office, PAGE, begun(office))
    app.button(key="bar_next").click().run()
    assert "Reason: “—” cannot be kept. Say why, in a few words." in shown(app)
    assert stored(office, select(Visit.state)) == ["draft"]


def test_with_a_reason_it_goes_to_the_manager_and_is_read_only(office: Office) -> None:
    visit_id = begun(office, incomplete_reason="The owner had to leave")
    objective(office, visit_id, text="Autumn order", result="missed", reason="January")
    app = open_step(office, PAGE, visit_id)
    app.button(key="bar_next").click().run()
    assert stored(office, select(Visit.state)) == ["submitted"]
    assert "This visit was submitted" in shown(app)
    assert "Submitted incomplete: The owner had to leave" in shown(app)
    assert app.button(key="bar_next").label == "Back to Today"


@pytest.mark.parametrize(("state", "may"), [("submitted", True), ("approved", True), ("returned", False)])
def test_a_correction_is_proposed_where_the_visit_takes_no_entries_any_more(
    office: Office, state: str, may: bool
) -> None:
    visit_id = begun(office, state=state, submitted_at=NOW, summary="Shelf filed")
    with writing(office.engine) as session:
        entry = {"id": new_id(), "user": office.users["limin"], "visit": visit_id, "row": "visit"}
        late = {**entry, "field": "summary", "value": "Shelf filled"}
        save_entries(session, Actor(office.users["limin"], "rep", TODAY), [late], NOW)
    text = shown(open_step(office, PAGE, visit_id))
    assert ("**Summary** → Shelf filled" in text) is may
    assert ("the report changes when the manager accepts it" in text) is may


def test_a_planned_visit_asks_for_no_reason(office: Office) -> None:
    app = open_step(office, PAGE, begun(office, state="planned", started_at=None))
    assert app.button(key="bar_next").label == "Back to Today"
    assert "10 steps are not done." in shown(app)


def test_the_manager_reads_the_card_and_submits_nothing(office: Office) -> None:
    visit_id = begun(office, state="approved", summary="All on the shelf")
    text = shown(open_step(office, PAGE, visit_id))
    assert "This visit was approved" in text
    assert "All on the shelf" in text
