"""What a manager sees of a distributor's open differences, and his word to write one off."""

import streamlit as st

from data.account_differences import DifferenceRow, write_off
from language import _
from language.calendar import day
from language.formats import money
from language.words import word
from ui import saving
from ui.current_user import CurrentUser
from ui.markup import plain, small
from ui.reconciliation_reading import accounts_of
from ui.reconciliation_words import books_sentence, kind_word, reason_word


def draw_open_differences(user: CurrentUser, distributor_id: str) -> None:
    """Both books in a sentence, as the account screen says it, and the differences that somebody took up.

    Those that are not closed stand there, the largest first; a manager writes one off here.
    """
    accounts = accounts_of(user.actor, distributor_id)
    st.markdown(books_sentence(accounts, user.company))
    rows = sorted(
        (row for row in accounts.said.values() if row.closed_at is None),
        key=lambda row: (-abs(row.amount_minor), row.id),
    )
    with st.container(gap="xxsmall"):
        for row in rows:
            _row(user, row)


def _row(user: CurrentUser, row: DifferenceRow) -> None:
    text, figure, act = st.columns([5, 2, 2], vertical_alignment="center")
    why = reason_word(row.reason) if row.reason else _("No reason yet")
    since = _("since {date}").format(
        date=day(row.opened_at.astimezone(user.company.time_zone).date(), user.actor.today)
    )
    facts = [word("account_difference.state", row.state), since, plain(row.owner), plain(row.note)]
    text.markdown(f"**{why}** :gray-badge[{kind_word(row.kind)}]  \n{small(' · '.join(filter(None, facts)))}")
    figure.markdown(
        f"**{money(row.amount_minor, user.company.currency, sign=True)}**", text_alignment="right"
    )
    if user.actor.role == "manager" and act.button(
        _("Write off"), key=f"write_off_{row.id}", width="stretch"
    ):
        _ask(user, row)


@st.dialog(" ")
def _ask(user: CurrentUser, row: DifferenceRow) -> None:
    amount = money(row.amount_minor, user.company.currency, sign=True)
    st.subheader(_("Write off {amount}").format(amount=amount), anchor=False)
    st.markdown(_("The books keep differing by this amount; nobody follows it any more."))
    reason = st.text_input(_("Why?"), key=f"write_off_reason_{row.id}", max_chars=500)
    if st.button(_("Write it off"), type="primary", key="write_off_save", disabled=not reason.strip()):
        saving.save_and_close(write_off, row.id, reason)
