"""The price screen as a rep sees it: entering, comparing, competitors, and all the empty cases."""

from datetime import timedelta
from decimal import Decimal

import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import event, select
from streamlit.testing.v1 import AppTest

from data.engine import writing
from data.entries import save_entries
from data.identifiers import new_id
from data.tables.dealings import PriceObservation
from data.tables.products import PricePolicy, PurchasePrice
from data.tables.visits import VisitStep
from tests import builders
from tests.builders import NOW, rep
from tests.pages.office import TODAY, Office, shown, stored
from ui import charts

PAGE = "pages/visit/price_comparison.py"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def open_screen(office: Office, view: str = "", **visit: object) -> AppTest:
    visit_id = office.visit(office.hongda, **{"state": "draft", "started_at": NOW} | visit)
    return office.open("limin", PAGE, {"visit": visit_id} | ({"view": view} if view else {}))


def product(office: Office, code: str, **values: object) -> str:
    with writing(office.engine) as session:
        return builders.product(session, code, **values)


def see(
    office: Office, distributor: str, product_id: str, amount: str, days_ago: int = 3, **values: object
) -> None:
    given = {
        "id": new_id(),
        "distributor_id": distributor,
        "product_id": product_id,
        "kind": "selling",
        "amount": Decimal(amount),
        "unit": "case",
        "pack_size": 15,
        "tax_basis": "excluded",
        "observed_on": TODAY - timedelta(days=days_ago),
        "source": "told",
        "observed_at": NOW,
    }
    with writing(office.engine) as session:
        session.add(PriceObservation(**given | values))


def market(office: Office, product_id: str, *amounts: str) -> None:
    """Prices of other distributors of the market, who are another rep's."""
    for amount in amounts:
        with writing(office.engine) as session:
            other = builders.distributor(session, new_id(), office.market, office.users["chentao"])
        see(office, other, product_id, amount)


def buttons(app: AppTest) -> list[str]:
    return [str(button.key) for button in app.button]


def views(app: AppTest) -> list[str]:
    return [option.content for option in app.segmented_control(key="view_choice").proto.options]


def test_without_any_price_the_comparison_says_what_to_do(office: Office) -> None:
    product(office, "TEA")
    assert "**No price is known yet.** Enter the first one." in shown(open_screen(office, "compare"))


def test_the_views_count_what_is_entered_and_what_stands_out(office: Office) -> None:
    tea = product(office, "TEA")
    product(office, "RIVAL", is_own=False, maker="Bo", rivals_product_id=tea)
    see(office, office.hongda, tea, "41")
    market(office, tea, "48", "48", "48")
    assert views(open_screen(office)) == ["Enter 0/1", "Compare 1", "Rivals 0/1"]


def test_the_sentence_can_be_read_out(office: Office) -> None:
    tea = product(office, "TEA", name_en="Green tea")
    see(office, office.hongda, tea, "41")
    market(office, tea, "48", "48", "48")
    with writing(office.engine) as session:
        session.add(
            PurchasePrice(
                id=new_id(),
                product_id=tea,
                from_on=TODAY - timedelta(days=90),
                price=Decimal("2.8"),
                tax_basis="excluded",
            )
        )
    text = shown(open_screen(office, "compare"))
    assert (
        "**1 of 1 products sells below the market.** The lowest is Green tea: 41.0, which is 14.6% under the"
        " median 48.0 of the market (3 others) and below its purchase price 42.0. No price policy is set here."
    ) in text
    assert (
        "inverted: 1.0 below the purchase price; 14.6% below the market (threshold 3%); lowest of 4" in text
    )
    assert "Ask: clearing stock, or goods from another territory?" in text


def test_too_few_others_are_said_and_not_compared(office: Office) -> None:
    tea = product(office, "TEA")
    see(office, office.hongda, tea, "41")
    market(office, tea, "48", "48")
    text = shown(open_screen(office, "compare"))
    assert "**Too few other distributors' prices are known to compare.**" in text
    assert "Nothing needs a question today." in text


def test_another_tax_basis_is_never_compared(office: Office) -> None:
    tea = product(office, "TEA")
    see(office, office.hongda, tea, "41", tax_basis="included")
    market(office, tea, "48", "48", "48")
    assert "**No price is known yet.**" in shown(open_screen(office, "compare"))


def test_the_policy_is_reported_in_neutral_words(office: Office) -> None:
    tea = product(office, "TEA")
    see(office, office.hongda, tea, "41")
    with writing(office.engine) as session:
        session.add(
            PricePolicy(
                id=new_id(),
                product_id=tea,
                kind="selling",
                low=Decimal("2.8"),
                high=Decimal("3.2"),
                tax_basis="excluded",
                from_on=TODAY - timedelta(days=9),
            )
        )
    app = open_screen(office, "compare")
    assert "below the price policy's 42.0" in shown(app)
    app.button(key=f"price_{tea}").click().run()
    text = shown(app)
    assert "1.0 below the recommended 42.0 to 48.0" in text
    assert "the law forbids imposing resale prices" in text
    assert "violat" not in text.lower()


def test_a_rivals_move_is_told_with_the_gap_to_ours(office: Office) -> None:
    tea = product(office, "TEA")
    rival = product(office, "RIVAL", name_en="Bo tea", is_own=False, maker="Bo", rivals_product_id=tea)
    see(office, office.hongda, tea, "48")
    see(office, office.hongda, rival, "47", days_ago=20)
    visit_id = office.visit(office.hongda, state="draft", started_at=NOW)
    see(office, office.hongda, rival, "45", visit_id=visit_id)
    text = shown(office.open("limin", PAGE, {"visit": visit_id, "view": "compare"}))
    assert "**1 of 1 competitors' prices moved.** Bo tea fell 2.0 to 45.0. Your manager is told." in text
    assert "we are 3.0 dearer (index 107)" in text


def test_the_bar_leads_from_entering_to_comparing_and_then_to_the_next_step(office: Office) -> None:
    product(office, "TEA")
    app = open_screen(office)
    assert app.button(key="bar_next").label == "See the comparison"
    app.button(key="bar_next").click().run()
    assert app.segmented_control(key="view_choice").value == "compare"
    assert app.button(key="bar_next").label.startswith("Next: ")
    app.button(key="bar_next").click().run()
    assert {row.step: row.state for row in stored(office, select(VisitStep))}["prices"] == "done"


def test_a_tap_back_to_entering_stands_although_another_has_just_led_to_the_comparison(
    office: Office,
) -> None:
    product(office, "A")
    app = open_screen(office)
    app.button(key="bar_next").click().run()
    assert app.segmented_control(key="view_choice").value == "compare"
    app.segmented_control(key="view_choice").set_value("enter").run()
    assert "view" not in app.query_params
    assert app.button(key="bar_next").label == "See the comparison"


def test_a_first_entry_begins_the_step_and_counts_at_once(office: Office) -> None:
    tea = product(office, "TEA")
    visit_id = office.visit(office.hongda, state="draft", started_at=NOW)
    entry = {
        "id": new_id(),
        "user": office.users["limin"],
        "visit": visit_id,
        "row": tea,
        "lot": None,
        "field": "selling",
        "value": "45",
        "unit": "case",
        "source": "read",
        "base": None,
        "at": "",
    }
    with writing(office.engine) as session:
        assert save_entries(session, rep(office.users["limin"], TODAY), [entry], NOW).rejected == []
    app = office.open("limin", PAGE, {"visit": visit_id})
    assert views(app)[0] == "Enter 1/1"
    assert [row.state for row in stored(office, select(VisitStep)) if row.step == "prices"] == ["begun"]


def test_a_visit_that_is_closed_is_only_read(office: Office) -> None:
    tea = product(office, "TEA")
    see(office, office.hongda, tea, "41", days_ago=9)
    app = open_screen(office, state="approved", days_ago=9)
    assert views(app) == ["Compare 0"]


def rows_of(shown: charts.Picture) -> dict[str, pd.DataFrame]:
    """A picture's rows by table."""
    return {name: table.to_pandas() for name, table in shown.tables.items()}


def test_every_price_shows_how_it_moved_since_last_time_without_a_tap(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, pd.DataFrame]] = []
    monkeypatch.setattr(charts, "draw", lambda _build, shown, **_more: drawn.append(rows_of(shown)))
    moved, first = product(office, "MOVED"), product(office, "FIRST")
    see(office, office.hongda, moved, "48", days_ago=20)
    see(office, office.hongda, moved, "46.5")
    see(office, office.hongda, first, "30")
    app = open_screen(office, "compare")
    assert "↓↑ since its last price" in shown(app)
    told = drawn[0]["own"].set_index("price")
    assert told["moved"].to_dict() == {"46.5": "↓1.5", "30.0": ""}
    assert told["previous"]["46.5"].startswith("48.0, ")


def test_a_long_shelf_without_anything_to_ask_still_shows_its_first_prices(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, pd.DataFrame]] = []
    monkeypatch.setattr(charts, "draw", lambda _build, shown, **_more: drawn.append(rows_of(shown)))
    for number in range(41):
        see(office, office.hongda, product(office, f"P{number:02}"), "40")
    app = open_screen(office, "compare")
    assert "Nothing needs a question today." in shown(app)
    assert len(drawn[-1]["own"]) == 20
    app.button(key="show_price_all").click().run()
    assert len(drawn[-1]["own"]) == 41


def test_many_rivals_wait_for_a_tap(office: Office) -> None:
    for number in range(14):
        id_ = product(office, f"R{number:02}", is_own=False, name_en=f"Rival {number:02}")
        see(office, office.hongda, id_, "40")
    app = open_screen(office, "compare")
    assert sum(f"Rival {number:02}" in shown(app) for number in range(14)) == 12
    app.button(key="show_price_all_rivals").click().run()
    assert sum(f"Rival {number:02}" in shown(app) for number in range(14)) == 14


def test_many_products_in_need_of_a_question_wait_for_a_tap(office: Office) -> None:
    for number in range(15):
        id_ = product(office, f"P{number:02}")
        see(office, office.hongda, id_, "40")
        see(office, office.hongda, id_, "4", kind="retail", unit="piece")
        with writing(office.engine) as session:
            session.add(
                PurchasePrice(
                    id=new_id(), product_id=id_, from_on=TODAY, price=Decimal(3), tax_basis="excluded"
                )
            )
    app = open_screen(office, "compare")
    named = [key for key in buttons(app) if key.startswith("price_")]
    assert len(named) == 12
    app.button(key="show_price_all_rows").click().run()
    assert len([key for key in buttons(app) if key.startswith("price_")]) == 15


def test_the_questions_to_the_database_do_not_grow_with_the_products(office: Office) -> None:
    counts = []
    for round_ in range(2):
        for number in range(1 + 20 * round_):
            id_ = product(office, f"R{round_}P{number:02}")
            see(office, office.hongda, id_, "41")
            market(office, id_, "48", "48", "48")
        asked: list[str] = []
        st.cache_data.clear()
        st.cache_resource.clear()
        app = open_screen(office, "compare")

        def note(_connection, _cursor, statement, *_rest, asked=asked) -> None:
            asked.append(statement)

        st.cache_data.clear()
        st.cache_resource.clear()
        event.listen(office.engine.__class__, "before_cursor_execute", note)
        try:
            app.run()
        finally:
            event.remove(office.engine.__class__, "before_cursor_execute", note)
        counts.append(len(asked))
    assert 0 < counts[0] == counts[1]
