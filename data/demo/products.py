"""What the demo company sells, what its competitors sell, and what it should all cost."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from data.demo.rows import Rows, demo_id

CENT = Decimal("0.01")
PRICE_RISE_DAYS = 200
"""Purchase prices of tea and juice rose this many days ago."""


@dataclass(frozen=True)
class Item:
    """A product: its names, how it is packed, what it costs, how it sells."""

    code: str
    name: str
    name_en: str
    category: str
    pack: int
    shelf_days: int
    purchase: Decimal
    weekly: float
    """Bottles a middling distributor sells in a week."""
    traits: frozenset[str] = frozenset()
    maker: str = ""
    rivals: str = ""
    unit: str = "bottle"

    @cached_property
    def id(self) -> str:
        """The id of the product's row."""
        return demo_id("product", self.code)

    @property
    def is_own(self) -> bool:
        """Whether it is the company's own."""
        return not self.maker


CATEGORIES = {
    "T": ("茶饮料", "Tea"),
    "J": ("果汁", "Juice"),
    "W": ("饮用水", "Water"),
    "S": ("气泡水", "Sparkling water"),
    "F": ("功能饮料", "Functional drinks"),
    "C": ("咖啡", "Coffee"),
    "M": ("乳饮料", "Milk drinks"),
}
KEEPS_LOTS = {"J", "M", "C"}
_UNITS = {"250 ml": "can", "245 ml": "box"}

# name, English name, category, size, pack, shelf life in days, purchase price, bottles a week, traits
_OWN = """
绿茶|Green tea|T|500 ml|15|365|2.30|420|must
茉莉花茶|Jasmine tea|T|500 ml|15|365|2.90|300|must
乌龙茶|Oolong tea|T|500 ml|15|365|2.80|260|must
冰红茶|Iced black tea|T|500 ml|15|365|2.30|360|must
柠檬茶|Lemon tea|T|500 ml|15|365|2.50|210|
普洱茶|Pu'er tea|T|500 ml|15|365|3.10|70|
蜂蜜柚子茶|Honey pomelo tea|T|500 ml|15|365|3.00|110|
无糖绿茶|Green tea, no sugar|T|500 ml|15|365|2.60|150|new20
绿茶|Green tea|T|1 L|12|365|3.90|120|
冰红茶|Iced black tea|T|1 L|12|365|3.90|100|
鲜橙汁|Orange juice|J|450 ml|15|270|3.05|240|must
水蜜桃汁|Peach juice|J|450 ml|15|270|3.05|220|must
葡萄汁|Grape juice|J|1 L|12|270|7.20|60|
苹果汁|Apple juice|J|450 ml|15|270|3.05|130|
芒果汁|Mango juice|J|450 ml|15|270|3.20|90|
山楂汁|Hawthorn juice|J|350 ml|15|180|3.60|40|rare
鲜橙汁|Orange juice|J|1 L|12|270|6.80|70|
西柚汁|Grapefruit juice|J|450 ml|15|270|3.40|60|drop8
山泉水|Spring water|W|550 ml|24|540|0.95|900|must
山泉水|Spring water|W|1.5 L|12|540|2.10|260|
山泉水|Spring water|W|5 L|4|540|6.20|60|
苏打水|Soda water|W|500 ml|24|365|1.80|160|
纯净水|Purified water|W|550 ml|24|540|0.75|520|
白桃气泡水|White peach sparkling water|S|480 ml|15|270|3.55|180|must
青柠气泡水|Lime sparkling water|S|480 ml|15|270|3.55|140|
卡曼橘气泡水|Calamansi sparkling water|S|480 ml|15|270|3.55|95|
荔枝气泡水|Lychee sparkling water|S|480 ml|15|270|3.55|60|new10
葡萄气泡水|Grape sparkling water|S|480 ml|15|270|3.55|70|drop30
电解质饮料|Electrolyte drink|F|600 ml|15|365|3.75|190|must
能量饮料|Energy drink|F|250 ml|24|540|3.60|230|must
维生素饮料|Vitamin drink|F|500 ml|15|365|3.30|120|
人参能量饮料|Ginseng energy drink|F|250 ml|24|540|4.80|30|rare
拿铁咖啡|Latte coffee|C|280 ml|15|270|4.10|130|must
美式咖啡|Americano coffee|C|280 ml|15|270|3.90|80|
燕麦拿铁|Oat latte|C|280 ml|15|180|4.60|50|new4
摩卡咖啡|Mocha coffee|C|280 ml|15|270|4.20|35|rare
原味酸奶饮品|Plain yoghurt drink|M|350 ml|12|120|3.30|120|
草莓酸奶饮品|Strawberry yoghurt drink|M|350 ml|12|120|3.30|95|
花生牛奶|Peanut milk|M|245 ml|24|180|2.05|170|
核桃牛奶|Walnut milk|M|245 ml|24|180|2.60|60|rare
"""

# as above, with the maker and the number of our product it competes with
_RIVALS = """
绿茶|Green tea|T|500 ml|15|365|2.25|380||恒岳|1
茉莉清茶|Jasmine tea|T|500 ml|15|365|2.85|200||恒岳|2
冰红茶|Iced black tea|T|500 ml|15|365|2.35|430||恒岳|4
乌龙茶|Oolong tea|T|500 ml|15|365|2.95|170||山语|3
橙汁|Orange juice|J|450 ml|15|270|2.95|210||果园记|11
桃汁|Peach juice|J|450 ml|15|270|2.95|140||果园记|12
葡萄汁|Grape juice|J|1 L|12|270|7.00|50||果园记|13
天然水|Natural water|W|550 ml|24|540|0.98|800||山语|19
纯净水|Purified water|W|550 ml|24|540|0.70|600||恒岳|23
白桃气泡水|White peach sparkling water|S|480 ml|15|270|3.65|230||元动|24
青柠气泡水|Lime sparkling water|S|480 ml|15|270|3.65|150||元动|25
电解质水|Electrolyte water|F|600 ml|15|365|3.90|220||元动|29
能量饮料|Energy drink|F|250 ml|24|540|3.75|280||红岩|30
拿铁咖啡|Latte coffee|C|280 ml|15|270|4.30|120||山语|33
花生奶|Peanut milk|M|245 ml|24|180|2.00|110||恒岳|39
"""
MAKERS_EN = {"恒岳": "Hengyue", "山语": "Shanyu", "果园记": "Orchard", "元动": "Yuandong", "红岩": "Redrock"}


def _read(text: str, prefix: str) -> tuple[Item, ...]:
    items = []
    for number, line in enumerate(text.strip().splitlines(), start=1):
        name, name_en, category, size, pack, shelf, price, weekly, traits, *rival = line.split("|")
        maker = rival[0] if rival else ""
        own = f"{MAKERS_EN[maker]} " if maker else ""
        items.append(
            Item(
                code=f"{prefix}{number:03d}",
                name=f"{maker}{name} {size}",
                name_en=f"{own}{name_en if not maker else name_en[0].lower() + name_en[1:]} {size}",
                category=category,
                pack=int(pack),
                shelf_days=int(shelf),
                purchase=Decimal(price),
                weekly=float(weekly),
                traits=frozenset(traits.split()),
                maker=maker,
                rivals=f"0{int(rival[1]):03d}" if rival else "",
                unit=_UNITS.get(size, "bottle"),
            )
        )
    return tuple(items)


OWN = _read(_OWN, "0")
RIVALS = _read(_RIVALS, "9")
ITEMS = {item.code: item for item in OWN + RIVALS}
GREEN_TEA, OOLONG, ORANGE_JUICE, SPRING_WATER, YOGHURT = "0001", "0003", "0011", "0019", "0037"

_POINTS = {
    "0008": ("零糖零脂，茶叶一次冷泡", "No sugar, no fat, cold brewed once from whole leaves"),
    "0027": ("荔枝果汁含量 5%，夏季货架亮点", "5% lychee juice, a bright spot on the summer shelf"),
    "0035": ("燕麦奶基底，乳糖不耐受者也能喝", "Made with oat milk, fit for those who avoid lactose"),
}


def weeks(item: Item, trait: str) -> int | None:
    """The weeks ago that a trait such as `new20` or `drop8` names; `None` without it.

    Example:
        >>> weeks(ITEMS["0008"], "new")
        20
    """
    return next((int(t[len(trait) :]) for t in item.traits if t.startswith(trait)), None)


def purchase_cents(item: Item, on: date, today: date) -> int:
    """What a distributor pays us per bottle on a day, in cents."""
    cents = int(item.purchase * 100)
    before_rise = item.category in "TJ" and on < today - timedelta(days=PRICE_RISE_DAYS)
    return round(cents * 0.97) if before_rise else cents


def policy(item: Item, kind: str) -> tuple[Decimal, Decimal]:
    """The recommended corridor of a price per bottle: low and high."""
    low, high = ("1.10", "1.20") if kind == "selling" else ("1.45", "1.75")
    return (
        (item.purchase * Decimal(low)).quantize(CENT, ROUND_HALF_UP),
        (item.purchase * Decimal(high)).quantize(CENT, ROUND_HALF_UP),
    )


def launched_on(item: Item, today: date) -> date:
    """When a product came onto the market."""
    ago = weeks(item, "new")
    return today - timedelta(weeks=ago) if ago else today - timedelta(weeks=200)


def discontinued_on(item: Item, today: date) -> date | None:
    """When a product was dropped; `None` while it is sold."""
    ago = weeks(item, "drop")
    return today - timedelta(weeks=ago) if ago else None


def add_products(rows: Rows, today: date) -> None:
    """Adds products, purchase prices, price policies and order rules."""
    for order, item in enumerate(OWN + RIVALS, start=1):
        _add_product(rows, item, order, today)
    for item in OWN:
        _add_prices(rows, item, today)
    for abc, service in (("A", "0.97"), ("B", "0.95"), ("C", "0.90")):
        rows.add(
            "order_rule",
            id=demo_id("order_rule", abc),
            abc_class=abc,
            policy="service_level",
            service_level=Decimal(service),
            cover_days=None,
            max_days=45,
        )


def _add_product(rows: Rows, item: Item, order: int, today: date) -> None:
    points, points_en = _POINTS.get(item.code, ("", ""))
    category, category_en = CATEGORIES[item.category]
    rows.add(
        "product",
        id=item.id,
        code=item.code,
        name=item.name,
        name_en=item.name_en,
        category=category,
        category_en=category_en,
        is_own=item.is_own,
        maker=item.maker,
        rivals_product_id=demo_id("product", item.rivals) if item.rivals else None,
        unit=item.unit,
        pack_size=item.pack,
        minimum_order=item.pack * (5 if item.category == "W" else 1),
        shelf_life_days=item.shelf_days,
        keeps_lots=item.is_own and item.category in KEEPS_LOTS,
        must_sell="must" in item.traits,
        shelf_order=order,
        launched_on=launched_on(item, today) if item.is_own else None,
        discontinued_on=discontinued_on(item, today),
        selling_points=points,
        selling_points_en=points_en,
    )


def _add_prices(rows: Rows, item: Item, today: date) -> None:
    start = today - timedelta(days=580)
    rise = today - timedelta(days=PRICE_RISE_DAYS)
    for from_on in (start, rise) if item.category in "TJ" else (start,):
        rows.add(
            "purchase_price",
            id=demo_id("purchase_price", item.code, from_on),
            product_id=item.id,
            from_on=from_on,
            price=Decimal(purchase_cents(item, from_on, today)) / 100,
            tax_basis="included",
        )
    for kind in ("selling", "retail"):
        low, high = policy(item, kind)
        rows.add(
            "price_policy",
            id=demo_id("price_policy", item.code, kind),
            product_id=item.id,
            market_id=None,
            kind=kind,
            low=low,
            high=high,
            tax_basis="included",
            from_on=start,
        )
