"""What stands out at some distributors; news of prices and stock are looked for once a minute."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import streamlit as st

from core.alarms import Alarm
from data.access import Actor
from data.alarms import alarms_of, goods_alarms
from data.company import CompanySettings
from data.database import database
from data.engine import reading, reading_anew
from data.reconciliation import CreditFacts
from ui.current_user import CurrentUser
from ui.latest_changes import REMEMBERED_SECONDS, stamp_around


def standing_alarms(
    user: CurrentUser, distributor_ids: Iterable[str], credit: dict[str, CreditFacts]
) -> dict[str, list[Alarm]]:
    """The alarms of some distributors, worst first; those of prices and stock know what is a minute old.

    Args:
        user: Who asks.
        distributor_ids: The distributors wanted; a handful at a time.
        credit: Their credit.
    """
    actor, wanted = user.actor, tuple(sorted(set(distributor_ids)))
    goods = _goods(
        actor.user_id, wanted, actor.today, repr(user.company), stamp_around(actor), actor, user.company
    )
    with reading(database()) as session:
        return alarms_of(session, actor, wanted, user.company, credit, goods)


# Not copied for every run: nobody changes the lists.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=256, show_spinner=False)
def _goods(
    user_id: str,
    distributor_ids: tuple[str, ...],
    on: date,
    thresholds: str,
    stamp: str,
    _actor: Actor,
    _company: CompanySettings,
) -> Mapping[str, Sequence[Alarm]]:
    with reading_anew(database()) as session:
        return goods_alarms(session, _actor, distributor_ids, _company)
