"""What tablets deliver: entries as JSON, pictures as bytes; the reply names what the database holds.

A tablet sends again until it is told so, so every answer must be true: an id is named as held only after the
commit.
"""

import json
import logging
from dataclasses import asdict
from datetime import datetime
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

import language
from core.errors import FieldvisitError
from data.access import Actor
from data.attachments import add_attachment, attachment_content
from data.company import CompanySettings, company_settings
from data.engine import reading, writing
from data.entries import ANOTHER_USERS, conflicts_of, save_entries
from data.entry_fields import COUNT_FIELDS, PRICE_FIELDS
from data.errors import InvalidValue, NotReachable, StorageUnavailable
from data.pictures import MOST_BYTES, safe_picture
from data.sign_in import SignedInUser
from language import _
from language.calendar import time
from server.door import Door

log = logging.getLogger("fieldvisit.server")

MOST_ENTRIES = 500
LARGEST_BATCH = 2 * 1024 * 1024


def routes(door: Door) -> list[Route]:
    """`POST /entries`, `POST /attachments`, `GET /attachments/{id}`."""

    async def entries(request: Request) -> Response:
        body = await _body(request, LARGEST_BATCH)
        if body is None:
            return PlainTextResponse("These are too many entries at once.", 413)
        found = _entries_in(body)
        if found is None:
            return PlainTextResponse('A JSON object {"entries": […]} is expected here.', 400)
        return await _answer(_save_entries, door, request.scope["fieldvisit_user"], found)

    async def attach(request: Request) -> Response:
        body = await _body(request, MOST_BYTES)
        if body is None:
            return PlainTextResponse("A picture of at most 10 MB is expected here.", 413)
        return await _answer(
            _save_attachment, door, request.scope["fieldvisit_user"], dict(request.query_params), body
        )

    async def show(request: Request) -> Response:
        return await _answer(_show, door, request.scope["fieldvisit_user"], request.path_params["id"])

    return [
        Route("/entries", entries, methods=["POST"]),
        Route("/attachments", attach, methods=["POST"]),
        Route("/attachments/{id}", show, methods=["GET"]),
    ]


async def _answer(act: Any, door: Door, user: SignedInUser, *values: Any) -> Response:
    try:
        return await anyio.to_thread.run_sync(act, door, user, *values)
    except StorageUnavailable:
        # The tablet keeps what it sent and tries again.
        return PlainTextResponse("The database does not answer. Try again.", 503)
    except FieldvisitError as error:
        log.info("delivery refused", extra={"reason": type(error).__name__})
        return PlainTextResponse(str(error), 404 if not isinstance(error, InvalidValue) else 400)


async def _body(request: Request, largest: int) -> bytes | None:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
    return b"".join(parts)


def _entries_in(body: bytes) -> list[dict[str, object]] | None:
    try:
        document = json.loads(body)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return None
    entries = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        return None
    return [entry if isinstance(entry, dict) else {} for entry in entries]


def _actor(door: Door, user: SignedInUser, now: datetime) -> tuple[Actor, CompanySettings]:
    with reading(door.database()) as session:
        company = company_settings(session, Actor(user.user_id, user.role, now.date()))
    return Actor(user.user_id, user.role, now.astimezone(company.time_zone).date()), company


def _save_entries(door: Door, user: SignedInUser, entries: list[dict[str, object]]) -> Response:
    now = door.now()
    actor, company = _actor(door, user, now)
    with writing(door.database()) as session:
        receipt = save_entries(session, actor, entries, now)
    held = set(receipt.held)
    visits = sorted({str(entry["visit"]) for entry in entries if str(entry.get("id")) in held})
    with reading(door.database()) as session:
        conflicts = [row for visit_id in visits for row in conflicts_of(session, actor, visit_id)]
    with language.speaking(user.language):
        rejected = [{"id": id_, "reason": _reason(error)} for id_, error in receipt.rejected]
        return JSONResponse(
            {
                "held": receipt.held,
                "rejected": rejected,
                "saved_at": time(now, company.time_zone),
                "conflicts": [_told(asdict(row), user.language) for row in conflicts],
            }
        )


def _reason(error: FieldvisitError) -> str:
    if isinstance(error, NotReachable) and error.what == ANOTHER_USERS:
        # The tablet's own word: such an entry waits there until its user is back.
        return "user"
    if isinstance(error, InvalidValue):
        return _("“{value}” cannot be kept here; check it.").format(value=str(error.value)[:60])
    return _("This visit is not among yours any more; tell your manager.")


def _told(row: dict[str, Any], code: str) -> dict[str, Any]:
    english = code == "en"
    is_number = row["field"] in COUNT_FIELDS | PRICE_FIELDS
    return {
        "visit": row["visit_id"],
        "row": row["row"],
        "lot": row["lot"] or None,
        "field": row["field"],
        "value": _number(row["value"]) if is_number else row["value"],
        "version": row["version"],
        "by": row["by_en"] if english else row["by"],
        "proposed": _number(row["proposed"]) if is_number else row["proposed"],
        "proposed_by": row["proposed_by_en"] if english else row["proposed_by"],
    }


def _number(value: str | None) -> float | None:
    return None if value is None else float(value)


def _save_attachment(door: Door, user: SignedInUser, query: dict[str, str], content: bytes) -> Response:
    now = door.now()
    actor, company = _actor(door, user, now)
    # Decoding takes long: not while everybody else waits for the write lock.
    picture = safe_picture(content, query.get("kind", ""))
    with writing(door.database()) as session:
        add_attachment(
            session,
            actor,
            query.get("id", ""),
            query.get("visit", ""),
            kind=query.get("kind", ""),
            subject=query.get("subject", ""),
            picture=picture,
            now=now,
        )
    return JSONResponse({"held": query["id"], "saved_at": time(now, company.time_zone)})


def _show(door: Door, user: SignedInUser, attachment_id: str) -> Response:
    actor, _company = _actor(door, user, door.now())
    with reading(door.database()) as session:
        content, media_type = attachment_content(session, actor, attachment_id)
    headers = {
        "Content-Disposition": "inline",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=media_type, headers=headers)
