"""The page on the data model says what the tables say."""

from pathlib import Path

from data.model_page import page

ROOT = Path(__file__).parent.parent.parent


def test_the_page_is_written_from_the_tables() -> None:
    assert (ROOT / "docs" / "data_model.md").read_text() == page()
