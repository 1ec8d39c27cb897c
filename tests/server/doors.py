"""A door in front of a small application, and a browser that knocks: no socket, a clock that is told."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

import server
from server.door import Door
from tests.data.accounts import NOW, PASSWORD

HOST = "127.0.0.1:8501"
HERE = f"http://{HOST}"
SHELL = (
    '<!DOCTYPE html><html lang="en"><head><title>Streamlit</title><script>window.x = 1</script></head></html>'
)
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-mode": "navigate"}


async def _screens(request: Request) -> Response:
    if request.url.path == "/broken":
        raise RuntimeError("a detail that nobody outside may read")
    if request.url.path.startswith(("/media/", "/static/", "/_stcore/")):
        return PlainTextResponse("inside")
    # Like Streamlit's: it can be asked for again with its tag, and then has no body.
    if "if-none-match" in request.headers:
        return Response(status_code=304)
    return HTMLResponse(SHELL, headers={"etag": '"1"', "cache-control": "no-cache"})


async def _stream(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


@dataclass
class House:
    """The application behind its door.

    Args:
        engine: Of its database.
        settings: Of the door, besides database and clock.
        client: The address that connects.
    """

    engine: Engine
    settings: dict[str, Any] = field(default_factory=dict)
    client: str = "127.0.0.1"
    now: datetime = NOW

    def __post_init__(self) -> None:
        given = {"bound_to": "127.0.0.1", **self.settings}
        self.door = Door(database=lambda: self.engine, now=lambda: self.now, **given)
        everything = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
        self.app = Starlette(
            routes=[
                *server.routes(self.door),
                WebSocketRoute("/_stcore/stream", _stream),
                Route("/{path:path}", _screens, methods=everything),
            ],
            middleware=server.middleware(self.door),
        )

    def wait(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    @contextmanager
    def browser(self, url: str = HERE, client: str | None = None, **headers: str) -> "Iterator[Browser]":
        transport = httpx.ASGITransport(
            app=self.app, client=(client or self.client, 50000), raise_app_exceptions=False
        )
        with asyncio.Runner() as runner:
            session = httpx.AsyncClient(transport=transport, base_url=url, headers=headers)
            yield Browser(session, runner, url)
            runner.run(session.aclose())


@dataclass
class Browser:
    """Asks and keeps cookies; every request that writes says where it comes from."""

    session: httpx.AsyncClient
    runner: asyncio.Runner
    url: str

    def open(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        return self.ask(method, path, headers={**PAGE, **headers})

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.runner.run(self.session.request(method, path, **more))

    def send(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        return self.ask("POST", path, data=form, headers={**PAGE, "origin": self.url, **headers})

    def sign_in(
        self, account: str = "limin", password: str = PASSWORD, wanted: str = "/", **headers: str
    ) -> httpx.Response:
        form = {"account": account, "password": password, "next": wanted}
        return self.send("/sign-in", form, **headers)

    @property
    def token(self) -> str:
        return self.session.cookies.get("fieldvisit_session", "")


def websocket_answer(house: House, *, token: str = "", origin: str | None = HERE, **headers: str) -> str:
    """What a handshake is answered with: "websocket.accept", or "websocket.close" before that (403)."""
    given = {"host": HOST, "cookie": f"fieldvisit_session={token}", **headers}
    if origin is not None:
        given["origin"] = origin
    scope = {
        "type": "websocket",
        "scheme": "ws",
        "path": "/_stcore/stream",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": (house.client, 50000),
        "subprotocols": [],
    }
    answers: list[str] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        answers.append(message["type"])

    asyncio.run(house.app(scope, receive, send))
    return answers[0]


def elsewhere(house: House) -> House:
    """The same house, reached from another machine."""
    return replace(house, client="192.0.2.7")
