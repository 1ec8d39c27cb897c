"""The files of dealings: what is delivered to the distributors, what they sell, keep and ask for it."""

from collections.abc import Callable
from datetime import UTC, datetime, time

from data.importing import kinds as k
from data.importing.kinds import Context
from data.importing.layout import Column, Layout, Values, later, optional
from data.tables import Base
from data.tables.base import SOURCES, TAX_BASES

_tables = Base.metadata.tables
_distributor = Column(
    "distributor", "distributor_id", k.reference("distributor", "code of a distributor"), "Distributor"
)
_product = Column("product", "product_id", k.reference("product", "code of a product"), "Product")
_own_product = Column(
    "product", "product_id", k.reference("own_product", "code of a product of ours"), "Product of ours"
)
_tax = optional(
    "tax_basis", "tax_basis", k.one_of(*TAX_BASES), "With or without tax; the company's where empty"
)
_pack = optional("pack_size", "pack_size", k.whole(1), "Base units a case then; the product's where empty")
_source = optional(
    "source", "source", k.one_of(*SOURCES), "Where the figure comes from; imported where empty", "imported"
)


def _observed(values: Values, context: Context) -> None:
    values["tax_basis"] = values["tax_basis"] or context.tax_basis
    values["pack_size"] = values["pack_size"] or context.packs[values["product_id"]]


def _pack_fill(values: Values, context: Context) -> None:
    values["pack_size"] = values["pack_size"] or context.packs[values["product_id"]]


def _at_noon(column: str, target: str) -> Callable[[Values, datetime], Values]:
    # A file tells the day alone; noon UTC is that day in every inhabited place from UTC-12 to UTC+11.
    return lambda values, _now: {target: datetime.combine(values[column], time(12), UTC)}


def _not_in_a_visit(before: Values, _after: Values) -> str | None:
    if before.get("visit_id") is not None:
        return "The figure was entered during a visit: correct it there, so that its history is kept."
    return None


LAYOUTS = (
    Layout(
        "sell_in.csv",
        "Delivery lines of ours to a distributor (进货); a return is negative.",
        _tables["sell_in"],
        ("distributor_id", "document", "product_id"),
        (
            _distributor,
            Column("document", "document", k.code(), "Number of the delivery"),
            _own_product,
            Column("on", "on", k.day(), "Day"),
            Column("quantity", "quantity", k.decimal(3), "Base units"),
            Column("amount", "amount_minor", k.money(), "Net amount"),
        ),
    ),
    Layout(
        "sell_out.csv",
        "What a distributor sold (出货) of a product in a period, returns netted. Competitors' products too.",
        _tables["sell_out"],
        ("distributor_id", "product_id", "from_on"),
        (
            _distributor,
            _product,
            Column("from_on", "from_on", k.day(), "First day of the period"),
            Column("to_on", "to_on", k.day(), "First day after the period"),
            Column("quantity", "quantity", k.decimal(3), "Base units"),
            optional("revenue", "revenue_minor", k.money(), "Revenue; empty where it is not told"),
            optional("cost", "cost_minor", k.money(), "Cost of the goods sold; empty where it is not told"),
            optional("stockout_days", "stockout_days", k.whole(), "Days out of stock within the period", 0),
            _source,
        ),
        checks=(later("from_on", "to_on"),),
        guard=_not_in_a_visit,
    ),
    Layout(
        "stock_counts.csv",
        "Stock of a product, and lot, on a day.",
        _tables["stock_count"],
        ("distributor_id", "product_id", "lot", "counted_on"),
        (
            _distributor,
            _product,
            Column("counted_on", "counted_on", k.day(), "Day"),
            optional("lot", "lot", k.code(40), "Lot; empty: the whole stock", ""),
            optional("expires_on", "expires_on", k.day(), "Expiry of the lot"),
            Column("quantity", "quantity", k.decimal(3), "Base units"),
            _pack,
            _source,
        ),
        fill=_pack_fill,
        at_first=_at_noon("counted_on", "counted_at"),
        guard=_not_in_a_visit,
    ),
    Layout(
        "prices.csv",
        "Prices seen at a distributor, of our products and competitors'.",
        _tables["price_observation"],
        ("distributor_id", "product_id", "kind", "observed_on"),
        (
            _distributor,
            _product,
            Column("kind", "kind", k.one_of("selling", "retail", "purchase"), "Which price"),
            Column("observed_on", "observed_on", k.day(), "Day"),
            Column("amount", "amount", k.decimal(4, 0), "Price of the unit"),
            Column("unit", "unit", k.one_of("piece", "case"), "Unit of the price"),
            _pack,
            _tax,
            _source,
        ),
        fill=_observed,
        at_first=_at_noon("observed_on", "observed_at"),
        guard=_not_in_a_visit,
    ),
)
