"""What a tablet sends is in the database exactly once, and nothing is overwritten unseen."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from data.engine import reading, writing
from data.entries import conflicts_of, current_values, decide_correction, proposed_corrections, save_entries
from data.errors import InvalidValue
from data.identifiers import new_id
from data.tables.dealings import PriceObservation, StockCount
from data.tables.records import AuditEntry, Entry, FieldValue
from data.tables.visits import Visit
from data.visits import submit_visit
from tests import builders
from tests.builders import NOW, manager, rep


@dataclass
class World:
    engine: Engine
    rep_id: str
    other_id: str
    manager_id: str
    visit_id: str
    product_id: str

    def send(self, *entries: dict, by: str | None = None):
        with writing(self.engine) as session:
            return save_entries(session, rep(by or self.rep_id), entries, NOW)

    def entry(self, value, field="cases", **changes) -> dict:
        return {
            "id": new_id(),
            "user": self.rep_id,
            "visit": self.visit_id,
            "row": self.product_id,
            "lot": None,
            "field": field,
            "value": value,
            "unit": "",
            "source": "counted",
            "base": None,
            "at": "2026-11-21T10:32:00Z",
        } | changes

    def value(self, field="cases"):
        with reading(self.engine) as session:
            found = [v for v in current_values(session, rep(self.rep_id), self.visit_id) if v.field == field]
        return found[0] if found else None

    def all(self, model):
        with reading(self.engine) as session:
            return list(session.scalars(select(model)))


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        rep_id = builders.user(session, "limin")
        other = builders.user(session, "chentao")
        boss = builders.user(session, "zhoulan", "manager", (builders.region_of(session, market),))
        distributor = builders.distributor(session, "HD", market, rep_id)
        visit = builders.visit(session, distributor, rep_id)
        product = builders.product(session, "T500", pack_size=15)
    return World(engine, rep_id, other, boss, visit, product)


def test_an_entry_is_held_and_becomes_the_value(world: World) -> None:
    entry = world.entry(12)
    assert world.send(entry).held == [entry["id"]]
    assert (world.value().value, world.value().version) == ("12", entry["id"])


def test_sending_twice_is_saving_once(world: World) -> None:
    entry = world.entry(12)
    world.send(entry)
    assert world.send(entry, entry).held == [entry["id"], entry["id"]]
    assert len(world.all(Entry)) == 1


def test_cases_and_pieces_become_one_count_in_base_units(world: World) -> None:
    world.send(world.entry(3), world.entry(4, field="pieces"))
    (count,) = world.all(StockCount)
    assert (count.quantity, count.pack_size, count.source) == (Decimal(49), 15, "counted")


def test_zero_is_a_count_and_cleared_is_none(world: World) -> None:
    zero = world.entry(0)
    world.send(zero)
    assert [count.quantity for count in world.all(StockCount)] == [Decimal(0)]
    world.send(world.entry(None, base=zero["id"]))
    assert world.all(StockCount) == []


def test_skipped_is_a_row_without_a_quantity(world: World) -> None:
    world.send(world.entry(True, field="stock_skipped"))
    assert [count.quantity for count in world.all(StockCount)] == [None]


def test_a_lot_typed_as_month_keeps_until_its_last_day(world: World) -> None:
    world.send(world.entry(2, lot="2027-02"))
    (count,) = world.all(StockCount)
    assert str(count.expires_on) == "2027-02-28"


def test_a_price_keeps_its_unit_pack_and_tax_basis(world: World) -> None:
    world.send(world.entry("37.5", field="selling", unit="case", source="read"))
    (price,) = world.all(PriceObservation)
    assert (price.amount, price.unit, price.pack_size, price.tax_basis) == (
        Decimal("37.5"),
        "case",
        15,
        "excluded",
    )


def test_a_text_reaches_the_visit(world: World) -> None:
    world.send(world.entry("货补齐了", row="visit", field="summary"))
    assert [visit.summary for visit in world.all(Visit)] == ["货补齐了"]


def test_a_screen_reads_the_values_of_its_own_fields_alone(world: World) -> None:
    world.send(world.entry(12), world.entry("gut", field="note", row="talk"))
    with reading(world.engine) as session:
        texts = current_values(session, rep(world.rep_id), world.visit_id, {"note", "summary"})
    assert [(row.field, row.value) for row in texts] == [("note", "gut")]


def test_an_entry_from_an_older_base_is_a_conflict_and_both_stay(world: World) -> None:
    first, second = world.entry(12), world.entry(14)
    world.send(first)
    assert world.send(second).held == [second["id"]]
    assert world.value().value == "12"
    with reading(world.engine) as session:
        (conflict,) = conflicts_of(session, rep(world.rep_id), world.visit_id)
    assert (conflict.value, conflict.proposed, conflict.version) == ("12", "14", first["id"])


def test_a_conflict_changes_the_visit_so_that_its_screens_ask_for_the_choice(world: World) -> None:
    world.send(world.entry(12))
    with writing(world.engine) as session:
        later = NOW + timedelta(minutes=1)
        save_entries(session, rep(world.rep_id), [world.entry(14)], later)
    assert [visit.changed_at for visit in world.all(Visit)] == [later]


def test_choosing_settles_the_conflict(world: World) -> None:
    first, second = world.entry(12), world.entry(14)
    world.send(first, second)
    world.send(world.entry(14, base=first["id"]))
    assert world.value().value == "14"
    with reading(world.engine) as session:
        assert conflicts_of(session, rep(world.rep_id), world.visit_id) == []


def test_the_same_value_from_two_tablets_is_no_conflict(world: World) -> None:
    world.send(world.entry(12))
    world.send(world.entry(12))
    assert [entry.outcome for entry in world.all(Entry)] == ["applied", "applied"]


def test_a_chain_typed_without_a_link_arrives_whole(world: World) -> None:
    first = world.entry(1)
    second = world.entry(2, base=first["id"])
    world.send(first, second)
    assert world.value().value == "2"


def test_an_entry_after_submission_is_a_proposed_correction(world: World) -> None:
    with writing(world.engine) as session:
        submit_visit(session, rep(world.rep_id), world.visit_id, NOW, "the owner was in a hurry")
    late = world.entry(9)
    assert world.send(late).held == [late["id"]]
    assert world.value() is None
    boss = manager(world.manager_id)
    with writing(world.engine) as session:
        (proposed,) = proposed_corrections(session, boss, world.visit_id)
        decide_correction(session, boss, proposed.id, True, "counted the same evening", NOW)
    assert world.value().value == "9"
    (audit,) = [row for row in world.all(AuditEntry) if row.record == "entry"]
    assert (audit.before, audit.after, audit.reason) == (None, "9", "counted the same evening")


def test_another_users_entry_is_refused(world: World) -> None:
    receipt = world.send(world.entry(1), by=world.other_id)
    assert (receipt.held, len(receipt.rejected)) == ([], 1)
    assert world.all(Entry) == []


def test_an_entry_into_a_visit_that_is_not_his_is_refused(world: World) -> None:
    receipt = world.send(world.entry(1, user=world.other_id), by=world.other_id)
    assert (receipt.held, len(receipt.rejected)) == ([], 1)


@pytest.mark.parametrize(
    "change",
    [
        {"value": -1},
        {"value": "abc"},
        {"value": 1e12},
        {"value": "1.23456"},
        {"value": True},
        {"field": "password"},
        {"row": "../x"},
        {"at": "a\x00b"},
        {"row": "a\ud83d"},
        {"lot": "a\nb"},
        {"source": "guessed"},
        {"unit": "barrel"},
        {"id": "1"},
        {"base": "yesterday"},
        {"visit": "0190a0a0-0000-7000-8000-000000000000"},
    ],
)
def test_nonsense_is_refused_by_name_and_the_rest_is_kept(world: World, change: dict) -> None:
    good = world.entry(5, field="pieces")
    receipt = world.send(world.entry(1) | change, good)
    assert receipt.held == [good["id"]]
    assert len(receipt.rejected) == 1
    assert len(world.all(FieldValue)) == 1


def test_half_a_character_in_a_text_does_not_hold_up_the_rest(world: World) -> None:
    note = world.entry("好\ud83d", row="visit", field="summary")
    good = world.entry(5, field="pieces")
    assert world.send(note, good).held == [note["id"], good["id"]]
    assert world.value("summary").value == "好\N{REPLACEMENT CHARACTER}"


def test_entering_into_a_planned_visit_begins_it_today(world: World) -> None:
    with writing(world.engine) as session:
        visit = session.get_one(Visit, world.visit_id)
        visit.state, visit.started_at, visit.planned_on = "planned", None, builders.TODAY + timedelta(days=3)
    world.send(world.entry(12))
    assert [(v.state, v.planned_on) for v in world.all(Visit)] == [("draft", builders.TODAY)]
    assert [count.counted_on for count in world.all(StockCount)] == [builders.TODAY]


def test_a_second_visit_of_the_day_leaves_a_trace_and_deletes_nothing(world: World) -> None:
    first = world.entry(3)
    world.send(first)
    with writing(world.engine) as session:
        other = builders.visit(session, session.get_one(Visit, world.visit_id).distributor_id, world.rep_id)
    again = world.entry(4, visit=other)
    world.send(again)
    world.send(world.entry(None, visit=world.visit_id, base=first["id"]))
    assert [count.quantity for count in world.all(StockCount)] == [Decimal(60)]
    assert [(row.record, row.before) for row in world.all(AuditEntry)] == [("stock_count", "45.000")]


def test_a_visit_with_an_open_conflict_is_not_submitted(world: World) -> None:
    world.send(world.entry(12))
    world.send(world.entry(14))
    with pytest.raises(InvalidValue, match="conflict"), writing(world.engine) as session:
        submit_visit(session, rep(world.rep_id), world.visit_id, NOW, "in a hurry")
