"""The paths of the door, and which of them may be followed."""

from urllib.parse import quote, urlsplit

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
PASSWORD = "/account/password"  # noqa: S105 - a path
METRICS = "/metrics"
HEALTH = "/_stcore/health"

_OPEN = {
    SIGN_IN: ("GET", "HEAD", "POST"),
    METRICS: ("GET", "HEAD"),
    HEALTH: ("GET", "HEAD", "OPTIONS"),
}

ASSETS = ("/static/", "/favicon.png", "/manifest.json")
"""Streamlit's own files, the same for everybody."""

_HIDDEN = ("/_stcore/agent", "/_stcore/metrics", "/_stcore/script-health-check")
"""Streamlit's doors beside ours: a program could work the screens through them, or read the counts."""

_INNER = ("/_stcore/", "/media/", "/component/", *ASSETS)
_LONGEST = 2000


def is_open(path: str, method: str) -> bool:
    """Whether a path is reached without a session, in this way; the metrics then decide for themselves.

    Any other way would go past our routes to Streamlit's, which answer every path.
    """
    return method in _OPEN.get(path, ())


def is_hidden(path: str) -> bool:
    """Whether a path of Streamlit's is closed to everybody."""
    return path.startswith(_HIDDEN)


def is_page(path: str) -> bool:
    """Whether a path is one that a person opens, as against one that a page loads."""
    return not path.startswith(_INNER)


def local_path(wanted: str) -> str:
    """A place to go on to, if it is one of ours; else the first page.

    Example:
        >>> local_path("/visit/prepare?visit=7"), local_path("//evil.example"), local_path("/sign-in?next=/x")
        ('/visit/prepare?visit=7', '/', '/')
    """
    if not wanted.startswith("/") or wanted.startswith("//") or len(wanted) > _LONGEST:
        return "/"
    # A browser reads \\ as / and drops tabs and line ends: /\\evil.example would lead away.
    if "\\" in wanted or not wanted.isprintable():
        return "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or parts.path in (SIGN_IN, SIGN_OUT) or not is_page(parts.path):
        return "/"
    return quote(wanted, safe="/?&=%:,;+~*!'()$@#")


def sign_in_path(wanted: str) -> str:
    """The sign-in page that goes on to a place afterwards."""
    target = local_path(wanted)
    return SIGN_IN if target == "/" else f"{SIGN_IN}?next={quote(target, safe='/')}"
