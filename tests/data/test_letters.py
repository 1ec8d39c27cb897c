"""A confirmation letter is kept version by version with its figures, and read by whom it concerns."""

import hashlib

import pytest
from sqlalchemy import select

from data.engine import reading, writing
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.letters import Letter, LetterRow, keep_letter, letter_content, letters_of, next_letter
from data.tables.records import Attachment, Document
from tests.builders import NOW, TODAY
from tests.data.ledger_lines import Trade, trade

__all__ = ["trade"]


FIGURES = {"our_balance_minor": 6806, "their_balance_minor": None}


def keep(trade: Trade, content: bytes = b"%PDF-1", version: int | None = None, **values) -> None:
    with reading(trade.engine) as session:
        number, following = next_letter(session, trade.rep, trade.visit, TODAY)
    letter = Letter(
        number,
        version or following,
        values.get("language", "zh"),
        TODAY,
        values.get("figures", FIGURES),
        content,
        values.get("signature_id"),
    )
    with writing(trade.engine) as session:
        keep_letter(session, values.get("actor", trade.rep), trade.visit, letter, NOW)


def letters(trade: Trade) -> list[LetterRow]:
    with reading(trade.engine) as session:
        return list(letters_of(session, trade.rep, trade.visit))


def sign(trade: Trade) -> str:
    with writing(trade.engine) as session:
        picture = Attachment(
            id=new_id(),
            visit_id=trade.visit,
            distributor_id=trade.hongda,
            kind="signature",
            subject="letter:1",
            media_type="image/png",
            content=b"ink",
            content_hash=hashlib.sha256(b"ink").hexdigest(),
            byte_count=3,
            added_by=trade.rep.user_id,
            added_at=NOW,
        )
        session.add(picture)
    return picture.id


def test_each_letter_is_a_new_version_and_the_old_ones_stay(trade: Trade):
    keep(trade, b"%PDF-1")
    keep(trade, b"%PDF-2", language="en", figures={**FIGURES, "our_balance_minor": 7})
    found = letters(trade)
    assert [(row.number, row.version, row.language) for row in found] == [
        ("AC-D1-20261121", 2, "en"),
        ("AC-D1-20261121", 1, "zh"),
    ]
    with reading(trade.engine) as session:
        assert [letter_content(session, trade.rep, row.id) for row in found] == [b"%PDF-2", b"%PDF-1"]


def test_the_figures_are_kept_with_their_hash(trade: Trade):
    keep(trade)
    with reading(trade.engine) as session:
        row = session.scalars(select(Document)).one()
    assert row.figures == '{"our_balance_minor":6806,"their_balance_minor":null}'
    assert row.figures_hash == hashlib.sha256(row.figures.encode()).hexdigest()


def test_keeping_the_same_version_twice_is_keeping_it_once(trade: Trade):
    keep(trade, version=1)
    keep(trade, version=1)
    with reading(trade.engine) as session:
        assert len(session.scalars(select(Attachment)).all()) == 1
    with pytest.raises(NotAllowed, match="another version"):
        keep(trade, version=1, figures={"our_balance_minor": 1})
    assert len(letters(trade)) == 1


def test_a_signature_of_the_visit_makes_it_signed(trade: Trade):
    keep(trade)
    signature_id = sign(trade)
    keep(trade, b"%PDF-2", signature_id=signature_id)
    assert [(row.signature_id, row.signed_at) for row in letters(trade)] == [
        (signature_id, NOW),
        (None, None),
    ]
    with pytest.raises(NotReachable):
        keep(trade, signature_id=new_id())


def test_a_letter_is_its_visits_reps_and_read_within_reach(trade: Trade):
    keep(trade)
    (row,) = letters(trade)
    with pytest.raises(InvalidValue):
        keep(trade, b"")
    with pytest.raises(NotAllowed):
        keep(trade, actor=trade.manager)
    with reading(trade.engine) as session:
        assert letter_content(session, trade.manager, row.id) == b"%PDF-1"
        with pytest.raises(NotReachable):
            letter_content(session, trade.other, row.id)
        with pytest.raises(NotReachable):
            letters_of(session, trade.other, trade.visit)
