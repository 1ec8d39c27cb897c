"""Nobody reaches what is not his: every public function of `data` is called by people whom it does not concern.

The functions are found by looking at `data`, not by a list: a new one without an actor, or with an argument
that nobody here knows a value for, fails. Who may see what is worked out anew below, without `data.access`.
"""

import importlib
import inspect
import pkgutil
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, select, true
from sqlalchemy.orm import Session

import data
from core.errors import FieldvisitError
from data import visits
from data.access import Actor
from data.company import company_settings
from data.engine import create_engine_for, writing
from data.identifiers import new_id
from data.order_records import order_id
from data.orders import orders_of_visit
from data.sales_mix import Span
from data.tables.company import Market, User, UserRegion
from data.tables.dealings import AccountDifference, PriceObservation
from data.tables.distributors import Collateral, Distributor, DistributorAssignment
from data.tables.orders import Order
from data.tables.products import Promotion, PromotionGood
from data.tables.records import Attachment, AuditEntry, Document, Entry, FieldValue
from data.tables.visits import (
    Comment,
    Complaint,
    Directive,
    MarketNote,
    Objective,
    Promise,
    PromotionCheck,
    Prospect,
    Talk,
    Visit,
    VisitStep,
)
from tests.data.access_cases import EVERYBODYS, NO_ACTOR_YET, OWN_ALONE, arguments_for

Function = Callable[..., Any]


def public_functions() -> dict[str, Function]:
    """Every function of `data`'s own modules that another room may call, by "module.function"."""
    found = {}
    for module in pkgutil.iter_modules(data.__path__):
        if module.ispkg or module.name in NO_ACTOR_YET:
            continue
        loaded = importlib.import_module(f"data.{module.name}")
        for name, function in vars(loaded).items():
            own = inspect.isfunction(function) and function.__module__ == loaded.__name__
            if own and not name.startswith("_") and f"{module.name}.{name}" not in NO_ACTOR_YET:
                found[f"{module.name}.{name}"] = function
    return found


FUNCTIONS = public_functions()
QUESTIONS = sorted(n for n, f in FUNCTIONS.items() if inspect.signature(f).return_annotation is not None)
COMMANDS = sorted(n for n, f in FUNCTIONS.items() if inspect.signature(f).return_annotation is None)
OUTSIDERS = ("rep", "manager", "clerk")


class World:
    """The demo company, seen from one visit of one rep."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with writing(engine) as session:
            self._find(session)
            self._add_what_the_demo_lacks(session)

    def _find(self, session: Session) -> None:
        self.visit = (
            session.scalars(
                select(Visit)
                .join(Objective, Objective.visit_id == Visit.id)
                .join(Complaint, Complaint.distributor_id == Visit.distributor_id)
                .where(Visit.state == "draft", Complaint.state != "reported_back")
            ).first()
            or session.scalars(select(Visit).where(Visit.state == "draft")).one()
        )
        self.today = self.visit.planned_on
        self.distributor_id = self.visit.distributor_id
        self.insider = Actor(self.visit.rep_id, "rep", self.today)
        self.region_of = dict(
            session.execute(
                select(Distributor.id, Market.region_id).join(Market, Market.id == Distributor.market_id)
            ).all()
        )
        self.own_region = self.region_of[self.distributor_id]
        self.names = {
            row.id: {row.id, row.name, row.name_en, row.code} for row in session.scalars(select(Distributor))
        }
        self.visits_of: dict[str, set[str]] = {}
        self.made_by: dict[str, set[str]] = {}
        for visit_id, distributor_id, rep_id in session.execute(
            select(Visit.id, Visit.distributor_id, Visit.rep_id)
        ):
            self.visits_of.setdefault(distributor_id, set()).add(visit_id)
            self.made_by.setdefault(rep_id, set()).add(visit_id)
        self.outsiders = {role: self._outsider(session, role) for role in OUTSIDERS}

    def _outsider(self, session: Session, role: str) -> Actor:
        """Somebody of a role with nothing to do with this distributor."""
        for user in session.scalars(select(User).where(User.role == role).order_by(User.account)):
            actor = Actor(user.id, role, self.today)  # type: ignore[arg-type]
            regions = {self.region_of[id_] for id_ in self.may_see(session, actor)}
            if regions and self.own_region not in regions:
                return actor
        raise AssertionError(f"The demo has no {role} of another region")

    def may_see(self, session: Session, actor: Actor) -> set[str]:
        """The distributors of an actor, by the rule itself."""
        if actor.role == "rep":
            rows = session.scalars(
                select(DistributorAssignment).where(DistributorAssignment.rep_id == actor.user_id)
            )
            assigned = {
                row.distributor_id
                for row in rows
                if row.from_on <= actor.today and (row.to_on is None or row.to_on > actor.today)
            }
            begun = select(Visit.distributor_id).where(
                Visit.rep_id == actor.user_id, Visit.state.in_(("draft", "returned"))
            )
            return assigned | set(session.scalars(begun))
        regions = set(
            session.scalars(select(UserRegion.region_id).where(UserRegion.user_id == actor.user_id))
        )
        return {id_ for id_, region in self.region_of.items() if region in regions}

    def secrets_from(self, session: Session, actor: Actor) -> set[str]:
        """Names and ids that must never reach an actor."""
        foreign = self.region_of.keys() - self.may_see(session, actor)
        visits = set().union(*(self.visits_of.get(id_, set()) for id_ in foreign))
        return set().union(*(self.names[id_] for id_ in foreign)) | (
            visits - self.made_by.get(actor.user_id, set())
        )

    def _add_what_the_demo_lacks(self, session: Session) -> None:
        visit = self.visit
        common = {"visit_id": visit.id, "distributor_id": visit.distributor_id}
        at = {"now": visit.changed_at}
        self.attachment_id, self.entry_id = new_id(), new_id()
        session.add(
            Attachment(
                id=self.attachment_id,
                **common,
                kind="photo",
                media_type="image/jpeg",
                content=visit.id.encode(),
                content_hash="",
                byte_count=36,
                added_by=visit.rep_id,
                added_at=at["now"],
            )
        )
        session.add(
            Entry(
                id=self.entry_id,
                visit_id=visit.id,
                user_id=visit.rep_id,
                row="visit",
                field="summary",
                value=visit.id,
                outcome="late",
                tablet_at="",
                saved_at=at["now"],
            )
        )
        self.promise_id, self.directive_id, self.complaint_id = new_id(), new_id(), new_id()
        text = {"text": visit.id}
        session.add(
            Promise(
                id=self.promise_id,
                **common,
                **text,
                made_by="company",
                owner="x",
                rep_id=visit.rep_id,
                state="open",
                made_at=at["now"],
            )
        )
        manager = session.scalars(select(User).where(User.role == "manager")).first()
        assert manager is not None
        session.add(
            Directive(id=self.directive_id, **common, **text, given_by=manager.id, given_at=at["now"])
        )
        session.add(
            Complaint(
                id=self.complaint_id,
                **common,
                **text,
                kind="other",
                state="handled",
                recorded_by=visit.rep_id,
                recorded_at=at["now"],
            )
        )
        session.flush()
        self.objective_id = session.scalars(
            select(Objective.id).where(Objective.visit_id == visit.id)
        ).first()
        if self.objective_id is None:
            self.objective_id = new_id()
            session.add(Objective(id=self.objective_id, visit_id=visit.id, kind="other", text=visit.id))
        self._add_traces(session)
        self.company = company_settings(session, self.insider)
        self.until = self.today + timedelta(days=1)

    def _add_traces(self, session: Session) -> None:
        """A comment, a line of the trail, coaching, notes, goods, a prospect, an earlier visit and a price."""
        visit, now = self.visit, self.visit.changed_at
        ids = {"visit_id": visit.id}
        session.add(
            Comment(id=new_id(), **ids, written_by=visit.rep_id, kind="comment", text="x", written_at=now)
        )
        session.add(
            AuditEntry(
                id=new_id(), **ids, record="visit", record_id=visit.id, field="x", after="x", changed_at=now
            )
        )
        session.add(Talk(id=new_id(), **ids, kind="advice", text="x", noted_at=now))
        self._add_findings(session)
        market_id = session.get_one(Distributor, self.distributor_id).market_id
        session.add(
            Prospect(
                id=new_id(),
                **ids,
                market_id=market_id,
                rep_id=visit.rep_id,
                name="x",
                stage="contact",
                recorded_at=now,
            )
        )
        self._add_papers(session)
        self.account = session.get_one(User, visit.rep_id).account
        self.product_id = session.scalars(
            select(PriceObservation.product_id).where(
                PriceObservation.distributor_id == self.distributor_id, PriceObservation.kind == "selling"
            )
        ).first()

    def _add_findings(self, session: Session) -> None:
        """A note of a step, a note on the market, and promotion goods that were checked."""
        visit, now = self.visit, self.visit.changed_at
        session.add(
            FieldValue(
                visit_id=visit.id,
                row="talk",
                lot="",
                field="note",
                value=visit.id,
                entry_id=self.entry_id,
                entered_by=visit.rep_id,
                saved_at=now,
            )
        )
        session.add(
            MarketNote(
                id=new_id(),
                visit_id=visit.id,
                distributor_id=visit.distributor_id,
                topic="price",
                text=visit.id,
                noted_by=visit.rep_id,
                noted_at=now,
            )
        )
        good = PromotionGood(
            id=new_id(),
            promotion_id=session.scalars(select(Promotion.id)).first(),
            distributor_id=visit.distributor_id,
            item="x",
            item_en="x",
            issued=2,
            issued_on=self.today,
        )
        session.add(good)
        session.flush()
        session.add(
            PromotionCheck(
                id=new_id(),
                visit_id=visit.id,
                promotion_good_id=good.id,
                passed_on=1,
                checked_by=visit.rep_id,
                checked_at=now,
            )
        )

    def _add_papers(self, session: Session) -> None:
        """An order of the visit, a letter, a look at a collateral, other stock and a rival's sales."""
        visit, now = self.visit, self.visit.changed_at
        self.order_id, self.document_id = order_id(visit.id), new_id()
        common = {"visit_id": visit.id, "distributor_id": visit.distributor_id}
        order = Order(
            id=self.order_id,
            **common,
            number=self.order_id,
            state="draft",
            tax_basis="included",
            created_by=visit.rep_id,
            created_at=now,
            changed_at=now,
        )
        waiting = Order(
            id=new_id(),
            distributor_id=visit.distributor_id,
            number="waiting",
            split_from=self.order_id,
            state="draft",
            tax_basis="included",
            created_by=visit.rep_id,
            created_at=now,
            changed_at=now,
        )
        letter = Document(
            id=self.document_id,
            **common,
            number=visit.id,
            version=1,
            kind="confirmation_letter",
            attachment_id=self.attachment_id,
            as_of_on=self.today,
            figures=visit.id,
            figures_hash="",
            made_by=visit.rep_id,
            made_at=now,
        )
        session.add_all([order, waiting, letter])
        session.flush()
        told = Entry(
            id=new_id(),
            visit_id=visit.id,
            user_id=visit.rep_id,
            row="stock",
            field="other_value",
            value="5",
            outcome="applied",
            tablet_at="",
            saved_at=now,
        )
        session.add(told)
        session.flush()
        session.add(
            FieldValue(
                visit_id=visit.id,
                row="stock",
                lot="",
                field="other_value",
                value="5",
                entry_id=told.id,
                entered_by=visit.rep_id,
                saved_at=now,
            )
        )
        session.add(VisitStep(visit_id=visit.id, step="talk", state="skipped", reason="x", changed_at=now))
        where = {"distributor_id": visit.distributor_id}
        self.collateral_id = session.scalars(select(Collateral.id).filter_by(**where)).first() or new_id()
        self.difference_id = (
            session.scalars(select(AccountDifference.id).filter_by(**where)).first() or new_id()
        )
        self.orders = orders_of_visit(session, self.insider, visit.id)
        self.span = Span(self.today - timedelta(days=400), self.today + timedelta(days=1))


@pytest.fixture(scope="module")
def world(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    copy = tmp_path_factory.mktemp("access") / "demo.sqlite"
    shutil.copyfile(demo_database, copy)
    engine = create_engine_for(f"sqlite:///{copy}")
    yield World(engine)
    engine.dispose()


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a result, however deep it lies."""
    if isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
        return
    inner = parts_of(value)
    if inner is None:
        yield str(value)
        return
    for one in inner:
        yield from texts_in(one)


def parts_of(value: Any) -> Iterable[Any] | None:
    """What a value is made of; `None` for one that has no parts."""
    if isinstance(value, pd.DataFrame):
        return [*value.astype(object).to_numpy().ravel(), *value.index]
    if isinstance(value, pd.Series):
        return [*value.to_list(), *value.index]
    if is_dataclass(value) and not isinstance(value, type):
        return [asdict(value)]
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return value
    if hasattr(value, "__table__"):
        return [getattr(value, column.key) for column in value.__table__.columns]
    return None


def call(world: World, session: Session, name: str, actor: Actor) -> Any:
    function = FUNCTIONS[name]
    parameters = list(inspect.signature(function).parameters.values())[2:]
    return function(session, actor, **arguments_for(name, parameters, world))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_public_function_takes_the_actor(name: str) -> None:
    assert list(inspect.signature(FUNCTIONS[name]).parameters)[:2] == ["session", "actor"]


@pytest.mark.parametrize("role", OUTSIDERS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_tells_nobody_what_is_not_his(world: World, name: str, role: str) -> None:
    actor = world.outsiders[role]
    with Session(world.engine) as session:
        secrets = world.secrets_from(session, actor)
        assert world.visit.id in secrets
        try:
            answer = call(world, session, name, actor)
        except FieldvisitError:
            return
        assert secrets.intersection(texts_in(answer)) == set()


@pytest.mark.parametrize("role", OUTSIDERS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_changes_nothing_for_whom_it_does_not_concern(world: World, name: str, role: str) -> None:
    with Session(world.engine) as session:
        with pytest.raises(FieldvisitError):
            call(world, session, name, world.outsiders[role])
        assert not session.dirty
        assert not session.new


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in {**EVERYBODYS, **OWN_ALONE}])
@pytest.mark.usefixtures("statements_made_anew")
def test_without_its_filter_a_question_would_tell(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the tests above can fail: with every filter taken out, the outsiders learn something."""
    take_out_the_filters(monkeypatch)
    learned = []
    for actor in world.outsiders.values():
        with Session(world.engine) as session:
            try:
                answer = call(world, session, name, actor)
            except FieldvisitError:
                continue
            learned += list(world.secrets_from(session, actor).intersection(texts_in(answer)))
            learned += ["something"] if texts_of_interest(answer) else []
    assert learned != []


def texts_of_interest(answer: Any) -> bool:
    """Whether an answer without names in it (figures, prices, texts) says anything at all."""
    if isinstance(answer, pd.DataFrame | pd.Series):
        return not answer.empty
    return bool(answer)


def take_out_the_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    def visit_of(session: Session, _actor: Actor, visit_id: str) -> Visit:
        return session.get_one(Visit, visit_id)

    def distributor_of(session: Session, _actor: Actor, distributor_id: str) -> Distributor:
        return session.get_one(Distributor, distributor_id)

    open_doors = {
        "reaches_distributor": lambda _actor, _column: true(),
        "reaches_visit": lambda _actor: true(),
        "reachable_distributors": lambda _actor: select(Distributor.id),
        "require_visit": visit_of,
        "require_distributor": distributor_of,
        "require_role": lambda *_: None,
    }
    for module in pkgutil.iter_modules(data.__path__):
        if not module.ispkg and module.name != "operator":
            loaded = importlib.import_module(f"data.{module.name}")
            for name, open_door in open_doors.items():
                if hasattr(loaded, name):
                    monkeypatch.setattr(loaded, name, open_door)


@pytest.fixture
def statements_made_anew() -> Iterator[None]:
    """Statements are kept an actor each: none of this test's stands before it or is left behind."""
    kept = [
        made
        for module in pkgutil.iter_modules(data.__path__)
        if not module.ispkg
        for made in vars(importlib.import_module(f"data.{module.name}")).values()
        if hasattr(made, "cache_clear") and "actor" in inspect.signature(made).parameters
    ]
    assert visits.select_visits in kept
    for statement in kept:
        statement.cache_clear()
    yield
    for statement in kept:
        statement.cache_clear()
