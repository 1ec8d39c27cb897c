"""Why a book or a cell of it was not taken, in sentences that say what would be right."""

from data.book_files import BookRefused, CellProblem
from data.company import CompanySettings
from language import _, n_
from language.calendar import day
from language.formats import listed, money, number
from ui.names import name_of


def column_word(column: str) -> str:
    """The word of a column of the file."""
    return {
        "date": _("date"),
        "reference": _("document number"),
        "debit": _("debit"),
        "credit": _("credit"),
        "text": _("text"),
        "balance": _("balance"),
        "currency": _("currency"),
    }[column]


def problem_words(problem: CellProblem) -> str:
    """A cell that cannot be read: where it is, what it says, and what would be right."""
    hints = {
        "date": _("expected a day such as 2026-11-03"),
        "future": _("a day to come; expected at most {expected}"),
        "money": _("expected an amount such as 1,234.50"),
        "one_side": _("expected an amount in either debit or credit"),
        "currency": _("another currency; expected {expected}"),
        "too_long": _("expected at most {expected} characters"),
        "balance": _("does not add up with the row before; expected {expected}"),
    }
    hint = hints[problem.code].format(expected=problem.expected)
    return _("Row {row}, {column} “{value}”: {hint}.").format(
        row=problem.row, column=column_word(problem.column), value=problem.value, hint=hint
    )


def refused_words(error: BookRefused, company: CompanySettings) -> str:
    """Why a whole book was not taken."""
    facts = error.facts
    if error.code == "columns":
        names = listed([column_word(str(name)) for name in _sequence(facts["missing"])])
        return _(
            "The file lacks the columns: {names}. The first row names them: date, reference, debit, credit, text."
        ).format(names=names)
    if error.code == "other_distributor":
        return _("This looks like the book of {name}; nothing was loaded.").format(
            name=name_of(str(facts["name"]), str(facts["name_en"]))
        )
    if error.code == "same_file":
        return _("This very file was loaded on {date}; nothing was added a second time.").format(
            date=day(facts["on"])  # type: ignore[arg-type]
        )
    if error.code == "overlap":
        count = int(str(facts["count"]))
        return n_(
            "From {first} to {last} the book has {count} line that this file lacks.",
            "From {first} to {last} the book has {count} lines that this file lacks.",
            count,
        ).format(
            first=day(facts["first"]),  # type: ignore[arg-type]
            last=day(facts["last"]),  # type: ignore[arg-type]
            count=number(count),
        )
    if error.code == "opening_differs":
        return _(
            "The balances do not add up: on {date} the opening balance is {told}, the lines before give"
            " {expected}."
        ).format(
            date=day(facts["on"]),  # type: ignore[arg-type]
            told=money(int(str(facts["told_minor"])), company.currency),
            expected=money(int(str(facts["expected_minor"])), company.currency),
        )
    return _fixed_words(error)


def _fixed_words(error: BookRefused) -> str:
    facts = {name: str(value) for name, value in error.facts.items()}
    texts = {
        "too_large": _("The file is too large; at most {megabytes} MB."),
        "too_many_rows": _("The file has too many rows; at most {most}. Load it in parts by period."),
        "unreadable": _("The file cannot be read. Save it as CSV (UTF-8 or GB18030) or as XLSX."),
        "empty": _("The file holds no line."),
        "two_openings": _("Row {row} is a second opening balance; a book has one."),
        "no_opening": _(
            "The file begins before the book without an opening balance; add it as the first row."
        ),
        "known_line": _("The book has this line already. Say so if it really stands there twice."),
    }
    return texts[error.code].format(**facts)


def _sequence(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)
