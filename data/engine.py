"""The one place that makes a database engine, and the two ways to use it: reading and writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from data.errors import InvalidValue, SavedMeanwhile, StorageUnavailable

BUSY_TIMEOUT_MS = 10_000
REACHED = "reached"
"""What `Session.info` of a reading session holds under it: the visits that were found to be an actor's."""

# SQLite's readers see one state anyway; in PostgreSQL each statement would see its own.
_READING: dict[str, dict[str, Any]] = {
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
}


def create_engine_for(url: str) -> Engine:
    """An engine for an SQLite file (`sqlite:///…`) or a PostgreSQL server (`postgresql://…`).

    SQLite runs in WAL with full synchronisation, foreign keys on, and a lock waited for instead of refused.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=10,
            hide_parameters=True,
        )
    # A failed statement goes into the log; what people typed must not.
    engine = create_engine(address, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that reads one consistent state and never writes."""
    options = _READING.get(engine.dialect.name, {})
    with (
        _own_errors(),
        engine.connect().execution_options(**options) as connection,
        Session(connection, expire_on_commit=False, info={REACHED: {}}) as session,
    ):
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session whose changes are committed at its end, or none of them after an error.

    In SQLite the write lock is taken at the start: a transaction that reads first and writes later fails at
    once under load, whatever the timeout.
    """
    with (
        _own_errors(),
        engine.connect().execution_options(fieldvisit_writing=True) as connection,
        Session(connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def _own_errors() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise StorageUnavailable from error
    except IntegrityError as error:
        raise SavedMeanwhile from error
    except DataError as error:
        raise InvalidValue("value", "…", "a value that the database can keep") from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling is off: _begin_sqlite decides how a transaction starts.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("fieldvisit_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
