"""Days, months and times as people read them, in the language spoken now; 24 hours a day.

A day is a date of the distributor's place; an instant is shown in a zone that the caller names. What is
missing comes out as `MISSING`.
"""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from core.errors import InvalidInput
from language.formats import MISSING, is_missing
from language.spoken import current
from language.translations import _


@lru_cache(maxsize=2)
def _locale(code: str) -> Locale:
    """The calendar of a language."""
    return Locale.parse(code)


def _pattern(on: date, chinese: str, english: str) -> str:
    """A date by the pattern of the language."""
    code = current()
    return format_date(on, chinese if code == "zh" else english, locale=_locale(code))


def day(on: date | None, today: date | None = None) -> str:
    """A day; with its year unless it is this year.

    Args:
        on: The day.
        today: The day at the reader's place, which says what "this year" is; `None`: the year is shown.

    Returns:
        The day; `MISSING` when there is none.

    Example:
        >>> from language import speaking
        >>> with speaking("zh"):
        ...     day(date(2026, 11, 3), date(2026, 11, 21)), day(date(2025, 11, 3), date(2026, 11, 21))
        ('11月3日', '2025年11月3日')
        >>> with speaking("en"):
        ...     day(date(2026, 11, 3), date(2026, 11, 21)), day(date(2026, 11, 3)), day(None)
        ('3 Nov', '3 Nov 2026', '—')
    """
    if on is None or is_missing(on):
        return MISSING
    if today is not None and on.year == today.year:
        return _pattern(on, "M月d日", "d MMM")
    return _pattern(on, "y年M月d日", "d MMM y")


def weekday(on: date | None) -> str:
    """The day of the week, short.

    Example:
        >>> from language import speaking
        >>> with speaking("zh"):
        ...     weekday(date(2026, 11, 21))
        '周六'
        >>> with speaking("en"):
        ...     weekday(date(2026, 11, 21))
        'Sat'
    """
    return MISSING if on is None or is_missing(on) else _pattern(on, "EEE", "EEE")


def day_and_weekday(on: date | None, today: date | None = None) -> str:
    """A day with its day of the week: `11月21日 周六`, `Sat 21 Nov`.

    Args:
        on: The day.
        today: As for `day()`.

    Returns:
        Both; `MISSING` when there is no day.
    """
    if on is None or is_missing(on):
        return MISSING
    pair = (day(on, today), weekday(on))
    return " ".join(pair if current() == "zh" else reversed(pair))


def near_day(on: date | None, today: date) -> str:
    """A day near today by its own word: today, yesterday, tomorrow; any other as `day()`.

    Args:
        on: The day.
        today: The day at the reader's place.

    Returns:
        The word or the day; `MISSING` when there is none.

    Example:
        >>> from language import speaking
        >>> with speaking("zh"):
        ...     near_day(date(2026, 11, 20), date(2026, 11, 21))
        '昨天'
    """
    if on is None or is_missing(on):
        return MISSING
    if on == today:
        return _("today")
    if on == today - timedelta(days=1):
        return _("yesterday")
    if on == today + timedelta(days=1):
        return _("tomorrow")
    return day(on, today)


def month(on: date | None, today: date | None = None) -> str:
    """The month of a day, with its year unless it is this year: `11月`, `2025年11月`, `November 2025`.

    Args:
        on: Any day of the month.
        today: As for `day()`.

    Returns:
        The month; `MISSING` when there is none.
    """
    if on is None or is_missing(on):
        return MISSING
    if today is not None and on.year == today.year:
        return _pattern(on, "M月", "LLLL")
    return _pattern(on, "y年M月", "LLLL y")


def _there(at: datetime, zone: tzinfo | str) -> datetime:
    """An instant on the clock of a place."""
    if at.tzinfo is None:
        raise InvalidInput("at", "an instant with its time zone", value=at)
    return at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def time(at: datetime | None, zone: tzinfo | str) -> str:
    """The time of an instant, 24 hours.

    Args:
        at: The instant, with any time zone.
        zone: The zone of the clock to read, or its IANA name.

    Returns:
        Hours and minutes; `MISSING` when there is no instant.

    Raises:
        InvalidInput: an instant without a time zone.

    Example:
        >>> from datetime import UTC
        >>> time(datetime(2026, 11, 21, 2, 5, tzinfo=UTC), "Asia/Shanghai")
        '10:05'
    """
    return MISSING if at is None or is_missing(at) else f"{_there(at, zone):%H:%M}"


def instant(at: datetime | None, zone: tzinfo | str, today: date | None = None) -> str:
    """An instant as day and time on the clock of a place.

    Args:
        at: The instant, with any time zone.
        zone: The zone of the clock to read, or its IANA name.
        today: As for `day()`.

    Returns:
        `11月21日 10:05`, `21 Nov 10:05`; `MISSING` when there is none.

    Raises:
        InvalidInput: an instant without a time zone.
    """
    if at is None or is_missing(at):
        return MISSING
    there = _there(at, zone)
    return f"{day(there.date(), today)} {there:%H:%M}"


def time_span(start: datetime | None, end: datetime | None, zone: tzinfo | str) -> str:
    """From when to when on one day: `10:00–10:52`; the open end as `MISSING`.

    Args:
        start: The first instant, with any time zone.
        end: The last one.
        zone: The zone of the clock to read, or its IANA name.

    Returns:
        Both times; `MISSING` alone when both are missing.

    Raises:
        InvalidInput: an instant without a time zone.
    """
    if (start is None or is_missing(start)) and (end is None or is_missing(end)):
        return MISSING
    return f"{time(start, zone)}–{time(end, zone)}"
