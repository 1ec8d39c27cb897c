"""Reading and writing: what is read side by side is of one moment, and who reads after a change sees it."""

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import OperationalError

from data.engine import one_reading, reading, reading_anew, writing
from data.errors import StorageUnavailable
from data.tables.company import Company
from tests import builders


@pytest.fixture
def named(engine: Engine) -> Engine:
    """A database with a company in it."""
    with writing(engine) as session:
        builders.company(session)
    return engine


def name_in(engine: Engine) -> str:
    with reading(engine) as session:
        return session.scalars(select(Company.name)).one()


def rename(engine: Engine, name: str) -> None:
    with writing(engine) as session:
        session.scalars(select(Company)).one().name = name


def test_each_reading_is_of_its_own_moment(named: Engine) -> None:
    with reading(named) as first, reading(named) as second:
        assert first is not second


def test_one_reading_is_one_session_and_one_moment(named: Engine) -> None:
    before = name_in(named)
    with one_reading():
        with reading(named) as first:
            assert first.scalars(select(Company.name)).one() == before
        # Another process writes meanwhile.
        with named.connect().execution_options(fieldvisit_writing=True) as other:
            other.execute(text("UPDATE company SET name = 'Elsewhere'"))
            other.commit()
        with reading(named) as second:
            assert second is first
        assert name_in(named) == before
    assert name_in(named) == "Elsewhere"


def test_who_reads_after_writing_sees_it(named: Engine) -> None:
    with one_reading():
        name_in(named)
        rename(named, "Renamed")
        assert name_in(named) == "Renamed"


def test_after_an_error_a_new_session_is_opened(named: Engine) -> None:
    with one_reading():
        with pytest.raises(StorageUnavailable), reading(named) as session:
            raise OperationalError("SELECT", {}, Exception("gone"))
        with reading(named) as another:
            assert another is not session
            assert another.scalars(select(Company)).all()


def test_closing_after_an_error_may_fail_and_still_says_what_is_wrong(
    named: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_connection: object) -> None:
        raise OperationalError("ROLLBACK", {}, Exception("gone"))

    with one_reading(), pytest.raises(StorageUnavailable), reading(named) as session:  # noqa: PT012
        monkeypatch.setattr(session, "close", lambda: gone(session))
        raise ValueError("the page's own")


def test_who_reads_anew_sees_what_others_wrote_meanwhile(named: Engine) -> None:
    with one_reading():
        before = name_in(named)
        with named.connect().execution_options(fieldvisit_writing=True) as other:
            other.execute(text("UPDATE company SET name = 'Elsewhere'"))
            other.commit()
        with reading_anew(named) as session:
            assert session.scalars(select(Company.name)).one() == "Elsewhere"
        assert name_in(named) == before


def test_who_reads_while_writing_sees_it_afterwards(named: Engine) -> None:
    with one_reading():
        with writing(named) as session:
            session.scalars(select(Company)).one().name = "Renamed"
            if named.dialect.name == "postgresql":
                name_in(named)
        assert name_in(named) == "Renamed"


def test_a_block_within_a_block_reads_by_itself(named: Engine) -> None:
    with one_reading(), reading(named) as outer:
        with one_reading(), reading(named) as inner:
            assert inner is not outer
        with reading(named) as again:
            assert again is outer
