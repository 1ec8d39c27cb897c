"""Prepare as the rep sees it: what is owed, what was missed, what is new, and the objectives he sets."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from data.engine import writing
from data.tables.distributors import DistributorAssignment
from data.tables.visits import Directive, NewsItem, Objective, Promise, VisitStep
from tests.pages.office import Office, shown, stored
from tests.pages.steps import TODAY, begun, change, directive, keep, objective, open_step, promise

PAGE = "preparation"


def test_the_first_visit_says_so_and_that_nothing_is_owed(office: Office) -> None:
    text = shown(open_step(office, PAGE, begun(office)))
    assert "first visit" in text
    assert "New distributor: profile first" in text
    assert "Looking back" not in text
    assert "0 promises and directives are open" in text


def test_what_the_last_visit_left_open_stands_there(office: Office) -> None:
    before = office.visit(office.hongda, days_ago=9)
    directive(office, before, "Oolong back to policy")
    promise(office, visit_id=before)
    objective(
        office, before, text="Shelf contract", result="missed", reason="January", next_time="Bring a draft"
    )
    text = shown(open_step(office, PAGE, begun(office)))
    for words in ("Oolong back to policy", "Two racks", "Shelf contract", "January · Bring a draft"):
        assert words in text
    assert "2 promises and directives are open" in text


def test_an_own_visit_of_long_ago_is_read_after_a_handover(office: Office) -> None:
    before = office.visit(office.hongda, days_ago=9, state="approved")
    with writing(office.engine) as session:
        session.execute(update(DistributorAssignment).values(to_on=TODAY - timedelta(days=1)))
    assert "Prepare" in shown(open_step(office, PAGE, before))


def test_news_is_told_and_not_only_its_day(office: Office) -> None:
    keep(
        office,
        NewsItem(
            kind="company",
            text="新厂投产",
            text_en="A new plant",
            from_on=TODAY - timedelta(days=2),
            to_on=TODAY + timedelta(days=20),
        ),
    )
    assert "A new plant" in shown(open_step(office, PAGE, begun(office)))


def test_a_directive_is_reported_done_and_the_report_can_be_taken_back(office: Office) -> None:
    key = f"directive_{directive(office, office.visit(office.hongda, days_ago=9), 'Count the racks')}"
    app = open_step(office, PAGE, begun(office))
    app.segmented_control(key=key).set_value("done").run()
    assert len(stored(office, select(Directive.id).where(Directive.done_at.is_not(None)))) == 1
    assert app.segmented_control(key=key).value == "done"
    app.segmented_control(key=key).set_value("open").run()
    assert stored(office, select(Directive.id).where(Directive.done_at.is_not(None))) == []


def test_a_promise_is_closed_and_the_tap_can_be_taken_back(office: Office) -> None:
    key = f"promise_{promise(office)}"
    app = open_step(office, PAGE, begun(office))
    app.segmented_control(key=key).set_value("kept").run()
    assert stored(office, select(Promise.state)) == ["kept"]
    assert "0 promises and directives are open" in shown(app)
    app.segmented_control(key=key).set_value("open").run()
    assert stored(office, select(Promise.state)) == ["open"]


def test_a_promise_closed_in_an_earlier_visit_stands_there_no_more(office: Office) -> None:
    before = office.visit(office.hongda, days_ago=9)
    promise(office, state="kept", closed_visit_id=before)
    assert "Two racks" not in shown(open_step(office, PAGE, begun(office)))


def test_who_was_slower_sees_both_answers_and_chooses(office: Office) -> None:
    id_ = promise(office)
    app = open_step(office, PAGE, begun(office))
    change(office, Promise, id_, state="broken")
    app.segmented_control(key=f"promise_{id_}").set_value("kept").run()
    assert "Somebody changed this meanwhile to “broken”; yours is “kept”" in shown(app)
    assert stored(office, select(Promise.state)) == ["broken"]
    app.button(key="conflict_mine").click().run()
    assert stored(office, select(Promise.state)) == ["kept"]
    assert "Somebody changed" not in shown(app)


def test_an_objective_missed_last_time_is_taken_over_once(office: Office) -> None:
    missed = objective(
        office, office.visit(office.hongda, days_ago=9), text="Shelf contract", result="missed"
    )
    app = open_step(office, PAGE, begun(office))
    app.button(key=f"carry_{missed}").click().run()
    assert stored(office, select(Objective.text).where(Objective.carried_from == missed)) == [
        "Shelf contract"
    ]
    assert "taken over" in shown(app)
    assert [button.key for button in app.button if button.key == f"carry_{missed}"] == []


def test_an_objective_is_added_and_the_step_is_begun(office: Office) -> None:
    app = open_step(office, PAGE, begun(office))
    app.text_input(key="new_objective_text").set_value("Autumn order")
    app.text_input(key="new_objective_target").set_value("11,000")
    app.button(key="new_objective_add").click().run()
    assert [str(row) for row in stored(office, select(Objective.target))] == ["11000.0000"]
    assert stored(office, select(VisitStep.state)) == ["begun"]
    assert app.text_input(key="new_objective_text").value == ""


@pytest.mark.parametrize("typed", ["ten", "-5", "nan", "Infinity", "1e40", "1.23456", "１２ｘ"])
def test_a_target_that_is_no_number_is_named_and_nothing_is_kept(office: Office, typed: str) -> None:
    app = open_step(office, PAGE, begun(office))
    app.text_input(key="new_objective_text").set_value("Autumn order")
    app.text_input(key="new_objective_target").set_value(typed)
    app.button(key="new_objective_add").click().run()
    assert not app.exception
    assert [error.value.split(":")[0] for error in app.error] == ["Target"]
    assert stored(office, select(Objective.id)) == []
    assert app.text_input(key="new_objective_text").value == "Autumn order"


@pytest.mark.parametrize("visit_id", ["", "nonsense", "'; DROP TABLE visit; --", "0" * 5000])
def test_a_visit_that_does_not_exist_leads_back(office: Office, visit_id: str) -> None:
    app = open_step(office, PAGE, visit_id)
    assert "This visit is not among yours, or it does not exist." in shown(app)
    assert [button.key for button in app.button] == ["back_to_today"]


def test_another_reps_visit_is_as_good_as_none(office: Office) -> None:
    assert "not among yours" in shown(open_step(office, PAGE, begun(office), account="chentao"))


def test_a_submitted_visit_is_read_and_no_longer_changed(office: Office) -> None:
    promise(office)
    app = open_step(office, PAGE, begun(office, state="submitted"))
    assert "This visit was submitted" in shown(app)
    assert all(control.disabled for control in app.segmented_control)
    assert [button.key for button in app.button if button.key == "new_objective_add"] == []
