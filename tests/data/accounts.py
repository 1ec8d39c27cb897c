"""A company with people who can sign in, for the tests of the door."""

from datetime import UTC, date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from data import passwords
from data.access import OPERATOR_ID, Actor
from data.engine import writing
from data.identifiers import new_id
from data.tables.company import Company, User

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PASSWORD = "green tea, 12 bottles"
OPERATOR = Actor(OPERATOR_ID, "operator", TODAY)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


class CountingHasher(PasswordHasher):
    """An argon2 that is quick, and notes how often it was asked whether a password is right."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.looks = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - its name in argon2
        verified = False
        try:
            verified = super().verify(hash, password)
        finally:
            # What is no hash is found out at once and costs no work.
            self.looks += str(hash).startswith("$argon2")
        return verified


def hash_cheaply(patch: pytest.MonkeyPatch) -> CountingHasher:
    """Makes argon2 quick: the tests ask how often it runs, not how long."""
    hasher = CountingHasher()
    patch.setattr(passwords, "_hasher", hasher)
    passwords._nobodys.cache_clear()
    return hasher


def add_company(engine: Engine, *, is_demo: bool = False) -> None:
    with writing(engine) as session:
        session.add(
            Company(
                id="company",
                name="清泉",
                name_en="Clearspring",
                currency="CNY",
                tax_basis="included",
                time_zone="Asia/Shanghai",
                price_threshold="0.03",
                market_price_days=45,
                short_days=7,
                excess_days=45,
                visit_interval_days=14,
                is_demo=is_demo,
            )
        )


def add_user(engine: Engine, account: str, role: str = "rep", *, is_demo: bool = False) -> str:
    user_id = new_id()
    with writing(engine) as session:
        session.add(
            User(
                id=user_id,
                account=account,
                name=f"{account} 名",
                name_en=account.title(),
                role=role,
                language="zh",
                password_hash=passwords.hashed(PASSWORD),
                is_demo=is_demo,
                created_at=NOW,
            )
        )
    return user_id
