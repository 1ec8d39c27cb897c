"""The visit log on the screen: who sees what, filters in the address, the record, and what leaves it."""

import io
from datetime import timedelta

import openpyxl
import pypdf
import pytest
from sqlalchemy import select

from data.engine import writing
from data.entries import save_entries
from data.errors import NotAllowed
from data.identifiers import new_id
from data.sign_in import end_sessions
from data.tables.records import Entry
from tests import builders
from tests.builders import NOW, rep
from tests.pages.office import TODAY, Office, shown, stored
from tests.pages.steps import typed
from ui.current_user import current_user
from ui.visit_log import OPENED
from ui.visit_papers import LogFilter, pdf_maker, sheet_maker

PAGE = "pages/office/visit_log.py"


def late_price(office: Office, visit_id: str) -> str:
    """A price that reaches the office after the visit was handed in."""
    with writing(office.engine) as session:
        product = builders.product(session, "TEA")
        entry = {
            "id": new_id(),
            "user": office.users["limin"],
            "visit": visit_id,
            "row": product,
            "lot": "",
            "field": "selling",
            "value": "2.5",
            "unit": "piece",
            "source": "told",
            "base": None,
            "at": "",
        }
        save_entries(session, rep(office.users["limin"], TODAY), [entry], NOW)
    return str(entry["id"])


@pytest.mark.parametrize("account", ["limin", "zhoulan", "hejing", "admin"])
def test_every_role_finds_the_visits_that_it_may_see(office: Office, account: str) -> None:
    office.visit(office.hongda, 1)
    app = office.open(account, PAGE)
    assert app.dataframe[0].value["distributor"].tolist() == ["Hongda"]
    assert "**1 visit**" in shown(app)


def test_a_rep_finds_nothing_of_another_reps(office: Office) -> None:
    office.visit(office.hongda)
    app = office.open("chentao", PAGE)
    assert not app.dataframe
    assert "No visit matches" in shown(app)


def test_the_filters_come_from_the_address_and_go_there(office: Office) -> None:
    office.visit(office.hongda, 1)
    office.visit(office.fuyuan, 1, state="returned")
    app = office.open("zhoulan", PAGE, {"state": "returned"})
    assert app.dataframe[0].value["distributor"].tolist() == ["Fuyuan"]
    app.selectbox(key="state_choice").set_value("approved").run()
    assert app.query_params["state"] == "approved"
    assert app.dataframe[0].value["distributor"].tolist() == ["Hongda"]
    again = office.open("zhoulan", PAGE, {"state": "approved", "distributor": "fuyuan"})
    assert again.text_input(key="distributor").value == "fuyuan"
    assert not again.dataframe


def test_an_address_that_means_nothing_filters_nothing(office: Office) -> None:
    office.visit(office.hongda)
    wrong = {"state": "eaten", "older": "yesterday", "newer": "2026-01-01.x", "from": "soon"}
    assert len(office.open("zhoulan", PAGE, wrong).dataframe[0].value) == 1


def test_visits_planned_for_later_wait_until_one_looks_ahead(office: Office) -> None:
    office.visit(office.hongda, -7, state="planned")
    app = office.open("zhoulan", PAGE)
    assert not app.dataframe
    app.date_input(key="to").set_value(TODAY + timedelta(days=9)).run()
    assert app.dataframe[0].value["state"].tolist() == ["Planned"]


def test_pages_go_there_and_back_and_a_filter_begins_anew(office: Office) -> None:
    for number in range(53):
        office.visit(office.hongda, number, summary=f"number {number}")
    app = office.open("zhoulan", PAGE)
    assert app.button(key="log_newer").disabled
    app.button(key="log_older").click().run()
    assert app.dataframe[0].value["summary"].tolist() == ["number 50", "number 51", "number 52"]
    assert app.button(key="log_older").disabled
    app.button(key="log_newer").click().run()
    assert len(app.dataframe[0].value) == 50
    app.button(key="log_older").click().run()
    app.text_input(key="text").set_value("number 3").run()
    assert "older" not in app.query_params
    assert app.dataframe[0].value["summary"].tolist()[0] == "number 3"


def test_a_visit_opens_with_what_is_kept_of_it(office: Office) -> None:
    visit_id = office.visit(office.hongda, summary="卖得*好*", strengths="准备充分")
    with writing(office.engine) as session:
        builders.objective(session, visit_id, text="订货一百箱")
    app = office.open("hejing", PAGE)
    app.session_state[OPENED] = visit_id
    app.run()
    assert not app.exception
    assert "D1 Trading Co." in shown(app)
    assert "卖得*好*" in shown(app)
    assert "准备充分" in shown(app)
    assert app.table[0].value.iloc[0, 0] == "订货一百箱"
    assert [tab.label for tab in app.tabs] == ["Steps", "Prices", "Stock", "Order", "More", "History"]


def test_the_manager_decides_on_what_came_too_late_and_the_history_keeps_it(office: Office) -> None:
    visit_id = office.visit(office.hongda, state="submitted")
    entry_id = late_price(office, visit_id)
    app = office.open("zhoulan", PAGE)
    app.session_state[OPENED] = visit_id
    app.run()
    assert "Product TEA" in shown(app)
    typed(office, "zhoulan", visit_id, f"correction:{entry_id}", "called him")
    app.button(key=f"accept_{entry_id}").click().run()
    assert not app.exception
    assert stored(office, select(Entry.outcome).where(Entry.id == entry_id)) == ["accepted"]
    assert "called him" in shown(app)
    assert f"accept_{entry_id}" not in [button.key for button in app.button]


@pytest.mark.parametrize("account", ["hejing", "limin"])
def test_others_see_what_came_too_late_and_cannot_decide(office: Office, account: str) -> None:
    visit_id = office.visit(office.hongda, state="submitted")
    entry_id = late_price(office, visit_id)
    app = office.open(account, PAGE)
    app.session_state[OPENED] = visit_id
    app.run()
    assert "waits for the manager" in shown(app)
    assert f"accept_{entry_id}" not in [button.key for button in app.button]


def test_the_rep_proposes_what_should_stand_in_a_visit_that_was_handed_in(office: Office) -> None:
    visit_id = office.visit(office.hongda, state="approved", summary="Shelf filed")
    app = office.open("limin", PAGE)
    app.session_state[OPENED] = visit_id
    app.run()
    assert "the report changes when the manager accepts it" in shown(app)
    assert app.selectbox(key=f"correct_{visit_id}").options[0] == "Summary"
    other = office.open("zhoulan", PAGE)
    other.session_state[OPENED] = visit_id
    other.run()
    assert f"correct_{visit_id}" not in [field.key for field in other.selectbox]


def test_an_export_holds_what_was_found_and_no_formula(office: Office) -> None:
    office.visit(office.hongda, summary="=1+1")
    office.visit(office.fuyuan, 1, state="returned")
    office.open("zhoulan", PAGE)
    user = current_user()
    assert user is not None
    wanted = LogFilter(state="approved")
    sheet = openpyxl.load_workbook(io.BytesIO(sheet_maker(user, wanted, "xlsx")())).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == 1
    assert {cell.value: cell.data_type for cell in rows[0]}["=1+1"] == "s"
    assert b"'=1+1" in sheet_maker(user, wanted, "csv")()


def test_the_card_is_printed_with_the_names_of_the_visit(office: Office) -> None:
    visit_id = office.visit(office.hongda, summary="talked about the new tea")
    office.open("limin", PAGE)
    user = current_user()
    assert user is not None
    text = pypdf.PdfReader(io.BytesIO(pdf_maker(user, visit_id)())).pages[0].extract_text()
    assert "talked about the new tea" in text


def test_who_has_signed_out_meanwhile_gets_no_file(office: Office) -> None:
    visit_id = office.visit(office.hongda)
    office.open("limin", PAGE)
    user = current_user()
    assert user is not None
    makers = (pdf_maker(user, visit_id), sheet_maker(user, LogFilter(), "csv"))
    with writing(office.engine) as session:
        end_sessions(session, office.users["limin"], NOW)
    for make in makers:
        with pytest.raises(NotAllowed):
            make()
