"""Signing in and out, and the sessions of browsers.

These functions find out who the actor is, so none of them can be given one. A session is a random token in
the browser; the database keeps its SHA-256 alone.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Engine, Select, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from data import passwords
from data.access import Actor, Role
from data.engine import reading, writing
from data.errors import InvalidValue, NotAllowed
from data.identifiers import new_id
from data.sign_in_delay import Refused, Subject, count_try, forgive, network_of
from data.tables.company import Company, SignInSession, User, UserRegion
from data.tables.distributors import DistributorAssignment
from data.tables.records import AuditEntry

Database = Engine
"""Where accounts and sessions are kept: `data.database.database()`."""

IDLE = timedelta(days=14)
"""A session that nobody used for so long has ended."""

SEEN_EVERY = timedelta(minutes=5)
"""How often a session in use is noted: not at every touch, which would make every reading a writing."""

_KEPT_AFTER_END = timedelta(days=90)
_LONGEST_TOKEN = 100
_LONGEST_ACCOUNT = 64


@dataclass(frozen=True)
class SignedInUser:
    """Whose session it is; who signed in with a password that was handed to him chooses his own first."""

    user_id: str
    account: str
    name: str
    name_en: str
    role: Role
    language: str
    is_demo: bool
    must_choose_password: bool
    last_seen_at: datetime


@dataclass(frozen=True)
class SignedIn:
    """A sign-in that succeeded: the token goes to the browser and nowhere else."""

    token: str
    user_id: str
    language: str


@dataclass(frozen=True)
class DemoUser:
    """A demo account as the sign-in page offers it."""

    account: str
    name: str
    name_en: str
    role: str


def sign_in(
    engine: Database, *, account: str, password: str, address: str, now: datetime, demo_allowed: bool
) -> SignedIn | Refused:
    """Starts a session for the account if the password is right and the try does not come too soon.

    The try is counted before the password is looked at, so that tries sent at the same time count each; and
    the password is looked at outside any transaction, because argon2 is slow on purpose and must not hold the
    write lock.

    Args:
        engine: The database.
        account: As typed; spaces around it and capitals do not matter.
        password: As typed.
        address: Of the client; an IPv6 address counts by its /64 network.
        now: The instant of the try.
        demo_allowed: Whether this connection may use demo accounts at all.

    Returns:
        The session, or a refusal that is the same for unknown, retired and demo accounts.
    """
    name = account_of(account)
    subjects: list[Subject] = [("account", name), ("address", network_of(address))]
    with writing(engine) as session:
        counted = count_try(session, subjects, now)
    if not counted.heard:
        return counted
    with reading(engine) as session:
        user = _who_may(session, name, demo_allowed)
        kept = user.password_hash if user else None
    if not passwords.matches(password, kept) or kept is None:
        return counted
    better = passwords.renewed(password, kept) if passwords.is_outdated(kept) else None
    with writing(engine) as session:
        # The account may have been retired or given another password while argon2 worked.
        current = _who_may(session, name, demo_allowed)
        if current is None or current.password_hash != kept:
            return counted
        forgive(session, subjects, now)
        if better is not None:
            current.password_hash = better
        return _start(session, current, now)


def sign_in_demo(engine: Database, *, account: str, now: datetime, demo_allowed: bool) -> SignedIn | None:
    """Starts a session of a demo account by a touch, without a password; `None` where that is not allowed."""
    if not demo_allowed:
        return None
    with writing(engine) as session:
        user = _who_may(session, account_of(account), demo_allowed)
        return _start(session, user, now) if user is not None and user.is_demo else None


def demo_users(session: Session) -> list[DemoUser]:
    """The demo account of each role that looks after the most, for the sign-in page; none in a real company."""
    if not _is_demo_company(session):
        return []
    to_show = [
        select(func.count()).where(owner == User.id).scalar_subquery()
        for owner in (DistributorAssignment.rep_id, UserRegion.user_id)
    ]
    found = session.scalars(
        select(User)
        .where(User.is_demo, User.retired_at.is_(None))
        .order_by(*(count.desc() for count in to_show), User.account)
    )
    first: dict[str, DemoUser] = {}
    for user in found:
        first.setdefault(user.role, DemoUser(user.account, user.name, user.name_en, user.role))
    order = ("rep", "manager", "clerk", "administrator")
    return [first[role] for role in order if role in first]


def signed_in_user(session: Session, token: str, now: datetime) -> SignedInUser | None:
    """Whose session a token is, without writing; `None` when it is ended, idle, nobody's or a retired user's.

    A demo account's session counts in the demo's database only.
    """
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    asked = {"of_token": _hash(token), "since": now - IDLE}
    found = session.execute(_sessions(), asked).one_or_none()
    if found is None:
        return None
    user, last_seen_at = found
    if user.is_demo and not _is_demo_company(session):
        return None
    return SignedInUser(
        user_id=user.id,
        account=user.account,
        name=user.name,
        name_en=user.name_en,
        role=cast(Role, user.role),
        language=user.language,
        is_demo=user.is_demo,
        must_choose_password=passwords.is_handed_over(user.password_hash),
        last_seen_at=last_seen_at,
    )


@cache
def _sessions() -> Select[*tuple[Any, ...]]:
    return (
        select(User, SignInSession.last_seen_at)
        .join(SignInSession, SignInSession.user_id == User.id)
        .where(
            SignInSession.token_hash == bindparam("of_token"),
            SignInSession.ended_at.is_(None),
            SignInSession.last_seen_at > bindparam("since"),
            User.retired_at.is_(None),
        )
    )


def recognise(engine: Database, token: str, now: datetime) -> SignedInUser | None:
    """Like `signed_in_user`, and notes every few minutes that the session is in use."""
    with reading(engine) as session:
        user = signed_in_user(session, token, now)
    if user is not None and now - user.last_seen_at >= SEEN_EVERY:
        with writing(engine) as session:
            session.execute(
                update(SignInSession)
                .where(SignInSession.token_hash == _hash(token), SignInSession.last_seen_at < now)
                .values(last_seen_at=now)
            )
    return user


def sign_out(session: Session, token: str, now: datetime) -> None:
    """Ends the session of a token; a token of no session is already signed out."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == _hash(token), SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_sessions(session: Session, user_id: str, now: datetime, *, except_token: str | None = None) -> None:
    """Ends all sessions of a user, but for one."""
    statement = update(SignInSession).where(
        SignInSession.user_id == user_id, SignInSession.ended_at.is_(None)
    )
    if except_token is not None:
        statement = statement.where(SignInSession.token_hash != _hash(except_token))
    session.execute(statement.values(ended_at=now))


def change_password(engine: Database, *, token: str, old: str, new: str, now: datetime) -> Refused | None:
    """Changes the password of the session's user and ends his other sessions.

    Args:
        engine: The database.
        token: Of the session that asks; it goes on.
        old: The password until now.
        new: The one to be.
        now: The instant.

    Returns:
        `None` when it is done; a refusal when the old password is wrong. It is guarded by the same growing
        delay as a sign-in, counted by itself: guesses at the sign-in page do not hinder the person within.

    Raises:
        PasswordRefused: the new password is not good enough.
        NotAllowed: the session has ended.
    """
    with reading(engine) as session:
        user = signed_in_user(session, token, now)
        if user is None:
            raise NotAllowed("Changing the password", "you are signed out")
        kept = session.get_one(User, user.user_id).password_hash
    passwords.require_good(new, user.account, old)
    subjects: list[Subject] = [("account", f"change:{user.user_id}")]
    with writing(engine) as session:
        counted = count_try(session, subjects, now)
    if not counted.heard or not passwords.matches(old, kept):
        return counted
    changed = passwords.hashed(new)
    with writing(engine) as session:
        forgive(session, subjects, now)
        session.execute(update(User).where(User.id == user.user_id).values(password_hash=changed))
        end_sessions(session, user.user_id, now, except_token=token)
        session.add(
            AuditEntry(
                id=new_id(),
                record="user_account",
                record_id=user.user_id,
                field="password",
                changed_by=user.user_id,
                changed_at=now,
            )
        )
    return None


def set_language(session: Session, actor: Actor, *, language: str) -> None:
    """Keeps the language that the actor chose for himself."""
    if language not in ("zh", "en"):
        raise InvalidValue("language", language, "zh or en")
    session.execute(update(User).where(User.id == actor.user_id).values(language=language))


def account_of(typed: str) -> str:
    """The account as it is kept: tablets capitalise the first letter and add a space on their own.

    Example:
        >>> account_of(" Limin ")
        'limin'
    """
    return typed.strip().lower().replace("\0", "")[:_LONGEST_ACCOUNT]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_demo_company(session: Session) -> bool:
    return bool(session.scalar(select(Company.is_demo)))


def _who_may(session: Session, account: str, demo_allowed: bool) -> User | None:
    """The user of an account that may sign in: known, not retired, and no demo account where none may."""
    user = session.scalar(select(User).where(User.account == account, User.retired_at.is_(None)))
    if user is not None and user.is_demo and not (demo_allowed and _is_demo_company(session)):
        return None
    return user


def _start(session: Session, user: User, now: datetime) -> SignedIn:
    token = secrets.token_urlsafe(32)
    session.execute(delete(SignInSession).where(SignInSession.last_seen_at < now - _KEPT_AFTER_END))
    session.add(SignInSession(token_hash=_hash(token), user_id=user.id, created_at=now, last_seen_at=now))
    return SignedIn(token, user.id, user.language)
