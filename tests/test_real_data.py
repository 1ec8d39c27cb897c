"""A test that is told where the real data stands must not pass over its absence."""

import pytest

from tests.real_data import real_data


def test_a_folder_that_was_named_and_cannot_be_read_fails(tmp_path, monkeypatch):
    monkeypatch.setenv("REAL_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(pytest.fail.Exception, match="cannot be read"):
        real_data("lines.csv")


def test_a_missing_default_folder_skips_with_a_word_on_why(tmp_path, monkeypatch):
    monkeypatch.delenv("REAL_DATA", raising=False)
    with pytest.raises(pytest.skip.Exception, match="REAL_DATA is not set"):
        real_data("lines.csv", default=tmp_path / "nowhere")


def test_a_file_missing_from_the_default_folder_fails(tmp_path, monkeypatch):
    monkeypatch.delenv("REAL_DATA", raising=False)
    with pytest.raises(pytest.fail.Exception, match="cannot be read"):
        real_data("lines.csv", default=tmp_path)


def test_a_named_folder_gives_the_path_of_its_file(tmp_path, monkeypatch):
    (tmp_path / "lines.csv").write_text("a\n")
    monkeypatch.setenv("REAL_DATA", str(tmp_path))
    assert real_data("lines.csv") == tmp_path / "lines.csv"
