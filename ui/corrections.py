"""Corrections of a visit that was handed in: proposed by its rep, decided by the manager, kept in its history."""

from collections.abc import Mapping, Sequence

import streamlit as st

from data.database import database
from data.engine import reading
from data.entries import decide_correction, proposed_corrections
from data.entry_fields import WORDS
from data.entry_rows import CorrectionRow
from data.visits import VisitRow
from language import _
from language.calendar import instant
from language.formats import MISSING
from language.words import word
from ui import saving
from ui.current_user import CurrentUser
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.writing import words_for

LONGEST_REASON = 300
CORRECTABLE = ("summary", "strengths", "improve", "note")
"""What a rep corrects by himself; `note` says of anything else what would be right."""


def may_propose(user: CurrentUser, visit: VisitRow) -> bool:
    """Whether this user proposes what should be corrected: the rep of a visit that takes no entries any more."""
    return visit.rep_id == user.actor.user_id and visit.state in ("submitted", "approved")


def propose_correction(user: CurrentUser, visit: VisitRow) -> None:
    """A field to choose and what should stand in it."""
    st.markdown(small(_("What you write here is proposed; the report changes when the manager accepts it.")))
    names = {field: field_name(field) for field in CORRECTABLE} | {"note": _("Something else")}
    field = st.selectbox(
        _("What is to be corrected?"),
        CORRECTABLE,
        key=f"correct_{visit.id}",
        format_func=lambda code: names[code],
    )
    words_for(
        user.actor,
        visit.id,
        _("What would be right"),
        row="visit",
        field=field,
        fallback=getattr(visit, field, ""),
        placeholder=_("what is wrong, what would be right, and why"),
    )


@st.fragment
def corrections_of_card(user: CurrentUser, visit: VisitRow) -> None:
    """Proposing a correction on the visit card, and what waits for the manager; drawn by itself."""
    propose_correction(user, visit)
    with reading(database()) as session:
        rows = proposed_corrections(session, user.actor, visit.id)
    for row in rows:
        said = field_value(row.field, row.after)
        st.markdown(f"**{field_name(row.field)}** → {said} {small(_('waits for the manager'))}")


def correction_rows(
    user: CurrentUser, visit_id: str, rows: Sequence[CorrectionRow], names: Mapping[str, str]
) -> None:
    """What came after the visit was submitted; the manager accepts or refuses it."""
    st.markdown(small(_("Entered after the visit was submitted; nothing changes until a manager decides.")))
    for row in rows:
        lot = "" if row.field == WORDS else row.lot
        about = names.get(row.row, "") or _record_name(row.row)
        what = " · ".join(plain(part) for part in (about, lot) if part)
        when = instant(row.saved_at, user.company.time_zone, user.actor.today)
        st.markdown(
            f"**{what or field_name(row.field)}** {field_name(row.field) if what else ''} "
            f"{field_value(row.field, row.before)} → {field_value(row.field, row.after)}  \n"
            f"{small(f'{plain(name_of(row.by, row.by_en))} · {when}')}"
        )
        if user.actor.role == "manager":
            _decide(user, visit_id, row)
        else:
            st.markdown(badge("gray", ":material/hourglass_empty:", _("waits for the manager")))


def _decide(user: CurrentUser, visit_id: str, row: CorrectionRow) -> None:
    words = words_for(user.actor, visit_id, _("Reason"), row=f"correction:{row.id}", maximum=LONGEST_REASON)
    with st.container(horizontal=True):
        for name, label, accepted in (("accept", _("Accept"), True), ("refuse", _("Refuse"), False)):
            if st.button(label, key=f"{name}_{row.id}"):
                saving.save(decide_correction, row.id, accepted, words.text)
                st.rerun()


def _record_name(row: str) -> str:
    """The word for what a text belongs to, where that is no product."""
    words = {
        "promise": _("Promise"),
        "market_note": _("What you learned"),
        "coaching": _("Coaching"),
        "complaint": _("Complaint"),
        "objective": _("Objective"),
        "difference": _("Difference"),
    }
    return words.get(row.partition(":")[0], "")


def field_name(field: str) -> str:
    """The word for a field of the audit trail or of a tablet's entry."""
    words = {
        "state": _("State"),
        "summary": _("Summary"),
        "strengths": _("Went well"),
        "improve": _("To do better"),
        "incomplete_reason": _("Why incomplete"),
        "next_visit_on": _("Next visit"),
        "cases": _("Cases"),
        "pieces": _("Pieces"),
        "selling": _("Selling price"),
        "retail": _("Retail price"),
        "stock_skipped": _("Not counted"),
        "price_skipped": _("Price not asked"),
        "reason": _("Reason"),
        "next_time": _("Next time"),
        "actual_note": _("Actual"),
        "note": _("Note"),
        "text": _("Text"),
        "words": _("Text"),
        "photo": word("attachment.kind", "photo"),
        "signature": word("attachment.kind", "signature"),
    }
    return words.get(field, plain(field))


def field_value(field: str, value: str | None) -> str:
    """A value of the audit trail or of a tablet's entry, as people read it."""
    if value is None or not value:
        return MISSING
    if field in ("photo", "signature"):
        return _("added afterwards")
    return word("visit.state", value) if field == "state" else plain(value)
