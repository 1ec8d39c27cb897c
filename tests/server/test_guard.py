"""Headers on every answer, apologies, counts and logs."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.engine import create_engine_for
from server import logs, metrics
from server.guard import HEADERS
from tests.server.doors import HERE, House


@pytest.fixture
def _own_logging() -> Iterator[None]:
    """Gives the logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    access = logging.getLogger("uvicorn.access").disabled
    yield
    root.handlers[:], root.level = handlers, level
    logging.getLogger("uvicorn.access").disabled = access


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/_stcore/health", "/media/x", "/metrics", "/_stcore/agent/mcp", "/broken"]
)
def test_every_answer_carries_the_safe_headers(house: House, path: str) -> None:
    with house.browser() as browser:
        if path == "/broken":
            browser.sign_in()
        answer = browser.open(path)
    for name, value in HEADERS.items():
        expected = "DENY" if (name, path) == ("X-Frame-Options", "/sign-in") else value
        assert answer.headers[name] == expected


def test_a_screen_may_load_nothing_from_elsewhere(house: House) -> None:
    with house.browser() as browser:
        browser.sign_in()
        policy = browser.open("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src 'self' 'unsafe-eval' blob: 'sha256-" in policy
    assert "http" not in policy


def test_a_delivery_cut_off_on_its_way_is_one_quiet_line(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with house.browser() as browser:
        browser.sign_in()
        token = browser.token
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/entries",
        "scheme": "http",
        "query_string": b"",
        "headers": [
            (b"host", b"127.0.0.1:8501"),
            (b"origin", HERE.encode()),
            (b"cookie", f"fieldvisit_session={token}".encode()),
        ],
        "client": ("127.0.0.1", 50000),
    }
    pieces = iter(
        [{"type": "http.request", "body": b'{"entr', "more_body": True}, {"type": "http.disconnect"}]
    )
    answers: list[object] = []

    async def receive() -> dict[str, object]:
        return next(pieces)

    async def send(message: object) -> None:
        answers.append(message)

    caplog.set_level(logging.INFO)
    asyncio.run(house.app(scope, receive, send))
    assert answers == []
    assert [record.msg for record in caplog.records if record.levelno > logging.INFO] == []
    assert "request cut off" in [record.msg for record in caplog.records]


def test_what_breaks_is_answered_with_a_number_and_no_detail(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with house.browser() as browser:
        browser.sign_in()
        answer = browser.open("/broken")
    number = next(record.error_number for record in caplog.records if record.msg == "request failed")
    assert answer.status_code == 500
    assert answer.text.count(number) == 2
    assert "detail" not in answer.text


def test_a_database_that_does_not_answer_is_said_and_not_shown(house: House, tmp_path: Path) -> None:
    with house.browser() as browser:
        browser.sign_in()
        house.engine.dispose()
        house.engine = create_engine_for(f"sqlite:///{tmp_path / 'no such folder' / 'gone.sqlite'}")
        answers = [browser.open("/"), browser.sign_in(), browser.open("/static/a.js")]
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert "sqlite" not in answers[0].text
    assert answers[0].headers["retry-after"] == "10"


def test_the_metrics_are_for_the_machine_itself_or_the_bearer_of_the_token(house: House) -> None:
    far = House(house.engine, {"metrics_token": "letmesee"}, client="192.0.2.7")
    with house.browser() as here, far.browser() as there:
        assert here.ask("GET", "/metrics").status_code == 200
        for header in ("x-forwarded-for", "forwarded", "via"):
            assert here.ask("GET", "/metrics", headers={header: "127.0.0.1"}).status_code == 404
        assert here.ask("GET", "/metrics", headers={"host": "fieldvisit.example"}).status_code == 404
        statuses = [
            there.ask("GET", "/metrics", headers={"authorization": given}).status_code
            for given in (
                "Bearer letmesee",
                "Bearer letmesees",
                "Bearer ",
                "",
                "Bearer \xfc".encode("latin-1"),
            )
        ]
    assert statuses == [200, 404, 404, 404, 404]
    with House(house.engine, client="192.0.2.7").browser() as nobody:
        assert nobody.ask("GET", "/metrics", headers={"authorization": "Bearer "}).status_code == 404
        nobody.sign_in()
        assert nobody.ask("GET", "/metrics").status_code == 404


def test_requests_sign_ins_and_runs_are_counted_without_saying_whose(house: House) -> None:
    def counted(name: str, **labels: str) -> float:
        return metrics.REGISTRY.get_sample_value(name, labels) or 0.0

    def all_counts() -> list[float]:
        return [
            counted("fieldvisit_sign_ins_total", outcome="ok"),
            counted("fieldvisit_sign_ins_total", outcome="failed"),
            counted("fieldvisit_sign_ins_total", outcome="too soon"),
            counted("fieldvisit_requests_total", method="other", status="403"),
            counted("fieldvisit_page_run_seconds_count", page="today"),
        ]

    before = all_counts()
    with house.browser() as browser:
        browser.sign_in()
        for _ in range(6):
            browser.sign_in(password="wrong")
        browser.ask("INVENTED", "/", headers={"origin": "http://evil.example"})
        metrics.PageRuns().handle(logging.makeLogRecord({"page": "today", "seconds": 0.05}))
        metrics.PageRuns().handle(logging.makeLogRecord({"msg": "without a page"}))
        text = browser.ask("GET", "/metrics").text
    assert [after - earlier for after, earlier in zip(all_counts(), before, strict=True)] == [1, 5, 1, 1, 1]
    assert "limin" not in text


@pytest.mark.usefixtures("_own_logging")
def test_logs_are_lines_of_json_without_names_addresses_or_secrets(house: House) -> None:
    noisy = logging.getLogger("streamlit.test_noise")
    noisy.addHandler(logging.StreamHandler(io.StringIO()))
    noisy.propagate = False
    logs.configure()
    written = io.StringIO()
    logging.getLogger().handlers[0].setStream(written)  # type: ignore[attr-defined]
    with house.browser(HERE, client="192.0.2.7") as browser:
        browser.sign_in(password="a wrong password")
        browser.sign_in()
        token = browser.token
    noisy.warning("from a library")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    ours = [line["message"] for line in lines if line["logger"] == "fieldvisit.server"]
    assert ours == ["sign-in refused", "signed in"]
    assert lines[-1]["message"] == "from a library"
    assert {"time", "level", "logger", "message"} <= set(lines[0])
    for secret in ("limin", "192.0.2.7", "password", token):
        assert secret not in written.getvalue()
