"""What every test may ask for: databases of its own, on SQLite and on a real PostgreSQL.

Nothing here reads `DATABASE_URL`: the tests use only databases that they made.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from data.engine import create_engine_for
from data.migrate import upgrade
from tests.postgres import Server
from tests.running_app import ROOT

BROWSER_TESTS_OFF = os.environ.get("FIELDVISIT_BROWSER_TESTS", "").lower() == "off"
RUN_FOLDER = pytest.StashKey[Path]()
DATABASES = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    os.environ.pop("DATABASE_URL", None)
    workers_folder = getattr(config, "workerinput", {}).get("run_folder")
    made = workers_folder or tempfile.mkdtemp(prefix="fieldvisit-tests-")
    config.stash[RUN_FOLDER] = Path(made)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:  # type: ignore[no-untyped-def]
    """Tells a worker which folder the whole run shares."""
    node.workerinput["run_folder"] = str(node.config.stash[RUN_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    folder = config.stash[RUN_FOLDER]
    Server(folder).stop()
    shutil.rmtree(folder)


def pytest_report_header() -> str:
    return "browser tests: " + (
        "switched off by FIELDVISIT_BROWSER_TESTS=off" if BROWSER_TESTS_OFF else "in a real Chromium"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what stands in tests/browser, and leaves it out when it is switched off by hand."""
    browser_tests = {item for item in items if "browser" in item.path.relative_to(config.rootpath).parts}
    for item in browser_tests:
        item.add_marker("browser")
    if BROWSER_TESTS_OFF and browser_tests:
        config.hook.pytest_deselected(items=list(browser_tests))
        items[:] = [item for item in items if item not in browser_tests]


@pytest.fixture(scope="session")
def run_folder(request: pytest.FixtureRequest) -> Path:
    """A folder that all workers of this run share."""
    return request.config.stash[RUN_FOLDER]


class Databases:
    """PostgreSQL databases by the name, made and dropped cheaply; names are this worker's own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.numbers = count(1)

    def create(self, template: str = "template0") -> str:
        name = f"test_{self.worker}_{next(self.numbers)}"
        self._tell(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        # FORCE also ends the connections that an engine of the test has left in its pool.
        self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        return f"{self.address}/{name}"

    def _tell(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgresql_databases(run_folder: Path) -> Databases:
    return Databases(Server(run_folder).address())


@pytest.fixture(scope="session")
def postgresql_template(postgresql_databases: Databases) -> str:
    """The name of a PostgreSQL database with the schema of this version and no rows."""
    name = postgresql_databases.create()
    engine = create_engine_for(postgresql_databases.url(name))
    upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema of this version and no rows."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    engine = create_engine_for(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def demo_database(run_folder: Path) -> Path:
    """An SQLite file with the demo company, made once a run; to be copied, not changed."""
    path = run_folder / "demo.sqlite"
    with (run_folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            variables = {**os.environ, "DATABASE_URL": f"sqlite:///{unfinished}"}
            command = [sys.executable, "-m", "data.operator", "demo", "--yes"]
            subprocess.run(command, env=variables, cwd=ROOT, check=True)
            unfinished.rename(path)
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an empty SQLite database of this test's own."""
    return f"sqlite:///{tmp_path / 'test.sqlite'}"


@pytest.fixture
def postgresql_url(postgresql_databases: Databases) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of this test's own."""
    name = postgresql_databases.create()
    yield postgresql_databases.url(name)
    postgresql_databases.drop(name)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of this test's own; the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An engine on an SQLite database of this test's own, with the schema and no rows."""
    copy = tmp_path / "test.sqlite"
    shutil.copyfile(sqlite_template, copy)
    engine = create_engine_for(f"sqlite:///{copy}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(postgresql_databases: Databases, postgresql_template: str) -> Iterator[Engine]:
    """An engine on a PostgreSQL database of this test's own, with the schema and no rows."""
    name = postgresql_databases.create(postgresql_template)
    engine = create_engine_for(postgresql_databases.url(name))
    yield engine
    engine.dispose()
    postgresql_databases.drop(name)


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """An engine on a database with the schema and no rows; the test runs once on each kind."""
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made
