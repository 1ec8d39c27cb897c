"""Growing delays against guessed passwords: per account and per address, and never a lockout.

A try is counted before its password is looked at, and taken back when it was right.
"""

import hashlib
import ipaddress
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as insert_in_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite
from sqlalchemy.orm import Session

from data.tables.company import SignInDelay

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)

Kind = Literal["account", "address"]
Subject = tuple[Kind, str]

# A whole office stands behind one address: it gets more free tries, and is forgiven sooner.
FREE_TRIES: dict[Kind, int] = {"account": 5, "address": 20}
FORGIVEN_AFTER: dict[Kind, timedelta] = {"account": timedelta(days=1), "address": timedelta(hours=1)}


@dataclass(frozen=True)
class Refused:
    """A try that failed, or (`heard` is false) was not even looked at because it came too soon.

    `wait_seconds` until the next try is heard; `tries_left` before a wait begins. Nothing in it says whether
    the account exists.
    """

    heard: bool
    wait_seconds: int
    tries_left: int


def network_of(address: str) -> str:
    """What of a client's address is counted: an IPv4 address, or the /64 network of an IPv6 address.

    Example:
        >>> network_of("2001:db8::7"), network_of("192.0.2.7")
        ('2001:db8::/64', '192.0.2.7')
    """
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return address
    if number.version == 6:
        return str(ipaddress.ip_network(f"{number}/64", strict=False))
    return str(number)


def count_try(session: Session, subjects: Iterable[Subject], now: datetime) -> Refused:
    """Counts a try as failed, and says what to answer if it does fail; one too soon is not counted."""
    rows = _delays(session, subjects, now)
    wait = max(row.next_try_at for _, row in rows) - now
    if wait > timedelta(0):
        return Refused(heard=False, wait_seconds=math.ceil(wait.total_seconds()), tries_left=0)
    for kind, row in rows:
        if now - row.last_failed_at > FORGIVEN_AFTER[kind]:
            row.failures = 0
        row.failures += 1
        row.last_failed_at = now
        row.next_try_at = now + _wait_after(row.failures, FREE_TRIES[kind])
    wait = max(row.next_try_at for _, row in rows) - now
    left = min(max(FREE_TRIES[kind] - row.failures, 0) for kind, row in rows)
    return Refused(heard=True, wait_seconds=math.ceil(wait.total_seconds()), tries_left=left)


def forgive(session: Session, subjects: Iterable[Subject], now: datetime) -> None:
    """Takes a counted try back: the account starts anew, the address is only spared this one.

    Else somebody with an account of his own could clear the count of his address between two guesses.
    """
    for kind, row in _delays(session, subjects, now):
        row.failures = 0 if kind == "account" else max(row.failures - 1, 0)
        row.next_try_at = now
    session.flush()
    longest = max(FORGIVEN_AFTER.values())
    session.execute(delete(SignInDelay).where(SignInDelay.next_try_at < now - longest))


def _wait_after(failures: int, free: int) -> timedelta:
    """No wait for the free tries; then 1, 2, 4, 8 and at most 15 minutes."""
    if failures < free:
        return timedelta(0)
    doublings = min(failures - free, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _delays(session: Session, subjects: Iterable[Subject], now: datetime) -> list[tuple[Kind, SignInDelay]]:
    """The rows of the subjects, made where there are none, and locked until the transaction ends."""
    dialect = session.get_bind().dialect.name
    rows: list[tuple[Kind, SignInDelay]] = []
    for kind, text in subjects:
        first = {"subject_hash": hashlib.sha256(f"{kind}:{text}".encode()).hexdigest(), "failures": 0}
        first |= {"last_failed_at": now, "next_try_at": now}
        if dialect == "postgresql":
            session.execute(insert_in_postgresql(SignInDelay).values(first).on_conflict_do_nothing())
        else:
            session.execute(insert_in_sqlite(SignInDelay).values(first).on_conflict_do_nothing())
        rows.append((kind, session.get_one(SignInDelay, first["subject_hash"], with_for_update=True)))
    return rows
