"""Two books of the same dealings, line by line: what agrees, what differs, what to ask a person."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import InvalidInput
from core.reconciliation.books import Books, exact_sum, open_books, require_limit
from core.reconciliation.by_amount import match_amounts, propose_near_references
from core.reconciliation.by_group import match_groups
from core.reconciliation.by_reference import (
    ReferenceKeys,
    file_amount_differs,
    file_duplicates,
    match_listed,
    match_parts,
    match_references,
    propose_misposted,
)
from core.reconciliation.links import Link, file_confirmed, read_refused
from core.reconciliation.report import differences_table, matches_table, proposals_table


@dataclass(frozen=True)
class Reconciliation:
    """What `reconcile` found.

    Attributes:
        matches: A row an entry: `match_id`, `side` (`ours`, `theirs`), `entry_id`, `rule` (`confirmed`,
            `reference`, `group`, `amount_date`).
        differences: A row a difference: `difference_id`, `kind` (`amount_differs`, `duplicate_in_ours`,
            `duplicate_in_theirs`, `missing_in_ours`, `missing_in_theirs`, `rounding`), `our_ids` and
            `their_ids` (tuples), `amount_minor` = sum of ours − sum of theirs.
        proposals: A row a question to a person: `proposal_id`, `our_ids`, `their_ids` (tuples), `rule`
            (`misposted`, `amount_date`, `group`, `near_reference`).
        our_balance_minor: Sum of our ledger.
        their_balance_minor: Sum of theirs.
        matched_minor: Sum of our entries that stand in a match.
        not_tried: `(side, entry_id)` of each entry whose group search was cut.
        combinations: How many combinations the group search listed: the work that its bound limits.
    """

    matches: pd.DataFrame
    differences: pd.DataFrame
    proposals: pd.DataFrame
    our_balance_minor: int
    their_balance_minor: int
    matched_minor: int
    not_tried: tuple[tuple[str, object], ...]
    combinations: int


def reconcile(
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    *,
    date_window_days: int = 15,
    group_window_days: int = 45,
    amount_tolerance_minor: int = 0,
    max_group: int = 4,
    confirmed: Iterable[Link] | None = None,
    refused: Iterable[Link] | None = None,
) -> Reconciliation:
    """Compares two ledgers of the same dealings and explains the difference of their balances.

    Formula: our balance − their balance = sum of the differences, to the minor unit. The rules in their
        order, each entry used once: `confirmed`, reference and amount, several for one by reference, same
        reference with another amount, posted to another distributor, amount and date, groups by sum.
        docs/formulas_reconciliation.md has each rule and its cost.

    Args:
        ours: Our ledger: `entry_id` (once each), `date` (datetime64), `reference` (text), `amount_minor`
            (int64, + the distributor owes us more, within ±10^17), optional `distributor_id` (then in both
            ledgers; entries of different distributors are never matched) and `text`, of which only the
            number of documents is read that an entry without reference states ("2 docs").
        theirs: The distributor's ledger, written from our side.
        date_window_days: Days between the two entries of a match by amount and date, at most; and how long
            before a sum its members are booked, where several groups add up to it.
        group_window_days: Days between the one entry and each member of a group, at most.
        amount_tolerance_minor: How far two amounts of one reference may be apart and still match; what
            remains is a difference of kind `rounding`.
        max_group: Most members of a group found by its sum, 2 to 6.
        confirmed: A person's links, pairs of (our ids, their ids), applied before every rule.
        refused: Links that are never made and never proposed.

    Returns:
        The matches, differences and proposals. Every entry stands once: in a match, or in a difference
        other than `rounding`. The answer does not depend on the order of the rows.

    Raises:
        InvalidInput: a missing column, a wrong type, a repeated entry_id, a limit out of range, a confirmed
            link that cannot be.

    Source: house rules in docs/formulas_reconciliation.md.

    Example:
        >>> day = pd.to_datetime(["2026-11-02", "2026-11-09"])
        >>> our_book = pd.DataFrame(
        ...     {"entry_id": ["a", "b"], "date": day, "reference": ["INV-7", "8"], "amount_minor": [500, 900]}
        ... )
        >>> their_book = our_book.assign(reference=["inv 007", "№ 8"], amount_minor=[500, 990])
        >>> result = reconcile(our_book, their_book)
        >>> result.matches["entry_id"].tolist()
        ['a', 'a']
        >>> result.differences[["kind", "amount_minor"]].to_numpy().tolist()
        [['amount_differs', -90]]
    """
    require_limit("date_window_days", date_window_days, 0)
    require_limit("group_window_days", group_window_days, 0)
    require_limit("amount_tolerance_minor", amount_tolerance_minor, 0)
    require_limit("max_group", max_group, 2, 6)
    books = open_books(ours, theirs)
    not_again = read_refused(books, refused)
    links = file_confirmed(books, confirmed, amount_tolerance_minor)
    if any(not_again.holds(link) for link in links):
        raise InvalidInput("confirmed", "links that are not refused at the same time")
    keys = ReferenceKeys(books)
    match_references(books, keys, not_again, amount_tolerance_minor)
    file_duplicates(books, keys, amount_tolerance_minor)
    match_listed(books, keys, not_again, amount_tolerance_minor)
    match_parts(books, keys, not_again, amount_tolerance_minor)
    file_duplicates(books, keys, amount_tolerance_minor)
    file_amount_differs(books, keys, not_again)
    propose_misposted(books, keys, not_again)
    # Without the entries of other distributors that stood in between, rules 2 and 3 may hold.
    match_parts(books, keys, not_again, amount_tolerance_minor)
    file_amount_differs(books, keys, not_again)
    match_amounts(books, not_again, date_window_days)
    match_groups(books, not_again, group_window_days, date_window_days, max_group)
    propose_near_references(books, not_again, date_window_days)
    return _result(books)


def _result(books: Books) -> Reconciliation:
    ids = books.entry_id.iloc[books.not_tried[np.argsort(books.rank[books.not_tried])]]
    sides = np.where(books.theirs(ids.index.to_numpy()), "theirs", "ours")
    return Reconciliation(
        matches=matches_table(books),
        differences=differences_table(books),
        proposals=proposals_table(books),
        our_balance_minor=exact_sum(books.amount[: books.ours]),
        their_balance_minor=exact_sum(books.amount[books.ours :]),
        matched_minor=exact_sum(books.amount[: books.ours][books.match[: books.ours] >= 0]),
        not_tried=tuple(zip(sides.tolist(), ids.tolist(), strict=True)),
        combinations=books.combinations,
    )
