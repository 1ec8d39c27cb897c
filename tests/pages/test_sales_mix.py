"""The sales screen as a rep sees it: periods, the sentence, roles, the bridge, competitors, the display."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import streamlit as st
from sqlalchemy import Engine, event, select
from streamlit.testing.v1 import AppTest

from data.engine import writing
from data.identifiers import new_id
from data.tables.dealings import PriceObservation, SellOut
from data.tables.visits import ChecklistItem, Visit, VisitStep
from tests import builders
from tests.builders import NOW
from tests.pages.office import TODAY, Office, shown, stored
from ui import clock

PAGE = "pages/visit/sales_mix.py"
LAST_MONTH = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=1)
MONTH_BEFORE = (LAST_MONTH - timedelta(days=1)).replace(day=1)
A_YEAR_BEFORE = date(LAST_MONTH.year - 1, LAST_MONTH.month, 1)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def open_screen(office: Office, period: str = "last_month", **visit: object) -> AppTest:
    given = {"state": "draft", "started_at": NOW} | visit
    visit_id = office.visit(office.hongda, **given)
    return office.open("limin", PAGE, {"visit": visit_id, "period": period})


def product(office: Office, code: str, **values: object) -> str:
    with writing(office.engine) as session:
        return builders.product(session, code, **values)


def sold(
    office: Office, product_id: str, from_on: date, cases: int, revenue: int | None, cost: int | None
) -> None:
    """Sales of a week, in cases of 15 and whole currency units."""
    with writing(office.engine) as session:
        session.add(
            SellOut(
                id=new_id(),
                distributor_id=office.hongda,
                product_id=product_id,
                from_on=from_on,
                to_on=from_on + timedelta(days=7),
                quantity=cases * 15,
                revenue_minor=None if revenue is None else revenue * 100,
                cost_minor=None if cost is None else cost * 100,
                source="imported",
            )
        )


def two_months(office: Office) -> None:
    """Tea sells more and cheaper, oil is gone, juice is new, rice stays."""
    made = {
        name: product(office, name.upper(), name_en=name.title()) for name in ("tea", "rice", "oil", "juice")
    }
    for name, from_on, cases, revenue, cost in (
        ("tea", MONTH_BEFORE, 60, 3000, 2400),
        ("rice", MONTH_BEFORE, 40, 1000, 900),
        ("oil", MONTH_BEFORE, 5, 200, 150),
        ("tea", LAST_MONTH, 100, 4500, 4000),
        ("rice", LAST_MONTH, 40, 1000, 900),
        ("juice", LAST_MONTH, 10, 300, 150),
    ):
        sold(office, made[name], from_on, cases, revenue, cost)


def rival(office: Office, **values: object) -> str:
    return product(office, "RIVAL", **{"is_own": False, "maker": "Bo", "name_en": "Rival tea"} | values)


def charts(app: AppTest) -> list[str]:
    return [str(chart.proto.alt) for chart in app.get("vega_lite_chart") + app.get("arrow_vega_lite_chart")]


def fields(app: AppTest) -> list[str]:
    return [str(field.key) for field in app.number_input]


def test_without_any_sales_the_screen_says_what_to_do_and_goes_on(office: Office) -> None:
    product(office, "TEA")
    app = open_screen(office, "this_month")
    assert "**This distributor has not told of its sales yet.** Ask for them, or load its file." in shown(app)
    assert "Competitors" in shown(app)
    assert "Display" in shown(app)


def test_the_sentence_can_be_read_out(office: Office) -> None:
    two_months(office)
    text = shown(open_screen(office))
    assert "**Sold of ours: ¥5,800, ¥1,600 (+38.1%) more than " in text
    # The continuing two sold 140 cases after 100: volume 0.4 x 4,000; tea's 100 cases went for 5 less.
    assert (
        "more volume brought ¥1,600, lower prices cost ¥500; the main cause: Tea sells more (¥2,000)." in text
    )
    assert "Competitors' sales are not known yet." in text


def test_the_bridge_names_every_step_with_its_sign(office: Office) -> None:
    two_months(office)
    assert any(
        "From ¥4,200 to ¥5,800: Price −500, Volume +1,600, Mix +400, New products +300, Gone −200" in alt
        for alt in charts(open_screen(office))
    )


def test_the_bridge_says_where_its_axis_starts_when_it_is_not_zero(office: Office) -> None:
    tea = product(office, "TEA")
    sold(office, tea, MONTH_BEFORE, 100, 5000, 4000)
    sold(office, tea, LAST_MONTH, 104, 5200, 4160)
    assert "axis starts at 4,800" in shown(open_screen(office))


def test_a_bridge_whose_steps_are_large_starts_at_zero(office: Office) -> None:
    tea = product(office, "TEA")
    sold(office, tea, MONTH_BEFORE, 100, 5000, 4000)
    sold(office, tea, LAST_MONTH, 20, 1000, 800)
    text = shown(open_screen(office))
    assert "Why it changed" in text
    assert "axis starts" not in text


def test_with_one_period_only_there_are_bars_of_shares_and_no_bridge(office: Office) -> None:
    sold(office, product(office, "TEA"), LAST_MONTH, 10, 500, 400)
    app = open_screen(office)
    text = shown(app)
    assert "**Sold of ours: ¥500.** No comparable period." in text
    assert "No comparable period: too few sales of earlier days were told." in text
    assert "The share of 1 product" in charts(app)
    assert not any("From " in alt for alt in charts(app))


def test_the_same_month_a_year_before_is_compared_when_asked(office: Office) -> None:
    tea = product(office, "TEA")
    sold(office, tea, A_YEAR_BEFORE, 10, 400, 300)
    sold(office, tea, LAST_MONTH, 10, 500, 400)
    app = open_screen(office)
    assert "No comparable period." in shown(app)
    app.segmented_control(key="against_choice").set_value("year").run()
    assert app.query_params["against"] == "year"
    assert "**Sold of ours: ¥500, ¥100 (+25.0%) more than " in shown(app)


def test_a_period_without_sales_says_until_when_they_are_known(office: Office) -> None:
    sold(office, product(office, "TEA"), A_YEAR_BEFORE, 10, 400, 300)
    assert "**No sales of these days are told yet**; they are known until " in shown(open_screen(office))


def test_while_nothing_of_this_month_is_told_the_last_one_comes_first(office: Office) -> None:
    two_months(office)
    visit_id = office.visit(office.hongda, state="draft", started_at=NOW)
    app = office.open("limin", PAGE, {"visit": visit_id})
    assert app.segmented_control(key="period_choice").value == "last_month"


def test_a_first_visit_has_no_period_since_the_last(office: Office) -> None:
    two_months(office)
    options = [o.content for o in open_screen(office).segmented_control(key="period_choice").proto.options]
    assert options == ["Last month", "This month", "A year ago"]


def test_since_the_last_visit_counts_the_rows_begun_since(office: Office) -> None:
    tea = product(office, "TEA")
    office.visit(office.hongda, days_ago=10)
    for days_ago, revenue in ((24, 500), (17, 1000), (10, 1500)):
        sold(office, tea, TODAY - timedelta(days=days_ago), 10, revenue, 400)
    text = shown(open_screen(office, "since_visit"))
    assert "**Sold of ours: ¥1,500, ¥500 (+50.0%) more than " in text


def test_without_revenue_the_cases_are_shown_with_the_reason(office: Office) -> None:
    sold(office, product(office, "TEA"), LAST_MONTH, 10, None, None)
    app = open_screen(office)
    text = shown(app)
    assert "**10 cases of ours were sold**; what they brought in was not told." in text
    assert "1 product is left out of the amounts: what it brought in was not told." in text
    assert "of our cases" in text
    assert charts(app) == ["The share of 1 product"]


def test_without_cost_shares_stand_in_for_the_roles_with_the_reason(office: Office) -> None:
    sold(office, product(office, "TEA"), LAST_MONTH, 10, 500, None)
    app = open_screen(office)
    assert "1 product has no margin and no role: its cost was not told." in shown(app)
    assert charts(app) == ["The share of 1 product"]


def test_the_table_says_the_same_with_each_products_share_and_role(office: Office) -> None:
    two_months(office)
    sold(office, rival(office), LAST_MONTH, 50, 2320, None)
    app = open_screen(office)
    app.session_state["sales_table"] = True
    app.run()
    table = app.dataframe[0].value.set_index("product")
    assert list(table.index) == ["Tea", "Rice", "Juice", "Rival tea"]
    assert table["share"].round(3).tolist() == [0.554, 0.123, 0.037, 0.286]
    assert table["role"].tolist() == ["Main and profitable", "Main", "Profitable", "Competitor"]
    assert table["margin"].round(2).tolist()[:3] == [5.0, 2.5, 15.0]


def test_our_share_is_of_what_is_known(office: Office) -> None:
    two_months(office)
    sold(office, rival(office), LAST_MONTH, 50, 2900, None)
    assert "Of its sales known to us, ours are 67%." in shown(open_screen(office))


def test_a_rival_without_a_price_here_counts_in_cases_alone(office: Office) -> None:
    two_months(office)
    rival(office)
    app = open_screen(office)
    app.number_input(key=fields(app)[0]).set_value(50).run()
    text = shown(app)
    assert (
        "Known of competitors: 50 cases, —. One is in no amount and no share: its price here is not known."
        in text
    )
    assert "Competitors' sales are not known in money yet." in text


def test_what_is_told_of_a_rival_is_saved_valued_at_its_price_here_and_marked(office: Office) -> None:
    two_months(office)
    tea = rival(office)
    with writing(office.engine) as session:
        session.add(
            PriceObservation(
                id=new_id(),
                distributor_id=office.hongda,
                product_id=tea,
                kind="selling",
                amount=Decimal("58"),
                unit="case",
                pack_size=15,
                tax_basis="excluded",
                observed_on=TODAY - timedelta(days=3),
                source="told",
                observed_at=NOW,
            )
        )
    app = open_screen(office)
    app.segmented_control(key="rival_source").set_value("estimated").run()
    app.number_input(key=fields(app)[0]).set_value(50).run()
    assert not app.exception
    rows = stored(office, select(SellOut).where(SellOut.product_id == tea))
    assert [(row.quantity, row.source) for row in rows] == [(Decimal(750), "estimated")]
    text = shown(app)
    assert "Of its sales known to us, ours are 67%." in text
    assert "One competitor's amount is estimated from its price here." in text
    assert ":orange-badge[:material/approval_delegation: estimated]" in text
    assert stored(office, select(VisitStep.state).where(VisitStep.step == "sales")) == ["begun"]


def test_a_second_figure_for_the_same_rival_corrects_the_first(office: Office) -> None:
    two_months(office)
    tea = rival(office)
    app = open_screen(office)
    key = fields(app)[0]
    for cases in (50, 40):
        app.number_input(key=key).set_value(cases).run()
        assert not app.warning
    assert stored(office, select(SellOut.quantity).where(SellOut.product_id == tea)) == [Decimal(600)]


def test_a_figure_that_met_another_one_shows_both(office: Office) -> None:
    two_months(office)
    tea = rival(office)
    app = open_screen(office)
    key = fields(app)[0]
    start = date.fromisoformat(key[-10:])
    sold(office, tea, start, 7, None, None)
    with writing(office.engine) as session:
        row = session.scalars(select(SellOut).where(SellOut.product_id == tea)).one()
        row.visit_id, row.source = app.query_params["visit"], "told"
    app.number_input(key=key).set_value(50).run()
    assert "Somebody changed this meanwhile to “105.000”; yours is “750”. Choose one." in shown(app)
    app.button(key="conflict_mine").click().run()
    assert stored(office, select(SellOut.quantity).where(SellOut.product_id == tea)) == [Decimal(750)]


def test_sales_that_were_loaded_are_shown_and_not_asked_for(office: Office) -> None:
    two_months(office)
    sold(office, rival(office), LAST_MONTH, 50, 2900, None)
    app = open_screen(office)
    assert fields(app) == []
    assert "50 cases" in shown(app)
    assert "Bo · imported" in shown(app)


def test_nobody_is_asked_what_sold_a_year_ago(office: Office) -> None:
    two_months(office)
    rival(office)
    assert fields(open_screen(office, "a_year_ago")) == []


def test_a_submitted_visit_takes_no_figures(office: Office) -> None:
    two_months(office)
    rival(office)
    assert fields(open_screen(office, state="submitted")) == []


def test_a_figure_of_another_device_shows_at_the_next_touch(office: Office) -> None:
    two_months(office)
    tea = rival(office)
    app = open_screen(office)
    key = fields(app)[0]
    app.number_input(key=key).set_value(50).run()
    with writing(office.engine) as session:
        row = session.scalars(select(SellOut).where(SellOut.product_id == tea)).one()
        row.quantity = Decimal(600)
        session.get_one(Visit, app.query_params["visit"]).changed_at = clock.now() + timedelta(seconds=1)
    app.run()
    assert app.number_input(key=key).value == 40
    app.number_input(key=key).set_value(30).run()
    assert not app.warning
    assert stored(office, select(SellOut.quantity).where(SellOut.product_id == tea)) == [Decimal(450)]


def test_a_name_with_signs_of_markdown_is_read_out_as_it_is(office: Office) -> None:
    two_months(office)
    rival(office, name_en="Tea *new* [5:1]")
    (field,) = open_screen(office).number_input
    assert field.label == r"Cases of Tea \*new\* \[5\:1\]"


def test_six_rivals_stand_open_and_the_rest_comes_for_a_tap(office: Office) -> None:
    two_months(office)
    for number in range(25):
        product(office, f"R{number}", is_own=False)
    app = open_screen(office)
    assert len(fields(app)) == 6
    app.button(key="show_rivals").click().run()
    assert len(fields(app)) == 20
    assert not [button for button in app.button if button.key == "show_rivals"]


def display_items(office: Office) -> list[str]:
    with writing(office.engine) as session:
        items = [
            ChecklistItem(
                id=new_id(),
                checklist="display",
                code=code,
                text=text,
                text_en=text,
                weight=Decimal(weight),
                position=place,
            )
            for place, (code, text, weight) in enumerate(
                (("a", "Counter", 3), ("b", "Samples", 1), ("c", "Signs", 2))
            )
        ]
        ids = [item.id for item in items]
        session.add_all(items)
    return ids


def test_the_display_is_scored_by_the_weights_of_what_was_answered(office: Office) -> None:
    counter, samples, signs = display_items(office)
    app = open_screen(office, "this_month")
    assert "not scored yet: nothing is answered" in shown(app)
    assert "Counter (weight 3)" in shown(app)
    for item, answer in ((counter, "yes"), (samples, "no"), (signs, "not_applicable")):
        app.segmented_control(key=f"check_{item}").set_value(answer).run()
    assert "score 75%: weight 3 of 4 answered" in shown(app)


def test_going_on_marks_the_step_done_and_opens_the_next(office: Office) -> None:
    app = open_screen(office, "this_month")
    app.button(key="bar_next").click().run()
    assert not app.exception
    assert stored(office, select(VisitStep.state).where(VisitStep.step == "sales")) == ["done"]


def test_the_number_of_queries_does_not_grow_with_the_products(office: Office) -> None:
    two_months(office)
    rival(office)
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        app = open_screen(office)
        st.cache_data.clear()
        st.cache_resource.clear()
        counted.clear()
        app.run()
        few = len(counted)
        for number in range(40):
            own = number % 2 == 0
            sold(office, product(office, f"P{number}", is_own=own), LAST_MONTH, 10, 500, 400 if own else None)
        st.cache_data.clear()
        st.cache_resource.clear()
        counted.clear()
        app.run()
        assert len(counted) == few
    finally:
        event.remove(Engine, "before_cursor_execute", count)
