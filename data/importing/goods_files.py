"""The files of goods: products, what they should cost, how they are ordered and promoted."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.importing import kinds as k
from data.importing.kinds import Context, natural_id
from data.importing.layout import Column, Layout, Values, later, not_above, optional
from data.tables import Base
from data.tables.base import TAX_BASES
from data.tables.products import Product

_tables = Base.metadata.tables
_distributor = Column(
    "distributor", "distributor_id", k.reference("distributor", "code of a distributor"), "Distributor"
)
_own_product = Column(
    "product", "product_id", k.reference("own_product", "code of a product of ours"), "Product of ours"
)
_tax = optional(
    "tax_basis", "tax_basis", k.one_of(*TAX_BASES), "With or without tax; the company's where empty"
)


def _product_fill(values: Values, _context: Context) -> None:
    values["name_en"] = values["name_en"] or values["name"]
    values["category_en"] = values["category_en"] or values["category"]
    values["minimum_order"] = values["minimum_order"] or Decimal(values["pack_size"])


def _rivals(session: Session, rows: list[tuple[int, Values]]) -> list[tuple[int, str, str]]:
    """A product that others refer to must be there, or be a good row; it is written before them."""
    rows.sort(key=lambda row: row[1]["rivals_product_id"] is not None)
    ours = set(session.scalars(select(Product.id).where(Product.is_own)))
    codes = dict(session.execute(select(Product.code, Product.id)).all())
    ours |= {codes.get(v["code"], natural_id("product", v["code"])) for _, v in rows if v["is_own"]}
    message = "Expected the code of a product of ours that is there or is loaded with this file."
    return [
        (number, "rivals_product", message)
        for number, values in rows
        if values["rivals_product_id"] is not None
        and (values["rivals_product_id"] not in ours or values["is_own"])
    ]


def _tax_fill(values: Values, context: Context) -> None:
    values["tax_basis"] = values["tax_basis"] or context.tax_basis


def _name_fill(values: Values, _context: Context) -> None:
    values["name_en"] = values["name_en"] or values["name"]


def _item_fill(values: Values, _context: Context) -> None:
    values["item_en"] = values["item_en"] or values["item"]


LAYOUTS = (
    Layout(
        "products.csv",
        "Products, own and competitors', counted in base units (bottle, piece) and packed in cases.",
        _tables["product"],
        ("code",),
        (
            Column("code", "code", k.code(), "SKU, as text"),
            Column("name", "name", k.text(200), "Name"),
            optional("name_en", "name_en", k.text(200), "Name in Latin letters; the name where empty", ""),
            optional("category", "category", k.text(100), "Category", ""),
            optional(
                "category_en", "category_en", k.text(100), "Category in English; the category where empty", ""
            ),
            Column("is_own", "is_own", k.yes_no(), "yes: ours; no: a competitor's"),
            optional("maker", "maker", k.text(100), "The competitor that makes it", ""),
            optional(
                "rivals_product",
                "rivals_product_id",
                k.reference("product", "code of a product"),
                "Which of ours a competitor's product competes with",
            ),
            Column("unit", "unit", k.one_of("bottle", "can", "box", "piece"), "Base unit"),
            Column("pack_size", "pack_size", k.whole(1), "Base units a case"),
            optional(
                "minimum_order",
                "minimum_order",
                k.decimal(3, 0),
                "Least order in base units; one case where empty",
            ),
            optional("shelf_life_days", "shelf_life_days", k.whole(1), "Shelf life in days"),
            optional("keeps_lots", "keeps_lots", k.yes_no(), "Whether stock is counted by lot", False),
            optional(
                "must_sell", "must_sell", k.yes_no(), "Whether every distributor should carry it", False
            ),
            optional("shelf_order", "shelf_order", k.whole(), "Place in lists", 0),
            optional("launched_on", "launched_on", k.day(), "On the market since"),
            optional("discontinued_on", "discontinued_on", k.day(), "Not sold any more from this day on"),
            optional("selling_points", "selling_points", k.text(500), "What speaks for it", ""),
            optional("selling_points_en", "selling_points_en", k.text(500), "The same in English", ""),
        ),
        fill=_product_fill,
        refers_to="product",
        whole=_rivals,
    ),
    Layout(
        "price_policies.csv",
        "Recommended corridors of the price per base unit.",
        _tables["price_policy"],
        ("product_id", "market_id", "kind", "from_on"),
        (
            _own_product,
            optional("market", "market_id", k.reference("market", "code of a market"), "Market; empty: all"),
            Column("kind", "kind", k.one_of("selling", "retail"), "Which price"),
            optional("low", "low", k.decimal(4, 0), "Lowest price per base unit"),
            optional("high", "high", k.decimal(4, 0), "Highest price per base unit"),
            _tax,
            Column("from_on", "from_on", k.day(), "First day"),
            optional("to_on", "to_on", k.day(), "First day on which it does not hold any more"),
        ),
        checks=(not_above("low", "high"), later("from_on", "to_on")),
        fill=_tax_fill,
    ),
    Layout(
        "purchase_prices.csv",
        "What distributors pay us per base unit, from a day on.",
        _tables["purchase_price"],
        ("product_id", "from_on"),
        (
            _own_product,
            Column("from_on", "from_on", k.day(), "First day"),
            Column("price", "price", k.decimal(4, 0), "Price per base unit"),
            _tax,
        ),
        fill=_tax_fill,
    ),
    Layout(
        "order_rules.csv",
        "How products of an ABC class are replenished.",
        _tables["order_rule"],
        ("abc_class",),
        (
            Column("abc_class", "abc_class", k.one_of("A", "B", "C"), "Class"),
            Column(
                "policy",
                "policy",
                k.one_of("service_level", "cover_days", "min_max", "one_and_half"),
                "Policy",
            ),
            optional(
                "service_level",
                "service_level",
                k.decimal(4, 0),
                "Cycle service level, between 0 and 1",
                Decimal("0.95"),
            ),
            optional("cover_days", "cover_days", k.whole(1), "Days to cover, for the policy cover_days"),
            optional("max_days", "max_days", k.whole(1), "Most days of supply"),
        ),
        checks=(
            lambda v: (
                None
                if 0 < v["service_level"] < 1
                else ("service_level", "Expected a share between 0 and 1, without the ends.")
            ),
        ),
    ),
    Layout(
        "stock_levels.csv",
        "Least and most stock agreed with a distributor.",
        _tables["stock_level"],
        ("distributor_id", "product_id"),
        (
            _distributor,
            _own_product,
            Column("min_level", "min_level", k.decimal(3, 0), "Least stock in base units"),
            Column("max_level", "max_level", k.decimal(3, 0), "Most stock in base units"),
        ),
        checks=(not_above("min_level", "max_level"),),
    ),
    Layout(
        "promotions.csv",
        "Promotion policies.",
        _tables["promotion"],
        ("code",),
        (
            Column("code", "code", k.code(), "Code of the promotion"),
            Column("name", "name", k.text(200), "Name"),
            optional("name_en", "name_en", k.text(200), "Name in Latin letters; the name where empty", ""),
            optional(
                "product",
                "product_id",
                k.reference("own_product", "code of a product of ours"),
                "Product; empty: all",
            ),
            optional(
                "uplift", "uplift", k.decimal(4), "Expected rise of sales: 0.2 is 20 % more", Decimal(0)
            ),
            Column("from_on", "from_on", k.day(), "First day"),
            Column("to_on", "to_on", k.day(), "First day on which it does not hold any more"),
        ),
        checks=(later("from_on", "to_on"),),
        fill=_name_fill,
    ),
    Layout(
        "promotion_goods.csv",
        "Promotion goods issued to a distributor, to be passed on to the shops.",
        _tables["promotion_good"],
        ("id",),
        (
            Column("code", "id", k.own_code("promotion_good"), "Your code of the issue"),
            Column("promotion", "promotion_id", k.reference("promotion", "code of a promotion"), "Promotion"),
            _distributor,
            Column("item", "item", k.text(200), "What was issued"),
            optional("item_en", "item_en", k.text(200), "The same in English; the item where empty", ""),
            Column("issued", "issued", k.decimal(3, 0), "How many"),
            Column("issued_on", "issued_on", k.day(), "When"),
        ),
        fill=_item_fill,
    ),
)
