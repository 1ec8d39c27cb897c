"""Which days a period holds, and that nothing is compared with more or fewer days than it has."""

from datetime import date, timedelta

import pytest

from data.sales_mix import Span
from ui.sales_periods import compared, covered, wanted

ON = date(2026, 11, 22)
MONDAY = date(2025, 1, 6)
WEEKS = [Span(MONDAY + timedelta(days=7 * n), MONDAY + timedelta(days=7 * n + 7)) for n in range(97)]
MONTHS = [Span(date(y, m, 1), date(y + m // 12, m % 12 + 1, 1)) for y in (2025, 2026) for m in range(1, 13)]
DAYS = [Span(MONDAY + timedelta(days=n), MONDAY + timedelta(days=n + 1)) for n in range(680)]


def told(period: str, on: date, rows: list[Span], last_visit: date | None = None) -> Span:
    found = covered(wanted(period, on, last_visit), [row for row in rows if row.end <= on])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("this_month", date(2026, 11, 1), date(2026, 11, 23)),
        ("last_month", date(2026, 10, 1), date(2026, 11, 1)),
        ("a_year_ago", date(2025, 11, 1), date(2025, 12, 1)),
        ("since_visit", date(2026, 11, 4), date(2026, 11, 23)),
    ],
)
def test_a_period_holds_the_days_that_its_name_says(period: str, start: date, end: date) -> None:
    assert wanted(period, ON, date(2026, 11, 4)) == Span(start, end)


def test_the_month_before_january_is_december() -> None:
    assert wanted("last_month", date(2026, 1, 5), None) == Span(date(2025, 12, 1), date(2026, 1, 1))


def test_a_begun_month_is_compared_with_as_many_weeks_of_the_one_before() -> None:
    after = told("this_month", ON, WEEKS)
    assert (after.start, after.days) == (date(2026, 11, 2), 14)
    assert compared("this_month", after, "before", WEEKS) == Span(date(2026, 10, 5), date(2026, 10, 19))


def test_a_month_of_five_weeks_is_not_compared_with_one_of_four() -> None:
    after = told("last_month", date(2026, 9, 20), WEEKS)
    assert after == Span(date(2026, 8, 3), date(2026, 9, 7))
    assert compared("last_month", after, "before", WEEKS) == Span(date(2026, 6, 29), date(2026, 8, 3))


def test_a_month_of_four_weeks_is_compared_with_four_of_five() -> None:
    after = told("last_month", date(2026, 10, 20), WEEKS)
    assert after.days == 28
    assert compared("last_month", after, "before", WEEKS) == Span(date(2026, 8, 3), date(2026, 8, 31))


@pytest.mark.parametrize(
    ("on", "before"),
    [
        (date(2026, 3, 20), Span(date(2026, 1, 1), date(2026, 2, 1))),
        (date(2026, 4, 20), Span(date(2026, 2, 1), date(2026, 3, 1))),
    ],
)
def test_sales_told_by_the_month_are_compared_month_with_month(on: date, before: Span) -> None:
    after = told("last_month", on, MONTHS)
    assert compared("last_month", after, "before", MONTHS) == before


@pytest.mark.parametrize("rows", [WEEKS, DAYS, MONTHS], ids=["weeks", "days", "months"])
@pytest.mark.parametrize("month", range(2, 11))
@pytest.mark.parametrize("against", ["before", "year"])
def test_compared_days_are_earlier_and_as_many(rows: list[Span], month: int, against: str) -> None:
    after = told("last_month", date(2026, month + 1, 8), rows)
    before = compared("last_month", after, against, rows)
    assert before is not None
    assert before.end <= after.start
    assert abs(before.days - after.days) <= (3 if rows is MONTHS else 0)


def test_days_since_a_visit_are_compared_with_those_just_before_or_a_year_of_weeks_earlier() -> None:
    after = told("since_visit", ON, WEEKS, date(2026, 11, 4))
    assert compared("since_visit", after, "before", WEEKS) == Span(date(2026, 11, 2), date(2026, 11, 9))
    assert compared("since_visit", after, "year", WEEKS) == Span(date(2025, 11, 10), date(2025, 11, 17))


def test_a_past_that_begins_too_late_is_not_compared() -> None:
    rows = [row for row in WEEKS if row.start >= date(2026, 9, 14)]
    after = told("last_month", ON, rows)
    assert compared("last_month", after, "before", rows) is None
    assert compared("last_month", after, "year", rows) is None


def test_nothing_told_covers_nothing() -> None:
    assert covered(wanted("this_month", ON, None), []) is None
