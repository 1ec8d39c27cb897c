"""The visit log finds what is asked for, by key, and only what the actor may see; on both databases."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event

from data.access import Actor
from data.engine import reading, writing
from data.errors import NotReachable
from data.identifiers import new_id
from data.review import add_comment
from data.tables.visits import Comment, Promise, VisitStep
from data.visit_log import (
    LogFilter,
    Place,
    log_count,
    log_page,
    log_regions,
    log_reps,
    log_rows,
    visit_record,
)
from tests import builders
from tests.builders import NOW, TODAY, manager, rep


@dataclass
class World:
    engine: Engine
    east: str
    west: str
    li: str
    chen: str
    boss: Actor
    clerk: Actor
    office: Actor
    hongda: str
    fuyuan: str
    yueda: str

    def visit(self, distributor_id: str, days_ago: int = 0, by: str | None = None, **values) -> str:
        with writing(self.engine) as session:
            return builders.visit(
                session,
                distributor_id,
                by or self.li,
                **{"state": "approved", "planned_on": TODAY - timedelta(days=days_ago), **values},
            )

    def ids(self, actor: Actor, **wanted) -> list[str]:
        with reading(self.engine) as session:
            return [row.visit.id for row in log_rows(session, actor, LogFilter(**wanted))]


@pytest.fixture
def world(engine: Engine) -> World:
    with writing(engine) as session:
        builders.company(session)
        east_market, west_market = (builders.market(session, code) for code in ("east", "west"))
        east, west = (builders.region_of(session, market) for market in (east_market, west_market))
        li, chen = (builders.user(session, account) for account in ("limin", "chentao"))
        boss = builders.user(session, "zhoulan", "manager", (east,))
        clerk = builders.user(session, "hejing", "clerk", (west,))
        office = builders.user(session, "admin", "administrator")
        hongda = builders.distributor(session, "D-100%", east_market, li, name="临江宏达", name_en="Hongda")
        fuyuan = builders.distributor(session, "D2", east_market, chen, name="福源", name_en="Fuyuan")
        yueda = builders.distributor(session, "D3", west_market, chen, name="悦达", name_en="Yueda")
    return World(
        engine,
        east,
        west,
        li,
        chen,
        manager(boss),
        Actor(clerk, "clerk", TODAY),
        Actor(office, "administrator", TODAY),
        hongda,
        fuyuan,
        yueda,
    )


def test_the_log_holds_what_the_actor_may_see_and_nothing_else(world: World) -> None:
    at_hongda, at_fuyuan = world.visit(world.hongda), world.visit(world.fuyuan, 1, by=world.chen)
    at_yueda = world.visit(world.yueda, 2, by=world.chen)
    assert world.ids(world.office) == [at_hongda, at_fuyuan, at_yueda]
    assert world.ids(world.boss) == [at_hongda, at_fuyuan]
    assert world.ids(world.clerk) == [at_yueda]
    assert world.ids(rep(world.li)) == [at_hongda]


def test_a_rep_still_finds_the_visit_that_he_made_at_a_distributor_who_is_no_longer_his(world: World) -> None:
    made = world.visit(world.fuyuan, by=world.li)
    assert world.ids(rep(world.li)) == [made]
    assert world.ids(rep(world.chen)) == [made]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"state": "returned"}, ["returned"]),
        ({"start": TODAY - timedelta(days=1)}, ["plain", "returned"]),
        ({"end": TODAY - timedelta(days=1)}, ["old"]),
        ({"start": TODAY - timedelta(days=1), "end": TODAY}, ["returned"]),
        ({"distributor": "hongDA"}, ["plain"]),
        ({"distributor": "宏达 "}, ["plain"]),
        ({"distributor": "100%"}, ["plain"]),
        ({"distributor": "%"}, ["plain"]),
        ({"distributor": "D_"}, []),
        ({"text": "仓库"}, ["old"]),
        ({"text": "no such words"}, []),
    ],
)
def test_a_filter_lets_through_what_it_says(world: World, wanted: dict, found: list[str]) -> None:
    names = {
        world.visit(world.hongda): "plain",
        world.visit(world.fuyuan, 1, by=world.chen, state="returned"): "returned",
        world.visit(world.yueda, 9, by=world.chen, summary="仓库偏满"): "old",
    }
    assert [names[id_] for id_ in world.ids(world.office, **wanted)] == found
    with reading(world.engine) as session:
        assert log_count(session, world.office, LogFilter(**wanted)) == len(found)


def test_region_and_rep_filter_by_their_ids(world: World) -> None:
    first, second = world.visit(world.hongda), world.visit(world.yueda, 1, by=world.chen)
    assert world.ids(world.office, region_id=world.east) == [first]
    assert world.ids(world.office, rep_id=world.chen) == [second]


@pytest.mark.parametrize("place", ["objective", "reason", "promise", "comment"])
def test_text_is_found_wherever_it_stands_in_the_visit(world: World, place: str) -> None:
    visit_id = world.visit(world.hongda)
    world.visit(world.hongda, 1)
    with writing(world.engine) as session:
        if place in ("objective", "reason"):
            named = {"text": "新堆头"} if place == "objective" else {"reason": "新堆头没到"}
            builders.objective(session, visit_id, **named)
        elif place == "comment":
            add_comment(session, world.boss, visit_id, new_id(), "看看新堆头", NOW)
        else:
            session.add(
                Promise(
                    id=new_id(),
                    distributor_id=world.hongda,
                    visit_id=visit_id,
                    made_by="company",
                    text="送新堆头",
                    owner="李敏",
                    rep_id=world.li,
                    state="open",
                    made_at=NOW,
                )
            )
    assert world.ids(world.office, text="新堆头") == [visit_id]


def test_pages_by_key_show_every_visit_once_there_and_back(world: World) -> None:
    # several visits a day: the id decides within a day
    made = [world.visit(world.hongda, number // 3) for number in range(8)]
    with reading(world.engine) as session:
        whole = [row.visit.id for row in log_rows(session, world.office, LogFilter())]

        def page(**place: Place | None) -> tuple[list[str], Place | None, Place | None]:
            found = log_page(session, world.office, LogFilter(), size=3, **place)
            return [row.visit.id for row in found.rows], found.newer, found.older

        first, newer, older = page()
        assert newer is None
        second, to_first, older = page(older_than=older)
        third, to_second, end = page(older_than=older)
        assert end is None
        assert first + second + third == whole
        assert sorted(whole) == sorted(made)
        assert page(newer_than=to_second)[0] == second
        assert page(newer_than=to_first) == (first, None, Place(TODAY, first[-1]))


def test_a_way_back_that_leads_to_too_few_visits_shows_the_newest_page_whole(world: World) -> None:
    made = [world.visit(world.hongda, number) for number in range(5)]
    with reading(world.engine) as session:
        key = Place(TODAY - timedelta(days=1), made[1])
        found = log_page(session, world.office, LogFilter(), newer_than=key, size=3)
    assert [row.visit.id for row in found.rows] == made[:3]


def test_a_page_costs_one_query_whatever_it_holds(world: World) -> None:
    for number in range(6):
        world.visit(world.hongda, number)
    asked: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with reading(world.engine) as session:
        log_page(session, world.boss, LogFilter(text="x"), size=5)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1


def test_an_export_stops_at_its_limit(world: World) -> None:
    newest = world.visit(world.hongda)
    world.visit(world.hongda, 1)
    with reading(world.engine) as session:
        rows = log_rows(session, world.office, LogFilter(), limit=1)
    assert [row.visit.id for row in rows] == [newest]


def test_the_choices_are_those_of_the_visits_that_one_may_see(world: World) -> None:
    world.visit(world.hongda)
    world.visit(world.yueda, by=world.chen)
    with reading(world.engine) as session:
        assert [choice.id for choice in log_regions(session, world.clerk)] == [world.west]
        assert {choice.id for choice in log_regions(session, world.office)} == {world.east, world.west}
        assert [choice.id for choice in log_reps(session, world.clerk)] == [world.chen]
        assert [choice.id for choice in log_reps(session, rep(world.li))] == [world.li]


def test_the_record_holds_report_steps_comments_and_who_reviewed(world: World) -> None:
    visit_id = world.visit(world.hongda, reviewed_by=world.boss.user_id, reviewed_at=NOW)
    with writing(world.engine) as session:
        builders.objective(session, visit_id)
        session.add(
            VisitStep(visit_id=visit_id, step="prices", state="skipped", reason="关门", changed_at=NOW)
        )
        session.add(
            Comment(
                id=new_id(),
                visit_id=visit_id,
                written_by=world.boss.user_id,
                kind="approve",
                text="好",
                written_at=NOW,
            )
        )
    with reading(world.engine) as session:
        record = visit_record(session, world.boss, visit_id)
    assert (record.row.code, record.row.reviewer) == ("D-100%", "zhoulan")
    assert (record.steps["prices"].state, record.steps["stock"].state) == ("skipped", "open")
    assert [comment.text for comment in record.comments] == ["好"]
    assert len(record.objectives) == 1


def test_somebody_elses_visit_is_not_there(world: World) -> None:
    visit_id = world.visit(world.hongda)
    with reading(world.engine) as session, pytest.raises(NotReachable):
        visit_record(session, world.clerk, visit_id)


def test_a_day_far_away_is_no_error(world: World) -> None:
    world.visit(world.hongda)
    assert world.ids(world.office, start=date(2999, 1, 1)) == []
