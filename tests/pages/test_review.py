"""The manager's queue and what he decides."""

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data.tables.visits import Comment, Directive, Visit
from tests.builders import NOW
from tests.pages.office import Office, shown, stored
from tests.pages.steps import begun, change, objective, typed

PAGE = "pages/review/queue.py"


def waiting(office: Office) -> str:
    return begun(office, state="submitted", submitted_at=NOW, summary="Shelf filled")


def open_queue(office: Office) -> AppTest:
    return office.open("zhoulan", PAGE)


def test_an_empty_queue_says_so_and_names_the_last_approved(office: Office) -> None:
    begun(office, state="approved", reviewed_at=NOW)
    text = shown(open_queue(office))
    assert "Nothing to review." in text
    assert "Hongda" in text


def test_the_card_shows_target_beside_actual(office: Office) -> None:
    objective(office, waiting(office), text="Autumn order", target=11000, actual=9800, result="partly")
    app = open_queue(office)
    assert "Shelf filled" in shown(app)
    row = app.table[0].value.iloc[0]
    assert [str(cell).replace("\\", "") for cell in row[:3]] == ["Autumn order", "¥11,000", "¥9,800"]


def test_approving_needs_no_comment(office: Office) -> None:
    waiting(office)
    app = open_queue(office)
    app.button(key="approve").click().run()
    assert stored(office, select(Visit.state)) == ["approved"]
    assert stored(office, select(Comment.id)) == []
    assert "Nothing to review." in shown(app)


def test_returning_without_a_comment_asks_for_it(office: Office) -> None:
    waiting(office)
    app = open_queue(office)
    app.button(key="return").click().run()
    assert "To return a visit" in shown(app)
    assert stored(office, select(Visit.state)) == ["submitted"]


def test_returning_keeps_the_comment(office: Office) -> None:
    visit_id = waiting(office)
    id_ = typed(office, "zhoulan", visit_id, "comment", "No prices")
    app = open_queue(office)
    app.button(key="return").click().run()
    assert stored(office, select(Visit.state)) == ["returned"]
    assert stored(office, select(Comment.text)) == ["No prices"]
    assert stored(office, select(Comment.id)) == [id_]


def test_a_directive_is_given_from_the_words_that_were_typed(office: Office) -> None:
    visit_id = waiting(office)
    id_ = typed(office, "zhoulan", visit_id, "directive", "Oolong back to policy")
    app = open_queue(office)
    app.button(key="directive").click().run()
    app.button(key="directive").click()
    app.button(key="directive_give").click().run()
    assert stored(office, select(Directive.id)) == [id_]
    assert stored(office, select(Directive.text)) == ["Oolong back to policy"]


def test_a_directive_without_words_is_asked_for(office: Office) -> None:
    waiting(office)
    app = open_queue(office)
    app.button(key="directive").click().run()
    app.button(key="directive").click()
    app.button(key="directive_give").click().run()
    assert "Directive: “—” cannot be kept. Say in a few words what is to be done." in shown(app)
    assert stored(office, select(Directive.id)) == []


def test_a_visit_decided_meanwhile_is_not_decided_again(office: Office) -> None:
    visit_id = waiting(office)
    app = open_queue(office)
    change(office, Visit, visit_id, state="returned")
    app.button(key="approve").click().run()
    assert stored(office, select(Visit.state)) == ["returned"]
    assert "Nothing to review." in shown(app)
