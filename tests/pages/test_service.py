"""Service as the rep sees it: promotion goods, the checklist, complaints."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from data.engine import writing
from data.identifiers import new_id
from data.tables.products import Promotion, PromotionGood
from data.tables.visits import ChecklistAnswer, ChecklistItem, Complaint, PromotionCheck, VisitStep
from tests.builders import NOW
from tests.pages.office import Office, shown, stored
from tests.pages.steps import TODAY, begun, change, keep, open_step, typed

PAGE = "service"


def issue(office: Office, number: int = 1) -> str:
    with writing(office.engine) as session:
        promotion = Promotion(
            id=new_id(),
            code=f"P{number}",
            name="茶饮陈列",
            name_en="Tea display",
            uplift=Decimal("0.1"),
            from_on=TODAY - timedelta(days=20),
            to_on=TODAY + timedelta(days=20),
        )
        session.add(promotion)
        session.flush()
        good = PromotionGood(
            id=new_id(),
            promotion_id=promotion.id,
            distributor_id=office.hongda,
            item="陈列架",
            item_en="Rack",
            issued=Decimal(70),
            issued_on=TODAY - timedelta(days=9),
        )
        session.add(good)
        session.flush()
        return good.id


def complaint(office: Office, state: str) -> str:
    given = {"distributor_id": office.hongda, "kind": "quality", "text": "Torn labels", "recorded_at": NOW}
    return keep(office, Complaint(state=state, recorded_by=office.users["limin"], **given))


def test_an_empty_step_says_what_there_is_not(office: Office) -> None:
    text = shown(open_step(office, PAGE, begun(office)))
    for words in ("None were issued", "The office keeps no checklist for this.", "None open."):
        assert words in text


def test_what_is_missing_of_the_goods_is_said_at_once(office: Office) -> None:
    key = f"qty_passed_{issue(office)}"
    app = open_step(office, PAGE, begun(office))
    assert "not checked" in shown(app)
    app.number_input(key=key).set_value(60).run()
    assert "10 missing" in shown(app)
    assert "promotion goods checked: 1 of 1." in shown(app)
    assert stored(office, select(PromotionCheck.passed_on)) == [Decimal(60)]
    assert stored(office, select(VisitStep.state).where(VisitStep.step == "service")) == ["begun"]


def test_more_goods_than_one_part_holds_are_all_counted(office: Office) -> None:
    keys = [f"qty_passed_{issue(office, number)}" for number in range(23)]
    app = open_step(office, PAGE, begun(office))
    assert {field.key for field in app.number_input} == set(keys)
    for key in (keys[0], keys[-1]):
        app.number_input(key=key).set_value(70).run()
    assert "promotion goods checked: 2 of 23." in shown(app)
    assert shown(app).count("all passed on") == 2


def test_a_figure_changed_meanwhile_is_not_overwritten_unseen(office: Office) -> None:
    key = f"qty_passed_{issue(office)}"
    app = open_step(office, PAGE, begun(office))
    app.number_input(key=key).set_value(60).run()
    (check,) = stored(office, select(PromotionCheck.id))
    change(office, PromotionCheck, str(check), passed_on=Decimal(50))
    app.number_input(key=key).set_value(65).run()
    assert "Somebody changed this meanwhile" in shown(app)
    assert stored(office, select(PromotionCheck.passed_on)) == [Decimal(50)]
    app.button(key="conflict_mine").click().run()
    assert stored(office, select(PromotionCheck.passed_on)) == [Decimal(65)]


def test_a_line_of_the_checklist_is_answered_and_taken_back(office: Office) -> None:
    words = {"checklist": "service", "text": "按时送货", "text_en": "Delivers on time", "weight": Decimal(1)}
    key = f"check_{keep(office, ChecklistItem(code='S1', **words))}"
    app = open_step(office, PAGE, begun(office))
    app.segmented_control(key=key).set_value("no").run()
    assert stored(office, select(ChecklistAnswer.answer)) == ["no"]
    app.segmented_control(key=key).set_value(None).run()
    assert stored(office, select(ChecklistAnswer.answer)) == []


def test_a_handled_complaint_is_rechecked_with_the_customer(office: Office) -> None:
    key = f"recheck_{complaint(office, 'handled')}"
    app = open_step(office, PAGE, begun(office))
    app.segmented_control(key=key).set_value(False).run()
    assert stored(office, select(Complaint.state)) == ["rechecked"]
    assert stored(office, select(Complaint.satisfied)) == [False]


def test_a_complaint_nobody_answered_is_counted_first(office: Office) -> None:
    complaint(office, "recorded")
    assert "**1 complaint waits for an answer**" in shown(open_step(office, PAGE, begun(office)))


def test_the_words_typed_become_a_complaint_under_their_id(office: Office) -> None:
    visit_id = begun(office)
    id_ = typed(office, "limin", visit_id, "complaint", "Torn labels")
    app = open_step(office, PAGE, visit_id)
    app.button(key="add_complaint").click().run()
    app.button(key="add_complaint").click()
    app.button(key="complaint_save").click().run()
    assert "Torn labels" in shown(app)
    assert stored(office, select(Complaint.id)) == [id_]
