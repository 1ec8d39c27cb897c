"""Nothing in the demo has happened after the moment it is made."""

from datetime import UTC, date, datetime

from data.demo import demo_rows

NIGHT = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
"""Half past three in the morning of the 21st at the company's place."""


def test_a_demo_made_at_night_ends_before_that_moment() -> None:
    rows = demo_rows(date(2026, 11, 21), "!")
    draft = next(row for row in rows.of("visit") if row["state"] == "draft")
    length = draft["changed_at"] - draft["started_at"]
    rows.end_before(NIGHT)
    happened = [
        row[name]
        for table in ("visit", "visit_step", "comment", "entry", "distributor_order", "stock_count")
        for row in rows.of(table)
        for name in row
        if isinstance(row[name], datetime)
    ]
    assert max(happened) <= NIGHT
    assert draft["changed_at"] - draft["started_at"] == length
