"""The files of an order: PDF in both languages, XLSX, CSV and JSON.

A file is made when it is asked for, in a thread where no page is drawn: language and session are handed along,
and whether the session still holds is asked again.
"""

from collections.abc import Callable

import streamlit as st

from data.attachments import attachment_content
from data.database import database
from data.distributors import profile_of
from data.engine import reading
from data.errors import NotAllowed, NotReachable
from data.orders import OrderRow, find_order
from data.sign_in import signed_in_user
from data.visits import find_visit
from documents import order as documents
from language import _, current
from ui import clock
from ui.current_user import CurrentUser, session_token

KINDS = {
    "zh.pdf": "application/pdf",
    "en.pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}


def draw_files(user: CurrentUser, order: OrderRow) -> None:
    """The files of an order behind one button."""
    words = {
        "zh.pdf": _("PDF in Chinese"),
        "en.pdf": _("PDF in English"),
        "xlsx": "XLSX",
        "csv": "CSV",
        "json": _("JSON for a program"),
    }
    files = st.popover(
        _("Files"), icon=":material/download:", key=f"order_files_{order.id}", on_change="rerun"
    )
    if not files.open:
        return
    with files:
        for ending, kind in KINDS.items():
            st.download_button(
                words[ending],
                data=maker(user, order.id, ending),
                file_name=f"{order.number}.{ending}",
                mime=kind,
                key=f"order_file_{ending}_{order.id}",
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
            )


def maker(user: CurrentUser, order: str, ending: str) -> Callable[[], bytes]:
    """Makes one of the `KINDS` of file of an order.

    Args:
        user: Who asks.
        order: The order's id.
        ending: The end of the file's name.
    """
    token, spoken = session_token(), current()

    def make() -> bytes:
        language = ending.removesuffix(".pdf") if ending.endswith(".pdf") else spoken
        found = _paper(user, token, order, language)
        if ending.endswith(".pdf"):
            return documents.order_pdf(found, language)
        if ending == "json":
            return documents.order_json(found)
        return documents.order_sheet(found, ending, language)

    return make


def _paper(user: CurrentUser, token: str, wanted: str, language: str) -> documents.OrderPaper:
    with reading(database()) as session:
        if signed_in_user(session, token, clock.now()) is None:
            raise NotAllowed("Printing", "you are signed out")
        order = find_order(session, user.actor, wanted)
        visit = find_visit(session, user.actor, order.visit_id or "")
        profile = profile_of(session, user.actor, order.distributor_id)
        if visit is None or profile is None:
            raise NotReachable("order")
        first = find_order(session, user.actor, order.split_from) if order.split_from else None
        signature = None
        if order.signature_id is not None:
            signature, _kind = attachment_content(session, user.actor, order.signature_id)
    english = language == "en"

    def named(chinese: str, other: str) -> str:
        return (other or chinese) if english else (chinese or other)

    company = user.company
    return documents.OrderPaper(
        number=order.number,
        part_of=first.number if first else "",
        state=order.state,
        company=named(company.name, company.name_en),
        distributor=named(visit.distributor, visit.distributor_en),
        distributor_code=profile.code,
        rep=named(visit.rep, visit.rep_en),
        currency=company.currency,
        minor_exponent=company.minor_exponent,
        tax_basis=order.tax_basis,
        ordered_on=visit.planned_on,
        deliver_on=order.deliver_on,
        signed_name=order.signed_name,
        signed_at=order.signed_at,
        signature=signature,
        zone=str(company.time_zone),
        lines=tuple(
            documents.OrderPaperLine(
                code=line.code,
                name=line.name,
                name_en=line.name_en,
                unit=line.unit,
                pack=line.pack_size,
                quantity=line.quantity,
                suggested=line.suggested,
                price=line.unit_price,
                reason=line.reason,
            )
            for line in order.lines
            if line.quantity > 0
        ),
    )
