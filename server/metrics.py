"""Counts for whoever runs the service: requests, sign-ins, how long pages take. Never who, and not public."""

import logging
import secrets

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.door import Door
from server.paths import METRICS

REGISTRY = CollectorRegistry()
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "WEBSOCKET"})

_requests = Counter(
    "fieldvisit_requests", "Requests answered, by method and status.", ("method", "status"), registry=REGISTRY
)
_sign_ins = Counter(
    "fieldvisit_sign_ins", "Sign-ins: ok, failed, or too soon.", ("outcome",), registry=REGISTRY
)
_page_runs = Histogram(
    "fieldvisit_page_run_seconds",
    "How long a page took to run.",
    ("page",),
    registry=REGISTRY,
    buckets=(0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4),
)


def count_request(method: str, status: int) -> None:
    """Counts an answered request; a method that nobody knows is "other", so that none can flood the counts."""
    _requests.labels(method if method in _METHODS else "other", str(status)).inc()


def count_sign_in(outcome: str) -> None:
    """Counts a sign-in: "ok", "failed" or "too soon"."""
    _sign_ins.labels(outcome).inc()


def observe_run(page: str, seconds: float) -> None:
    """Notes how long a run of a page took.

    Args:
        page: The page's own path, a literal of the program.
        seconds: Its run time.
    """
    _page_runs.labels(page).observe(seconds)


class PageRuns(logging.Handler):
    """Observes the runs that the screens log: they may not know the server, but their log may be read."""

    def emit(self, record: logging.LogRecord) -> None:
        """Observes the run of a record that has `page` and `seconds`."""
        page, seconds = getattr(record, "page", None), getattr(record, "seconds", None)
        if isinstance(page, str) and isinstance(seconds, float):
            observe_run(page, seconds)


def routes(door: Door) -> list[Route]:
    """`GET /metrics` in the text form of Prometheus."""

    async def show(request: Request) -> Response:
        if not _may_see(request, door):
            return PlainTextResponse("Not found", 404)
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return [Route(METRICS, show, methods=["GET"])]


def _may_see(request: Request, door: Door) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    has_token = bool(door.metrics_token) and secrets.compare_digest(
        given.encode(), door.metrics_token.encode()
    )
    return has_token or door.peer(request.scope).is_local
