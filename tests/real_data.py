"""Where the real data stands that some tests read; it is no part of the project."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def real_data(name: str, *, default: Path = BESIDE) -> Path:
    """The path of a real file.

    With `REAL_DATA` set, a file that cannot be read there fails the test. Without it the folder
    `shared/data` beside the checkout is read, and where there is none the test is skipped.
    """
    told = os.environ.get("REAL_DATA")
    folder = Path(told) if told else default
    path = folder / name
    if not told and not folder.is_dir():
        pytest.skip(f"no real data: {folder} is missing and REAL_DATA is not set")
    if not os.access(path, os.R_OK):
        pytest.fail(f"real data cannot be read: {path}")
    return path
