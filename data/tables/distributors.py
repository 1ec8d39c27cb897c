"""Distributors: who they are, their people, who looks after them, what credit they have."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import At, Base, Code, Key, LongText, Minor, Name, Quantity, refers_to
from data.types import codes

BUYING_ROLES = ("decider", "technical", "user", "purse", "many_hats")
BEHAVIOUR_TYPES = ("hesitant", "lingering", "quick_yes", "unknown")


class Distributor(Base):
    """A distributor (经销商) that buys from the company."""

    __tablename__ = "distributor"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Key]
    code: Mapped[Code]
    market_id: Mapped[str] = mapped_column(refers_to("market"), index=True)
    name: Mapped[Name]
    name_en: Mapped[Name]
    short_name: Mapped[Name]
    short_name_en: Mapped[Name]
    address: Mapped[str] = mapped_column(String(300), default="")
    territory: Mapped[str] = mapped_column(String(300), default="")
    time_zone: Mapped[str] = mapped_column(String(64))
    behaviour_type: Mapped[str] = mapped_column(codes("behaviour_type", *BEHAVIOUR_TYPES), default="unknown")
    lead_time_days: Mapped[int | None]
    visit_interval_days: Mapped[int | None]
    since_on: Mapped[date | None]
    closed_on: Mapped[date | None]


class DistributorContact(Base):
    """A person at a distributor and his part in buying."""

    __tablename__ = "distributor_contact"

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"), index=True)
    name: Mapped[Name]
    position: Mapped[str] = mapped_column(String(100), default="")
    buying_role: Mapped[str] = mapped_column(codes("buying_role", *BUYING_ROLES))
    phone: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class DistributorAssignment(Base):
    """Which rep looks after a distributor in [from_on, to_on)."""

    __tablename__ = "distributor_assignment"
    __table_args__ = (
        UniqueConstraint("distributor_id", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on > from_on", name="range"),
        Index("ix_distributor_assignment_rep_id_from_on", "rep_id", "from_on"),
    )

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    rep_id: Mapped[str] = mapped_column(refers_to("user_account"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class CreditTerm(Base):
    """Credit limit (信用额度), base-stock credit (铺底额度) and credit term, from a day on."""

    __tablename__ = "credit_term"
    __table_args__ = (
        UniqueConstraint("distributor_id", "from_on"),
        CheckConstraint("credit_limit_minor >= 0 AND base_stock_minor >= 0", name="not_negative"),
    )

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    from_on: Mapped[date]
    credit_limit_minor: Mapped[Minor]
    base_stock_minor: Mapped[Minor]
    term_days: Mapped[int]


class Collateral(Base):
    """Something of the distributor's, or consigned goods, that stands against the credit."""

    __tablename__ = "collateral"
    __table_args__ = (CheckConstraint("value_minor >= 0", name="value_not_negative"),)

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"), index=True)
    kind: Mapped[str] = mapped_column(
        codes("kind", "deposit", "property", "vehicle", "guarantee", "consigned_goods", "other")
    )
    description: Mapped[LongText]
    quantity: Mapped[Quantity]
    value_minor: Mapped[Minor]
    recorded_on: Mapped[date]
    released_on: Mapped[date | None]


class CollateralCheck(Base):
    """A look at a collateral during a visit: is it still there, and how much of it."""

    __tablename__ = "collateral_check"
    __table_args__ = (UniqueConstraint("visit_id", "collateral_id"),)

    id: Mapped[Key]
    visit_id: Mapped[str] = mapped_column(refers_to("visit"))
    collateral_id: Mapped[str] = mapped_column(refers_to("collateral"), index=True)
    quantity: Mapped[Quantity]
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    checked_by: Mapped[str] = mapped_column(refers_to("user_account"))
    checked_at: Mapped[At]
