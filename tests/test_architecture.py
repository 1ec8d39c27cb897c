"""The house keeps its order: which room may use which, what may stand where, how long things may get."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_USE = {
    "core": set(),
    "language": {"core"},
    "documents": {"core", "language"},
    "data": {"core"},
    "ui": {"core", "data", "language", "documents"},
    "server": {"core", "data", "language", "documents"},
    "pages": {"core", "data", "language", "documents", "ui"},
}
HOMES = {
    "sqlalchemy": {"data"},
    "alembic": {"data"},
    "psycopg": {"data"},
    "streamlit": {"ui", "pages"},
}
PURE = {"core", "numpy", "pandas"}
DOOR = {"app.py", "ui/shell.py"}
MODULE_LINES = 320
PAGE_LINES = 160
UNFINISHED = ("TODO", "FIXME", "XXX", "pragma: no cover")


def modules_of(room: str) -> list[Path]:
    """The modules of a room; a migration is a record of the past, not code that anybody tends."""
    found = sorted((ROOT / room).rglob("*.py"))
    return [module for module in found if "versions" not in module.relative_to(ROOT).parts]


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Line and outermost package of each import, wherever in the module it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." if node.level else str(node.module).split(".")[0]


def offences(room: str, source: str) -> list[str]:
    """The imports of a module that its room may not have, each as "line: name"."""
    found = []
    for line, name in imported(source):
        wrong_room = name in {*MAY_USE, "app"} - {room} - MAY_USE[room]
        wrong_home = room not in HOMES.get(name, {room})
        impure = room == "core" and name not in PURE | sys.stdlib_module_names
        if wrong_room or wrong_home or impure or name == "." or (room == "pages" and name == "pages"):
            found.append(f"{line}: {name}")
    return found


def everywhere() -> list[Path]:
    return [ROOT / "app.py", *(module for room in MAY_USE for module in modules_of(room))]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("room", MAY_USE)
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    found = {named(module): offences(room, module.read_text()) for module in modules_of(room)}
    assert {module: lines for module, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("core", "import data.visits"),
        ("core", "def late():\n    from sqlalchemy import select"),
        ("core", "import requests"),
        ("core", "from . import errors"),
        ("language", "import documents"),
        ("data", "import streamlit as st"),
        ("data", "from ui.shell import frame"),
        ("ui", "import server.sign_in"),
        ("ui", "from sqlalchemy.orm import Session"),
        ("server", "import streamlit"),
        ("pages", "from sqlalchemy import select"),
        ("pages", "import pages.visit.prepare"),
        ("pages", "import app"),
    ],
)
def test_an_import_against_the_direction_is_found(room: str, source: str) -> None:
    assert len(offences(room, source)) == 1


def test_the_import_contract_is_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_stands_directly_in_pages() -> None:
    # Streamlit would wake its old page system and run the page without the sign-in gate of app.py.
    files = [named(path) for path in (ROOT / "pages").iterdir() if path.is_file()]
    assert files == []


def test_a_long_module_is_two_modules() -> None:
    lengths = {named(module): len(module.read_text().splitlines()) for module in everywhere()}
    limits = {name: PAGE_LINES if name.startswith("pages/") else MODULE_LINES for name in lengths}
    assert {name: lines for name, lines in lengths.items() if lines > limits[name]} == {}


def catches_everything(node: ast.AST) -> bool:
    """Whether this is a handler for every exception that does not raise again."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    names = {kind.id if isinstance(kind, ast.Name) else kind for kind in kinds}
    raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    return bool(names & {None, "Exception", "BaseException"}) and not raises


@pytest.mark.parametrize("caught", ["", " Exception", " BaseException as error", " (OSError, Exception)"])
def test_a_handler_of_everything_is_found(caught: str) -> None:
    handler = ast.parse(f"try:\n    go()\nexcept{caught}:\n    pass").body[0]
    assert [node for node in ast.walk(handler) if catches_everything(node)] != []


def test_only_the_door_catches_every_exception() -> None:
    found = [
        f"{named(module)}:{node.lineno}"
        for module in everywhere()
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    ]
    assert [place for place in found if place.split(":")[0] not in DOOR] == []


def test_nothing_is_left_for_later() -> None:
    left = [
        f"{named(module)}: {word}"
        for module in everywhere()
        for word in UNFINISHED
        if word in module.read_text()
    ]
    assert left == []


@pytest.mark.parametrize("room", ["core", "language", "documents"])
def test_every_public_name_of_a_pure_room_says_what_it_is(room: str) -> None:
    silent = [
        f"{named(module)}:{node.lineno} {node.name}"
        for module in modules_of(room)
        for node in ast.parse(module.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []
