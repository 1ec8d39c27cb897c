"""The demo's promotions, past, running and coming, and the promotion goods handed to distributors."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from data.demo.distributors import PLACES
from data.demo.products import ITEMS
from data.demo.rows import Rows, chance, demo_id


@dataclass(frozen=True)
class Action:
    """A promotion: which product (empty for all), when relative to today, how much it lifts sales."""

    code: str
    name: str
    name_en: str
    product: str
    from_days: int
    to_days: int
    uplift: str
    good: str
    good_en: str


ACTIONS = (
    Action("P01", "春季买十赠一", "Spring: one free with ten", "0001", -480, -452, "0.25", "环保袋", "Shopping bag"),
    Action("P02", "夏日冰爽季", "Cool summer", "0004", -420, -378, "0.30", "冰桶", "Ice bucket"),
    Action("P03", "中秋果汁礼", "Mid-autumn juice", "0011", -400, -379, "0.35", "礼盒", "Gift box"),
    Action("P04", "新年饮水节", "New Year water", "0019", -330, -309, "0.20", "台历", "Calendar"),
    Action("P05", "气泡水尝新", "Try sparkling", "0024", -230, -202, "0.30", "试饮杯", "Tasting cup"),
    Action("P06", "夏季绿茶再来一瓶", "Green tea: another bottle", "0001", -150, -108, "0.35", "冰箱贴", "Magnet"),
    Action("P07", "咖啡第二件半价", "Second coffee at half price", "0033", -75, -47, "0.25", "随行杯", "Travel mug"),
    Action("P08", "电解质运动月", "Electrolyte sports month", "0029", -20, 15, "0.20", "毛巾", "Towel"),
    Action("P09", "茶饮陈列奖励", "Tea display reward", "", -12, 24, "0.05", "陈列架", "Display rack"),
    Action("P10", "岁末绿茶买赠", "Year-end green tea offer", "0001", 10, 45, "0.30", "保温袋", "Cool bag"),
    Action("P11", "果汁年货节", "New Year juice fair", "0012", 21, 56, "0.40", "礼盒", "Gift box"),
)  # fmt: skip


def uplift(product: str, day: date, today: date) -> float:
    """The factor by which a promotion lifts the sales of a product on a day; 1 without one."""
    factor = 1.0
    for action in ACTIONS:
        starts, ends = span(action, today)
        if action.product in ("", product) and starts <= day < ends:
            factor *= 1 + float(action.uplift)
    return factor


def span(action: Action, today: date) -> tuple[date, date]:
    """When a promotion holds: [from, to)."""
    return today + timedelta(days=action.from_days), today + timedelta(days=action.to_days)


def good_id(action: Action, place_code: str) -> str:
    """The id of the promotion goods that a distributor got for a promotion."""
    return demo_id("promotion_good", action.code, place_code)


def gets_goods(action: Action, place_code: str) -> bool:
    """Whether a distributor got goods of a promotion."""
    return chance("goods", action.code, place_code).random() < 0.6


def issued(action: Action, place_code: str) -> int:
    """How many promotion goods it got."""
    return 10 * chance("issued", action.code, place_code).randrange(2, 13)


def add_promotions(rows: Rows, today: date) -> None:
    """Adds promotions, and for those begun the goods issued to distributors."""
    for action in ACTIONS:
        starts, ends = span(action, today)
        rows.add(
            "promotion",
            id=demo_id("promotion", action.code),
            code=action.code,
            name=action.name,
            name_en=action.name_en,
            product_id=ITEMS[action.product].id if action.product else None,
            uplift=Decimal(action.uplift),
            from_on=starts,
            to_on=ends,
        )
        for place in PLACES:
            if starts <= today and not place.is_new and gets_goods(action, place.code):
                rows.add(
                    "promotion_good",
                    id=good_id(action, place.code),
                    promotion_id=demo_id("promotion", action.code),
                    distributor_id=place.id,
                    item=action.good,
                    item_en=action.good_en,
                    issued=issued(action, place.code),
                    issued_on=starts + timedelta(days=1),
                )
