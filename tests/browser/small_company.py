"""A company just large enough to lose something in: two reps, a manager, a shelf, and a visit a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from data import passwords
from data.engine import reading, writing
from data.identifiers import new_id
from data.tables.products import Promotion, PromotionGood
from data.tables.records import Attachment, Entry, FieldValue
from data.tables.visits import Comment, Promise, PromotionCheck, Visit
from tests import builders
from tests.browser.walking import PASSWORD

GOODS = 3
ISSUED = 90_000


@dataclass
class SmallCompany:
    """The company in a database, and what a test wants to know of it.

    Args:
        engine: Its database, with the schema and no rows.
        products: Own products on the shelf; every `lots_every`-th keeps lots.
        lots_every: 0: none does.
    """

    engine: Engine
    products: int = 12
    lots_every: int = 0
    users: dict[str, str] = field(default_factory=dict)
    shelf: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        password = passwords.hashed(PASSWORD)
        with writing(self.engine) as session:
            builders.company(session)
            self.market = builders.market(session)
            region = builders.region_of(session, self.market)
            for account, role in (("anna", "rep"), ("ben", "rep"), ("zhou", "manager")):
                self.users[account] = builders.user(
                    session, account, role, (region,), password_hash=password, language="en"
                )
            self.shelf = [self._product(session, number) for number in range(self.products)]
            self.promotion = new_id()
            day = today()
            session.add(
                Promotion(
                    id=self.promotion,
                    code="P1",
                    name="满赠",
                    name_en="Gift with purchase",
                    uplift=Decimal("0.1"),
                    from_on=day - timedelta(days=30),
                    to_on=day + timedelta(days=30),
                )
            )

    def _product(self, session: Session, number: int) -> str:
        keeps_lots = self.lots_every > 0 and number % self.lots_every == 0
        return builders.product(session, f"S{number:03d}", shelf_order=number, keeps_lots=keeps_lots)

    def visit(self, account: str = "anna") -> str:
        """A visit begun today, to a distributor that nobody else visits, with promotion goods to check."""
        now = datetime.now(UTC)
        with writing(self.engine) as session:
            rep = self.users[account]
            place = builders.distributor(session, f"D{new_id()[-12:]}", self.market, rep)
            session.add_all(
                PromotionGood(
                    id=new_id(),
                    promotion_id=self.promotion,
                    distributor_id=place,
                    item="杯子",
                    item_en=f"Cup {number}",
                    issued=Decimal(ISSUED),
                    issued_on=today() - timedelta(days=number + 1),
                )
                for number in range(GOODS)
            )
            return builders.visit(session, place, rep, planned_on=today(), started_at=now, changed_at=now)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to look with."""
        with reading(self.engine) as session:
            yield session

    def entries(self, visit: str) -> list[Entry]:
        """Every entry that the database has of a visit, in the order of their arrival."""
        with self.read() as session:
            statement = select(Entry).where(Entry.visit_id == visit).order_by(Entry.saved_at, Entry.id)
            return list(session.scalars(statement))

    def current(self, visit: str) -> dict[tuple[str, str, str], str | None]:
        """The current values of a visit by row, lot and field."""
        with self.read() as session:
            values = session.scalars(select(FieldValue).where(FieldValue.visit_id == visit))
            return {(one.row, one.lot, one.field): one.value for one in values}

    def said(self, visit: str) -> dict[str, str]:
        """The promises and comments of a visit, by their ids."""
        with self.read() as session:
            promises = session.scalars(select(Promise).where(Promise.visit_id == visit))
            comments = session.scalars(select(Comment).where(Comment.visit_id == visit))
            return {one.id: one.text for one in [*promises, *comments]}

    def photos(self, visit: str) -> list[str]:
        """The hashes of a visit's pictures."""
        with self.read() as session:
            return list(session.scalars(select(Attachment.content_hash).where(Attachment.visit_id == visit)))

    def photo_ids(self, visit: str) -> list[str]:
        """The ids of a visit's pictures, as the tablet made them."""
        with self.read() as session:
            return list(session.scalars(select(Attachment.id).where(Attachment.visit_id == visit)))

    def passed_on_by_good(self, visit: str) -> dict[str, int | None]:
        """What was found passed on, by promotion good in the order of the screen."""
        with self.read() as session:
            place = session.get_one(Visit, visit).distributor_id
            statement = (
                select(PromotionGood.id, PromotionCheck.passed_on)
                .outerjoin(PromotionCheck, PromotionCheck.promotion_good_id == PromotionGood.id)
                .where(PromotionGood.distributor_id == place)
                .order_by(PromotionGood.issued_on.desc(), PromotionGood.id)
            )
            return {good: None if found is None else int(found) for good, found in session.execute(statement)}

    def state(self, visit: str) -> str:
        """Where a visit stands."""
        with self.read() as session:
            return session.get_one(Visit, visit).state

    def set_state(self, visit: str, state: str) -> None:
        """Moves a visit, as another device would."""
        with writing(self.engine) as session:
            found = session.get_one(Visit, visit)
            found.state = state
            found.submitted_at = datetime.now(UTC)


def today() -> date:
    """The company's day, which is the server's."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()
