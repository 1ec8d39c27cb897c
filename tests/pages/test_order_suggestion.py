"""The order screen: what is suggested and why, what is saved, the credit, and what is missing said as missing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import streamlit as st
from sqlalchemy import event, select
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import NumberInput

from data.database import database
from data.engine import reading, writing
from data.errors import NotReachable
from data.identifiers import new_id
from data.order_records import order_id, subject_of
from data.orders import OrderRow, orders_of_visit
from data.tables.dealings import SellOut, StockCount
from data.tables.distributors import CreditTerm, Distributor
from data.tables.orders import OrderLine
from data.tables.products import Product, Promotion, PurchasePrice, StockLevel
from data.tables.records import Attachment
from data.tables.visits import Objective, Visit, VisitStep
from tests import builders
from tests.builders import NOW, rep
from tests.pages.office import TODAY, Office, shown, stored
from ui import current_user
from ui.order_papers import KINDS, maker

PAGE = "pages/visit/order_suggestion.py"
REVIEW = "pages/review/orders.py"


class Shop:
    """Hongda with green tea that runs out, plenty of oolong and a must-sell juice that it does not carry."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.rep_id = office.users["limin"]
        names = {"TEA": "Green tea", "OOLONG": "Oolong tea", "JUICE": "Peach juice"}
        with writing(office.engine) as session:
            self.ids = {
                code: builders.product(session, code, name_en=name, shelf_order=n, must_sell=code == "JUICE")
                for n, (code, name) in enumerate(names.items())
            }
            place = session.get_one(Distributor, office.hongda)
            place.lead_time_days, place.visit_interval_days = 7, 14
        self.visit_id = office.visit(office.hongda, state="draft")
        for code in ("TEA", "OOLONG"):
            self.sold(code)
            self.priced(code)
        self.counted("TEA", 0)
        self.counted("OOLONG", 900)

    def add(self, *records: object) -> None:
        with writing(self.office.engine) as session:
            session.add_all(records)

    def sold(self, code: str, week: int = 105) -> None:
        for n in range(10):
            end = TODAY - timedelta(days=7 * n)
            self.add(
                SellOut(
                    id=new_id(),
                    distributor_id=self.office.hongda,
                    product_id=self.ids[code],
                    from_on=end - timedelta(days=7),
                    to_on=end,
                    quantity=Decimal(week),
                    source="imported",
                )
            )

    def counted(self, code: str, pieces: int, days_ago: int = 0) -> None:
        self.add(
            StockCount(
                id=new_id(),
                distributor_id=self.office.hongda,
                product_id=self.ids[code],
                counted_on=TODAY - timedelta(days=days_ago),
                quantity=pieces,
                pack_size=15,
                source="counted",
                counted_at=NOW,
            )
        )

    def priced(self, code: str) -> None:
        self.add(
            PurchasePrice(
                id=new_id(),
                product_id=self.ids[code],
                from_on=TODAY - timedelta(days=99),
                price=Decimal(2),
                tax_basis="excluded",
            )
        )

    def credit(self, minor: int) -> None:
        self.add(
            CreditTerm(
                id=new_id(),
                distributor_id=self.office.hongda,
                from_on=TODAY,
                credit_limit_minor=minor,
                base_stock_minor=0,
                term_days=30,
            )
        )

    def open(self, **address: str) -> AppTest:
        return self.office.open("limin", PAGE, {"visit": self.visit_id, **address})

    def field(self, app: AppTest, code: str) -> NumberInput:
        (found,) = [one for one in app.number_input if str(one.key).startswith(f"qty_{self.ids[code]}_")]
        return found

    def type(self, app: AppTest, code: str, cases: int) -> None:
        self.field(app, code).set_value(cases).run()
        assert not app.exception

    def orders(self) -> list[OrderRow]:
        with reading(self.office.engine) as session:
            return orders_of_visit(session, rep(self.rep_id, TODAY), self.visit_id)

    def give_signature(self) -> None:
        self.add(
            Attachment(
                id=new_id(),
                visit_id=self.visit_id,
                distributor_id=self.office.hongda,
                kind="signature",
                subject=subject_of(order_id(self.visit_id)),
                media_type="image/png",
                content=b"x",
                content_hash="",
                byte_count=1,
                added_by=self.rep_id,
                added_at=datetime.now(UTC),
            )
        )

    def sign(self, app: AppTest) -> None:
        """Without a browser a dialog closes with each run, so the button that opens it is tapped again."""
        app.button(key="order_sign").click().run()
        self.give_signature()
        app.text_input(key="order_signed_name").set_value("Wang")
        app.button(key="order_sign").click().run()
        app.button(key="order_signed").click()
        app.button(key="order_sign").click().run()
        assert not app.exception


@pytest.fixture
def shop(office: Office) -> Shop:
    return Shop(office)


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_the_suggestion_says_why_and_what_it_stands_on(shop: Shop) -> None:
    text = shown(shop.open())
    assert "from this visit's count" in text
    assert "fill to 21 days" in text
    assert "**21 cases of 1 product suggested**: 1 is out, 1 must-sell product is missing." in text
    assert "0 cases · 0 d" in text
    assert "out of stock, delivery in 7 days" in text


def test_a_touched_quantity_is_saved_with_all_that_is_suggested(shop: Shop) -> None:
    app = shop.open()
    assert shop.orders() == []
    assert shop.field(app, "TEA").value == 21
    shop.type(app, "TEA", 30)
    (order,) = shop.orders()
    assert {line.code: (line.suggested, line.quantity) for line in order.lines} == {
        "TEA": (315, 450),
        "OOLONG": (0, 0),
        "JUICE": (None, 0),
    }
    assert "**¥900**" in shown(app)
    assert "You changed 1 line." in shown(app)
    (step,) = stored(shop.office, select(VisitStep).where(VisitStep.step == "order"))
    assert step.state == "begun"


def test_the_order_is_held_against_the_visits_objective(shop: Shop) -> None:
    with writing(shop.office.engine) as session:
        builders.objective(session, shop.visit_id, target=1260)
    assert "50% of the objective of ¥1,260." in shown(shop.open())


def test_only_a_large_change_asks_for_its_reason(shop: Shop) -> None:
    app = shop.open()
    key = f"why_changed_{shop.ids['TEA']}"
    shop.type(app, "TEA", 25)
    assert not [control for control in app.segmented_control if control.key == key]
    shop.type(app, "TEA", 50)
    app.segmented_control(key=key).set_value("promotion").run()
    assert shop.orders()[0].lines[0].reason == "promotion"
    shop.type(app, "TEA", 21)
    assert shop.orders()[0].lines[0].reason == ""


def test_nothing_of_the_gaps_is_ordered_without_a_tap(shop: Shop) -> None:
    app = shop.open(lines="gaps")
    assert "must be sold, not carried here yet" in shown(app)
    field = shop.field(app, "JUICE")
    assert field.value == 0
    shop.type(app, "JUICE", 2)
    assert {line.code: line.quantity for line in shop.orders()[0].lines}["JUICE"] == 30
    assert "1 line ordered has no price and is not in the amount." in shown(app)


def test_a_new_product_with_agreed_levels_is_offered_and_not_added(shop: Shop) -> None:
    with writing(shop.office.engine) as session:
        new = builders.product(
            session, "YUZU", name_en="Yuzu", must_sell=True, launched_on=TODAY - timedelta(days=20)
        )
        session.add(
            StockLevel(distributor_id=shop.office.hongda, product_id=new, min_level=30, max_level=120)
        )
    shop.ids["YUZU"] = new
    shop.counted("YUZU", 0)
    app = shop.open(lines="new")
    assert "new since" in shown(app)
    assert "\n8\n" in shown(app)
    assert shop.field(app, "YUZU").value == 0
    assert "You changed" not in shown(app)


def test_no_more_than_ten_lines_stand_on_a_page(shop: Shop) -> None:
    with writing(shop.office.engine) as session:
        for n in range(18):
            shop.ids[f"P{n}"] = builders.product(session, f"P{n}")
    for n in range(18):
        shop.counted(f"P{n}", 15)
    app = shop.open(lines="unknown")
    assert len(app.number_input) == 10
    app.session_state["order_page_unknown"] = 2
    app.run()
    assert len(app.number_input) == 8
    assert "no suggestion: it has not been sold here yet" in shown(app)


def test_a_promotion_about_to_begin_raises_the_suggestion_and_is_named(shop: Shop) -> None:
    shop.add(
        Promotion(
            id=new_id(),
            code="P",
            name="P",
            name_en="P",
            product_id=shop.ids["TEA"],
            uplift=Decimal("0.3"),
            from_on=TODAY + timedelta(days=2),
            to_on=TODAY + timedelta(days=60),
        )
    )
    app = shop.open()
    assert shop.field(app, "TEA").value > 21
    assert "promotion from" in shown(app)


def test_the_waterfall_is_built_when_it_is_opened(shop: Shop) -> None:
    app = shop.open()
    assert not app.get("vega_lite_chart")
    app.session_state[f"why_{shop.ids['TEA']}"] = True
    app.run()
    assert len(app.get("vega_lite_chart")) == 1
    assert "forecast from 10 weeks in stock since" in shown(app)
    assert "fill rate" not in shown(app)


def test_above_the_credit_the_order_is_split_and_nothing_is_cut(shop: Shop) -> None:
    shop.credit(60_000)
    app = shop.open()
    assert "¥30.00 above the credit left" in shown(app)
    assert "Or ask your manager" in shown(app)
    app.button(key="order_split").click().run()
    assert not app.exception
    first, second = shop.orders()
    assert (first.cases, second.cases) == (20, 1)
    assert "1 case in the second order" in shown(app)
    assert "order_sign" in {button.key for button in app.button}


def test_a_quantity_that_the_split_moved_is_a_field_of_its_own(shop: Shop) -> None:
    # A message under way that still holds the old quantity belongs to a field that is gone.
    shop.credit(60_000)
    app = shop.open()
    suggested = shop.field(app, "TEA")
    shop.type(app, "TEA", 22)
    typed = shop.field(app, "TEA")
    app.button(key="order_split").click().run()
    left = shop.field(app, "TEA")
    assert suggested.id == typed.id != left.id
    assert left.value == 20


def test_an_unknown_credit_is_said_and_stops_nothing(shop: Shop) -> None:
    app = shop.open()
    assert "not agreed" in shown(app)
    assert "Customer signs" in labels(app)


def test_the_customer_signs_what_stands_there(shop: Shop) -> None:
    with writing(shop.office.engine) as session:
        builders.objective(session, shop.visit_id)
    app = shop.open()
    shop.sign(app)
    (order,) = shop.orders()
    assert (order.state, order.signed_name, order.amount) == ("signed", "Wang", Decimal(630))
    assert "**21 cases of 1 product ordered.**" in shown(app)
    assert not app.number_input
    assert "bar_next" in {button.key for button in app.button}
    assert stored(shop.office, select(Objective.actual)) == [630]


def test_an_order_without_prices_has_no_amount_on_the_screen_and_on_the_paper_to_sign(shop: Shop) -> None:
    with writing(shop.office.engine) as session:
        builders.objective(session, shop.visit_id, target=1260)
        for row in session.scalars(select(PurchasePrice)):
            session.delete(row)
    app = shop.open()
    text = shown(app)
    assert "¥0" not in text
    assert "of the objective" not in text
    app.button(key="order_sign").click().run()
    assert "21 cases, price open, delivery" in shown(app)


def test_a_line_without_a_price_makes_the_amount_the_least_that_it_can_be(shop: Shop) -> None:
    shop.credit(1_000_000)
    with writing(shop.office.engine) as session:
        builders.objective(session, shop.visit_id, target=1260)
        for row in session.scalars(
            select(PurchasePrice).where(PurchasePrice.product_id == shop.ids["OOLONG"])
        ):
            session.delete(row)
    app = shop.open(lines="idle")
    shop.type(app, "OOLONG", 2)
    text = shown(app)
    assert "**at least ¥630**" in text
    assert "At least 50% of the objective of ¥1,260." in text
    assert "at most ¥9,370" in text


def test_without_a_signature_the_order_does_not_stand(shop: Shop) -> None:
    app = shop.open()
    app.button(key="order_sign").click().run()
    app.text_input(key="order_signed_name").set_value("Wang")
    app.button(key="order_sign").click().run()
    assert app.button(key="order_signed").disabled


def test_credit_that_went_meanwhile_is_said_at_signing(shop: Shop) -> None:
    app = shop.open()
    app.button(key="order_sign").click().run()
    shop.give_signature()
    app.text_input(key="order_signed_name").set_value("Wang")
    app.button(key="order_sign").click().run()
    # Between drawing the page and the tap another order took the credit.
    shop.office.patch.setattr("ui.order_live.credit_left", lambda *_given: None)
    shop.credit(50_000)
    app.button(key="order_signed").click()
    app.button(key="order_sign").click().run()
    assert "The order of ¥630.00 is above the credit left of ¥500.00." in app.error[0].value.replace("\\", "")
    assert shop.orders()[0].state == "draft"


@pytest.mark.parametrize("ending", list(KINDS))
def test_every_file_of_a_signed_order_is_made(shop: Shop, ending: str) -> None:
    shop.type(shop.open(), "TEA", 30)
    user = current_user.current_user()
    assert user is not None
    shop.office.patch.setattr("ui.order_papers.session_token", current_user.session_token)
    file = maker(user, order_id(shop.visit_id), ending)()
    starts = {"zh.pdf": b"%PDF", "en.pdf": b"%PDF", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "json": b"{"}
    assert file.startswith(starts[ending])


def test_two_reps_see_each_others_quantities_as_a_conflict(shop: Shop) -> None:
    app = shop.open()
    shop.type(app, "TEA", 30)
    with writing(shop.office.engine) as session:
        line = session.scalars(select(OrderLine).where(OrderLine.product_id == shop.ids["TEA"])).one()
        line.quantity = Decimal(600)
    shop.type(app, "TEA", 31)
    assert "conflict_mine" in {button.key for button in app.button}
    assert shop.field(app, "TEA").value == 40
    app.button(key="conflict_mine").click().run()
    assert shop.orders()[0].lines[0].quantity == 465


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("negative", "1 case: count again"),
        ("uncounted", "no suggestion: never counted here"),
        ("unsold", "sales unknown"),
        ("unpriced", "price unknown, not in the amount"),
        ("old", "count of"),
        ("no lead time", "delivery in 7 days, assumed"),
    ],
)
def test_what_is_missing_is_said_as_what_it_is(shop: Shop, told: str, words: str) -> None:
    lines = {"uncounted": "unknown", "unsold": "unknown"}.get(told, "suggested")
    with writing(shop.office.engine) as session:
        tea = shop.ids["TEA"]
        (count,) = session.scalars(select(StockCount).where(StockCount.product_id == tea))
        if told == "negative":
            count.quantity = Decimal(-15)
        elif told == "uncounted":
            session.delete(count)
        elif told == "unsold":
            count.quantity = Decimal(30)
            for row in session.scalars(select(SellOut).where(SellOut.product_id == tea)):
                session.delete(row)
        elif told == "unpriced":
            session.delete(
                session.scalars(select(PurchasePrice).where(PurchasePrice.product_id == tea)).one()
            )
        elif told == "old":
            for row in session.scalars(select(StockCount)):
                row.counted_on = TODAY - timedelta(days=18)
        else:
            session.get_one(Distributor, shop.office.hongda).lead_time_days = None
        session.get_one(Product, tea).must_sell = False
    assert words in shown(shop.open(lines=lines))


def test_a_discontinued_product_is_neither_suggested_nor_entered(shop: Shop) -> None:
    shop.counted("OOLONG", 30, days_ago=1)
    with writing(shop.office.engine) as session:
        session.get_one(Product, shop.ids["OOLONG"]).discontinued_on = TODAY - timedelta(days=9)
    app = shop.open(lines="idle")
    assert "discontinued since" in shown(app)
    assert not app.number_input


def test_a_first_visit_says_that_nothing_is_known(office: Office) -> None:
    with writing(office.engine) as session:
        id_ = builders.product(session, "TEA", must_sell=True)
    app = office.open("limin", PAGE, {"visit": office.visit(office.hongda, state="draft"), "lines": "gaps"})
    text = shown(app)
    assert "**Nothing was ever counted here, so nothing is suggested.**" in text
    assert "not counted" in text
    assert app.number_input(key=f"qty_{id_}_0").value == 0
    assert "bar_next" in {button.key for button in app.button}


def test_without_any_count_what_sells_most_stands_on_top_and_says_how_much(shop: Shop) -> None:
    with writing(shop.office.engine) as session:
        for count in session.scalars(select(StockCount)):
            session.delete(count)
        for told in session.scalars(select(SellOut).where(SellOut.product_id == shop.ids["OOLONG"])):
            told.quantity = Decimal(300)
    text = shown(shop.open())
    assert "**Nothing was ever counted here, so nothing is suggested.**" in text
    assert "sells 20 cases a week" in text
    assert text.index("Oolong tea") < text.index("Green tea")


def test_a_count_of_an_earlier_day_is_carried_forward_and_says_so(shop: Shop) -> None:
    with writing(shop.office.engine) as session:
        for count in session.scalars(select(StockCount)):
            count.counted_on = TODAY - timedelta(days=10)
    app = shop.open(lines="idle")
    assert "10 days ago, carried forward" in shown(app)
    assert "≈ 50 cases" in shown(app)
    app.session_state[f"why_{shop.ids['OOLONG']}"] = True
    app.run()
    assert "60 cases counted" in shown(app)
    assert "probably sold out" in shown(shop.open())


def test_a_submitted_visit_is_read_and_not_entered(shop: Shop) -> None:
    shop.type(shop.open(), "TEA", 30)
    with writing(shop.office.engine) as session:
        session.get_one(Visit, shop.visit_id).state = "submitted"
    app = shop.open()
    assert not app.number_input
    assert "**30**" in shown(app)
    assert "order_sign" not in {button.key for button in app.button}


def test_the_manager_lets_it_pass_with_a_reason_and_the_rep_signs(shop: Shop) -> None:
    shop.credit(60_000)
    shop.type(shop.open(), "TEA", 29)
    order = order_id(shop.visit_id)
    app = shop.office.open("zhoulan", REVIEW)
    assert "**1 order is above the credit left**, by ¥270.00." in shown(app)
    app.button(key=f"agree_{order}").click().run()
    app.text_input(key="agree_reason").set_value("Old customer")
    app.button(key=f"agree_{order}").click().run()
    app.button(key="agree_given").click()
    app.button(key=f"agree_{order}").click().run()
    assert not app.exception
    assert "**No order waits for your word.**" in shown(app)
    rep_app = shop.open()
    assert "agreed to pass the credit: Old customer" in shown(rep_app)
    shop.sign(rep_app)
    assert shop.orders()[0].state == "signed"


def refuse(*_given: object, **_more: object) -> None:
    raise NotReachable("order")


def test_a_reason_that_could_not_be_saved_stays_in_the_dialog_with_what_went_wrong(shop: Shop) -> None:
    app = shop.open()
    shop.sign(app)
    menu = f"order_menu_{order_id(shop.visit_id)}"
    app.menu_button(key=menu).set_value("cancelled").run()
    app.text_input(key="order_reason").set_value("They closed")
    app.menu_button(key=menu).set_value("cancelled").run()
    shop.office.patch.setattr("ui.order_signing.set_order_state", refuse)
    app.button(key="order_reason_given").click()
    app.menu_button(key=menu).set_value("cancelled").run()
    assert len(app.error) == 1
    assert app.text_input(key="order_reason").value == "They closed"
    assert shop.orders()[0].state == "signed"


def test_a_managers_word_that_could_not_be_saved_stays_in_the_dialog(shop: Shop) -> None:
    shop.credit(60_000)
    shop.type(shop.open(), "TEA", 29)
    opener = f"agree_{order_id(shop.visit_id)}"
    app = shop.office.open("zhoulan", REVIEW)
    app.button(key=opener).click().run()
    app.text_input(key="agree_reason").set_value("Old customer")
    app.button(key=opener).click().run()
    shop.office.patch.setattr("ui.order_review.override_credit", refuse)
    app.button(key="agree_given").click()
    app.button(key=opener).click().run()
    assert len(app.error) == 1
    assert app.text_input(key="agree_reason").value == "Old customer"


def test_a_region_without_orders_says_so(office: Office) -> None:
    assert "Nothing was ordered in the last weeks." in shown(office.open("zhoulan", REVIEW))


def test_the_number_of_questions_does_not_grow_with_the_products(shop: Shop) -> None:
    def asked() -> int:
        st.cache_resource.clear()
        statements: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(database(), "before_cursor_execute", note)
        shop.open()
        event.remove(database(), "before_cursor_execute", note)
        return len(statements)

    few = asked()
    with writing(shop.office.engine) as session:
        for n in range(30):
            code = f"P{n}"
            shop.ids[code] = builders.product(session, code, must_sell=True)
    for n in range(30):
        shop.counted(f"P{n}", 15)
    assert asked() <= few
