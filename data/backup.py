"""Backups: a whole database as one file that either database can read, written online and verified.

A backup is a zip with a manifest and one file of JSON lines a table. It is taken within one transaction, so
it is one consistent state while people go on working. It holds no signed-in browsers: after a restore
everybody signs in again. The same file moves a company from SQLite to PostgreSQL and back.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, Engine, MetaData, Table, select

from core.errors import FieldvisitError
from data.backup_values import to_json
from data.migrate import found_version

FORMAT = 1
LEFT_OUT = ("alembic_version", "sign_in_session", "sign_in_delay")
CHUNK = 2_000
_MANIFEST = "manifest.json"


class BackupRefused(FieldvisitError):
    """A backup that cannot be written, read or restored; the sentence says why and what to do."""


@dataclass(frozen=True)
class TableContent:
    """What a backup holds of one table."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: made when, of which schema version, which tables."""

    format: int
    version: str
    made_at: str
    tables: dict[str, TableContent]

    @property
    def rows(self) -> int:
        """The number of rows in all tables."""
        return sum(table.rows for table in self.tables.values())


def back_up(engine: Engine, file: Path, now: datetime) -> Manifest:
    """Writes a backup of a running database and reads it back.

    Args:
        engine: The database; people may go on working.
        file: Where to; must not exist. It appears under this name only when it is whole and verified.
        now: The instant, kept in the manifest.

    Returns:
        What the backup holds.

    Raises:
        BackupRefused: the database is empty, the file exists, or what was read back differs.
    """
    version = found_version(engine)
    if version is None:
        raise BackupRefused("The database is empty: there is nothing to back up.")
    if file.exists():
        raise BackupRefused(f"{file} exists already: name another file.")
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        # A backup holds everything: nobody but its owner may read it.
        with _opened(unfinished) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            written = _write(engine, archive, version, now)
        if verify(unfinished) != written:
            raise BackupRefused(f"{file}: what was read back is not what was written. Check the disk.")
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return written


def _opened(file: Path) -> BinaryIO:
    file.unlink(missing_ok=True)
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _write(engine: Engine, archive: zipfile.ZipFile, version: str, now: datetime) -> Manifest:
    tables: dict[str, TableContent] = {}
    snapshot = engine
    if engine.dialect.name == "postgresql":
        snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
    with snapshot.connect() as connection:
        for table in tables_of(connection):
            tables[table.name] = _write_table(connection, archive, table)
        connection.rollback()
    manifest = Manifest(FORMAT, version, now.isoformat(), tables)
    archive.writestr(_MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


def tables_of(connection: Connection) -> list[Table]:
    """The tables as the database has them, which may be those of an older version; parents first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def _write_table(connection: Connection, archive: zipfile.ZipFile, table: Table) -> TableContent:
    digest = hashlib.sha256()
    count = 0
    statement = select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(yield_per=CHUNK).execute(statement)
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as file:
        for row in result:
            line = json.dumps([to_json(value) for value in row], ensure_ascii=False, separators=(",", ":"))
            data = line.encode() + b"\n"
            digest.update(data)
            file.write(data)
            count += 1
    return TableContent(tuple(column.name for column in table.columns), count, digest.hexdigest())


def verify(file: Path) -> Manifest:
    """Reads a backup from end to end and returns its manifest.

    Raises:
        BackupRefused: it is no backup, of another format, cut short, or changed since it was written.
    """
    with open_archive(file) as archive:
        manifest = _manifest(file, archive)
        for name, table in manifest.tables.items():
            digest = hashlib.sha256()
            count = 0
            for line in lines(archive, name):
                digest.update(line)
                count += 1
            if (count, digest.hexdigest()) != (table.rows, table.sha256):
                raise BackupRefused(f"{file}: table {name} was changed or cut short since it was written.")
    return manifest


def open_archive(file: Path) -> zipfile.ZipFile:
    """Opens a backup for reading; raises `BackupRefused` when it is none."""
    try:
        return zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise BackupRefused(f"{file} does not exist.") from error
    except (zipfile.BadZipFile, IsADirectoryError) as error:
        raise BackupRefused(f"{file} is not a backup of Fieldvisit, or it was cut short.") from error


def _manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        facts = json.loads(archive.read(_MANIFEST))
        tables = {
            name: TableContent(tuple(table["columns"]), table["rows"], table["sha256"])
            for name, table in facts["tables"].items()
        }
        manifest = Manifest(facts["format"], facts["version"], facts["made_at"], tables)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BackupRefused(f"{file} is not a backup of Fieldvisit: its manifest is unreadable.") from error
    if manifest.format != FORMAT:
        raise BackupRefused(f"{file} has format {manifest.format}; this program reads format {FORMAT}.")
    return manifest


def lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The JSON lines of a table in a backup."""
    try:
        with archive.open(f"{name}.jsonl") as file:
            yield from file
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BackupRefused(f"The backup is damaged: table {name} cannot be read.") from error
