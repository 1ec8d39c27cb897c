import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

import data.backup
from data.backup import BackupRefused, back_up, verify
from data.engine import create_engine_for, reading, writing
from data.identifiers import new_id
from data.importing import load_folder
from data.migrate import found_version, needed_version, require_current
from data.restore import restore
from data.tables import Base
from data.tables.company import Region, SignInSession, User
from data.tables.distributors import Distributor
from data.tables.records import Attachment
from tests.data.accounts import hash_cheaply
from tests.data.company_folder import write_folder
from tests.data.demo.golden import fingerprint

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
PICTURE = bytes(range(256))


@pytest.fixture
def company(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A database with the small company, a picture and somebody signed in."""
    hash_cheaply(monkeypatch)
    folder = tmp_path / "files"
    folder.mkdir()
    assert load_folder(engine, write_folder(folder), NOW).problems == []
    with writing(engine) as session:
        user = session.scalars(select(User)).first()
        distributor = session.scalars(select(Distributor)).first()
        assert user is not None
        assert distributor is not None
        picture: dict[str, Any] = {
            "kind": "photo",
            "media_type": "image/jpeg",
            "content": PICTURE,
            "content_hash": "0" * 64,
            "byte_count": len(PICTURE),
        }
        session.add(
            Attachment(id=new_id(), distributor_id=distributor.id, added_by=user.id, added_at=NOW, **picture)
        )
        session.add(SignInSession(token_hash="1" * 64, user_id=user.id, created_at=NOW, last_seen_at=NOW))
    return engine


def without_sessions(engine: Engine) -> dict[str, Any]:
    return {name: facts for name, facts in fingerprint(engine).items() if name != "sign_in_session"}


def region(code: str) -> dict[str, str]:
    return {"id": new_id(), "code": code, "name": code, "name_en": code}


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_brings_everything_into_either_database(
    company: Engine, tmp_path: Path, target: str, request: pytest.FixtureRequest
) -> None:
    file = tmp_path / "b.zip"
    written = back_up(company, file, NOW)
    sqlite = f"sqlite:///{tmp_path}/other.sqlite"
    other = create_engine_for(sqlite if target == "sqlite" else request.getfixturevalue("postgresql_url"))
    assert restore(other, file) == written
    require_current(other)
    assert without_sessions(other) == without_sessions(company)
    with reading(other) as session:
        picture = session.scalars(select(Attachment)).one()
        assert picture.content == PICTURE
        assert picture.added_at == NOW
    other.dispose()


def test_nobody_is_signed_in_after_a_restore(company: Engine, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    back_up(company, file, NOW)
    restore(company, file, replace=True)
    with reading(company) as session:
        assert session.scalars(select(SignInSession)).all() == []


def test_a_backup_holds_one_state_while_people_go_on_working(
    company: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = without_sessions(company)
    write_table: Callable[..., Any] = data.backup._write_table
    written: list[str] = []

    def somebody_saves_meanwhile(connection: Any, archive: Any, table: Any) -> Any:
        if not written:
            with writing(company) as session:
                session.execute(insert(Base.metadata.tables[Region.__tablename__]).values(region("late")))
        written.append(table.name)
        return write_table(connection, archive, table)

    monkeypatch.setattr(data.backup, "_write_table", somebody_saves_meanwhile)
    file = tmp_path / "b.zip"
    manifest = back_up(company, file, NOW)
    assert len(written) > 40
    assert manifest.tables["region"].rows == before["region"]["rows"]
    with reading(company) as session:
        assert "late" in set(session.scalars(select(Region.code)))


def test_a_backup_is_for_its_owner_alone_and_never_overwrites(company: Engine, tmp_path: Path) -> None:
    file = tmp_path / "new" / "b.zip"
    back_up(company, file, NOW)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupRefused, match="exists already"):
        back_up(company, file, NOW)


def test_what_reads_back_otherwise_is_refused_and_leaves_no_file(
    company: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = back_up(company, tmp_path / "other.zip", NOW)
    with writing(company) as session:
        session.execute(insert(Base.metadata.tables[Region.__tablename__]).values(region("more")))
    monkeypatch.setattr(data.backup, "verify", lambda _file: other)
    with pytest.raises(BackupRefused, match="what was read back"):
        back_up(company, tmp_path / "b.zip", NOW)
    assert [path.name for path in tmp_path.glob("*b.zip*")] == []


def test_an_empty_database_has_nothing_to_back_up(database_url: str, tmp_path: Path) -> None:
    engine = create_engine_for(database_url)
    with pytest.raises(BackupRefused, match="nothing to back up"):
        back_up(engine, tmp_path / "b.zip", NOW)
    engine.dispose()


def rewritten(file: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of a backup with the content of its parts changed."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def contradicting(file: Path, target: Path) -> Path:
    """A copy with hashes that agree and a market in a region that does not exist."""
    with zipfile.ZipFile(file) as old:
        market = old.read("market.jsonl").replace(
            json.loads(old.read("region.jsonl"))[0].encode(), b"nowhere"
        )

    def change(name: str, content: bytes) -> bytes:
        if name == "market.jsonl":
            return market
        if name == "manifest.json":
            facts = json.loads(content)
            facts["tables"]["market"]["sha256"] = hashlib.sha256(market).hexdigest()
            return json.dumps(facts).encode()
        return content

    return rewritten(file, target, change)


def swapped(old: bytes, new: bytes, part: str) -> Callable[[str, bytes], bytes]:
    return lambda name, content: content.replace(old, new) if name == part else content


def test_a_damaged_backup_is_refused_in_a_sentence_and_changes_nothing(
    company: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "b.zip"
    back_up(company, file, NOW)
    (tmp_path / "cut.zip").write_bytes(file.read_bytes()[:-200])
    (tmp_path / "text.zip").write_text("not a zip")
    middle = bytearray(file.read_bytes())
    middle[len(middle) // 3] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(middle)
    version = f'"version": "{needed_version()}"'.encode()
    damaged = [
        tmp_path / "absent.zip",
        tmp_path / "cut.zip",
        tmp_path / "text.zip",
        tmp_path / "flipped.zip",
        rewritten(file, tmp_path / "rows.zip", lambda n, c: b"" if n == "region.jsonl" else c),
        rewritten(file, tmp_path / "value.zip", swapped("清泉".encode(), "浊泉".encode(), "company.jsonl")),
        rewritten(file, tmp_path / "format.zip", swapped(b'"format": 1', b'"format": 9', "manifest.json")),
        rewritten(file, tmp_path / "newer.zip", swapped(version, b'"version": "9999"', "manifest.json")),
        rewritten(file, tmp_path / "none.zip", lambda n, c: b"[]" if n == "manifest.json" else c),
        rewritten(file, tmp_path / "column.zip", swapped(b'"name_en"', b'"name_xx"', "manifest.json")),
        contradicting(file, tmp_path / "contradicting.zip"),
    ]
    before = fingerprint(company)
    for broken in damaged:
        with pytest.raises(BackupRefused) as refused:
            restore(company, broken, replace=True)
        assert str(refused.value).endswith((".", "name_xx")), broken
    assert fingerprint(company) == before


def test_a_database_in_use_is_not_replaced_unasked(company: Engine, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    back_up(company, file, NOW)
    with writing(company) as session:
        session.execute(insert(Base.metadata.tables[Region.__tablename__]).values(region("late")))
    with pytest.raises(BackupRefused, match="not empty"):
        restore(company, file)
    restore(company, file, replace=True)
    with reading(company) as session:
        assert "late" not in set(session.scalars(select(Region.code)))
    assert found_version(company) == needed_version()


def test_verifying_counts_what_is_there(company: Engine, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    written = back_up(company, file, NOW)
    assert verify(file) == written
    assert written.rows == sum(facts["rows"] for facts in without_sessions(company).values())
    assert not {"sign_in_session", "sign_in_delay", "alembic_version"} & written.tables.keys()
