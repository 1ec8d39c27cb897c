"""The administrator's users on the screen."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data.sign_in import SignedIn, sign_in
from data.tables.company import User, UserRegion
from data.tables.distributors import DistributorAssignment
from tests.pages.office import TODAY, Office, shown, stored
from ui.users import DIALOG, DONE

PAGE = "pages/office/users.py"


def ask(office: Office, kind: str, account: str = "") -> AppTest:
    """The page with one of its dialogs open."""
    app = office.open("admin", PAGE)
    app.session_state[DIALOG] = (kind, office.users.get(account, ""))
    return app.run()


def may_sign_in(office: Office, account: str, password: str) -> bool:
    done = sign_in(
        office.engine,
        account=account,
        password=password,
        address="",
        now=datetime.now(UTC),
        demo_allowed=False,
    )
    return isinstance(done, SignedIn)


def test_the_list_says_role_regions_and_distributors(office: Office) -> None:
    table = office.open("admin", PAGE).dataframe[0].value.set_index("account")
    assert table.loc["limin", ["role", "distributors"]].tolist() == ["Sales rep", 2]
    assert table.loc["zhoulan", ["role", "regions"]].tolist() == ["Regional manager", "East"]


@pytest.mark.parametrize("account", ["limin", "zhoulan", "hejing"])
def test_nobody_else_has_the_page(office: Office, account: str) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        office.open(account, PAGE)


def test_a_new_user_signs_in_with_the_password_that_is_shown_once(office: Office) -> None:
    app = ask(office, "new")
    app.text_input(key="new_name").set_value("张三")
    app.text_input(key="new_account").set_value("ZhangSan")
    app.selectbox(key="new_role").set_value("clerk").run()
    app.multiselect(key="new_regions").set_value([office.region])
    app.button(key="new_create").click().run()
    assert not app.exception
    password = app.code[0].value
    assert may_sign_in(office, "zhangsan", password)
    made = stored(office, select(User.id).where(User.account == "zhangsan"))
    assert stored(office, select(UserRegion.region_id).where(UserRegion.user_id.in_(made))) == [office.region]
    app.button(key="users_close").click().run()
    assert not app.code
    assert DIALOG not in app.session_state
    assert DONE not in app.session_state


@pytest.mark.parametrize(("account", "name"), [("limin", "李敏"), ("李", "李敏"), ("ok-account", " ")])
def test_what_cannot_be_kept_is_said_and_nothing_is_made(office: Office, account: str, name: str) -> None:
    app = ask(office, "new")
    app.text_input(key="new_name").set_value(name)
    app.text_input(key="new_account").set_value(account)
    app.button(key="new_create").click().run()
    assert len(app.error) == 1
    assert app.text_input(key="new_account").value == account
    assert len(stored(office, select(User))) == len(office.users)


def test_a_new_password_replaces_the_old_one(office: Office) -> None:
    app = ask(office, "password", "limin")
    app.button(key="password_make").click().run()
    assert may_sign_in(office, "limin", app.code[0].value)


def test_retiring_asks_first_and_says_what_stays_behind(office: Office) -> None:
    app = ask(office, "retire", "limin")
    assert "2 distributors stay with this rep" in shown(app)
    assert stored(office, select(User.account).where(User.retired_at.is_not(None))) == []
    app.button(key="retire_do").click().run()
    assert stored(office, select(User.account).where(User.retired_at.is_not(None))) == ["limin"]
    assert "limin" not in app.dataframe[0].value["account"].tolist()


def test_regions_are_set_as_chosen(office: Office) -> None:
    app = ask(office, "regions", "zhoulan")
    app.multiselect(key="user_regions").set_value([])
    app.button(key="regions_do").click().run()
    held = select(UserRegion).where(UserRegion.user_id == office.users["zhoulan"])
    assert stored(office, held) == []


def test_a_hand_over_says_beforehand_and_afterwards_what_moves_along(office: Office) -> None:
    office.visit(office.hongda, -3, state="planned")
    office.visit(office.hongda, -1, state="planned")
    app = ask(office, "hand_over", "limin")
    assert app.button(key="hand_do").disabled
    app.multiselect(key="hand_distributors").set_value([office.hongda])
    app.selectbox(key="hand_to").set_value(office.users["chentao"])
    app.date_input(key="hand_from").set_value(TODAY + timedelta(days=2)).run()
    assert "1 planned visit, 0 open promises" in shown(app)
    app.button(key="hand_do").click().run()
    assert not app.exception
    assert "1 distributor handed over" in shown(app)
    assert "1 planned visit, 0 open promises" in shown(app)
    taken = select(DistributorAssignment.distributor_id).where(
        DistributorAssignment.rep_id == office.users["chentao"]
    )
    assert stored(office, taken) == [office.hongda]
