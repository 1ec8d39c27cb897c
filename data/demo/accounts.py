"""The demo's own ledger of half a year: invoices from deliveries, payments, returns, rebates, open items."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from data.demo.dealings import Dealings, document, line_minor
from data.demo.distributors import PLACES, Place
from data.demo.rows import Rows, chance, demo_id

LEDGER_WEEKS = 26
OPENING_WEEKS = 4


@dataclass(frozen=True)
class Line:
    """An entry of our ledger, written from our side: positive is owed to us."""

    place: Place
    code: str
    on: date
    reference: str
    kind: str
    minor: int
    text: str

    @cached_property
    def id(self) -> str:
        """The id of the entry's row."""
        return demo_id("ledger_entry", self.place.code, "ours", self.code)


@dataclass
class Account:
    """What one distributor owes: its ledger, its open items and its credit term."""

    place: Place
    term_days: int
    lines: list[Line] = field(default_factory=list)
    items: list[tuple[str, str, date, date | None, int, int]] = field(default_factory=list)
    """Open items: document, kind, date, due date, amount, still open."""

    @property
    def balance(self) -> int:
        """The receivable in minor units."""
        return sum(line.minor for line in self.lines)

    @property
    def gross(self) -> int:
        """The open invoices in minor units, before payments not yet allocated."""
        return sum(open_minor for *_, open_minor in self.items if open_minor > 0)

    def overdue(self, day: date) -> int:
        """The open invoices due before a day, in minor units."""
        return sum(i[5] for i in self.items if i[3] is not None and i[3] < day and i[5] > 0)


def accounts(dealings: Dealings) -> dict[str, Account]:
    """The account of every distributor that was ever delivered to, by its code."""
    return {p.code: _account(dealings, p) for p in PLACES if not p.is_new}


def _account(dealings: Dealings, place: Place) -> Account:
    draw = chance("account", place.code)
    account = Account(place, term_days=(30, 30, 45, 21)[place.number % 4])
    invoices = _invoices(dealings, place)
    start = dealings.today - timedelta(weeks=LEDGER_WEEKS)
    before = [i for i in invoices if i.on < start][-OPENING_WEEKS:]
    opening = Line(place, "OPENING", start, "", "opening", sum(i.minor for i in before), "期初余额")
    account.lines = [opening, *(i for i in invoices if i.on >= start)]
    slack = draw.choice((0, 2, 4, 8, 14, 20))
    account.lines += _payments(dealings, account, before, slack)
    account.lines += _credits(dealings, place, account)
    if place.number % 8 == 3:
        account.lines.append(_posted_twice(account))
    account.lines.sort(key=lambda line: (line.on, line.code))
    account.items = _open_items(account)
    return account


def _invoices(dealings: Dealings, place: Place) -> list[Line]:
    invoices = []
    for week, goods in sorted(dealings.deliveries[place.code].items()):
        on = dealings.delivered_on(place, week)
        if on < dealings.today:
            minor = sum(line_minor(item, quantity, on, dealings.today) for item, quantity in goods)
            number = document(place, week)
            invoices.append(Line(place, number, on, number, "invoice", minor, f"发货单 {number}"))
    return invoices


def _posted_twice(account: Account) -> Line:
    """A mistake of our own office: an invoice of some months ago stands in our ledger twice."""
    line = [line for line in account.lines if line.kind == "invoice"][10]
    return replace(line, code=f"{line.code}-2", on=line.on + timedelta(days=1))


def _payments(dealings: Dealings, account: Account, before: list[Line], slack: int) -> list[Line]:
    """Every second Friday the distributor pays what is due, several invoices with one transfer."""
    place, today = account.place, dealings.today
    waiting = before + [line for line in account.lines if line.kind == "invoice"]
    payday = today - timedelta(weeks=LEDGER_WEEKS) + timedelta(days=3 + place.number % 11)
    payments = []
    while payday < today:
        due = [i for i in waiting if i.on + timedelta(days=account.term_days + slack) <= payday]
        waiting = [i for i in waiting if i not in due]
        if due:
            last = payday + timedelta(days=14) >= today
            # The last transfer of some covers only part of what was due.
            minor = sum(i.minor for i in due) * (60 if last and place.number % 3 == 0 else 100) // 100
            code = f"SK-{payday:%y%m%d}-{place.number:02d}"
            text = "银行转账 " + " ".join(i.reference for i in due)
            payments.append(Line(place, code, payday, code, "payment", -minor, text))
        payday += timedelta(days=14)
    return payments


def _credits(dealings: Dealings, place: Place, account: Account) -> list[Line]:
    today = dealings.today
    draw = chance("credits", place.code)
    monthly = sum(line.minor for line in account.lines if line.kind == "invoice") // 6
    wanted = [
        (today - timedelta(days=95), "FL", "rebate", monthly * 3 // 100, "季度返利"),
        (
            today - timedelta(days=20 + draw.randrange(120)),
            "TH",
            "return",
            6000 + draw.randrange(60) * 500,
            "破损退货",
        ),
        (today - timedelta(days=10 + draw.randrange(60)), "FY", "claim", 120_000, "促销费用核销"),
    ]
    lines = [
        Line(
            place,
            f"{mark}-{on:%y%m%d}-{place.number:02d}",
            on,
            f"{mark}-{on:%y%m%d}-{place.number:02d}",
            kind,
            -minor,
            text,
        )
        for on, mark, kind, minor, text in wanted
        if kind != "claim" or place.number % 2
    ]
    if place.number % 6 == 1:
        on = today - timedelta(days=3)
        code = f"SK-{on:%y%m%d}-{place.number:02d}Z"
        lines.append(Line(place, code, on, "", "payment", -500_000, "银行转账 用途待核"))
    if place.number % 9 == 4:
        on = today - timedelta(days=6)
        code = f"YF-{on:%y%m%d}-{place.number:02d}"
        lines.append(Line(place, code, on, code, "payment", -1_000_000, "预付货款"))
    return lines


def _open_items(account: Account) -> list[tuple[str, str, date, date | None, int, int]]:
    """Credits settle the oldest debts first; what names no invoice yet stays on account."""
    aside = [line for line in account.lines if line.kind == "payment" and _stays(line)]
    credit = -sum(line.minor for line in account.lines if line.minor < 0 and line not in aside)
    items: list[tuple[str, str, date, date | None, int, int]] = []
    for line in account.lines:
        if line.minor > 0:
            paid = min(credit, line.minor)
            credit -= paid
            if paid < line.minor:
                due = line.on + timedelta(days=account.term_days)
                items.append((line.code, "invoice", line.on, due, line.minor, line.minor - paid))
    if credit:
        last = max((line for line in account.lines if line.kind == "payment"), key=lambda line: line.on)
        items.append((f"{last.code}-R", "prepayment", last.on, None, -credit, -credit))
    for line in aside:
        kind = "prepayment" if line.code.startswith("YF") else "unapplied_payment"
        items.append((line.code, kind, line.on, None, line.minor, line.minor))
    return items


def _stays(line: Line) -> bool:
    return line.code.startswith("YF") or line.code.endswith("Z")


def add_accounts(rows: Rows, dealings: Dealings, books: dict[str, Account]) -> None:
    """Adds our ledgers and the open items as of the day before today."""
    for account in books.values():
        for line in account.lines:
            rows.add(
                "ledger_entry",
                id=line.id,
                distributor_id=line.place.id,
                side="ours",
                entry_code=line.code,
                on=line.on,
                reference=line.reference,
                kind=line.kind,
                amount_minor=line.minor,
                text=line.text,
            )
        for number, kind, on, due, minor, open_minor in account.items:
            rows.add(
                "open_item",
                id=demo_id("open_item", account.place.code, number),
                distributor_id=account.place.id,
                document=number,
                kind=kind,
                on=on,
                due_on=due,
                amount_minor=minor,
                open_minor=open_minor,
                as_of_on=dealings.today - timedelta(days=1),
            )
