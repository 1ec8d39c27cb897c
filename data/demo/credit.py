"""The demo's credit terms and collateral: one distributor over its limit, one over its base stock."""

from datetime import date, timedelta

from data.demo.accounts import Account
from data.demo.rows import Rows, chance, demo_id

_TEN_THOUSAND = 1_000_000
BASE_STOCK_OVER = 630_000
"""By how much (minor units) the goods placed with one distributor exceed its base-stock credit."""

_PLEDGES = (
    ("deposit", "履约保证金", 1, 2_000_000),
    ("vehicle", "厢式货车一辆，行驶证已登记", 1, 6_500_000),
    ("property", "仓库房产抵押，评估价六成", 1, 30_000_000),
    ("guarantee", "个人连带担保", 1, 5_000_000),
)


def collateral_id(place_code: str, kind: str) -> str:
    """The id of a collateral's row."""
    return demo_id("collateral", place_code, kind)


def consigned_minor(account: Account) -> int:
    """The value of the goods of ours that stand with a distributor on base-stock credit."""
    if account.place.story == "over_base_stock":
        return base_stock_minor(account) + BASE_STOCK_OVER
    return base_stock_minor(account) * (60 + account.place.number % 35) // 100


def base_stock_minor(account: Account) -> int:
    """The base-stock credit of a distributor."""
    return (2 + account.place.number % 7) * _TEN_THOUSAND if account.place.number % 3 else 0


def pledges(account: Account) -> list[tuple[str, str, int, int]]:
    """A distributor's collateral: kind, description, quantity, value."""
    chosen = [_PLEDGES[0], _PLEDGES[1 + account.place.number % 3]][: 1 + account.place.number % 2]
    goods = consigned_minor(account)
    if goods:
        chosen.append(("consigned_goods", "铺底货，按进货价计", max(goods // 4_000, 1), goods))
    return chosen


def add_credit(rows: Rows, today: date, books: dict[str, Account]) -> None:
    """Adds credit terms (some raised since) and collateral of every account."""
    for account in books.values():
        code = account.place.code
        limit = _limit(account)
        from_on = today - timedelta(days=580)
        steps = [(from_on, limit)]
        if account.place.number % 4 == 0:
            steps = [(from_on, limit * 8 // 10), (today - timedelta(days=120), limit)]
        for start, line in steps:
            rows.add(
                "credit_term",
                id=demo_id("credit_term", code, start),
                distributor_id=account.place.id,
                from_on=start,
                credit_limit_minor=line,
                base_stock_minor=base_stock_minor(account),
                term_days=account.term_days,
            )
        for kind, description, quantity, value in pledges(account):
            rows.add(
                "collateral",
                id=collateral_id(code, kind),
                distributor_id=account.place.id,
                kind=kind,
                description=description,
                quantity=quantity,
                value_minor=value,
                recorded_on=today - timedelta(days=200 + account.place.number),
            )


def _limit(account: Account) -> int:
    if account.place.story == "over_limit":
        return account.gross * 90 // 100 // 100_000 * 100_000
    room = 108 + int(80 * chance("limit", account.place.code).random())
    return -(-account.gross * room // 100 // (_TEN_THOUSAND // 2)) * (_TEN_THOUSAND // 2)
