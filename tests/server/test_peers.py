"""Who is believed about who is calling."""

import pytest

from core.errors import InvalidInput
from server.door import door_of_environment
from server.peers import Peer, networks_of, peer_of

PROXIES = networks_of("10.0.0.0/8, 127.0.0.1, fd00::/8")


def seen(client: str | None, host: str = "inside:8501", **headers: str) -> Peer:
    given = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "scheme": "http",
        "client": None if client is None else (client, 1),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    return peer_of(scope, PROXIES)


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("made-up, 192.0.2.7", "192.0.2.7"),
        ("6.6.6.6, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("192.0.2.7:5555", "192.0.2.7"),
        ("[2001:db8::1]:5555", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("10.0.0.2", "10.0.0.1"),
        ("192.0.2.7, unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("[", "10.0.0.1"),
    ],
)
def test_the_client_is_the_last_address_that_is_no_proxy_of_ours(chain: str, address: str) -> None:
    assert seen("10.0.0.1", x_forwarded_for=chain).address == address


def test_a_stranger_is_taken_for_who_connected() -> None:
    peer = seen("192.0.2.7", x_forwarded_for="127.0.0.1", x_forwarded_proto="https", x_forwarded_host="a.b")
    assert peer == Peer("192.0.2.7", "inside:8501", is_secure=False, is_local=False)


def test_a_known_proxy_is_taken_at_its_word() -> None:
    peer = seen(
        "::ffff:10.0.0.1", x_forwarded_for="192.0.2.7", x_forwarded_proto="https", x_forwarded_host="A.b"
    )
    assert peer == Peer("192.0.2.7", "a.b", is_secure=True, is_local=False)


def test_a_proxy_on_this_machine_does_not_make_its_clients_local() -> None:
    assert not seen("127.0.0.1", "localhost:8501", x_forwarded_for="127.0.0.1").is_local


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST"])
def test_the_machine_itself_is_local_under_its_own_names(host: str) -> None:
    assert seen("127.0.0.1", host).is_local


@pytest.mark.parametrize(
    "host", ["", "fieldvisit.example", "127.0.0.1.evil.example", "[", "localhost@evil.example"]
)
def test_under_another_name_nothing_is_local(host: str) -> None:
    assert not seen("127.0.0.1", host).is_local


def test_a_client_without_an_address_is_not_local() -> None:
    assert seen(None, "localhost") == Peer("", "localhost", is_secure=False, is_local=False)


def test_a_list_of_proxies_that_cannot_be_read_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDVISIT_PROXIES", "10.0.0.1, proxy.example")
    door_of_environment.cache_clear()
    with pytest.raises(InvalidInput, match=r"FIELDVISIT_PROXIES.*proxy\.example"):
        door_of_environment()


def test_the_environment_describes_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDVISIT_PROXIES", "10.0.0.1")
    monkeypatch.setenv("FIELDVISIT_HOST", "127.0.0.1")
    monkeypatch.setenv("FIELDVISIT_METRICS_TOKEN", "letmesee")
    door_of_environment.cache_clear()
    door = door_of_environment()
    assert (door.proxies, door.bound_to, door.metrics_token) == (
        networks_of("10.0.0.1"),
        "127.0.0.1",
        "letmesee",
    )
    door_of_environment.cache_clear()
