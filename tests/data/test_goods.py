"""Goods and sureties looked at in a visit, and the stock of the day on which a price went down."""

from datetime import timedelta
from decimal import Decimal

import pytest

from data.collateral import CollateralRow, check_collateral, collateral_of
from data.engine import reading, writing
from data.errors import Conflict, InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.price_protection import PriceCutRow, price_cuts, set_count_of_day
from data.tables.dealings import SellIn, StockCount
from data.tables.distributors import Collateral
from data.tables.products import PurchasePrice
from data.tables.visits import Visit
from tests import builders
from tests.builders import NOW, TODAY
from tests.data.ledger_lines import Trade, days_ago, trade

__all__ = ["trade"]


def pledge(trade: Trade, distributor_id: str = "", **values: object) -> str:
    given = {
        "id": new_id(),
        "distributor_id": distributor_id or trade.hongda,
        "kind": "consigned_goods",
        "description": "铺底货",
        "quantity": Decimal(457),
        "value_minor": 1_830_000,
        "recorded_on": days_ago(90),
    }
    with writing(trade.engine) as session:
        session.add(Collateral(**given | values))
    return str({**given, **values}["id"])


def look(trade: Trade, collateral_id: str, quantity: int | None, seen: int | None = None, **values) -> None:
    with writing(trade.engine) as session:
        check_collateral(
            session,
            values.get("actor", trade.rep),
            values.get("visit", trade.visit),
            collateral_id,
            NOW,
            seen=None if seen is None else Decimal(seen),
            quantity=None if quantity is None else Decimal(quantity),
        )


def rows(trade: Trade) -> list[CollateralRow]:
    with reading(trade.engine) as session:
        return list(collateral_of(session, trade.rep, trade.visit))


def test_a_collateral_is_looked_at_changed_and_taken_back(trade: Trade):
    goods = pledge(trade)
    assert [(row.checked, row.last) for row in rows(trade)] == [(None, None)]
    look(trade, goods, 450)
    look(trade, goods, 451, seen=450)
    assert rows(trade)[0].checked == 451
    with pytest.raises(Conflict):
        look(trade, goods, 457, seen=450)
    with pytest.raises(Conflict):
        look(trade, goods, None, seen=450)
    look(trade, goods, None, seen=451)
    assert rows(trade)[0].checked is None


def test_none_there_is_not_the_same_as_not_looked_at(trade: Trade):
    look(trade, pledge(trade), 0)
    assert rows(trade)[0].checked == 0


def test_what_was_found_last_time_stands_beside_it(trade: Trade):
    goods = pledge(trade)
    with writing(trade.engine) as session:
        earlier = builders.visit(session, trade.hongda, trade.rep.user_id, planned_on=days_ago(14))
        later = builders.visit(session, trade.hongda, trade.rep.user_id, planned_on=days_ago(-14))
    look(trade, goods, 456, visit=earlier)
    look(trade, goods, 400, visit=later)
    assert [(row.last, row.last_on) for row in rows(trade)] == [(456, days_ago(14))]


def test_what_was_given_back_or_belongs_to_others_is_not_asked_about(trade: Trade):
    pledge(trade, released_on=days_ago(1))
    pledge(trade, recorded_on=days_ago(-1))
    other = pledge(trade, trade.fuyuan)
    assert rows(trade) == []
    with pytest.raises(NotReachable):
        look(trade, other, 1)


def test_a_look_is_the_visits_reps_and_no_negative_number(trade: Trade):
    goods = pledge(trade)
    with pytest.raises(InvalidValue):
        look(trade, goods, -1)
    with pytest.raises(NotAllowed):
        look(trade, goods, 1, actor=trade.manager)
    with pytest.raises(NotReachable):
        look(trade, goods, 1, actor=trade.other)


def priced(trade: Trade, code: str, *prices: tuple[int, str, str], bought: bool = True) -> str:
    """A product with purchase prices: days ago, price, tax basis."""
    with writing(trade.engine) as session:
        tea = builders.product(session, code)
        for ago, amount, basis in prices:
            session.add(
                PurchasePrice(
                    id=new_id(), product_id=tea, from_on=days_ago(ago), price=Decimal(amount), tax_basis=basis
                )
            )
        if bought:
            session.add(
                SellIn(
                    id=new_id(),
                    distributor_id=trade.hongda,
                    product_id=tea,
                    document="FH-1",
                    on=days_ago(60),
                    quantity=Decimal(120),
                    amount_minor=12_000,
                )
            )
    return tea


def cuts(trade: Trade) -> list[PriceCutRow]:
    with reading(trade.engine) as session:
        return list(price_cuts(session, trade.rep, trade.visit))


def test_a_price_cut_of_what_was_bought_is_asked_about(trade: Trade):
    tea = priced(trade, "TEA", (400, "2.5", "included"), (10, "2.2", "included"))
    priced(trade, "RISE", (400, "2.2", "included"), (10, "2.5", "included"))
    priced(trade, "OLD", (400, "2.5", "included"), (100, "2.2", "included"))
    priced(trade, "TAX", (400, "2.5", "included"), (10, "2.2", "excluded"))
    priced(trade, "STRANGE", (400, "2.5", "included"), (10, "2.2", "included"), bought=False)
    priced(trade, "COMING", (400, "2.5", "included"), (-3, "2.2", "included"))
    (row,) = cuts(trade)
    assert (row.product_id, row.old_price, row.new_price) == (tea, Decimal("2.5"), Decimal("2.2"))
    assert (row.from_on, row.quantity, row.is_counted) == (days_ago(10), None, False)


def record(trade: Trade, tea: str, quantity: int | None, seen: int | None = None, ago: int = 10) -> None:
    with writing(trade.engine) as session:
        set_count_of_day(
            session,
            trade.rep,
            trade.visit,
            tea,
            days_ago(ago),
            NOW,
            seen=None if seen is None else Decimal(seen),
            quantity=None if quantity is None else Decimal(quantity),
        )


def test_the_stock_of_that_day_makes_the_figures_of_its_visit_ask_anew(trade: Trade):
    tea = priced(trade, "TEA", (400, "2.5", "included"), (10, "2.2", "included"))
    with writing(trade.engine) as session:
        session.get_one(Visit, trade.visit).changed_at = NOW - timedelta(hours=1)
    record(trade, tea, 240)
    with reading(trade.engine) as session:
        assert session.get_one(Visit, trade.visit).changed_at == NOW


def test_the_stock_of_that_day_is_kept_as_read_in_their_records(trade: Trade):
    tea = priced(trade, "TEA", (400, "2.5", "included"), (10, "2.2", "included"))
    record(trade, tea, 120)
    record(trade, tea, 130, seen=120)
    with pytest.raises(Conflict):
        record(trade, tea, 5, seen=120)
    assert [(row.quantity, row.is_counted) for row in cuts(trade)] == [(130, False)]
    record(trade, tea, None, seen=130)
    assert cuts(trade)[0].quantity is None


def test_a_warehouse_count_of_that_day_is_taken_by_lots_together(trade: Trade):
    tea = priced(trade, "TEA", (400, "2.5", "included"), (10, "2.2", "included"))
    with writing(trade.engine) as session:
        for lot, quantity in (("0327", 40), ("0627", 20), ("0927", None)):
            session.add(
                StockCount(
                    id=new_id(),
                    distributor_id=trade.hongda,
                    product_id=tea,
                    lot=lot,
                    counted_on=days_ago(10),
                    quantity=quantity,
                    pack_size=15,
                    source="counted",
                    counted_at=NOW,
                )
            )
    assert [(row.quantity, row.is_counted) for row in cuts(trade)] == [(60, True)]


def test_the_visits_own_day_is_counted_in_the_warehouse(trade: Trade):
    tea = priced(trade, "TEA", (400, "2.5", "included"), (0, "2.2", "included"))
    with pytest.raises(InvalidValue):
        record(trade, tea, 5, ago=0)
    with pytest.raises(InvalidValue):
        record(trade, tea, -5)
    assert cuts(trade)[0].from_on == TODAY
