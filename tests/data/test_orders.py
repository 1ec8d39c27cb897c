"""Orders are saved line by line, split over the credit, signed once, and followed with who, when and why."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from data.engine import reading, writing
from data.errors import Conflict, InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.objectives import objectives_of
from data.order_lines import keep_offers, set_quantity, set_reason
from data.order_records import Offer, order_id, subject_of
from data.order_split import join_orders, split_order
from data.order_states import OverCredit, credit_left, override_credit, set_order_state, sign_order
from data.orders import OrderRow, find_order, orders_at_hand, orders_of_visit
from data.tables.distributors import CreditTerm
from data.tables.orders import Order, OrderLine
from data.tables.records import Attachment, AuditEntry
from data.tables.visits import Objective, Visit
from tests import builders
from tests.builders import NOW, TODAY, manager, rep

DELIVERY = {"tax_basis": "excluded", "deliver_on": TODAY + timedelta(days=9)}


@dataclass
class World:
    """A rep's visit with two products offered: 40 cases of tea at 2 a bottle, 30 of juice at 1.5; 15 a case."""

    engine: Engine
    rep_id: str
    colleague: str
    manager_id: str
    place: str
    visit: str
    tea: str
    juice: str
    clock: datetime = NOW

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(self.tea, Decimal(600), Decimal(600), 15, Decimal(2)),
            Offer(self.juice, Decimal(450), Decimal(450), 15, Decimal("1.5")),
        )

    def now(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def order(self, product: str, cases: int, *, seen: int, offers: tuple[Offer, ...] | None = None) -> None:
        with writing(self.engine) as session:
            set_quantity(
                session,
                rep(self.rep_id),
                self.visit,
                product,
                Decimal(cases * 15),
                offers or self.offers,
                seen=Decimal(seen * 15),
                now=self.now(),
                **DELIVERY,
            )

    def keep(self, offers: tuple[Offer, ...] | None = None) -> None:
        with writing(self.engine) as session:
            keep_offers(
                session, rep(self.rep_id), self.visit, offers or self.offers, now=self.now(), **DELIVERY
            )

    def credit(self, minor: int, place: str | None = None) -> None:
        with writing(self.engine) as session:
            session.add(
                CreditTerm(
                    id=new_id(),
                    distributor_id=place or self.place,
                    from_on=TODAY,
                    credit_limit_minor=minor,
                    base_stock_minor=0,
                    term_days=30,
                )
            )

    def signature(self, order: str, visit: str | None = None) -> str:
        with writing(self.engine) as session:
            id_ = new_id()
            session.add(
                Attachment(
                    id=id_,
                    visit_id=visit or self.visit,
                    distributor_id=self.place,
                    kind="signature",
                    subject=subject_of(order),
                    media_type="image/png",
                    content=b"x",
                    content_hash="",
                    byte_count=1,
                    added_by=self.rep_id,
                    added_at=self.now(),
                )
            )
        return id_

    def sign(self, part: int = 1, signature: str | None = None, *, name: str = "王强") -> str:
        order = order_id(self.visit, part)
        given = signature or self.signature(order)
        with writing(self.engine) as session:
            sign_order(
                session,
                rep(self.rep_id),
                order,
                signed_name=name,
                signature_id=given,
                minor_exponent=2,
                now=self.now(),
            )
        return given

    def move(self, state: str, reason: str = "", part: int = 1, user: str | None = None) -> None:
        with writing(self.engine) as session:
            set_order_state(
                session,
                rep(user or self.rep_id),
                order_id(self.visit, part),
                state,
                reason=reason,
                minor_exponent=2,
                now=self.now(),
            )

    def split(self, held: dict[str, int]) -> None:
        with writing(self.engine) as session:
            split_order(
                session,
                rep(self.rep_id),
                self.visit,
                {product: Decimal(cases * 15) for product, cases in held.items()},
                self.offers,
                now=self.now(),
                **DELIVERY,
            )

    def agree(self, reason: str = "老客户", user: str | None = None, part: int = 1) -> None:
        with writing(self.engine) as session:
            actor = manager(user or self.manager_id)
            override_credit(session, actor, order_id(self.visit, part), reason=reason, now=self.now())

    def offered(self, cases: int = 40, price: str = "2") -> tuple[Offer, ...]:
        """The offers with other tea."""
        tea = Offer(self.tea, Decimal(cases * 15), Decimal(cases * 15), 15, Decimal(price))
        return (tea, *self.offers[1:])

    def join(self) -> None:
        with writing(self.engine) as session:
            join_orders(session, rep(self.rep_id), self.visit, now=self.now())

    def orders(self) -> list[OrderRow]:
        with reading(self.engine) as session:
            return orders_of_visit(session, rep(self.rep_id), self.visit)

    def cases(self, part: int = 1) -> dict[str, int]:
        lines = self.orders()[part - 1].lines
        return {line.code: int(line.quantity / line.pack_size) for line in lines}

    def left(self) -> int | None:
        with reading(self.engine) as session:
            return credit_left(session, rep(self.rep_id), order_id(self.visit), self.place, 2)

    def actual(self) -> Decimal | None:
        with reading(self.engine) as session:
            return session.scalars(select(Objective.actual)).one()


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        rep_id, colleague = builders.user(session, "limin"), builders.user(session, "chentao")
        boss = builders.user(session, "zhoulan", "manager", (builders.region_of(session, market),))
        place = builders.distributor(session, "HD", market, rep_id)
        visit = builders.visit(session, place, rep_id)
        tea, juice = (
            builders.product(session, code, shelf_order=n) for n, code in enumerate(("TEA", "JUICE"))
        )
    return World(engine, rep_id, colleague, boss, place, visit, tea, juice)


def test_the_first_change_saves_the_whole_suggestion(world: World) -> None:
    world.order(world.tea, 44, seen=40)
    (order,) = world.orders()
    assert world.cases() == {"TEA": 44, "JUICE": 30}
    assert (order.state, order.amount, order.cases) == ("draft", Decimal(1995), 74)
    assert [line.suggested for line in order.lines] == [600, 450]


def test_saving_twice_is_saving_once(world: World) -> None:
    world.order(world.tea, 44, seen=40)
    world.order(world.tea, 44, seen=40)
    assert world.cases() == {"TEA": 44, "JUICE": 30}
    with reading(world.engine) as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 1
        assert session.scalar(select(func.count()).select_from(OrderLine)) == 2


def test_a_quantity_that_somebody_else_changed_is_a_conflict(world: World) -> None:
    world.order(world.tea, 44, seen=40)
    with pytest.raises(Conflict) as conflict:
        world.order(world.tea, 50, seen=40)
    assert (conflict.value.theirs, conflict.value.yours) == (660, 750)
    assert world.cases()["TEA"] == 44


@pytest.mark.parametrize("cases", [Decimal("0.5"), Decimal(-1), Decimal(100_000)])
def test_only_whole_cases_are_ordered(world: World, cases: Decimal) -> None:
    with pytest.raises(InvalidValue), writing(world.engine) as session:
        set_quantity(
            session,
            rep(world.rep_id),
            world.visit,
            world.tea,
            cases * 15,
            world.offers,
            seen=Decimal(600),
            now=NOW,
            **DELIVERY,
        )
    assert world.orders() == []


def test_a_product_that_is_not_offered_is_not_ordered(world: World) -> None:
    with pytest.raises(NotReachable):
        world.order(new_id(), 4, seen=0)


def test_untouched_lines_follow_the_suggestion_and_changed_ones_stay(world: World) -> None:
    world.order(world.tea, 44, seen=40)
    moved = tuple(replace(offer, suggested=Decimal(150), quantity=Decimal(150)) for offer in world.offers)
    world.keep(moved)
    assert world.cases() == {"TEA": 44, "JUICE": 10}
    assert [line.suggested for line in world.orders()[0].lines] == [150, 150]


def test_a_price_that_is_missing_is_missing_and_not_zero(world: World) -> None:
    tea, juice = world.offers
    world.keep((replace(tea, unit_price=None), juice))
    (order,) = world.orders()
    assert [line.amount for line in order.lines] == [None, 675]
    assert order.amount == 675


def test_a_reason_is_kept_until_the_line_is_as_suggested_again(world: World) -> None:
    world.order(world.tea, 60, seen=40)
    with writing(world.engine) as session:
        set_reason(
            session, rep(world.rep_id), world.visit, world.tea, seen="", reason="promotion", now=world.now()
        )
    assert [line.reason for line in world.orders()[0].lines] == ["promotion", ""]
    world.order(world.tea, 40, seen=60)
    assert [line.reason for line in world.orders()[0].lines] == ["", ""]


def test_a_reason_nobody_knows_is_refused(world: World) -> None:
    world.keep()
    with pytest.raises(InvalidValue), writing(world.engine) as session:
        set_reason(session, rep(world.rep_id), world.visit, world.tea, seen="", reason="mood", now=NOW)


def test_a_colleague_changes_nothing(world: World) -> None:
    with writing(world.engine) as session:
        builders.assign(session, world.place, world.colleague, TODAY)
    with pytest.raises(NotAllowed), writing(world.engine) as session:
        keep_offers(session, rep(world.colleague), world.visit, world.offers, now=NOW, **DELIVERY)


def test_a_signature_freezes_the_lines(world: World) -> None:
    world.keep()
    world.sign()
    (order,) = world.orders()
    assert (order.state, order.signed_name, order.is_editable) == ("signed", "王强", False)
    with pytest.raises(InvalidValue):
        world.order(world.tea, 44, seen=40)


def test_signing_twice_is_signing_once(world: World) -> None:
    world.keep()
    given = world.sign()
    before = world.orders()
    world.sign(signature=given)
    assert world.orders() == before


def test_a_signature_from_before_the_last_change_does_not_count(world: World) -> None:
    world.keep()
    given = world.signature(order_id(world.visit))
    world.order(world.tea, 44, seen=40)
    with pytest.raises(InvalidValue):
        world.sign(signature=given)


def test_another_orders_signature_does_not_count(world: World) -> None:
    world.keep()
    with pytest.raises(NotReachable):
        world.sign(signature=world.signature(order_id(world.visit, 2)))


def test_nobody_and_nothing_are_not_signed(world: World) -> None:
    world.keep()
    with pytest.raises(InvalidValue):
        world.sign(name=" ")
    for product, cases in ((world.tea, 40), (world.juice, 30)):
        world.order(product, 0, seen=cases)
    with pytest.raises(InvalidValue):
        world.sign()


def test_the_objective_is_filled_with_what_was_signed(world: World) -> None:
    with writing(world.engine) as session:
        builders.objective(session, world.visit)
    world.keep()
    assert world.actual() is None
    world.sign()
    assert world.actual() == Decimal("1875.00")
    world.move("cancelled", "客户改主意")
    assert world.actual() is None


@pytest.mark.parametrize(("priced", "at_least"), [((), None), (("juice",), Decimal(675))])
def test_an_order_with_a_line_without_a_price_leaves_the_objective_unknown(
    world: World, priced: tuple[str, ...], at_least: Decimal | None
) -> None:
    with writing(world.engine) as session:
        builders.objective(session, world.visit)
    tea, juice = (replace(offer, unit_price=None) for offer in world.offers)
    world.keep((tea, world.offers[1] if "juice" in priced else juice))
    world.sign()
    with reading(world.engine) as session:
        (row,) = objectives_of(session, rep(world.rep_id), [world.visit])
    assert (row.actual, row.at_least) == (None, at_least)


def test_a_product_without_a_price_that_is_not_ordered_leaves_the_objective_known(world: World) -> None:
    with writing(world.engine) as session:
        builders.objective(session, world.visit)
    tea, juice = world.offers
    world.keep((tea, replace(juice, suggested=None, quantity=Decimal(0), unit_price=None)))
    world.sign()
    assert world.actual() == Decimal("1200.00")


def test_an_order_above_the_credit_is_not_signed(world: World) -> None:
    world.credit(150_000)
    world.keep()
    with pytest.raises(OverCredit) as over:
        world.sign()
    assert (over.value.amount_minor, over.value.left_minor) == (187_500, 150_000)
    assert world.orders()[0].state == "draft"


def test_without_a_limit_the_credit_is_unknown_and_stops_nothing(world: World) -> None:
    assert world.left() is None
    world.keep()
    world.sign()
    assert world.orders()[0].state == "signed"


def test_a_split_moves_what_waits_into_a_second_order(world: World) -> None:
    world.credit(150_000)
    world.keep()
    world.split({world.tea: 5, world.juice: 10})
    first, second = world.orders()
    assert (world.cases(1), world.cases(2)) == ({"TEA": 35, "JUICE": 20}, {"TEA": 5, "JUICE": 10})
    assert (second.split_from, second.state) == (first.id, "draft")
    assert first.number != second.number
    world.sign()
    with pytest.raises(OverCredit):
        world.sign(2)


def test_the_second_order_is_signed_when_the_credit_allows_it(world: World) -> None:
    world.credit(150_000)
    world.keep()
    world.split({world.juice: 30})
    world.sign()
    with writing(world.engine) as session:
        session.scalars(select(CreditTerm)).one().credit_limit_minor = 200_000
        session.get_one(Visit, world.visit).state = "submitted"
    world.sign(2)
    assert [order.state for order in world.orders()] == ["signed", "signed"]


def test_a_split_taken_back_leaves_one_order_as_it_was(world: World) -> None:
    world.order(world.tea, 60, seen=40)
    with writing(world.engine) as session:
        set_reason(
            session, rep(world.rep_id), world.visit, world.tea, seen="", reason="promotion", now=world.now()
        )
    before = world.orders()[0].lines
    world.split({world.tea: 20, world.juice: 5})
    with writing(world.engine) as session:
        join_orders(session, rep(world.rep_id), world.visit, now=world.now())
    (order,) = world.orders()
    assert order.lines == before


def test_more_than_is_ordered_cannot_wait(world: World) -> None:
    world.keep()
    with pytest.raises(InvalidValue):
        world.split({world.tea: 41})
    with pytest.raises(InvalidValue):
        world.split({})
    assert len(world.orders()) == 1


def test_a_cancelled_second_order_starts_anew(world: World) -> None:
    world.keep()
    world.split({world.tea: 5})
    world.move("cancelled", "不要了", part=2)
    world.split({world.juice: 2})
    assert world.cases(2) == {"TEA": 0, "JUICE": 2}


@pytest.mark.parametrize(("cases", "price", "words"), [(40, "2", "老客户"), (41, "2", ""), (40, "2.1", "")])
def test_a_managers_word_ends_when_the_offer_moves_the_amount(
    world: World, cases: int, price: str, words: str
) -> None:
    world.keep()
    world.agree()
    world.keep(world.offered(cases, price))
    assert world.orders()[0].override_reason == words


def test_a_managers_word_survives_a_price_of_what_is_not_ordered(world: World) -> None:
    world.order(world.tea, 0, seen=40)
    world.agree()
    world.keep(world.offered(price="2.1"))
    assert world.orders()[0].override_reason == "老客户"


def test_a_managers_word_ends_when_goods_move_between_the_two_orders(world: World) -> None:
    world.keep()
    world.agree()
    world.split({world.tea: 5})
    assert [order.override_reason for order in world.orders()] == ["", ""]
    world.agree()
    world.agree(part=2)
    world.split({world.juice: 2})
    assert [order.override_reason for order in world.orders()] == ["", ""]
    world.agree()
    world.join()
    assert [order.override_reason for order in world.orders()] == [""]


def test_a_second_order_of_an_earlier_visit_is_still_seen(world: World) -> None:
    world.keep()
    world.split({world.tea: 5})
    with writing(world.engine) as session:
        later = builders.visit(session, world.place, world.rep_id, planned_on=TODAY + timedelta(days=14))
    with reading(world.engine) as session:
        seen = [
            [
                [order.split_from for order in orders]
                for orders in orders_at_hand(session, rep(world.rep_id), world.place, visit)
            ]
            for visit in (later, world.visit)
        ]
    first = order_id(world.visit)
    assert seen == [[[], [first]], [[None, first], []]]


def test_a_manager_lets_an_order_pass_with_his_reason(world: World) -> None:
    world.credit(150_000)
    world.keep()
    world.agree()
    world.sign()
    (order,) = world.orders()
    assert (order.state, order.override_by, order.override_reason) == ("signed", "zhoulan", "老客户")


def test_the_managers_word_holds_for_these_quantities_alone(world: World) -> None:
    world.credit(150_000)
    world.keep()
    world.agree()
    world.order(world.tea, 41, seen=40)
    with pytest.raises(OverCredit):
        world.sign()


def test_a_rep_agrees_to_nothing_and_a_manager_not_without_a_reason(world: World) -> None:
    world.keep()
    with pytest.raises(NotAllowed), writing(world.engine) as session:
        override_credit(session, rep(world.rep_id), order_id(world.visit), reason="x", now=NOW)
    with pytest.raises(InvalidValue):
        world.agree(" ")


def test_a_manager_of_another_region_agrees_to_nothing(world: World) -> None:
    world.keep()
    with writing(world.engine) as session:
        elsewhere = builders.region_of(session, builders.market(session, "west"))
        other = builders.user(session, "sunhai", "manager", (elsewhere,))
    with pytest.raises(NotReachable):
        world.agree(user=other)


def test_an_order_goes_its_way_with_who_when_and_why(world: World) -> None:
    world.keep()
    world.sign()
    world.move("sent")
    world.move("confirmed")
    world.move("cancelled", "断货")
    (order,) = world.orders()
    assert (order.state, order.state_reason) == ("cancelled", "断货")
    with reading(world.engine) as session:
        trail = session.execute(
            select(AuditEntry.before, AuditEntry.after, AuditEntry.reason)
            .where(AuditEntry.record == "order")
            .order_by(AuditEntry.changed_at)
        )
        assert [tuple(row) for row in trail] == [
            ("draft", "signed", ""),
            ("signed", "sent", ""),
            ("sent", "confirmed", ""),
            ("confirmed", "cancelled", "断货"),
        ]


@pytest.mark.parametrize("state", ["amended", "cancelled"])
def test_reopening_and_cancelling_need_a_reason(world: World, state: str) -> None:
    world.keep()
    world.sign()
    with pytest.raises(InvalidValue):
        world.move(state)


@pytest.mark.parametrize("state", ["sent", "confirmed", "amended", "signed"])
def test_a_draft_makes_no_such_move(world: World, state: str) -> None:
    world.keep()
    with pytest.raises(InvalidValue):
        world.move(state, "x")


def test_a_reopened_order_is_checked_and_signed_again(world: World) -> None:
    world.credit(190_000)
    world.keep()
    old = world.sign()
    assert world.left() == 190_000
    world.move("amended", "加货")
    assert (world.orders()[0].signature_id, world.left()) == (None, 190_000)
    world.order(world.tea, 50, seen=40)
    with pytest.raises(InvalidValue):
        world.sign(signature=old)
    with pytest.raises(OverCredit):
        world.sign()
    world.order(world.tea, 40, seen=50)
    world.sign()
    assert world.orders()[0].state == "signed"


def test_after_submission_an_order_is_not_reopened_but_goes_on(world: World) -> None:
    world.keep()
    world.sign()
    with writing(world.engine) as session:
        session.get_one(Visit, world.visit).state = "submitted"
    with pytest.raises(NotAllowed):
        world.move("amended", "加货")
    world.move("sent")
    assert world.orders()[0].state == "sent"


def test_another_reps_order_is_neither_seen_nor_moved(world: World) -> None:
    world.keep()
    world.sign()
    with reading(world.engine) as session:
        assert orders_of_visit(session, rep(world.colleague), world.visit) == []
        with pytest.raises(NotReachable):
            find_order(session, rep(world.colleague), order_id(world.visit))
    with pytest.raises(NotReachable):
        world.move("sent", user=world.colleague)


def test_an_open_order_uses_the_credit_of_the_next_one(world: World) -> None:
    world.credit(300_000)
    world.keep()
    world.sign()
    with writing(world.engine) as session:
        world.visit = builders.visit(session, world.place, world.rep_id)
    assert world.left() == 112_500
