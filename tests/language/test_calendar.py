"""Days and times as people read them, in both languages and on the clock of the place."""

from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest

from core.errors import InvalidInput
from language import calendar, speaking
from language.formats import MISSING

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 20, 17, 5, tzinfo=UTC)


def in_both(show):
    shown = []
    for code in ("zh", "en"):
        with speaking(code):
            shown.append(show())
    return tuple(shown)


@pytest.mark.parametrize(
    ("show", "chinese", "english"),
    [
        (lambda: calendar.day(date(2026, 11, 3), TODAY), "11月3日", "3 Nov"),
        (lambda: calendar.day(date(2025, 9, 13), TODAY), "2025年9月13日", "13 Sep 2025"),
        (lambda: calendar.day(date(2026, 11, 3)), "2026年11月3日", "3 Nov 2026"),
        (lambda: calendar.weekday(TODAY), "周六", "Sat"),
        (lambda: calendar.day_and_weekday(TODAY, TODAY), "11月21日 周六", "Sat 21 Nov"),
        (lambda: calendar.near_day(TODAY, TODAY), "今天", "today"),
        (lambda: calendar.near_day(TODAY - timedelta(days=1), TODAY), "昨天", "yesterday"),
        (lambda: calendar.near_day(TODAY + timedelta(days=1), TODAY), "明天", "tomorrow"),
        (lambda: calendar.near_day(TODAY + timedelta(days=2), TODAY), "11月23日", "23 Nov"),
        (lambda: calendar.month(TODAY, TODAY), "11月", "November"),
        (lambda: calendar.month(date(2025, 2, 1), TODAY), "2025年2月", "February 2025"),
        (lambda: calendar.time(AT, "Asia/Shanghai"), "01:05", "01:05"),
        (lambda: calendar.instant(AT, "Asia/Shanghai", TODAY), "11月21日 01:05", "21 Nov 01:05"),
        (lambda: calendar.instant(AT, "Europe/London", TODAY), "11月20日 17:05", "20 Nov 17:05"),
        (
            lambda: calendar.time_span(AT, AT + timedelta(minutes=52), "Asia/Shanghai"),
            "01:05–01:57",
            "01:05–01:57",
        ),
        (lambda: calendar.time_span(AT, None, "Asia/Shanghai"), "01:05–—", "01:05–—"),
    ],
)
def test_days_and_times_read_in_both_languages(show, chinese, english):
    assert in_both(show) == (chinese, english)


@pytest.mark.parametrize("missing", [None, pd.NaT])
def test_no_day_and_no_instant_is_a_dash(missing):
    shown = [
        calendar.day(missing),
        calendar.weekday(missing),
        calendar.day_and_weekday(missing),
        calendar.near_day(missing, TODAY),
        calendar.month(missing),
        calendar.time(missing, "Asia/Shanghai"),
        calendar.instant(missing, "Asia/Shanghai"),
        calendar.time_span(missing, missing, "Asia/Shanghai"),
    ]
    assert shown == [MISSING] * len(shown)


def test_an_instant_without_a_zone_is_refused():
    naive = AT.replace(tzinfo=None)
    for show in (calendar.time, calendar.instant):
        with pytest.raises(InvalidInput, match="time zone"):
            show(naive, "Asia/Shanghai")


def test_a_zone_may_be_an_object_as_well():
    assert calendar.time(AT, timezone(timedelta(hours=8))) == "01:05"


def test_days_of_pandas_read_like_those_of_python():
    with speaking("en"):
        assert calendar.day(pd.Timestamp("2026-11-03"), TODAY) == "3 Nov"
