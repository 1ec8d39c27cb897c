"""Products, own and competitors', what they should cost, and how they are replenished."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import TAX_BASES, Base, Code, Key, Name, Price, Quantity, refers_to
from data.types import codes, price


class Product(Base):
    """A product of ours or of a competitor, counted in base units (bottle, piece), packed in cases."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("pack_size > 0", name="pack_size_positive"),
        CheckConstraint("shelf_life_days IS NULL OR shelf_life_days > 0", name="shelf_life_positive"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[Name]
    name_en: Mapped[Name]
    category: Mapped[str] = mapped_column(String(100), default="")
    category_en: Mapped[str] = mapped_column(String(100), default="")
    is_own: Mapped[bool]
    maker: Mapped[str] = mapped_column(String(100), default="")
    """The competitor that makes it; empty for our own."""
    rivals_product_id: Mapped[str | None] = mapped_column(refers_to("product"))
    """For a competitor's product: which of ours it competes with."""
    unit: Mapped[str] = mapped_column(codes("unit", "bottle", "can", "box", "piece"))
    pack_size: Mapped[int]
    minimum_order: Mapped[Quantity]
    shelf_life_days: Mapped[int | None]
    keeps_lots: Mapped[bool] = mapped_column(default=False)
    must_sell: Mapped[bool] = mapped_column(default=False)
    shelf_order: Mapped[int] = mapped_column(default=0)
    launched_on: Mapped[date | None]
    discontinued_on: Mapped[date | None]
    selling_points: Mapped[str] = mapped_column(String(500), default="")
    selling_points_en: Mapped[str] = mapped_column(String(500), default="")


class PricePolicy(Base):
    """The recommended corridor of a price per base unit in a market (all markets where none is named)."""

    __tablename__ = "price_policy"
    __table_args__ = (
        Index("ix_price_policy_product_id_from_on", "product_id", "from_on"),
        CheckConstraint("low IS NULL OR high IS NULL OR low <= high", name="corridor"),
        CheckConstraint("to_on IS NULL OR to_on > from_on", name="range"),
    )

    id: Mapped[Key]
    product_id: Mapped[str] = mapped_column(refers_to("product"))
    market_id: Mapped[str | None] = mapped_column(refers_to("market"), index=True)
    kind: Mapped[str] = mapped_column(codes("kind", "selling", "retail"))
    low: Mapped[Price | None] = mapped_column(price())
    high: Mapped[Price | None] = mapped_column(price())
    tax_basis: Mapped[str] = mapped_column(codes("tax_basis", *TAX_BASES))
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class PurchasePrice(Base):
    """What distributors pay us per base unit, from a day on."""

    __tablename__ = "purchase_price"
    __table_args__ = (
        UniqueConstraint("product_id", "from_on"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    id: Mapped[Key]
    product_id: Mapped[str] = mapped_column(refers_to("product"))
    from_on: Mapped[date]
    price: Mapped[Price]
    tax_basis: Mapped[str] = mapped_column(codes("tax_basis", *TAX_BASES))


class OrderRule(Base):
    """How products of an ABC class are replenished: the policy and its parameters."""

    __tablename__ = "order_rule"
    __table_args__ = (UniqueConstraint("abc_class"),)

    id: Mapped[Key]
    abc_class: Mapped[str] = mapped_column(codes("abc_class", "A", "B", "C"))
    policy: Mapped[str] = mapped_column(
        codes("policy", "service_level", "cover_days", "min_max", "one_and_half")
    )
    service_level: Mapped[Price]
    cover_days: Mapped[int | None]
    max_days: Mapped[int | None]


class StockLevel(Base):
    """Least and most stock agreed with a distributor for a product, in base units."""

    __tablename__ = "stock_level"
    __table_args__ = (CheckConstraint("min_level >= 0 AND max_level >= min_level", name="levels"),)

    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"), primary_key=True)
    product_id: Mapped[str] = mapped_column(refers_to("product"), primary_key=True)
    min_level: Mapped[Quantity]
    max_level: Mapped[Quantity]


class Promotion(Base):
    """A promotion policy (促销政策) in [from_on, to_on), for one product or for all."""

    __tablename__ = "promotion"
    __table_args__ = (UniqueConstraint("code"), CheckConstraint("to_on > from_on", name="range"))

    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[Name]
    name_en: Mapped[Name]
    product_id: Mapped[str | None] = mapped_column(refers_to("product"), index=True)
    uplift: Mapped[Price]
    """Expected rise of sales as a fraction: 0.2 is +20 %."""
    from_on: Mapped[date]
    to_on: Mapped[date]


class PromotionGood(Base):
    """Promotion goods (促销品) issued to a distributor, to be passed on to the shops."""

    __tablename__ = "promotion_good"
    __table_args__ = (CheckConstraint("issued >= 0", name="issued_not_negative"),)

    id: Mapped[Key]
    promotion_id: Mapped[str] = mapped_column(refers_to("promotion"), index=True)
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"), index=True)
    item: Mapped[Name]
    item_en: Mapped[Name]
    issued: Mapped[Quantity]
    issued_on: Mapped[date]
