"""A small company on an SQLite file and the app as one of its people sees it, without a browser."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data import database as database_module
from data import passwords
from data.access import OPERATOR_ID, Actor
from data.engine import reading, writing
from data.sign_in import SignedIn, sign_in
from language import speaking
from tests import builders
from tests.data.accounts import PASSWORD, hash_cheaply
from tests.running_app import ROOT

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
"""The day at the company's place, wherever this machine stands."""
NOTHING = MappingProxyType({})


@dataclass
class Office:
    """One region with a rep, his two distributors, a manager, a clerk and an administrator."""

    engine: Engine
    patch: pytest.MonkeyPatch
    users: dict[str, str] = field(default_factory=dict)
    region: str = ""
    market: str = ""
    hongda: str = ""
    fuyuan: str = ""

    def operator(self) -> Actor:
        return Actor(OPERATOR_ID, "operator", TODAY)

    def visit(self, distributor_id: str, days_ago: int = 0, **values: object) -> str:
        with writing(self.engine) as session:
            given = {"state": "approved", "planned_on": TODAY - timedelta(days=days_ago), **values}
            return builders.visit(session, distributor_id, self.users["limin"], **given)

    def open(
        self, account: str, page: str, address: MappingProxyType[str, str] | dict[str, str] = NOTHING
    ) -> AppTest:
        """Signs in and opens a page, in English."""
        done = sign_in(
            self.engine,
            account=account,
            password=PASSWORD,
            address="",
            now=datetime.now(UTC),
            demo_allowed=False,
        )
        assert isinstance(done, SignedIn)
        for module in ("ui.current_user", "ui.visit_papers"):
            self.patch.setattr(f"{module}.session_token", lambda: done.token)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        app.run()
        app.switch_page(page)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app


@pytest.fixture
def office(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("DATABASE_URL", str(sqlite_engine.url))
    database_module.database.cache_clear()
    hash_cheaply(monkeypatch)
    made = Office(sqlite_engine, monkeypatch)
    hash_ = passwords.hashed(PASSWORD)
    with writing(sqlite_engine) as session:
        builders.company(session)
        made.market = builders.market(session)
        made.region = builders.region_of(session, made.market)
        roles = {
            "limin": "rep",
            "chentao": "rep",
            "zhoulan": "manager",
            "hejing": "clerk",
            "admin": "administrator",
        }
        for account, role in roles.items():
            regions = (made.region,) if role in ("manager", "clerk") else ()
            made.users[account] = builders.user(
                session, account, role, regions, language="en", password_hash=hash_
            )
        made.hongda = builders.distributor(
            session, "D1", made.market, made.users["limin"], short_name_en="Hongda"
        )
        made.fuyuan = builders.distributor(
            session, "D2", made.market, made.users["limin"], short_name_en="Fuyuan"
        )
    # what the test asks of a widget is formatted in its own thread, where nobody has chosen a language
    with speaking("en"):
        yield made
    database_module.database().dispose()
    database_module.database.cache_clear()


def shown(app: AppTest) -> str:
    """All the text that a screen shows outside its tables, without the signs that keep Markdown off it."""
    kinds = (app.subheader, app.markdown, app.info, app.warning, app.error)
    return "\n".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def stored(office: Office, query: object) -> list[object]:
    """The rows of a query, read anew."""
    with reading(office.engine) as session:
        return list(session.scalars(query))  # type: ignore[call-overload]
