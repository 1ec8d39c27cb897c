"""The operator's tool, command by command, as somebody types it."""

from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from data import operator, passwords
from data.engine import create_engine_for, reading
from data.migrate import found_version, needed_version
from data.tables.company import Company, Region, User, UserRegion
from tests.data.accounts import add_company, add_user, hash_cheaply
from tests.data.company_folder import FILES, write_files, write_folder

PASSWORD = "green tea, 12 bottles"


class Tool:
    """The tool on one database, with its backups in a folder of the test."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.backups = folder / "backups"

    def __call__(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner(env={"DATABASE_URL": self.url}).invoke(operator.main, arguments, input=typed)


@pytest.fixture(autouse=True)
def quick_and_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hash_cheaply(monkeypatch)
    monkeypatch.setattr(operator, "BACKUPS", tmp_path / "backups")


@pytest.fixture
def tool(engine: Engine, tmp_path: Path) -> Tool:
    """The tool on a database with the schema and no rows."""
    return Tool(engine.url.render_as_string(hide_password=False), tmp_path)


@pytest.fixture
def empty_tool(database_url: str, tmp_path: Path) -> Tool:
    """The tool on a database without a schema."""
    return Tool(database_url, tmp_path)


@pytest.fixture
def demos(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days for which a demo was made; making it whole is tested beside the demo."""
    made: list[date] = []

    def remember(session: Session, today: date, now: datetime) -> dict[str, int]:
        made.append(today)
        return {"company": 1}

    monkeypatch.setattr(operator, "make_demo", remember)
    return made


def user(engine: Engine, account: str) -> User:
    with reading(engine) as session:
        return session.scalars(select(User).where(User.account == account)).one()


def test_help_names_every_command_with_a_sentence(tool: Tool) -> None:
    said = tool("--help").output
    for command in (
        "migrate",
        "create-user",
        "reset-password",
        "retire-user",
        "load",
        "demo",
        "backup",
        "restore",
    ):
        assert f"\n  {command} " in said
        assert tool(command, "--help").exit_code == 0


def test_migrate_sets_up_an_empty_database_and_then_has_nothing_to_do(empty_tool: Tool) -> None:
    first = empty_tool("migrate")
    assert (first.exit_code, f"version {needed_version()} now" in first.output) == (0, True)
    assert "nothing to do" in empty_tool("migrate").output
    assert not empty_tool.backups.exists()


def test_migrate_backs_an_older_database_up_first_and_names_the_file(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(operator, "found_version", lambda _engine: "0000")
    monkeypatch.setattr(
        operator, "upgrade", lambda _engine: order.append(f"{len(list(tool.backups.iterdir()))} backup")
    )
    said = tool("migrate").output
    assert order == ["1 backup"]
    assert f"Backup written and verified: {next(tool.backups.iterdir())}" in said


def test_a_database_without_a_schema_is_told_to_migrate(empty_tool: Tool) -> None:
    said = empty_tool("create-user", "limin", "--role", "rep", "--name", "李敏")
    assert said.exit_code == 1
    assert said.output.count("\n") == 1
    assert "make migrate" in said.output


def test_a_generated_password_is_shown_once_and_opens_the_account(tool: Tool, engine: Engine) -> None:
    said = tool("create-user", "limin", "--role", "rep", "--name", "李敏", "--name-en", "Li Min")
    password = said.output.rsplit(": ", 1)[1].strip()
    made = user(engine, "limin")
    assert (made.name, made.name_en, made.role, made.language) == ("李敏", "Li Min", "rep", "zh")
    assert passwords.matches(password, made.password_hash)


def test_a_password_is_piped_or_typed_twice_but_never_shown(tool: Tool, engine: Engine) -> None:
    piped = tool(
        "create-user", "a1", "--role", "rep", "--name", "a", "--password-stdin", typed=PASSWORD + "\n"
    )
    typed = tool(
        "create-user", "a2", "--role", "rep", "--name", "a", "--prompt", typed=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert all(passwords.matches(PASSWORD, user(engine, account).password_hash) for account in ("a1", "a2"))
    assert PASSWORD not in piped.output + typed.output
    differing = tool(
        "create-user", "a3", "--role", "rep", "--name", "a", "--prompt", typed=f"{PASSWORD}\nother\n"
    )
    assert differing.exit_code == 1


def test_no_command_takes_a_password_as_an_argument(tool: Tool) -> None:
    for command in ("create-user", "reset-password"):
        said = tool(command, "a1", "--password", PASSWORD)
        assert (said.exit_code, "No such option" in said.output) == (2, True)


def test_both_ways_to_give_a_password_at_once_are_refused(tool: Tool) -> None:
    said = tool("reset-password", "a1", "--prompt", "--password-stdin", typed=PASSWORD)
    assert said.exit_code == 2
    assert "Choose one" in said.output


def test_a_manager_gets_his_regions_by_code(tool: Tool, engine: Engine, tmp_path: Path) -> None:
    folder = write_files(tmp_path, company=FILES["company.csv"], regions="code,name\n01,东\n02,西\n")
    assert tool("load", str(folder)).exit_code == 0
    made = ("create-user", "zhoulan", "--role", "manager", "--name", "周岚")
    unknown = tool(*made, "--region", "09")
    assert "There is no region 09; there are: 01, 02." in unknown.output
    assert tool(*made, "--region", "01", "--region", "02").exit_code == 0
    with reading(engine) as session:
        codes = session.scalars(select(Region.code).join(UserRegion, UserRegion.region_id == Region.id))
        assert sorted(codes) == ["01", "02"]


def test_what_is_wrong_with_a_user_is_one_sentence(tool: Tool, engine: Engine) -> None:
    add_user(engine, "limin")
    short = tool("create-user", "b1", "--role", "rep", "--name", "b", "--password-stdin", typed="short\n")
    taken = tool("create-user", "limin", "--role", "rep", "--name", "b")
    absent = tool("reset-password", "nobody")
    for said in (short, taken, absent):
        assert (said.exit_code, said.output.startswith("Error: "), said.output.count("\n")) == (1, True, 1)
    assert "There is no user nobody." in absent.output


def test_a_reset_password_replaces_the_old_one(tool: Tool, engine: Engine) -> None:
    add_user(engine, "limin")
    before = user(engine, "limin").password_hash
    password = tool("reset-password", "limin").output.rsplit(": ", 1)[1].strip()
    assert user(engine, "limin").password_hash != before
    assert passwords.matches(password, user(engine, "limin").password_hash)


def test_a_retired_user_stays_for_the_record(tool: Tool, engine: Engine) -> None:
    add_user(engine, "limin")
    assert tool("retire-user", "limin").exit_code == 0
    assert user(engine, "limin").retired_at is not None
    assert tool("reset-password", "limin").exit_code == 1


def test_load_says_what_became_of_each_file(tool: Tool, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    first = tool("load", str(write_folder(folder)))
    assert first.exit_code == 0, first.output
    assert "distributors.csv: 2 new, 0 changed, 0 unchanged, 0 refused" in first.output
    assert "distributors.csv: 0 new, 0 changed, 2 unchanged, 0 refused" in tool("load", str(folder)).output


def test_load_with_bad_rows_fails_names_them_and_writes_them_down(
    tool: Tool, engine: Engine, tmp_path: Path
) -> None:
    folder = write_files(tmp_path, company=FILES["company.csv"], regions="code,name\n01,东\n,西\n03,\n")
    errors = tmp_path / "errors.csv"
    said = tool("load", str(folder), "--errors", str(errors))
    assert said.exit_code == 1
    assert "regions.csv, row 3, column code: Expected a code" in said.output
    assert "2 problems; the other rows are loaded." in said.output
    assert [line.split(",")[:3] for line in errors.read_text("utf-8-sig").splitlines()] == [
        ["file", "row", "column"],
        ["regions.csv", "3", "code"],
        ["regions.csv", "4", "name"],
    ]
    with reading(engine) as session:
        assert session.scalars(select(Region.code)).all() == ["01"]


def test_load_with_check_saves_nothing(tool: Tool, engine: Engine, tmp_path: Path) -> None:
    said = tool("load", str(write_files(tmp_path, company=FILES["company.csv"])), "--check")
    assert "Nothing was saved" in said.output
    with reading(engine) as session:
        assert session.scalars(select(Company)).all() == []


def test_a_backup_is_restored_into_another_database_and_over_this_one(
    tool: Tool, engine: Engine, tmp_path: Path
) -> None:
    add_company(engine)
    add_user(engine, "limin")
    file = tmp_path / "b.zip"
    assert "Backup written and verified" in tool("backup", str(file)).output
    other = Tool(f"sqlite:///{tmp_path}/other.sqlite", tmp_path)
    assert "Restored 2 rows" in other("restore", str(file)).output
    add_user(engine, "late")
    assert tool("restore", str(file)).exit_code == 1
    kept = tool("restore", str(file), "--replace", typed="n\n")
    assert kept.exit_code == 1
    assert user(engine, "late").account == "late"
    assert tool("restore", str(file), "--replace", typed="y\n").exit_code == 0
    with reading(engine) as session:
        assert session.scalars(select(User.account)).all() == ["limin"]
    assert len(list(tool.backups.iterdir())) == 1


def test_a_backup_without_a_name_goes_into_the_backups(tool: Tool, engine: Engine) -> None:
    add_company(engine)
    tool("backup")
    tool("backup")
    assert len(list(tool.backups.iterdir())) == 2


def test_demo_sets_an_empty_database_up(empty_tool: Tool, demos: list[date]) -> None:
    said = empty_tool("demo", "--if-absent", "--as-of", "2026-11-21")
    assert said.exit_code == 0, said.output
    assert demos == [date(2026, 11, 21)]
    engine = create_engine_for(empty_tool.url)
    assert found_version(engine) == needed_version()
    engine.dispose()


def test_demo_if_absent_leaves_every_company_alone(tool: Tool, engine: Engine, demos: list[date]) -> None:
    add_company(engine)
    assert tool("demo", "--if-absent").exit_code == 0
    assert demos == []


def test_demo_in_a_named_database_needs_a_yes(tool: Tool, engine: Engine, demos: list[date]) -> None:
    add_company(engine, is_demo=True)
    refused = tool("demo")
    assert (refused.exit_code, "--yes" in refused.output) == (1, True)
    assert tool("demo", "--yes").exit_code == 0
    assert len(demos) == 1


@pytest.mark.parametrize("what", ["a company", "users without a company"])
def test_demo_never_replaces_what_is_no_demo(
    tool: Tool, engine: Engine, demos: list[date], what: str
) -> None:
    if what == "a company":
        add_company(engine)
    else:
        add_user(engine, "limin")
    for arguments in (["--yes"], ["--yes", "--if-absent"]):
        said = tool("demo", *arguments)
        assert said.exit_code == (0 if what == "a company" and len(arguments) == 2 else 1)
    assert demos == []


def test_remaking_the_embedded_demo_asks_first(
    sqlite_engine: Engine, demos: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_company(sqlite_engine, is_demo=True)
    monkeypatch.setattr(operator, "database_url", lambda: str(sqlite_engine.url))
    run = CliRunner(env={"DATABASE_URL": None})
    asked = run.invoke(operator.main, ["demo"], input="n\n")
    assert (asked.exit_code, "is lost" in asked.output, demos) == (1, True, [])
    assert run.invoke(operator.main, ["demo"], input="y\n").exit_code == 0
    assert len(demos) == 1


def test_a_database_that_cannot_be_reached_is_one_sentence_without_the_password(tmp_path: Path) -> None:
    said = Tool("postgresql://me:secret@127.0.0.1:9/none", tmp_path)("migrate")
    assert said.exit_code == 1
    assert "secret" not in said.output
    assert "Traceback" not in said.output
