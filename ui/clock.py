"""The one clock of the screens; `core` has none and `data` is told the time."""

from datetime import UTC, date, datetime, tzinfo


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today(zone: tzinfo) -> date:
    """The present day at a place."""
    return now().astimezone(zone).date()
