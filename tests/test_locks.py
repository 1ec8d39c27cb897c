"""The locks install the same files everywhere: exact versions, hashes, and no word about a package host."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-peers.lock")
HOST = re.compile(r"https?:|file:|@ |--(?:index|extra|find|trusted|no-index)|-f |-i ")
VERSION = re.compile(r"[a-z0-9-]+==[^ ]+")


def versions(lock: str) -> set[str]:
    """The lock's packages, each as "name==version"."""
    return {found.group() for found in map(VERSION.match, entries(lock)) if found}


def entries(lock: str) -> list[str]:
    """The lock's requirements, each as one text with its hashes."""
    return (ROOT / lock).read_text().replace("\\\n", " ").splitlines()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_package_host(lock: str) -> None:
    assert [entry for entry in entries(lock) if HOST.search(entry)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_a_lock_has_an_exact_version_and_hashes(lock: str) -> None:
    loose = [
        entry for entry in entries(lock) if not VERSION.match(entry) or entry.count("--hash=sha256:") == 0
    ]
    assert entries(lock) != []
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_tests_and_benchmarks_run_on_the_versions_of_the_product(lock: str) -> None:
    assert versions(LOCKS[0]) - versions(lock) == set()


@pytest.mark.parametrize(
    ("extra", "lock"),
    [(None, LOCKS[0]), ("dev", LOCKS[1]), ("peers", LOCKS[2])],
)
def test_every_dependency_of_the_project_is_locked(extra: str | None, lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] if extra is None else project["optional-dependencies"][extra]
    names = {re.split(r"[^A-Za-z0-9-]", text, maxsplit=1)[0].lower() for text in wanted}
    assert names - {version.split("==")[0] for version in versions(lock)} == set()
