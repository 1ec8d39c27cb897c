"""Users, their regions, and handing distributors over, on both databases."""

from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, select

from data import passwords
from data.access import Actor, Role
from data.engine import reading, writing
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.hand_over import hand_over
from data.identifiers import new_id
from data.passwords import PasswordRefused
from data.sign_in import SignedIn, change_password, sign_in, signed_in_user
from data.tables.company import Market, Region, User, UserRegion
from data.tables.distributors import Distributor, DistributorAssignment
from data.tables.records import AuditEntry
from data.tables.visits import Promise, Visit
from data.users import (
    assign_regions,
    create_user,
    list_users,
    reset_password,
    retire_user,
    user_id_of,
)
from tests.data.accounts import (
    NOW,
    OPERATOR,
    PASSWORD,
    TODAY,
    add_company,
    add_user,
    hash_cheaply,
)

MONDAY = TODAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_cheaply(monkeypatch)


def create(engine: Engine, account: str, role: str = "rep", **more: object) -> str:
    given = {"name": "李敏", "name_en": "Li Min", "language": "zh", "password": PASSWORD, **more}
    with writing(engine) as session:
        return create_user(session, OPERATOR, account=account, role=role, now=NOW, **given).user_id


def token_of(engine: Engine, account: str, password: str = PASSWORD) -> str | None:
    done = sign_in(engine, account=account, password=password, address="", now=NOW, demo_allowed=False)
    return done.token if isinstance(done, SignedIn) else None


def is_open(engine: Engine, token: str | None) -> bool:
    with reading(engine) as session:
        return signed_in_user(session, token or "", NOW) is not None


def add_region(engine: Engine, code: str) -> str:
    region_id = new_id()
    with writing(engine) as session:
        session.add(Region(id=region_id, code=code, name=code, name_en=code))
        session.flush()
        session.add(Market(id=f"market {code}", code=code, region_id=region_id, name=code, name_en=code))
    return region_id


def add_distributor(engine: Engine, code: str, rep_id: str, from_on: date = date(2025, 1, 1)) -> str:
    """A distributor of a rep, with visits before, on and after Monday, and promises open and kept."""
    distributor_id = f"distributor {code}"
    with writing(engine) as session:
        names = {"name": code, "name_en": code, "short_name": code, "short_name_en": code}
        session.add(
            Distributor(
                id=distributor_id, code=code, market_id="market north", time_zone="Asia/Shanghai", **names
            )
        )
        session.flush()
        session.add(
            DistributorAssignment(id=new_id(), distributor_id=distributor_id, rep_id=rep_id, from_on=from_on)
        )
        for name, state, planned_on in (
            ("before", "planned", MONDAY - timedelta(days=1)),
            ("on", "planned", MONDAY),
            ("after", "planned", MONDAY + timedelta(days=9)),
            ("begun", "draft", MONDAY),
        ):
            session.add(
                Visit(
                    id=f"{code} {name}",
                    distributor_id=distributor_id,
                    rep_id=rep_id,
                    state=state,
                    planned_on=planned_on,
                    changed_at=NOW,
                )
            )
        for name in ("open", "kept"):
            session.add(
                Promise(
                    id=f"{code} {name}",
                    distributor_id=distributor_id,
                    made_by="company",
                    text="two fridges",
                    owner="Li Min",
                    rep_id=rep_id,
                    state=name,
                    made_at=NOW,
                )
            )
    return distributor_id


def reps_of(engine: Engine, distributor_id: str) -> list[tuple[str, date, date | None]]:
    with reading(engine) as session:
        found = session.execute(
            select(DistributorAssignment.rep_id, DistributorAssignment.from_on, DistributorAssignment.to_on)
            .where(DistributorAssignment.distributor_id == distributor_id)
            .order_by(DistributorAssignment.from_on)
        )
        return [(row.rep_id, row.from_on, row.to_on) for row in found]


def hand(engine: Engine, *distributor_ids: str, to: str, from_on: date = MONDAY) -> None:
    with writing(engine) as session:
        hand_over(session, OPERATOR, distributor_ids=distributor_ids, to_rep_id=to, from_on=from_on, now=NOW)


def test_a_new_user_can_sign_in_at_once(engine: Engine) -> None:
    add_company(engine)
    create(engine, " LiMin ")
    assert token_of(engine, "limin") is not None


def test_a_password_is_generated_where_none_is_given_and_it_works(engine: Engine) -> None:
    add_company(engine)
    with writing(engine) as session:
        made = create_user(
            session,
            OPERATOR,
            account="limin",
            name="李敏",
            name_en="",
            role="rep",
            language="zh",
            now=NOW,
        )
    assert token_of(engine, "limin", made.password) is not None


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"account": "李敏"}, InvalidValue),
        ({"account": "x"}, InvalidValue),
        ({"account": "taken"}, InvalidValue),
        ({"account": "TAKEN"}, InvalidValue),
        ({"name": " "}, InvalidValue),
        ({"role": "operator"}, InvalidValue),
        ({"language": "fr"}, InvalidValue),
        ({"password": "short"}, PasswordRefused),
        ({"region_ids": ("no such region",), "role": "clerk"}, NotReachable),
        ({"region_ids": ("north",)}, NotAllowed),
    ],
)
def test_a_user_that_cannot_be_is_refused_and_nothing_is_kept(
    engine: Engine, wrong: dict[str, object], error: type[Exception]
) -> None:
    add_company(engine)
    create(engine, "taken")
    with pytest.raises(error):
        create(engine, **{"account": "new", **wrong})  # type: ignore[arg-type]
    with reading(engine) as session:
        assert [user.account for user in list_users(session, OPERATOR)] == ["taken"]


@pytest.mark.parametrize("role", ["rep", "manager", "clerk"])
def test_only_an_administrator_or_the_operator_keeps_the_users(engine: Engine, role: Role) -> None:
    user_id = add_user(engine, "limin", role)
    actor = Actor(user_id, role, TODAY)
    with writing(engine) as session:
        for command in (
            lambda: list_users(session, actor),
            lambda: user_id_of(session, actor, account="limin"),
            lambda: create_user(
                session, actor, account="a1", name="A", name_en="", role="rep", language="zh", now=NOW
            ),
            lambda: retire_user(session, actor, user_id=user_id, now=NOW),
            lambda: reset_password(session, actor, user_id=user_id, now=NOW),
            lambda: assign_regions(session, actor, user_id=user_id, region_ids=(), now=NOW),
            lambda: hand_over(session, actor, distributor_ids=(), to_rep_id=user_id, from_on=MONDAY, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                command()


def test_a_retired_user_is_signed_out_and_stays_out(engine: Engine) -> None:
    add_company(engine)
    user_id = create(engine, "limin")
    token = token_of(engine, "limin")
    for _ in range(2):
        with writing(engine) as session:
            retire_user(session, OPERATOR, user_id=user_id, now=NOW)
    assert not is_open(engine, token)
    assert token_of(engine, "limin") is None
    with writing(engine) as session, pytest.raises(NotAllowed):
        reset_password(session, OPERATOR, user_id=user_id, now=NOW)


def test_nobody_retires_himself(engine: Engine) -> None:
    user_id = add_user(engine, "boss", "administrator")
    with writing(engine) as session, pytest.raises(NotAllowed):
        retire_user(session, Actor(user_id, "administrator", TODAY), user_id=user_id, now=NOW)


def test_a_reset_password_ends_the_sessions_and_replaces_the_old_one(engine: Engine) -> None:
    add_company(engine)
    user_id = create(engine, "limin")
    token = token_of(engine, "limin")
    with writing(engine) as session:
        new = reset_password(session, OPERATOR, user_id=user_id, now=NOW)
    assert not is_open(engine, token)
    assert token_of(engine, "limin") is None
    assert token_of(engine, "limin", new) is not None


def must_choose(engine: Engine, token: str | None) -> bool:
    with reading(engine) as session:
        found = signed_in_user(session, token or "", NOW)
    assert found is not None
    return found.must_choose_password


def test_whoever_was_handed_a_password_must_choose_his_own(engine: Engine) -> None:
    add_company(engine)
    user_id = create(engine, "limin")
    assert not must_choose(engine, token_of(engine, "limin"))
    with writing(engine) as session:
        handed = reset_password(session, OPERATOR, user_id=user_id, now=NOW)
    token = token_of(engine, "limin", handed)
    assert must_choose(engine, token)
    assert change_password(engine, token=token or "", old=handed, new="jasmine tea, 24", now=NOW) is None
    assert not must_choose(engine, token)
    with writing(engine) as session:
        reset_password(session, OPERATOR, user_id=user_id, now=NOW, password="chosen by himself")
    assert not must_choose(engine, token_of(engine, "limin", "chosen by himself"))


def test_renewing_the_hash_of_a_password_that_was_handed_over_leaves_it_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_company(engine)
    user_id = create(engine, "limin")
    with writing(engine) as session:
        handed = reset_password(session, OPERATOR, user_id=user_id, now=NOW)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    for _sign_in in range(2):
        assert must_choose(engine, token_of(engine, "limin", handed))
    with reading(engine) as session:
        assert "m=16,t=2" in session.get_one(User, user_id).password_hash


def test_an_unknown_user_is_not_reachable(engine: Engine) -> None:
    with writing(engine) as session:
        with pytest.raises(NotReachable):
            retire_user(session, OPERATOR, user_id="nobody", now=NOW)
        with pytest.raises(NotReachable):
            user_id_of(session, OPERATOR, account="nobody")


def test_regions_are_replaced_as_a_whole(engine: Engine) -> None:
    north, south = add_region(engine, "north"), add_region(engine, "south")
    user_id = create(engine, "clerk", "clerk", region_ids=[north])
    for _ in range(2):
        with writing(engine) as session:
            assign_regions(session, OPERATOR, user_id=user_id, region_ids=[south], now=NOW)
    with reading(engine) as session:
        assert session.scalars(select(UserRegion.region_id)).all() == [south]
        fields = session.scalars(select(AuditEntry.field).order_by(AuditEntry.id)).all()
    assert fields == ["created", "regions", "regions"]


def test_the_list_shows_regions_and_the_distributors_of_the_day(engine: Engine) -> None:
    north = add_region(engine, "north")
    create(engine, "clerk", "clerk", region_ids=[north])
    rep = create(engine, "limin")
    add_distributor(engine, "d1", rep)
    add_distributor(engine, "d2", rep, from_on=MONDAY)
    with reading(engine) as session:
        users = list_users(session, OPERATOR)
    assert [(user.account, user.region_ids, user.distributor_count) for user in users] == [
        ("clerk", (north,), 0),
        ("limin", (), 1),
    ]


def test_from_the_day_on_the_distributor_is_the_new_reps(engine: Engine) -> None:
    add_region(engine, "north")
    old, new = create(engine, "old"), create(engine, "new")
    distributor_id = add_distributor(engine, "d1", old)
    hand(engine, distributor_id, to=new)
    assert reps_of(engine, distributor_id) == [(old, date(2025, 1, 1), MONDAY), (new, MONDAY, None)]


def test_planned_visits_of_the_day_and_later_and_open_promises_go_along(engine: Engine) -> None:
    add_region(engine, "north")
    old, new = create(engine, "old"), create(engine, "new")
    moved, kept = add_distributor(engine, "d1", old), add_distributor(engine, "d2", old)
    hand(engine, moved, to=new)
    with reading(engine) as session:
        visits = session.scalars(select(Visit.id).where(Visit.rep_id == new).order_by(Visit.id)).all()
        promises = session.scalars(select(Promise.id).where(Promise.rep_id == new)).all()
        audited = session.execute(
            select(AuditEntry.distributor_id, AuditEntry.before, AuditEntry.after).where(
                AuditEntry.field == "rep"
            )
        ).all()
    assert visits == ["d1 after", "d1 on"]
    assert promises == ["d1 open"]
    assert [tuple(row) for row in audited] == [(moved, f"{old} 2025-01-01", f"{new} {MONDAY}")]
    assert len(reps_of(engine, kept)) == 1


def test_handing_over_twice_is_handing_over_once(engine: Engine) -> None:
    add_region(engine, "north")
    old, new = create(engine, "old"), create(engine, "new")
    distributor_id = add_distributor(engine, "d1", old)
    hand(engine, distributor_id, to=new)
    before = reps_of(engine, distributor_id)
    hand(engine, distributor_id, to=new)
    with reading(engine) as session:
        audited = session.scalars(select(AuditEntry.id).where(AuditEntry.field == "rep")).all()
        versions = session.scalars(select(Visit.version).where(Visit.rep_id == new)).all()
    assert (reps_of(engine, distributor_id), len(audited), set(versions)) == (before, 1, {2})


def test_what_was_arranged_for_later_gives_way(engine: Engine) -> None:
    add_region(engine, "north")
    old, middle, new = (create(engine, account) for account in ("old", "middle", "new"))
    distributor_id = add_distributor(engine, "d1", old)
    hand(engine, distributor_id, to=middle, from_on=MONDAY + timedelta(days=7))
    hand(engine, distributor_id, to=new, from_on=MONDAY)
    assert [row[0] for row in reps_of(engine, distributor_id)] == [old, new]
    hand(engine, distributor_id, to=old, from_on=MONDAY)
    assert [row[0] for row in reps_of(engine, distributor_id)] == [old, old]


def test_a_distributor_without_a_rep_gets_one(engine: Engine) -> None:
    add_region(engine, "north")
    old, new = create(engine, "old"), create(engine, "new")
    distributor_id = add_distributor(engine, "d1", old)
    with writing(engine) as session:
        session.delete(session.scalars(select(DistributorAssignment)).one())
    hand(engine, distributor_id, to=new, from_on=TODAY)
    assert reps_of(engine, distributor_id) == [(new, TODAY, None)]


@pytest.mark.parametrize("wrong", ["past day", "clerk", "retired", "nobody", "unknown distributor"])
def test_a_hand_over_that_cannot_be_changes_nothing(engine: Engine, wrong: str) -> None:
    add_region(engine, "north")
    old, new, clerk = create(engine, "old"), create(engine, "new"), create(engine, "clerk", "clerk")
    distributor_id = add_distributor(engine, "d1", old)
    before = reps_of(engine, distributor_id)
    if wrong == "retired":
        with writing(engine) as session:
            retire_user(session, OPERATOR, user_id=new, now=NOW)
    to = {"clerk": clerk, "nobody": "nobody"}.get(wrong, new)
    handed = [distributor_id, "no such"] if wrong == "unknown distributor" else [distributor_id]
    day = TODAY - timedelta(days=1) if wrong == "past day" else MONDAY
    with pytest.raises((InvalidValue, NotReachable)):
        hand(engine, *handed, to=to, from_on=day)
    assert reps_of(engine, distributor_id) == before
