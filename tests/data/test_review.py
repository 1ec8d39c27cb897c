"""The manager decides once and says as much as he likes; the region's figures are the month's; on both databases."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine

from core.performance import mean_attainment
from data.access import Actor
from data.engine import reading, writing
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.review import add_comment, approve_visit, comments_of, region_facts, return_visit
from data.tables.visits import Complaint, Visit
from tests import builders
from tests.builders import NOW, TODAY, manager, rep

MONTH = (date(2026, 11, 1), date(2026, 12, 1))


@dataclass
class World:
    engine: Engine
    visit_id: str
    distributor: str
    li: Actor
    boss: Actor
    other_boss: Actor
    stranger: Actor

    def do(self, command, actor: Actor, text: str = "", comment_id: str = "") -> None:
        with writing(self.engine) as session:
            command(session, actor, self.visit_id, comment_id or new_id(), text, NOW)

    def said(self) -> list[tuple[str, str]]:
        with reading(self.engine) as session:
            rows = comments_of(session, self.boss, [self.visit_id]).get(self.visit_id, [])
        return sorted((row.kind, row.text) for row in rows)

    def state(self) -> str:
        with reading(self.engine) as session:
            return session.get_one(Visit, self.visit_id).state


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        market, far = builders.market(session), builders.market(session, "west")
        east, west = (builders.region_of(session, place) for place in (market, far))
        li = builders.user(session, "limin")
        boss, other = (builders.user(session, name, "manager", (east,)) for name in ("zhou", "qian"))
        stranger = builders.user(session, "sun", "manager", (west,))
        distributor = builders.distributor(session, "HD", market, li)
        visit = builders.visit(session, distributor, li, state="submitted", submitted_at=NOW)
    return World(engine, visit, distributor, rep(li), manager(boss), manager(other), manager(stranger))


@pytest.mark.parametrize(
    ("command", "state", "kind"),
    [(approve_visit, "approved", "approve"), (return_visit, "returned", "return")],
)
def test_a_second_comment_of_the_same_decision_is_kept(world: World, command, state: str, kind: str) -> None:
    world.do(command, world.boss, "first")
    world.do(command, world.boss, "second")
    assert world.state() == state
    assert world.said() == [(kind, "first"), (kind, "second")]


@pytest.mark.parametrize("command", [approve_visit, return_visit, add_comment])
def test_a_decision_sent_again_says_nothing_twice(world: World, command) -> None:
    same = new_id()
    for _ in range(2):
        world.do(command, world.boss, "good", same)
    assert [text for _kind, text in world.said()] == ["good"]


def test_what_one_manager_decided_another_does_not_decide_anew(world: World) -> None:
    world.do(approve_visit, world.boss)
    for command in (approve_visit, return_visit):
        with pytest.raises(NotAllowed):
            world.do(command, world.other_boss, "no")
    assert (world.state(), world.said()) == ("approved", [])


def test_of_two_managers_at_the_same_moment_one_decides(world: World) -> None:
    start, refused = Barrier(2), []

    def decide(command, actor: Actor) -> None:
        start.wait()
        try:
            world.do(command, actor, actor.user_id)
        except NotAllowed:
            refused.append(actor.user_id)

    both = [(approve_visit, world.boss), (return_visit, world.other_boss)]
    threads = [Thread(target=decide, args=pair) for pair in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [text for _kind, text in world.said()]
    assert len(refused) == len(kept) == 1
    assert {*refused, *kept} == {world.boss.user_id, world.other_boss.user_id}


def test_returning_needs_words(world: World) -> None:
    with pytest.raises(InvalidValue, match="missing"):
        world.do(return_visit, world.boss, "  ")
    assert world.state() == "submitted"


def test_manager_and_rep_talk_without_deciding(world: World) -> None:
    world.do(add_comment, world.boss, "why?")
    world.do(add_comment, world.li, "the dealer was away")
    assert world.said() == [("comment", "the dealer was away"), ("comment", "why?")]
    assert world.state() == "submitted"


def test_nobody_comments_on_what_is_not_his(world: World) -> None:
    for command in (add_comment, approve_visit, return_visit):
        with pytest.raises(NotReachable):
            world.do(command, world.stranger, "x")
    with pytest.raises(NotAllowed):
        world.do(add_comment, replace(world.boss, role="clerk"), "x")
    assert world.said() == []


def test_an_id_that_belongs_to_another_visits_comment_is_refused(world: World) -> None:
    used = new_id()
    world.do(add_comment, world.boss, "there", used)
    with writing(world.engine) as session:
        world.visit_id = builders.visit(session, world.distributor, world.li.user_id, state="submitted")
    with pytest.raises(NotReachable):
        world.do(add_comment, world.boss, "here", used)


def test_the_region_counts_the_objectives_of_the_month_and_not_those_of_the_queue(world: World) -> None:
    with writing(world.engine) as session:
        builders.objective(session, world.visit_id, target=100, actual=50)
        for days, state, actual in ((2, "approved", 100), (40, "approved", 0), (1, "draft", 0)):
            visit = builders.visit(
                session,
                world.distributor,
                world.li.user_id,
                state=state,
                planned_on=TODAY - timedelta(days=days),
            )
            builders.objective(session, visit, target=100, actual=actual)
    with reading(world.engine) as session:
        facts = region_facts(session, world.boss, *MONTH)
        elsewhere = region_facts(session, world.stranger, *MONTH)
    assert facts is not None
    assert elsewhere is not None
    assert mean_attainment(facts.objectives) == 0.75
    assert list(elsewhere.objectives) == []


def test_a_complaint_is_open_until_it_is_reported_back(world: World) -> None:
    with writing(world.engine) as session:
        session.add_all(
            Complaint(
                id=new_id(),
                distributor_id=world.distributor,
                kind="quality",
                text="x",
                state=state,
                recorded_by=world.li.user_id,
                recorded_at=NOW - timedelta(days=90),
            )
            for state in ("recorded", "handled", "rechecked", "reported_back", "withdrawn")
        )
    with reading(world.engine) as session:
        facts = region_facts(session, world.boss, *MONTH)
    assert facts is not None
    assert facts.complaints == 3


def test_without_a_region_there_are_no_figures(world: World) -> None:
    with reading(world.engine) as session:
        assert region_facts(session, world.li, *MONTH) is None
