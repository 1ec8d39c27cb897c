import json
from datetime import date

import pytest
from sqlalchemy import Engine, func, insert, select

from data.demo import make_demo
from data.engine import writing
from data.tables import Base
from tests.data.demo.golden import DAY, FILE, fingerprint


def test_the_demo_of_the_fixed_day_is_the_golden_one_on_both_databases(engine: Engine) -> None:
    with writing(engine) as session:
        make_demo(session, DAY)
    assert fingerprint(engine) == json.loads(FILE.read_text())


@pytest.mark.parametrize("day", [date(2027, 1, 4), date(2028, 2, 29)])
def test_any_day_can_be_today_and_nothing_of_what_was_there_stays(sqlite_engine: Engine, day: date) -> None:
    """A Monday, a leap day: the database's constraints hold."""
    region = Base.metadata.tables["region"]
    with writing(sqlite_engine) as session:
        session.execute(insert(region).values(id="mine", code="MINE", name="mine", name_en="mine"))
        counts = make_demo(session, day)
        assert session.scalar(select(func.count()).select_from(region)) == counts["region"] == 3
    assert counts["visit"] > 600
    assert counts["sell_out"] > 80_000
