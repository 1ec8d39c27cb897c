"""The outermost layer: safe headers on every answer, a count of it, and an apology when something breaks."""

import logging
import secrets
from collections.abc import Awaitable

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.errors import StorageUnavailable
from server import metrics
from server.door import Door
from server.paths import ASSETS

log = logging.getLogger("fieldvisit.server")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    # "no-referrer" would make the browser send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ONE_YEAR = "max-age=31536000"
_HARMLESS_DOCUMENT = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
_DOCUMENTS = ("text/html", "image/svg", "text/xml", "application/xml", "application/xhtml")

APOLOGY = (
    "Something went wrong on our side; what was entered before is saved. "
    "If it happens again, tell your administrator the number {number}.\n"
    "系统出了错；之前填写的内容已保存。如果再次出现，请把编号 {number} 告诉管理员。\n"
)
"""In both languages, as what broke may be the language."""


class Guard:
    """The middleware."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on; an error is answered with a number that stands in the log beside it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, _counting_websocket(send))
            return
        guarded = _Guarded(send, scope, is_secure=self.door.peer(scope).is_secure)
        try:
            await self.app(scope, receive, guarded)
        except StorageUnavailable as error:
            log.error("database does not answer")
            if guarded.has_started:
                raise
            answer = PlainTextResponse(str(error), 503, {"Retry-After": "10"})
            await answer(scope, receive, guarded)
        except ClientDisconnect:
            # A tablet that lost the link in the middle of a delivery; it keeps what it has and sends it again.
            log.info("request cut off", extra={"method": scope["method"]})
        except Exception as error:
            number = secrets.token_hex(4)
            error.add_note(f"error number {number}")
            log.error("request failed", extra={"error_number": number, "method": scope["method"]})
            if not guarded.has_started:
                answer = PlainTextResponse(APOLOGY.format(number=number), 500)
                await answer(scope, receive, guarded)
            raise


class _Guarded:
    """Sends an answer with the headers, and counts it."""

    def __init__(self, send: Send, scope: Scope, *, is_secure: bool) -> None:
        self.send = send
        self.scope = scope
        self.is_secure = is_secure
        self.has_started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self.is_secure:
                headers["Strict-Transport-Security"] = _ONE_YEAR
            if not self.scope["path"].startswith(ASSETS):
                # A tablet passes from hand to hand: nothing of one person's stays in its cache.
                headers.setdefault("Cache-Control", "no-store")
            if headers.get("content-type", "").startswith(_DOCUMENTS):
                headers.setdefault("Content-Security-Policy", _HARMLESS_DOCUMENT)
            metrics.count_request(self.scope["method"], message["status"])
        await self.send(message)


def _counting_websocket(send: Send) -> Send:
    # Hands on what `send` gives to wait for, without a coroutine of its own: a page is a hundred messages.
    def counted(message: Message) -> Awaitable[None]:
        if message["type"] == "websocket.accept":
            metrics.count_request("WEBSOCKET", 101)
        elif message["type"] == "websocket.close" and message.get("code") == 1008:
            metrics.count_request("WEBSOCKET", 403)
        return send(message)

    return counted
