"""The visit: its steps, what was aimed at, promised, told and found, and what was said of it afterwards."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.visit import COMPLAINT_KINDS, OBJECTIVE_KINDS, STEP_STATES, STEPS, VISIT_STATES
from data.tables.base import At, Base, Code, Key, LongText, Minor, Name, Price, refers_to
from data.types import Instant, codes, price


class Visit(Base):
    """One visit of a rep to a distributor, from plan to approval."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_rep_id_planned_on", "rep_id", "planned_on"),
        Index("ix_visit_distributor_id_planned_on", "distributor_id", "planned_on"),
        Index("ix_visit_state_planned_on", "state", "planned_on"),
        # The visit log pages by this pair.
        Index("ix_visit_planned_on_id", "planned_on", "id"),
    )

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    rep_id: Mapped[str] = mapped_column(refers_to("user_account"))
    state: Mapped[str] = mapped_column(codes("state", *VISIT_STATES))
    is_planned: Mapped[bool] = mapped_column(default=True)
    planned_on: Mapped[date]
    planned_time: Mapped[str] = mapped_column(String(5), default="")
    stop: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_by: Mapped[str | None] = mapped_column(refers_to("user_account"), index=True)
    last_step: Mapped[str] = mapped_column(String(32), default="prepare")
    summary: Mapped[str] = mapped_column(Text, default="")
    strengths: Mapped[str] = mapped_column(Text, default="")
    improve: Mapped[str] = mapped_column(Text, default="")
    next_visit_on: Mapped[date | None]
    incomplete_reason: Mapped[str] = mapped_column(Text, default="")
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[At]


class VisitStep(Base):
    """Where a step of a visit stands."""

    __tablename__ = "visit_step"

    visit_id: Mapped[str] = mapped_column(refers_to("visit"), primary_key=True)
    step: Mapped[str] = mapped_column(codes("step", *STEPS), primary_key=True)
    state: Mapped[str] = mapped_column(codes("state", *STEP_STATES))
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[At]


class Objective(Base):
    """What a visit is to reach, and whether it did."""

    __tablename__ = "objective"
    __table_args__ = (Index("ix_objective_visit_id_position", "visit_id", "position"),)

    id: Mapped[Key]
    visit_id: Mapped[str] = mapped_column(refers_to("visit"))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(codes("kind", *OBJECTIVE_KINDS))
    text: Mapped[LongText]
    target: Mapped[Price | None] = mapped_column(price())
    actual: Mapped[Price | None] = mapped_column(price())
    actual_note: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str | None] = mapped_column(codes("result", "reached", "partly", "missed"))
    reason: Mapped[str] = mapped_column(Text, default="")
    next_time: Mapped[str] = mapped_column(Text, default="")
    carried_from: Mapped[str | None] = mapped_column(refers_to("objective"), index=True)
    version: Mapped[int] = mapped_column(default=1)


class Promise(Base):
    """A promise between the company and a distributor, with who and when, until kept or broken."""

    __tablename__ = "promise"
    __table_args__ = (Index("ix_promise_distributor_id_state", "distributor_id", "state"),)

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    made_by: Mapped[str] = mapped_column(codes("made_by", "company", "distributor"))
    text: Mapped[LongText]
    owner: Mapped[Name]
    rep_id: Mapped[str] = mapped_column(refers_to("user_account"), index=True)
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(codes("state", "open", "kept", "broken", "withdrawn"))
    closed_visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    closed_note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[At]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Directive(Base):
    """A manager's instruction for a distributor, standing until the rep reports it done."""

    __tablename__ = "directive"
    __table_args__ = (Index("ix_directive_distributor_id_done_at", "distributor_id", "done_at"),)

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    given_by: Mapped[str] = mapped_column(refers_to("user_account"))
    text: Mapped[LongText]
    due_on: Mapped[date | None]
    given_at: Mapped[At]
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    done_note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class Comment(Base):
    """What a manager or rep says of a submitted visit: appended, never edited."""

    __tablename__ = "comment"

    id: Mapped[Key]
    visit_id: Mapped[str] = mapped_column(refers_to("visit"), index=True)
    written_by: Mapped[str] = mapped_column(refers_to("user_account"))
    kind: Mapped[str] = mapped_column(codes("kind", "comment", "return", "approve"))
    text: Mapped[LongText]
    written_at: Mapped[At]
    seen_at: Mapped[datetime | None] = mapped_column(Instant)


class ChecklistItem(Base):
    """A line of a checklist that the office keeps: tools, display, service, training."""

    __tablename__ = "checklist_item"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    checklist: Mapped[str] = mapped_column(
        codes("checklist", "tools", "display", "promotion", "service", "market", "training")
    )
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[LongText]
    text_en: Mapped[LongText]
    weight: Mapped[Price]
    retired_on: Mapped[date | None]


class ChecklistAnswer(Base):
    """The answer to a checklist line during a visit."""

    __tablename__ = "checklist_answer"
    __table_args__ = (UniqueConstraint("visit_id", "item_id"),)

    id: Mapped[Key]
    visit_id: Mapped[str] = mapped_column(refers_to("visit"))
    item_id: Mapped[str] = mapped_column(refers_to("checklist_item"), index=True)
    answer: Mapped[str] = mapped_column(codes("answer", "yes", "no", "not_applicable"))
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    answered_by: Mapped[str] = mapped_column(refers_to("user_account"))
    answered_at: Mapped[At]


class PromotionCheck(Base):
    """Whether promotion goods were passed on: of those issued, how many reached the shops."""

    __tablename__ = "promotion_check"
    __table_args__ = (UniqueConstraint("visit_id", "promotion_good_id"),)

    id: Mapped[Key]
    visit_id: Mapped[str] = mapped_column(refers_to("visit"))
    promotion_good_id: Mapped[str] = mapped_column(refers_to("promotion_good"), index=True)
    passed_on: Mapped[Price]
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    checked_by: Mapped[str] = mapped_column(refers_to("user_account"))
    checked_at: Mapped[At]


class MarketNote(Base):
    """Something learned of the market: a competitor's move, a banner put up, a change of credit standing."""

    __tablename__ = "market_note"

    id: Mapped[Key]
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"), index=True)
    topic: Mapped[str] = mapped_column(
        codes(
            "topic",
            "channel",
            "price",
            "product",
            "advertising",
            "promotion",
            "share",
            "people",
            "point_of_sale",
            "credit_standing",
            "other",
        )
    )
    competitor: Mapped[str] = mapped_column(String(100), default="")
    text: Mapped[LongText]
    version: Mapped[int] = mapped_column(default=1)
    noted_by: Mapped[str] = mapped_column(refers_to("user_account"))
    noted_at: Mapped[At]


class NewsItem(Base):
    """News that the office keeps for the rep to tell: of the company, of sales, of competitors."""

    __tablename__ = "news_item"
    __table_args__ = (CheckConstraint("to_on > from_on", name="range"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(codes("kind", "company", "sales", "competitor", "policy"))
    text: Mapped[LongText]
    text_en: Mapped[LongText]
    from_on: Mapped[date]
    to_on: Mapped[date]


class Talk(Base):
    """What was told, taught or advised during a visit, and what the distributor said."""

    __tablename__ = "talk"
    __table_args__ = (UniqueConstraint("visit_id", "news_item_id"),)

    id: Mapped[Key]
    visit_id: Mapped[str] = mapped_column(refers_to("visit"), index=True)
    kind: Mapped[str] = mapped_column(codes("kind", "news", "training", "advice", "solved"))
    news_item_id: Mapped[str | None] = mapped_column(refers_to("news_item"), index=True)
    answer: Mapped[str | None] = mapped_column(codes("answer", "welcomed", "neutral", "objected", "not_told"))
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    noted_at: Mapped[At]


class Complaint(Base):
    """A problem of a distributor: recorded, handled, rechecked with him, reported back."""

    __tablename__ = "complaint"
    __table_args__ = (Index("ix_complaint_distributor_id_state", "distributor_id", "state"),)

    id: Mapped[Key]
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"))
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    product_id: Mapped[str | None] = mapped_column(refers_to("product"), index=True)
    kind: Mapped[str] = mapped_column(codes("kind", *COMPLAINT_KINDS))
    text: Mapped[LongText]
    state: Mapped[str] = mapped_column(
        codes("state", "recorded", "handled", "rechecked", "reported_back", "withdrawn")
    )
    answer: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    satisfied: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)
    recorded_by: Mapped[str] = mapped_column(refers_to("user_account"))
    recorded_at: Mapped[At]
    handled_at: Mapped[datetime | None] = mapped_column(Instant)
    rechecked_at: Mapped[datetime | None] = mapped_column(Instant)
    reported_back_at: Mapped[datetime | None] = mapped_column(Instant)


class Prospect(Base):
    """Somebody who may become a distributor, from first contact to signed or lost."""

    __tablename__ = "prospect"

    id: Mapped[Key]
    market_id: Mapped[str] = mapped_column(refers_to("market"), index=True)
    rep_id: Mapped[str] = mapped_column(refers_to("user_account"), index=True)
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    name: Mapped[Name]
    contact: Mapped[str] = mapped_column(String(200), default="")
    stage: Mapped[str] = mapped_column(
        codes("stage", "contact", "consult", "follow_up", "tender", "signed", "lost")
    )
    expected_month_minor: Mapped[Minor | None] = mapped_column(BigInteger)
    next_step: Mapped[str] = mapped_column(Text, default="")
    next_step_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[At]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
