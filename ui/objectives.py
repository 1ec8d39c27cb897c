"""Setting the objectives of a visit, and saying at its end what became of them."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import partial

import streamlit as st

from core.visit import OBJECTIVE_KINDS
from data.identifiers import new_id
from data.objectives import ObjectiveRow, add_objective, change_objective, remove_objective
from language import _
from language.words import word
from ui import icons, saving
from ui.entered import Entered, text_field
from ui.figures import actual_figure, figure
from ui.list_row import ICON_WIDTH, list_row
from ui.markup import plain, small
from ui.visit_frame import VisitPage


def edit_objectives(page: VisitPage, objectives: Sequence[ObjectiveRow]) -> None:
    """The objectives as rows, and one line to add another."""
    for row in objectives:
        beside = list_row()
        target = "" if row.target is None else f" {figure(row.kind, row.target, page.company.currency)}"
        told = f"**{plain(row.text)}{target}** &ensp;{small(word('objective.kind', row.kind))}"
        beside.markdown(told, width="stretch")
        if page.is_editable and row.result is None:
            help_text = _("Remove this objective")
            if beside.button("", key=f"remove_{row.id}", icon=icons.DELETE, help=help_text, width=ICON_WIDTH):
                saving.save(remove_objective, page.visit.id, row.id, visit_id=page.visit.id, step="prepare")
                st.rerun()
    if not objectives:
        st.markdown(small(_("None yet: set at least one sales and one administrative objective.")))
    if page.is_editable:
        _add(page)


def _add(page: VisitPage) -> None:
    kind, text, target, button = st.columns([2, 3.2, 1.4, 1.1], vertical_alignment="bottom")
    kind.selectbox(
        _("Objective"), OBJECTIVE_KINDS, key="new_objective_kind", format_func=partial(word, "objective.kind")
    )
    text.text_input(_("What exactly"), key="new_objective_text", max_chars=200)
    target.text_input(_("Target"), key="new_objective_target", max_chars=20)
    button.button(
        _("Add"), key="new_objective_add", icon=icons.ADD, width="stretch", on_click=_save_new, args=(page,)
    )


def _save_new(page: VisitPage) -> None:
    # One id until it is saved, so that a tap repeated after a lost reply adds one objective.
    objective_id = st.session_state.setdefault("new_objective_id", new_id())
    kind = st.session_state["new_objective_kind"]
    text = st.session_state["new_objective_text"].strip() or word("objective.kind", kind)
    try:
        target = _decimal(st.session_state["new_objective_target"])
    except InvalidOperation:
        st.session_state["problem"] = _("Target: give a number, for example 11000 or 37.5.")
        return
    saved = saving.save(
        add_objective,
        page.visit.id,
        objective_id,
        kind=kind,
        text=text,
        target=target,
        visit_id=page.visit.id,
        step="prepare",
    )
    if saved:
        del st.session_state["new_objective_id"]
        st.session_state["new_objective_text"] = ""
        st.session_state["new_objective_target"] = ""


def _decimal(typed: str) -> Decimal | None:
    text = typed.strip().replace(",", "").replace("，", "")
    value = Decimal(text) if text else None
    if value is not None and not value.is_finite():
        # `Decimal` also reads the words for what is no number and for infinity.
        raise InvalidOperation
    return value


def judge_objectives(page: VisitPage, entered: Entered, objectives: Sequence[ObjectiveRow]) -> None:
    """Each objective with its actual and result; reason and next time only where it was not reached."""
    for row in objectives:
        with st.container(border=True):
            left, right = st.columns([2, 2], vertical_alignment="center")
            target = "" if row.target is None else f" {figure(row.kind, row.target, page.company.currency)}"
            left.markdown(f"**{plain(row.text)}{target}**  \n{small(_actual(page, row))}")
            with right.container(key=f"touch_result_{row.id}", horizontal_alignment="right"):
                _choice(page, row)
            if row.result in ("partly", "missed"):
                _why(page, entered, row)


def _actual(page: VisitPage, row: ObjectiveRow) -> str:
    if row.actual is None and row.actual_note:
        return plain(row.actual_note)
    if row.actual is None and row.at_least is None:
        return _("actual not recorded")
    return _("actual {figure}").format(figure=actual_figure(row, page.company.currency))


def _choice(page: VisitPage, row: ObjectiveRow) -> None:
    key = saving.shown(f"result_{row.id}", row.result)
    st.segmented_control(
        _("Result"),
        ["reached", "partly", "missed"],
        key=key,
        format_func=partial(word, "objective.result"),
        label_visibility="collapsed",
        on_change=_save_field,
        args=(page, row, "result", key),
        disabled=not page.is_editable,
    )


def _why(page: VisitPage, entered: Entered, row: ObjectiveRow) -> None:
    fields = (
        ("reason", _("Reason")),
        ("next_time", _("What to do next time")),
        ("actual_note", _("Actual")),
    )
    for column, (field, label) in zip(st.columns([2, 2.6, 1.2]), fields, strict=True):
        with column:
            text_field(
                page, entered, label, row=f"objective:{row.id}", field=field, fallback=getattr(row, field)
            )


def _save_field(page: VisitPage, row: ObjectiveRow, field: str, key: str) -> None:
    saving.save(
        change_objective,
        page.visit.id,
        row.id,
        field,
        seen=getattr(row, field),
        value=st.session_state[key],
        visit_id=page.visit.id,
        step="wrap_up",
    )
