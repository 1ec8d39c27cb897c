"""What is reached without a session, and with one."""

import pytest
from sqlalchemy import update

from data.engine import writing
from data.sign_in import change_password, end_sessions
from data.tables.company import User
from tests.data.accounts import NOW, PASSWORD
from tests.server.doors import HERE, PAGE, House, websocket_answer


@pytest.mark.parametrize(
    "path", ["/", "/visit/prepare", "/no-such-page", "/sign-in/", "/Sign-In", "/sign-out"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_without_a_session_leads_to_the_sign_in(house: House, path: str, method: str) -> None:
    with house.browser() as browser:
        answer = browser.open(path, method)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert "Streamlit" not in answer.text


def test_a_program_that_takes_anything_is_led_to_the_sign_in_too(house: House) -> None:
    with house.browser() as browser:
        assert browser.ask("GET", "/").status_code == 303


def test_after_signing_in_the_deep_link_goes_on(house: House) -> None:
    with house.browser() as browser:
        asked = browser.open("/visit/prepare?visit=7&step=2")
        assert asked.headers["location"] == "/sign-in?next=/visit/prepare%3Fvisit%3D7%26step%3D2"
        page = browser.open(asked.headers["location"])
        assert 'value="/visit/prepare?visit=7&amp;step=2"' in page.text
        done = browser.sign_in(wanted="/visit/prepare?visit=7&step=2")
    assert (done.status_code, done.headers["location"]) == (303, "/visit/prepare?visit=7&step=2")


@pytest.mark.parametrize(
    "path", ["/media/x.png", "/static/js/index.js", "/_stcore/upload_file/a/b", "/_stcore/host-config"]
)
def test_what_pages_load_is_401_without_a_session(house: House, path: str) -> None:
    with house.browser() as browser:
        assert browser.open(path).status_code == 401
        assert browser.ask("OPTIONS", path).status_code == 401


@pytest.mark.parametrize(
    "headers", [{"accept": "application/json"}, {"sec-fetch-mode": "cors"}, {"accept": "image/png"}]
)
def test_a_script_or_a_picture_asking_for_a_page_is_401(house: House, headers: dict[str, str]) -> None:
    with house.browser() as browser:
        assert browser.ask("GET", "/", headers={**PAGE, **headers}).status_code == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_the_health_check_needs_no_session(house: House, method: str) -> None:
    with house.browser() as browser:
        assert browser.ask(method, "/_stcore/health").status_code == 200
        assert browser.open("/_stcore/healthy").status_code == 401


@pytest.mark.parametrize("token", ["", "made-up", "x" * 5000, "a\\b", "ünïcode"])
def test_a_made_up_cookie_opens_nothing(house: House, token: str) -> None:
    with house.browser() as browser:
        cookie = f"fieldvisit_session={token}".encode().decode("latin-1")
        assert browser.ask("GET", "/", headers={"cookie": cookie.encode("latin-1")}).status_code == 303
    assert websocket_answer(house, token="made-up") == "websocket.close"


def test_with_a_session_everything_behind_the_door_is_reached(house: House) -> None:
    with house.browser() as browser:
        browser.sign_in()
        for path in ("/", "/prepare", "/media/x.png", "/static/js/index.js"):
            assert browser.open(path).status_code == 200
        put = browser.ask("PUT", "/_stcore/upload_file/a/b", content=b"x", headers={"origin": HERE})
        assert put.status_code == 200
        assert websocket_answer(house, token=browser.token) == "websocket.accept"


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/agent/openapi.json",
        "/_stcore/metrics",
        "/_stcore/script-health-check",
    ],
)
def test_streamlits_own_side_doors_are_closed_to_everybody(house: House, path: str) -> None:
    with house.browser() as browser:
        browser.sign_in()
        assert browser.open(path).status_code == 404


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:8502",
        "ftp://127.0.0.1:8501",
    ],
)
def test_nothing_is_written_for_another_sites_page(house: House, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    with house.browser() as browser:
        browser.sign_in()
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "INVENTED"):
            for path in ("/sign-in", "/sign-out", "/account/password", "/_stcore/upload_file/a/b"):
                assert browser.ask(method, path, headers=headers).status_code == 403
        assert browser.open("/").status_code == 200
        assert websocket_answer(house, token=browser.token, origin=origin) == "websocket.close"


def test_a_standard_port_may_be_left_out_of_the_origin(house: House) -> None:
    with house.browser("http://fieldvisit.example:80") as browser:
        answer = browser.sign_in(origin="http://fieldvisit.example")
    assert answer.status_code == 303


@pytest.mark.parametrize("how", ["sign out", "password", "retired", "reset", "idle"])
def test_a_session_that_ended_opens_nothing_any_more(house: House, how: str) -> None:
    with house.browser() as browser, house.browser() as other:
        browser.sign_in()
        other.sign_in()
        token = browser.token
        assert browser.open("/").status_code == 200
        with writing(house.engine) as session:
            user = session.query(User).one()
            if how == "reset":
                end_sessions(session, user.id, NOW)
            if how == "retired":
                session.execute(update(User).values(retired_at=NOW))
        if how == "password":
            change_password(house.engine, token=other.token, old=PASSWORD, new="a longer password", now=NOW)
        if how == "sign out":
            browser.send("/sign-out", {})
            browser.session.cookies.set("fieldvisit_session", token, domain="127.0.0.1")
        if how == "idle":
            house.wait(days=14)
        assert browser.open("/").status_code == 303
        assert browser.open("/media/x").status_code == 401
        assert websocket_answer(house, token=token) == "websocket.close"


def test_only_streamlits_own_files_are_served_a_few_seconds_longer(house: House) -> None:
    with house.browser() as browser:
        browser.sign_in()
        assert browser.open("/static/js/a.js").status_code == 200
        with writing(house.engine) as session:
            end_sessions(session, session.query(User).one().id, NOW)
        assert browser.open("/static/js/b.js").status_code == 200
        assert browser.open("/component/x/index.html").status_code == 401
        assert browser.open("/media/x").status_code == 401


def test_remembering_sessions_takes_no_more_room_than_a_few(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.gate.REMEMBERED_AT_MOST", 2)
    monkeypatch.setattr("server.gate.REMEMBERED_SECONDS", -1.0)
    with house.browser() as browser:
        for _ in range(4):
            browser.sign_in()
            assert browser.open("/static/js/a.js").status_code == 200
        house.wait(days=15)
        assert browser.open("/static/js/a.js").status_code == 401


def test_the_shell_speaks_the_users_language_and_is_never_kept(house: House) -> None:
    with house.browser() as browser:
        browser.sign_in()
        answer = browser.open("/", **{"if-none-match": '"1"', "accept-encoding": "gzip"})
        assert '<html lang="zh-CN">' in answer.text
        assert "<title>Fieldvisit</title>" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
        assert int(answer.headers["content-length"]) == len(answer.content)
        with writing(house.engine) as session:
            session.execute(update(User).values(language="en"))
        assert '<html lang="en">' in browser.open("/visit").text
        assert browser.open("/", "HEAD").status_code == 200
