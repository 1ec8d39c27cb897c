"""The stock screen: the pad's rows, four ways of not having a figure, and what the overview says."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import streamlit as st
from sqlalchemy import event, select

from data.engine import writing
from data.entries import save_entries
from data.identifiers import new_id
from data.other_stock import set_other_stock
from data.tables.company import Company
from data.tables.dealings import SellIn, SellOut, StockCount
from data.tables.products import Product, PurchasePrice
from data.tables.records import FieldValue
from data.tables.visits import Visit, VisitStep
from tests import builders
from tests.builders import NOW, rep
from tests.pages.office import TODAY, Office, shown, stored
from ui import clock, stock_count
from ui.elements import Row

PAGE = "pages/visit/inventory.py"
LAST = TODAY - timedelta(days=14)


class Shop:
    """Hongda with three teas, a juice in lots and a rival's tea: a past, and a visit begun today."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.office = office
        self.rep_id = office.users["limin"]
        self.pads: list[tuple[list[Row], dict]] = []
        self.now = NOW
        monkeypatch.setattr(stock_count, "pad", lambda rows, fields, **more: self.pads.append((rows, more)))
        monkeypatch.setattr(stock_count, "written_rows", list)
        with writing(office.engine) as session:
            self.ids = {
                code: builders.product(session, code, name_en=name, shelf_order=place, **more)
                for place, (code, name, more) in enumerate(
                    [
                        ("TEA", "Green tea", {}),
                        ("OOLONG", "Oolong tea", {}),
                        ("LEMON", "Lemon tea", {}),
                        ("JUICE", "Peach juice", {"keeps_lots": True, "pack_size": 12}),
                        ("RIVAL", "Their tea", {"is_own": False, "maker": "Hengyue"}),
                    ]
                )
            }
        self.visit_id = office.visit(office.hongda, state="draft")

    def add(self, *records: object) -> None:
        with writing(self.office.engine) as session:
            session.add_all(records)

    def dealt(self, code: str = "TEA", week: int = 105) -> None:
        """Eight weeks of sales up to yesterday, one delivery since the last count, a price."""
        at = {"distributor_id": self.office.hongda, "product_id": self.ids[code]}
        for n in range(8):
            end = TODAY - timedelta(days=7 * n)
            self.add(
                SellOut(
                    id=new_id(),
                    from_on=end - timedelta(days=7),
                    to_on=end,
                    quantity=Decimal(week),
                    source="imported",
                    **at,
                )
            )
        delivered = {"id": new_id(), "document": f"D-{code}", "on": LAST + timedelta(days=2), **at}
        self.add(
            SellIn(quantity=Decimal(150), amount_minor=34500, **delivered),
            PurchasePrice(
                id=new_id(),
                product_id=self.ids[code],
                from_on=LAST - timedelta(days=99),
                price=Decimal(2),
                tax_basis="excluded",
            ),
        )

    def counted(self, code: str, quantity: int, on=LAST, lot: str = "", **more: object) -> None:
        self.add(
            StockCount(
                id=new_id(),
                distributor_id=self.office.hongda,
                product_id=self.ids[code],
                lot=lot,
                counted_on=on,
                quantity=Decimal(quantity),
                pack_size=15,
                source="counted",
                counted_at=NOW,
                **more,
            )
        )

    def type(self, code: str, value: object, field: str = "cases", lot: str | None = None) -> None:
        entry = {
            "id": new_id(),
            "user": self.rep_id,
            "visit": self.visit_id,
            "row": self.ids[code],
            "lot": lot,
            "field": field,
            "value": value,
            "unit": "case" if field == "cases" else "",
            "source": "counted",
            "base": None,
            "at": "2026-11-21T10:32:00Z",
        }
        with writing(self.office.engine) as session:
            assert save_entries(session, rep(self.rep_id, TODAY), [entry], self.later()).held

    def later(self) -> datetime:
        """A time of its own for each change: no two of one visit are saved in the same instant."""
        self.now += timedelta(seconds=1)
        return self.now

    def open(self, view: str = "", account: str = "limin"):
        address = {"visit": self.visit_id} | ({"stock_view": view} if view else {})
        return self.office.open(account, PAGE, address)

    def rows(self, view: str = "") -> dict[str, Row]:
        self.open(view)
        of_id = {id_: code for code, id_ in self.ids.items()}
        return {of_id[row.id]: row for row in self.pads[-1][0]}


@pytest.fixture
def shop(office: Office, monkeypatch: pytest.MonkeyPatch) -> Shop:
    return Shop(office, monkeypatch)


def test_the_pad_has_our_products_in_shelf_order_and_the_rivals_by_themselves(shop: Shop) -> None:
    assert list(shop.rows()) == ["TEA", "OOLONG", "LEMON", "JUICE"]
    assert list(shop.rows("rivals")) == ["RIVAL"]
    assert shop.pads[-1][1]["source"] == "told"


def test_a_row_says_what_should_be_there_and_what_was_there(shop: Shop) -> None:
    shop.dealt()
    shop.counted("TEA", 301)
    row = shop.rows()["TEA"]
    # 301 + 150 came - two weeks at 105
    assert row.expected == 241
    assert row.second == "expected 16 cases 1 bottle"
    assert row.hint.startswith("last 20 cases 1 bottle on ")
    assert row.hint.endswith("15 a case")


def test_a_first_visit_expects_nothing(shop: Shop) -> None:
    row = shop.rows()["TEA"]
    assert (row.expected, row.second, row.values["cases"].value) == (None, "never counted here", None)


def test_more_sold_than_there_was_is_no_expectation(shop: Shop) -> None:
    shop.dealt()
    shop.counted("TEA", 10)
    row = shop.rows()["TEA"]
    assert (row.expected, row.second) == (None, "more sold than there was: check")


def test_zero_left_out_and_not_counted_are_different_rows(shop: Shop) -> None:
    shop.type("TEA", 0)
    shop.type("OOLONG", True, "stock_skipped")
    rows = shop.rows()
    assert rows["TEA"].values["cases"].value == 0
    assert (rows["OOLONG"].skipped.value, rows["OOLONG"].values["cases"].value) == (True, None)
    assert (rows["LEMON"].skipped.value, rows["LEMON"].values["cases"].value) == (None, None)


def test_a_value_goes_out_with_the_version_that_the_next_entry_stands_on(shop: Shop) -> None:
    shop.type("TEA", 12)
    value = shop.rows()["TEA"].values["cases"]
    held = stored(shop.office, select(FieldValue).where(FieldValue.field == "cases"))
    assert (value.value, value.version) == (12, held[0].entry_id)


def test_a_count_from_a_file_is_shown_in_cases_and_pieces(shop: Shop) -> None:
    shop.counted("TEA", 47, on=TODAY)
    values = shop.rows()["TEA"].values
    assert (values["cases"].value, values["pieces"].value) == (3, 2)


def test_lots_are_those_of_the_last_count_and_those_typed_since(shop: Shop) -> None:

    shop.counted("JUICE", 24, lot="L261012", expires_on=date(2027, 2, 9))
    shop.counted("JUICE", 0, lot="L-GONE", expires_on=date(2027, 1, 9))
    shop.type("JUICE", 2, lot="2027-03")
    row = shop.rows()["JUICE"]
    assert row.keeps_lots
    assert [(lot.id, lot.label) for lot in row.lots] == [
        ("L261012", "02/27 · L261012"),
        ("2027-03", "03/27"),
    ]
    assert [lot.values["cases"].value for lot in row.lots] == [None, 2]


def test_a_count_without_known_sales_says_what_must_have_been_sold(shop: Shop) -> None:
    shop.counted("TEA", 300)
    shop.type("TEA", 12)
    assert shop.rows()["TEA"].hint.endswith("sold since then 8 cases (estimated)")


def test_a_count_above_all_that_came_asks_to_count_again(shop: Shop) -> None:
    shop.counted("TEA", 30)
    shop.type("TEA", 12)
    assert shop.rows()["TEA"].hint.endswith("more than came: count again")


def test_a_blind_count_gives_no_figure_away(shop: Shop) -> None:
    with writing(shop.office.engine) as session:
        session.get_one(Company, "company").blind_counts = True
    shop.dealt()
    shop.counted("TEA", 301)
    assert shop.rows()["TEA"].hint == "15 a case"
    assert shop.pads[-1][1]["blind"]


def test_the_first_count_begins_the_step(shop: Shop) -> None:
    shop.open()
    assert stored(shop.office, select(VisitStep)) == []
    shop.type("TEA", 12)
    shop.open()
    assert [(row.step, row.state) for row in stored(shop.office, select(VisitStep))] == [("stock", "begun")]


def test_an_empty_overview_leads_to_the_pad(shop: Shop) -> None:
    app = shop.open("overview")
    assert "Nothing was ever counted here" in shown(app)
    assert not app.metric
    before = len(shop.pads)
    app.button(key="stock_start").click().run()
    assert not app.exception
    assert len(shop.pads) == before + 1


def test_without_a_count_the_last_one_is_shown_with_its_age(shop: Shop) -> None:
    shop.dealt()
    shop.counted("TEA", 300)
    app = shop.open("overview")
    assert "14 days old" in shown(app)
    assert [metric.value for metric in app.metric][:2] == ["0.67", "20"]
    assert app.button(key="stock_start")


def test_the_overview_says_what_is_out_and_what_changed(shop: Shop) -> None:
    shop.dealt()
    shop.counted("TEA", 300)
    shop.type("TEA", 0)
    app = shop.open("overview")
    text = shown(app)
    assert "1 product is out" in text
    assert "First of all Green tea: nothing left, 7 cases sold a week." in text
    assert "1 down" in text
    assert "days old" not in text


def test_stock_that_does_not_sell_is_named_with_its_quantity(shop: Shop) -> None:
    shop.dealt()
    shop.dealt("LEMON", week=0)
    shop.type("TEA", 20)
    shop.type("LEMON", 4)
    text = shown(shop.open("overview"))
    assert "**Lemon tea**" in text
    assert "4 cases, not sold in 8 weeks" in text


def test_without_any_sales_the_figures_are_dashes_with_their_reason(shop: Shop) -> None:
    shop.type("TEA", 20)
    app = shop.open("overview")
    assert app.metric[0].value == "—"
    assert app.metric[0].delta == "no sales told"
    assert app.metric[2].delta == "others not known"
    assert app.metric[3].delta == "no dates counted"


def test_the_others_worth_is_saved_and_makes_our_share(shop: Shop) -> None:
    shop.dealt()
    shop.type("TEA", 20)
    app = shop.open("overview")
    app.number_input(key=f"qty_others_{shop.visit_id}").set_value(1400.0).run()
    assert not app.exception
    # 300 bottles at 2 are 600 of 2,000
    assert (app.metric[2].value, app.metric[2].delta) == ("30%", "as told")
    held = stored(shop.office, select(FieldValue).where(FieldValue.field == "other_value"))
    assert [(row.value, row.source) for row in held] == [("1400", "told")]


def test_the_others_worth_of_another_device_shows_and_is_not_overwritten_unseen(shop: Shop) -> None:
    shop.dealt()
    shop.type("TEA", 20)
    app = shop.open("overview")
    key = f"qty_others_{shop.visit_id}"
    app.number_input(key=key).set_value(1400.0).run()
    with writing(shop.office.engine) as session:
        rep_ = rep(shop.rep_id, TODAY)
        later = clock.now() + timedelta(seconds=1)
        set_other_stock(session, rep_, shop.visit_id, seen=Decimal(1400), value=Decimal(900), now=later)
    app.run()
    assert app.number_input(key=key).value == 900
    app.number_input(key=key).set_value(1000.0).run()
    assert not app.warning
    held = stored(shop.office, select(FieldValue.value).where(FieldValue.field == "other_value"))
    assert held == ["1000"]


def test_what_another_tablet_counts_shows_at_the_next_touch(shop: Shop) -> None:
    shop.counted("TEA", 300)
    app = shop.open()
    assert shop.pads[-1][0][0].values["cases"].value is None
    shop.type("TEA", 12)
    app.run()
    row = shop.pads[-1][0][0]
    assert row.values["cases"].value == 12
    assert row.hint.endswith("sold since then 8 cases (estimated)")
    with writing(shop.office.engine) as session:
        session.scalars(select(FieldValue).where(FieldValue.field == "cases")).one().value = "10"
        session.get_one(Visit, shop.visit_id).changed_at = shop.later()
    app.run()
    assert shop.pads[-1][0][0].hint.endswith("sold since then 10 cases (estimated)")


def test_a_submitted_visit_shows_the_overview_alone(shop: Shop) -> None:
    shop.type("TEA", 20)
    shop.visit_id = shop.office.visit(shop.office.hongda, days_ago=3)
    app = shop.open()
    assert not shop.pads
    assert [control.options for control in app.button_group] == [["Stock-to-sales"]]


def test_the_bar_leads_from_the_pad_to_the_overview_and_on(shop: Shop) -> None:
    shop.type("TEA", 20)
    app = shop.open()
    app.button(key="bar_next").click().run()
    assert app.query_params["stock_view"] == "overview"
    assert len(app.metric) == 4
    app.button(key="bar_next").click().run()
    states = {row.step: row.state for row in stored(shop.office, select(VisitStep))}
    assert states["stock"] == "done"


def test_the_search_narrows_the_pad_and_not_its_rows(shop: Shop) -> None:
    app = shop.open()
    app.text_input(key="stock_search").set_value("oolong").run()
    rows, more = shop.pads[-1]
    assert more["search"] == "oolong"
    assert len(rows) == 4


@pytest.mark.parametrize("view", ["", "overview"])
def test_the_number_of_queries_does_not_grow_with_the_products(shop: Shop, view: str) -> None:
    from data.database import database

    def asked() -> int:
        st.cache_data.clear()
        st.cache_resource.clear()
        count = 0

        def note(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(database(), "before_cursor_execute", note)
        app = shop.open(view)
        event.remove(database(), "before_cursor_execute", note)
        assert not app.exception
        return count

    shop.dealt()
    shop.counted("TEA", 300)
    few = asked()
    with writing(shop.office.engine) as session:
        more = [
            builders.product(session, f"P{n}", name_en=f"Product {n}", keeps_lots=n % 2 == 0)
            for n in range(40)
        ]
    for n, id_ in enumerate(more):
        shop.ids[f"P{n}"] = id_
        shop.counted(f"P{n}", 40 + n)
    shop.visit_id = shop.office.visit(shop.office.hongda, state="draft")
    assert asked() == few
    assert len(stored(shop.office, select(Product))) == 45
