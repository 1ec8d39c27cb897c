"""Orders agreed during a visit, line by line, with what was suggested and why it was changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import TAX_BASES, At, Base, Code, Key, Price, Quantity, refers_to
from data.types import Instant, codes, price, quantity


class Order(Base):
    """An order of a distributor. An order above the credit is split: the second names the first."""

    __tablename__ = "distributor_order"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[Key]
    number: Mapped[Code]
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"), index=True)
    state: Mapped[str] = mapped_column(
        codes("state", "draft", "signed", "sent", "confirmed", "amended", "cancelled")
    )
    state_reason: Mapped[str] = mapped_column(Text, default="")
    split_from: Mapped[str | None] = mapped_column(refers_to("distributor_order"), index=True)
    deliver_on: Mapped[date | None]
    tax_basis: Mapped[str] = mapped_column(codes("tax_basis", *TAX_BASES))
    signed_name: Mapped[str] = mapped_column(String(100), default="")
    signature_id: Mapped[str | None] = mapped_column(refers_to("attachment"), index=True)
    override_by: Mapped[str | None] = mapped_column(refers_to("user_account"), index=True)
    override_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(refers_to("user_account"))
    created_at: Mapped[At]
    changed_at: Mapped[At]
    signed_at: Mapped[datetime | None] = mapped_column(Instant)


class OrderLine(Base):
    """A product of an order: suggested and agreed quantity in base units, price per base unit."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "product_id"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("pack_size > 0", name="pack_size_positive"),
    )

    id: Mapped[Key]
    order_id: Mapped[str] = mapped_column(refers_to("distributor_order"))
    product_id: Mapped[str] = mapped_column(refers_to("product"), index=True)
    suggested: Mapped[Quantity | None] = mapped_column(quantity())
    quantity: Mapped[Quantity]
    pack_size: Mapped[int]
    unit_price: Mapped[Price | None] = mapped_column(price())
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
