"""Signing in: what is let in, what is delayed, what ends a session, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, func, select, update

from data import passwords
from data.access import Actor
from data.engine import reading, writing
from data.errors import InvalidValue, NotAllowed
from data.passwords import PasswordRefused
from data.sign_in import (
    SignedIn,
    change_password,
    demo_users,
    recognise,
    set_language,
    sign_in,
    sign_in_demo,
    sign_out,
    signed_in_user,
)
from data.sign_in_delay import Refused
from data.tables.company import SignInDelay, SignInSession, User
from data.tables.records import AuditEntry
from tests import builders
from tests.data.accounts import (
    NOW,
    PASSWORD,
    TODAY,
    CountingHasher,
    add_company,
    add_user,
    hash_cheaply,
    minutes,
)

HERE = "192.0.2.7"
NEW_PASSWORD = "jasmine tea, 24 bottles"


@pytest.fixture(autouse=True)
def argon2(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    return hash_cheaply(monkeypatch)


def attempt(
    engine: Engine,
    account: str = "limin",
    password: str = PASSWORD,
    *,
    address: str = HERE,
    at: datetime = NOW,
    demo_allowed: bool = False,
) -> SignedIn | Refused:
    return sign_in(
        engine, account=account, password=password, address=address, now=at, demo_allowed=demo_allowed
    )


def token_of(engine: Engine, account: str = "limin", *, at: datetime = NOW) -> str:
    done = attempt(engine, account, at=at)
    assert isinstance(done, SignedIn)
    return done.token


def whose(engine: Engine, token: str, at: datetime = NOW) -> str | None:
    with reading(engine) as session:
        user = signed_in_user(session, token, at)
    return user.account if user else None


def fail(engine: Engine, times: int, *, account: str = "limin", address: str = HERE) -> Refused:
    for _ in range(times):
        refused = attempt(engine, account, "wrong", address=address)
        assert isinstance(refused, Refused)
    return refused


def test_the_right_password_starts_a_session_that_only_the_token_opens(engine: Engine) -> None:
    add_company(engine)
    user_id = add_user(engine, "limin")
    done = attempt(engine)
    assert isinstance(done, SignedIn)
    assert (done.user_id, done.language) == (user_id, "zh")
    assert whose(engine, done.token) == "limin"
    assert [whose(engine, wrong) for wrong in ("", done.token[:-1], "x" * 5000)] == [None, None, None]


def test_the_database_does_not_keep_the_token(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    token = token_of(engine)
    with reading(engine) as session:
        kept = session.scalars(select(SignInSession.token_hash)).all()
    assert len(kept) == 1
    assert token not in kept[0]


@pytest.mark.parametrize("typed", ["Limin", " limin ", "LIMIN"])
def test_capitals_and_spaces_of_a_tablets_keyboard_do_not_matter(engine: Engine, typed: str) -> None:
    add_company(engine)
    add_user(engine, "limin")
    assert isinstance(attempt(engine, typed), SignedIn)


def test_full_width_letters_are_the_same_password(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    wide = PASSWORD.replace("12", "１２")
    assert isinstance(attempt(engine, password=wide), SignedIn)


@pytest.mark.parametrize("account", ["nobody", "", "a\0b", "limin" * 100, "retired", "demo"])
def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(
    engine: Engine, account: str, argon2: CountingHasher
) -> None:
    add_company(engine, is_demo=True)
    add_user(engine, "limin")
    add_user(engine, "demo", is_demo=True)
    retired = add_user(engine, "retired")
    with writing(engine) as session:
        session.execute(update(User).where(User.id == retired).values(retired_at=NOW))
    expected = attempt(engine, "limin", "wrong", address="198.51.100.1")
    before = argon2.looks
    assert attempt(engine, account, PASSWORD) == expected
    assert argon2.looks == before + 1


def test_a_hash_that_is_none_opens_nothing_and_still_costs_a_look(
    engine: Engine, argon2: CountingHasher
) -> None:
    add_company(engine)
    user_id = add_user(engine, "limin")
    with writing(engine) as session:
        session.execute(update(User).where(User.id == user_id).values(password_hash="!"))
    assert isinstance(attempt(engine, password="!"), Refused)
    assert argon2.looks == 1


def test_each_failure_says_how_many_tries_are_left(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    left = [fail(engine, 1).tries_left for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]


def test_the_wait_doubles_up_to_fifteen_minutes_and_never_becomes_a_lockout(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    fail(engine, 4)
    at = NOW
    waits = []
    for _ in range(7):
        refused = attempt(engine, password="wrong", at=at)
        assert isinstance(refused, Refused)
        assert refused.heard
        waits.append(refused.wait_seconds / 60)
        at += timedelta(seconds=refused.wait_seconds)
    assert waits == [1, 2, 4, 8, 15, 15, 15]
    assert isinstance(attempt(engine, at=at), SignedIn)


def test_a_try_that_comes_too_soon_is_neither_looked_at_nor_counted(
    engine: Engine, argon2: CountingHasher
) -> None:
    add_company(engine)
    add_user(engine, "limin")
    fail(engine, 5)
    before = argon2.looks
    early = [attempt(engine, at=NOW + timedelta(seconds=passed)) for passed in (10, 20, 59)]
    assert early == [Refused(False, wait, 0) for wait in (50, 40, 1)]
    assert argon2.looks == before
    assert isinstance(attempt(engine, at=NOW + minutes(1)), SignedIn)


def test_tries_sent_at_the_same_time_count_each(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    with ThreadPoolExecutor(8) as together:
        answers = list(together.map(lambda _: attempt(engine, password="wrong"), range(8)))
    assert sum(isinstance(answer, Refused) and answer.heard for answer in answers) == 5


def test_an_unknown_account_is_delayed_like_a_known_one(engine: Engine) -> None:
    add_company(engine)
    assert fail(engine, 5, account="nobody") == Refused(True, 60, 0)
    assert attempt(engine, "nobody") == Refused(False, 60, 0)


def test_success_clears_the_account_but_not_the_address(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    for number in range(18):
        fail(engine, 1, account=f"guess{number}")
    assert isinstance(attempt(engine), SignedIn)
    assert fail(engine, 1).tries_left == 1
    assert fail(engine, 1, account="limin") == Refused(True, 60, 0)
    assert fail(engine, 1, address="198.51.100.9").tries_left == 2


def test_an_address_that_guesses_many_accounts_is_delayed_and_others_are_not(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    for number in range(20):
        fail(engine, 1, account=f"guess{number}", address="2001:db8::1")
    assert attempt(engine, address="2001:db8::ffff") == Refused(False, 60, 0)
    assert isinstance(attempt(engine, address="2001:db8:0:1::1"), SignedIn)


def test_failures_are_forgiven_after_a_quiet_day(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    fail(engine, 4)
    refused = attempt(engine, password="wrong", at=NOW + timedelta(days=1, seconds=1))
    assert refused == Refused(True, 0, 4)


def test_old_delays_are_swept_away(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    for number in range(3):
        fail(engine, 1, account=f"guess{number}")
    token_of(engine, at=NOW + timedelta(days=2))
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(SignInDelay)) == 2


def test_a_hash_of_weaker_parameters_is_renewed_at_sign_in(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_company(engine)
    user_id = add_user(engine, "limin")
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    token_of(engine)
    with reading(engine) as session:
        kept = session.get_one(User, user_id).password_hash
    assert "m=16,t=2" in kept
    token_of(engine)


def test_a_session_in_use_is_noted_every_few_minutes_only(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    token = token_of(engine)
    seen = []
    for passed in (1, 4.9, 5, 6, 11):
        recognise(engine, token, NOW + minutes(passed))
        with reading(engine) as session:
            seen.append(session.scalars(select(SignInSession.last_seen_at)).one() - NOW)
    assert seen == [minutes(0), minutes(0), minutes(5), minutes(5), minutes(11)]


def test_a_session_ends_after_fourteen_idle_days_and_use_keeps_it(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    token = token_of(engine)
    assert recognise(engine, token, NOW + timedelta(days=13)) is not None
    assert recognise(engine, token, NOW + timedelta(days=26)) is not None
    assert recognise(engine, token, NOW + timedelta(days=40)) is None


def test_signing_out_ends_this_session_alone(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    tablet, laptop = token_of(engine), token_of(engine)
    for _ in range(2):
        with writing(engine) as session:
            sign_out(session, tablet, NOW)
    assert (whose(engine, tablet), whose(engine, laptop)) == (None, "limin")


def test_a_new_password_ends_all_other_sessions(engine: Engine) -> None:
    add_company(engine)
    user_id = add_user(engine, "limin")
    add_user(engine, "zhoulan")
    tablet, laptop, other = token_of(engine), token_of(engine), token_of(engine, "zhoulan")
    assert change_password(engine, token=tablet, old=PASSWORD, new=NEW_PASSWORD, now=NOW) is None
    assert [whose(engine, token) for token in (tablet, laptop, other)] == ["limin", None, "zhoulan"]
    assert isinstance(attempt(engine), Refused)
    assert isinstance(attempt(engine, password=NEW_PASSWORD), SignedIn)
    with reading(engine) as session:
        trail = session.execute(
            select(AuditEntry.record_id, AuditEntry.field, AuditEntry.before, AuditEntry.after)
        ).one()
    assert tuple(trail) == (user_id, "password", None, None)


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        ("7 chars", "too_short"),
        ("x" * 201, "too_long"),
        ("li.min.2026", "same_as_account"),
        (PASSWORD, "same_as_old"),
    ],
)
def test_a_bad_new_password_is_refused_without_being_shown(engine: Engine, new: str, fault: str) -> None:
    add_company(engine)
    add_user(engine, "li.min.2026")
    token = token_of(engine, "li.min.2026")
    with pytest.raises(PasswordRefused) as refused:
        change_password(engine, token=token, old=PASSWORD, new=new, now=NOW)
    assert refused.value.fault == fault
    assert new not in str(refused.value)


def test_guessing_the_old_password_from_within_is_delayed_too(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    token = token_of(engine)
    answers = [change_password(engine, token=token, old="wrong", new=NEW_PASSWORD, now=NOW) for _ in range(6)]
    assert answers[4:] == [Refused(True, 60, 0), Refused(False, 60, 0)]
    later = NOW + minutes(1)
    assert change_password(engine, token=token, old=PASSWORD, new=NEW_PASSWORD, now=later) is None


def test_nobody_changes_a_password_without_a_session(engine: Engine) -> None:
    add_company(engine)
    add_user(engine, "limin")
    with pytest.raises(NotAllowed):
        change_password(engine, token="no such token", old=PASSWORD, new=NEW_PASSWORD, now=NOW)


def test_a_demo_account_signs_in_only_in_the_demo_and_where_it_is_allowed(engine: Engine) -> None:
    add_company(engine, is_demo=True)
    add_user(engine, "demo", is_demo=True)
    assert isinstance(attempt(engine, "demo"), Refused)
    assert isinstance(attempt(engine, "demo", demo_allowed=True), SignedIn)
    assert sign_in_demo(engine, account="demo", now=NOW, demo_allowed=False) is None
    assert sign_in_demo(engine, account="demo", now=NOW, demo_allowed=True) is not None


def test_a_demo_account_is_nobody_in_a_real_company(engine: Engine) -> None:
    add_company(engine)
    user_id = add_user(engine, "demo", is_demo=True)
    assert isinstance(attempt(engine, "demo", demo_allowed=True), Refused)
    assert sign_in_demo(engine, account="demo", now=NOW, demo_allowed=True) is None
    with writing(engine) as session:
        assert demo_users(session) == []
        session.execute(update(User).where(User.id == user_id).values(is_demo=False))
    token = token_of(engine, "demo")
    with writing(engine) as session:
        session.execute(update(User).where(User.id == user_id).values(is_demo=True))
    assert whose(engine, token) is None


def test_a_real_account_never_signs_in_by_a_touch(engine: Engine) -> None:
    add_company(engine, is_demo=True)
    add_user(engine, "limin")
    assert sign_in_demo(engine, account="limin", now=NOW, demo_allowed=True) is None


def test_the_demo_offers_one_account_a_role(engine: Engine) -> None:
    add_company(engine, is_demo=True)
    for account, role in (("rep2", "rep"), ("rep1", "rep"), ("boss", "manager"), ("clerk", "clerk")):
        add_user(engine, account, role, is_demo=True)
    add_user(engine, "real", "administrator")
    with reading(engine) as session:
        assert [user.account for user in demo_users(session)] == ["rep1", "boss", "clerk"]


def test_the_demo_offers_whoever_has_the_most_to_show(engine: Engine) -> None:
    with writing(engine) as session:
        builders.company(session, is_demo=True)
        market = builders.market(session)
        region = builders.region_of(session, market)
        people = {
            account: builders.user(session, account, role, regions, is_demo=True)
            for account, role, regions in (
                ("chen", "rep", ()),
                ("li", "rep", ()),
                ("sun", "manager", ()),
                ("zhou", "manager", (region,)),
            )
        }
        for code, rep in (("D1", "chen"), ("D2", "li"), ("D3", "li")):
            builders.distributor(session, code, market, people[rep])
    with reading(engine) as session:
        assert [user.account for user in demo_users(session)] == ["li", "zhou"]


def test_the_language_is_kept_with_the_user(engine: Engine) -> None:
    add_company(engine)
    actor = Actor(add_user(engine, "limin"), "rep", TODAY)
    with writing(engine) as session:
        set_language(session, actor, language="en")
        with pytest.raises(InvalidValue):
            set_language(session, actor, language="fr")
    done = attempt(engine)
    assert isinstance(done, SignedIn)
    assert done.language == "en"
