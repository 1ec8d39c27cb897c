"""The visit log card (拜访记录卡) on paper: what the visit aimed at, what came of it, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reportlab.platypus import Flowable

from documents import paper
from documents.paper import Column, Signature
from language import _, current, n_, speaking
from language.calendar import day, day_and_weekday, instant, time_span
from language.formats import MISSING
from language.words import word


@dataclass(frozen=True)
class ObjectiveLine:
    """One objective of the visit, beside what came of it.

    Args:
        text: What was to be reached.
        target: The figure aimed at, as it shall be read; empty when the objective has none.
        actual: The figure reached, as it shall be read; empty when not known.
        result: `reached`, `partly`, `missed`, or `None` when nobody has said yet.
        reason: Why it was not reached.
        next_time: What will be done better.
    """

    text: str
    target: str = ""
    actual: str = ""
    result: str | None = None
    reason: str = ""
    next_time: str = ""


@dataclass(frozen=True)
class Figure:
    """A key figure of a step, both parts as they shall be read."""

    name: str
    value: str


@dataclass(frozen=True)
class StepLine:
    """One step of the visit.

    Args:
        step: Its code, a key of `language.words.STEPS`.
        state: `open`, `begun`, `done` or `skipped`.
        reason: Why it was skipped.
        figures: What it found, in the order to be read.
        note: What the rep wrote there.
    """

    step: str
    state: str
    reason: str = ""
    figures: tuple[Figure, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class PromiseLine:
    """A promise made or standing: what, who keeps it, until when, and its state (`open`, `kept`, …)."""

    text: str
    owner: str
    due_on: date | None
    state: str = "open"


@dataclass(frozen=True)
class CommentLine:
    """What was said of the visit: who, when (an instant), how (`comment`, `return`, `approve`), the words."""

    written_by: str
    written_at: datetime
    kind: str
    text: str


@dataclass(frozen=True)
class VisitCard:
    """Everything that the card shows.

    Args:
        company: Our company, at the top of the paper.
        distributor: The distributor's name.
        distributor_code: Its code.
        region: Its region.
        rep: Who made the visit.
        state: `planned`, `draft`, `submitted`, `returned`, `approved`, `cancelled`.
        visited_on: The day, at the distributor's place.
        started_at: When the rep began (an instant); `None` when not begun.
        submitted_at: When the rep submitted it; `None` when not yet.
        zone: IANA name of the time zone of the distributor's place.
        objectives: The objectives, in their order.
        steps: The steps, in their order.
        promises: The promises of this visit.
        comments: What was said of it, oldest first.
        next_visit_on: The day of the next visit; `None` when none is agreed.
        summary: The rep's summary.
        strengths: What went well.
        improve: What to do better.
    """

    company: str
    distributor: str
    distributor_code: str
    region: str
    rep: str
    state: str
    visited_on: date
    started_at: datetime | None
    submitted_at: datetime | None
    zone: str
    objectives: tuple[ObjectiveLine, ...] = ()
    steps: tuple[StepLine, ...] = ()
    promises: tuple[PromiseLine, ...] = ()
    comments: tuple[CommentLine, ...] = ()
    next_visit_on: date | None = None
    summary: str = ""
    strengths: str = ""
    improve: str = ""


def visit_card_pdf(card: VisitCard, language: str) -> bytes:
    """Prints the card on A4.

    Args:
        card: What it shows.
        language: `zh` or `en`; what people wrote stays as they wrote it.

    Returns:
        The PDF file; the same card gives the same bytes.

    Raises:
        InvalidInput: no such language, or a code that has no word.
    """
    with speaking(language):
        blocks = [
            *_head(card),
            *_objectives(card.objectives),
            *_steps(card.steps),
            *_promises(card.promises),
            *_next(card),
            *_comments(card),
            paper.signatures(
                [Signature(_("Sales rep"), card.rep), Signature(_("Regional manager"))],
            ),
        ]
        name = _("Visit log card: {distributor}, {day}").format(
            distributor=card.distributor, day=day(card.visited_on)
        )
        return paper.pdf(blocks, name=name, author=card.company, foot=name)


def _head(card: VisitCard) -> list[Flowable]:
    """Who, where, when, and the summary."""
    span = time_span(card.started_at, card.submitted_at, card.zone)
    when = day_and_weekday(card.visited_on) + ("" if span == MISSING else f" {span}")
    done = sum(step.state == "done" for step in card.steps)
    facts = [card.rep, when, word("visit.state", card.state)]
    if card.steps:
        facts.append(_("{done} of {steps} steps done").format(done=done, steps=len(card.steps)))
    place = [part for part in (card.distributor_code, card.region) if part]
    blocks: list[Flowable] = [
        paper.note(" · ".join(part for part in (card.company, _("Visit log card")) if part)),
        paper.title(card.distributor),
        paper.note(" · ".join([*place, *facts])),
    ]
    return [*blocks, paper.body(card.summary)] if card.summary else blocks


def _objectives(lines: Sequence[ObjectiveLine]) -> list[Flowable]:
    """Target beside actual, and why not."""
    blocks = paper.heading(_("Objectives"))
    if not lines:
        return [*blocks, paper.note(_("No objectives were set."))]
    columns = [
        Column(_("Objective"), 28),
        Column(_("Target"), 15, right=True),
        Column(_("Actual"), 15, right=True),
        Column(_("Result"), 18),
        Column(_("Reason, next time"), 34),
    ]
    rows = [
        [
            line.text,
            line.target or MISSING,
            line.actual or MISSING,
            word("objective.result", line.result),
            "\n".join(part for part in (line.reason, line.next_time) if part),
        ]
        for line in lines
    ]
    return [*blocks, paper.table(columns, rows)]


def _steps(lines: Sequence[StepLine]) -> list[Flowable]:
    """Each step with its state and what it found; a skipped one with its reason."""
    if not lines:
        return []
    rows = []
    for line in lines:
        found = [f"{figure.name} {figure.value}" for figure in line.figures]
        text = [
            line.reason and _("Reason: {reason}").format(reason=line.reason),
            "; ".join(found) if current() == "en" else "；".join(found),
            line.note,
        ]
        rows.append(
            [
                word("visit_step.step", line.step),
                word("visit_step.state", line.state),
                "\n".join(part for part in text if part) or MISSING,
            ]
        )
    columns = [Column(_("Step"), 14), Column(_("State"), 14), Column(_("What was found"), 82)]
    return [*paper.heading(_("Steps")), paper.table(columns, rows)]


def _promises(lines: Sequence[PromiseLine]) -> list[Flowable]:
    """Who promised what until when."""
    blocks = paper.heading(_("Promises"))
    if not lines:
        return [*blocks, paper.note(_("No promises were made."))]
    columns = [Column(_("Promise"), 52), Column(_("Who"), 22), Column(_("Due"), 20), Column(_("State"), 16)]
    rows = [[line.text, line.owner, day(line.due_on), word("promise.state", line.state)] for line in lines]
    return [*blocks, paper.table(columns, rows)]


def _next(card: VisitCard) -> list[Flowable]:
    """What went well, what to do better, and when we meet again."""
    blocks = paper.heading(_("Next visit"))
    agreed = card.next_visit_on is not None
    blocks.append(paper.body(day_and_weekday(card.next_visit_on) if agreed else _("No day is agreed yet.")))
    if card.strengths:
        blocks.append(paper.body(_("What went well: {text}").format(text=card.strengths)))
    if card.improve:
        blocks.append(paper.body(_("What to do better: {text}").format(text=card.improve)))
    return blocks


def _comments(card: VisitCard) -> list[Flowable]:
    """What the manager and the rep said of it."""
    if not card.comments:
        return []
    count = len(card.comments)
    blocks = paper.heading(n_("{count} comment", "{count} comments", count).format(count=count))
    for line in card.comments:
        facts = [line.written_by, instant(line.written_at, card.zone), word("comment.kind", line.kind)]
        blocks += [paper.note(" · ".join(facts), with_next=True), paper.body(line.text)]
    return blocks
