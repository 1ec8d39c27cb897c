"""The bar of the account screen with the letter beside the next step, and the dialog that makes and signs it."""

from collections.abc import Sequence

import streamlit as st

from data.attachments import AttachmentRow, attachment_content, attachments_of
from data.database import database
from data.distributors import profile_of
from data.engine import reading
from data.letters import Letter, LetterRow, canonical, keep_letter, letters_of, next_letter
from language import CODES, NAMES, _, current, n_
from language.calendar import instant
from language.formats import money, number
from language.words import word
from ui import icons, saving
from ui.elements.queue_state import queue_state
from ui.elements.signature import signature
from ui.entered import photo_strip, read_entered
from ui.list_row import ICON_WIDTH, list_row
from ui.markup import badge, plain, small
from ui.navigation import VISIT_PAGES
from ui.reconciliation_facts import Accounts
from ui.reconciliation_paper import as_of, figures_of, file_maker, print_letter
from ui.reconciliation_position import Position
from ui.visit_frame import VisitPage, finish_step, go_to

LETTER = ":material/draw:"
LETTER_WIDTH, NEXT_WIDTH = 140, 313
"""In pixels; what is saved takes the rest of the bar."""


def draw_bar(page: VisitPage, accounts: Accounts, position: Position) -> None:
    """Back, what is saved, the letter, and the one next step."""
    steps = list(VISIT_PAGES)
    place = steps.index(page.step)
    with st.bottom, list_row("visitbar"):
        if st.button("", key="bar_back", icon=icons.BACK, help=_("Back"), width=ICON_WIDTH):
            go_to(steps[place - 1], page.visit.id)
        _queue(page)
        if st.button(_("Letter"), key="bar_letter", icon=LETTER, width=LETTER_WIDTH):
            show_letters(page, accounts, position)
        if st.button(
            _("Next: {step}").format(step=word("visit_step.step", steps[place + 1])),
            key="bar_next",
            type="primary",
            icon=icons.NEXT,
            icon_position="right",
            width=NEXT_WIDTH,
        ):
            finish_step(page)


@st.fragment
def _queue(page: VisitPage) -> None:
    # By itself, so that the queue's news neither redraws the page nor closes an open dialog.
    st.session_state["queue_report"] = queue_state(user=page.actor.user_id, saved_at=page.saved_at)


@st.dialog(" ", width="large", on_dismiss="rerun")
def show_letters(page: VisitPage, accounts: Accounts, position: Position) -> None:
    """The letters of this visit; a new one is made here, signed here, or photographed when stamped."""
    st.subheader(_("Confirmation letter"), anchor=False)
    saved_problem = st.session_state.pop("letter_problem", None)
    if saved_problem:
        st.error(saved_problem, icon=":material/error:")
    with reading(database()) as session:
        letters = letters_of(session, page.actor, page.visit.id)
        held = attachments_of(session, page.actor, page.visit.id)
    digest = canonical(figures_of(page, accounts, position))[1]
    for letter in letters:
        _letter_row(page, letter, digest)
    if not page.is_editable or page.visit.state == "planned":
        if not letters:
            st.markdown(small(_("No letter was made in this visit.")))
        return
    if accounts.our_balance is None:
        text = _("No ledger of ours is loaded for this distributor: there is no balance to confirm.")
        st.markdown(small(text))
        return
    newest = letters[0] if letters and letters[0].figures_hash == digest else None
    if newest is None:
        _make(page, accounts, position, is_first=not letters)
        return
    if newest.signed_at is None:
        _sign(page, accounts, position, newest, held)
        _other_language(page, accounts, position, letters, digest)
    st.markdown(small(_("Signed and stamped on paper: photograph it.")))
    photo_strip(page, read_entered(page), _subject(newest))


def _letter_row(page: VisitPage, letter: LetterRow, digest: str) -> None:
    left, right = st.columns([5, 1.6], vertical_alignment="center")
    state = (
        badge("green", LETTER, _("signed")) if letter.signed_at else badge("gray", LETTER, _("not signed"))
    )
    if letter.figures_hash != digest:
        state += " " + badge("orange", ":material/update:", _("figures have changed since"))
    made = instant(letter.made_at, page.company.time_zone, page.today)
    facts = [_("version {version}").format(version=letter.version), NAMES[letter.language], made]
    left.markdown(f"**{plain(letter.number)}** {state}  \n{small(' · '.join(facts))}")
    right.download_button(
        "PDF",
        data=file_maker(page.user, letter.id),
        file_name=f"{letter.number}-v{letter.version}.pdf",
        mime="application/pdf",
        key=f"letter_{letter.id}",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


def _make(page: VisitPage, accounts: Accounts, position: Position, *, is_first: bool) -> None:
    """A new version; where something is unexplained it is asked first whether that is meant so."""
    unexplained = accounts.unexplained
    sure = True
    if unexplained:
        rest = sum(each.amount_minor for each in unexplained)
        text = n_(
            "{count} difference over {amount} is not explained yet. Better explain it before it is signed.",
            "{count} differences over {amount} are not explained yet. Better explain them before it is signed.",
            len(unexplained),
        ).format(count=number(len(unexplained)), amount=money(rest, page.company.currency, sign=True))
        st.warning(text, icon=":material/warning:")
        with st.container(key="touch_letter_sure"):
            answers = {"no": _("Explain them first"), "yes": _("Make the letter all the same")}
            chosen = st.segmented_control(
                _("And now?"),
                list(answers),
                default="no",
                key="letter_sure",
                required=True,
                format_func=lambda code: answers[code],
            )
        sure = chosen == "yes"
    with st.container(key="touch_letter_language"):
        spoken = st.segmented_control(
            _("Language of the letter"),
            CODES,
            default=current(),
            key="letter_language",
            required=True,
            format_func=lambda code: NAMES[code],
        )
    label = _("Make the letter") if is_first else _("Make a new version")
    st.button(
        label,
        type="primary",
        key="letter_make",
        icon=LETTER,
        disabled=not sure,
        on_click=_keep,
        args=(page, accounts, position, spoken or current()),
    )


def _other_language(
    page: VisitPage, accounts: Accounts, position: Position, letters: Sequence[LetterRow], digest: str
) -> None:
    made = {letter.language for letter in letters if letter.figures_hash == digest}
    for code in CODES:
        if code not in made:
            text = _("Also in {language}").format(language=NAMES[code])
            st.button(
                text,
                key=f"letter_also_{code}",
                icon=":material/translate:",
                on_click=_keep,
                args=(page, accounts, position, code),
            )


def _sign(
    page: VisitPage,
    accounts: Accounts,
    position: Position,
    newest: LetterRow,
    held: Sequence[AttachmentRow],
) -> None:
    """The distributor signs on the tablet; the signature is printed on a new version."""
    given = [row for row in held if row.kind == "signature" and row.subject == _subject(newest)]
    name = st.text_input(_("Who signs?"), key="letter_signed_by", max_chars=100)
    signature(
        _("Letter {number}, version {version}: the balance stands, with the differences named.").format(
            number=newest.number, version=newest.version
        ),
        visit=page.visit.id,
        user=page.actor.user_id,
        subject=_subject(newest),
        key=f"signature_{newest.id}",
        held=[row.id for row in given],
        saved_at=page.saved_at,
    )
    st.button(
        _("Print the signature on the letter"),
        type="primary",
        key="letter_signed",
        icon=":material/check:",
        disabled=not given or not name.strip(),
        on_click=_keep,
        args=(page, accounts, position, newest.language),
        kwargs={"signed_by": name.strip(), "signature_id": given[-1].id if given else None},
    )


def _subject(letter: LetterRow) -> str:
    return f"letter:{letter.id}"


def _keep(
    page: VisitPage,
    accounts: Accounts,
    position: Position,
    language: str,
    *,
    signed_by: str = "",
    signature_id: str | None = None,
) -> None:
    """Prints a version and keeps it with the visit."""
    day = as_of(page, accounts, position)
    figures = figures_of(page, accounts, position)
    with reading(database()) as session:
        letter_number, version = next_letter(session, page.actor, page.visit.id, day)
        profile = profile_of(session, page.actor, page.visit.distributor_id)
        picture = None
        if signature_id is not None:
            picture, _kind = attachment_content(session, page.actor, signature_id)
    content = print_letter(
        page,
        accounts,
        position,
        language=language,
        number=letter_number,
        version=version,
        figures_hash=canonical(figures)[1],
        code=profile.code if profile else "",
        signed_by=signed_by,
        signature=picture,
    )
    kept = Letter(letter_number, version, language, day, figures, content, signature_id)
    if not saving.save(keep_letter, page.visit.id, kept, visit_id=page.visit.id, step="accounts"):
        st.session_state.pop("problem", None)
        st.session_state["letter_problem"] = _(
            "The letter was not kept: another version was made meanwhile. Make it again."
        )
