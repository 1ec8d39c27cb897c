"""The demo's 36 distributors, their people, and who looks after them."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from data.demo.company import person, region_of
from data.demo.rows import TIME_ZONE, Rows, chance, demo_id


@dataclass(frozen=True)
class Place:
    """A distributor of the demo company."""

    number: int
    market: str
    rep: str
    name: str
    short_name: str
    short_name_en: str
    story: str
    """What is special about it; empty for an ordinary one."""

    @cached_property
    def code(self) -> str:
        """The distributor's number as people use it."""
        return f"{10000 + self.number:06d}"

    @cached_property
    def id(self) -> str:
        """The id of the distributor's row."""
        return demo_id("distributor", self.code)

    @cached_property
    def region(self) -> str:
        """The code of its region."""
        return region_of(self.market)

    @property
    def is_new(self) -> bool:
        """Whether nobody has visited it yet and nothing was ever delivered."""
        return self.story == "first_visit"

    @cached_property
    def size(self) -> float:
        """How much it sells against a middling one."""
        return 0.95 if self.story == "lead" else 0.5 + 0.9 * chance("size", self.code).random()

    @property
    def lead_time_days(self) -> int:
        """Days from order to delivery."""
        return 9 if self.story == "lead" else 3 + self.number % 5

    @property
    def visit_interval_days(self) -> int:
        """Days between two visits."""
        return (14, 18, 21, 24)[self.number % 4]


# market, rep, name, short name, English short name, story
_PLACES = """
LJ|limin|临江宏达商贸有限公司|临江宏达商贸|Hongda Trading, Linjiang|lead
LJ|limin|临江城东永兴批发部|城东永兴批发|Yongxing Wholesale, Chengdong|over_base_stock
LJ|limin|临江水岸副食有限公司|水岸副食|Shui'an Groceries|
LJ|limin|临江金辉食品有限公司|金辉食品|Jinhui Foods|first_visit
LJ|limin|临江福源商行|福源商行|Fuyuan Store|complaint
LJ|limin|临江南街粮油店|南街粮油|Nanjie Grain and Oil|over_limit
DH|limin|东湖和平超市配送中心|和平超市配送|Heping Supermarket Supply|
DH|limin|东湖鑫源副食经营部|鑫源副食|Xinyuan Groceries|returned
LJ|chentao|临江光远贸易有限公司|光远贸易|Guangyuan Trading|
LJ|chentao|临江新源商贸有限公司|新源商贸|Xinyuan Trading|
DH|chentao|东湖万家福配送|万家福配送|Wanjiafu Supply|
DH|chentao|东湖盛达食品批发|盛达食品|Shengda Foods|
DH|chentao|东湖恒泰酒水商行|恒泰酒水|Hengtai Drinks|
DH|chentao|东湖春晖副食|春晖副食|Chunhui Groceries|
QS|wujing|青山华联贸易有限公司|华联贸易|Hualian Trading|
QS|wujing|青山顺发批发部|顺发批发|Shunfa Wholesale|
QS|wujing|青山金桥商贸|金桥商贸|Jinqiao Trading|
HK|wujing|河口广发食品|广发食品|Guangfa Foods|
HK|wujing|河口永盛商行|永盛商行|Yongsheng Store|
HK|wujing|河口同心副食|同心副食|Tongxin Groceries|
QS|liuyang|青山瑞丰贸易|瑞丰贸易|Ruifeng Trading|
QS|liuyang|青山百惠配送|百惠配送|Baihui Supply|
QS|liuyang|青山东升粮油|东升粮油|Dongsheng Grain and Oil|
HK|liuyang|河口大江商贸|大江商贸|Dajiang Trading|
HK|liuyang|河口鸿运酒水|鸿运酒水|Hongyun Drinks|
HK|liuyang|河口佳美食品|佳美食品|Jiamei Foods|
NW|huangxia|南湾海丰贸易有限公司|海丰贸易|Haifeng Trading|
NW|huangxia|南湾粤新副食|粤新副食|Yuexin Groceries|
NW|huangxia|南湾长兴批发|长兴批发|Changxing Wholesale|
NW|huangxia|南湾联达配送|联达配送|Lianda Supply|
NW|huangxia|南湾荔园食品|荔园食品|Liyuan Foods|
NW|zhengkai|南湾中和商行|中和商行|Zhonghe Store|
NW|zhengkai|南湾宝安酒水|宝安酒水|Bao'an Drinks|
NW|zhengkai|南湾南方粮油|南方粮油|Nanfang Grain and Oil|
NW|zhengkai|南湾美达贸易|美达贸易|Meida Trading|
NW|zhengkai|南湾聚福副食|聚福副食|Jufu Groceries|
"""

PLACES = tuple(
    Place(number, *line.split("|")) for number, line in enumerate(_PLACES.strip().splitlines(), start=1)
)

_SURNAMES = "王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程"
_GIVEN = ("秀兰", "志强", "丽华", "海波", "晓燕", "文斌", "桂芳", "国平", "美玲", "永康", "春梅", "卫东")
_PARTS = (
    ("老板", "decider", "看重利润，先谈市场再谈价格"),
    ("采购", "purse", "对照计划看差额"),
    ("仓管", "user", "怕麻烦，到货时间要准"),
    ("业务主管", "many_hats", "愿意帮忙说话，记得先通气"),
    ("质检", "technical", "看检验报告和生产日期"),
)
_BEHAVIOUR = ("hesitant", "lingering", "quick_yes", "unknown")


def owner_of(place: Place) -> str:
    """The name of the distributor's owner."""
    return "王建国" if place.story == "lead" else _name(place, 0)


def _name(place: Place, position: int) -> str:
    """A name that nobody else of the distributor has."""
    first = chance("contact", place.code).randrange(len(_GIVEN))
    surname = chance("contact", place.code, position).choice(_SURNAMES)
    return surname + _GIVEN[(first + position) % len(_GIVEN)]


def add_distributors(rows: Rows, today: date) -> None:
    """Adds distributors, their contacts and their reps (one was handed over half a year ago)."""
    for place in PLACES:
        draw = chance("distributor", place.code)
        since = today - timedelta(days=12 if place.is_new else 700 + draw.randrange(2500))
        rows.add(
            "distributor",
            id=place.id,
            code=place.code,
            market_id=demo_id("market", place.market),
            name=place.name,
            name_en=place.short_name_en,
            short_name=place.short_name,
            short_name_en=place.short_name_en,
            address=f"{place.name[:2]}市{draw.choice('人民建设解放中山')}路 {draw.randrange(1, 400)} 号",
            territory=f"{place.name[:2]}城区及周边乡镇" if place.number % 3 else f"{place.name[:2]}城区",
            time_zone=TIME_ZONE,
            behaviour_type="unknown" if place.is_new else _BEHAVIOUR[place.number % 4],
            lead_time_days=place.lead_time_days,
            visit_interval_days=place.visit_interval_days,
            since_on=since,
        )
        _add_contacts(rows, place)
        _add_assignments(rows, place, since, today)


def _add_contacts(rows: Rows, place: Place) -> None:
    for position, (title, role, note) in enumerate(_PARTS[: 1 if place.is_new else 2 + place.number % 4]):
        phone = chance("phone", place.code, position).randrange(10**7, 10**8)
        rows.add(
            "distributor_contact",
            id=demo_id("distributor_contact", place.code, position),
            distributor_id=place.id,
            name=owner_of(place) if position == 0 else _name(place, position),
            position=title,
            buying_role=role,
            phone=f"138{phone}",
            note=note,
        )


def _add_assignments(rows: Rows, place: Place, since: date, today: date) -> None:
    handed_over = today - timedelta(days=190)
    spans: list[tuple[str, date, date | None]] = [(place.rep, since, None)]
    if place.number == 9:
        spans = [("limin", since, handed_over), (place.rep, handed_over, None)]
    for rep, from_on, to_on in spans:
        rows.add(
            "distributor_assignment",
            id=demo_id("distributor_assignment", place.code, from_on),
            distributor_id=place.id,
            rep_id=person(rep).id,
            from_on=from_on,
            to_on=to_on,
        )
