"""A person's word on entries of the two books: they belong together, or they do not."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor, reaches_distributor
from data.audit import record_change
from data.errors import InvalidValue, NotReachable
from data.identifiers import is_id
from data.tables.dealings import AccountLink, LedgerEntry
from data.tables.visits import Visit
from data.visit_steps import editable_visit


def link_entries(
    session: Session,
    actor: Actor,
    visit_id: str,
    link_id: str,
    our_ids: Sequence[str],
    their_ids: Sequence[str],
    verdict: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Says that entries belong together (`confirmed`) or do not (`refused`); saying it twice is saying it once.

    The newer word counts: a confirmed link takes back the refusal of the same entries, and the other way round.

    Args:
        session: A writing session.
        actor: The visit's rep.
        visit_id: The visit in which it was said.
        link_id: The id made by the caller.
        our_ids: Entries of our ledger; in a refusal also of another distributor of the actor's.
        their_ids: Entries of the distributor's book.
        verdict: `confirmed` or `refused`.
        now: When it was said.
        reason: Why, in the person's words.

    Raises:
        InvalidValue: no entries on either side, or an entry that another confirmed link holds.
        NotReachable: an entry of somebody else.
    """
    visit = editable_visit(session, actor, visit_id)
    if verdict not in ("confirmed", "refused") or not is_id(link_id):
        raise InvalidValue("link", verdict, "confirmed or refused")
    ours, theirs = tuple(sorted(set(our_ids))), tuple(sorted(set(their_ids)))
    if not ours or not theirs:
        raise InvalidValue("link", "", "entries of both books")
    if session.get(AccountLink, link_id) is not None:
        return
    _require_entries(session, actor, visit, ours, theirs, any_of_ours=verdict == "refused")
    for link in _standing(session, visit.distributor_id):
        if (link.our_entries, link.their_entries) == (" ".join(ours), " ".join(theirs)):
            if link.verdict == verdict:
                return
            link.withdrawn_at = now
        elif verdict == "confirmed" == link.verdict and _entries(link) & {*ours, *theirs}:
            raise InvalidValue("linked entry", len(ours) + len(theirs), "entries that no other link holds")
    session.add(
        AccountLink(
            id=link_id,
            distributor_id=visit.distributor_id,
            our_entries=" ".join(ours),
            their_entries=" ".join(theirs),
            verdict=verdict,
            reason=reason.strip(),
            linked_by=actor.user_id,
            linked_at=now,
        )
    )
    record_change(
        session,
        actor,
        visit,
        "verdict",
        None,
        verdict,
        reason=reason.strip(),
        now=now,
        record="account_link",
        record_id=link_id,
    )


def withdraw_link(
    session: Session, actor: Actor, visit_id: str, link_id: str, now: datetime, reason: str = ""
) -> None:
    """Takes back what was said of entries; the trail keeps that it was said. Taking it back twice is once."""
    visit = editable_visit(session, actor, visit_id)
    link = session.scalar(
        select(AccountLink).where(
            AccountLink.id == link_id, AccountLink.distributor_id == visit.distributor_id
        )
    )
    if link is None:
        raise NotReachable("link")
    if link.withdrawn_at is None:
        link.withdrawn_at = now
        record_change(
            session,
            actor,
            visit,
            "verdict",
            link.verdict,
            None,
            reason=reason.strip(),
            now=now,
            record="account_link",
            record_id=link.id,
        )


def _standing(session: Session, distributor_id: str) -> Iterable[AccountLink]:
    return session.scalars(
        select(AccountLink).where(
            AccountLink.distributor_id == distributor_id, AccountLink.withdrawn_at.is_(None)
        )
    ).all()


def _entries(link: AccountLink) -> set[str]:
    return {*link.our_entries.split(), *link.their_entries.split()}


def _require_entries(
    session: Session,
    actor: Actor,
    visit: Visit,
    our_ids: Sequence[str],
    their_ids: Sequence[str],
    *,
    any_of_ours: bool,
) -> None:
    statement = select(LedgerEntry.id, LedgerEntry.side, LedgerEntry.distributor_id).where(
        LedgerEntry.id.in_([*our_ids, *their_ids]), reaches_distributor(actor, LedgerEntry.distributor_id)
    )
    found = {row[0]: (row[1], row[2]) for row in session.execute(statement)}
    for side, ids in (("ours", our_ids), ("theirs", their_ids)):
        for entry_id in ids:
            its_side, distributor_id = found.get(entry_id, ("", ""))
            elsewhere = any_of_ours and side == "ours"
            if its_side != side or (distributor_id != visit.distributor_id and not elsewhere):
                raise NotReachable("entry")
