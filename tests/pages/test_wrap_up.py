"""Wrap-up as the rep sees it, and what happens when a page fails."""

import logging
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from data import promises
from data.engine import writing
from data.tables.orders import Order, OrderLine
from data.tables.visits import Objective, Promise, Visit, VisitStep
from tests import builders
from tests.builders import NOW
from tests.pages.office import Office, shown, stored
from tests.pages.steps import TODAY, begun, change, keep, objective, open_step, promise, typed

PAGE = "wrap_up"


def test_nothing_set_and_nothing_promised_is_said(office: Office) -> None:
    text = shown(open_step(office, PAGE, begun(office)))
    assert "0 steps are done." in text
    assert "None were set for this visit." in text
    assert "None made. Promise little" in text


def test_a_skipped_step_stands_first_with_its_reason(office: Office) -> None:
    visit_id = begun(office)
    for step, state, reason in (("market", "skipped", "Heavy rain."), ("stock", "done", "")):
        keep_step(office, visit_id, step, state, reason)
    assert "**Market** skipped: Heavy rain. 1 other step is done." in shown(open_step(office, PAGE, visit_id))


def keep_step(office: Office, visit_id: str, step: str, state: str, reason: str) -> None:
    with writing(office.engine) as session:
        session.add(VisitStep(visit_id=visit_id, step=step, state=state, reason=reason, changed_at=NOW))


def test_target_and_actual_stand_beside_each_other(office: Office) -> None:
    visit_id = begun(office)
    objective(office, visit_id, target=Decimal(11000), actual=Decimal(9800))
    text = shown(open_step(office, PAGE, visit_id))
    assert "¥11,000" in text
    assert "actual ¥9,800" in text


def test_an_order_with_a_line_without_a_price_says_the_least_that_was_reached(office: Office) -> None:
    visit_id = begun(office)
    objective(office, visit_id, target=Decimal(11000))
    order = keep(
        office,
        Order(
            number="1",
            visit_id=visit_id,
            distributor_id=office.hongda,
            state="signed",
            tax_basis="excluded",
            created_by=office.users["limin"],
            created_at=NOW,
            changed_at=NOW,
        ),
    )
    for code, price in (("TEA", Decimal(2)), ("JUICE", None)):
        with writing(office.engine) as session:
            product = builders.product(session, code)
        line = {"order_id": order, "product_id": product, "quantity": 150, "pack_size": 15}
        keep(office, OrderLine(**line, unit_price=price))
    assert "actual at least ¥300" in shown(open_step(office, PAGE, visit_id))


def test_an_objective_not_reached_is_kept_with_its_result(office: Office) -> None:
    visit_id = begun(office)
    key = f"result_{objective(office, visit_id)}"
    app = open_step(office, PAGE, visit_id)
    app.segmented_control(key=key).set_value("missed").run()
    assert stored(office, select(Objective.result)) == ["missed"]
    assert stored(office, select(VisitStep.state).where(VisitStep.step == "wrap_up")) == ["begun"]


def test_a_result_given_on_another_tablet_meanwhile_is_shown_and_stays_when_chosen(office: Office) -> None:
    visit_id = begun(office)
    id_ = objective(office, visit_id)
    app = open_step(office, PAGE, visit_id)
    change(office, Objective, id_, result="reached")
    app.segmented_control(key=f"result_{id_}").set_value("missed").run()
    assert "meanwhile to “reached”; yours is “missed”" in shown(app)
    app.button(key="conflict_theirs").click().run()
    assert stored(office, select(Objective.result)) == ["reached"]
    assert "meanwhile" not in shown(app)


def test_the_promises_of_this_visit_are_listed(office: Office) -> None:
    visit_id = begun(office)
    promise(office, visit_id=visit_id)
    assert "**Two racks**" in shown(open_step(office, PAGE, visit_id))


def test_the_words_typed_become_a_promise_under_their_id(office: Office) -> None:
    visit_id = begun(office)
    id_ = typed(office, "limin", visit_id, "promise", "Two racks")
    app = open_step(office, PAGE, visit_id)
    app.button(key="add_promise").click().run()
    app.date_input(key="promise_due_new").set_value(TODAY + timedelta(days=3))
    app.button(key="add_promise").click()
    app.button(key="promise_save").click().run()
    assert "**Two racks**" in shown(app)
    assert (stored(office, select(Promise.id)), stored(office, select(Promise.due_on))) == (
        [id_],
        [TODAY + timedelta(days=3)],
    )


def test_a_promise_without_words_is_asked_for(office: Office) -> None:
    app = open_step(office, PAGE, begun(office))
    app.button(key="add_promise").click().run()
    app.button(key="add_promise").click()
    app.button(key="promise_save").click().run()
    assert "Promise: “—” cannot be kept. Say in a few words what is promised." in shown(app)


def test_a_change_of_the_day_leaves_the_words_to_their_own_entry(office: Office) -> None:
    visit_id = begun(office)
    id_ = promise(office, visit_id=visit_id)
    app = open_step(office, PAGE, visit_id)
    app.button(key=f"edit_{id_}").click().run()
    change(office, Promise, id_, text="Three racks")
    app.date_input(key=f"promise_due_{id_}").set_value(TODAY + timedelta(days=9))
    app.button(key=f"edit_{id_}").click()
    app.button(key="promise_save").click().run()
    assert stored(office, select(Promise.text)) == ["Three racks"]
    assert stored(office, select(Promise.due_on)) == [TODAY + timedelta(days=9)]


def test_the_next_visit_is_planned_on_the_day_chosen(office: Office) -> None:
    app = open_step(office, PAGE, begun(office))
    app.date_input(key="next_visit").set_value(TODAY + timedelta(days=14)).run()
    planned = select(Visit.planned_on).where(Visit.state == "planned")
    assert stored(office, planned) == [TODAY + timedelta(days=14)]


def test_a_page_that_fails_shows_a_number_that_is_in_the_log(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("the cause")

    visit_id = begun(office)
    monkeypatch.setattr(promises, "promises_made", fail)
    with caplog.at_level(logging.ERROR, logger="fieldvisit.screens"):
        app = open_step(office, PAGE, visit_id)
    said = re.search(r"the number ([0-9a-f]{8})", app.error[0].value)
    assert said is not None
    failed = [record for record in caplog.records if record.message == "page failed"]
    assert said[1] in [record.__dict__["error_number"] for record in failed]
    assert "the cause" in caplog.text
    assert "the cause" not in shown(app)
    assert app.button(key="step_prepare")
