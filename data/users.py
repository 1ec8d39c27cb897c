"""Users: who may sign in, and which regions are theirs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from data import passwords
from data.access import Actor, Role, assigned_on, require_role
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.sign_in import account_of, end_sessions
from data.tables.company import ROLES, Region, User, UserRegion
from data.tables.distributors import DistributorAssignment
from data.tables.records import AuditEntry

ROLES_WITH_REGIONS = ("manager", "clerk")
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


@dataclass(frozen=True)
class UserRow:
    """A user as the administrator sees him; `distributor_count` is of the day the actor asks on."""

    user_id: str
    account: str
    name: str
    name_en: str
    role: Role
    language: str
    is_demo: bool
    retired_at: datetime | None
    region_ids: tuple[str, ...]
    distributor_count: int


@dataclass(frozen=True)
class NewUser:
    """A user just made; `password` is shown once and kept by nobody."""

    user_id: str
    password: str


def list_users(session: Session, actor: Actor) -> list[UserRow]:
    """All users by account, the retired ones too."""
    _require_keeper(actor, "Listing the users")
    regions: dict[str, list[str]] = {}
    for user_id, region_id in session.execute(
        select(UserRegion.user_id, UserRegion.region_id)
        .join(Region, Region.id == UserRegion.region_id)
        .order_by(Region.code)
    ):
        regions.setdefault(user_id, []).append(region_id)
    counted = session.execute(
        select(DistributorAssignment.rep_id, func.count())
        .where(assigned_on(actor.today))
        .group_by(DistributorAssignment.rep_id)
    )
    counts = dict(iter(counted))
    return [
        UserRow(
            user_id=user.id,
            account=user.account,
            name=user.name,
            name_en=user.name_en,
            role=cast(Role, user.role),
            language=user.language,
            is_demo=user.is_demo,
            retired_at=user.retired_at,
            region_ids=tuple(regions.get(user.id, ())),
            distributor_count=counts.get(user.id, 0),
        )
        for user in session.scalars(select(User).order_by(User.account))
    ]


def user_id_of(session: Session, actor: Actor, *, account: str) -> str:
    """The id of an account, for the command line; raises `NotReachable` when there is none."""
    _require_keeper(actor, "Looking up a user")
    found = session.scalar(select(User.id).where(User.account == account_of(account)))
    if found is None:
        raise NotReachable("user")
    return found


def create_user(
    session: Session,
    actor: Actor,
    *,
    account: str,
    name: str,
    name_en: str,
    role: str,
    language: str,
    now: datetime,
    password: str | None = None,
    region_ids: Iterable[str] = (),
) -> NewUser:
    """Makes a user who can sign in at once.

    Args:
        session: Within `writing`.
        actor: An administrator, or the operator.
        account: 2 to 64 Latin letters, digits or . _ @ -; capitals become small.
        name: As colleagues write it.
        name_en: In Latin letters; the name itself where it is empty.
        role: One of `ROLES`.
        language: zh or en.
        now: The instant.
        password: Of the person's own choice; where it is left out one is generated, and he must choose another
            when he first signs in.
        region_ids: The regions of a manager or a clerk.

    Returns:
        The id, and the password to hand over.

    Raises:
        InvalidValue: a value that cannot be kept, or an account that is taken.
        PasswordRefused: a password that is not good enough.
    """
    _require_keeper(actor, "Creating a user")
    kept = _new_account(session, account)
    if not name.strip():
        raise InvalidValue("name", name, "a name")
    if role not in ROLES:
        raise InvalidValue("role", role, "one of " + ", ".join(ROLES))
    if language not in ("zh", "en"):
        raise InvalidValue("language", language, "zh or en")
    given = passwords.generated() if password is None else password
    passwords.require_good(given, kept)
    user = User(
        id=new_id(),
        account=kept,
        name=name.strip(),
        name_en=name_en.strip() or name.strip(),
        role=role,
        language=language,
        password_hash=_kept(password, given),
        created_at=now,
    )
    session.add(user)
    session.flush()
    _record(session, actor, user.id, "created", None, kept, now)
    wanted = tuple(region_ids)
    if wanted:
        assign_regions(session, actor, user_id=user.id, region_ids=wanted, now=now)
    return NewUser(user.id, given)


def retire_user(session: Session, actor: Actor, *, user_id: str, now: datetime) -> None:
    """Retires a user: he stays for the record, his sessions end, he cannot sign in again.

    His distributors stay his on paper until they are handed over; retiring must not have to wait for that.
    """
    _require_keeper(actor, "Retiring a user")
    if user_id == actor.user_id:
        raise NotAllowed("Retiring yourself", "somebody must be left to undo it")
    user = _user(session, user_id)
    if user.retired_at is not None:
        return
    user.retired_at = now
    end_sessions(session, user.id, now)
    _record(session, actor, user.id, "retired_at", None, now.isoformat(), now)


def reset_password(
    session: Session, actor: Actor, *, user_id: str, now: datetime, password: str | None = None
) -> str:
    """Gives a user a new password and ends his sessions.

    Returns:
        The password: the one given, else a generated one, to be shown once and changed at the next sign-in.

    Raises:
        NotAllowed: the user is retired.
        PasswordRefused: the password given is not good enough.
    """
    _require_keeper(actor, "Resetting a password")
    user = _user(session, user_id)
    if user.retired_at is not None:
        raise NotAllowed("Resetting the password", "the user is retired")
    given = passwords.generated() if password is None else password
    passwords.require_good(given, user.account)
    user.password_hash = _kept(password, given)
    end_sessions(session, user.id, now)
    _record(session, actor, user.id, "password", None, None, now)
    return given


def assign_regions(
    session: Session, actor: Actor, *, user_id: str, region_ids: Iterable[str], now: datetime
) -> None:
    """Makes these the regions of a manager or a clerk, and no others."""
    _require_keeper(actor, "Assigning regions")
    user = _user(session, user_id)
    if user.role not in ROLES_WITH_REGIONS:
        raise NotAllowed("Assigning regions", f"a {user.role} has none")
    wanted = set(region_ids)
    known = set(session.scalars(select(Region.id).where(Region.id.in_(wanted))))
    if known != wanted:
        raise NotReachable("region")
    held = set(session.scalars(select(UserRegion.region_id).where(UserRegion.user_id == user.id)))
    if held == wanted:
        return
    session.execute(delete(UserRegion).where(UserRegion.user_id == user.id))
    session.add_all(UserRegion(user_id=user.id, region_id=region_id) for region_id in sorted(wanted))
    before, after = " ".join(sorted(held)), " ".join(sorted(wanted))
    _record(session, actor, user.id, "regions", before, after, now)


def _kept(chosen: str | None, given: str) -> str:
    return passwords.handed_over(given) if chosen is None else passwords.hashed(given)


def _record(
    session: Session,
    actor: Actor,
    user_id: str,
    field: str,
    before: str | None,
    after: str | None,
    now: datetime,
) -> None:
    session.add(
        AuditEntry(
            id=new_id(),
            record="user_account",
            record_id=user_id,
            field=field,
            before=before,
            after=after,
            changed_by=actor.user_id or None,
            changed_at=now,
        )
    )


def _user(session: Session, user_id: str) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotReachable("user")
    return user


def _require_keeper(actor: Actor, action: str) -> None:
    require_role(actor, action, "administrator", "operator")


def _new_account(session: Session, account: str) -> str:
    kept = account_of(account)
    if not _ACCOUNT.fullmatch(kept):
        raise InvalidValue("account", account, "2 to 64 Latin letters, digits or . _ @ -")
    if session.scalar(select(User.id).where(User.account == kept)) is not None:
        raise InvalidValue("account", account, "an account that nobody has yet")
    return kept
