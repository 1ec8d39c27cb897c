"""Small companies for tests: each function adds one record with sensible values and returns its id."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from data.access import Actor
from data.identifiers import new_id
from data.tables.company import Company, Market, Region, User, UserRegion
from data.tables.distributors import Distributor, DistributorAssignment
from data.tables.products import Product
from data.tables.visits import Objective, Visit

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 2, 32, tzinfo=UTC)


def _add(session: Session, record: Any) -> str:
    session.add(record)
    session.flush()
    return record.id


def company(session: Session, **values: Any) -> str:
    given = {
        "id": "company",
        "name": "青峰饮料",
        "name_en": "Qingfeng Beverages",
        "currency": "CNY",
        "tax_basis": "excluded",
        "time_zone": "Asia/Shanghai",
        "price_threshold": Decimal("0.03"),
        "market_price_days": 45,
        "short_days": 7,
        "excess_days": 45,
        "visit_interval_days": 14,
    }
    return _add(session, Company(**given | values))


def market(session: Session, code: str = "east", region_id: str | None = None) -> str:
    if region_id is None:
        region_id = _add(session, Region(id=new_id(), code=f"r-{code}", name="东区", name_en="East"))
    return _add(
        session, Market(id=new_id(), code=f"m-{code}", region_id=region_id, name="临江", name_en="Linjiang")
    )


def region_of(session: Session, market_id: str) -> str:
    return session.get_one(Market, market_id).region_id


def user(
    session: Session, account: str, role: str = "rep", regions: tuple[str, ...] = (), **values: Any
) -> str:
    given = {
        "id": new_id(),
        "account": account,
        "name": account,
        "name_en": account.title(),
        "role": role,
        "language": "zh",
        "password_hash": "!",
        "created_at": NOW,
    }
    id_ = _add(session, User(**given | values))
    session.add_all(UserRegion(user_id=id_, region_id=region) for region in regions)
    session.flush()
    return id_


def distributor(session: Session, code: str, market_id: str, rep_id: str | None = None, **values: Any) -> str:
    given = {
        "id": new_id(),
        "code": code,
        "market_id": market_id,
        "name": f"{code}商贸有限公司",
        "name_en": f"{code} Trading Co.",
        "short_name": f"{code}商贸",
        "short_name_en": f"{code} Trading",
        "time_zone": "Asia/Shanghai",
    }
    id_ = _add(session, Distributor(**given | values))
    if rep_id is not None:
        assign(session, id_, rep_id)
    return id_


def assign(session: Session, distributor_id: str, rep_id: str, from_on: date = date(2025, 1, 1)) -> str:
    return _add(
        session,
        DistributorAssignment(id=new_id(), distributor_id=distributor_id, rep_id=rep_id, from_on=from_on),
    )


def product(session: Session, code: str, **values: Any) -> str:
    given = {
        "id": new_id(),
        "code": code,
        "name": f"商品{code}",
        "name_en": f"Product {code}",
        "is_own": True,
        "unit": "bottle",
        "pack_size": 15,
        "minimum_order": 0,
    }
    return _add(session, Product(**given | values))


def visit(session: Session, distributor_id: str, rep_id: str, state: str = "draft", **values: Any) -> str:
    given = {
        "id": new_id(),
        "distributor_id": distributor_id,
        "rep_id": rep_id,
        "state": state,
        "planned_on": TODAY,
        "started_at": NOW,
        "changed_at": NOW,
    }
    return _add(session, Visit(**given | values))


def objective(session: Session, visit_id: str, **values: Any) -> str:
    given = {"id": new_id(), "visit_id": visit_id, "kind": "order_amount", "text": "订货", "target": 11000}
    return _add(session, Objective(**given | values))


def rep(user_id: str, today: date = TODAY) -> Actor:
    return Actor(user_id, "rep", today)


def manager(user_id: str, today: date = TODAY) -> Actor:
    return Actor(user_id, "manager", today)
