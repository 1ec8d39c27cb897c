"""The confirmation letter (对账确认函): how our balance arises, what differs, and the distributor's answer."""

from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer, Table

from documents import paper
from documents.paper import Column, Signature
from language import _, n_, speaking
from language.calendar import day
from language.formats import MISSING, money, number
from language.words import word

STAMP_HEIGHT = 40 * mm
"""A company's stamp is round, some four centimetres across."""
ANSWER_HEIGHT = 125 * mm
"""The distributor's half is signed as one: it begins a page where it does not fit below the figures."""
BOX = "□"


@dataclass(frozen=True)
class Movement:
    """What one kind of entries adds to our balance: how many there are and their sum in minor units."""

    kind: str
    count: int
    minor: int


@dataclass(frozen=True)
class Age:
    """A part of the receivable by age: its words, and its amount in minor units."""

    name: str
    minor: int


@dataclass(frozen=True)
class OpenDifference:
    """A difference between the books: what it is about, why, who clears it until when, ours less theirs."""

    name: str
    reason: str
    owner: str
    due_on: date | None
    minor: int


@dataclass(frozen=True)
class ConfirmationLetter:
    """Everything that the letter shows; money in minor units.

    Args:
        company: Our company.
        distributor: The distributor's full name.
        distributor_code: Its code.
        rep: Who made the letter.
        number: The letter's number.
        version: Its version, from 1.
        figures_hash: Hash of the figures, in hexadecimal.
        from_on: First day of the period.
        as_of_on: The day to which the balance goes.
        currency: Code of ISO 4217.
        opening: The balance before the period; 0 where the ledger begins with it.
        movements: The entries of the period by kind.
        our_balance: Our balance, the opening and all movements.
        ages: The receivable by age.
        differences: Every difference; they sum to our balance less theirs.
        their_balance: The balance of the distributor's own book; `None` when it was not shown.
        signed_by: Who signed for the distributor; empty when nobody has yet.
        signature: The signature as a picture (PNG).
        signed_on: The day of signing.
    """

    company: str
    distributor: str
    distributor_code: str
    rep: str
    number: str
    version: int
    figures_hash: str
    from_on: date
    as_of_on: date
    currency: str
    opening: int
    movements: tuple[Movement, ...]
    our_balance: int
    ages: tuple[Age, ...] = ()
    differences: tuple[OpenDifference, ...] = ()
    their_balance: int | None = None
    signed_by: str = ""
    signature: bytes | None = None
    signed_on: date | None = None


def confirmation_letter_pdf(letter: ConfirmationLetter, language: str) -> bytes:
    """Prints the letter on A4.

    Args:
        letter: What it shows.
        language: `zh` or `en`; what people wrote stays as they wrote it.

    Returns:
        The PDF file; the same letter gives the same bytes.

    Raises:
        InvalidInput: no such language, currency or kind of entry.
    """
    with speaking(language):
        blocks = [
            *_head(letter),
            *_balance(letter),
            *_ages(letter),
            *_differences(letter),
            *_answer(letter),
        ]
        name = _("Account confirmation {number}, version {version}").format(
            number=letter.number, version=letter.version
        )
        foot = f"{name} · {letter.figures_hash[:16]}"
        return paper.pdf(blocks, name=name, author=letter.company, foot=foot)


def _head(letter: ConfirmationLetter) -> list[Flowable]:
    period = _("{first} to {last}").format(first=day(letter.from_on), last=day(letter.as_of_on))
    facts = [
        letter.distributor_code,
        _("number {number}").format(number=letter.number),
        _("version {version}").format(version=letter.version),
        _("period {period}").format(period=period),
    ]
    text = _(
        "To {distributor}: by our books your balance as of {date} is {amount}. Please compare it with yours."
    ).format(
        distributor=letter.distributor,
        date=day(letter.as_of_on),
        amount=money(letter.our_balance, letter.currency),
    )
    return [
        paper.note(f"{letter.company} · {_('Account confirmation')}"),
        paper.title(letter.distributor),
        paper.note(" · ".join(filter(None, facts))),
        paper.body(text),
    ]


def _balance(letter: ConfirmationLetter) -> list[Flowable]:
    """How our balance arises: opening, what was added and taken, and the result."""
    columns = [
        Column(_("How our balance arises"), 50),
        Column(_("Entries"), 15, right=True),
        Column(_("Amount"), 25, right=True),
    ]
    rows = [[_("Balance before {date}").format(date=day(letter.from_on)), "", _money(letter, letter.opening)]]
    rows += [
        [
            word("ledger_entry.kind", each.kind),
            number(each.count),
            money(each.minor, letter.currency, sign=True),
        ]
        for each in letter.movements
    ]
    rows.append(
        [
            _("Our balance as of {date}").format(date=day(letter.as_of_on)),
            "",
            _money(letter, letter.our_balance),
        ]
    )
    return [*paper.heading(_("Our balance")), paper.table(columns, rows)]


def _ages(letter: ConfirmationLetter) -> list[Flowable]:
    if not letter.ages:
        return []
    columns = [Column(_("Age of the open items"), 65), Column(_("Amount"), 25, right=True)]
    rows = [[each.name, _money(letter, each.minor)] for each in letter.ages]
    rows.append([_("Together"), _money(letter, sum(each.minor for each in letter.ages))])
    return [*paper.heading(_("How old it is")), paper.table(columns, rows)]


def _differences(letter: ConfirmationLetter) -> list[Flowable]:
    """From our balance to the distributor's, line by line."""
    blocks = paper.heading(_("From our balance to yours"))
    if letter.their_balance is None:
        return [*blocks, paper.note(_("Your book was not shown; there is nothing to compare yet."))]
    if not letter.differences:
        return [*blocks, paper.note(_("Both books agree to the cent."))]
    columns = [
        Column(_("Difference"), 32),
        Column(_("Reason"), 20),
        Column(_("Who, until when"), 22),
        Column(_("Ours − yours"), 20, right=True),
    ]
    rows = [
        [
            each.name,
            each.reason or _("not explained yet"),
            "\n".join(filter(None, [each.owner, day(each.due_on) if each.due_on else ""])) or MISSING,
            money(each.minor, letter.currency, sign=True),
        ]
        for each in letter.differences
    ]
    total = sum(each.minor for each in letter.differences)
    count = n_("{count} difference", "{count} differences", len(rows)).format(count=number(len(rows)))
    rows.append([count, "", "", money(total, letter.currency, sign=True)])
    rows.append([_("Your balance"), "", "", _money(letter, letter.their_balance)])
    return [*blocks, paper.table(columns, rows)]


def _answer(letter: ConfirmationLetter) -> list[Flowable]:
    """The distributor's half: it agrees, or gives its own figure; signatures and room for the stamps."""
    ours = money(letter.our_balance, letter.currency)
    agree = _("The balance of {amount} as of {date} is right.").format(amount=ours, date=day(letter.as_of_on))
    own = "____________________"
    if letter.their_balance is not None and letter.their_balance != letter.our_balance:
        own = _money(letter, letter.their_balance)
    differ = _(
        "By our own book it is {amount}; the differences are those above: ____________________"
    ).format(amount=own)
    signatures = paper.signatures(
        [
            Signature(letter.company, letter.rep),
            Signature(
                letter.distributor,
                letter.signed_by,
                day(letter.signed_on) if letter.signed_on else "",
                letter.signature,
            ),
        ]
    )
    half = paper.WIDTH / 2
    stamps = Table(
        [[paper.note(_("Stamp")), paper.note(_("Stamp"))]],
        colWidths=[half, half],
        rowHeights=[STAMP_HEIGHT],
        style=[
            ("BOX", (0, 0), (0, 0), 0.7, paper.LINE),
            ("BOX", (1, 0), (1, 0), 0.7, paper.LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ],
    )
    return [
        CondPageBreak(ANSWER_HEIGHT),
        *paper.heading(_("Answer of the distributor")),
        paper.body(f"{BOX} {agree}"),
        paper.body(f"{BOX} {differ}"),
        paper.note(_("This letter only serves to compare the books; it is no demand for payment.")),
        signatures,
        Spacer(1, 2 * mm),
        stamps,
        Spacer(1, 2 * mm),
        paper.note(_("Hash of the figures: {hash}").format(hash=letter.figures_hash)),
    ]


def _money(letter: ConfirmationLetter, minor: int) -> str:
    return money(minor, letter.currency)
