"""Words that become a record become it once, under the id of their entry, and are changed as other entries are."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Engine, select

from data.access import Actor
from data.coaching import save_coaching
from data.directives import give_directive
from data.engine import reading, writing
from data.entries import conflicts_of, current_values, decide_correction, proposed_corrections, save_entries
from data.identifiers import new_id
from data.market import save_market_note
from data.promises import save_promise
from data.review import add_comment, return_visit
from data.service import add_complaint
from data.tables.records import Entry
from data.tables.visits import Comment, Complaint, Directive, MarketNote, Promise, Talk, Visit
from data.visits import cancel_visit
from tests import builders
from tests.builders import NOW, TODAY, manager, rep

PROMISED = {"made_by": "company", "owner": "李敏", "due_on": TODAY}
RECORDS = {
    "promise": (save_promise, PROMISED, Promise),
    "market_note": (save_market_note, {"topic": "price", "competitor": ""}, MarketNote),
    "coaching": (save_coaching, {"kind": "advice"}, Talk),
    "complaint": (add_complaint, {"kind": "quality", "due_on": TODAY}, Complaint),
}


@dataclass
class World:
    engine: Engine
    rep: Actor
    boss: Actor
    visit_id: str

    def send(self, by: Actor, row: str, value: str | None, base: str | None = None, **changes: object) -> str:
        entry = {
            "id": new_id(),
            "user": by.user_id,
            "visit": self.visit_id,
            "row": row,
            "lot": by.user_id,
            "field": "words",
            "value": value,
            "base": base,
        } | changes
        self.deliver(by, entry)
        return str(entry["id"])

    def deliver(self, by: Actor, entry: dict[str, object]) -> None:
        with writing(self.engine) as session:
            receipt = save_entries(session, by, [entry], NOW)
        assert (receipt.held, receipt.rejected) == ([entry["id"]], [])

    def do(self, command, by: Actor, *values, **options) -> None:
        with writing(self.engine) as session:
            command(session, by, *values, now=NOW, **options)

    def composed(self, by: Actor, row: str) -> str | None:
        with reading(self.engine) as session:
            values = current_values(session, by, self.visit_id)
        return next((one.value for one in values if (one.row, one.field) == (row, "words")), None)

    def all(self, query):
        with reading(self.engine) as session:
            return list(session.scalars(query))

    def set_state(self, state: str) -> None:
        with writing(self.engine) as session:
            session.get_one(Visit, self.visit_id).state = state


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market = builders.market(session)
        mine = builders.user(session, "limin")
        boss = builders.user(session, "zhoulan", "manager", (builders.region_of(session, market),))
        visit = builders.visit(session, builders.distributor(session, "HD", market, mine), mine)
    return World(engine, rep(mine), manager(boss), visit)


@pytest.mark.parametrize("kind", RECORDS)
def test_words_become_a_record_under_the_id_of_their_entry(world: World, kind: str) -> None:
    command, values, model = RECORDS[kind]
    id_ = world.send(world.rep, kind, "Two racks")
    assert world.composed(world.rep, kind) == "Two racks"
    for _again in range(2):
        world.do(command, world.rep, world.visit_id, id_, text="Two racks", **values)
    assert [(one.id, one.text) for one in world.all(select(model))] == [(id_, "Two racks")]
    assert world.composed(world.rep, kind) is None


def test_a_tap_that_is_faster_than_the_entry_makes_one_record_too(world: World) -> None:
    id_ = new_id()
    world.do(save_promise, world.rep, world.visit_id, id_, text="Two racks", **PROMISED)
    world.send(world.rep, "promise", "Two racks", id=id_)
    assert world.composed(world.rep, "promise") is None
    assert len(world.all(select(Promise))) == 1
    assert len(world.all(select(Entry).where(Entry.value.is_not(None)))) == 1


def test_words_begun_since_stay(world: World) -> None:
    first = world.send(world.rep, "promise", "Two racks")
    world.send(world.rep, "promise", "A fridge", first)
    world.do(save_promise, world.rep, world.visit_id, first, text="Two racks", **PROMISED)
    assert world.composed(world.rep, "promise") == "A fridge"


@pytest.mark.parametrize("kind", ["promise", "market_note", "coaching"])
def test_the_text_of_a_record_moves_from_its_base_and_conflicts_otherwise(world: World, kind: str) -> None:
    command, values, model = RECORDS[kind]
    id_ = world.send(world.rep, kind, "first")
    world.do(command, world.rep, world.visit_id, id_, text="first", **values)
    cell = {"field": "text", "lot": None}
    second = world.send(world.rep, f"{kind}:{id_}", "second", **cell)
    world.send(world.rep, f"{kind}:{id_}", "elsewhere", **cell)
    assert [one.text for one in world.all(select(model))] == ["second"]
    with reading(world.engine) as session:
        (conflict,) = conflicts_of(session, world.rep, world.visit_id)
    assert (conflict.value, conflict.proposed) == ("second", "elsewhere")
    world.send(world.rep, f"{kind}:{id_}", None, second, **cell)
    assert [one.text for one in world.all(select(model))] == ["second"]
    seen = {"promise": "李敏 · 2026-11-21", "market_note": "", "coaching": "advice"}[kind]
    world.do(command, world.rep, world.visit_id, id_, text=None, seen=seen, **values)
    assert [one.text for one in world.all(select(model))] == ["second"]


def test_the_text_of_another_visits_record_does_not_move(world: World) -> None:
    id_ = world.send(world.rep, "promise", "ours")
    world.do(save_promise, world.rep, world.visit_id, id_, text="ours", **PROMISED)
    with writing(world.engine) as session:
        place = session.get_one(Visit, world.visit_id).distributor_id
        world.visit_id = builders.visit(session, place, world.rep.user_id)
    world.send(world.rep, f"promise:{id_}", "theirs", field="text", lot=None)
    assert [one.text for one in world.all(select(Promise))] == ["ours"]


def test_a_comment_is_one_however_often_the_tap_arrives_and_the_next_is_another(world: World) -> None:
    world.set_state("submitted")
    first = world.send(world.boss, "comment", "No prices")
    for _again in range(2):
        world.do(return_visit, world.boss, world.visit_id, first, "No prices")
    second = world.send(world.rep, "comment", "The owner was away")
    world.do(add_comment, world.rep, world.visit_id, second, "The owner was away")
    assert {one.id: one.text for one in world.all(select(Comment))} == {
        first: "No prices",
        second: "The owner was away",
    }


def test_a_directive_is_composed_and_given(world: World) -> None:
    world.set_state("submitted")
    id_ = world.send(world.boss, "directive", "Oolong back to policy")
    world.do(give_directive, world.boss, id_, world.visit_id, "Oolong back to policy", TODAY)
    assert [one.id for one in world.all(select(Directive))] == [id_]
    assert world.composed(world.boss, "directive") is None


def test_nobody_sees_what_another_is_composing_nor_writes_it_for_him(world: World) -> None:
    world.set_state("submitted")
    world.send(world.boss, "comment", "Not yet said")
    assert world.composed(world.rep, "comment") is None
    assert world.composed(world.boss, "comment") == "Not yet said"
    clerk = replace(world.boss, role="clerk")
    for by, row, lot in (
        (world.rep, "comment", world.boss.user_id),
        (clerk, "comment", clerk.user_id),
        (world.rep, "directive", world.rep.user_id),
    ):
        entry = {"id": new_id(), "user": by.user_id, "visit": world.visit_id, "row": row, "lot": lot}
        with writing(world.engine) as session:
            receipt = save_entries(session, by, [{**entry, "field": "words", "value": "x"}], NOW)
        assert (receipt.held, len(receipt.rejected)) == ([], 1)


@pytest.mark.parametrize("kind", RECORDS)
def test_words_that_come_after_the_visit_was_submitted_are_proposed_and_accepted_once(
    world: World, kind: str
) -> None:
    _command, _values, model = RECORDS[kind]
    world.set_state("submitted")
    first = world.send(world.rep, kind, "Two ra")
    id_ = world.send(world.rep, kind, "Two racks", first)
    with reading(world.engine) as session:
        proposed = proposed_corrections(session, world.boss, world.visit_id)
    assert [(one.id, one.after) for one in proposed] == [(id_, "Two racks")]
    assert world.all(select(model)) == []
    world.do(decide_correction, world.boss, id_, True, "")
    assert [(one.id, one.text) for one in world.all(select(model))] == [(id_, "Two racks")]


def test_why_a_planned_visit_is_cancelled_is_no_beginning_of_it(world: World) -> None:
    world.set_state("planned")
    world.send(world.rep, "visit", "Wrong door", field="cancel_reason", lot=None)
    assert [one.state for one in world.all(select(Visit))] == ["planned"]
    world.do(cancel_visit, world.rep, world.visit_id, "Wrong door")
    assert [one.state for one in world.all(select(Visit))] == ["cancelled"]


def test_why_a_visit_is_cancelled_is_no_correction_when_it_arrives_after_the_tap(world: World) -> None:
    world.do(cancel_visit, world.rep, world.visit_id, "Wrong door")
    world.send(world.rep, "visit", "Wrong door", field="cancel_reason", lot=None)
    with reading(world.engine) as session:
        assert proposed_corrections(session, world.boss, world.visit_id) == []
