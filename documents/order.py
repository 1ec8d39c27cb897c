"""An order as it leaves: on paper to be filed, as a sheet to be read, as JSON for another program."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from documents import paper
from documents.paper import Column, Signature
from documents.spreadsheet import Cell, SheetColumn, csv, xlsx
from language import _, n_, speaking
from language.calendar import day, instant
from language.formats import MISSING, amount, number, price, units
from language.words import word

SCHEMA = "fieldvisit.order/1"


@dataclass(frozen=True)
class OrderPaperLine:
    """A product of an order; quantities in base units, price per base unit in currency units.

    `suggested` and `price` are `None` where there was none.
    """

    code: str
    name: str
    name_en: str
    unit: str
    pack: int
    quantity: Decimal
    suggested: Decimal | None
    price: Decimal | None
    reason: str = ""

    @property
    def cases(self) -> Decimal:
        """Cases ordered."""
        return self.quantity / self.pack

    @property
    def amount(self) -> Decimal | None:
        """Quantity times price; `None` without a price."""
        return None if self.price is None else self.quantity * self.price


@dataclass(frozen=True)
class OrderPaper:
    """An order with everything that its papers show.

    Args:
        number: The order's number.
        part_of: The number of the order that it was split from; empty for a first one.
        state: Its state, a code of `distributor_order.state`.
        company: Our company.
        distributor: Name of the distributor, in the language of the paper.
        distributor_code: Its code.
        rep: Name of the rep.
        currency: Code of the currency.
        minor_exponent: Decimal places of its minor unit.
        tax_basis: Basis of the prices, `included` or `excluded`.
        ordered_on: The day of the visit.
        deliver_on: The day the goods are expected; `None` when unknown.
        signed_name: Who signed; empty before.
        signed_at: When.
        signature: The signature as PNG.
        zone: The time zone in which instants are read.
        lines: What is ordered, products with 0 left out.
    """

    number: str
    part_of: str
    state: str
    company: str
    distributor: str
    distributor_code: str
    rep: str
    currency: str
    minor_exponent: int
    tax_basis: str
    ordered_on: date
    deliver_on: date | None
    signed_name: str
    signed_at: datetime | None
    signature: bytes | None
    zone: str
    lines: tuple[OrderPaperLine, ...]

    @property
    def total(self) -> Decimal | None:
        """The sum of the lines that have a price, to the minor unit; `None` where none has one."""
        costs = [line.amount for line in self.lines if line.amount is not None]
        if self.lines and not costs:
            return None
        whole = sum(costs, Decimal(0))
        return whole.quantize(Decimal(1).scaleb(-self.minor_exponent), ROUND_HALF_UP)

    @property
    def unpriced(self) -> int:
        """How many lines have no price."""
        return sum(line.price is None for line in self.lines)


def order_pdf(order: OrderPaper, language: str) -> bytes:
    """Prints the order on A4.

    Args:
        order: What it shows.
        language: `zh` or `en`; product names are in that language.

    Returns:
        The PDF file; the same order gives the same bytes.

    Raises:
        InvalidInput: no such language, or a code that has no word.
    """
    with speaking(language):
        name = _("Order {number}, {distributor}").format(number=order.number, distributor=order.distributor)
        blocks = [
            *_head(order),
            *_lines(order, language),
            # A signature never stands on a page without the sum that was signed.
            KeepTogether([*_total(order), _signatures(order)]),
        ]
        return paper.pdf(blocks, name=name, author=order.company, foot=name)


def _signatures(order: OrderPaper) -> Flowable:
    there = order.signed_at.astimezone(ZoneInfo(order.zone)) if order.signed_at else None
    signed_on = day(there.date()) if there else ""
    return paper.signatures(
        [
            Signature(_("For the distributor"), order.signed_name, signed_on, order.signature),
            Signature(_("Sales rep"), order.rep),
        ]
    )


def _head(order: OrderPaper) -> list[Flowable]:
    delivery = _("delivery {day}").format(day=day(order.deliver_on))
    facts = [
        _("ordered {day}").format(day=day(order.ordered_on)),
        delivery if order.deliver_on else _("delivery day open"),
        word("distributor_order.state", order.state),
        _("prices {basis}").format(basis=word("company.tax_basis", order.tax_basis)),
    ]
    blocks: list[Flowable] = [
        paper.note(" · ".join(part for part in (order.company, _("Order")) if part)),
        paper.title(order.distributor),
        paper.note(
            " · ".join([_("Order {number}").format(number=order.number), order.distributor_code, order.rep])
        ),
        paper.note(" · ".join(facts)),
    ]
    if order.part_of:
        text = _("Second part of order {number}; it waits until the credit allows it.")
        blocks.append(paper.body(text.format(number=order.part_of)))
    return blocks


def _lines(order: OrderPaper, language: str) -> list[Flowable]:
    columns = [
        Column(_("Code"), 12),
        Column(_("Product"), 41),
        Column(_("Cases"), 10, right=True),
        Column(_("Quantity"), 16, right=True),
        Column(_("Unit price"), 13, right=True),
        Column(_("Amount"), 18, right=True),
    ]
    rows = [
        [
            line.code,
            _name(line, language),
            _cases(line.cases),
            units(line.quantity, line.unit),
            MISSING if line.price is None else price(line.price),
            MISSING if line.amount is None else amount(line.amount, order.currency, order.minor_exponent),
        ]
        for line in order.lines
    ]
    return [*paper.heading(_("What is ordered")), paper.table(columns, rows)]


def _total(order: OrderPaper) -> list[Flowable]:
    cases = sum((line.cases for line in order.lines), Decimal(0))
    total = amount(order.total, order.currency, order.minor_exponent)
    text = _("{cases} of {count} products, together {amount}").format(
        cases=units(cases, "case"),
        count=len(order.lines),
        amount=_("at least {figure}").format(figure=total) if order.total and order.unpriced else total,
    )
    blocks: list[Flowable] = [Spacer(1, 3 * mm), paper.body(text)]
    if order.unpriced:
        note = n_(
            "{count} line has no price yet and is not in this sum.",
            "{count} lines have no price yet and are not in this sum.",
            order.unpriced,
        )
        blocks.append(paper.note(note.format(count=order.unpriced)))
    if order.signed_at:
        blocks.append(
            paper.note(_("Signed on the tablet {time}").format(time=instant(order.signed_at, order.zone)))
        )
    return blocks


def _name(line: OrderPaperLine, language: str) -> str:
    return (line.name_en or line.name) if language == "en" else (line.name or line.name_en)


def _cases(cases: Decimal) -> str:
    return number(cases, 0 if cases == cases.to_integral_value() else 2)


def order_sheet(order: OrderPaper, kind: str, language: str) -> bytes:
    """The order as a spreadsheet, a row a product.

    Args:
        order: What it shows.
        kind: `xlsx` or `csv`.
        language: `zh` or `en`, of headings and names.

    Returns:
        The file; figures are figures, in base units and currency units.

    Raises:
        InvalidInput: no such language.
    """
    with speaking(language):
        columns = [
            SheetColumn(_("Order no."), "text", 18),
            SheetColumn(_("Distributor code"), "text", 14),
            SheetColumn(_("Product code"), "text", 14),
            SheetColumn(_("Product"), "text", 30),
            SheetColumn(_("Cases"), "number", 9),
            SheetColumn(_("Pieces a case"), "number", 10),
            SheetColumn(_("Quantity"), "number", 10),
            SheetColumn(_("Unit"), "text", 9),
            SheetColumn(_("Unit price"), "money", 11),
            SheetColumn(_("Amount"), "money", 13),
            SheetColumn(_("Currency"), "text", 9),
            SheetColumn(_("Delivery"), "date", 11),
        ]
        rows = [_sheet_row(order, line, language) for line in order.lines]
        return xlsx(columns, rows, sheet=order.number) if kind == "xlsx" else csv(columns, rows)


def _sheet_row(order: OrderPaper, line: OrderPaperLine, language: str) -> list[Cell]:
    return [
        order.number,
        order.distributor_code,
        line.code,
        _name(line, language),
        line.cases,
        line.pack,
        line.quantity,
        word("product.unit", line.unit),
        line.price,
        line.amount,
        order.currency,
        order.deliver_on,
    ]


def order_json(order: OrderPaper) -> bytes:
    """The order for another program, in the schema of docs/order_json.md; the same in every language.

    Returns:
        UTF-8 JSON. Quantities, prices and amounts are texts of decimals, because a float would not keep them.
    """
    document = {
        "schema": SCHEMA,
        "number": order.number,
        "part_of": order.part_of or None,
        "state": order.state,
        "company": order.company,
        "distributor": {"code": order.distributor_code, "name": order.distributor},
        "rep": order.rep,
        "currency": order.currency,
        "tax_basis": order.tax_basis,
        "ordered_on": order.ordered_on.isoformat(),
        "deliver_on": order.deliver_on.isoformat() if order.deliver_on else None,
        "signed": {"name": order.signed_name, "at": order.signed_at.isoformat(timespec="seconds")}
        if order.signed_at
        else None,
        "total": None if order.total is None else f"{order.total:f}",
        "lines": [_json_line(number, line) for number, line in enumerate(order.lines, start=1)],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _json_line(number_: int, line: OrderPaperLine) -> dict[str, object]:
    return {
        "line": number_,
        "product": {"code": line.code, "name": line.name, "name_en": line.name_en},
        "quantity": _plain(line.quantity),
        "unit": line.unit,
        "pieces_per_case": line.pack,
        "suggested": _plain(line.suggested),
        "reason": line.reason or None,
        "unit_price": _plain(line.price),
        "amount": _plain(line.amount),
    }


def _plain(value: Decimal | None) -> str | None:
    """A decimal as text without an exponent and without zeros that say nothing."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
