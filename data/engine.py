"""The one place that makes a database engine, and the two ways to use it: reading and writing."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
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
            max_overflow=30,
            hide_parameters=True,
        )
    # A failed statement goes into the log; what people typed must not.
    engine = create_engine(address, pool_size=10, max_overflow=50, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


class _Held:
    """The reading session of a block of `one_reading`, opened by the first who reads and closed by whoever writes."""

    def __init__(self) -> None:
        self.sessions: dict[Engine, Session] = {}
        self.open = ExitStack()

    def session(self, engine: Engine) -> Session:
        if engine not in self.sessions:
            self.sessions[engine] = self.open.enter_context(_session_to_read(engine))
        return self.sessions[engine]

    def close(self) -> None:
        self.sessions.clear()
        self.open.close()


_HELD: ContextVar[_Held | None] = ContextVar("held", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Inside the block every `reading` is of one session: what is shown side by side is of one moment.

    Whoever reads after something was written in the block sees it: that is a new session.
    """
    held = _Held()
    token = _HELD.set(held)
    try:
        yield
    finally:
        _HELD.reset(token)
        with _own_errors():
            held.close()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that reads one consistent state and never writes."""
    held = _HELD.get()
    if held is None:
        with _own_errors(), _session_to_read(engine) as session:
            yield session
        return
    try:
        with _own_errors():
            yield held.session(engine)
    except Exception:
        # After an error of the database nothing more can be read in its transaction.
        with _own_errors():
            held.close()
        raise


@contextmanager
def reading_anew(engine: Engine) -> Iterator[Session]:
    """A reading session of its own moment, within a block of `one_reading` too.

    For what is remembered under a stamp that another run may have looked up meanwhile: read in this run's older
    moment, it would stand under a stamp that knows more.
    """
    with _own_errors(), _session_to_read(engine) as session:
        yield session


@contextmanager
def _session_to_read(engine: Engine) -> Iterator[Session]:
    options = _READING.get(engine.dialect.name, {})
    with (
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
    held = _HELD.get() or _Held()
    with _own_errors():
        held.close()
    with (
        _own_errors(),
        engine.connect().execution_options(fieldvisit_writing=True) as connection,
        Session(connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session
    with _own_errors():
        # Whoever read within the block has not seen what it wrote.
        held.close()


@contextmanager
def _own_errors() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, NoneFree) as error:
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
