"""The words of the account screen: kinds, reasons and rules, a line of a ledger, the sentence on top."""

from datetime import date

from data.account_differences import REASONS, DifferenceRow
from data.company import CompanySettings
from data.ledgers import LedgerLine
from language import _, n_
from language.calendar import day
from language.formats import currency_symbol, money, number, sentences
from language.words import word
from ui.markup import plain
from ui.reconciliation_facts import Accounts, Difference
from ui.reconciliation_position import Position, bare, bucket_word, oldest_overdue

BALANCE = ":material/balance:"


def kind_word(kind: str) -> str:
    """What the comparison found."""
    return {
        "amount_differs": _("amount differs"),
        "duplicate_in_ours": _("twice in ours"),
        "duplicate_in_theirs": _("twice in theirs"),
        "missing_in_theirs": _("not in theirs"),
        "missing_in_ours": _("not in ours"),
        "rounding": _("rounding"),
        "balance_only": _("balance only"),
    }[kind]


def reason_word(reason: str) -> str:
    """Why the books differ, in the person's view."""
    words = {
        "timing": _("Timing"),
        "not_booked": _("Not booked yet"),
        "damage": _("Damage or shortage"),
        "price": _("Price differs"),
        "claim_pending": _("Claim pending"),
        "rebate": _("Rebate"),
        "posted_twice": _("Booked twice"),
        "wrong_amount": _("Wrong amount"),
        "other_distributor": _("Other distributor's"),
        "legacy": _("Legacy item"),
        "other": _("Other reason"),
    }
    return words[reason] if reason in REASONS else plain(reason)


def rule_word(rule: str) -> str:
    """By which rule lines belong together, or are thought to."""
    return {
        "confirmed": _("linked by hand"),
        "opening": _("opening balances"),
        "reference": _("same document and amount"),
        "group": _("several for one, same sum"),
        "amount_date": _("same amount, near days"),
        "near_reference": _("same amount, number nearly the same"),
        "misposted": _("a document of another distributor"),
    }[rule]


def line_name(line: LedgerLine, today: date) -> str:
    """A line in a few words: its day, what it is, and its document."""
    named = line.reference or line.text if line.kind != "opening" else ""
    return " ".join(filter(None, [day(line.on, today), word("ledger_entry.kind", line.kind), named]))


def line_choice(line: LedgerLine, company: CompanySettings, today: date) -> str:
    """A line to be chosen out of many."""
    return f"{line_name(line, today)} · {bare(line.amount_minor, company, sign=True)}"


def difference_name(difference: Difference, today: date) -> str:
    """What a difference is about."""
    if difference.kind == "balance_only":
        return _("Balance of {date}").format(date=day(difference.line.on, today))
    return line_name(difference.line, today)


def said_words(difference: Difference, today: date) -> str:
    """Why, who and until when, as Markdown; a day that has passed is red."""
    said = difference.said
    if said is None or not (said.reason or said.note or said.owner or said.due_on):
        return f":orange[:material/help: {_('No reason yet')}]"
    return row_words(said, today)


def row_words(said: DifferenceRow, today: date) -> str:
    """What was said of a difference, as `said_words`."""
    why = said.note or (reason_word(said.reason) if said.reason else _("No reason yet"))
    parts = [plain(why)]
    if said.visits > 1 and said.closed_at is None:
        count = n_("standing for {count} visit", "standing for {count} visits", said.visits)
        parts.append(count.format(count=number(said.visits)))
    closed = said.state in ("settled", "written_off")
    if closed:
        parts.append(word("account_difference.state", said.state))
    owner = plain(said.owner)
    if said.due_on and said.due_on < today and not closed:
        late = n_("{count} day late", "{count} days late", (today - said.due_on).days)
        late = late.format(count=number((today - said.due_on).days))
        parts.append(f":red[{' · '.join(filter(None, [owner, late]))}]")
    else:
        parts += [owner, day(said.due_on, today) if said.due_on else ""]
    return f":gray[{' · '.join(filter(None, parts))}]"


def title_facts(accounts: Accounts, position: Position, company: CompanySettings, today: date) -> str:
    """As of when each book is, and from where, for the line beside the title."""
    ours = position.credit.as_of_on if position.credit else None
    parts = [_("ours {date}").format(date=day(ours or accounts.books.our_as_of, today))]
    if accounts.books.is_shown:
        theirs = _("theirs {date}").format(date=day(accounts.books.their_as_of, today))
        source = accounts.books.source
        parts.append(theirs + (f" ({plain(source.file_name)})" if source and source.file_name else ""))
    return " · ".join([*parts, currency_symbol(company.currency)])


def sentence(accounts: Accounts, position: Position, company: CompanySettings) -> str:
    """Ours against theirs, explained and unexplained to the cent, and what is overdue."""
    overdue = position.credit.overdue_minor if position.credit else 0
    oldest = oldest_overdue(position.ages)
    text = _("Overdue {amount} ({bucket}).") if overdue and oldest else ""
    return sentences(
        books_sentence(accounts, company),
        text and text.format(amount=money(overdue, company.currency), bucket=bucket_word(oldest)),
    )


def books_sentence(accounts: Accounts, company: CompanySettings) -> str:
    """Ours against theirs, explained and unexplained to the cent."""
    parts = [_balance_words(accounts, company)]
    if accounts.differences:
        count = len(accounts.differences)
        open_minor = sum(each.amount_minor for each in accounts.unexplained)
        parts.append(
            n_(
                "{count} difference: explained {explained}, unexplained {unexplained}.",
                "{count} differences: explained {explained}, unexplained {unexplained}.",
                count,
            ).format(
                count=number(count),
                explained=money(accounts.explained, company.currency),
                unexplained=money(open_minor, company.currency),
            )
        )
    return sentences(*parts)


def own_gap(accounts: Accounts, position: Position, company: CompanySettings) -> str:
    """Where our own ledger and our own open items do not add up, that they do not; empty where they do."""
    if accounts.our_balance is None or position.credit is None or position.credit.as_of_on is None:
        return ""
    gap = accounts.our_balance - int(position.ages.sum())
    if gap == 0:
        return ""
    text = _("Our own ledger and our open items differ by {amount}: ask the office.").format(
        amount=money(gap, company.currency, sign=True)
    )
    return f":orange[:material/warning: :small[{text}]]"


def _balance_words(accounts: Accounts, company: CompanySettings) -> str:
    ours, theirs = accounts.our_balance, accounts.their_balance
    if ours is None or theirs is None:
        return f":orange[{BALANCE}] " + _one_balance(ours, theirs, company)
    rest = ours - theirs
    if rest == 0 and not accounts.differences:
        return ":green[:material/check_circle:] " + _("**Both books agree to the cent: {amount}.**").format(
            amount=money(ours, company.currency)
        )
    text = (
        _("**Both balances are {amount}.**").format(amount=money(ours, company.currency))
        if rest == 0
        else _("**Ours is {amount} more than theirs.**").format(amount=money(rest, company.currency))
        if rest > 0
        else _("**Ours is {amount} less than theirs.**").format(amount=money(-rest, company.currency))
    )
    return f":orange[{BALANCE}] {text}"


def _one_balance(ours: int | None, theirs: int | None, company: CompanySettings) -> str:
    """What is known where at most one of the books is there."""
    if ours is not None:
        owed = (
            _("**No book was shown yet.** By ours they owe {amount}.")
            if ours >= 0
            else _("**No book was shown yet.** By ours we owe them {amount}.")
        )
        return owed.format(amount=money(abs(ours), company.currency))
    if theirs is None:
        return _("**No ledger of ours is loaded for this distributor**, and no book was shown yet.")
    text = _("**No ledger of ours is loaded for this distributor.** Their book's balance is {amount}.")
    return text.format(amount=money(theirs, company.currency))
