"""The company itself, its regions and markets, and who works for it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import TAX_BASES, At, Base, Code, Key, Name, Price, refers_to
from data.types import Instant, codes

ROLES = ("rep", "manager", "clerk", "administrator")


class Company(Base):
    """The one row of settings that hold for the whole company: currency, tax basis, thresholds."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 'company'", name="one_row"),)

    id: Mapped[Key]
    name: Mapped[Name]
    name_en: Mapped[Name]
    currency: Mapped[str] = mapped_column(String(3))
    minor_exponent: Mapped[int] = mapped_column(default=2)
    tax_basis: Mapped[str] = mapped_column(codes("tax_basis", *TAX_BASES))
    time_zone: Mapped[str] = mapped_column(String(64))
    price_threshold: Mapped[Price]
    market_price_days: Mapped[int]
    short_days: Mapped[int]
    excess_days: Mapped[int]
    visit_interval_days: Mapped[int]
    blind_counts: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)


class Region(Base):
    """A sales region: what a manager answers for."""

    __tablename__ = "region"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[Name]
    name_en: Mapped[Name]


class Market(Base):
    """A market within a region: the distributors whose prices are compared with each other."""

    __tablename__ = "market"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Key]
    code: Mapped[Code]
    region_id: Mapped[str] = mapped_column(refers_to("region"), index=True)
    name: Mapped[Name]
    name_en: Mapped[Name]


class User(Base):
    """Somebody who signs in. Retired users stay for the record; their sessions end."""

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("account"),)

    id: Mapped[Key]
    account: Mapped[Code]
    name: Mapped[Name]
    name_en: Mapped[Name]
    role: Mapped[str] = mapped_column(codes("role", *ROLES))
    language: Mapped[str] = mapped_column(codes("language", "zh", "en"))
    password_hash: Mapped[str] = mapped_column(String(255))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[At]
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class UserRegion(Base):
    """A region that a manager answers for, or that is handed to a clerk."""

    __tablename__ = "user_region"

    user_id: Mapped[str] = mapped_column(refers_to("user_account"), primary_key=True)
    region_id: Mapped[str] = mapped_column(refers_to("region"), primary_key=True)


class SignInSession(Base):
    """A signed-in browser. Only the SHA-256 of its token is kept."""

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(refers_to("user_account"), index=True)
    created_at: Mapped[At]
    last_seen_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInDelay(Base):
    """Failed sign-ins of an account or an address (as a hash), and when the next try is heard."""

    __tablename__ = "sign_in_delay"

    subject_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[At]
    next_try_at: Mapped[At]
