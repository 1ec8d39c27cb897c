"""What the door knows: the database, the clock, whom it believes; and who is asking to come in."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

import anyio
from starlette.requests import HTTPConnection
from starlette.types import Scope

from data.database import database
from data.sign_in import Database, SignedInUser, recognise
from server.peers import Network, Peer, is_loopback, keep_uvicorn_out, networks_of, peer_of

COOKIE = "fieldvisit_session"
LANGUAGE_COOKIE = "fieldvisit_language"
YEAR_SECONDS = 365 * 24 * 3600
"""How long a browser keeps the cookies; how long a session lasts is the server's to say."""

HASHING_AT_ONCE = 2
"""argon2 takes 64 MB and a processor each time: a flood of tries must not take them all."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Door:
    """The settings of the door.

    Args:
        database: Gives the engine; asked late, as importing the application must not open it.
        now: The clock.
        proxies: Whose forwarded headers count (`FIELDVISIT_PROXIES`).
        bound_to: The address that the server listens on, as whoever started it says (`FIELDVISIT_HOST`).
        metrics_token: Opens `/metrics` from elsewhere (`FIELDVISIT_METRICS_TOKEN`).
    """

    database: Callable[[], Database] = database
    now: Callable[[], datetime] = _now
    proxies: tuple[Network, ...] = ()
    bound_to: str = ""
    metrics_token: str = ""
    hashing: anyio.CapacityLimiter = field(
        default_factory=lambda: anyio.CapacityLimiter(HASHING_AT_ONCE), compare=False
    )

    def peer(self, scope: Scope) -> Peer:
        """Who is at the other end."""
        return peer_of(scope, self.proxies)

    def allows_demo(self, peer: Peer) -> bool:
        """Whether demo accounts may be used over this connection: only on the machine itself."""
        return peer.is_local and is_loopback(self.bound_to)

    async def visitor(self, scope: Scope) -> SignedInUser | None:
        """The user whose session the request carries, looked up in the database."""
        token = HTTPConnection(scope).cookies.get(COOKIE, "")
        if not token:
            return None
        user = await anyio.to_thread.run_sync(recognise, self.database(), token, self.now())
        if user is not None and user.is_demo and not self.allows_demo(self.peer(scope)):
            return None
        return user


@cache
def door_of_environment() -> Door:
    """The one door of this process, as its environment describes it.

    Raises:
        InvalidInput: `FIELDVISIT_PROXIES` is not a list of addresses.
    """
    keep_uvicorn_out()
    return Door(
        proxies=networks_of(os.environ.get("FIELDVISIT_PROXIES", "")),
        bound_to=os.environ.get("FIELDVISIT_HOST", ""),
        metrics_token=os.environ.get("FIELDVISIT_METRICS_TOKEN", ""),
    )
