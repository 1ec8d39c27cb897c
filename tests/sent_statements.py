"""What an engine sends to its database, for the tests that count it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """The statements that an engine sends meanwhile."""
    sent: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        # How many values a condition lists grows with the company; the question stays one.
        sent.append(re.sub(r"\(\?(, \?)*\)", "(…)", statement))

    event.listen(engine, "before_cursor_execute", keep)
    yield sent
    event.remove(engine, "before_cursor_execute", keep)
