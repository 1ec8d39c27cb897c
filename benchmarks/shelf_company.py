"""A made company with as long a shelf as one asks for: distributors told of in full, and peers to compare them with.

Everything a screen can show is there: weeks of sales, deliveries, counts by lot, prices of own and competitors'
products, both books, promotions, news, a begun visit with the whole shelf entered, and visits to review.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from data import passwords
from data.access import Actor
from data.engine import writing
from data.entries import save_entries
from data.identifiers import new_id
from data.importing import load_folder
from data.tables.company import User
from data.tables.distributors import Distributor
from data.tables.products import Product
from data.tables.visits import Visit
from data.visits import start_visit

PASSWORD = "fieldvisit-bench"
REP, MANAGER = "rep", "manager"
OWN_SHARE = 0.9
"""The rest of the shelf are competitors' products."""


@dataclass(frozen=True)
class Size:
    """How much of everything.

    Args:
        products: On the shelf, competitors' included.
        distributors: Of one market.
        full: How many of them have everything and are visited; of the others sales and prices are known.
        weeks: Of sales in full; of the others four.
        visits: Earlier ones, spread over the distributors.
    """

    products: int = 300
    distributors: int = 13
    full: int = 1
    weeks: int = 60
    visits: int = 60


def make_company(engine: Engine, folder: Path, now: datetime, size: Size) -> tuple[list[str], str]:
    """Loads the company into an empty database.

    Returns:
        The ids of the visits that the rep has begun, and of the distributor of the first.

    Raises:
        ValueError: a row was refused; the message says which.
    """
    today = now.date()
    folder.mkdir(parents=True)
    for name, table in _tables(today, size).items():
        table.to_csv(folder / f"{name}.csv", index=False, date_format="%Y-%m-%d", lineterminator="\n")
    report = load_folder(engine, folder, now)
    if report.problems:
        raise ValueError("\n".join(str(problem) for problem in report.problems[:5]))
    with writing(engine) as session:
        session.execute(update(User).values(password_hash=passwords.hashed(PASSWORD)))
        _add_earlier_visits(session, now, size)
        visits = _begin_visits(session, now)
        return visits, session.get_one(Visit, visits[0]).distributor_id


def _tables(today: date, size: Size) -> dict[str, pd.DataFrame]:
    random = np.random.default_rng(size.products)
    places = pd.DataFrame({"distributor": [f"D{number:03d}" for number in range(size.distributors)]})
    full = places.head(size.full)
    goods = _goods(size.products, random)
    return {
        **_people(today, places),
        "products": goods.drop(columns="price"),
        **_policies(today, goods[goods["is_own"] == "yes"], full),
        **_dealings(today, places, goods, size, random),
        **_accounts(today, full, size.products, random),
        **_visit_papers(today, full),
    }


def _people(today: date, places: pd.DataFrame) -> dict[str, pd.DataFrame]:
    code = places["distributor"]
    users = [(REP, "Rep", "rep", "en"), (MANAGER, "Manager", "manager", "en")]
    company = {"name": "Bench", "currency": "CNY", "tax_basis": "included", "time_zone": "Etc/UTC"}
    terms = {
        "from_on": today - timedelta(days=500),
        "credit_limit": 90000,
        "base_stock": 9000,
        "term_days": 30,
    }
    return {
        "company": pd.DataFrame([company]),
        "regions": pd.DataFrame({"code": ["r"], "name": ["Region"]}),
        "markets": pd.DataFrame({"code": ["m"], "region": ["r"], "name": ["Market"]}),
        "users": pd.DataFrame(users, columns=["account", "name", "role", "language"]),
        "user_regions": pd.DataFrame({"account": [MANAGER], "region": ["r"]}),
        "distributors": pd.DataFrame(
            {"code": code, "market": "m", "name": "Trader " + code, "lead_time_days": 5}
        ),
        "assignments": places.assign(rep=REP, from_on=today - timedelta(days=900)),
        "credit_terms": places.assign(**terms),
    }


def _goods(products: int, random: np.random.Generator) -> pd.DataFrame:
    number = np.arange(products)
    is_own = number < round(products * OWN_SHARE)
    names = pd.Series(number).map("Product {:04d} 500 ml".format)
    return pd.DataFrame(
        {
            "code": pd.Series(number).map("P{:04d}".format),
            "name": names,
            "category": pd.Series(number % 6).map("Category {}".format),
            "is_own": np.where(is_own, "yes", "no"),
            "maker": np.where(is_own, "", "Rival"),
            "rivals_product": np.where(is_own, "", pd.Series(number % 20).map("P{:04d}".format)),
            "unit": "bottle",
            "pack_size": 12,
            "shelf_life_days": 360,
            "keeps_lots": np.where(is_own, "yes", "no"),
            "must_sell": np.where(number % 5 == 0, "yes", "no"),
            "shelf_order": number,
            "price": random.uniform(2, 9, products).round(2),
        }
    )


def _policies(today: date, own: pd.DataFrame, full: pd.DataFrame) -> dict[str, pd.DataFrame]:
    since = today - timedelta(days=400)
    product = own["code"]
    low, high = (own["price"] * 0.97).round(2), (own["price"] * 1.03).round(2)
    corridor = pd.DataFrame(
        {"product": product, "kind": "selling", "low": low, "high": high, "from_on": since}
    )
    promotion = {"code": "A1", "name": "Promotion", "uplift": 0.1, "from_on": today - timedelta(days=9)}
    goods = {"promotion": "A1", "item": "Cups", "issued": 50, "issued_on": today - timedelta(days=9)}
    return {
        "price_policies": corridor,
        "purchase_prices": pd.DataFrame({"product": product, "from_on": since, "price": low * 0.9}).round(4),
        "promotions": pd.DataFrame([{**promotion, "to_on": today + timedelta(days=20)}]),
        "promotion_goods": full.assign(code="G-" + full["distributor"], **goods),
    }


def _dealings(
    today: date, places: pd.DataFrame, goods: pd.DataFrame, size: Size, random: np.random.Generator
) -> dict[str, pd.DataFrame]:
    listed = goods.rename(columns={"code": "product"})[["product", "price", "is_own"]]
    full = places.head(size.full)
    back = pd.DataFrame({"week": range(1, size.weeks + 1)})
    sold = places.merge(back, how="cross").merge(listed, how="cross")
    sold = sold[sold["distributor"].isin(full["distributor"]) | (sold["week"] <= 4)]
    sold = sold.assign(**_weeks(today, sold["week"]), quantity=random.poisson(40, len(sold)))
    sold["revenue"] = (sold["quantity"] * sold["price"]).round(2)
    is_delivered = sold["distributor"].isin(full["distributor"]) & (sold["is_own"] == "yes")
    delivered = sold[is_delivered & (sold["week"] <= 26)]
    delivered = delivered.assign(document="F-" + delivered["week"].astype("str"), on=delivered["from_on"])
    seen = places.merge(pd.DataFrame({"days": [3, 33]}), how="cross").merge(listed, how="cross")
    seen = seen.assign(observed_on=_days_before(today, seen["days"]), kind="selling", unit="piece")
    seen["amount"] = (seen["price"] * random.normal(1, 0.02, len(seen))).round(2)
    return {
        "sell_out": sold[["distributor", "product", "from_on", "to_on", "quantity", "revenue"]],
        "sell_in": delivered[["distributor", "document", "product", "on", "quantity"]].assign(
            amount=delivered["revenue"]
        ),
        "stock_counts": _counts(today, full.merge(listed, how="cross"), random),
        "prices": seen[["distributor", "product", "kind", "observed_on", "amount", "unit"]],
    }


def _counts(today: date, listed: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Two lots of each own product, two weeks and four weeks ago."""
    listed = listed[listed["is_own"] == "yes"]
    lots = pd.DataFrame({"lot": ["L1", "L2"], "left": [-40, -200]})
    days = pd.DataFrame({"days": [14, 28]})
    counted = listed.merge(lots, how="cross").merge(days, how="cross")
    return counted[["distributor", "product", "lot"]].assign(
        expires_on=_days_before(today, counted["left"]),
        counted_on=_days_before(today, counted["days"]),
        quantity=random.integers(0, 200, len(counted)),
    )


def _accounts(
    today: date, full: pd.DataFrame, lines: int, random: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Both books of a distributor, a line in thirty written differently there, and its open invoices."""
    ours = full.merge(pd.DataFrame({"number": range(lines)}), how="cross")
    number = ours.pop("number")
    ours = ours.assign(
        side="ours",
        entry=number.map("E{}".format),
        on=_days_before(today, number % 90 + 5),
        reference=number.map("F-{:05d}".format),
        kind="invoice",
        amount=random.uniform(90, 900, len(ours)).round(2),
    )
    theirs = ours.assign(side="theirs", entry=number.map("T{}".format))
    theirs["amount"] = theirs["amount"].where(number % 30 != 0, theirs["amount"] + 9).round(2)
    open_ = ours[number % 6 == 0].rename(columns={"reference": "document"})
    open_ = open_[["distributor", "document", "kind", "on", "amount"]].assign(
        due_on=open_["on"] + timedelta(days=30), open=open_["amount"], as_of_on=today - timedelta(days=1)
    )
    return {"ledger": pd.concat([ours, theirs]), "open_items": open_}


def _visit_papers(today: date, full: pd.DataFrame) -> dict[str, pd.DataFrame]:
    checks = ("tools", "display", "promotion", "service", "market", "training")
    lines = [(f"{name}-{place}", name, f"Line {place}") for name in checks for place in range(6)]
    news = {"kind": "company", "from_on": today - timedelta(days=3), "to_on": today + timedelta(days=9)}
    code = "V-" + full["distributor"]
    objective = {"position": 1, "kind": "order_amount", "text": "Order", "target": 11000}
    return {
        "checklists": pd.DataFrame(lines, columns=["code", "checklist", "text"]),
        "news": pd.DataFrame([{"code": "N1", "text": "News", **news}]),
        "visits_planned": full.assign(code=code, rep=REP, planned_on=today),
        "objectives": pd.DataFrame({"visit": code}).assign(**objective),
    }


def _weeks(today: date, week: pd.Series) -> dict[str, pd.Series]:
    last_monday = pd.Timestamp(today - timedelta(days=today.weekday()))
    start = last_monday - pd.to_timedelta(7 * week, unit="D")
    return {"from_on": start, "to_on": start + timedelta(days=7)}


def _days_before(today: date, days: pd.Series) -> pd.Series:
    return pd.Timestamp(today) - pd.to_timedelta(days, unit="D")


def _add_earlier_visits(session: Session, now: datetime, size: Size) -> None:
    rep = session.scalars(select(User.id).where(User.account == REP)).one()
    places = session.scalars(select(Distributor.id).order_by(Distributor.code)).all()
    for number in range(size.visits):
        begun = now - timedelta(days=number // 4 + 1)
        session.add(
            Visit(
                id=new_id(),
                distributor_id=places[number % len(places)],
                rep_id=rep,
                state="submitted" if number % 3 == 0 else "approved",
                planned_on=begun.date(),
                started_at=begun,
                submitted_at=begun,
                changed_at=begun,
                summary="Shelf filled",
            )
        )


def _begin_visits(session: Session, now: datetime) -> list[str]:
    """The rep starts the planned visits and enters cases and a selling price for every product."""
    user = session.scalars(select(User.id).where(User.account == REP)).one()
    actor = Actor(user, "rep", now.date())
    planned = select(Visit.id).join(Distributor, Distributor.id == Visit.distributor_id)
    visits = session.scalars(planned.where(Visit.state == "planned").order_by(Distributor.code)).all()
    products = session.execute(select(Product.id, Product.keeps_lots).order_by(Product.code)).all()
    for visit in visits:
        start_visit(session, actor, visit, now)
        same = {"user": user, "visit": visit, "base": None, "at": now.isoformat(), "source": "counted"}
        entries = [
            {**same, "id": new_id(), "row": product, "lot": lot, "field": field, "value": value, "unit": unit}
            for product, keeps_lots in products
            for lot, field, value, unit in (
                ("L1" if keeps_lots else "", "cases", "4", "case"),
                ("", "selling", "5.50", "piece"),
            )
        ]
        receipt = save_entries(session, actor, entries, now)
        if receipt.rejected:
            raise ValueError(str(receipt.rejected[0][1]))
    return list(visits)
