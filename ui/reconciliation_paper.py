"""What stands on a confirmation letter, and the letter's file when it is asked for."""

from collections.abc import Callable
from datetime import date

from data.database import database
from data.engine import reading
from data.errors import NotAllowed
from data.letters import letter_content
from data.sign_in import signed_in_user
from documents.confirmation_letter import (
    Age,
    ConfirmationLetter,
    Movement,
    OpenDifference,
    confirmation_letter_pdf,
)
from language import speaking
from ui import clock, current_user
from ui.current_user import CurrentUser
from ui.names import name_of
from ui.reconciliation_facts import Accounts
from ui.reconciliation_position import BUCKET_SIGNS, Position, bucket_word
from ui.reconciliation_words import difference_name, kind_word, reason_word
from ui.visit_frame import VisitPage

KINDS = ("invoice", "payment", "return", "rebate", "claim", "other")
Figures = dict[str, object]


def as_of(page: VisitPage, accounts: Accounts, position: Position) -> date:
    """The day to which our balance goes."""
    told = position.credit.as_of_on if position.credit else None
    return max(filter(None, [told, accounts.books.our_as_of]), default=page.today)


def figures_of(page: VisitPage, accounts: Accounts, position: Position) -> Figures:
    """The figures of the letter: the same in every language, hashed, and kept with it."""
    ours = accounts.books.ours
    return {
        "distributor": page.visit.distributor_id,
        "currency": page.company.currency,
        "from": min((line.on for line in ours), default=page.today).isoformat(),
        "as_of": as_of(page, accounts, position).isoformat(),
        "opening_minor": sum(line.amount_minor for line in ours if line.kind == "opening"),
        "movements_minor": {
            kind: [sum(line.kind == kind for line in ours), _sum(accounts, kind)] for kind in KINDS
        },
        "our_balance_minor": accounts.our_balance,
        "their_balance_minor": accounts.their_balance,
        "ages_minor": {bucket: int(position.ages[bucket]) for bucket in BUCKET_SIGNS},
        "differences": [
            {
                "key": each.key,
                "kind": each.kind,
                "reason": each.said.reason if each.said else "",
                "state": each.state,
                "minor": each.amount_minor,
            }
            for each in sorted(accounts.differences, key=lambda each: each.key)
        ],
    }


def _sum(accounts: Accounts, kind: str) -> int:
    return sum(line.amount_minor for line in accounts.books.ours if line.kind == kind)


def print_letter(
    page: VisitPage,
    accounts: Accounts,
    position: Position,
    *,
    language: str,
    number: str,
    version: int,
    figures_hash: str,
    code: str,
    signed_by: str = "",
    signature: bytes | None = None,
) -> bytes:
    """Prints the letter in a language, with the signature where there is one."""
    if accounts.our_balance is None:
        raise NotAllowed("Making the letter", "no ledger of ours is loaded")
    with speaking(language):
        letter = ConfirmationLetter(
            company=name_of(page.company.name, page.company.name_en),
            distributor=name_of(page.visit.distributor, page.visit.distributor_en),
            distributor_code=code,
            rep=name_of(page.visit.rep, page.visit.rep_en),
            number=number,
            version=version,
            figures_hash=figures_hash,
            from_on=min((line.on for line in accounts.books.ours), default=page.today),
            as_of_on=as_of(page, accounts, position),
            currency=page.company.currency,
            opening=sum(line.amount_minor for line in accounts.books.ours if line.kind == "opening"),
            movements=_movements(accounts),
            our_balance=accounts.our_balance,
            ages=tuple(
                Age(bucket_word(bucket), int(position.ages[bucket]))
                for bucket in BUCKET_SIGNS
                if position.ages[bucket]
            ),
            differences=_differences(page, accounts),
            their_balance=accounts.their_balance,
            signed_by=signed_by,
            signature=signature,
            signed_on=page.today if signature else None,
        )
        return confirmation_letter_pdf(letter, language)


def _movements(accounts: Accounts) -> tuple[Movement, ...]:
    counts = {kind: sum(line.kind == kind for line in accounts.books.ours) for kind in KINDS}
    return tuple(Movement(kind, count, _sum(accounts, kind)) for kind, count in counts.items() if count)


def _differences(page: VisitPage, accounts: Accounts) -> tuple[OpenDifference, ...]:
    rows = []
    for each in accounts.differences:
        said = each.said
        why = (
            " · ".join(filter(None, [reason_word(said.reason) if said.reason else "", said.note]))
            if said
            else ""
        )
        rows.append(
            OpenDifference(
                name=f"{difference_name(each, page.today)} ({kind_word(each.kind)})",
                reason=why,
                owner=said.owner if said else "",
                due_on=said.due_on if said else None,
                minor=each.amount_minor,
            )
        )
    return tuple(rows)


def file_maker(user: CurrentUser, letter_id: str) -> Callable[[], bytes]:
    """Fetches a letter when it is asked for, in a thread where no page is drawn: asks again who it is."""
    token = current_user.session_token()

    def make() -> bytes:
        with reading(database()) as session:
            if signed_in_user(session, token, clock.now()) is None:
                raise NotAllowed("Printing", "you are signed out")
            return letter_content(session, user.actor, letter_id)

    return make
