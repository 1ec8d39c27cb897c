"""The demo's checklists and news feed, written from what the trade knows."""

from datetime import date, timedelta
from decimal import Decimal

from data.demo.rows import Rows, demo_id

CHECKLISTS = {
    "tools": (
        ("价格表（当月）", "Price list of this month", 1),
        ("样品与试饮杯", "Samples and tasting cups", 1),
        ("订货单", "Order forms", 1),
        ("新品资料", "Brochures of new products", 1),
        ("计算器", "Calculator", 1),
        ("笔记本与笔", "Notebook and pen", 1),
        ("往来账记录", "Record of past dealings", 1),
        ("抹布（擦货架）", "Cloth to wipe the shelf", 1),
    ),
    "display": (
        ("有专柜或专区", "Dedicated counter or area", 3),
        ("样品齐全", "Samples complete", 2),
        ("样品看得见、拿得到", "Samples visible and within reach", 2),
        ("样品新鲜、日期朝前", "Samples fresh, dates to the front", 2),
        ("招牌和海报在位", "Signs and posters in place", 1),
        ("货架整洁", "Shelf tidy", 1),
        ("店员会介绍产品", "Shop assistants can explain the products", 2),
    ),
    "promotion": (
        ("促销政策已告知门店", "Promotion policy passed on to the shops", 2),
        ("促销品按数发放", "Promotion goods handed on in full", 2),
        ("促销海报已张贴", "Promotion posters put up", 1),
    ),
    "service": (
        ("按约定时间送货到二批和门店", "Delivers to sub-distributors and shops as promised", 2),
        ("破损当场换货", "Replaces damaged goods on the spot", 2),
        ("退换货有登记和原因", "Returns are recorded with their reason", 1),
        ("投诉当天答复", "Answers complaints the same day", 2),
        ("先进先出，堆放离墙离地", "First in, first out; stacked off wall and floor", 1),
    ),
    "market": (
        ("走访了至少三家门店", "At least three shops looked at", 1),
        ("记下了竞品动作", "Competitors' moves noted", 1),
    ),
    "training": (
        ("产品卖点讲解", "Selling points explained", 1),
        ("陈列示范", "Display shown by doing", 1),
        ("带对方业务员跑店", "Shop round with the distributor's salesman", 1),
    ),
}

# kind, first and last day relative to today, text, English text
_NEWS = tuple(
    (kind, int(first), int(last), text, text_en)
    for kind, first, last, text, text_en in (
        line.split("|")
        for line in """
company|-40|30|新灌装线投产，茶饮交货期缩短两天|A new filling line: tea arrives two days sooner
company|-9|45|获评省级食品安全示范企业|Named a model of food safety in the province
sales|-15|25|青山华联用茶饮堆头，四周销量增 32%|Hualian in Qingshan: tea stacks sold 32 % more in a month
sales|-30|10|无糖绿茶上市二十周，复购率居新品第一|Tea without sugar: first among new products in repeat orders
competitor|-20|20|恒岳茶饮下调出货价约 6%|Hengyue cut tea prices by about 6 %
competitor|-5|30|元动气泡水在便利店做第二件半价|Yuandong sparkling water: the second bottle at half price
policy|-12|24|茶饮陈列奖励：每月达标补贴 200 元|Tea display reward: 200 yuan a month for a good display
policy|-3|60|破损货 15 天内换货，凭照片登记|Damaged goods replaced within 15 days, a photo is enough
policy|-200|-120|夏季返利方案（已结束）|Summer rebate (ended)
""".strip().splitlines()
    )
)


def item_id(code: str) -> str:
    """The id of a checklist line's row."""
    return demo_id("checklist_item", code)


def item_codes(checklist: str) -> list[str]:
    """The codes of a checklist's lines."""
    return [f"{checklist}-{n}" for n in range(1, len(CHECKLISTS[checklist]) + 1)]


def add_checklists(rows: Rows, today: date) -> None:
    """Adds checklists and news."""
    for checklist, lines in CHECKLISTS.items():
        for position, (text, text_en, weight) in enumerate(lines, start=1):
            rows.add(
                "checklist_item",
                id=item_id(f"{checklist}-{position}"),
                code=f"{checklist}-{position}",
                checklist=checklist,
                position=position,
                text=text,
                text_en=text_en,
                weight=Decimal(weight),
            )
    for number, (kind, from_days, to_days, text, text_en) in enumerate(_NEWS):
        rows.add(
            "news_item",
            id=news_id(number),
            kind=kind,
            text=text,
            text_en=text_en,
            from_on=today + timedelta(days=from_days),
            to_on=today + timedelta(days=to_days),
        )


def news_id(number: int) -> str:
    """The id of a news item's row."""
    return demo_id("news_item", number)


def news_on(day: date, today: date) -> list[int]:
    """The numbers of the news that hold on a day."""
    return [
        number
        for number, (_, from_days, to_days, _, _) in enumerate(_NEWS)
        if today + timedelta(days=from_days) <= day < today + timedelta(days=to_days)
    ]
