"""Which database this process uses: `DATABASE_URL`, or the embedded one in `var/`."""

import os
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from data.engine import create_engine_for

EMBEDDED = Path(__file__).parent.parent / "var" / "fieldvisit.sqlite"


def database_url() -> str:
    """The address of the database: `DATABASE_URL` where it is set, else the embedded SQLite file."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{EMBEDDED}"


@cache
def database() -> Engine:
    """The process's one engine."""
    return create_engine_for(database_url())
