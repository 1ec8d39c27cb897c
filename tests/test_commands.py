"""The commands that a newcomer types do what the README promises."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Stands for a database that is there already.
EXISTING = "database=Makefile"
TARGETS = ("setup", "run", "test", "soak", "lint", "bench", "demo", "migrate", "backup", "lock")


def make(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs make as if `setup` were done, in an environment without variables of ours."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["make", "--no-print-directory", "--old-file", "setup", *arguments],
        cwd=ROOT,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A stand-in for .venv/bin/python that only says how it was called."""
    program = tmp_path / "python"
    program.write_text('#!/bin/sh\necho "$FIELDVISIT_HOST $@"\n')
    program.chmod(0o755)
    return program


def test_make_alone_lists_every_target_with_a_line() -> None:
    lines = make().stdout.splitlines()
    listed = {line.split()[1]: line.split()[2:] for line in lines}
    assert set(TARGETS) <= set(listed)
    assert [target for target, words in listed.items() if not words] == []


def test_run_binds_to_this_machine_alone(python: Path) -> None:
    app = make("run", f"python={python}", EXISTING).stdout.splitlines()[-1]
    served = "-m streamlit run app.py --server.port 8501 --server.address 127.0.0.1"
    assert app.split() == ["127.0.0.1", *served.split()]


def test_run_honours_port_and_host_and_tells_the_app(python: Path) -> None:
    app = make("run", f"python={python}", EXISTING, PORT="9000", HOST="0.0.0.0").stdout.splitlines()[-1]
    served = "-m streamlit run app.py --server.port 9000 --server.address 0.0.0.0"
    assert app.split() == ["0.0.0.0", *served.split()]


def test_run_makes_the_demo_company_only_where_there_is_no_database(python: Path, tmp_path: Path) -> None:
    database = tmp_path / "var" / "fieldvisit.sqlite"
    python.write_text(
        '#!/bin/sh\necho "$@"\n[ "$2" != data.operator ] || touch "${DATABASE_URL#sqlite:///}"\n'
    )
    first, second = (make("run", f"python={python}", f"database={database}").stdout for _ in range(2))
    assert first.splitlines()[0] == "-m data.operator demo --yes"
    assert "data.operator" not in second
    assert [path.name for path in database.parent.iterdir()] == ["fieldvisit.sqlite"]


def test_run_starts_nothing_when_the_first_database_cannot_be_made(python: Path, tmp_path: Path) -> None:
    database = tmp_path / "var" / "fieldvisit.sqlite"
    python.write_text('#!/bin/sh\necho "$@"\n[ "$2" != data.operator ]\n')
    done = make("run", f"python={python}", f"database={database}")
    assert done.returncode != 0
    assert "streamlit" not in done.stdout
    assert not database.exists()


def test_run_neither_migrates_nor_seeds_a_database_that_it_is_given(python: Path, tmp_path: Path) -> None:
    settings = (f"python={python}", f"database={tmp_path / 'absent.sqlite'}")
    called = make("run", *settings, DATABASE_URL="postgresql://db/company").stdout.splitlines()
    assert [call.split()[2] for call in called] == ["streamlit"]


@pytest.mark.parametrize("target", ["test", "soak", "bench"])
def test_tests_and_benchmarks_never_see_the_database_of_the_shell(target: str) -> None:
    lines = make("--dry-run", target, "ARGS=a").stdout.splitlines()
    runs = [line for line in lines if "pytest" in line or "benchmarks." in line]
    assert runs != []
    assert [line for line in runs if "env -u DATABASE_URL" not in line] == []


def set_up(folder: Path, python: str, **programs: str) -> subprocess.CompletedProcess[str]:
    """Runs the set-up in an empty folder, on a machine that has only the programs given, each as a shell script."""
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "setup.sh", folder / "tools")
    machine = folder / "bin"
    machine.mkdir()
    for name, script in {"python3": python, **programs}.items():
        (machine / name).write_text(f"#!/bin/sh\n{script}\n")
        (machine / name).chmod(0o755)
    (machine / "dirname").symlink_to(shutil.which("dirname") or "/usr/bin/dirname")
    return subprocess.run(
        ["/bin/sh", "tools/setup.sh", "requirements.lock"],
        cwd=folder,
        env={"PATH": str(machine)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_too_old_is_named_in_one_sentence(tmp_path: Path) -> None:
    done = set_up(tmp_path, python="exit 1")
    assert done.returncode == 1
    assert done.stderr.startswith("setup: Fieldvisit needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_without_venv_and_rights_one_sentence_names_the_package(tmp_path: Path) -> None:
    python = 'case "$2" in *ensurepip*) exit 1 ;; *print*) echo 3.11 ;; esac'
    done = set_up(tmp_path, python, id="echo 1000")
    assert done.returncode == 1
    assert "install the package python3-venv" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_venv_root_installs_the_package(tmp_path: Path) -> None:
    python = 'case "$2" in *ensurepip*) exit 1 ;; *print*) echo 3.11 ;; esac'
    done = set_up(tmp_path, python, **{"id": "echo 0", "apt-get": 'echo "$@" >>asked'})
    assert "install -y -qq --no-install-recommends python3.11-venv" in (tmp_path / "asked").read_text()
    assert done.returncode == 1
