"""What the demo's reps learned and did beside the figures: market notes, talks, complaints, prospects, checks."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from data.demo.accounts import Account
from data.demo.checklists import news_id, news_on
from data.demo.company import person
from data.demo.credit import collateral_id, pledges
from data.demo.products import OWN
from data.demo.promotions import ACTIONS, gets_goods, good_id, issued, span
from data.demo.rows import Rows, at, chance, demo_id
from data.demo.schedule import Appointment
from data.demo.visits import Made

_NOTES = (
    ("price", "恒岳", "恒岳绿茶每箱下调 2 元，门店跟进"),
    ("promotion", "元动", "元动气泡水便利店第二件半价"),
    ("channel", "山语", "山语新设一家分销，覆盖北边乡镇"),
    ("product", "果园记", "果园记上新西梅汁 450 ml"),
    ("advertising", "红岩", "红岩能量饮料公交站台广告"),
    ("share", "恒岳", "茶饮货架恒岳约占四成"),
    ("people", "山语", "山语换了区域经理"),
    ("point_of_sale", "", "挂条幅 2 条，贴海报 12 张"),
    ("credit_standing", "", "老板新开一家门店，资金偏紧"),
)
_TALKS = (
    ("training", "给对方业务员讲新品卖点，约一小时"),
    ("advice", "建议乌龙茶与茉莉花茶联合堆头"),
    ("solved", "当场更换破损货 2 箱"),
)
_COMPLAINTS = (
    ("quality", "三箱绿茶瓶盖渗漏"),
    ("delivery", "到货比约定晚两天"),
    ("price", "邻近市场低价货流入"),
    ("promotion", "促销品少发 20 份"),
    ("service", "客服电话一直没人接"),
    ("account", "返利没有按时入账"),
    ("return", "临期退货迟迟未验收"),
)
_PROSPECTS = (
    ("LJ", "limin", "临江万顺商贸", "follow_up", "带合同样本面谈", 12, ""),
    ("LJ", "limin", "临江校园超市联合体", "consult", "报价三个品项", 5, ""),
    ("DH", "limin", "东湖旅游码头商店", "contact", "", None, ""),
    ("DH", "chentao", "东湖国际酒店", "tender", "递交投标文件", 9, ""),
    ("LJ", "chentao", "临江新区便利连锁", "signed", "", None, "签约，首单 2.6 万元"),
    ("QS", "wujing", "青山矿区服务社", "follow_up", "送样品", -3, ""),
    ("QS", "liuyang", "青山第二批发市场", "lost", "", None, "对手给了独家返利"),
    ("HK", "wujing", "河口渔港补给站", "consult", "核实月销量", 7, ""),
    ("HK", "liuyang", "河口职业学院食堂", "contact", "约后勤处", 15, ""),
    ("NW", "huangxia", "南湾免税商场", "tender", "答疑会", 20, ""),
    ("NW", "huangxia", "南湾海景度假村", "signed", "", None, "签约，夏季供货"),
    ("NW", "zhengkai", "南湾连锁药店", "lost", "", None, "不经营饮料"),
    ("NW", "zhengkai", "南湾物流园", "follow_up", "谈冷柜投放", 4, ""),
)  # fmt: skip


def add_market(rows: Rows, today: date, books: dict[str, Account], made: Made) -> None:
    """Adds notes, talks, promotion and collateral checks of the visits, complaints and prospects."""
    for code, visits in made.by_place.items():
        for visit in visits:
            draw = chance("market", code, visit.day)
            left_out = made.left_out.get(visit.id)
            if left_out != "market":
                _add_notes(rows, visit, draw)
            if left_out != "talk":
                _add_talks(rows, visit, today, draw)
            _add_goods_checks(rows, visit, today, draw)
            if left_out != "accounts":
                _add_collateral_checks(rows, visit, books[code], today, draw)
        _add_complaints(rows, visits, today)
    _add_prospects(rows, today)


def _noted(visit: Appointment) -> datetime:
    return at(visit.day, visit.clock) + timedelta(minutes=40)


def _add_notes(rows: Rows, visit: Appointment, draw: Random) -> None:
    for number, (topic, competitor, text) in enumerate(draw.sample(_NOTES, draw.choice((0, 1, 1, 2)))):
        rows.add(
            "market_note",
            id=demo_id("market_note", visit.place.code, visit.day, number),
            visit_id=visit.id,
            distributor_id=visit.place.id,
            topic=topic,
            competitor=competitor,
            text=text,
            noted_by=visit.rep_id,
            noted_at=_noted(visit),
        )


def _add_talks(rows: Rows, visit: Appointment, today: date, draw: Random) -> None:
    talks: list[dict[str, Any]] = [
        {
            "kind": "news",
            "news_item_id": news_id(number),
            "answer": draw.choice(("welcomed", "welcomed", "neutral", "objected", "not_told")),
        }
        for number in news_on(visit.day, today)
    ]
    if draw.random() < 0.5:
        kind, text = draw.choice(_TALKS)
        talks.append({"kind": kind, "text": text})
    for number, talk in enumerate(talks):
        rows.add(
            "talk",
            id=demo_id("talk", visit.place.code, visit.day, number),
            visit_id=visit.id,
            noted_at=_noted(visit),
            **talk,
        )


def _add_goods_checks(rows: Rows, visit: Appointment, today: date, draw: Random) -> None:
    code = visit.place.code
    for action in ACTIONS:
        starts, ends = span(action, today)
        if starts < visit.day < ends and gets_goods(action, code):
            rows.add(
                "promotion_check",
                id=demo_id("promotion_check", action.code, code, visit.day),
                visit_id=visit.id,
                promotion_good_id=good_id(action, code),
                passed_on=issued(action, code) * draw.choice((100, 100, 80, 60, 30)) // 100,
                checked_by=visit.rep_id,
                checked_at=_noted(visit),
            )


def _add_collateral_checks(
    rows: Rows, visit: Appointment, account: Account, today: date, draw: Random
) -> None:
    code = visit.place.code
    if visit.day > today - timedelta(days=180) and draw.random() < 0.35:
        for kind, _, quantity, _ in pledges(account):
            rows.add(
                "collateral_check",
                id=demo_id("collateral_check", code, kind, visit.day),
                visit_id=visit.id,
                collateral_id=collateral_id(code, kind),
                quantity=quantity,
                checked_by=visit.rep_id,
                checked_at=_noted(visit),
            )


_STATES = ("recorded", "handled", "rechecked", "reported_back", "withdrawn")


def _add_complaints(rows: Rows, visits: list[Appointment], today: date) -> None:
    place = visits[-1].place
    for number, visit in enumerate(visits):
        draw = chance("complaint", place.code, visit.day)
        unanswered = place.story == "complaint" and visit is visits[-1]
        if not unanswered and draw.random() > 0.07:
            continue
        kind, text = draw.choice(_COMPLAINTS)
        age = (today - visit.day).days
        state = "recorded" if unanswered else _state(age, draw)
        recorded = today - timedelta(days=5) if unanswered else visit.day
        rows.add(
            "complaint",
            id=demo_id("complaint", place.code, number, visit.day),
            distributor_id=place.id,
            visit_id=None if unanswered else visit.id,
            product_id=draw.choice(OWN).id if kind == "quality" else None,
            kind=kind,
            text=text,
            state=state,
            recorded_by=visit.rep_id,
            recorded_at=at(recorded, "11:10"),
            due_on=recorded + timedelta(days=5),
            **_progress(state, recorded, draw),
        )


def _state(age: int, draw: Random) -> str:
    """A complaint goes one step further every ten days; a few old ones hang or were withdrawn."""
    if age < 40:
        return _STATES[age // 10]
    return draw.choices(("reported_back", "handled", "rechecked", "withdrawn"), (80, 8, 6, 6))[0]


def _progress(state: str, recorded: date, draw: Random) -> dict[str, Any]:
    reached = _STATES.index(state) if state != "withdrawn" else 0
    days = (1, 3, 5)
    names = ("handled_at", "rechecked_at", "reported_back_at")
    row: dict[str, Any] = {
        name: at(recorded + timedelta(days=d), "15:00")
        for number, (name, d) in enumerate(zip(names, days, strict=True), start=1)
        if number <= reached
    }
    if reached >= 1:
        row["answer"] = "已换货并致歉，原因已报生产部"
    if reached >= 2:
        row["satisfied"] = draw.random() < 0.85
    return row


def _add_prospects(rows: Rows, today: date) -> None:
    for number, (market, rep, name, stage, step, days, outcome) in enumerate(_PROSPECTS):
        closed = stage in ("signed", "lost")
        rows.add(
            "prospect",
            id=demo_id("prospect", number),
            market_id=demo_id("market", market),
            rep_id=person(rep).id,
            name=name,
            contact="经理，电话见名片",
            stage=stage,
            expected_month_minor=1_000_000 * (1 + number % 5),
            next_step=step,
            next_step_on=None if days is None else today + timedelta(days=days),
            outcome=outcome,
            recorded_at=at(today - timedelta(days=20 + 9 * number), "10:30"),
            closed_at=at(today - timedelta(days=5 + number), "16:00") if closed else None,
        )
