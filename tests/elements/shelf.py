"""Products of the mock-ups, as many as a test wants, with what the stub server holds of them."""

from tests.elements.stub_server import STORE
from ui.elements import Conflict, Field, Lot, Row, Value

NAMES = [
    ("茉莉花茶 500 ml", "Jasmine tea 500 ml", 702, 15, 48.0),
    ("鲜橙汁 450 ml", "Orange juice 450 ml", 739, 15, 50.0),
    ("水蜜桃汁 450 ml", "Peach juice 450 ml", 721, 15, 50.0),
    ("葡萄汁 1 L", "Grape juice 1 L", 137, 12, 96.0),
    ("白桃气泡水 480 ml", "Peach sparkling 480 ml", 185, 15, 60.0),
    ("青柠气泡水 480 ml", "Lime sparkling 480 ml", 813, 15, 60.0),
    ("卡曼橘气泡水 480 ml", "Calamansi sparkling 480 ml", 285, 15, 60.0),
    ("电解质饮料 600 ml", "Electrolyte drink 600 ml", 124, 15, 63.0),
]


def stock_fields(zh: bool = False) -> list[Field]:
    if zh:
        return [
            Field("cases", "箱", "case", short="箱", holds="pack"),
            Field("pieces", "瓶", "piece", short="瓶", holds="piece"),
        ]
    return [
        Field("cases", "cases", "case", short="c", holds="pack"),
        Field("pieces", "bottles", "piece", short="b", holds="piece"),
    ]


def prices_fields(zh: bool = False) -> list[Field]:
    if zh:
        return [
            Field("trade", "出货价/箱", "case", decimals=2, next="出货价"),
            Field("retail", "零售价/瓶", "piece", decimals=2, next="零售价"),
        ]
    return [
        Field("trade", "trade/case", "case", decimals=2, next="Trade"),
        Field("retail", "retail/pc", "piece", decimals=2, next="Retail"),
    ]


def value(visit: str, row: str, lot: str | None, name: str, last: float | None = None) -> Value:
    held, version = STORE.value(visit, row, lot, name)
    return Value(held, version, last=last, market=last)


def conflicts(visit: str, row: str, fields: list[Field]) -> list[Conflict]:
    cells = [(visit, row, None, field.id) for field in fields]
    found = [told for cell in cells if (told := STORE.conflict(cell))]
    return [
        Conflict(**{name: one for name, one in told.items() if name not in ("visit", "row")})
        for told in found
    ]


def stock_rows(visit: str, products: int, zh: bool = False, lots: str = "") -> list[Row]:
    rows = []
    for number in range(products):
        chinese, english, expected, pack, _ = NAMES[number % len(NAMES)]
        code = f"P{number:03d}"
        cases, pieces = divmod(expected, pack)
        known = [Lot("2026-03", "03/26", {f.id: value(visit, code, "2026-03", f.id) for f in stock_fields()})]
        rows.append(
            Row(
                code,
                chinese if zh else english,
                second=f"应有 {cases} 箱 {pieces} 瓶" if zh else f"expected {cases} c {pieces} b",
                hint=f"上次 11月3日 54 箱 1 瓶 · 1 箱 {pack} 瓶"
                if zh
                else f"last 54 c 1 b on 3 Nov · {pack} a case",
                values={field.id: value(visit, code, None, field.id) for field in stock_fields()},
                expected=expected,
                pack=pack,
                keeps_lots=bool(lots) and number % 2 == 1,
                lots=known if lots == "1" and number % 2 == 1 else [],
                skipped=value(visit, code, None, "stock_skipped"),
                conflicts=conflicts(visit, code, stock_fields()),
            )
        )
    return rows


def prices_rows(visit: str, products: int, zh: bool = False) -> list[Row]:
    rows = []
    for number in range(products):
        chinese, english, _, pack, price = NAMES[number % len(NAMES)]
        code = f"P{number:03d}"
        rows.append(
            Row(
                code,
                chinese if zh else english,
                second=f"上次 {price} · 市场 {price}" if zh else f"last {price} · market {price}",
                hint=f"上次 11月3日 {price} · 市场 {price}（8 家）"
                if zh
                else f"last {price} on 3 Nov · market {price} (8)",
                values={
                    "trade": value(visit, code, None, "trade", price),
                    "retail": value(visit, code, None, "retail", 5.0),
                },
                pack=pack,
                skipped=value(visit, code, None, "price_skipped"),
                conflicts=conflicts(visit, code, prices_fields()),
            )
        )
    return rows
