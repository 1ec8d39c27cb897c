"""Who is at the other end of a connection, as far as its word can be taken.

Forwarded headers count only when they come from a configured proxy. A request that carries one of them from
anywhere else is not believed, and is not local either: somebody stands between.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvicorn.config
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Scope

from core.errors import InvalidInput

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_FORWARDING = ("forwarded", "via", "x-real-ip")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Peer:
    """The client of a request.

    Args:
        address: Of the client; empty where there is none to know.
        host: Name and port under which the browser sees this server, in small letters.
        is_secure: Whether the browser came by TLS.
        is_local: Whether the client is on this machine: a loopback address at both ends and in the name, and
            no sign of a proxy between.
    """

    address: str
    host: str
    is_secure: bool
    is_local: bool


def networks_of(text: str) -> tuple[Network, ...]:
    """The networks of a list like `10.0.0.7, 192.168.0.0/16`.

    Raises:
        InvalidInput: something in it is no address.

    Example:
        >>> networks_of("10.0.0.7, fd00::/8")
        (IPv4Network('10.0.0.7/32'), IPv6Network('fd00::/8'))
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(part, strict=False))
        except ValueError as error:
            raise InvalidInput("FIELDVISIT_PROXIES", "IP addresses or networks", value=part) from error
    return tuple(found)


def is_loopback(name: str) -> bool:
    """Whether an address, or a host's name, means this machine alone.

    Example:
        >>> [is_loopback(name) for name in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "example.org", "")]
        [True, True, True, False, False, False]
    """
    address = _address(name)
    return name == "localhost" if address is None else address.is_loopback


def peer_of(scope: Scope, proxies: Sequence[Network]) -> Peer:
    """The client of a request or a websocket handshake.

    Args:
        scope: Of the request.
        proxies: Whose forwarded headers count.
    """
    headers = Headers(scope=scope)
    connected = str((scope.get("client") or ("",))[0])
    host = headers.get("host", "")
    is_secure = scope.get("scheme") in ("https", "wss")
    is_forwarded = any(
        name in _FORWARDING or name.startswith("x-forwarded") for name in map(str.lower, headers.keys())
    )
    if is_forwarded and _is_in(connected, proxies):
        client = _client_behind(headers.getlist("x-forwarded-for"), connected, proxies)
        is_secure = headers.get("x-forwarded-proto", "").strip().lower() in ("https", "wss")
        host = headers.get("x-forwarded-host", host)
        return Peer(client, _plain_host(host), is_secure, is_local=False)
    is_local = not is_forwarded and is_loopback(connected) and is_loopback(_name_of(host))
    return Peer(connected, _plain_host(host), is_secure, is_local)


def is_own_origin(origin: str | None, peer: Peer) -> bool:
    """Whether a browser sent a request from one of our own pages.

    Args:
        origin: The header `Origin`; missing, nobody vouches for the request.
        peer: Of the request.
    """
    if not origin or not peer.host:
        return False
    scheme, _, host = origin.lower().partition("://")
    if scheme not in _DEFAULT_PORTS or (peer.is_secure and scheme != "https"):
        return False
    standard = _DEFAULT_PORTS[scheme]
    return host.removesuffix(standard) == peer.host.removesuffix(standard)


def keep_uvicorn_out() -> None:
    """Stops uvicorn from rewriting the client's address before it comes here.

    It believes the forwarded headers of every loopback client, whatever `FIELDVISIT_PROXIES` says, and then
    nobody can tell any more who connected. It wraps the application after importing it, so this holds for
    `streamlit run` and for `uvicorn` alike.
    """
    uvicorn.config.ProxyHeadersMiddleware = _as_it_came  # type: ignore[attr-defined, assignment]


def _as_it_came(app: ASGIApp, trusted_hosts: object = None) -> ASGIApp:
    return app


def _client_behind(forwarded: Iterable[str], connected: str, proxies: Sequence[Network]) -> str:
    """The last address of the chain that is not a proxy of ours: what stands before it may be made up."""
    for part in reversed([part.strip() for line in forwarded for part in line.split(",")]):
        address = _address(_name_of(part) if part.startswith("[") or part.count(":") == 1 else part)
        if address is None:
            break
        if not any(address in network for network in proxies):
            return str(address)
    return connected


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A server that listens on IPv6 and IPv4 at once sees IPv4 clients as ::ffff:192.0.2.7.
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(text: str, networks: Sequence[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in networks)


def _plain_host(host: str) -> str:
    return host.strip().lower()


def _name_of(host: str) -> str:
    try:
        return urlsplit(f"//{host.strip()}").hostname or ""
    except ValueError:
        return ""
