"""The frame of every step: who is visited, the stepper above, the bar below, skipping with a reason."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from core.visit import STEPS, may_move, next_step
from data.access import Actor
from data.company import CompanySettings
from data.database import database
from data.engine import reading
from data.visit_steps import StepRow, open_step, set_step, steps_of
from data.visits import VisitRow, cancel_visit, find_visit, start_visit
from language import _
from language.calendar import time
from language.words import word
from ui import icons, led, saving
from ui.current_user import CurrentUser, current_user, me
from ui.elements.queue_state import queue_state
from ui.elements.reported import QueueReport
from ui.led import lead_to
from ui.list_row import ICON_WIDTH, list_row
from ui.markup import plain, small
from ui.names import name_of
from ui.navigation import VISIT_PAGES
from ui.writing import words_for


@dataclass(frozen=True)
class VisitPage:
    """What a step page works with: the user, the visit, where each step stands."""

    user: CurrentUser
    visit: VisitRow
    steps: dict[str, StepRow]
    step: str

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.user.actor

    @property
    def company(self) -> CompanySettings:
        """The company's settings."""
        return self.user.company

    @property
    def today(self) -> date:
        """The day at the company's place."""
        return self.user.actor.today

    @property
    def distributor(self) -> str:
        """The distributor's short name in the language spoken."""
        return name_of(
            self.visit.short or self.visit.distributor, self.visit.short_en or self.visit.distributor_en
        )

    @property
    def saved_at(self) -> str:
        """When the database last confirmed something of this visit, as it is shown."""
        confirmed = [st.session_state.get("saved_at"), self.visit.changed_at]
        return time(max(filter(None, confirmed)), self.company.time_zone)

    @property
    def is_editable(self) -> bool:
        """Whether this user still enters into this visit."""
        return self.visit.is_editable and self.visit.rep_id == self.actor.user_id


def open_page(step: str) -> VisitPage:
    """Finds the visit named in the address and draws the stepper; without one the page ends with a way back."""
    user = me()
    visit_id = st.query_params.get("visit", "")
    with reading(database()) as session:
        visit = find_visit(session, user.actor, visit_id)
        steps = steps_of(session, user.actor, visit_id) if visit else {}
    if visit is None:
        led.forget()
        st.warning(_("This visit is not among yours, or it does not exist."), icon=":material/search_off:")
        if st.button(_("Back to Today"), type="primary", key="back_to_today"):
            go_to_today()
        st.stop()
    page = VisitPage(user, visit, steps, step)
    st.session_state["distributor_id"] = visit.distributor_id
    if st.session_state.get("distributor_name") != page.distributor:
        # The header was drawn before this page knew whom the visit is to.
        st.session_state["distributor_name"] = page.distributor
        st.rerun()
    if page.is_editable and visit.state != "planned" and step in STEPS and visit.last_step != step:
        saving.save(open_step, visit.id, step)
    _stepper(page)
    saving.show_outcome()
    if not page.is_editable:
        _say_closed(page)
    elif visit.state == "planned":
        _offer_start(page)
    return page


def go_to_today() -> None:
    """Leaves the visit."""
    lead_to("pages/visit/today.py", {})


def go_to(step: str, visit_id: str) -> None:
    """Opens a step of a visit; a step that has no page yet leads to the next one that has."""
    while step not in VISIT_PAGES:
        step = next_step(step)
    lead_to(VISIT_PAGES[step], {"visit": visit_id})


def _stepper(page: VisitPage) -> None:
    row = st.container(horizontal=True, gap=None)
    for step in VISIT_PAGES:
        if step == page.step:
            label = f":blue[{icons.STEP_ICONS[step]}]  \n:blue[:small[**{word('visit_step.step', step)}**]]"
        else:
            state = page.steps[step].state if step in page.steps else "open"
            label = f"{icons.STATE_ICONS[state]}  \n:small[{word('visit_step.step', step)}]"
        if row.button(label, key=f"step_{step}", type="tertiary", width="stretch", wrap=True):
            go_to(step, page.visit.id)


def _offer_start(page: VisitPage) -> None:
    row = list_row()
    waits = _("This visit has not begun: prepare it. Accounts, order and submitting wait for its start.")
    row.markdown(f":material/event: {small(waits)}", width="stretch")
    # Starting moves a visit to today; one of a later day keeps its day while it is prepared.
    is_due = page.visit.planned_on <= page.today
    if is_due and row.button(_("Start"), key="start_here", width=START_WIDTH):
        saving.save(start_visit, page.visit.id)
        st.rerun()


def _say_closed(page: VisitPage) -> None:
    texts = {
        "submitted": _("This visit was submitted; it can be read here. Changes are proposed as corrections."),
        "approved": _("This visit was approved; it can be read here."),
        "cancelled": _("This visit was cancelled; it can be read here."),
    }
    st.info(
        texts.get(page.visit.state, _("This visit is another rep's; it can be read here.")),
        icon=":material/lock:",
    )


def title(page: VisitPage, text: str, facts: str) -> None:
    """The screen's title with its unit, source and date beside it, and the menu of the step at the right."""
    beside = list_row()
    beside.subheader(text, anchor=False, width="content")
    beside.markdown(small(facts), width="stretch")
    if page.step in STEPS and page.is_editable:
        chosen = beside.menu_button(
            "", _menu(page), key="step_menu", icon=icons.MORE, type="tertiary", format_func=_menu_word
        )
        if chosen == "skip":
            _ask_reason(page)
        elif chosen == "cancel":
            _ask_cancel(page)
    row = page.steps.get(page.step)
    if row is not None and row.state == "skipped":
        st.markdown(
            f":gray[:material/do_not_disturb_on:] {_('Skipped: {reason}').format(reason=plain(row.reason))}"
        )


def _menu(page: VisitPage) -> list[str]:
    # A mistaken visit is noticed at its beginning; afterwards it is one tap back to Prepare.
    may_cancel = page.step == "prepare" and may_move(page.visit.state, "cancelled", page.actor.role)
    return ["skip", "cancel"] if may_cancel else ["skip"]


def _menu_word(option: str) -> str:
    return {"skip": _("Skip this step"), "cancel": _("Cancel this visit")}[option]


def _ask_reason(page: VisitPage) -> None:
    @st.dialog(_("Skip this step"))
    def ask() -> None:
        words = words_for(
            page.actor, page.visit.id, _("Why?"), row=page.step, field="skip_reason", maximum=300
        )
        if st.button(_("Skip with this reason"), type="primary", key="skip_confirm"):
            saving.save_and_close(set_step, page.visit.id, page.step, "skipped", reason=words.text)

    ask()


def _ask_cancel(page: VisitPage) -> None:
    @st.dialog(_("Cancel this visit"))
    def ask() -> None:
        st.markdown(
            small(_("It leaves the plan of the day; what was entered and the reason stay in the visit log."))
        )
        words = words_for(
            page.actor, page.visit.id, _("Why?"), row="visit", field="cancel_reason", maximum=300
        )
        if st.button(_("Cancel with this reason"), type="primary", key="cancel_confirm"):
            if saving.save(cancel_visit, page.visit.id, words.text):
                go_to_today()
            saving.show_outcome()

    ask()


NEXT_WIDTH = 370
"""Pixels of the one primary button of a step."""
START_WIDTH = 120
"""Pixels of the button that begins a visit."""
TAPPED = "bar_tapped"
"""The visit, the step and the words of a tap on the bar that was not answered yet."""


@dataclass(frozen=True)
class Bar:
    """What the bar below tells: whether next was tapped, and the tablet's queue."""

    next: bool
    queue: QueueReport


def bar(page: VisitPage, *, label: str = "", primary: bool = True, disabled: bool = False) -> Bar:
    """The bar below: back, what is saved, and the one next step.

    A step that takes entries is done when the rep goes on; an untouched one stays open and is named in Wrap-up.
    """
    following = _following(page.step)
    text = label or _("Next: {step}").format(step=word("visit_step.step", following))
    with st.bottom, list_row("visitbar"):
        if st.button("", key="bar_back", icon=icons.BACK, help=_("Back"), width=ICON_WIDTH):
            _go_back(page)
        _show_queue(page)
        queue: QueueReport = st.session_state["queue_report"]
        is_disabled = disabled or (page.step == "submit" and primary and not queue.is_empty)
        asked = (page.visit.id, page.step, text)
        st.button(
            text,
            key="bar_next",
            type="primary" if primary else "secondary",
            icon=icons.NEXT,
            icon_position="right",
            width=NEXT_WIDTH,
            disabled=is_disabled,
            on_click=_remember_tap,
            args=asked,
        )
        # The tablet's news draws the page anew, and would swallow a tap of a run that it cuts short.
        tapped = st.session_state.pop(TAPPED, None) == asked
        return Bar(tapped and not is_disabled, queue)


def _remember_tap(*asked: str) -> None:
    st.session_state[TAPPED] = asked


@st.fragment
def _show_queue(page: VisitPage) -> None:
    # By itself, so that the queue's news neither redraws the page nor closes an open dialog. Only Submit must
    # know at once when the last entry has arrived.
    known = st.session_state.get("queue_report")
    report = queue_state(user=page.actor.user_id, saved_at=page.saved_at)
    st.session_state["queue_report"] = report
    has_news = known is not None and report != known
    if has_news and (page.step == "submit" or (page.is_editable and _is_closed_meanwhile(page))):
        st.rerun(scope="app")


def _is_closed_meanwhile(page: VisitPage) -> bool:
    """Whether the visit was submitted elsewhere: what is entered here now is a proposed correction."""
    user = current_user()
    if user is None:
        # Signed out elsewhere: what is being typed stays on the tablet, and so does the page.
        return False
    with reading(database()) as session:
        visit = find_visit(session, user.actor, page.visit.id)
    return visit is None or not visit.is_editable


def finish_step(page: VisitPage) -> None:
    """Marks the step done, where it is still being worked on, and opens the next."""
    if page.is_editable and page.visit.state != "planned" and page.steps[page.step].state != "skipped":
        saving.save(set_step, page.visit.id, page.step, "done")
    go_to(_following(page.step), page.visit.id)


def _following(step: str) -> str:
    steps = list(VISIT_PAGES)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def _go_back(page: VisitPage) -> None:
    steps = list(VISIT_PAGES)
    position = steps.index(page.step)
    if position == 0:
        go_to_today()
    go_to(steps[position - 1], page.visit.id)
