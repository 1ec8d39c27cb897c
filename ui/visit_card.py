"""The visit card: target beside actual, promises, comments; read by the rep before submitting and by the manager."""

from collections.abc import Sequence

import streamlit as st

from core.performance import attainment
from data.company import CompanySettings
from data.objectives import ObjectiveRow
from data.promises import PromiseRow
from data.review import CommentRow
from language import _
from language.calendar import day, instant
from language.formats import MISSING, percent
from language.words import word
from ui import icons
from ui.figures import actual_figure, figure
from ui.markup import plain, small
from ui.names import name_of


def objective_table(objectives: Sequence[ObjectiveRow], company: CompanySettings) -> None:
    """Target beside actual, with the result and its reason."""
    if not objectives:
        st.markdown(small(_("No objectives were set.")))
        return
    st.table(
        {
            _("Objective"): [plain(row.text) for row in objectives],
            _("Target"): [plain(figure(row.kind, row.target, company.currency)) for row in objectives],
            _("Actual"): [plain(actual_figure(row, company.currency)) for row in objectives],
            _("Result"): [_result(row) for row in objectives],
        },
        border="horizontal",
        hide_index=True,
    )


def promise_list(promises: Sequence[PromiseRow], company: CompanySettings) -> None:
    """Promises made, with who and when."""
    for row in promises:
        due = day(row.due_on) if row.due_on else _("no date")
        st.markdown(f"{icons.PROMISE} **{plain(row.text)}** &ensp;{small(f'{plain(row.owner)} · {due}')}")


def comment_list(comments: Sequence[CommentRow], company: CompanySettings) -> None:
    """Comments in their order, with who and when."""
    for row in comments:
        sign = {"return": icons.RETURNED, "approve": ":green[:material/check:]"}.get(
            row.kind, ":material/comment:"
        )
        who = f"{plain(name_of(row.written_by, row.written_by_en))} · {instant(row.written_at, company.time_zone)}"
        st.markdown(f"{sign} {plain(row.text)}  \n{small(who)}")


def _result(row: ObjectiveRow) -> str:
    if row.result is None:
        return MISSING
    share = attainment(
        None if row.target is None else float(row.target), None if row.actual is None else float(row.actual)
    )
    words = [word("objective.result", row.result) if share is None else percent(share, 0), plain(row.reason)]
    return f"{icons.RESULT_ICONS[row.result]} " + _("; ").join(filter(None, words))
