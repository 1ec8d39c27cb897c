"""What the demo's visits were to reach, and what became of it."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from data.demo.accounts import Account
from data.demo.dealings import Dealings
from data.demo.orders import Agreed
from data.demo.prices import selling_case
from data.demo.products import ITEMS, OOLONG
from data.demo.rows import Rows, chance, demo_id
from data.demo.schedule import Appointment

_OTHERS = (
    ("list_products", "上架缺少的必卖品", 2),
    ("new_product", "新品首批进店", 1),
    ("policy", "讲清陈列奖励政策", None),
    ("relationship", "约老板参加季度会议", None),
    ("price", "乌龙茶出货价回到 47 元/箱", 47),
)
_MISSED = {
    "order_amount": ("库存还够两周", "带上消化方案和促销再谈"),
    "list_products": ("货架没有空位", "先谈陈列位置再谈品项"),
    "new_product": ("老板要看周边销量", "带周边三家的销售数据"),
    "collect": ("客户暂无资金", "约定分两次付清"),
    "price": ("等邻近市场调价", "带周边 8 家价格表再谈"),
    "policy": ("老板赶时间", "先发资料，再约半小时"),
    "relationship": ("老板外出", "改为电话邀约"),
}


def add_objectives(
    rows: Rows,
    dealings: Dealings,
    visit: Appointment,
    account: Account | None,
    order: Agreed | None,
    missed: dict[str, Any] | None,
) -> dict[str, Any] | None:
    """Adds the objectives of a visit.

    Args:
        rows: Where the rows go.
        dealings: The goods that flowed.
        visit: The visit.
        account: The distributor's account; `None` for a new one.
        order: What was ordered on the visit.
        missed: An objective of the visit before that was not reached: it is carried on.

    Returns:
        An objective of this visit that the next one should carry on; `None` when all were reached.
    """
    if visit.state == "cancelled" or visit.day > dealings.today + timedelta(days=3):
        return None
    draw = chance("objectives", visit.place.code, visit.day)
    wanted = [_order_target(dealings, visit, order, draw), *_others(visit, account, missed, draw)]
    carry = None
    for position, (kind, text, target, carried_from) in enumerate(wanted, start=1):
        row = {
            "id": demo_id("objective", visit.place.code, visit.day, position),
            "visit_id": visit.id,
            "position": position,
            "kind": kind,
            "text": text,
            "target": target,
            "carried_from": carried_from,
        }
        if visit.is_made:
            row |= _outcome(dealings, visit, kind, target, order, draw)
        rows.add("objective", **row)
        if row.get("result") == "missed" and kind != "order_amount":
            carry = row
    return carry


def _order_target(
    dealings: Dealings, visit: Appointment, order: Agreed | None, draw: Random
) -> tuple[str, str, Decimal | None, str | None]:
    if visit.place.is_new:
        return "order_amount", "谈成首单", Decimal(3000), None
    weeks = [
        w for w in dealings.deliveries[visit.place.code] if dealings.delivered_on(visit.place, w) <= visit.day
    ]
    lines = dealings.deliveries[visit.place.code][max(weeks, default=0)] if weeks else []
    usual = order.minor if order else sum(int(item.purchase * 100) * quantity for item, quantity in lines)
    target = round(usual * draw.uniform(0.85, 1.15) / 10_000) * 100
    return "order_amount", "本次订货", Decimal(max(target, 500)), None


def _others(
    visit: Appointment, account: Account | None, missed: dict[str, Any] | None, draw: Random
) -> list[tuple[str, str, Decimal | None, str | None]]:
    chosen: list[tuple[str, str, Decimal | None, str | None]] = []
    if missed is not None:
        chosen.append((missed["kind"], missed["text"], missed["target"], missed["id"]))
    taken = {kind for kind, *_ in chosen}
    if visit.place.story == "lead" and not visit.is_made and "price" not in taken:
        chosen.append((*_price_target(), None))
    overdue = account.overdue(visit.day) if account else 0
    if overdue > 500_000 and "collect" not in taken and draw.random() < 0.7:
        chosen.append(("collect", "收回逾期货款", Decimal(overdue // 10_000 * 100), None))
    kind, text, number = draw.choice(_OTHERS[:4] if visit.place.story != "lead" else _OTHERS)
    if kind not in {k for k, *_ in chosen}:
        chosen.append((kind, text, None if number is None else Decimal(number), None))
    return chosen


def _price_target() -> tuple[str, str, Decimal]:
    kind, text, number = _OTHERS[-1]
    return kind, text, Decimal(number or 0)


def _outcome(
    dealings: Dealings,
    visit: Appointment,
    kind: str,
    target: Decimal | None,
    order: Agreed | None,
    draw: Random,
) -> dict[str, Any]:
    actual = _actual(dealings, visit, kind, target, order, draw)
    if actual is None or target is None:
        result = draw.choice(("reached", "reached", "reached", "partly", "missed"))
    else:
        ratio = actual / target
        result = (
            "reached" if ratio >= 1 else "partly" if ratio >= Decimal("0.5") and kind != "price" else "missed"
        )
    reason, next_time = ("", "") if result == "reached" else _MISSED[kind]
    return {"actual": actual, "result": result, "reason": reason, "next_time": next_time}


def _actual(
    dealings: Dealings,
    visit: Appointment,
    kind: str,
    target: Decimal | None,
    order: Agreed | None,
    draw: Random,
) -> Decimal | None:
    if target is None:
        return None
    if kind == "order_amount":
        return Decimal(order.minor) / 100 if order else Decimal(0)
    if kind == "price":
        return selling_case(visit.place, ITEMS[OOLONG], visit.day, dealings.today)
    if kind == "collect":
        return (target * Decimal(draw.choice(("0", "0.6", "1", "1")))).quantize(Decimal("0.01"))
    return Decimal(min(draw.choice((0, 1, 2, 2)), int(target)))
