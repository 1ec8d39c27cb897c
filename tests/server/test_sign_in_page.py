"""The sign-in page: who gets in, what the others are told, and where everybody goes afterwards."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from data.engine import reading, writing
from data.tables.company import SignInSession, User
from server.paths import local_path
from server.peers import networks_of
from tests.data.accounts import PASSWORD, add_user, hash_cheaply
from tests.server.doors import HERE, House, websocket_answer

FORWARDING = [
    {"x-forwarded-for": "127.0.0.1"},
    {"x-forwarded-proto": "http"},
    {"X-Forwarded-Host": "127.0.0.1:8501"},
    {"x-forwarded-anything": "1"},
    {"forwarded": "for=127.0.0.1"},
    {"via": "1.1 proxy"},
    {"x-real-ip": "127.0.0.1"},
]


def said(answer: Any) -> str:
    found = re.search(r'role="alert">(.*?)</p>', answer.text)
    return found.group(1) if found else ""


def sessions(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(SignInSession)) or 0


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(house: House) -> None:
    with house.browser() as browser:
        cookie = browser.sign_in().headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_behind_tls_the_cookie_never_travels_in_the_clear(house: House) -> None:
    with house.browser("https://fieldvisit.example") as browser:
        answer = browser.sign_in()
    assert "Secure" in answer.headers["set-cookie"].split("; ")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_proxy_that_is_known_decides_about_tls_and_the_name(house: House) -> None:
    proxied = House(house.engine, {"proxies": networks_of("10.0.0.0/8")}, client="10.1.2.3")
    forwarded = {"x-forwarded-proto": "https", "x-forwarded-host": "fieldvisit.example"}
    with proxied.browser("http://inside:8501") as browser:
        answer = browser.sign_in(origin="https://fieldvisit.example", **forwarded)
        assert "Secure" in answer.headers["set-cookie"].split("; ")
        assert browser.sign_in(origin="http://fieldvisit.example", **forwarded).status_code == 403
        assert browser.sign_in(origin="http://inside:8501", **forwarded).status_code == 403


def test_a_proxy_that_nobody_named_decides_nothing(house: House) -> None:
    forwarded = {"x-forwarded-proto": "https", "x-forwarded-host": "evil.example"}
    with house.browser(client="10.1.2.3") as browser:
        assert browser.sign_in(origin="https://evil.example", **forwarded).status_code == 403
        answer = browser.sign_in(**forwarded)
    assert answer.status_code == 303
    assert "Secure" not in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nLocation: https://evil.example",
        "visit",
        "",
        "/sign-in",
        "/sign-out?x",
        "/media/x",
        "/_stcore/stream",
        "http://[",
        "//[",
        "/" + "x" * 3000,
        "/\u2028",
    ],
)
def test_next_leads_nowhere_else(house: House, wanted: str) -> None:
    with house.browser() as browser:
        assert 'name="next" value="/"' in browser.ask("GET", "/sign-in", params={"next": wanted}).text
        assert browser.sign_in(wanted=wanted).headers["location"] == "/"


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/visit/prepare?visit=7&x=%2F%2Fa", "/visit/prepare?visit=7&x=%2F%2Fa"),
        ("/经销商?名=a b", "/%E7%BB%8F%E9%94%80%E5%95%86?%E5%90%8D=a%20b"),
        ("/@evil.example", "/@evil.example"),
    ],
)
def test_next_keeps_a_place_of_ours(wanted: str, goes_to: str) -> None:
    assert local_path(wanted) == goes_to


@pytest.mark.parametrize(
    "path", ["//evil.example/%2e%2e", "/%2F%2Fevil.example", "/%5Cevil.example", "/..//a"]
)
def test_a_crooked_path_leads_to_the_sign_in_without_being_repeated(house: House, path: str) -> None:
    with house.browser() as browser:
        answer = browser.open(HERE + path)
    assert answer.status_code == 303
    assert re.fullmatch(r"/sign-in(\?next=/[^/].*)?", answer.headers["location"])


def test_who_is_signed_in_goes_straight_on(house: House) -> None:
    with house.browser() as browser:
        browser.sign_in()
        answer = browser.open("/sign-in?next=/visit")
    assert (answer.status_code, answer.headers["location"]) == (303, "/visit")


def test_signing_in_again_ends_the_earlier_session_of_the_browser(house: House) -> None:
    with house.browser() as browser:
        browser.sign_in()
        earlier = browser.token
        browser.sign_in()
        assert browser.token != earlier
        assert websocket_answer(house, token=earlier) == "websocket.close"


def test_a_failed_try_says_what_is_left_and_not_what_was_wrong(house: House) -> None:
    with house.browser(**{"accept-language": "en"}) as browser:
        answers = [browser.sign_in(password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 2
    assert said(answers[0]) == (
        "The account or the password is wrong. 4 tries left, then there is a wait of 1 minute."
    )
    assert "1 try left" in said(answers[3])
    assert said(answers[4]) == "The account or the password is wrong. Wait 1 minute, then try again."
    assert said(answers[5]) == "Too many tries. Wait 1 minute, then try again."
    assert answers[5].headers["retry-after"] == "60"


def test_the_wait_grows_and_the_right_password_is_heard_after_it(house: House) -> None:
    with house.browser(**{"accept-language": "en"}) as browser:
        for _ in range(5):
            browser.sign_in(password="wrong")
        house.wait(seconds=30)
        assert "Wait 30 seconds" in said(browser.sign_in())
        house.wait(seconds=30)
        assert "Wait 2 minutes" in said(browser.sign_in(password="wrong"))
        house.wait(minutes=2)
        assert browser.sign_in().status_code == 303


@pytest.mark.parametrize("account", ["nobody", "retired", "demo-rep"])
def test_an_account_that_may_not_is_answered_like_a_wrong_password(
    house: House, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(house.engine, "demo-rep", is_demo=True)
    retired = add_user(house.engine, "retired")
    with writing(house.engine) as session:
        session.execute(update(User).where(User.id == retired).values(retired_at=house.now))
    argon2 = hash_cheaply(monkeypatch)
    with house.browser(client="192.0.2.1") as browser, house.browser(client="192.0.2.2") as other:
        wrong = browser.sign_in("limin", "wrong")
        looks_at_a_known_one = argon2.looks
        answer = other.sign_in(account)
    assert answer.status_code == wrong.status_code == 401
    assert answer.text.replace(account, "limin") == wrong.text
    assert {name for name, _ in answer.headers.items()} == {name for name, _ in wrong.headers.items()}
    assert (looks_at_a_known_one, argon2.looks) == (1, 2)


def test_addresses_are_counted_as_the_known_proxy_tells_them(house: House) -> None:
    proxied = House(house.engine, {"proxies": networks_of("10.0.0.7")}, client="10.0.0.7")
    with proxied.browser() as browser:
        for number in range(20):
            browser.sign_in(f"guess{number}", "wrong", **{"x-forwarded-for": "1.1.1.1, 192.0.2.9"})
        assert browser.sign_in(**{"x-forwarded-for": "8.8.8.8, 192.0.2.9, 10.0.0.7"}).status_code == 429
        assert browser.sign_in(**{"x-forwarded-for": "192.0.2.9, 192.0.2.10"}).status_code == 303


def test_an_address_that_the_client_makes_up_is_not_counted(house: House) -> None:
    with house.browser(client="192.0.2.9") as browser:
        for number in range(20):
            browser.sign_in(f"guess{number}", "wrong", **{"x-forwarded-for": f"1.1.1.{number}"})
        assert browser.sign_in().status_code == 429


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"account=" + b"x" * 9000, "application/x-www-form-urlencoded", 413),
        (b"a=1&" * 30, "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data; boundary=x", 415),
        (b"", "application/x-www-form-urlencoded", 401),
        (b"account=%FF%00&password=\xff%zz", "application/x-www-form-urlencoded; charset=utf-8", 401),
    ],
)
def test_a_form_that_is_none_is_refused(house: House, body: bytes, kind: str, status: int) -> None:
    with house.browser() as browser:
        answer = browser.ask("POST", "/sign-in", content=body, headers={"origin": HERE, "content-type": kind})
    assert answer.status_code == status


def test_a_body_without_an_end_is_refused_when_it_has_grown_too_large(house: House) -> None:
    sent = 0

    async def drip() -> Any:
        nonlocal sent
        while sent < 100:
            sent += 1
            yield b"account=" + b"x" * 1000

    with house.browser() as browser:
        headers = {"origin": HERE, "content-type": "application/x-www-form-urlencoded"}
        assert browser.ask("POST", "/sign-in", content=drip(), headers=headers).status_code == 413
    assert sent <= 100


def test_what_was_typed_comes_back_as_text_and_the_password_never(house: House) -> None:
    with house.browser() as browser:
        answer = browser.sign_in('"><script>alert(1)</script>', "secret-secret")
    assert "<script>alert" not in answer.text
    assert "secret-secret" not in answer.text
    assert 'value="&quot;&gt;&lt;script&gt;' in answer.text


def test_the_page_loads_nothing_and_says_so_in_its_policy(house: House) -> None:
    with house.browser() as browser:
        answer = browser.open("/sign-in")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert re.findall(r'(?:src|href)="(?!data:|/sign-in)', answer.text) == []
    assert answer.headers["cache-control"] == "no-store"


def test_the_language_is_the_browsers_until_it_is_switched(house: House) -> None:
    with house.browser(**{"accept-language": "en-GB,en;q=0.9"}) as browser:
        assert '<html lang="en">' in browser.open("/sign-in?next=/visit").text
        switched = browser.open("/sign-in?next=/visit&language=zh")
        assert '<html lang="zh-CN">' in switched.text
        assert 'name="next" value="/visit"' in switched.text
        assert '<html lang="zh-CN">' in browser.open("/sign-in").text
        assert '<html lang="zh-CN">' in browser.open("/sign-in?language=fr").text


def test_options_and_head_of_the_sign_in(house: House) -> None:
    with house.browser() as browser:
        assert browser.open("/sign-in", "HEAD").status_code == 200
        for method in ("OPTIONS", "PUT", "DELETE"):
            assert browser.open("/sign-in", method, origin=HERE).status_code == 401


def test_on_the_machine_itself_the_demo_signs_in_by_a_touch(demo_house: House) -> None:
    with demo_house.browser(**{"accept-language": "en"}) as browser:
        page = browser.open("/sign-in").text
        assert re.findall(r'name="demo" value="(\w+)"><b>(\w+)</b> ([^<]+)<', page) == [
            ("limin", "Limin", "Sales rep"),
            ("zhoulan", "Zhoulan", "Regional manager"),
        ]
        assert browser.send("/sign-in", {"demo": "zhoulan"}).status_code == 303
        assert browser.open("/").status_code == 200
        assert websocket_answer(demo_house, token=browser.token) == "websocket.accept"


@pytest.mark.parametrize("headers", FORWARDING)
def test_with_a_forwarding_header_no_demo_account_gets_in_or_stays(
    demo_house: House, headers: dict[str, str]
) -> None:
    with demo_house.browser() as browser:
        assert 'name="demo"' not in browser.open("/sign-in", **headers).text
        assert browser.send("/sign-in", {"demo": "limin"}, **headers).status_code == 401
        assert browser.sign_in(**headers).status_code == 401
        assert sessions(demo_house.engine) == 0
        browser.sign_in()
        assert browser.open("/", **headers).status_code == 303
        assert websocket_answer(demo_house, token=browser.token, **headers) == "websocket.close"
        assert browser.open("/").status_code == 200


@pytest.mark.parametrize(
    ("settings", "client", "url"),
    [
        ({"bound_to": "0.0.0.0"}, "127.0.0.1", HERE),
        ({"bound_to": ""}, "127.0.0.1", HERE),
        ({"bound_to": "::"}, "127.0.0.1", HERE),
        ({}, "192.0.2.7", HERE),
        ({}, "", HERE),
        ({}, "127.0.0.1", "http://rebound.example:8501"),
        ({"proxies": networks_of("127.0.0.1")}, "192.0.2.7", HERE),
    ],
)
def test_from_anywhere_else_no_demo_account_gets_in(
    demo_house: House, settings: dict[str, Any], client: str, url: str
) -> None:
    house = House(demo_house.engine, settings, client)
    with house.browser(url) as browser:
        assert 'name="demo"' not in browser.open("/sign-in").text
        assert browser.send("/sign-in", {"demo": "limin"}).status_code == 401
        assert browser.sign_in("limin", PASSWORD).status_code == 401
    assert sessions(house.engine) == 0


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_every_form_of_the_loopback_address_is_the_machine_itself(demo_house: House, client: str) -> None:
    with House(demo_house.engine, {"bound_to": "localhost"}, client).browser() as browser:
        assert browser.send("/sign-in", {"demo": "limin"}).status_code == 303


def test_in_a_real_company_a_touch_signs_nobody_in(house: House) -> None:
    add_user(house.engine, "demo", is_demo=True)
    with house.browser() as browser:
        assert 'name="demo"' not in browser.open("/sign-in").text
        assert browser.send("/sign-in", {"demo": "demo"}).status_code == 401
        assert browser.send("/sign-in", {"demo": "limin"}).status_code == 401
