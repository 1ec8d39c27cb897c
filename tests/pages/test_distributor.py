"""The page of one distributor."""

import pytest

from tests.pages.office import Office, shown
from tests.pages.steps import promise

PAGE = "pages/visit/distributor.py"


def test_without_a_choice_it_asks_whose_page_is_wanted(office: Office) -> None:
    app = office.open("limin", PAGE)
    app.selectbox(key="read_distributor").set_value(office.fuyuan).run()
    assert app.subheader[0].value.replace("\\", "") == "D2 Trading Co."


def test_it_shows_what_is_open_and_who_was_there(office: Office) -> None:
    office.visit(office.hongda, summary="Shelf filled")
    promise(office)
    text = shown(office.open("limin", PAGE, {"distributor": office.hongda}))
    for words in ("D1 Trading Co.", "Shelf filled", "Two racks", "Nobody is recorded yet."):
        assert words in text


@pytest.mark.parametrize("chosen", ["nonsense", "' OR 1=1", "0" * 3000])
def test_one_that_does_not_exist_is_said_to_be_none_of_his(office: Office, chosen: str) -> None:
    assert "not among those you look after" in shown(office.open("limin", PAGE, {"distributor": chosen}))


def test_another_reps_distributor_is_none_of_his(office: Office) -> None:
    text = shown(office.open("chentao", PAGE, {"distributor": office.hongda}))
    assert "not among those you look after" in text
    assert "D1" not in text


def test_a_rep_without_distributors_is_told_so(office: Office) -> None:
    assert "No distributor is assigned to you." in shown(office.open("chentao", PAGE))


def test_in_a_fresh_tab_the_visit_in_the_address_says_whose_page_it_is(office: Office) -> None:
    visit = office.visit(office.fuyuan, state="draft")
    app = office.open("limin", PAGE, {"visit": visit})
    assert app.subheader[0].value.replace("\\", "") == "D2 Trading Co."
    assert app.session_state["distributor_name"] == "Fuyuan"


def test_a_visit_that_is_none_of_his_chooses_nobody(office: Office) -> None:
    visit = office.visit(office.fuyuan, state="draft")
    app = office.open("chentao", PAGE, {"visit": visit})
    assert "D2" not in shown(app)
    assert "No distributor is assigned to you." in shown(app)
