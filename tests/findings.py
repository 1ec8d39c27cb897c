"""A visit that found something in every topic, for the tests of those who read it afterwards."""

import io
from datetime import timedelta
from decimal import Decimal

from PIL import Image
from sqlalchemy.orm import Session

from data.identifiers import new_id
from data.tables.base import Base
from data.tables.dealings import PriceObservation, StockCount
from data.tables.distributors import Distributor
from data.tables.orders import Order, OrderLine
from data.tables.products import Promotion, PromotionGood
from data.tables.records import Attachment, Entry, FieldValue
from data.tables.visits import (
    ChecklistAnswer,
    ChecklistItem,
    Complaint,
    MarketNote,
    NewsItem,
    PromotionCheck,
    Prospect,
    Talk,
    Visit,
)
from tests.builders import NOW


def picture() -> bytes:
    """A small photo."""
    content = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(content, "JPEG")
    return content.getvalue()


def add_findings(session: Session, visit_id: str, *, product: str, rival: str) -> None:
    """Adds one finding of every topic to a visit, two prices and one photo among them."""
    visit = session.get_one(Visit, visit_id)
    for make in (_goods, _order, _notes, _service, _talk):
        for record in make(session, visit, product, rival):
            session.add(record)
            session.flush()


def _here(visit: Visit) -> dict[str, str]:
    return {"visit_id": visit.id, "distributor_id": visit.distributor_id}


def _goods(_session: Session, visit: Visit, product: str, rival: str) -> list[Base]:
    seen = {"unit": "case", "pack_size": 15, "tax_basis": "excluded", "source": "told", "kind": "selling"}
    prices = [
        PriceObservation(
            id=new_id(),
            product_id=what,
            amount=Decimal(amount),
            observed_on=visit.planned_on,
            observed_at=NOW,
            **seen,
            **_here(visit),
        )
        for what, amount in ((product, 45), (rival, 42))
    ]
    count = StockCount(
        id=new_id(),
        product_id=product,
        quantity=30,
        pack_size=15,
        counted_on=visit.planned_on,
        source="counted",
        counted_at=NOW,
        lot="",
        **_here(visit),
    )
    return [*prices, count]


def _order(_session: Session, visit: Visit, product: str, _rival: str) -> list[Base]:
    order = new_id()
    return [
        Order(
            id=order,
            number="1",
            state="signed",
            tax_basis="excluded",
            created_by=visit.rep_id,
            created_at=NOW,
            changed_at=NOW,
            signed_name="王",
            signed_at=NOW,
            **_here(visit),
        ),
        OrderLine(
            id=new_id(),
            order_id=order,
            product_id=product,
            quantity=30,
            pack_size=15,
            unit_price=Decimal(3),
        ),
    ]


def _notes(session: Session, visit: Visit, _product: str, _rival: str) -> list[Base]:
    entry = new_id()
    common = {"visit_id": visit.id, "lot": "", "field": "note", "entered_by": visit.rep_id}
    market = session.get_one(Distributor, visit.distributor_id).market_id
    return [
        Entry(
            id=entry,
            visit_id=visit.id,
            user_id=visit.rep_id,
            row="service",
            field="note",
            value="门头旧了",
            outcome="applied",
            tablet_at="",
            saved_at=NOW,
        ),
        FieldValue(row="service", value=" 门头旧了 ", entry_id=entry, saved_at=NOW, **common),
        FieldValue(row="market", value=" ", entry_id=entry, saved_at=NOW, **common),
        MarketNote(
            id=new_id(),
            topic="price",
            competitor="恒岳",
            text="45 → 42",
            noted_by=visit.rep_id,
            noted_at=NOW,
            **_here(visit),
        ),
        Prospect(
            id=new_id(),
            market_id=market,
            rep_id=visit.rep_id,
            visit_id=visit.id,
            name="新店",
            stage="contact",
            next_step="call",
            next_step_on=visit.planned_on,
            recorded_at=NOW,
        ),
        *(
            Attachment(
                id=new_id(),
                kind=kind,
                subject="display",
                media_type="image/jpeg",
                content=picture(),
                content_hash="",
                byte_count=1,
                added_by=visit.rep_id,
                added_at=NOW,
                **_here(visit),
            )
            for kind in ("photo", "signature")
        ),
    ]


def _service(_session: Session, visit: Visit, _product: str, _rival: str) -> list[Base]:
    item, good, promotion, on = new_id(), new_id(), new_id(), visit.planned_on
    return [
        ChecklistItem(
            id=item, code="D1", checklist="display", text="专柜", text_en="Counter", weight=Decimal(2)
        ),
        ChecklistAnswer(
            id=new_id(),
            visit_id=visit.id,
            item_id=item,
            answer="yes",
            answered_by=visit.rep_id,
            answered_at=NOW,
        ),
        Promotion(
            id=promotion,
            code="P1",
            name="双11",
            name_en="Double 11",
            uplift=Decimal(0),
            from_on=on,
            to_on=on + timedelta(days=9),
        ),
        PromotionGood(
            id=good,
            promotion_id=promotion,
            distributor_id=visit.distributor_id,
            item="杯",
            item_en="Cup",
            issued=40,
            issued_on=on,
        ),
        PromotionCheck(
            id=new_id(),
            visit_id=visit.id,
            promotion_good_id=good,
            passed_on=Decimal(31),
            checked_by=visit.rep_id,
            checked_at=NOW,
        ),
        Complaint(
            id=new_id(),
            kind="quality",
            text="漏液",
            state="recorded",
            recorded_by=visit.rep_id,
            recorded_at=NOW,
            **_here(visit),
        ),
    ]


def _talk(_session: Session, visit: Visit, _product: str, _rival: str) -> list[Base]:
    news = new_id()
    return [
        NewsItem(
            id=news,
            kind="company",
            text="新品",
            text_en="New product",
            from_on=visit.planned_on,
            to_on=visit.planned_on + timedelta(days=9),
        ),
        Talk(id=new_id(), visit_id=visit.id, kind="advice", text="排面加宽", noted_at=NOW),
        Talk(
            id=new_id(),
            visit_id=visit.id,
            kind="news",
            news_item_id=news,
            answer="welcomed",
            noted_at=NOW + timedelta(minutes=1),
        ),
    ]
