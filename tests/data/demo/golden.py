"""The golden file of the demo company: what it was on a fixed day, table by table.

A change of the demo is meant or it is a mistake. When it is meant: `python -m tests.data.demo.golden`
writes the file anew, and the commit says why.
"""

import hashlib
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Engine, Integer, MetaData, select

from data.backup_values import to_json
from data.demo import make_demo
from data.engine import create_engine_for, writing
from data.migrate import upgrade

DAY = date(2026, 11, 21)
FILE = Path(__file__).parent / "golden.json"
SALTED = {"password_hash"}
"""Different at every making, however equal the password."""


def fingerprint(engine: Engine) -> dict[str, dict[str, Any]]:
    """Per table with rows: their number, the sum of each column of numbers, and a hash of the content.

    The same on both databases: rows as text, sorted, as neither keeps an order.
    """
    metadata = MetaData()
    metadata.reflect(engine)
    found = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in SALTED]
            rows = [[to_json(value) for value in row] for row in connection.execute(select(*columns))]
            if rows and table.name != "alembic_version":
                names = [column.name for column in columns]
                counted = [c.name for c in columns if isinstance(c.type, BigInteger | Integer)]
                lines = sorted(json.dumps(row, ensure_ascii=False) for row in rows)
                found[table.name] = {
                    "rows": len(rows),
                    "sums": {name: sum(row[names.index(name)] or 0 for row in rows) for name in counted},
                    "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
                }
    return dict(sorted(found.items()))


def write() -> None:
    """Makes the demo company of the fixed day and writes what it is."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine_for(f"sqlite:///{folder}/golden.sqlite")
        upgrade(engine)
        with writing(engine) as session:
            make_demo(session, DAY)
        FILE.write_text(json.dumps(fingerprint(engine), indent=1, ensure_ascii=False) + "\n")
        engine.dispose()


if __name__ == "__main__":
    write()
