"""What half of the demo's distributors wrote in their own books: the same dealings, with every difference."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from data.demo.accounts import Account, Line
from data.demo.company import manager_of, person
from data.demo.dealings import Dealings
from data.demo.distributors import Place
from data.demo.rows import Rows, at, chance, demo_id
from data.their_book import difference_hash, line_codes


@dataclass(frozen=True)
class Theirs:
    """A line of a distributor's book, written from our side."""

    on: date
    reference: str
    kind: str
    minor: int
    text: str
    ours: tuple[Line, ...] = ()
    """Our entries that it stands for."""
    difference: str = ""
    """The kind of difference that it was given on purpose; empty for none."""


def has_book(place: Place) -> bool:
    """Whether the distributor showed its book."""
    return place.number % 2 == 1


def their_lines(account: Account, books: dict[str, Account], today: date) -> list[Theirs]:
    """A distributor's book: our lines in its own hand, and then the differences."""
    draw = chance("book", account.place.code)
    lines = [_copy(line, draw) for line in account.lines if not line.code.endswith("-2")]
    chosen = list(_DIFFERENCES) if account.place.story == "lead" else draw.sample(list(_DIFFERENCES), 4)
    for make in chosen:
        lines = make(lines, account, books, draw)
    return sorted(
        _timing(lines, account, today), key=lambda line: (line.on, line.reference, line.minor, line.text)
    )


def _copy(line: Line, draw: Random) -> Theirs:
    style = draw.randrange(6)
    reference = line.reference
    if line.kind == "invoice":
        full_width = reference.translate({c: c + 0xFEE0 for c in range(ord("0"), ord("z"))})
        reference = (
            reference,
            reference,
            reference.replace("-", ""),
            reference.lower(),
            full_width,
            f"No.{reference}",
        )[style]
    late = draw.choice((0, 0, 1, 2)) if line.kind == "invoice" else 0
    text = {"invoice": "进货", "payment": "付清泉货款", "opening": "上期余额"}.get(line.kind, line.text)
    return Theirs(line.on + timedelta(days=late), reference, line.kind, line.minor, text, (line,))


def _invoices(lines: list[Theirs]) -> list[int]:
    return [n for n, line in enumerate(lines) if line.kind == "invoice" and not line.difference]


def _swap(lines: list[Theirs], number: int, *instead: Theirs) -> list[Theirs]:
    return [*lines[:number], *instead, *lines[number + 1 :]]


def _amount(lines: list[Theirs], _a: Account, _b: dict[str, Account], draw: Random) -> list[Theirs]:
    number = _invoices(lines)[-6]
    damaged = 3_600 * draw.randrange(1, 11)
    line = replace(
        lines[number], minor=lines[number].minor - damaged, text="进货 扣破损", difference="amount_differs"
    )
    return _swap(lines, number, line)


def _cent(lines: list[Theirs], _a: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    number = _invoices(lines)[3]
    return _swap(lines, number, replace(lines[number], minor=lines[number].minor + 1, difference="rounding"))


def _twice(lines: list[Theirs], _a: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    line = lines[_invoices(lines)[4]]
    again = replace(line, on=line.on + timedelta(days=3), ours=(), difference="duplicate_in_theirs")
    return [*lines, again]


def _forgotten(lines: list[Theirs], _a: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    number = _invoices(lines)[-4]
    return _swap(lines, number)


def _claim(lines: list[Theirs], account: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    on = account.lines[-1].on - timedelta(days=6)
    line = Theirs(on, f"CX-{on:%m%d}", "claim", -120_000, "促销费用 业务员同意", difference="missing_in_ours")
    return [*lines, line]


def _legacy(lines: list[Theirs], account: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    on = account.lines[0].on + timedelta(days=1)
    line = Theirs(on, "", "rebate", -20_000, f"{on.year - 1}年3月返利", difference="missing_in_ours")
    return [*lines, line]


def _misposted(
    lines: list[Theirs], account: Account, books: dict[str, Account], _draw: Random
) -> list[Theirs]:
    """A delivery to another distributor, one without a book, was entered in this one's book."""
    others = [b for b in books.values() if not has_book(b.place) and b.place.region == account.place.region]
    other = [line for line in others[account.place.number % len(others)].lines if line.kind == "invoice"][12]
    line = Theirs(other.on, other.reference, "invoice", other.minor, "进货", difference="misposted")
    return [*lines, line]


def _wrong_sign(lines: list[Theirs], _a: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    number = next(n for n, line in enumerate(lines) if line.kind == "return")
    line = replace(lines[number], minor=-lines[number].minor, difference="amount_differs")
    return _swap(lines, number, line)


def _together(lines: list[Theirs], _a: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    """Two deliveries booked as one line that names both."""
    first, second = (lines[n] for n in _invoices(lines)[6:8])
    both = [line.ours[0].reference for line in (first, second)]
    line = replace(
        second,
        reference="/".join(both),
        minor=first.minor + second.minor,
        ours=first.ours + second.ours,
        text="进货 两单",
        difference="group",
    )
    return [x for x in lines if x not in (first, second)] + [line]


def _in_parts(lines: list[Theirs], _a: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    """One payment of ours stands in two parts under one reference."""
    number = next(n for n, line in enumerate(lines) if line.kind == "payment" and line.reference)
    line = lines[number]
    part = line.minor * 4 // 10
    return _swap(
        lines,
        number,
        replace(line, minor=part, difference="group"),
        replace(line, minor=line.minor - part, text="付清泉货款 尾款", difference="group"),
    )


def _typed_over(lines: list[Theirs], _a: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    number = _invoices(lines)[9]
    ours = lines[number].ours[0].reference
    line = replace(lines[number], reference=ours.replace("-2", "-7", 1), difference="typed_over")
    return _swap(lines, number, line)


def _no_reference(lines: list[Theirs], _a: Account, _b: dict[str, Account], _draw: Random) -> list[Theirs]:
    number = _invoices(lines)[11]
    return _swap(lines, number, replace(lines[number], reference="", difference="no_reference"))


_DIFFERENCES: tuple[Callable[[list[Theirs], Account, dict[str, Account], Random], list[Theirs]], ...] = (
    _amount,
    _cent,
    _twice,
    _forgotten,
    _claim,
    _legacy,
    _misposted,
    _wrong_sign,
    _together,
    _in_parts,
    _typed_over,
    _no_reference,
)


def _timing(lines: list[Theirs], account: Account, today: date) -> list[Theirs]:
    """The newest delivery is not yet in the book; a transfer of yesterday is not yet with us."""
    newest = max((line for line in lines if line.kind == "invoice"), key=lambda line: line.on)
    kept = [line for line in lines if line is not newest or line.difference]
    paid = Theirs(
        today - timedelta(days=1), "", "payment", -60_000, "付清泉货款", difference="missing_in_ours"
    )
    return [*kept, paid] if account.place.number % 4 == 1 else kept


def add_their_books(
    rows: Rows, dealings: Dealings, books: dict[str, Account], first_visits: dict[str, str]
) -> None:
    """Adds the distributors' books, and what people said of the differences found there."""
    today = dealings.today
    for account in books.values():
        if not has_book(account.place):
            continue
        lines = their_lines(account, books, today)
        import_id = _add_import(rows, account, len(lines), today)
        codes = line_codes((x.on, x.reference, x.minor, x.text) for x in lines)
        for code, line in zip(codes, lines, strict=True):
            rows.add(
                "ledger_entry",
                id=_id(account, code),
                distributor_id=account.place.id,
                side="theirs",
                entry_code=code,
                on=line.on,
                reference=line.reference,
                kind=line.kind,
                amount_minor=line.minor,
                text=line.text,
                import_id=import_id,
            )
        _add_differences(rows, account, dict(zip(codes, lines, strict=True)), today, first_visits)


def _id(account: Account, code: str) -> str:
    return demo_id("ledger_entry", account.place.code, "theirs", code)


def _add_import(rows: Rows, account: Account, count: int, today: date) -> str:
    import_id = demo_id("import", account.place.code)
    clerk = person("hejing" if account.place.region != "S1" else "tangyue")
    rows.add(
        "import",
        id=import_id,
        file_name=f"{account.place.short_name}往来账.csv",
        content_hash=difference_hash([import_id], []),
        distributor_id=account.place.id,
        as_of_on=today - timedelta(days=1),
        rows=count,
        loaded_by=clerk.id,
        loaded_at=at(today - timedelta(days=1), "17:20"),
    )
    return import_id


_SAID = {
    "missing_in_ours": ("claim_pending", "单据未交", "业务员", 7),
    "duplicate_in_theirs": ("posted_twice", "对方会计重复入账，已告知", "对方会计", 10),
    "amount_differs": ("damage", "破损未扣，等仓库签字", "内勤", 4),
}


def _add_differences(
    rows: Rows, account: Account, lines: dict[str, Theirs], today: date, first_visits: dict[str, str]
) -> None:
    for code, line in lines.items():
        if line.difference not in _SAID or line.on > today - timedelta(days=14):
            continue
        reason, note, owner, days = _SAID[line.difference]
        legacy = "返利" in line.text
        ours = [entry.id for entry in line.ours]
        rows.add(
            "account_difference",
            id=demo_id("account_difference", account.place.code, code),
            distributor_id=account.place.id,
            entries_hash=difference_hash(ours, [_id(account, code)]),
            kind=line.difference,
            amount_minor=sum(entry.minor for entry in line.ours) - line.minor,
            state="open" if legacy or days < 7 else "explained",
            reason="legacy" if legacy else reason,
            note="历史遗留，双方说法不一" if legacy else note,
            owner=manager_of(account.place.region).name if legacy else owner,
            due_on=today - timedelta(days=12) if legacy else today + timedelta(days=days),
            first_visit_id=first_visits.get(account.place.code),
            opened_at=_opened(today),
            changed_by=person(account.place.rep).id,
        )


def _opened(today: date) -> datetime:
    return at(today - timedelta(days=30), "11:00")
