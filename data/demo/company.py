"""The demo company: a beverage maker with three regions, its markets, and who works for it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from data.demo.rows import TIME_ZONE, Rows, at, demo_id

PASSWORD = "fieldvisit-demo"  # noqa: S105 - the demo's public password; demo accounts open only on loopback

REGIONS = (
    ("E1", "华东一区", "East 1"),
    ("E2", "华东二区", "East 2"),
    ("S1", "华南区", "South"),
)

MARKETS = (
    ("LJ", "E2", "临江", "Linjiang"),
    ("DH", "E2", "东湖", "Donghu"),
    ("QS", "E1", "青山", "Qingshan"),
    ("HK", "E1", "河口", "Hekou"),
    ("NW", "S1", "南湾", "Nanwan"),
)

DISORDERED_REGION = "E1"
"""Where prices are in disorder: the distributors undercut each other and the policy."""


@dataclass(frozen=True)
class Person:
    """A user of the demo company."""

    account: str
    name: str
    name_en: str
    role: str
    regions: tuple[str, ...] = ()
    language: str = "zh"

    @cached_property
    def id(self) -> str:
        """The id of the user's row."""
        return demo_id("user_account", self.account)


PEOPLE = (
    Person("admin", "系统管理员", "Administrator", "administrator"),
    Person("zhoulan", "周岚", "Zhou Lan", "manager", ("E2", "E1")),
    Person("sunwei", "孙伟", "Sun Wei", "manager", ("S1",)),
    Person("hejing", "何静", "He Jing", "clerk", ("E2", "E1")),
    Person("tangyue", "唐悦", "Tang Yue", "clerk", ("S1",)),
    Person("limin", "李敏", "Li Min", "rep"),
    Person("chentao", "陈涛", "Chen Tao", "rep"),
    Person("wujing", "吴静", "Wu Jing", "rep"),
    Person("liuyang", "刘洋", "Liu Yang", "rep"),
    Person("huangxia", "黄霞", "Huang Xia", "rep"),
    Person("zhengkai", "郑凯", "Zheng Kai", "rep"),
)

_BY_ACCOUNT = {person.account: person for person in PEOPLE}


def person(account: str) -> Person:
    """The user with an account name."""
    return _BY_ACCOUNT[account]


def manager_of(region: str) -> Person:
    """The manager who answers for a region."""
    return next(p for p in PEOPLE if p.role == "manager" and region in p.regions)


def region_of(market: str) -> str:
    """The region code of a market."""
    return next(region for code, region, _, _ in MARKETS if code == market)


def add_company(rows: Rows, today: date, password_hash: str) -> None:
    """Adds the company's settings, regions, markets and users."""
    rows.add(
        "company",
        id="company",
        name="清泉饮料有限公司",
        name_en="Qingquan Beverages",
        currency="CNY",
        minor_exponent=2,
        tax_basis="included",
        time_zone=TIME_ZONE,
        price_threshold=Decimal("0.03"),
        market_price_days=45,
        short_days=10,
        excess_days=45,
        visit_interval_days=21,
        blind_counts=False,
        is_demo=True,
    )
    for code, name, name_en in REGIONS:
        rows.add("region", id=demo_id("region", code), code=code, name=name, name_en=name_en)
    for code, region, name, name_en in MARKETS:
        market = demo_id("market", code)
        rows.add(
            "market", id=market, code=code, region_id=demo_id("region", region), name=name, name_en=name_en
        )
    for user in PEOPLE:
        rows.add(
            "user_account",
            id=user.id,
            account=user.account,
            name=user.name,
            name_en=user.name_en,
            role=user.role,
            language=user.language,
            password_hash=password_hash,
            is_demo=True,
            created_at=at(today - timedelta(days=560), "09:00"),
        )
        for region in user.regions:
            rows.add("user_region", user_id=user.id, region_id=demo_id("region", region))
