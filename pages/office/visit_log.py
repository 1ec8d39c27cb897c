"""Visit log: every visit that one may see, by filter and page, each with its record, on paper or as a file."""

import streamlit as st

from data.database import database
from data.engine import reading
from data.visit_log import log_count, log_page, log_regions, log_reps
from language import _
from ui.current_user import me
from ui.visit_log import (
    OPENED,
    ask_filter,
    place_in_address,
    show_count,
    show_page,
    show_ways,
)
from ui.visit_papers import sheet_maker
from ui.visit_record import open_record

user = me()
today = user.actor.today
with reading(database()) as session:
    regions = log_regions(session, user.actor)
    reps = log_reps(session, user.actor)
head = st.container(horizontal=True, vertical_alignment="center")
wanted = ask_filter(regions, reps, today)
older_than, newer_than = place_in_address()
with reading(database()) as session:
    page = log_page(session, user.actor, wanted, older_than=older_than, newer_than=newer_than)
    count = log_count(session, user.actor, wanted)

with head:
    st.subheader(_("Visit log"), anchor=False)
    for kind, mime in (
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "text/csv"),
    ):
        st.download_button(
            kind.upper(),
            data=sheet_maker(user, wanted, kind),
            file_name=f"visits-{today.isoformat()}.{kind}",
            mime=mime,
            key=f"log_{kind}",
            icon=":material/download:",
            help=_("Export the visits found"),
            disabled=not count,
            on_click="ignore",
        )
if page.rows:
    show_count(count)
    show_page(page, today)
    show_ways(page)
else:
    st.info(_("No visit matches. Widen the filter."), icon=":material/search_off:")
if OPENED in st.session_state:
    open_record(st.session_state[OPENED])
