"""Talk and coach as the rep sees it."""

from datetime import timedelta

from sqlalchemy import select

from data.tables.visits import NewsItem, Talk
from tests.builders import NOW
from tests.pages.office import Office, shown, stored
from tests.pages.steps import TODAY, begun, change, keep, open_step, typed

PAGE = "coaching"


def news(office: Office) -> str:
    days = {"from_on": TODAY - timedelta(days=2), "to_on": TODAY + timedelta(days=9)}
    return keep(office, NewsItem(kind="company", text="新厂投产", text_en="A new plant", **days))


def test_an_office_without_news_is_said(office: Office) -> None:
    text = shown(open_step(office, PAGE, begun(office)))
    assert "**0 of 0 news told**; 0 pieces of coaching recorded." in text
    assert "The office has no news at the moment." in text


def test_an_answer_is_kept_counted_and_taken_back(office: Office) -> None:
    key = f"news_{news(office)}"
    app = open_step(office, PAGE, begun(office))
    app.segmented_control(key=key).set_value("welcomed").run()
    assert stored(office, select(Talk.answer)) == ["welcomed"]
    assert "**1 of 1 news told**" in shown(app)
    app.segmented_control(key=key).set_value("not_told").run()
    assert "**0 of 1 news told**" in shown(app)
    app.segmented_control(key=key).set_value(None).run()
    assert stored(office, select(Talk.answer)) == []


def test_an_answer_given_meanwhile_on_another_tablet_is_shown(office: Office) -> None:
    key = f"news_{news(office)}"
    app = open_step(office, PAGE, begun(office))
    app.segmented_control(key=key).set_value("welcomed").run()
    (talk,) = stored(office, select(Talk.id))
    change(office, Talk, str(talk), answer="objected")
    app.segmented_control(key=key).set_value("neutral").run()
    assert "Somebody changed this meanwhile" in shown(app)
    assert stored(office, select(Talk.answer)) == ["objected"]


def test_coaching_given_is_listed(office: Office) -> None:
    visit_id = begun(office)
    keep(office, Talk(visit_id=visit_id, kind="training", text="How to stack", noted_at=NOW))
    text = shown(open_step(office, PAGE, visit_id))
    assert "How to stack" in text
    assert "1 piece of coaching recorded." in text


def test_the_words_typed_become_coaching_under_their_id(office: Office) -> None:
    visit_id = begun(office)
    id_ = typed(office, "limin", visit_id, "coaching", "How to stack")
    app = open_step(office, PAGE, visit_id)
    app.button(key="add_coaching").click().run()
    app.segmented_control(key="coaching_kind_new").set_value("solved")
    app.button(key="add_coaching").click()
    app.button(key="coaching_save").click().run()
    assert "How to stack" in shown(app)
    assert (stored(office, select(Talk.id)), stored(office, select(Talk.kind))) == ([id_], ["solved"])
