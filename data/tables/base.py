"""What all tables share: the naming convention of constraints and the common column forms."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from sqlalchemy import BigInteger, ForeignKey, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from data.types import Instant, price, quantity

Key = Annotated[str, mapped_column(String(36), primary_key=True)]
"""The id of a record: a UUIDv7 as text, made where the record is made."""

Code = Annotated[str, mapped_column(String(64))]
"""A code that people use (SKU, distributor number, document number): text, never a number."""

Name = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text)]
At = Annotated[datetime, mapped_column(Instant)]
Minor = Annotated[int, mapped_column(BigInteger)]
"""Money in minor units (fen, cents): exact, and larger than 32 bits."""

Price = Annotated[Decimal, mapped_column(price())]
Quantity = Annotated[Decimal, mapped_column(quantity())]

SOURCES = ("counted", "read", "told", "estimated", "imported")
TAX_BASES = ("included", "excluded")


class Base(DeclarativeBase):
    """The declarative base; constraints get names that both databases share."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def refers_to(table: str) -> ForeignKey:
    """A foreign key to the `id` of `table`."""
    return ForeignKey(f"{table}.id")
