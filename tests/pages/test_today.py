"""Today as the rep sees it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from data.tables.visits import Comment, Visit
from tests.pages.office import Office, shown, stored
from tests.pages.steps import TODAY, begun, change, keep

PAGE = "pages/visit/today.py"


def test_an_empty_day_says_so_and_names_the_next_visits(office: Office) -> None:
    office.visit(office.fuyuan, -3, state="planned")
    text = shown(office.open("limin", PAGE))
    assert "Nothing planned today." in text
    assert "Fuyuan" in text


def test_a_day_without_anything_at_all_still_stands(office: Office) -> None:
    app = office.open("chentao", PAGE)
    assert "Nothing planned today." in shown(app)
    assert not app.error


def test_the_visit_begun_is_the_one_primary_button(office: Office) -> None:
    begun_id, planned_id = begun(office), office.visit(office.fuyuan, state="planned", planned_on=TODAY)
    app = office.open("limin", PAGE)
    assert app.button(key=f"start_{begun_id}").label == "Resume"
    assert app.button(key=f"start_{planned_id}").label == "Start"
    assert "0/10 steps" in shown(app)


def test_a_returned_report_stands_above_with_the_managers_words(office: Office) -> None:
    visit_id = office.visit(office.hongda, 1, state="returned", reviewed_at=datetime.now(UTC))
    written = {"visit_id": visit_id, "written_by": office.users["zhoulan"], "written_at": datetime.now(UTC)}
    keep(office, Comment(kind="return", text="No prices", **written))
    app = office.open("limin", PAGE)
    assert "the visit report was returned: No prices. Zhoulan" in shown(app)
    assert app.button(key=f"mend_{visit_id}").label == "Mend"


def test_an_overdue_visit_is_added_to_today(office: Office) -> None:
    visit_id = office.visit(office.hongda, state="planned", planned_on=TODAY - timedelta(days=4))
    app = office.open("limin", PAGE)
    assert "4 days ago" in shown(app)
    app.button(key=f"add_{visit_id}").click().run()
    assert stored(office, select(Visit.planned_on)) == [TODAY]
    assert app.button(key=f"start_{visit_id}").label == "Start"


def test_a_visit_that_was_cancelled_meanwhile_is_not_started(office: Office) -> None:
    visit_id = office.visit(office.hongda, state="planned", planned_on=TODAY)
    app = office.open("limin", PAGE)
    change(office, Visit, visit_id, state="cancelled")
    app.button(key=f"start_{visit_id}").click().run()
    assert not app.exception
    assert stored(office, select(Visit.state)) == ["cancelled"]
    assert [button.key for button in app.button if button.key == f"start_{visit_id}"] == []


def test_a_cancelled_visit_is_no_stop_of_the_day(office: Office) -> None:
    office.visit(office.hongda, state="cancelled", cancel_reason="twice", planned_on=TODAY)
    assert "Nothing planned today." in shown(office.open("limin", PAGE))
