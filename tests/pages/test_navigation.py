"""What stands at an address that is none of the user's pages."""

from types import SimpleNamespace

import pytest

from tests.pages.office import Office, shown


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    context = SimpleNamespace(url=f"http://127.0.0.1:8501/{request.param}", cookies={})
    monkeypatch.setattr("ui.navigation.st.context", context)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("asked", ["nowhere", "some%20where", "no%2Fwhere", "%E5%BA%93"], indirect=True)
def test_an_address_that_is_nobodys_says_so(office: Office) -> None:
    app = office.open("limin", "pages/office/none_of_yours.py")
    assert "This page is not yours, or it does not exist." in shown(app)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("asked", ["", "home", "home/", "%74oday", "%20", "%2F"], indirect=True)
def test_another_spelling_of_an_own_page_is_no_second_page(office: Office) -> None:
    app = office.open("limin", "pages/visit/today.py")
    assert "Nothing planned today." in shown(app)
