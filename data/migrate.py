"""The schema's version: what a database has, what the program needs, and the way from one to the other."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from data.errors import SchemaMismatch

MIGRATIONS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


@cache
def needed_version() -> str:
    """The schema version that this program is written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise SchemaMismatch(None, "a first migration")
    return head


def found_version(engine: Engine) -> str | None:
    """The schema version of a database; `None` for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current(engine: Engine) -> None:
    """Raises `SchemaMismatch` unless the database is of the version that this program needs."""
    found = found_version(engine)
    if found != needed_version():
        raise SchemaMismatch(found, needed_version())


def upgrade(engine: Engine) -> None:
    """Brings a database to the needed version, all in one transaction."""
    config = _config()
    with engine.connect().execution_options(fieldvisit_writing=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
