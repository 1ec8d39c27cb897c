"""The files of accounts: credit, collateral, the two books, open items."""

from collections import defaultdict
from datetime import UTC, date, datetime, time
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data.account_differences import LONGEST_OWNER, REASONS
from data.importing import kinds as k
from data.importing.kinds import Context
from data.importing.layout import Column, Layout, Values, later, optional
from data.tables import Base
from data.tables.dealings import OpenItem
from data.their_book import difference_hash, line_codes

_tables = Base.metadata.tables
_distributor = Column(
    "distributor", "distributor_id", k.reference("distributor", "code of a distributor"), "Distributor"
)


def _signed(values: Values, _context: Context) -> None:
    if values["sign"] == "theirs":
        values["amount_minor"] = -values["amount_minor"]


def _ours_is_ours(values: Values) -> tuple[str, str] | None:
    if values["side"] != "ours":
        return None
    if values["sign"] != "ours":
        return "sign", "Our own ledger is written from our side: expected ours."
    if not values["entry_code"]:
        return "entry", "A line of our own ledger needs its document number."
    return None


def _their_codes(rows: list[Values]) -> None:
    """Lines of a distributor's book without a number of their own get one from their content."""
    books: dict[str, list[Values]] = defaultdict(list)
    for values in rows:
        if values["side"] == "theirs" and not values["entry_code"]:
            books[values["distributor_id"]].append(values)
    for lines in books.values():
        content = ((v["on"], v["reference"], v["amount_minor"], v["text"]) for v in lines)
        for values, code in zip(lines, line_codes(content), strict=True):
            values["entry_code"] = code


def _settled(session: Session, rows: list[Values]) -> int:
    """The list of a distributor is whole: what it names no more is settled."""
    newest: dict[str, date] = {}
    for values in rows:
        before = newest.get(values["distributor_id"], date.min)
        newest[values["distributor_id"]] = max(before, values["as_of_on"])
    named = {(values["distributor_id"], values["document"]) for values in rows}
    older = select(OpenItem.id, OpenItem.distributor_id, OpenItem.document, OpenItem.as_of_on).where(
        OpenItem.open_minor != 0
    )
    gone = [
        {"id": item, "open_minor": 0, "as_of_on": newest[distributor]}
        for item, distributor, document, as_of in session.execute(older)
        if as_of < newest.get(distributor, date.min) and (distributor, document) not in named
    ]
    if gone:
        session.execute(update(OpenItem), gone)
    return len(gone)


def _payments_lower(values: Values) -> tuple[str, str] | None:
    if values["kind"] != "invoice" and values["open_minor"] > 0:
        return "open", "Expected an amount below zero: a payment lowers what is owed."
    return None


def _open_within(values: Values) -> tuple[str, str] | None:
    amount, left = values["amount_minor"], values["open_minor"]
    if left and ((amount > 0) != (left > 0) or abs(left) > abs(amount)):
        return "open", "Expected a part of the amount, with its sign."
    return None


def _difference(values: Values, context: Context) -> None:
    """What a difference is known by, its kind and amount, from the lines that are named."""
    amounts: dict[str, dict[str, int]] = {"ours": {}, "theirs": {}}
    values["unknown"] = None
    for side, lines in amounts.items():
        for name in filter(None, map(str.strip, values[f"{side}_lines"].split(";"))):
            found = context.entries.get((values["distributor_id"], side, name), {})
            if len(found) != 1:
                values["unknown"] = side, name, len(found)
            lines.update(found)
    ours, theirs = amounts["ours"], amounts["theirs"]
    if ours or theirs:
        values["entries_hash"] = difference_hash(ours, theirs)
    values["kind"] = (
        "amount_differs" if ours and theirs else "missing_in_theirs" if ours else "missing_in_ours"
    )
    values["amount_minor"] = sum(ours.values()) - sum(theirs.values())


def _names_lines(values: Values) -> tuple[str, str] | None:
    if values["unknown"] is not None:
        side, name, count = values["unknown"]
        where = "our ledger" if side == "ours" else "the distributor's book"
        return side, f"Expected lines of {where}, once each; {name} stands there {count} times."
    if "entries_hash" not in values:
        return "ours", "Expected at least one line of either book."
    return None


def _opened(values: Values, _now: datetime) -> Values:
    return {"opened_at": datetime.combine(values["since_on"], time(12), UTC), "closed_at": None}


def _unsaid(before: Values, _after: Values) -> str | None:
    return None if before["version"] == 1 else "It was changed in the app since: change it there."


LAYOUTS = (
    Layout(
        "credit_terms.csv",
        "Credit limit (信用额度), base-stock credit (铺底额度) and credit term, from a day on.",
        _tables["credit_term"],
        ("distributor_id", "from_on"),
        (
            _distributor,
            Column("from_on", "from_on", k.day(), "First day"),
            Column("credit_limit", "credit_limit_minor", k.money(0), "Credit limit"),
            optional("base_stock", "base_stock_minor", k.money(0), "Base-stock credit", 0),
            Column("term_days", "term_days", k.whole(), "Days until an invoice is due"),
        ),
    ),
    Layout(
        "collateral.csv",
        "What of the distributor's, or of consigned goods, stands against the credit.",
        _tables["collateral"],
        ("id",),
        (
            Column("code", "id", k.own_code("collateral"), "Your code of the collateral"),
            _distributor,
            Column(
                "kind",
                "kind",
                k.one_of("deposit", "property", "vehicle", "guarantee", "consigned_goods", "other"),
                "Kind",
            ),
            Column("description", "description", k.text(2000), "What it is"),
            optional("quantity", "quantity", k.decimal(3, 0), "How many", Decimal(1)),
            Column("value", "value_minor", k.money(0), "Value"),
            Column("recorded_on", "recorded_on", k.day(), "Recorded when"),
            optional("released_on", "released_on", k.day(), "Given back when"),
        ),
        checks=(later("recorded_on", "released_on"),),
    ),
    Layout(
        "ledger.csv",
        "Our ledger and the distributors' own books, line by line. Both are kept as seen from our side: a "
        "positive amount means that the distributor owes us more. A book copied with the distributor's own "
        "signs says sign = theirs; its amounts are turned around once, while loading.",
        _tables["ledger_entry"],
        ("distributor_id", "side", "entry_code"),
        (
            _distributor,
            Column("side", "side", k.one_of("ours", "theirs"), "Whose book"),
            optional(
                "entry",
                "entry_code",
                k.code(),
                "Document line; may be empty for theirs: made from the line's day, reference, amount and text",
                "",
            ),
            Column("on", "on", k.day(), "Day"),
            optional("reference", "reference", k.text(100), "Document number as written there", ""),
            Column(
                "kind",
                "kind",
                k.one_of("opening", "invoice", "payment", "return", "rebate", "claim", "other"),
                "Kind",
            ),
            Column("amount", "amount_minor", k.money(), "Amount with its sign"),
            optional("text", "text", k.text(300), "Text of the line", ""),
            optional(
                "sign",
                "sign",
                k.one_of("ours", "theirs"),
                "From whose side the amount is written; ours where empty",
                "ours",
            ),
        ),
        checks=(_ours_is_ours,),
        fill=_signed,
        complete=_their_codes,
    ),
    Layout(
        "open_items.csv",
        "Our open invoices, prepayments and payments not yet allocated (negative). The list of a distributor "
        "is whole: an older item that a newer list does not name is settled. If any row of the file is "
        "refused, nothing is settled.",
        _tables["open_item"],
        ("distributor_id", "document"),
        (
            _distributor,
            Column("document", "document", k.code(), "Document number"),
            Column("kind", "kind", k.one_of("invoice", "prepayment", "unapplied_payment"), "Kind"),
            Column("on", "on", k.day(), "Day of the document"),
            optional("due_on", "due_on", k.day(), "Due day"),
            Column("amount", "amount_minor", k.money(), "Amount with its sign"),
            Column("open", "open_minor", k.money(), "What is still open of it, with its sign"),
            Column("as_of_on", "as_of_on", k.day(), "Day of the list"),
        ),
        checks=(_open_within, _payments_lower),
        rest=_settled,
    ),
    Layout(
        "differences.csv",
        "Old differences between the two books that are still disputed. A difference is known by its lines, which "
        "must be in the ledger; its amount is that of the lines. It stands in every visit until it is closed. "
        "One that the comparison of the books does not find is settled at the next visit.",
        _tables["account_difference"],
        ("distributor_id", "entries_hash"),
        (
            _distributor,
            optional(
                "ours",
                "ours_lines",
                k.text(2000),
                "Lines of our ledger: their entry or document number, separated by ;",
                "",
            ),
            optional("theirs", "theirs_lines", k.text(2000), "Lines of the distributor's book, likewise", ""),
            optional(
                "reason", "reason", k.one_of(*REASONS), "Why the books differ; legacy where empty", "legacy"
            ),
            optional(
                "state", "state", k.one_of("open", "explained"), "Where it stands; open where empty", "open"
            ),
            optional("owner", "owner", k.text(LONGEST_OWNER), "Who clears it", ""),
            optional("due_on", "due_on", k.day(), "Until when"),
            optional("note", "note", k.text(2000), "Note", ""),
            Column("since", "since_on", k.day(), "Since when it stands"),
        ),
        checks=(_names_lines,),
        fill=_difference,
        at_first=_opened,
        guard=_unsaid,
    ),
)
