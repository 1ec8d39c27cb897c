"""What flows through a distributor: goods in, goods out, stock and prices seen, and the two books."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import SOURCES, TAX_BASES, At, Base, Code, Key, Minor, Price, Quantity, refers_to
from data.types import Instant, codes, quantity


class SellIn(Base):
    """A delivery line of ours to a distributor (进货): base units and net amount."""

    __tablename__ = "sell_in"
    __table_args__ = (
        UniqueConstraint("distributor_id", "document", "product_id"),
        Index("ix_sell_in_distributor_id_on", "distributor_id", "on"),
    )

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    product_id: Mapped[str] = mapped_column(refers_to("product"), index=True)
    document: Mapped[Code]
    on: Mapped[date]
    quantity: Mapped[Quantity]
    amount_minor: Mapped[Minor]


class SellOut(Base):
    """What a distributor sold (出货) of a product in [from_on, to_on): returns netted, in base units.

    `revenue_minor` and `cost_minor` are missing where the distributor does not tell.
    """

    __tablename__ = "sell_out"
    __table_args__ = (
        UniqueConstraint("distributor_id", "product_id", "from_on"),
        Index("ix_sell_out_distributor_id_from_on", "distributor_id", "from_on"),
        CheckConstraint("to_on > from_on", name="range"),
    )

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    product_id: Mapped[str] = mapped_column(refers_to("product"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    quantity: Mapped[Quantity]
    revenue_minor: Mapped[Minor | None] = mapped_column(BigInteger)
    cost_minor: Mapped[Minor | None] = mapped_column(BigInteger)
    stockout_days: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(codes("source", *SOURCES))
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)


class StockCount(Base):
    """Stock of a product (and lot) on a day; an empty `quantity` means deliberately not counted."""

    __tablename__ = "stock_count"
    __table_args__ = (
        UniqueConstraint("distributor_id", "product_id", "lot", "counted_on"),
        Index("ix_stock_count_distributor_id_counted_on", "distributor_id", "counted_on"),
    )

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    product_id: Mapped[str] = mapped_column(refers_to("product"), index=True)
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    lot: Mapped[str] = mapped_column(String(40), default="")
    expires_on: Mapped[date | None]
    counted_on: Mapped[date]
    quantity: Mapped[Quantity | None] = mapped_column(quantity())
    pack_size: Mapped[int]
    source: Mapped[str] = mapped_column(codes("source", *SOURCES))
    counted_by: Mapped[str | None] = mapped_column(refers_to("user_account"))
    counted_at: Mapped[At]


class PriceObservation(Base):
    """A price seen at a distributor: the amount as typed, its unit, the pack then, and its tax basis."""

    __tablename__ = "price_observation"
    __table_args__ = (
        UniqueConstraint("distributor_id", "product_id", "kind", "observed_on"),
        Index("ix_price_observation_product_id_kind_observed_on", "product_id", "kind", "observed_on"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("pack_size > 0", name="pack_size_positive"),
    )

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    product_id: Mapped[str] = mapped_column(refers_to("product"))
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    kind: Mapped[str] = mapped_column(codes("kind", "selling", "retail", "purchase"))
    amount: Mapped[Price]
    unit: Mapped[str] = mapped_column(codes("unit", "piece", "case"))
    pack_size: Mapped[int]
    tax_basis: Mapped[str] = mapped_column(codes("tax_basis", *TAX_BASES))
    observed_on: Mapped[date]
    source: Mapped[str] = mapped_column(codes("source", *SOURCES))
    observed_by: Mapped[str | None] = mapped_column(refers_to("user_account"))
    observed_at: Mapped[At]


class Import(Base):
    """A file that was loaded: what it was, when, by whom, as of which day."""

    __tablename__ = "import"

    id: Mapped[Key]
    file_name: Mapped[str] = mapped_column(String(255))
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    distributor_id: Mapped[str | None] = mapped_column(refers_to("distributor"), index=True)
    as_of_on: Mapped[date | None]
    rows: Mapped[int]
    loaded_by: Mapped[str | None] = mapped_column(refers_to("user_account"))
    loaded_at: Mapped[At]


class LedgerEntry(Base):
    """A line of our ledger or of the distributor's own book, both written from our side.

    A positive amount means that the distributor owes us more.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("distributor_id", "side", "entry_code"),
        Index("ix_ledger_entry_distributor_id_side_on", "distributor_id", "side", "on"),
    )

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    side: Mapped[str] = mapped_column(codes("side", "ours", "theirs"))
    entry_code: Mapped[Code]
    """Our document line; for the distributor's book an id made from the line's content and its occurrence."""
    on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(
        codes("kind", "opening", "invoice", "payment", "return", "rebate", "claim", "other")
    )
    amount_minor: Mapped[Minor]
    text: Mapped[str] = mapped_column(String(300), default="")
    import_id: Mapped[str | None] = mapped_column(refers_to("import"), index=True)


class OpenItem(Base):
    """An open invoice of ours, or a payment not yet allocated (negative)."""

    __tablename__ = "open_item"
    __table_args__ = (UniqueConstraint("distributor_id", "document"),)

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    document: Mapped[Code]
    kind: Mapped[str] = mapped_column(codes("kind", "invoice", "prepayment", "unapplied_payment"))
    on: Mapped[date]
    due_on: Mapped[date | None]
    amount_minor: Mapped[Minor]
    open_minor: Mapped[Minor]
    as_of_on: Mapped[date]


class AccountDifference(Base):
    """What people say of a difference between the two books; its kind is computed, its reason is theirs."""

    __tablename__ = "account_difference"
    __table_args__ = (UniqueConstraint("distributor_id", "entries_hash"),)

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    entries_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    amount_minor: Mapped[Minor]
    state: Mapped[str] = mapped_column(codes("state", "open", "explained", "settled", "written_off"))
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(String(100), default="")
    due_on: Mapped[date | None]
    first_visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[At]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_by: Mapped[str | None] = mapped_column(refers_to("user_account"))


class AccountLink(Base):
    """A person's word that entries of the two books belong together (confirmed) or do not (refused)."""

    __tablename__ = "account_link"

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"), index=True)
    our_entries: Mapped[str] = mapped_column(Text)
    """Entry ids, sorted, separated by a space."""
    their_entries: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(codes("verdict", "confirmed", "refused"))
    reason: Mapped[str] = mapped_column(Text, default="")
    linked_by: Mapped[str] = mapped_column(refers_to("user_account"))
    linked_at: Mapped[At]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
