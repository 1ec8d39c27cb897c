"""What leaves the visit log: a visit's card as PDF, and the visits found as XLSX or CSV.

A file is made when it is asked for, in a thread where no page is drawn: language, session and reader are
handed along, and whether the session still holds is asked again.
"""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from core.visit import STEPS
from data.database import database
from data.engine import reading
from data.errors import NotAllowed
from data.objectives import ObjectiveRow
from data.sign_in import signed_in_user
from data.visit_findings import VisitFindings, visit_findings
from data.visit_log import LogFilter, LogRow, VisitRecord, log_rows, visit_record
from documents import visit_card
from documents.spreadsheet import Cell, SheetColumn, csv, xlsx
from language import _, current, speaking
from language.words import word
from ui import clock
from ui.current_user import CurrentUser, session_token
from ui.figures import actual_figure, figure
from ui.finding_words import step_figures, step_notes
from ui.names import name_of

Maker = Callable[[], bytes]


def pdf_maker(user: CurrentUser, visit_id: str) -> Maker:
    """Makes the visit's card on paper, in the language spoken now."""
    token, code = session_token(), current()

    def make() -> bytes:
        with reading(database()) as session:
            if signed_in_user(session, token, clock.now()) is None:
                raise NotAllowed("Printing", "you are signed out")
            record = visit_record(session, user.actor, visit_id)
            found = visit_findings(session, user.actor, visit_id)
        with speaking(code):
            return visit_card.visit_card_pdf(_card(user, record, found), code)

    return make


def sheet_maker(user: CurrentUser, wanted: LogFilter, kind: str) -> Maker:
    """Makes a spreadsheet (`xlsx` or `csv`) of the visits that the filter lets through."""
    token, code = session_token(), current()

    def make() -> bytes:
        with reading(database()) as session:
            if signed_in_user(session, token, clock.now()) is None:
                raise NotAllowed("Exporting", "you are signed out")
            rows = log_rows(session, user.actor, wanted)
        with speaking(code):
            cells = (_cells(row) for row in rows)
            return xlsx(_columns(), cells, sheet=_("Visits")) if kind == "xlsx" else csv(_columns(), cells)

    return make


def file_name(row: LogRow) -> str:
    """The name of a visit's card as a file."""
    return f"{row.visit.planned_on.isoformat()}-{row.code}.pdf"


def _columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Day"), "date", 11),
        SheetColumn(_("Code"), "text", 12),
        SheetColumn(_("Distributor"), "text", 28),
        SheetColumn(_("Region"), "text", 12),
        SheetColumn(_("Rep"), "text", 12),
        SheetColumn(_("State"), "text", 12),
        SheetColumn(_("Begun"), "instant", 17),
        SheetColumn(_("Submitted"), "instant", 17),
        SheetColumn(_("Reviewed"), "instant", 17),
        SheetColumn(_("Reviewed by"), "text", 12),
        SheetColumn(_("Next visit"), "date", 11),
        SheetColumn(_("Summary"), "text", 60),
        SheetColumn(_("Went well"), "text", 30),
        SheetColumn(_("To do better"), "text", 30),
        SheetColumn(_("Why incomplete"), "text", 30),
        SheetColumn(_("Why cancelled"), "text", 30),
    ]


def _cells(row: LogRow) -> list[Cell]:
    visit, zone = row.visit, ZoneInfo(row.time_zone)
    instants = (visit.started_at, visit.submitted_at, visit.reviewed_at)
    return [
        visit.planned_on,
        row.code,
        name_of(visit.distributor, visit.distributor_en),
        name_of(row.region, row.region_en),
        name_of(visit.rep, visit.rep_en),
        word("visit.state", visit.state),
        *(None if at is None else at.astimezone(zone) for at in instants),
        name_of(row.reviewer, row.reviewer_en),
        visit.next_visit_on,
        visit.summary,
        visit.strengths,
        visit.improve,
        visit.incomplete_reason,
        visit.cancel_reason,
    ]


def _card(user: CurrentUser, record: VisitRecord, found: VisitFindings) -> visit_card.VisitCard:
    figures, notes = step_figures(found, user.company), step_notes(found, user.actor.today)
    row, visit, currency = record.row, record.row.visit, user.company.currency
    return visit_card.VisitCard(
        company=name_of(user.company.name, user.company.name_en),
        distributor=name_of(visit.distributor, visit.distributor_en),
        distributor_code=row.code,
        region=name_of(row.region, row.region_en),
        rep=name_of(visit.rep, visit.rep_en),
        state=visit.state,
        visited_on=visit.planned_on,
        started_at=visit.started_at,
        submitted_at=visit.submitted_at,
        zone=row.time_zone,
        objectives=tuple(_objective(line, currency) for line in record.objectives),
        steps=tuple(
            visit_card.StepLine(
                step,
                record.steps[step].state,
                record.steps[step].reason,
                figures.get(step, ()),
                notes.get(step, ""),
            )
            for step in STEPS
        ),
        promises=tuple(
            visit_card.PromiseLine(line.text, line.owner, line.due_on, line.state) for line in record.promises
        ),
        comments=tuple(
            visit_card.CommentLine(
                name_of(line.written_by, line.written_by_en), line.written_at, line.kind, line.text
            )
            for line in record.comments
        ),
        next_visit_on=visit.next_visit_on,
        summary=visit.summary,
        strengths=visit.strengths,
        improve=visit.improve,
    )


def _objective(row: ObjectiveRow, currency: str) -> visit_card.ObjectiveLine:
    return visit_card.ObjectiveLine(
        text=row.text,
        target=figure(row.kind, row.target, currency),
        actual=actual_figure(row, currency),
        result=row.result,
        reason=row.reason,
        next_time=row.next_time,
    )
