"""The door of the real product in a process of its own, started in both ways that there are."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from data.engine import create_engine_for
from tests.data.accounts import PASSWORD, add_company, add_user
from tests.running_app import ROOT, start_app

PAGE = {"accept": "text/html"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_stcore/health", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def start_uvicorn(database_url: str, folder: Path) -> tuple[str, subprocess.Popen[bytes]]:
    port = free_port()
    variables = {
        **os.environ,
        "DATABASE_URL": database_url,
        "FIELDVISIT_HOST": "127.0.0.1",
        "HOME": str(folder),
    }
    with (folder / "uvicorn.log").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port)],
            cwd=ROOT,
            env=variables,
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 90
    while not healthy(url):
        assert process.poll() is None, (folder / "uvicorn.log").read_text()
        assert time.monotonic() < until, "uvicorn did not answer in time"
        time.sleep(0.2)
    return url, process


@pytest.fixture(scope="module", params=["streamlit run app.py", "uvicorn app:app"])
def url(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where the product answers; its database is the demo's, with a real account beside the demo's."""
    folder = tmp_path_factory.mktemp("running")
    shutil.copyfile(sqlite_template, folder / "running.sqlite")
    database_url = f"sqlite:///{folder / 'running.sqlite'}"
    engine = create_engine_for(database_url)
    add_company(engine, is_demo=True)
    add_user(engine, "limin", is_demo=True)
    add_user(engine, "real")
    engine.dispose()
    if request.param.startswith("streamlit"):
        app = start_app(database_url, folder)
        yield app.url
        app.stop()
        return
    url, process = start_uvicorn(database_url, folder)
    yield url
    process.terminate()
    process.wait(timeout=20)


def sign_in(browser: httpx.Client, url: str, account: str = "real", **headers: str) -> httpx.Response:
    form = {"account": account, "password": PASSWORD}
    return browser.post(f"{url}/sign-in", data=form, headers={"origin": url, **headers})


def handshake(url: str, token: str = "", origin: str | None = None) -> int:
    """The status that a websocket's handshake is answered with; 101 lets it in."""
    headers = {"cookie": f"fieldvisit_session={token}"}
    try:
        with connect(
            url.replace("http", "ws", 1) + "/_stcore/stream",
            origin=url if origin is None else origin,  # type: ignore[arg-type]
            additional_headers=headers,
            subprotocols=["streamlit"],  # type: ignore[list-item]
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_the_first_page_of_a_fresh_server_is_the_sign_in(url: str) -> None:
    answer = httpx.get(f"{url}/", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert httpx.get(f"{url}/sign-in").status_code == 200


def test_the_websocket_opens_for_our_own_page_with_a_session_only(url: str) -> None:
    with httpx.Client() as browser:
        assert sign_in(browser, url).status_code == 303
        token = browser.cookies["fieldvisit_session"]
        assert '<html lang="zh-CN">' in browser.get(f"{url}/", headers=PAGE).text
        assert handshake(url, token) == 101
        assert handshake(url, token, "http://evil.example") == 403
        assert [handshake(url), handshake(url, "made-up")] == [403, 403]
        assert browser.post(f"{url}/sign-out", headers={"origin": url}).status_code == 303
        assert handshake(url, token) == 403


def test_a_forwarded_address_from_this_machine_is_not_believed(url: str) -> None:
    with httpx.Client() as browser:
        assert sign_in(browser, url, "limin").status_code == 303
        for header in ("x-forwarded-for", "x-forwarded-proto"):
            for value in ("127.0.0.1", "https"):
                assert sign_in(browser, url, "limin", **{header: value}).status_code in (401, 429)
        answer = browser.get(f"{url}/sign-in", headers={"x-forwarded-proto": "https"})
        assert "strict-transport-security" not in answer.headers


def test_a_database_without_a_schema_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    variables = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite'}",
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port())],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "The database is empty. Run `make migrate` to set it up." in done.stderr
    assert 'File \\"' not in done.stderr
