"""A house with one person who may sign in, on SQLite: the storage's own tests run on both databases."""

import pytest
from sqlalchemy import Engine

from tests.data.accounts import add_company, add_user, hash_cheaply
from tests.server.doors import House


@pytest.fixture
def house(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> House:
    hash_cheaply(monkeypatch)
    add_company(sqlite_engine)
    add_user(sqlite_engine, "limin")
    return House(sqlite_engine)


@pytest.fixture
def demo_house(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> House:
    hash_cheaply(monkeypatch)
    add_company(sqlite_engine, is_demo=True)
    add_user(sqlite_engine, "limin", is_demo=True)
    add_user(sqlite_engine, "zhoulan", "manager", is_demo=True)
    return House(sqlite_engine)
