"""What the demo's visits set going: promises, directives, comments and corrections."""

from datetime import date, datetime, timedelta

from data.demo.company import manager_of
from data.demo.distributors import owner_of
from data.demo.rows import Rows, at, chance, demo_id
from data.demo.schedule import Appointment
from data.demo.visits import Made

_COMPANY = ("补 2 个陈列架", "送 50 份新品试饮", "给业务员做一次产品培训", "更换两箱破损货", "核对上季度返利")
_DISTRIBUTOR = ("下月起乌龙茶按政策价出货", "腾出一个端架放茶饮", "月底前付清逾期货款", "新品先铺 20 家门店")
_DIRECTIVES = (
    "把乌龙茶价格谈回政策区间",
    "盯住临期批次，本月内消化",
    "收回超期货款后再发货",
    "新品至少铺 10 家门店",
    "查清促销品去向",
)
_APPROVED = ("准备充分，继续保持", "数据完整，价格要继续盯", "下次带上周边价格表", "铺货不错，注意账期")
_RETURNED = ("缺竞品价格，请补", "库存只点了一半，补全再交", "订单原因没有写清楚")


def add_follow_up(rows: Rows, today: date, made: Made) -> None:
    """Adds promises, directives, comments and corrections of all visits made."""
    for visits in made.by_place.values():
        for number, visit in enumerate(visits):
            following = visits[number + 1] if number + 1 < len(visits) else None
            _add_promise(rows, visit, following, today)
            _add_directive(rows, visit, following, today)
            _add_comments(rows, visit, today)
            _add_correction(rows, visit, today)
        _add_lead_promises(rows, visits[-1], today)


def _wrapped_up(visit: Appointment) -> datetime:
    return at(visit.day, visit.clock) + timedelta(minutes=50)


def _add_promise(rows: Rows, visit: Appointment, following: Appointment | None, today: date) -> None:
    draw = chance("promise", visit.place.code, visit.day)
    if draw.random() > 0.4 or visit.day == today:
        return
    by_company = draw.random() < 0.6
    due = visit.day + timedelta(days=draw.randrange(7, 22))
    state = "open"
    if following is not None and following.day >= due:
        state = draw.choices(("kept", "broken", "withdrawn"), (84, 13, 3))[0]
    elif due < today - timedelta(days=6):
        state = "kept"
    closed = state != "open"
    rows.add(
        "promise",
        id=demo_id("promise", visit.place.code, visit.day),
        distributor_id=visit.place.id,
        visit_id=visit.id,
        made_by="company" if by_company else "distributor",
        text=draw.choice(_COMPANY if by_company else _DISTRIBUTOR),
        owner=visit.rep_name if by_company else owner_of(visit.place),
        rep_id=visit.rep_id,
        due_on=due,
        state=state,
        closed_visit_id=following.id if closed and following is not None else None,
        closed_note="客户确认" if state == "kept" else "仓库没有货" if state == "broken" else "",
        made_at=_wrapped_up(visit),
        closed_at=_wrapped_up(following) if closed and following else at(due, "17:00") if closed else None,
    )


def _add_lead_promises(rows: Rows, last: Appointment, today: date) -> None:
    """The visit paused today finds one promise due today and one overdue."""
    if last.place.story != "lead":
        return
    promised = (
        ("company", _COMPANY[0], last.rep_name, today),
        ("distributor", _DISTRIBUTOR[1], owner_of(last.place), today - timedelta(days=4)),
    )
    for number, (made_by, text, owner, due) in enumerate(promised):
        rows.add(
            "promise",
            id=demo_id("promise", last.place.code, last.day, number),
            distributor_id=last.place.id,
            visit_id=last.id,
            made_by=made_by,
            text=text,
            owner=owner,
            rep_id=last.rep_id,
            due_on=due,
            state="open",
            made_at=_wrapped_up(last),
        )


def _add_directive(rows: Rows, visit: Appointment, following: Appointment | None, today: date) -> None:
    draw = chance("directive", visit.place.code, visit.day)
    wanted = following is None and visit.place.number % 3 == 1 and visit.state == "approved"
    if (not wanted and draw.random() > 0.09) or visit.state != "approved":
        return
    rows.add(
        "directive",
        id=demo_id("directive", visit.place.code, visit.day),
        distributor_id=visit.place.id,
        visit_id=visit.id,
        given_by=manager_of(visit.place.region).id,
        text=_DIRECTIVES[0] if visit.place.story == "lead" else draw.choice(_DIRECTIVES),
        due_on=visit.day + timedelta(days=visit.place.visit_interval_days),
        given_at=at(visit.day, "18:59") if visit.day < today else _wrapped_up(visit),
        done_at=_wrapped_up(following) if following else None,
        done_visit_id=following.id if following else None,
        done_note="已办" if following else "",
    )


def _add_comments(rows: Rows, visit: Appointment, today: date) -> None:
    draw = chance("comment", visit.place.code, visit.day)
    if visit.state == "submitted":
        return
    said: list[tuple[str, str, str]] = []
    if visit.state == "returned" or draw.random() < 0.04:
        said.append(
            ("return", _RETURNED[0] if visit.place.story == "returned" else draw.choice(_RETURNED), "18:05")
        )
    if visit.state == "approved" and draw.random() < 0.5:
        said.append(("approve", draw.choice(_APPROVED), "20:10"))
    for number, (kind, text, clock) in enumerate(said):
        rows.add(
            "comment",
            id=demo_id("comment", visit.place.code, visit.day, number),
            visit_id=visit.id,
            written_by=manager_of(visit.place.region).id,
            kind=kind,
            text=text,
            written_at=at(visit.day, clock),
            seen_at=at(visit.day, "21:00") if visit.day < today - timedelta(days=7) else None,
        )


def _add_correction(rows: Rows, visit: Appointment, today: date) -> None:
    draw = chance("correction", visit.place.code, visit.day)
    if visit.state != "approved" or draw.random() > 0.03 or visit.day > today - timedelta(days=3):
        return
    rows.add(
        "audit_entry",
        id=demo_id("audit_entry", visit.place.code, visit.day),
        visit_id=visit.id,
        distributor_id=visit.place.id,
        record="visit",
        record_id=visit.id,
        field="summary",
        before="见现场记录",
        after=next(r["summary"] for r in rows.of("visit") if r["id"] == visit.id),
        reason="补写小结",
        changed_by=visit.rep_id,
        changed_at=at(visit.day + timedelta(days=1), "09:20"),
    )
