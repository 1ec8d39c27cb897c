"""The rows of Prepare: changes, directives, promises, objectives missed last time, tools."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from data.access import Actor
from data.checklists import ChecklistRow, answer_checklist
from data.company import CompanySettings
from data.database import database
from data.directives import DirectiveRow, report_directive
from data.engine import reading_anew
from data.identifiers import new_id
from data.objectives import ObjectiveRow, add_objective
from data.preparation import ChangeRow, changes_since
from data.promises import PromiseRow, close_promise
from language import _
from language.calendar import day
from language.formats import MISSING, price
from language.words import word
from ui import icons, saving
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS, stamp_of
from ui.list_row import list_row
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.visit_frame import VisitPage

TAKE_OVER_WIDTH = 228
"""Pixels of the button that takes an objective over."""


def change_line(change: ChangeRow, company: CompanySettings, today: date) -> str:
    """A change as two lines: what, and since when with the figures."""
    name = plain(name_of(change.name, change.name_en))
    on = day(change.on, today)
    if change.kind == "price_list":
        facts = _("price list from {date}: {before} → {after} a piece").format(
            date=on,
            before=price(change.before, company.currency),
            after=price(change.after, company.currency),
        )
    elif change.kind == "policy":
        facts = _("price policy from {date}: {low} to {high} a piece").format(
            date=on, low=price(change.before, company.currency), high=price(change.after, company.currency)
        )
    elif change.kind == "promotion":
        facts = _("promotion {start} to {end}").format(start=on, end=day(change.until_on, today))
    elif change.kind == "new_product":
        points = plain(name_of(change.text, change.text_en))
        facts = _("new since {date}: {points}").format(date=on, points=points or MISSING)
    elif change.kind == "discontinued":
        facts = _("discontinued from {date}").format(date=on)
    else:
        return f"{name}  \n{small(_('news of {date}').format(date=on))}"
    return f"**{name}**  \n{small(facts)}"


def changes_of(page: VisitPage, since: date | None) -> Sequence[ChangeRow]:
    """What the office changed since a day; what it loads meanwhile shows within a minute."""
    return _changes(page.actor.user_id, page.visit.id, since, page.today, stamp_of(page), page.actor)


@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _changes(
    user_id: str, visit_id: str, since: date | None, today: date, stamp: str, _actor: Actor
) -> Sequence[ChangeRow]:
    with reading_anew(database()) as session:
        return changes_since(session, _actor, visit_id, since)


def directive_rows(page: VisitPage, directives: Sequence[DirectiveRow]) -> None:
    """The manager's directives, each with a word whether it is done."""
    for row in directives:
        due = f" · {_due(row.due_on, page.today)}" if row.due_on else ""
        who = small(_("directive of {name}").format(name=plain(name_of(row.given_by, row.given_by_en))))
        text = f":material/assignment: **{plain(row.text)}**  \n{who}{due}"
        _answered(
            page,
            f"directive_{row.id}",
            text,
            "done" if row.done_at else "open",
            {"open": _("Not yet"), "done": _("Done")},
            partial(_report, page, row),
        )


def promise_rows(page: VisitPage, promises: Sequence[PromiseRow]) -> None:
    """Open promises, each with a word whether it was kept."""
    for row in promises:
        due = _due(row.due_on, page.today) if row.due_on else small(_("no date"))
        text = f"{icons.PROMISE} **{plain(row.text)}**  \n{small(plain(row.owner))} · {due}"
        _answered(
            page,
            f"promise_{row.id}",
            text,
            row.state,
            {"open": _("Open"), "kept": _("Kept"), "broken": _("Broken")},
            partial(_close, page, row),
        )


def _report(page: VisitPage, row: DirectiveRow, chosen: str) -> None:
    done = chosen == "done"
    saving.save(report_directive, page.visit.id, row.id, done, visit_id=page.visit.id, step="prepare")


def _close(page: VisitPage, row: PromiseRow, chosen: str) -> None:
    saving.save(
        close_promise,
        page.visit.id,
        row.id,
        seen=row.state,
        state=chosen,
        visit_id=page.visit.id,
        step="prepare",
    )


def missed_rows(page: VisitPage, missed: Sequence[ObjectiveRow], objectives: Sequence[ObjectiveRow]) -> None:
    """Objectives missed last time with the reason; a tap takes one over into this visit."""
    taken = {row.carried_from for row in objectives}
    for row in missed:
        beside = list_row()
        why = " · ".join(plain(part) for part in (row.reason, row.next_time) if part) or _("no reason given")
        state = badge("orange", ":material/flag:", word("objective.result", row.result or "missed"))
        beside.markdown(f"**{plain(row.text)}** {state}  \n{small(why)}", width="stretch")
        if row.id in taken:
            beside.markdown(f":green[:material/check:] {small(_('taken over'))}")
        elif page.is_editable and beside.button(_("Take over"), key=f"carry_{row.id}", width=TAKE_OVER_WIDTH):
            saving.save(
                add_objective,
                page.visit.id,
                new_id(),
                kind=row.kind,
                text=row.text,
                target=row.target,
                carried_from=row.id,
                visit_id=page.visit.id,
                step="prepare",
            )
            st.rerun()


def tool_rows(page: VisitPage, tools: Sequence[ChecklistRow]) -> None:
    """The tool checklist, a tap a tool."""
    options = [row.item_id for row in tools]
    names = {row.item_id: name_of(row.text, row.text_en) for row in tools}
    packed = [row.item_id for row in tools if row.answer == "yes"]

    def save() -> None:
        chosen = set(st.session_state["tools"])
        for row in tools:
            answer = "yes" if row.item_id in chosen else None
            if answer != row.answer:
                saving.save(
                    answer_checklist,
                    page.visit.id,
                    row.item_id,
                    seen=row.answer,
                    answer=answer,
                    visit_id=page.visit.id,
                    step="prepare",
                )

    with st.container(key="touch_tools"):
        st.pills(
            _("Packed"),
            options,
            selection_mode="multi",
            key=saving.shown("tools", packed),
            format_func=lambda id_: names[id_],
            on_change=save,
            disabled=not page.is_editable,
        )


def _answered(
    page: VisitPage, key: str, text: str, current: str, words: dict[str, str], save: Callable[[str], object]
) -> None:
    def changed() -> None:
        chosen = st.session_state[key]
        if chosen is not None:
            save(chosen)

    with list_row(f"touch_{key}"):
        st.markdown(text, width="stretch")
        st.segmented_control(
            key,
            list(words),
            key=saving.shown(key, current if current in words else None),
            format_func=lambda code: words[code],
            label_visibility="collapsed",
            required=True,
            on_change=changed,
            disabled=not page.is_editable,
        )


def _due(on: date | None, today: date) -> str:
    text = _("due {date}").format(date=day(on, today))
    if on is not None and on < today:
        return f":red[:small[{text}]]"
    return small(text)
