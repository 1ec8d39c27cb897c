"""Signing out and changing the password."""

import pytest
from sqlalchemy import update

from data.engine import writing
from data.tables.company import User
from data.users import create_user
from tests.data.accounts import NOW, OPERATOR, PASSWORD
from tests.server.doors import HERE, House, websocket_answer
from tests.server.test_sign_in_page import said

NEW = "jasmine tea, 24 bottles"


@pytest.fixture(autouse=True)
def _in_english(house: House) -> None:
    with writing(house.engine) as session:
        session.execute(update(User).values(language="en"))


def form(old: str = PASSWORD, new: str = NEW, again: str | None = None) -> dict[str, str]:
    return {"old": old, "new": new, "again": new if again is None else again}


def test_a_link_to_the_sign_out_asks_and_the_button_ends_the_session(house: House) -> None:
    with house.browser() as browser:
        browser.sign_in()
        assert "Limin is signed in" in browser.open("/sign-out").text
        assert browser.open("/").status_code == 200
        answer = browser.send("/sign-out", {})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert "fieldvisit_session" not in browser.session.cookies
        assert browser.open("/").status_code == 303


def test_without_a_session_there_is_nothing_to_sign_out_of_or_to_change(house: House) -> None:
    with house.browser() as browser:
        assert browser.open("/account/password").headers["location"] == "/sign-in?next=/account/password"
        for path in ("/sign-out", "/account/password"):
            assert browser.ask("POST", path, headers={"origin": HERE}).status_code == 401


def test_a_changed_password_signs_out_the_other_devices_and_not_this_one(house: House) -> None:
    with house.browser() as tablet, house.browser() as laptop:
        tablet.sign_in()
        laptop.sign_in()
        answer = tablet.send("/account/password", form())
        assert answer.status_code == 200
        assert 'class="note done"' in answer.text
        assert (tablet.open("/").status_code, laptop.open("/").status_code) == (200, 303)
        assert laptop.sign_in().status_code == 401
        assert laptop.sign_in(password=NEW).status_code == 303


def test_a_password_that_was_handed_over_opens_nothing_but_the_choice_of_another(house: House) -> None:
    with writing(house.engine) as session:
        made = create_user(
            session, OPERATOR, account="weili", name="Wei Li", name_en="", role="rep", language="en", now=NOW
        )
    with house.browser() as browser:
        browser.sign_in("weili", made.password)
        assert browser.open("/today").headers["location"] == "/account/password"
        assert browser.send("/entries", {}).status_code == 403
        assert websocket_answer(house, token=browser.token) == "websocket.close"
        asked = browser.open("/account/password")
        assert (asked.status_code, "Choose one of your own" in asked.text) == (200, True)
        assert browser.open("/sign-out").status_code == 200
        done = browser.send("/account/password", form(old=made.password))
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert browser.open("/today").status_code == 200
        assert websocket_answer(house, token=browser.token) == "websocket.accept"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (form(again="another one"), "The two new passwords are not the same"),
        (form(new="short"), "too short: at least 10 characters"),
        (form(new="x" * 201), "too long"),
        (form(new=PASSWORD), "must differ from the old one"),
        (form(old="wrong"), "The current password is wrong. 4 tries left"),
        ({"old": ""}, "too short"),
    ],
)
def test_a_change_that_fails_says_why_and_changes_nothing(
    house: House, given: dict[str, str], sentence: str
) -> None:
    with house.browser() as browser:
        browser.sign_in()
        answer = browser.send("/account/password", given)
        assert answer.status_code == 422
        assert sentence in said(answer)
        assert browser.sign_in().status_code == 303


def test_guessing_the_current_password_is_delayed(house: House) -> None:
    with house.browser() as browser:
        browser.sign_in()
        for _ in range(5):
            browser.send("/account/password", form(old="wrong"))
        assert "Wait 1 minute" in said(browser.send("/account/password", form()))
        house.wait(minutes=1)
        assert browser.send("/account/password", form()).status_code == 200


def test_a_large_form_is_refused(house: House) -> None:
    with house.browser() as browser:
        browser.sign_in()
        assert browser.send("/account/password", form(old="x" * 9000)).status_code == 413
