"""The demo's visits with their steps, checklist answers, objectives and what was written at the end."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from core.visit import STEPS
from data.demo.accounts import Account
from data.demo.checklists import item_codes, item_id
from data.demo.company import manager_of
from data.demo.dealings import Dealings
from data.demo.distributors import Place
from data.demo.entries import add_other_stock
from data.demo.objectives import add_objectives
from data.demo.observations import add_observations
from data.demo.orders import Agreed, add_order, agreed
from data.demo.rows import Rows, at, chance, demo_id
from data.demo.schedule import Appointment

PAUSED_AFTER = 9
"""How many products the visit that is paused today has counted and priced."""

_SKIPS = (
    ("accounts", "老板娘不在，账本没拿到"),
    ("order", "仓库正在盘点，改天电话下单"),
    ("market", "下雨，没有走访门店"),
    ("talk", "老板赶时间"),
)
_CANCELLED = ("客户停电停业一天", "老板外出，改约下周", "重复计划")
_STRENGTHS = ("先看仓库再谈，数字说服力强", "准备充分，政策讲得清楚", "当场解决了破损换货", "")
_IMPROVE = ("竞品价格要问得更细", "早一点约老板的时间", "带上新品样品", "")


@dataclass
class Made:
    """What the visits left behind that later records refer to."""

    by_place: dict[str, list[Appointment]] = field(default_factory=lambda: defaultdict(list))
    """The visits made, by distributor, oldest first."""
    orders: dict[str, Agreed] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    """The step that a visit skipped, by visit: nothing was entered there."""


def add_visits(rows: Rows, dealings: Dealings, books: dict[str, Account], visits: list[Appointment]) -> Made:
    """Adds all visits with everything that was entered during them."""
    made = Made()
    missed: dict[str, dict[str, Any]] = {}
    for visit in visits:
        code = visit.place.code
        order = agreed(dealings, visit)
        _add_visit(rows, visit, dealings.today, order)
        skipped = _skipped(visit, order is not None)
        if skipped is not None:
            made.left_out[visit.id] = skipped[0]
        _add_steps(rows, visit, skipped)
        account = books.get(code)
        last = add_objectives(rows, dealings, visit, account, order, missed.get(code))
        if visit.is_made:
            missed.pop(code, None)
            if last is not None:
                missed[code] = last
            made.by_place[code].append(visit)
            market = () if made.left_out.get(visit.id) == "market" else ("market",)
            _add_answers(rows, visit, ("tools", "display", "promotion", "service", *market))
            add_observations(rows, dealings, visit, dealings.assortment(visit.place))
            add_other_stock(rows, visit)
        if visit.state == "draft":
            _add_answers(rows, visit, ("tools",))
            add_observations(rows, dealings, visit, dealings.assortment(visit.place)[:PAUSED_AFTER])
        if order:
            made.orders[visit.id] = order
            add_order(rows, dealings, visit, order)
    return made


def _add_visit(rows: Rows, visit: Appointment, today: date, order: Agreed | None) -> None:
    draw = chance("visit", visit.place.code, visit.day)
    started = at(visit.day, visit.clock) + timedelta(minutes=draw.randrange(-5, 15))
    minutes = draw.randrange(24, 62)
    begun = visit.is_made or visit.state == "draft"
    submitted = started + timedelta(minutes=minutes) if visit.is_made else None
    reviewed = _reviewed_at(visit, today, draw)
    changed = (
        reviewed or submitted or (started + timedelta(minutes=32) if begun else _planned_at(visit, today))
    )
    rows.add(
        "visit",
        id=visit.id,
        distributor_id=visit.place.id,
        rep_id=visit.rep_id,
        state=visit.state,
        is_planned=visit.is_planned,
        planned_on=visit.day,
        planned_time=visit.clock,
        stop=visit.stop,
        started_at=started if begun else None,
        submitted_at=submitted,
        reviewed_at=reviewed,
        reviewed_by=manager_of(visit.place.region).id if reviewed else None,
        last_step="wrap_up" if visit.is_made else "stock" if visit.state == "draft" else "prepare",
        summary=_summary(visit.place, order, draw) if visit.is_made else "",
        strengths=draw.choice(_STRENGTHS) if visit.is_made else "",
        improve=draw.choice(_IMPROVE) if visit.is_made else "",
        next_visit_on=visit.day + timedelta(days=visit.place.visit_interval_days) if visit.is_made else None,
        cancel_reason=draw.choice(_CANCELLED) if visit.state == "cancelled" else "",
        changed_at=changed,
    )


def _reviewed_at(visit: Appointment, today: date, draw: Random) -> datetime | None:
    if visit.state not in ("approved", "returned"):
        return None
    day = visit.day + timedelta(days=draw.choice((0, 1, 1, 2)))
    return at(min(day, max(today - timedelta(days=1), visit.day)), f"18:{draw.randrange(10, 59):02d}")


def _planned_at(visit: Appointment, today: date) -> datetime:
    return at(min(visit.day, today) - timedelta(days=3), "09:00")


def _summary(place: Place, order: Agreed | None, draw: Random) -> str:
    told = draw.choice(("门店动销稳定", "竞品有促销，茶饮受影响", "新品试饮反应好", "仓库偏满，先消化再进"))
    if order is None:
        return f"{told}。本次未订货，下次带陈列方案再谈。"
    cases = sum(quantity // item.pack for item, quantity in order.lines)
    on = order.deliver_on
    return f"{told}。订货 {cases} 箱 {len(order.lines)} 个品项，{on.month}月{on.day}日到货。"


def _add_steps(rows: Rows, visit: Appointment, skipped: tuple[str, str] | None) -> None:
    states = _step_states(visit, skipped)
    for number, (step, (state, reason)) in enumerate(states.items()):
        rows.add(
            "visit_step",
            visit_id=visit.id,
            step=step,
            state=state,
            reason=reason,
            changed_at=at(visit.day, visit.clock) + timedelta(minutes=3 * number + 4),
        )


def _skipped(visit: Appointment, has_order: bool) -> tuple[str, str] | None:
    """The step that a visit skipped, and why."""
    draw = chance("steps", visit.place.code, visit.day)
    if not visit.is_made or draw.random() >= 0.22:
        return None
    step, reason = draw.choice(_SKIPS)
    return None if step == "order" and has_order else (step, reason)


def _step_states(visit: Appointment, skipped: tuple[str, str] | None) -> dict[str, tuple[str, str]]:
    """The state of each step and the reason where it was skipped; empty for a visit not begun."""
    if visit.state == "draft":
        return {"prepare": ("done", ""), "prices": ("begun", ""), "stock": ("begun", "")}
    if not visit.is_made:
        return {}
    states = dict.fromkeys(STEPS, ("done", ""))
    if skipped is not None:
        step, reason = skipped
        states[step] = ("skipped", reason)
    return states


def _add_answers(rows: Rows, visit: Appointment, checklists: tuple[str, ...]) -> None:
    draw = chance("answers", visit.place.code, visit.day)
    care = 0.72 + 0.25 * chance("care", visit.place.code).random()
    for checklist in checklists:
        for code in item_codes(checklist):
            roll = draw.random()
            answer = "yes" if roll < care else "no" if roll < 0.97 else "not_applicable"
            rows.add(
                "checklist_answer",
                id=demo_id("checklist_answer", visit.place.code, visit.day, code),
                visit_id=visit.id,
                item_id=item_id(code),
                answer=answer,
                answered_by=visit.rep_id,
                answered_at=at(visit.day, visit.clock) + timedelta(minutes=15),
            )
