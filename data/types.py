"""Column types that keep what SQLite would lose: exact decimals and instants with a time zone."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, String
from sqlalchemy.types import TypeDecorator

from data.errors import InvalidValue

LARGEST_INTEGER = 2**63 - 1


class Exact(TypeDecorator[Decimal]):
    """A decimal stored as an integer scaled by 10^`places`; more places are refused, not rounded.

    `Numeric` is a binary float in SQLite; prices and quantities must come back as they were typed.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | int | float | str | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        try:
            exact = value if isinstance(value, Decimal) else Decimal(str(value))
            scaled = exact.scaleb(self.places)
            whole = int(scaled)
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise InvalidValue("number", value, "a finite number") from error
        if whole != scaled:
            raise InvalidValue("number", value, f"at most {self.places} decimal places")
        if abs(whole) > LARGEST_INTEGER:
            raise InvalidValue("number", value, "a smaller number")
        return whole

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


class Instant(TypeDecorator[datetime]):
    """A point in time, kept in UTC; a naive time is refused because nobody knows which hour it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidValue("time", value, "a time with its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def codes(name: str, *values: str) -> Enum:
    """Text that is one of a few codes, checked by the database under the name `ck_<table>_<name>`."""
    return Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=32, validate_strings=True
    )


def key() -> String:
    """A record's id: a UUIDv7 as text, made where the record is made."""
    return String(36)


def price() -> Exact:
    """A unit price in currency units, four places."""
    return Exact(4)


def quantity() -> Exact:
    """A quantity in base units (bottle, piece), three places."""
    return Exact(3)


ColumnType = TypeDecorator[Any] | Enum | String
