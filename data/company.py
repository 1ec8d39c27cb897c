"""The company's settings that screens need beside their figures."""

from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from data.access import Actor
from data.tables.company import Company


@dataclass(frozen=True)
class CompanySettings:
    """Names, currency, and the thresholds that make an alarm."""

    name: str
    name_en: str
    currency: str
    minor_exponent: int
    tax_basis: str
    time_zone: ZoneInfo
    price_threshold: float
    market_price_days: int
    short_days: int
    excess_days: int
    visit_interval_days: int
    blind_counts: bool
    is_demo: bool


DEFAULTS = CompanySettings(
    name="",
    name_en="",
    currency="CNY",
    minor_exponent=2,
    tax_basis="included",
    time_zone=ZoneInfo("Asia/Shanghai"),
    price_threshold=0.03,
    market_price_days=45,
    short_days=7,
    excess_days=45,
    visit_interval_days=14,
    blind_counts=False,
    is_demo=False,
)
"""What holds until the administrator or a load has set the company."""


def company_settings(session: Session, actor: Actor) -> CompanySettings:
    """The settings; they are the same for every actor."""
    row = session.scalar(_company())
    if row is None:
        return DEFAULTS
    return CompanySettings(
        name=row.name,
        name_en=row.name_en,
        currency=row.currency,
        minor_exponent=row.minor_exponent,
        tax_basis=row.tax_basis,
        time_zone=ZoneInfo(row.time_zone),
        price_threshold=float(row.price_threshold),
        market_price_days=row.market_price_days,
        short_days=row.short_days,
        excess_days=row.excess_days,
        visit_interval_days=row.visit_interval_days,
        blind_counts=row.blind_counts,
        is_demo=row.is_demo,
    )


@cache
def _company() -> Select[Company]:
    return select(Company)
