"""The words of Streamlit's shell: the page that every screen lives in says the user's language and our name."""

import base64
import hashlib
import re
from functools import lru_cache
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.paths import is_page

# With these the answer could be compressed, partial or "not modified", and could not be rewritten.
_CONDITIONS = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range"})
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
LARGEST = 200_000

# The road sign of the product, small enough to stand in the page itself.
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' "
    "height='32' rx='7' fill='%230b5cad'/%3E%3Cpath d='M9 23V12a4 4 0 0 1 8 0v8a3 3 0 0 0 6 0V9' fill='none' "
    "stroke='%23fff' stroke-width='3' stroke-linecap='round'/%3E%3C/svg%3E"
)


# Streamlit covers a page that has been without a link for a quarter of a minute with a dialog of its own, in
# English, and nothing on it can be tapped: counting would end in a cellar. The bar says it instead.
NO_DIALOGS = b"<script>window.__streamlit = {HOST_CONFIG: {blockErrorDialogs: true}}</script>"


class Shell:
    """The middleware; changes nothing but HTML pages that are shown to a signed-in user."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on, and rewrites the page that comes back."""
        user = scope.get("fieldvisit_user")
        if scope["type"] != "http" or user is None or not is_page(scope["path"]):
            await self.app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name not in _CONDITIONS]
        rewriting = _Rewriting(send, user.language, scope["method"], _elsewhere(scope))
        await self.app({**scope, "headers": plain}, receive, rewriting)


def _elsewhere(scope: Scope) -> bytes:
    """Where an address of more than one part leads: Streamlit would look for its server beside it, and stay empty.

    Example:
        >>> _elsewhere({"path": "/visit/prepare/", "query_string": b"visit=7"}), _elsewhere({"path": "/prepare"})
        (b'/prepare?visit=7', b'')
    """
    *before, last = scope["path"].strip("/").split("/")
    if not before:
        return b""
    query = scope.get("query_string", b"")
    return f"/{quote(last, safe='')}".encode() + (b"?" + query if query else b"")


class _Rewriting:
    """Holds a page of HTML back until it is whole, and sends it rewritten; lets all else pass."""

    def __init__(self, send: Send, language: str, method: str, elsewhere: bytes) -> None:
        self.send = send
        self.language = language
        self.method = method
        self.elsewhere = elsewhere
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_shell(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_rewritten(self.start)

    async def _send_rewritten(self, start: Message) -> None:
        if self.elsewhere:
            leading = [
                (b"location", self.elsewhere),
                (b"cache-control", b"no-store"),
                (b"content-length", b"0"),
            ]
            await self.send({"type": start["type"], "status": 303, "headers": leading})
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        body, script_hashes = rewritten(self.body, self.language)
        headers = MutableHeaders(scope=start)
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
        headers["cache-control"] = "no-store"
        headers["content-security-policy"] = policy(script_hashes)
        headers["vary"] = "Cookie"
        if self.method == "HEAD":
            del headers["content-length"]
        else:
            headers["content-length"] = str(len(body))
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body, "more_body": False})


def _is_shell(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    is_own = "content-security-policy" in headers
    length = int(headers.get("content-length", LARGEST + 1))
    is_html = headers.get("content-type", "").startswith("text/html")
    return start["status"] == 200 and is_html and not is_own and length <= LARGEST


@lru_cache(maxsize=8)
def rewritten(page: bytes, language: str) -> tuple[bytes, tuple[str, ...]]:
    """The page in a language and under our name, and the hashes of the scripts that stand in it.

    Example:
        >>> rewritten(b'<html lang="en"><title>Streamlit</title>', "zh")
        (b'<html lang="zh-CN"><title>Fieldvisit</title>', ())
    """
    tag = b"zh-CN" if language == "zh" else b"en"
    page = page.replace(b'<html lang="en">', b'<html lang="' + tag + b'">', 1)
    page = page.replace(b"<title>Streamlit</title>", b"<title>Fieldvisit</title>", 1)
    page = page.replace(b'"./favicon.png"', b'"' + ICON.encode() + b'"', 1)
    page = page.replace(b"<head>", b"<head>" + NO_DIALOGS, 1)
    return page, tuple(hash_source(script) for script in _INLINE_SCRIPT.findall(page))


def hash_source(text: bytes) -> str:
    """How a content security policy names a script or a style that stands in the page itself."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"


def policy(script_hashes: tuple[str, ...]) -> str:
    """What a screen may load: only what this server sends.

    Charts compile their expressions (`unsafe-eval`), Streamlit writes styles into the page, and its own
    elements are handed to the browser as blobs.
    """
    scripts = " ".join(("'self'", "'unsafe-eval'", "blob:", *script_hashes))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self' blob: data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )
