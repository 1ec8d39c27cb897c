"""Restoring a backup: the whole database brought to the state of the file, or left as it was."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, bindparam, insert, inspect, update
from sqlalchemy.exc import DataError, IntegrityError

from data.backup import (
    CHUNK,
    BackupRefused,
    Manifest,
    TableContent,
    lines,
    open_archive,
    tables_of,
    verify,
)
from data.backup_values import from_json
from data.migrate import MIGRATIONS, found_version


def restore(engine: Engine, file: Path, *, replace: bool = False) -> Manifest:
    """Brings the database to the state of a backup, in one transaction: wholly or not at all.

    Args:
        engine: The database; nobody may be working in it.
        file: The backup; verified before anything is touched. One of an older version is migrated.
        replace: Whether what the database holds now may go.

    Returns:
        What was restored.

    Raises:
        BackupRefused: the file is damaged or of an unknown version, or the database is not empty.
    """
    manifest = verify(file)
    if manifest.version not in _known_versions():
        raise BackupRefused(
            f"{file} is of version {manifest.version}, which this program does not know: use a newer program."
        )
    if found_version(engine) is not None and not replace:
        raise BackupRefused("The database is not empty: restore into an empty one, or use --replace.")
    try:
        _replace(engine, file, manifest)
    except (IntegrityError, DataError, ValueError) as error:
        raise BackupRefused(f"{file} holds rows that contradict each other; nothing was changed.") from error
    return manifest


def _replace(engine: Engine, file: Path, manifest: Manifest) -> None:
    writing = engine.execution_options(fieldvisit_writing=True)
    with writing.connect() as connection, connection.begin(), open_archive(file) as archive:
        _drop_all(connection)
        _bring_to(connection, manifest.version)
        tables = tables_of(connection)
        _require_places(file, manifest, tables)
        for table in tables:
            if table.name in manifest.tables:
                _read_table(connection, table, manifest.tables[table.name], lines(archive, table.name))
        _bring_to(connection, "head")


def _require_places(file: Path, manifest: Manifest, tables: list[Table]) -> None:
    known = {table.name: set(table.columns.keys()) for table in tables}
    for name, content in manifest.tables.items():
        strange = sorted(set(content.columns) - known.get(name, set()))
        if strange:
            raise BackupRefused(
                f"{file}: table {name} has columns that version {manifest.version} does not know: "
                + ", ".join(strange)
            )


def _drop_all(connection: Connection) -> None:
    metadata = MetaData()
    metadata.reflect(connection)
    metadata.drop_all(connection)
    left = inspect(connection).get_table_names()
    if left:
        raise BackupRefused(f"The tables {', '.join(left)} could not be removed: use an empty database.")


def _read_table(connection: Connection, table: Table, content: TableContent, found: Iterable[bytes]) -> None:
    columns = [table.columns[name] for name in content.columns]
    # A row may refer to a later one of its own table: such columns are filled when all rows are there.
    own = [c.name for c in columns if any(key.column.table is table for key in c.foreign_keys)]
    later: list[dict[str, Any]] = []
    chunk: list[dict[str, Any]] = []
    for line in found:
        row = {c.name: from_json(c.type, v) for c, v in zip(columns, json.loads(line), strict=True)}
        later.extend({"b_id": row["id"], "b_value": row[c], "b_column": c} for c in own if row[c] is not None)
        chunk.append(row | dict.fromkeys(own))
        if len(chunk) == CHUNK:
            connection.execute(insert(table), chunk)
            chunk = []
    if chunk:
        connection.execute(insert(table), chunk)
    for name in own:
        values = [{"b_id": v["b_id"], "b_value": v["b_value"]} for v in later if v["b_column"] == name]
        if values:
            change = update(table).where(table.c.id == bindparam("b_id")).values({name: bindparam("b_value")})
            connection.execute(change, values)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _known_versions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _bring_to(connection: Connection, version: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)
