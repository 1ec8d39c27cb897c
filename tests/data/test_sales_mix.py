"""Sales count to the period in which they begin; what a rep is told of rivals is kept once and never in secret."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from data.engine import reading, writing
from data.errors import Conflict, InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.sales_mix import Span, rival_sales, sales_in, set_rival_sales, told_periods
from data.tables.dealings import SellOut
from data.tables.records import Entry, FieldValue
from tests import builders
from tests.builders import NOW, TODAY, rep

NOVEMBER = Span(date(2026, 11, 1), date(2026, 11, 22))
FORTNIGHT = Span(date(2026, 11, 2), date(2026, 11, 16))


@dataclass
class World:
    """One distributor with a draft visit, a product of ours and a competitor's."""

    engine: Engine
    rep_id: str
    distributor: str
    elsewhere: str
    visit: str
    tea: str
    rival: str

    def sold(self, product_id: str, from_on: date, quantity: str, **values: object) -> None:
        given = {
            "id": new_id(),
            "distributor_id": self.distributor,
            "product_id": product_id,
            "from_on": from_on,
            "to_on": from_on + timedelta(days=7),
            "quantity": Decimal(quantity),
            "source": "imported",
        }
        with writing(self.engine) as session:
            session.add(SellOut(**given | values))

    def read(self, **spans: Span) -> pd.DataFrame:
        with reading(self.engine) as session:
            return sales_in(session, rep(self.rep_id), self.distributor, spans, minor_exponent=2)

    def rivals(self, span: Span = FORTNIGHT) -> pd.DataFrame:
        with reading(self.engine) as session:
            return rival_sales(session, rep(self.rep_id), self.distributor, span)

    def tell(self, quantity: str | None, seen: str | None = None, **values: object) -> None:
        given = {"span": FORTNIGHT, "source": "told", "product_id": self.rival, "visit_id": self.visit}
        given |= values
        with writing(self.engine) as session:
            set_rival_sales(
                session,
                rep(self.rep_id),
                given.pop("visit_id"),
                given.pop("product_id"),
                seen=None if seen is None else Decimal(seen),
                quantity=None if quantity is None else Decimal(quantity),
                now=NOW,
                **given,
            )

    def log(self) -> list[tuple[str | None, str]]:
        with reading(self.engine) as session:
            query = select(Entry.value, Entry.source).order_by(Entry.saved_at, Entry.id)
            return [tuple(row) for row in session.execute(query)]


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        rep_id, colleague = builders.user(session, "limin"), builders.user(session, "chentao")
        distributor = builders.distributor(session, "HD", market, rep_id)
        elsewhere = builders.distributor(session, "FAR", market, colleague)
        visit = builders.visit(session, distributor, rep_id)
        tea = builders.product(session, "TEA")
        rival = builders.product(session, "RIVAL", is_own=False, maker="山语")
    return World(engine, rep_id, distributor, elsewhere, visit, tea, rival)


def test_a_row_counts_to_the_period_in_which_it_begins(world: World) -> None:
    for from_on, quantity in (
        (date(2026, 10, 26), "1"),
        (date(2026, 11, 2), "10"),
        (date(2026, 11, 16), "5"),
    ):
        world.sold(world.tea, from_on, quantity, revenue_minor=250, cost_minor=200)
    table = world.read(after=NOVEMBER, before=Span(date(2026, 10, 1), date(2026, 11, 1)))
    found = table.set_index("span")
    assert found["quantity"].to_dict() == {"after": 15.0, "before": 1.0}
    assert found.loc["after", ["revenue", "cost"]].tolist() == [5.0, 4.0]
    assert found.loc["after", "to_on"] == pd.Timestamp(2026, 11, 23)


def test_days_between_two_periods_count_to_neither(world: World) -> None:
    world.sold(world.tea, date(2026, 10, 19), "7")
    assert world.read(after=NOVEMBER, before=Span(date(2026, 10, 1), date(2026, 10, 15))).empty


def test_a_revenue_told_for_a_part_of_the_period_is_missing_and_not_too_small(world: World) -> None:
    world.sold(world.tea, date(2026, 11, 2), "10", revenue_minor=250, cost_minor=100)
    world.sold(world.tea, date(2026, 11, 9), "10", revenue_minor=250)
    row = world.read(after=NOVEMBER).iloc[0]
    assert row["revenue"] == 5.0
    assert pd.isna(row["cost"])


def test_two_sources_of_one_figure_are_both_named(world: World) -> None:
    world.sold(world.tea, date(2026, 11, 2), "10")
    world.sold(world.tea, date(2026, 11, 9), "10", source="told")
    assert world.read(after=NOVEMBER).loc[0, ["source", "other_source"]].tolist() == ["imported", "told"]


def test_no_sales_give_an_empty_table_of_the_same_columns(world: World) -> None:
    table = world.read(after=NOVEMBER)
    assert table.empty
    assert table["revenue"].dtype == "float64"


def test_told_periods_are_those_of_our_products_up_to_the_day(world: World) -> None:
    for from_on in (TODAY + timedelta(days=1), date(2026, 11, 9), date(2026, 11, 2)):
        world.sold(world.tea, from_on, "1")
    world.sold(world.rival, date(2026, 10, 5), "1")
    with reading(world.engine) as session:
        told = told_periods(session, rep(world.rep_id), world.distributor, TODAY)
    assert [span.start for span in told] == [date(2026, 11, 2), date(2026, 11, 9)]
    assert told[0].days == 7


def test_a_distributor_of_somebody_else_tells_nothing(world: World) -> None:
    with reading(world.engine) as session:
        actor = rep(world.rep_id)
        with pytest.raises(NotReachable):
            told_periods(session, actor, world.elsewhere, TODAY)
        with pytest.raises(NotReachable):
            sales_in(session, actor, world.elsewhere, {"after": NOVEMBER}, minor_exponent=2)
        with pytest.raises(NotReachable):
            rival_sales(session, actor, world.elsewhere, NOVEMBER)


def test_what_was_told_of_a_rival_is_kept_with_its_source_days_and_visit(world: World) -> None:
    world.tell("180", source="estimated")
    row = world.rivals().iloc[0]
    assert row["quantity"] == 180
    assert row[["source", "visit_id"]].tolist() == ["estimated", world.visit]
    assert (row["from_on"].date(), row["to_on"].date()) == (FORTNIGHT.start, FORTNIGHT.end)
    assert world.log() == [("180", "estimated")]


def test_telling_again_corrects_the_one_row_and_the_log_keeps_both(world: World) -> None:
    world.tell("180")
    longer = Span(FORTNIGHT.start, date(2026, 11, 21))
    world.tell("240.5", seen="180", span=longer)
    table = world.rivals()
    assert table["quantity"].tolist() == [240.5]
    assert table.loc[0, "to_on"].date() == longer.end
    assert world.log() == [("180", "told"), ("240.5", "told")]


def test_telling_the_same_again_changes_nothing(world: World) -> None:
    world.tell("180")
    world.tell("180", seen=None)
    assert len(world.log()) == 1


def test_the_same_quantity_from_another_source_is_a_change(world: World) -> None:
    world.tell("180", source="estimated")
    world.tell("180", seen="180", source="told")
    assert world.rivals()["source"].tolist() == ["told"]


def test_taking_it_back_leaves_no_sales_and_stays_in_the_log(world: World) -> None:
    world.tell("180")
    world.tell(None, seen="180")
    assert world.rivals().empty
    assert world.log() == [("180", "told"), (None, "told")]


def test_zero_is_told_and_not_taken_back(world: World) -> None:
    world.tell("0")
    assert world.rivals()["quantity"].tolist() == [0]


def test_the_second_of_two_people_sees_the_conflict(world: World) -> None:
    world.tell("180")
    with pytest.raises(Conflict) as caught:
        world.tell("90", seen=None)
    assert caught.value.theirs == Decimal(180)
    assert world.rivals()["quantity"].tolist() == [180]


def test_the_log_ends_with_the_current_value_of_the_visit(world: World) -> None:
    world.tell("180")
    world.tell("90", seen="180")
    with reading(world.engine) as session:
        value = session.scalars(select(FieldValue)).one()
        entry = session.get_one(Entry, value.entry_id)
    assert (value.value, value.unit, value.row) == ("90", "piece", world.rival)
    assert entry.base is not None


@pytest.mark.parametrize(
    ("from_on", "visit_told"),
    [(date(2026, 11, 2), False), (date(2026, 10, 28), True), (date(2026, 11, 9), True)],
)
def test_sales_known_of_the_same_days_are_not_told_twice(
    world: World, from_on: date, visit_told: bool
) -> None:
    world.sold(world.rival, from_on, "50", visit_id=world.visit if visit_told else None)
    with pytest.raises(InvalidValue) as caught:
        world.tell("180", seen="50")
    assert caught.value.field == "period"
    assert world.rivals()["quantity"].tolist() == [50]


def test_sales_that_end_where_the_days_begin_are_not_in_the_way(world: World) -> None:
    world.sold(world.rival, date(2026, 10, 26), "50")
    world.tell("180")
    assert world.rivals()["quantity"].tolist() == [180]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"quantity": "-1"}, "number"),
        ({"quantity": "0.0001"}, "number"),
        ({"quantity": "10000000"}, "number"),
        ({"quantity": "1", "source": "counted"}, "source"),
        ({"quantity": "1", "span": Span(TODAY, TODAY)}, "period"),
        ({"quantity": "1", "span": Span(TODAY, TODAY + timedelta(days=2))}, "period"),
    ],
)
def test_what_cannot_be_is_refused_by_name(world: World, values: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        world.tell(**values)
    assert caught.value.field == field
    assert world.log() == []


def test_our_own_products_are_not_told_here(world: World) -> None:
    with pytest.raises(NotReachable):
        world.tell("1", product_id=world.tea)
    with pytest.raises(NotReachable):
        world.tell("1", product_id=new_id())


def test_a_visit_that_is_submitted_or_not_the_reps_takes_nothing(world: World) -> None:
    with writing(world.engine) as session:
        submitted = builders.visit(session, world.distributor, world.rep_id, state="submitted")
        foreign = builders.visit(session, world.elsewhere, builders.user(session, "somebody"))
    with pytest.raises(NotAllowed):
        world.tell("1", visit_id=submitted)
    with pytest.raises(NotReachable):
        world.tell("1", visit_id=foreign)
