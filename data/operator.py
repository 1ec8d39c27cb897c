"""The operator's tool: `python -m data.operator COMMAND` sets up, fills, saves and brings back a database.

It works on the database that `DATABASE_URL` names, else on the embedded one in `var/`. Who may run it may do
everything; it asks for no account.
"""

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine, func, make_url, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.errors import FieldvisitError
from data import users
from data.access import OPERATOR_ID, Actor
from data.backup import Manifest, back_up
from data.database import EMBEDDED, database_url
from data.demo import make_demo
from data.demo.company import PASSWORD
from data.demo.rows import TIME_ZONE
from data.engine import create_engine_for, reading, writing
from data.errors import NotReachable
from data.importing import Report, load_folder
from data.migrate import found_version, needed_version, require_current, upgrade
from data.restore import restore as restore_backup
from data.tables.company import ROLES, Company, Region, User

BACKUPS = EMBEDDED.parent / "backups"


class _Sentences(click.Group):
    """Says what went wrong in one sentence instead of a trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except FieldvisitError as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            raise click.ClickException(f"{_shown()} cannot be used: {error.orig}") from error


@click.group(cls=_Sentences)
def main() -> None:
    """Sets up, fills, saves and brings back the database of Fieldvisit.

    The database is the one that DATABASE_URL names (sqlite:///… or postgresql://…), else var/fieldvisit.sqlite.
    """


@contextmanager
def _engine(*, current: bool = True) -> Iterator[Engine]:
    address = make_url(database_url())
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine_for(database_url())
    try:
        if current:
            require_current(engine)
        yield engine
    finally:
        engine.dispose()


def _shown() -> str:
    return make_url(database_url()).render_as_string(hide_password=True)


def _now() -> datetime:
    return datetime.now(UTC)


def _operator() -> Actor:
    return Actor(OPERATOR_ID, "operator", _now().date())


def _backup(engine: Engine, file: Path | None) -> Manifest:
    now = _now()
    target = file or BACKUPS / f"fieldvisit-{now:%Y%m%dT%H%M%S%fZ}.zip"
    manifest = back_up(engine, target, now)
    click.echo(f"Backup written and verified: {target} ({manifest.rows:,} rows, version {manifest.version}).")
    return manifest


@main.command()
def migrate() -> None:
    """Bring the database to this program's version, after a verified backup."""
    with _engine(current=False) as engine:
        found = found_version(engine)
        if found == needed_version():
            click.echo(f"{_shown()} has version {found}: nothing to do.")
            return
        if found is not None:
            _backup(engine, None)
        upgrade(engine)
        click.echo(f"{_shown()} has version {needed_version()} now.")


def _password(account: str, *, stdin: bool, prompt: bool) -> str | None:
    """The password typed or piped; `None` to have one generated. Never an argument: those are recorded."""
    if stdin and prompt:
        raise click.UsageError("Choose one of --password-stdin and --prompt.")
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if prompt:
        return str(click.prompt(f"Password of {account}", hide_input=True, confirmation_prompt=True))
    return None


_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of input."
)
_prompt = click.option("--prompt", is_flag=True, help="Ask for the password twice, unseen.")


@main.command("create-user")
@click.argument("account")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", required=True, help="As colleagues write it.")
@click.option("--name-en", default="", help="In Latin letters; the name itself where it is left out.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--region", "regions", multiple=True, help="Code of a region of a manager or clerk; repeat it.")
@_stdin
@_prompt
def create_user(
    account: str,
    role: str,
    name: str,
    name_en: str,
    language: str,
    regions: tuple[str, ...],
    password_stdin: bool,
    prompt: bool,
) -> None:
    """Make a user who can sign in. Without a password of your own one is made and shown once."""
    with _engine() as engine:
        chosen = _password(account, stdin=password_stdin, prompt=prompt)
        with writing(engine) as session:
            made = users.create_user(
                session,
                _operator(),
                account=account,
                name=name,
                name_en=name_en,
                role=role,
                language=language,
                password=chosen,
                region_ids=_region_ids(session, regions),
                now=_now(),
            )
    click.echo(f"{account} can sign in.")
    _show_once(chosen, made.password)


def _region_ids(session: Session, codes: tuple[str, ...]) -> list[str]:
    known = dict(session.execute(select(Region.code, Region.id)).all())
    for code in codes:
        if code not in known:
            raise click.ClickException(
                f"There is no region {code}; there are: {', '.join(sorted(known)) or 'none'}."
            )
    return [known[code] for code in codes]


def _user_id(session: Session, account: str) -> str:
    try:
        return users.user_id_of(session, _operator(), account=account)
    except NotReachable as error:
        raise click.ClickException(f"There is no user {account}.") from error


def _show_once(chosen: str | None, password: str) -> None:
    if chosen is None:
        click.echo(f"Password, shown only now: {password}")


@main.command("reset-password")
@click.argument("account")
@_stdin
@_prompt
def reset_password(account: str, password_stdin: bool, prompt: bool) -> None:
    """Give a user a new password and end his sessions."""
    with _engine() as engine:
        chosen = _password(account, stdin=password_stdin, prompt=prompt)
        with writing(engine) as session:
            user_id = _user_id(session, account)
            password = users.reset_password(
                session, _operator(), user_id=user_id, password=chosen, now=_now()
            )
    click.echo(f"{account} has a new password and is signed out everywhere.")
    _show_once(chosen, password)


@main.command("retire-user")
@click.argument("account")
def retire_user(account: str) -> None:
    """Retire a user: he stays for the record and can no longer sign in."""
    with _engine() as engine, writing(engine) as session:
        user_id = _user_id(session, account)
        users.retire_user(session, _operator(), user_id=user_id, now=_now())
    click.echo(f"{account} is retired and signed out everywhere.")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say what would happen.")
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Also write the refused rows here."
)
def load(folder: Path, check: bool, errors: Path | None) -> None:
    """Load the CSV files of FOLDER; loading them again changes nothing. docs/load.md says what is in them."""
    with _engine() as engine:
        report = load_folder(engine, folder, _now(), check=check)
    for file in report.files:
        click.echo(
            f"{file.name}: {file.added} new, {file.changed} changed, {file.unchanged} unchanged, "
            f"{file.refused} refused"
        )
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if errors is not None:
        _write_problems(errors, report)
    if check:
        click.echo("Nothing was saved (--check).")
    if report.problems:
        raise click.ClickException(
            f"{len(report.problems)} problems; the other rows are {'good' if check else 'loaded'}."
        )


def _write_problems(file: Path, report: Report) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(["file", "row", "column", "value", "message"])
        writer.writerows([p.file, p.row, p.column, p.value, p.message] for p in report.problems)


@main.command()
@click.option("--if-absent", is_flag=True, help="Do nothing when the database has a company already.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The demo's today; left out: today.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def demo(if_absent: bool, as_of: datetime | None, yes: bool) -> None:
    """Make the demo company; what stood in its place is gone."""
    with _engine(current=False) as engine:
        if found_version(engine) is None:
            upgrade(engine)
        elif if_absent and _company(engine) is not None:
            return
        require_current(engine)
        _agree_to_demo(engine, yes=yes or if_absent)
        today: date = as_of.date() if as_of else _now().astimezone(ZoneInfo(TIME_ZONE)).date()
        with writing(engine) as session:
            counts = make_demo(session, today, _now())
    click.echo(f"Demo company of {today} in {_shown()}: {sum(counts.values()):,} rows.")
    click.echo(f"Sign in as limin (rep), zhoulan (manager), hejing (clerk) or admin with {PASSWORD}")


def _company(engine: Engine) -> bool | None:
    """Whether the database's company is the demo; `None` when it has no company."""
    with reading(engine) as session:
        return session.scalar(select(Company.is_demo))


def _agree_to_demo(engine: Engine, *, yes: bool) -> None:
    is_demo = _company(engine)
    with reading(engine) as session:
        people = session.scalar(select(func.count()).select_from(User)) or 0
    if is_demo is False or (is_demo is None and people):
        raise click.ClickException(f"{_shown()} holds a company of its own: the demo needs another database.")
    if yes or (is_demo is None and not os.environ.get("DATABASE_URL")):
        return
    if os.environ.get("DATABASE_URL"):
        raise click.ClickException(f"DATABASE_URL is set: say --yes to make the demo company in {_shown()}.")
    click.confirm(f"Everything entered in {_shown()} is lost. Remake the demo company?", abort=True)


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def backup(file: Path | None) -> None:
    """Write the database to FILE while people work, and verify it. Left out: a new file in var/backups."""
    with _engine(current=False) as engine:
        _backup(engine, file)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Into a database that is not empty; it is backed up before.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, replace: bool, yes: bool) -> None:
    """Bring back the state of a backup; stop the app before. Everybody signs in again afterwards."""
    with _engine(current=False) as engine:
        if replace and found_version(engine) is not None:
            if not yes:
                click.confirm(f"Everything in {_shown()} is replaced by {file}. Go on?", abort=True)
            _backup(engine, None)
        manifest = restore_backup(engine, file, replace=replace)
    click.echo(f"Restored {manifest.rows:,} rows as of {manifest.made_at} into {_shown()}.")


if __name__ == "__main__":
    main()
