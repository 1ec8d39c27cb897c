"""What stands out at some distributors, as the screens ask for it: gathered once a minute, not at every touch."""

from collections.abc import Iterable
from datetime import date, datetime

import streamlit as st

from core.alarms import Alarm
from data.access import Actor
from data.alarms import alarms_of
from data.company import CompanySettings
from data.database import database
from data.engine import reading
from data.reconciliation import CreditFacts
from ui.current_user import CurrentUser


def standing_alarms(
    user: CurrentUser, distributor_ids: Iterable[str], credit: dict[str, CreditFacts]
) -> dict[str, list[Alarm]]:
    """The alarms of some distributors, worst first.

    What this user saves counts at once; what others enter, and the office changes, within a minute.

    Args:
        user: Who asks.
        distributor_ids: The distributors wanted; a handful at a time.
        credit: Their credit.
    """
    saved_at: datetime | None = st.session_state.get("saved_at")
    actor = user.actor
    wanted = tuple(sorted(set(distributor_ids)))
    return _alarms(actor.user_id, wanted, saved_at, actor.today, actor, user.company, credit)


@st.cache_data(ttl=60, max_entries=256, show_spinner=False)
def _alarms(
    user_id: str,
    distributor_ids: tuple[str, ...],
    saved_at: datetime | None,
    on: date,
    _actor: Actor,
    _company: CompanySettings,
    _credit: dict[str, CreditFacts],
) -> dict[str, list[Alarm]]:
    """Each save of the user changes `saved_at`, and so asks for fresh alarms."""
    with reading(database()) as session:
        return alarms_of(session, _actor, distributor_ids, _company, _credit)
