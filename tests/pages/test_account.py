"""The user's own page."""

import pytest
from sqlalchemy import select

from data.tables.company import User
from tests.pages.office import Office, shown, stored

PAGE = "pages/office/account.py"


@pytest.mark.parametrize("account", ["limin", "zhoulan", "hejing", "admin"])
def test_everybody_has_one(office: Office, account: str) -> None:
    assert account in shown(office.open(account, PAGE))


def test_the_language_chosen_is_kept_and_spoken_at_once(office: Office) -> None:
    app = office.open("limin", PAGE)
    app.segmented_control(key="language_choice").set_value("zh").run()
    assert stored(office, select(User.language).where(User.account == "limin")) == ["zh"]
    assert "业务员" in shown(app)
    assert app.segmented_control(key="language_choice").label == "语言"


def test_a_problem_is_told_in_the_language_that_is_spoken(office: Office) -> None:
    app = office.open("limin", PAGE)
    app.segmented_control(key="language_choice").set_value("zh").run()
    app.switch_page("pages/visit/preparation.py").run()
    assert "拜访" in shown(app)
    assert "not among yours" not in shown(app)
