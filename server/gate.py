"""The gate: nothing but the sign-in page and the health check is reached without a session.

It stands before Streamlit, so that a deep link, an upload, a picture and the websocket are held to the same
rule as the first page. Sessions are looked up in the database at every request, so that a sign-out elsewhere
holds at once; only for Streamlit's own files, which are the same for everybody, an answer is remembered for
a few seconds, because a first page loads a hundred of them.
"""

from time import monotonic

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from data.sign_in import SignedInUser
from server.door import COOKIE, Door
from server.paths import ASSETS, PASSWORD, SIGN_OUT, is_hidden, is_open, is_page, sign_in_path
from server.peers import is_own_origin

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WITH_ANY_PASSWORD = frozenset({PASSWORD, SIGN_OUT})
"""What a password opens that was handed over; all else waits until its owner has chosen his own."""

REMEMBERED_SECONDS = 10.0
REMEMBERED_AT_MOST = 1000


class Gate:
    """The middleware; puts the signed-in user into the scope as `fieldvisit_user`."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door
        self.remembered: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it."""
        if scope["type"] == "http":
            refusal = await self._refuse_request(scope)
            await (refusal or self.app)(scope, receive, send)
        elif scope["type"] == "websocket" and not await self._may_connect(scope):
            # Closed before it was accepted, the handshake is answered with 403.
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            await self.app(scope, receive, send)

    async def _refuse_request(self, scope: Scope) -> Response | None:
        path = scope["path"]
        origin = Headers(scope=scope).get("origin")
        if scope["method"] not in READING_METHODS and not is_own_origin(origin, self.door.peer(scope)):
            return PlainTextResponse("This request did not come from a page of ours.", 403)
        if is_hidden(path):
            return PlainTextResponse("Not found", 404)
        if is_open(path, scope["method"]) or self._is_remembered(scope):
            return None
        user = await self._recognised(scope)
        if user is not None and user.must_choose_password and path not in WITH_ANY_PASSWORD:
            # It passed through other hands: it opens nothing but the choice of another.
            return _to_password(scope)
        if user is not None:
            return None
        if _opens_page(scope):
            wanted = HTTPConnection(scope).url
            return RedirectResponse(sign_in_path(f"{path}?{wanted.query}" if wanted.query else path), 303)
        return PlainTextResponse("Sign in first.", 401)

    async def _may_connect(self, scope: Scope) -> bool:
        origin = Headers(scope=scope).get("origin")
        if not is_own_origin(origin, self.door.peer(scope)):
            return False
        user = await self._recognised(scope)
        return user is not None and not user.must_choose_password

    async def _recognised(self, scope: Scope) -> SignedInUser | None:
        user = await self.door.visitor(scope)
        scope["fieldvisit_user"] = user
        if user is not None and scope["path"].startswith(ASSETS):
            self._remember(_token(scope))
        return user

    def _is_remembered(self, scope: Scope) -> bool:
        if not scope["path"].startswith(ASSETS):
            return False
        return self.remembered.get(_token(scope), 0.0) > monotonic()

    def _remember(self, token: str) -> None:
        if len(self.remembered) >= REMEMBERED_AT_MOST:
            self.remembered.clear()
        self.remembered[token] = monotonic() + REMEMBERED_SECONDS


def _token(scope: Scope) -> str:
    return HTTPConnection(scope).cookies.get(COOKIE, "")


def _to_password(scope: Scope) -> Response:
    if _opens_page(scope):
        return RedirectResponse(PASSWORD, 303)
    return PlainTextResponse("Choose a password of your own first.", 403)


def _opens_page(scope: Scope) -> bool:
    """Whether somebody opens a page, as against a script or a picture asking for something."""
    headers = Headers(scope=scope)
    accepted = headers.get("accept", "*/*")
    wants_page = "text/html" in accepted or "*/*" in accepted
    is_navigation = headers.get("sec-fetch-mode", "navigate") == "navigate"
    return scope["method"] in ("GET", "HEAD") and is_page(scope["path"]) and wants_page and is_navigation
