"""Logs as lines of JSON on the standard error: what happened and when, never whose data or which secret."""

import logging

from pythonjsonlogger.json import JsonFormatter

_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
_NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}


def configure() -> None:
    """Sends all logs of the process, those of Streamlit and uvicorn too, through one JSON handler.

    Paths and addresses are personal data here: the access log is off.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(_FIELDS, rename_fields=_NAMES, json_ensure_ascii=False))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("streamlit", "uvicorn", "websockets"):
        _join(name)
    logging.getLogger("uvicorn.access").disabled = True
    # The one would note the address of every websocket, the other says at every start what it is.
    for name in ("uvicorn.error", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _join(family: str) -> None:
    """Lets a library's loggers, each of which brought a handler of its own, speak through the root."""
    members = [name for name in logging.root.manager.loggerDict if f"{name}.".startswith(f"{family}.")]
    for name in members:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
