"""A distributor's accounts read and compared, remembered until something of them changes."""

from datetime import date

import streamlit as st

from data.access import Actor
from data.account_differences import differences_said
from data.database import database
from data.engine import reading
from data.latest_changes import latest_changes_of_accounts
from data.ledgers import books_of
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS
from ui.reconciliation_facts import Accounts, compare


def accounts_of(actor: Actor, distributor_id: str) -> Accounts:
    """Reads both books of a distributor and compares them; remembered until something of them changes."""
    return _accounts(actor.user_id, distributor_id, accounts_stamp(actor, distributor_id), actor.today, actor)


def accounts_stamp(actor: Actor, distributor_id: str) -> str:
    """What a distributor's accounts are remembered under: it moves at once with every change of them."""
    with reading(database()) as session:
        return latest_changes_of_accounts(session, actor, distributor_id)


# Handed to every run as they are, not copied: the screens change nothing of them.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _accounts(user_id: str, distributor_id: str, stamp: str, today: date, _actor: Actor) -> Accounts:
    with reading(database()) as session:
        books = books_of(session, _actor, distributor_id)
        said = differences_said(session, _actor, distributor_id)
    return compare(books, said)
