"""The three lists of the account screen: differences, proposals, and what agrees."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from data.account_links import link_entries
from data.identifiers import new_id
from data.ledgers import LedgerLine
from data.visit_steps import set_step
from language import _
from language.formats import number
from ui import icons, saving
from ui.list_row import ICON_WIDTH, list_row
from ui.markup import plain, small
from ui.names import name_of
from ui.reconciliation_bridge import draw_bridge
from ui.reconciliation_dialogs import CLOSED, ask_link, ask_unlink, show_difference
from ui.reconciliation_facts import Accounts, Difference, Pairing
from ui.reconciliation_position import bare
from ui.reconciliation_words import (
    difference_name,
    kind_word,
    line_name,
    reason_word,
    row_words,
    rule_word,
    said_words,
)
from ui.visit_frame import VisitPage

Row = TypeVar("Row")

FIGURE_WIDTH = 150
"""Pixels of an amount."""
ROWS = 15
"""Rows drawn at a time; the others are a touch away."""


def offer_skip(page: VisitPage) -> None:
    """Where no book was shown the step is skipped with that as its reason; our side stays readable."""
    if page.is_editable and page.visit.state != "planned":
        text = _("The book was not shown today")
        if st.button(text, key="no_book", icon=":material/do_not_disturb_on:"):
            saving.save(set_step, page.visit.id, "accounts", "skipped", reason=text)
            st.rerun()


def draw_differences(page: VisitPage, accounts: Accounts) -> None:
    """Every difference with its kind, what was said of it and its amount; then the bridge."""
    _carried(page, accounts)
    if not accounts.differences:
        if accounts.our_balance is None:
            st.markdown(small(_("Nothing to compare with: no ledger of ours is loaded.")))
        elif accounts.books.is_shown:
            st.markdown(f":green[:material/check_circle: {_('Nothing differs: both books agree.')}]")
        else:
            st.markdown(
                small(_("Nothing to compare yet: show their book as a file, by its lines or its balance."))
            )
        return
    paged("differences", accounts.differences, lambda row: _difference_row(page, row))
    draw_bridge(accounts, page.company)


def _carried(page: VisitPage, accounts: Accounts) -> None:
    """Old differences stand here also where the book that they would be found in is not there."""
    for row in accounts.carried:
        beside = list_row()
        why = reason_word(row.reason) if row.reason else _("No reason yet")
        told = f"**{why}** :gray-badge[{kind_word(row.kind)}]  \n:small[{row_words(row, page.today)}]"
        beside.markdown(told, width="stretch")
        figure = f"**{bare(row.amount_minor, page.company, sign=True)}**"
        beside.markdown(figure, width=FIGURE_WIDTH, text_alignment="right")
        # Where the others have their button.
        beside.space(ICON_WIDTH)


def _difference_row(page: VisitPage, row: Difference) -> None:
    beside = list_row()
    name = plain(difference_name(row, page.today))
    told = f"**{name}** :gray-badge[{kind_word(row.kind)}]  \n:small[{said_words(row, page.today)}]"
    beside.markdown(told, width="stretch")
    figure = f"**{bare(row.amount_minor, page.company, sign=True)}**"
    beside.markdown(figure, width=FIGURE_WIDTH, text_alignment="right")
    if beside.button(
        "", key=f"difference_{row.key[:16]}", icon=icons.DETAILS, help=_("Details"), width=ICON_WIDTH
    ):
        show_difference(page, row)


def draw_proposals(page: VisitPage, accounts: Accounts) -> None:
    """Questions: do these lines belong together? Nothing is taken for agreed until a person says so."""
    if not accounts.proposals:
        st.markdown(small(_("Nothing to ask: no further lines look alike.")))
    paged("proposals", accounts.proposals, lambda row: _proposal_row(page, accounts, row))
    _link_by_hand(page, accounts)


def _proposal_row(page: VisitPage, accounts: Accounts, row: Pairing) -> None:
    text, figure, answers = st.columns([4.6, 1.7, 2.6], vertical_alignment="center")
    ours = " + ".join(_named(line, page) for line in row.ours)
    theirs = " + ".join(_named(line, page) for line in row.theirs)
    text.markdown(f"{_('ours')} **{ours}**  \n{_('theirs')} **{theirs}**  \n{small(rule_word(row.rule))}")
    figure.markdown(_amounts(row, page), text_alignment="right")
    key = "_".join(line.id[-12:] for line in (row.ours[0], row.theirs[0]))
    with answers.container(horizontal=True, horizontal_alignment="right", gap="small"):
        agreed, refused = _answer_words(row)
        if st.button(agreed, key=f"agree_{key}", disabled=not page.is_editable):
            _agree(page, accounts, row)
        if st.button(refused, key=f"refuse_{key}", disabled=not page.is_editable):
            _say(page, row, "refused")
            st.rerun()


def _answer_words(row: Pairing) -> tuple[str, str]:
    if row.rule == "misposted":
        return _("Other's"), _("No")
    return (_("Same") if _is_even(row) else _("Choose")), _("No")


def _agree(page: VisitPage, accounts: Accounts, row: Pairing) -> None:
    if row.rule == "misposted":
        ids = {line.id for line in row.theirs}
        found = [each for each in accounts.differences if {line.id for line in each.theirs} == ids]
        if found:
            show_difference(page, found[0], suggested="other_distributor")
    elif _is_even(row):
        _say(page, row, "confirmed")
        st.rerun()
    else:
        ask_link(page, accounts, row)


def _say(page: VisitPage, row: Pairing, verdict: str) -> None:
    saving.save(
        link_entries,
        page.visit.id,
        new_id(),
        [line.id for line in row.ours],
        [line.id for line in row.theirs],
        verdict,
        reason=rule_word(row.rule),
        visit_id=page.visit.id,
        step="accounts",
    )


def _is_even(row: Pairing) -> bool:
    return row.amount_minor == sum(line.amount_minor for line in row.theirs)


def _amounts(row: Pairing, page: VisitPage) -> str:
    ours = bare(row.amount_minor, page.company, sign=True)
    if _is_even(row):
        return f"**{ours}**"
    theirs = bare(sum(line.amount_minor for line in row.theirs), page.company, sign=True)
    return f"**{ours}**  \n**{theirs}**"


def draw_matches(page: VisitPage, accounts: Accounts) -> None:
    """What agrees, with the rule that says so; a person can part it."""
    if not accounts.matches:
        st.markdown(small(_("Nothing agrees yet.")))
    paged("matches", accounts.matches, lambda row: _match_row(page, row))
    _link_by_hand(page, accounts)


def _match_row(page: VisitPage, row: Pairing) -> None:
    beside = list_row()
    name = " + ".join(_named(line, page) for line in (row.ours or row.theirs))
    other = " + ".join(plain(line.reference or line.text) for line in row.theirs)
    facts = [rule_word(row.rule), _("theirs: {lines}").format(lines=other) if other.strip(" +") else ""]
    if row.link is not None:
        by = plain(name_of(row.link.linked_by, row.link.linked_by_en))
        facts = [f"{rule_word(row.rule)} ({by})", *facts[1:]]
    told = f":gray[:material/check:] **{name}**  \n{small(' · '.join(filter(None, facts)))}"
    beside.markdown(told, width="stretch")
    figure = bare(row.amount_minor, page.company, sign=True)
    beside.markdown(figure, width=FIGURE_WIDTH, text_alignment="right")
    key = f"match_{(*row.ours, *row.theirs)[0].id}"
    if beside.button("", key=key, icon=icons.DETAILS, help=_("Details"), width=ICON_WIDTH):
        ask_unlink(page, row)


def _link_by_hand(page: VisitPage, accounts: Accounts) -> None:
    possible = accounts.books.theirs and len(accounts.differences) > 1
    if (
        page.is_editable
        and possible
        and st.button(_("Link lines by hand"), key="link_by_hand", icon=":material/link:")
    ):
        ask_link(page, accounts, None)


def _named(line: LedgerLine, page: VisitPage) -> str:
    name = plain(line_name(line, page.today))
    if line.distributor:
        name += f" ({plain(name_of(line.distributor, line.distributor_en))})"
    return name


@st.fragment
def paged(key: str, rows: Sequence[Row], draw: Callable[[Row], None]) -> None:
    """Rows that are looked at and opened: turning a page, or opening a row, draws only the list anew."""
    if st.session_state.pop(CLOSED, False):
        # Closing a dialog draws what opened it, which is this list as it was before.
        st.rerun()
    draw_page(key, rows, draw)


def draw_page(key: str, rows: Sequence[Row], draw: Callable[[Row], None]) -> None:
    """Draws the rows of one page at a time, with the numbers of the pages below."""
    pages = max(1, -(-len(rows) // ROWS))
    # A list that becomes shorter gets a pager of its own, at the page that was open as far as there is one.
    pager = f"page_{key}_{pages}"
    held = min(st.session_state.get(pager, st.session_state.get(f"at_{key}", 1)), pages)
    st.session_state[f"at_{key}"] = held
    start = (held - 1) * ROWS
    with st.container(gap="xxsmall"):
        for row in rows[start : start + ROWS]:
            draw(row)
    if pages > 1:
        with st.container(key=f"touch_pages_{key}", horizontal=True, vertical_alignment="center"):
            st.pagination(pages, key=pager, default=held)
            last = min(start + ROWS, len(rows))
            text = _("{first} to {last} of {all}").format(
                first=number(start + 1), last=number(last), all=number(len(rows))
            )
            st.markdown(small(text), width="content")
