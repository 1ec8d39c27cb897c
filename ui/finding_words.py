"""What a visit found in words: sentences, lines and key figures, for the screens and for the paper."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil

from data.checklists import ChecklistRow
from data.company import CompanySettings
from data.orders import OrderRow
from data.visit_findings import VisitFindings
from data.visit_goods import CountFound
from documents.visit_card import Figure
from language import _, current, n_
from language.calendar import day
from language.formats import listed, number
from language.words import word
from ui.names import name_of
from ui.order_totals import order_amount
from ui.sales_mix import score_words

CHECKLIST_STEPS = {
    "tools": "prepare",
    "display": "sales",
    "promotion": "service",
    "service": "service",
    "market": "market",
    "training": "talk",
}
"""In which step each checklist is answered."""


def about(subject: str, text: str) -> str:
    """What is said of a subject, on one line."""
    return f"{subject}: {text}" if current() == "en" else f"{subject}：{text}"


def out_of_stock(counts: Sequence[CountFound]) -> list[str]:
    """The names of the products of which nothing was left in any lot."""
    left: dict[str, float] = {}
    names: dict[str, str] = {}
    for row in counts:
        if row.quantity is not None:
            left[row.product_id] = left.get(row.product_id, 0.0) + float(row.quantity)
            names[row.product_id] = name_of(row.name, row.name_en)
    return [names[product] for product, quantity in left.items() if quantity <= 0]


def counted(counts: Sequence[CountFound]) -> int:
    """How many products were counted."""
    return len({row.product_id for row in counts if row.quantity is not None})


def lots_at_risk(counts: Sequence[CountFound]) -> int:
    """How many lots will not all sell before their date."""
    return sum((row.at_risk or 0.0) > 0 for row in counts)


def stock_sentence(counts: Sequence[CountFound]) -> str:
    """How much was counted, and how much of it wants something done."""
    products, out, risk = counted(counts), len(out_of_stock(counts)), lots_at_risk(counts)
    return " · ".join(
        [
            n_("{count} product counted", "{count} products counted", products).format(count=products),
            _("{count} out of stock").format(count=out),
            n_("{count} lot will not sell in time", "{count} lots will not sell in time", risk).format(
                count=risk
            ),
        ]
    )


def price_sentence(findings: VisitFindings, deviations: Mapping[str, float], threshold: float) -> str:
    """How many prices were entered, and how many of them stood out of the market."""
    count = len(findings.prices)
    asked = {row.product_id for row in findings.prices if row.is_own and row.kind == "selling"}
    shares = [share for product, share in deviations.items() if product in asked]
    return " · ".join(
        [
            n_("{count} price entered", "{count} prices entered", count).format(count=count),
            _("{count} below the market").format(count=sum(share <= -threshold for share in shares)),
            _("{count} above").format(count=sum(share >= threshold for share in shares)),
        ]
    )


def order_facts(order: OrderRow, company: CompanySettings, today: date | None = None) -> list[str]:
    """An order's amount, size, state, signature and delivery day; without `today` with the year of the day."""
    cases = number(order.cases, 0 if order.cases == order.cases.to_integral_value() else 1)
    facts = [
        order_amount(order.lines, company.currency),
        n_("{count} case", "{count} cases", ceil(order.cases)).format(count=cases),
        word("distributor_order.state", order.state),
        _("signed by {name}").format(name=order.signed_name) if order.signed_at else _("not signed"),
    ]
    if order.deliver_on:
        facts.append(_("delivery {date}").format(date=day(order.deliver_on, today)))
    return facts


def market_lines(findings: VisitFindings, today: date) -> list[str]:
    """What was learned of the market, and who may become a distributor."""
    lines = []
    for note in findings.market:
        subject = " · ".join(
            part for part in (word("market_note.topic", note.topic), note.competitor) if part
        )
        lines.append(about(subject, note.text))
    for row in findings.prospects:
        by = day(row.next_step_on, today) if row.next_step_on else _("no date")
        lines.append(_("Prospect {name}: {step} ({date})").format(name=row.name, step=row.next_step, date=by))
    return lines


def service_lines(findings: VisitFindings) -> list[str]:
    """Promotion goods passed on, and complaints recorded."""
    lines = [
        _("{item}: {passed} of {issued} passed on").format(
            item=name_of(row.item, row.item_en), passed=number(row.passed_on), issued=number(row.issued)
        )
        for row in findings.goods
    ]
    for complaint in findings.complaints:
        facts = [complaint.text, word("complaint.state", complaint.state), complaint.answer]
        kind = _("Complaint, {kind}").format(kind=word("complaint.kind", complaint.kind))
        said = " · ".join(fact for fact in facts if fact)
        lines.append(about(kind, said))
    return lines


def talk_lines(findings: VisitFindings) -> list[str]:
    """What was told with the distributor's answer; training, advice, problems solved."""
    return [
        about(
            word("talk.answer", row.answer) if row.answer else word("talk.kind", row.kind),
            name_of(row.text, row.text_en),
        )
        for row in findings.talks
    ]


def answers_of(rows: Sequence[ChecklistRow], *answers: str) -> list[str]:
    """The lines of a checklist that were answered so, with the answer."""
    return [
        about(name_of(row.text, row.text_en), word("checklist_answer.answer", row.answer))
        for row in rows
        if row.answer in answers
    ]


def step_notes(findings: VisitFindings, today: date) -> dict[str, str]:
    """The text of each step on paper: its note, then what was found there; a line each."""
    lines: dict[str, list[str]] = {step: [text] for step, text in findings.notes.items()}
    for step, more in (
        ("market", market_lines(findings, today)),
        ("service", service_lines(findings)),
        ("talk", talk_lines(findings)),
    ):
        lines.setdefault(step, []).extend(more)
    for name, rows in findings.checklists.items():
        lines.setdefault(CHECKLIST_STEPS[name], []).extend(answers_of(rows, "no"))
    return {step: "\n".join(texts) for step, texts in lines.items() if texts}


def step_figures(findings: VisitFindings, company: CompanySettings) -> dict[str, tuple[Figure, ...]]:
    """The key figures of each step on paper; steps without any are absent."""
    figures: dict[str, list[Figure]] = {}
    if findings.prices:
        own = sum(row.is_own for row in findings.prices)
        figures["prices"] = [
            Figure(_("Our prices"), number(own)),
            Figure(_("Competitors' prices"), number(len(findings.prices) - own)),
        ]
    if findings.counts:
        figures["stock"] = [
            Figure(_("Products counted"), number(counted(findings.counts))),
            Figure(_("Out of stock"), number(len(out_of_stock(findings.counts)))),
            Figure(_("Lots at risk"), number(lots_at_risk(findings.counts))),
        ]
    if findings.orders:
        figures["order"] = [
            Figure(_("Order"), listed(order_facts(order, company))) for order in findings.orders
        ]
    for name, rows in findings.checklists.items():
        figures.setdefault(CHECKLIST_STEPS[name], []).append(
            Figure(word("checklist_item.checklist", name), score_words(rows))
        )
    taken = Counter(CHECKLIST_STEPS.get(photo.subject, photo.subject) for photo in findings.photos)
    for step, count in taken.items():
        figures.setdefault(step, []).append(Figure(_("Photos"), number(count)))
    return {step: tuple(found) for step, found in figures.items()}
