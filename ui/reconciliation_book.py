"""Their book: loaded from a file, typed line by line, or only its closing balance. Its sign is turned here."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from data.book_checks import BookChange
from data.book_files import BookFile, BookLine, BookRefused, CellProblem, kind_of, read_book
from data.database import database
from data.engine import reading
from data.ledgers import LedgerLine
from data.their_lines import add_line, load_book, preview_book, remove_line, set_closing
from language import _, n_
from language.calendar import day
from language.formats import money, number
from ui import icons, saving
from ui.markup import plain, small
from ui.reconciliation_book_words import problem_words, refused_words
from ui.reconciliation_facts import Accounts
from ui.reconciliation_lists import paged
from ui.reconciliation_position import bare
from ui.reconciliation_words import line_name
from ui.visit_frame import VisitPage

MEGABYTES = 10
MOST_PROBLEMS = 20


def draw_book(page: VisitPage, accounts: Accounts) -> None:
    """The ways in, then the lines that the book has."""
    if page.is_editable:
        ways = {
            "file": _("From a file"),
            "lines": _("Type lines"),
            "closing": _("Closing balance only"),
        }
        with st.container(key="touch_book_way"):
            way = st.segmented_control(
                _("How is the book shown?"),
                list(ways),
                default="file",
                key="book_way",
                required=True,
                format_func=lambda code: ways[code],
                label_visibility="collapsed",
            )
        if way == "file":
            _file(page)
        elif way == "lines":
            _line(page)
        else:
            _closing(page, accounts)
    _held(page, accounts)


@st.fragment
def _file(page: VisitPage) -> None:
    attempt = st.session_state.get("book_attempt", 0)
    file = st.file_uploader(
        _("CSV or XLSX with date, reference, debit, credit, text; at most {size} MB").format(size=MEGABYTES),
        type=["csv", "xlsx"],
        max_upload_size=MEGABYTES,
        key=f"book_file_{attempt}",
    )
    with st.container(key="touch_book_view"):
        view = st.segmented_control(
            _("Whose signs does it have?"),
            ["theirs", "ours"],
            default="theirs",
            key="book_view",
            required=True,
            format_func=_view_word,
        )
    if file is None:
        return
    content = file.getvalue()
    replace = bool(st.session_state.get(f"book_replace_{attempt}"))
    try:
        found = read_book(
            content,
            file.name,
            today=page.today,
            currency=page.company.currency,
            minor_exponent=page.company.minor_exponent,
            is_their_view=view == "theirs",
        )
        _problems(found.problems)
        if not found.lines:
            return
        with reading(database()) as session:
            change = preview_book(
                session, page.actor, page.visit.distributor_id, found, content, replace=replace
            )
    except BookRefused as error:
        st.error(refused_words(error, page.company), icon=":material/error:")
        if error.code == "overlap":
            st.toggle(_("The file replaces them"), key=f"book_replace_{attempt}")
        return
    _preview(page, found, change, view == "theirs")
    text = n_("Load {count} new line", "Load {count} new lines", len(change.new)).format(
        count=number(len(change.new))
    )
    if st.button(text, type="primary", key="book_load", disabled=not (change.new or change.gone)):
        saved = saving.save(
            load_book,
            page.visit.id,
            found,
            content,
            file.name,
            replace=replace,
            visit_id=page.visit.id,
            step="accounts",
        )
        if saved:
            st.session_state["book_attempt"] = attempt + 1
        _go_on(page, saved)


def _go_on(page: VisitPage, saved: bool) -> None:
    """Draws the page anew once something is saved; otherwise says why not, beside what stays as it was given."""
    if saved or st.session_state.get("conflicts"):
        st.rerun(scope="app")
    problem = st.session_state.get("problem")
    if isinstance(problem, BookRefused):
        # Refused on the way to the database, it is said in the same words as before it.
        st.session_state["problem"] = refused_words(problem, page.company)
    saving.show_outcome()


def _view_word(view: str) -> str:
    return {
        "theirs": _("their own book: credit = they owe us"),
        "ours": _("a statement of ours: debit = they owe us"),
    }[view]


def _problems(problems: Sequence[CellProblem]) -> None:
    if not problems:
        return
    text = n_(
        "{count} cell cannot be used; its row is left out:",
        "{count} cells cannot be used; their rows are left out:",
        len(problems),
    ).format(count=number(len(problems)))
    lines = [f"- {plain(problem_words(each))}" for each in problems[:MOST_PROBLEMS]]
    if len(problems) > MOST_PROBLEMS:
        lines.append("- " + _("and {count} more").format(count=number(len(problems) - MOST_PROBLEMS)))
    st.warning("\n".join([text, *lines]), icon=":material/warning:")


def _preview(page: VisitPage, file: BookFile, change: BookChange, is_turned: bool) -> None:
    """What the file says, with the sign turned before the person's eyes."""
    total = sum(line.amount_minor for line in file.lines)
    first, last = min(line.on for line in file.lines), max(line.on for line in file.lines)
    parts = [
        _("{first} to {last}").format(first=day(first, page.today), last=day(last, page.today)),
        n_("{count} line", "{count} lines", len(file.lines)).format(count=number(len(file.lines))),
        _("{count} known").format(count=number(change.known)),
    ]
    if change.gone:
        parts.append(_("{count} leave").format(count=number(len(change.gone))))
    st.markdown(f"**{' · '.join(parts)}**")
    their_word = _("credit") if total >= 0 else _("debit")
    amount = bare(abs(total), page.company)
    ours = bare(total, page.company, sign=True)
    if is_turned:
        text = _("The sign is turned: {amount} {side} in their book is {ours} for us.").format(
            amount=amount, side=their_word, ours=ours
        )
    else:
        text = _("The signs stay as they are: {ours} for us.").format(ours=ours)
    st.markdown(f":blue[:material/swap_vert:] {text}")


@st.fragment
def _line(page: VisitPage) -> None:
    """One line typed by hand; the button says what it is for us."""
    number_ = st.session_state.get("line_number", 0)
    first, second = st.columns([1, 1.4])
    on = first.date_input(
        _("Day"), value=page.today, max_value=page.today, key="line_on", format="YYYY-MM-DD"
    )
    reference = second.text_input(_("Document number"), key=f"line_reference_{number_}", max_chars=100)
    left, middle, right = st.columns([1, 1, 1.4], vertical_alignment="bottom")
    sides = {}
    for place, side, label in (
        (left, "credit", _("Their credit: they owe us more")),
        (middle, "debit", _("Their debit: paid or returned")),
    ):
        sides[side] = place.number_input(
            label,
            min_value=0.0,
            value=None,
            step=None,
            format=f"%.{page.company.minor_exponent}f",
            key=f"qty_line_{side}_{number_}",
            placeholder="—",
        )
    text = right.text_input(_("What for"), key=f"line_text_{number_}", max_chars=300)
    minor = _minor(page, sides["credit"]) - _minor(page, sides["debit"])
    again = bool(st.session_state.get(f"line_again_{number_}"))
    label = _("Add line: {ours} for us").format(ours=bare(minor, page.company, sign=True))
    if not minor:
        label = _("Add line")
    if st.button(label, type="primary", key="line_add", icon=icons.ADD, disabled=not minor):
        _add(page, BookLine(on, reference.strip(), minor, text.strip(), kind_of(text, minor)), again)
    if st.session_state.get("line_known"):
        st.toggle(_("It really stands there twice"), key=f"line_again_{number_}")


def _add(page: VisitPage, line: BookLine, again: bool) -> None:
    saved = saving.save(add_line, page.visit.id, line, again=again, visit_id=page.visit.id, step="accounts")
    problem = st.session_state.get("problem")
    st.session_state["line_known"] = isinstance(problem, BookRefused) and problem.code == "known_line"
    if saved:
        st.session_state["line_number"] = st.session_state.get("line_number", 0) + 1
    _go_on(page, saved)


def _minor(page: VisitPage, value: float | None) -> int:
    return int(Decimal(str(value or 0)).scaleb(page.company.minor_exponent).to_integral_value())


@st.fragment
def _closing(page: VisitPage, accounts: Accounts) -> None:
    """Only the balance: one difference that stays unexplained until lines are shown."""
    held = accounts.books.closing
    left, middle, right = st.columns([1, 1.2, 1.4], vertical_alignment="bottom")
    on = left.date_input(
        _("Day"), value=page.today, max_value=page.today, key="closing_on", format="YYYY-MM-DD"
    )
    amount = middle.number_input(
        _("Balance in their book"),
        value=None,
        step=None,
        format=f"%.{page.company.minor_exponent}f",
        key="qty_closing",
        placeholder="—",
        help=_("Above zero: they owe us. Below zero: we owe them."),
    )
    label = _("Record the balance")
    if amount is not None:
        label = _("Record {ours} for us").format(ours=bare(_minor(page, amount), page.company, sign=True))
    if right.button(label, type="primary", key="closing_save", disabled=amount is None, width="stretch"):
        seen = held.amount_minor if held is not None and held.on == on else None
        saved = saving.save(
            set_closing,
            page.visit.id,
            on,
            seen=seen,
            amount_minor=_minor(page, amount),
            visit_id=page.visit.id,
            step="accounts",
        )
        _go_on(page, saved)


def _held(page: VisitPage, accounts: Accounts) -> None:
    """The lines of the book, the newest first, and whether they add up to the balance that was told."""
    books = accounts.books
    if books.closing is not None:
        _closing_row(page, accounts, books.closing)
    if not books.theirs:
        if books.closing is None:
            st.markdown(small(_("Nothing of their book is here yet.")))
        return
    first, last = books.theirs[0].on, books.theirs[-1].on
    facts = [
        _("{first} to {last}").format(first=day(first, page.today), last=day(last, page.today)),
        n_("{count} line", "{count} lines", len(books.theirs)).format(count=number(len(books.theirs))),
        _("balance {amount}").format(amount=bare(accounts.their_balance, page.company)),
    ]
    st.markdown(f"**{_('Their book')}** &ensp; {small(' · '.join(facts))}")
    paged("book", list(reversed(books.theirs)), lambda line: _held_row(page, line))


def _closing_row(page: VisitPage, accounts: Accounts, closing: LedgerLine) -> None:
    text, more = st.columns([8, 0.9], vertical_alignment="center")
    text.markdown(_told(page, accounts, closing))
    if page.is_editable and more.button(
        "", key="closing_remove", icon=icons.DELETE, help=_("Take this balance out"), width="stretch"
    ):
        saving.save(set_closing, page.visit.id, closing.on, seen=closing.amount_minor, amount_minor=None)
        st.rerun()


def _told(page: VisitPage, accounts: Accounts, closing: LedgerLine) -> str:
    """The balance that was told, and whether the lines up to its day add up to it."""
    text = _("Closing balance of {date}: {amount}").format(
        date=day(closing.on, page.today), amount=money(closing.amount_minor, page.company.currency)
    )
    if not accounts.books.theirs:
        return f"{text}."
    lines = sum(line.amount_minor for line in accounts.books.theirs if line.on <= closing.on)
    if lines == closing.amount_minor:
        return f":green[:material/check:] {text}. {_('The lines add up to it.')}"
    rest = money(closing.amount_minor - lines, page.company.currency, sign=True)
    more = _("The lines do not add up to it: {rest} is missing.").format(rest=rest)
    return f":orange[:material/warning:] {text}. {more}"


def _held_row(page: VisitPage, line: LedgerLine) -> None:
    text, figure, more = st.columns([6, 2, 0.9], vertical_alignment="center")
    text.markdown(f"**{plain(line_name(line, page.today))}**  \n{small(plain(line.text) or '—')}")
    figure.markdown(bare(line.amount_minor, page.company, sign=True), text_alignment="right")
    if page.is_editable and more.button(
        "", key=f"book_{line.id}", icon=icons.DELETE, help=_("Take this line out"), width="stretch"
    ):
        saving.save(remove_line, page.visit.id, line.id, visit_id=page.visit.id, step="accounts")
        st.rerun()
