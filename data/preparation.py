"""What changed since the last visit: price list, price policy, promotions, new and dropped products, news."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from data.access import Actor, require_visit
from data.tables.distributors import Distributor
from data.tables.products import PricePolicy, Product, Promotion, PurchasePrice
from data.tables.visits import NewsItem


@dataclass(frozen=True)
class ChangeRow:
    """One change: `kind` is `price_list`, `policy`, `promotion`, `new_product`, `discontinued` or `news`."""

    kind: str
    name: str
    name_en: str
    on: date
    until_on: date | None = None
    before: Decimal | None = None
    after: Decimal | None = None
    text: str = ""
    text_en: str = ""


def changes_since(session: Session, actor: Actor, visit_id: str, since: date | None) -> list[ChangeRow]:
    """Everything that changed for the visited distributor since a day, and the promotions that start soon.

    Args:
        session: A reading session.
        actor: Who asks.
        visit_id: The visit that is prepared.
        since: Day of the last visit; `None` on the first, which then looks back 30 days.
    """
    visit = require_visit(session, actor, visit_id)
    start = since or actor.today - timedelta(days=30)
    return [
        *_price_list(session, start, actor.today),
        *_policies(session, visit.distributor_id, start, actor.today),
        *_promotions(session, start, actor.today),
        *_products(session, start, actor.today),
        *_news(session, start, actor.today),
    ]


def _price_list(session: Session, start: date, today: date) -> list[ChangeRow]:
    earlier = aliased(PurchasePrice)
    previous_on = (
        select(func.max(earlier.from_on))
        .where(earlier.product_id == PurchasePrice.product_id, earlier.from_on < PurchasePrice.from_on)
        .scalar_subquery()
    )
    before = aliased(PurchasePrice)
    statement = (
        select(Product.name, Product.name_en, PurchasePrice.from_on, before.price, PurchasePrice.price)
        .join(Product, Product.id == PurchasePrice.product_id)
        .join(before, (before.product_id == PurchasePrice.product_id) & (before.from_on == previous_on))
        .where(PurchasePrice.from_on > start, PurchasePrice.from_on <= today)
        .order_by(PurchasePrice.from_on, Product.shelf_order)
    )
    return [
        ChangeRow("price_list", name, english, on, before=old, after=new)
        for name, english, on, old, new in session.execute(statement)
    ]


def _policies(session: Session, distributor_id: str, start: date, today: date) -> list[ChangeRow]:
    market = select(Distributor.market_id).where(Distributor.id == distributor_id).scalar_subquery()
    statement = (
        select(Product.name, Product.name_en, PricePolicy.from_on, PricePolicy.low, PricePolicy.high)
        .join(Product, Product.id == PricePolicy.product_id)
        .where(
            PricePolicy.kind == "selling",
            PricePolicy.market_id.is_(None) | (PricePolicy.market_id == market),
            PricePolicy.from_on > start,
            PricePolicy.from_on <= today,
        )
        .order_by(PricePolicy.from_on, Product.shelf_order)
    )
    return [
        ChangeRow("policy", name, english, on, before=low, after=high)
        for name, english, on, low, high in session.execute(statement)
    ]


def _promotions(session: Session, start: date, today: date) -> list[ChangeRow]:
    statement = (
        select(Promotion.name, Promotion.name_en, Promotion.from_on, Promotion.to_on)
        .where(
            Promotion.from_on > start,
            Promotion.from_on <= today + timedelta(days=28),
            Promotion.to_on > today,
        )
        .order_by(Promotion.from_on, Promotion.code)
    )
    return [
        ChangeRow("promotion", name, english, on, until_on=until)
        for name, english, on, until in session.execute(statement)
    ]


def _products(session: Session, start: date, today: date) -> list[ChangeRow]:
    launched = (
        select(
            Product.name,
            Product.name_en,
            Product.launched_on,
            Product.selling_points,
            Product.selling_points_en,
        )
        .where(Product.is_own, Product.launched_on > start, Product.launched_on <= today)
        .order_by(Product.launched_on, Product.shelf_order)
    )
    dropped = (
        select(Product.name, Product.name_en, Product.discontinued_on)
        .where(Product.is_own, Product.discontinued_on > start, Product.discontinued_on <= today)
        .order_by(Product.discontinued_on, Product.shelf_order)
    )
    return [
        ChangeRow("new_product", name, english, on, text=points, text_en=points_en)
        for name, english, on, points, points_en in session.execute(launched)
        if on is not None
    ] + [
        ChangeRow("discontinued", name, english, on)
        for name, english, on in session.execute(dropped)
        if on is not None
    ]


def _news(session: Session, start: date, today: date) -> list[ChangeRow]:
    statement = (
        select(NewsItem.text, NewsItem.text_en, NewsItem.from_on)
        .where(NewsItem.from_on > start, NewsItem.from_on <= today, NewsItem.to_on > today)
        .order_by(NewsItem.from_on, NewsItem.id)
    )
    return [ChangeRow("news", text, english, on) for text, english, on in session.execute(statement)]
