"""The start of the process: is the database the right one, and is everything loaded before the first visitor."""

import gc
import importlib
import logging
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

import language
from core.errors import FieldvisitError
from data.database import database
from data.migrate import require_current
from language import texts
from server import logs, metrics

log = logging.getLogger("fieldvisit.server")

SCREENS_LOG = "fieldvisit.screens"

YOUNG_OBJECTS = 10_000
"""New objects after which the collector looks for dead ones.

With Python's 700 the pages of fifty reps have it walk through everything in memory every thirty touches or so, some
80 ms in which nobody is answered. Nearly all that a page makes dies without it.
"""

# What the first page would otherwise load while somebody waits for it.
WARM = (
    "altair",
    "pandas",
    "pyarrow.pandas_compat",
    "streamlit.elements.lib.column_config_utils",
    "streamlit.material_icon_names",
    "streamlit.runtime.scriptrunner.script_runner",
)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Checks, warms up, and then lets the visitors in.

    Raises:
        SchemaMismatch: the database is not of the version that this program needs; it says what to do.
    """
    logs.configure()
    started = time.perf_counter()
    try:
        await anyio.to_thread.run_sync(require_current, database())
    except FieldvisitError:
        # The sentence says it all; the way through the code that led to it would bury it.
        sys.tracebacklimit = 0
        raise
    await anyio.to_thread.run_sync(_warm_up)
    runs = metrics.PageRuns()
    logging.getLogger(SCREENS_LOG).addHandler(runs)
    # Everything loaded so far stays: the collector need not look at it ever again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    log.info("started", extra={"seconds": round(time.perf_counter() - started, 2)})
    try:
        yield
    finally:
        logging.getLogger(SCREENS_LOG).removeHandler(runs)
        log.info("stopped")


def _warm_up() -> None:
    for name in WARM:
        importlib.import_module(name)
    for code in language.CODES:
        texts(code)
