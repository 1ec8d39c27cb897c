"""Alembic migrates the connection that `data.migrate` hands it; from a shell, `DATABASE_URL`."""

import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from data.engine import create_engine_for
from data.tables import Base
from data.types import Exact, Instant


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        with create_engine_for(os.environ["DATABASE_URL"]).connect() as own:
            _migrate(own)
            own.commit()
    else:
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    # SQLite cannot alter constraints in place: batch mode copies the table instead.
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=_render_type
    )
    with context.begin_transaction():
        context.run_migrations()


def _render_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    # A migration must stay what it was when a column type of ours changes: write what the database holds.
    if kind == "type" and isinstance(item, Exact):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


run()
