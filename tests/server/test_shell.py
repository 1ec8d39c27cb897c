"""The page that every screen lives in, as this Streamlit ships it."""

from importlib.resources import files

import pytest

from server.shell import NO_DIALOGS, hash_source, rewritten
from tests.server.doors import House

SHIPPED = files("streamlit").joinpath("static/index.html").read_bytes()


@pytest.mark.parametrize(("language", "tag"), [("zh", b"zh-CN"), ("en", b"en")])
def test_the_page_says_its_language_and_our_name(language: str, tag: bytes) -> None:
    page, _hashes = rewritten(SHIPPED, language)
    assert b'<html lang="' + tag + b'">' in page
    assert b"<title>Fieldvisit</title>" in page


def test_no_dialog_of_streamlits_own_covers_the_pad_while_there_is_no_link() -> None:
    page, hashes = rewritten(SHIPPED, "zh")
    assert page.index(NO_DIALOGS) < page.index(b'<script type="module"')
    script = NO_DIALOGS.removeprefix(b"<script>").removesuffix(b"</script>")
    assert hash_source(script) in hashes


def test_streamlit_still_knows_the_switch() -> None:
    scripts = files("streamlit").joinpath("static/static/js").iterdir()
    assert any(b"blockErrorDialogs" in one.read_bytes() for one in scripts if one.name.startswith("index."))


@pytest.mark.parametrize(
    ("address", "status", "location"),
    [
        ("/does/not/exist?visit=7", 303, "/exist?visit=7"),
        ("/visit/%5Cevil.example", 303, "/%5Cevil.example"),
        ("/prepare?visit=7", 200, None),
    ],
)
def test_an_address_of_many_parts_leads_to_a_page_instead_of_an_empty_one(
    house: House, address: str, status: int, location: str | None
) -> None:
    with house.browser() as browser:
        browser.sign_in()
        answer = browser.open(address)
    assert (answer.status_code, answer.headers.get("location")) == (status, location)
