"""Which days a period of the sales mix holds, and with which earlier days it is fairly compared.

Rows of sales are weeks or months and count to the period in which they begin. Compared are as many days as were
told of the period: four weeks against five would show a fall that the calendar made.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from data.sales_mix import Span

PERIODS = ("this_month", "last_month", "a_year_ago", "since_visit")
MONTHS_BACK = {"this_month": 0, "last_month": 1, "a_year_ago": 12}
LEAST_PART = 0.8
"""Earlier days that were told, as a part of the period's, below which the two are not compared."""
A_YEAR = 364
"""Days: whole weeks, so that week is compared with week."""


def wanted(period: str, on: date, last_visit: date | None) -> Span:
    """The days that a period means on a day; a first visit's begins with the day itself."""
    tomorrow = on + timedelta(days=1)
    if period == "since_visit":
        return Span(last_visit or on, tomorrow)
    month = _month(on, MONTHS_BACK[period])
    return Span(month.start, min(month.end, tomorrow))


def covered(days: Span, told: Sequence[Span]) -> Span | None:
    """From the first to the last day of what was told and begins within some days; `None`: nothing was.

    Example:
        >>> weeks = [Span(date(2026, 11, day), date(2026, 11, day + 7)) for day in (2, 9)]
        >>> covered(Span(date(2026, 11, 1), date(2026, 11, 22)), weeks)
        Span(start=datetime.date(2026, 11, 2), end=datetime.date(2026, 11, 16))
    """
    begun = [row for row in told if days.start <= row.start < days.end]
    return Span(begun[0].start, max(row.end for row in begun)) if begun else None


def compared(period: str, after: Span, against: str, told: Sequence[Span]) -> Span | None:
    """The earlier days that a period is compared with.

    Args:
        period: One of `PERIODS`.
        after: What was told of it, as `covered` gives it.
        against: `before`: the month before, or the days just before; `year`: the same a year earlier.
        told: All that was told.

    Returns:
        The earlier days that were told; `None` when they are too few.
    """
    if period == "since_visit":
        back = timedelta(days=A_YEAR if against == "year" else after.days)
        earlier = Span(after.start - back, after.end - back)
    else:
        anchor = covered(_month(after.start, 12 if against == "year" else 1), told)
        if anchor is None:
            return None
        # Where the month before had fewer weeks, the days just before the period make up for them.
        start = min(anchor.start, after.start - timedelta(days=after.days))
        earlier = Span(start, start + timedelta(days=after.days))
    found = covered(earlier, told)
    if found is None or not LEAST_PART <= found.days / after.days <= 1 / LEAST_PART:
        return None
    return found


def _month(on: date, back: int) -> Span:
    """The month some months before that of a day."""
    first = on.year * 12 + on.month - 1 - back
    return Span(date(first // 12, first % 12 + 1, 1), date((first + 1) // 12, (first + 1) % 12 + 1, 1))
