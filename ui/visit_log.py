"""The visit log on the screen: filters that stand in the address, the page of visits, and the way on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from core.visit import VISIT_STATES
from data.identifiers import is_id
from data.visit_log import EXPORT_LIMIT, Choice, LogFilter, LogPage, LogRow, Place
from language import _, n_
from language.calendar import day
from language.formats import number
from language.words import word
from ui import icons
from ui.address import select_in_address
from ui.markup import small
from ui.names import name_of

TABLE = "log_table"
OPENED = "log_opened"
NOTHING_SELECTED: dict[str, dict[str, list[int]]] = {"selection": {"rows": [], "columns": [], "cells": []}}
LONGEST_SEARCH = 100


def ask_filter(regions: Sequence[Choice], reps: Sequence[Choice], today: date) -> LogFilter:
    """Draws the filters and says what is wanted; a choice between one thing is not asked for."""
    region_id = rep_id = ""
    wide = 4 - (4 + (len(regions) > 1) + (len(reps) > 1)) % 4
    with st.grid(4, min_column_width=120, gap="small") as fields:
        if len(regions) > 1:
            region_id = _choice(_("Region"), "region", _names(regions))
        if len(reps) > 1:
            rep_id = _choice(_("Rep"), "rep", _names(reps))
        state = _choice(_("State"), "state", {code: word("visit.state", code) for code in VISIT_STATES})
        distributor = _search(_("Distributor"), "distributor", _("Name or code"))
        start = _date(_("From"), "from", None)
        last = _date(_("To"), "to", today)
        with fields.cell(column_span=wide):
            text = _search(_("Text"), "text", _("Word in report, promise, comment"))
    return LogFilter(
        region_id=region_id,
        rep_id=rep_id,
        state=state,
        distributor=distributor,
        text=text,
        start=start,
        end=None if last is None else last + timedelta(days=1),
    )


def place_in_address() -> tuple[Place | None, Place | None]:
    """Where in the log the address points: older than the first place, or newer than the second."""
    return _place("older"), _place("newer")


def show_page(page: LogPage, today: date) -> None:
    """The page as a table; the visit of a touched row is remembered in `OPENED`."""
    rows = page.rows
    table = pd.DataFrame(
        {
            "day": [day(row.visit.planned_on, today) for row in rows],
            "distributor": [name_of(row.visit.short, row.visit.short_en) for row in rows],
            "rep": [name_of(row.visit.rep, row.visit.rep_en) for row in rows],
            "state": [word("visit.state", row.visit.state) for row in rows],
            "region": [name_of(row.region, row.region_en) for row in rows],
            "summary": [" ".join(row.visit.summary.split()) for row in rows],
        }
    )
    st.dataframe(
        table,
        key=TABLE,
        hide_index=True,
        row_height=46,
        on_select=lambda: _remember(rows),
        selection_mode="single-row",
        alt=_("Visits"),
        column_config={
            "day": st.column_config.TextColumn(_("Day"), width=105),
            "distributor": st.column_config.TextColumn(_("Distributor"), width=215),
            "rep": st.column_config.TextColumn(_("Rep"), width=90),
            "state": st.column_config.TextColumn(_("State"), width=100),
            "region": st.column_config.TextColumn(_("Region"), width=125),
            "summary": st.column_config.TextColumn(_("Summary"), width=360),
        },
    )


def show_ways(page: LogPage) -> None:
    """The buttons to the newer and the older page."""
    with st.container(horizontal=True):
        st.button(
            _("Newer"),
            key="log_newer",
            icon=icons.BACK,
            disabled=page.newer is None,
            on_click=_go,
            args=("newer", page.newer),
        )
        st.button(
            _("Older"),
            key="log_older",
            icon=icons.NEXT,
            icon_position="right",
            disabled=page.older is None,
            on_click=_go,
            args=("older", page.older),
        )


def show_count(count: int) -> None:
    """How many visits were found, and what an export leaves out of them."""
    words = n_("{count} visit", "{count} visits", count).format(count=number(count))
    rest = _("the newest first")
    if count > EXPORT_LIMIT:
        words = _("More than {count} visits").format(count=number(EXPORT_LIMIT))
        rest = _("an export holds the newest {count}: narrow the filter for the others").format(
            count=number(EXPORT_LIMIT)
        )
    st.markdown(f"**{words}** &ensp;{small(rest)}")


def _remember(rows: Sequence[LogRow]) -> None:
    chosen = st.session_state[TABLE]["selection"]["rows"]
    if chosen and chosen[0] < len(rows):
        st.session_state[OPENED] = rows[chosen[0]].visit.id
    # nothing stays selected, so that a second touch of the same row opens it again
    st.session_state[TABLE] = NOTHING_SELECTED


def _names(choices: Sequence[Choice]) -> dict[str, str]:
    return {choice.id: name_of(choice.name, choice.name_en) for choice in choices}


def _choice(label: str, name: str, words: Mapping[str, str]) -> str:
    return select_in_address(label, name, words, everything=_("All"), on_change=_to_first_page)


def _search(label: str, key: str, hint: str) -> str:
    found = st.text_input(
        label,
        key=key,
        max_chars=LONGEST_SEARCH,
        placeholder=hint,
        icon=":material/search:",
        on_change=_to_first_page,
        bind="query-params",
    )
    return found or ""


def _date(label: str, key: str, value: date | None) -> date | None:
    return st.date_input(
        label,
        value=value,
        key=key,
        min_value=date(2000, 1, 1),
        max_value=date(2100, 1, 1),
        format="YYYY-MM-DD",
        on_change=_to_first_page,
        bind="query-params",
    )


def _to_first_page() -> None:
    for name in ("older", "newer"):
        st.query_params.pop(name, None)


def _go(way: str, place: Place | None) -> None:
    _to_first_page()
    if place is not None:
        st.query_params[way] = f"{place.on.isoformat()}.{place.visit_id}"


def _place(name: str) -> Place | None:
    on, _dot, visit_id = st.query_params.get(name, "").partition(".")
    try:
        found = date.fromisoformat(on)
    except ValueError:
        return None
    return Place(found, visit_id) if is_id(visit_id) else None
