"""The market step as the rep sees it."""

from datetime import timedelta

from sqlalchemy import select

from data.tables.visits import MarketNote
from tests.builders import NOW
from tests.pages.office import Office, shown, stored
from tests.pages.steps import TODAY, begun, keep, open_step, typed

PAGE = "market"


def note(office: Office, visit_id: str, text: str, days_ago: int = 0) -> str:
    given = {"distributor_id": office.hongda, "topic": "price", "noted_by": office.users["limin"]}
    record = MarketNote(visit_id=visit_id, text=text, noted_at=NOW - timedelta(days=days_ago), **given)
    return keep(office, record)


def test_an_empty_step_says_what_to_ask(office: Office) -> None:
    text = shown(open_step(office, PAGE, begun(office)))
    assert "**0 things learned today**; 0 prospects found." in text
    assert "Ask what moved since last time" in text


def test_only_what_was_learned_today_can_be_changed(office: Office) -> None:
    before = note(office, office.visit(office.hongda, planned_on=TODAY - timedelta(days=9)), "Old news", 9)
    visit_id = begun(office)
    today = note(office, visit_id, "Hengyue cut its prices")
    app = open_step(office, PAGE, visit_id)
    assert "**1 thing learned today**" in shown(app)
    assert "Old news" in shown(app)
    keys = [button.key for button in app.button]
    assert f"note_{today}" in keys
    assert f"note_{before}" not in keys


def test_what_people_type_stays_what_it_is(office: Office) -> None:
    visit_id = begun(office)
    note(office, visit_id, "**bold** :red[x] $5 <b>")
    raw = [element.value for element in open_step(office, PAGE, visit_id).markdown]
    assert any(r"\*\*bold\*\* \:red\[x\] \$5 \<b\>" in value for value in raw)


def test_a_visit_submitted_takes_no_notes(office: Office) -> None:
    keys = [button.key for button in open_step(office, PAGE, begun(office, state="submitted")).button]
    assert not {"add_note", "add_prospect"} & set(keys)


def test_the_words_typed_become_a_note_under_their_id(office: Office) -> None:
    visit_id = begun(office)
    id_ = typed(office, "limin", visit_id, "market_note", "Hengyue cut its prices")
    app = open_step(office, PAGE, visit_id)
    app.button(key="add_note").click().run()
    app.button(key="add_note").click()
    app.button(key="note_save").click().run()
    assert "Hengyue cut its prices" in shown(app)
    assert stored(office, select(MarketNote.id)) == [id_]
