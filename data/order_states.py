"""What becomes of an order: signed within the credit left, sent, confirmed, reopened, cancelled.

draft → signed → sent → confirmed; a signed one can be reopened (amended) and signed anew, and every one that is
not cancelled can be cancelled. Each move is kept with who, when and why.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from core.errors import FieldvisitError
from core.reconciliation import credit_position
from data.access import Actor, require_distributor, require_role
from data.audit import record_change
from data.errors import InvalidValue, NotReachable
from data.order_records import EDITABLE_STATES, fill_objectives, in_minor, subject_of, touch
from data.orders import OrderRow, find_order
from data.reconciliation import OPEN_ORDER_STATES, CreditFacts, credit_facts
from data.tables.orders import Order
from data.tables.records import Attachment
from data.tables.visits import Visit
from data.visit_steps import editable_visit

MOVES: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"signed", "cancelled"}),
    "signed": frozenset({"sent", "amended", "cancelled"}),
    "sent": frozenset({"confirmed", "amended", "cancelled"}),
    "confirmed": frozenset({"amended", "cancelled"}),
    "amended": frozenset({"signed", "cancelled"}),
    "cancelled": frozenset(),
}
WITH_REASON: Final = ("amended", "cancelled")


class OverCredit(FieldvisitError):
    """The order costs more than the credit left, and no manager has agreed to it.

    Both amounts are in minor units.
    """

    def __init__(self, amount_minor: int, left_minor: int) -> None:
        self.amount_minor = amount_minor
        self.left_minor = left_minor
        super().__init__(
            f"The order of {amount_minor} is above the credit left of {left_minor} (minor units)."
            " Split it, or ask a manager."
        )


def credit_left(
    session: Session, actor: Actor, order: str, distributor_id: str, minor_exponent: int
) -> int | None:
    """The credit that an order may use, in minor units.

    Args:
        session: A reading session.
        actor: Who asks.
        order: The id of the order; if it is open already, its own amount does not count against it.
        distributor_id: The distributor.
        minor_exponent: Decimal places of the currency's minor unit.

    Returns:
        Credit limit less receivable and open orders; `None` where no credit limit is agreed.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    facts = credit_facts(session, actor, [distributor_id], minor_exponent=minor_exponent)
    held = None if session.get(Order, order) is None else find_order(session, actor, order)
    return _left(facts.get(distributor_id), held, actor, minor_exponent)


def credit_left_of(
    session: Session, actor: Actor, orders: Sequence[OrderRow], minor_exponent: int
) -> dict[str, int | None]:
    """The credit that each of some orders may use, by order, as `credit_left` says it for one."""
    places = list({order.distributor_id for order in orders})
    facts = credit_facts(session, actor, places, minor_exponent=minor_exponent)
    return {
        order.id: _left(facts.get(order.distributor_id), order, actor, minor_exponent) for order in orders
    }


def _left(facts: CreditFacts | None, order: OrderRow | None, actor: Actor, exponent: int) -> int | None:
    """Limit less what is out; an order that is open already does not count against itself."""
    if facts is None or facts.credit_limit_minor is None:
        return None
    own = 0
    if order is not None and order.state in OPEN_ORDER_STATES:
        is_delivered = order.deliver_on is not None and order.deliver_on <= actor.today
        own = 0 if is_delivered else in_minor(order.amount, exponent)
    position = credit_position(
        credit_line_minor=facts.credit_limit_minor,
        receivable_minor=facts.receivable_minor,
        prepaid_minor=facts.prepaid_minor,
        open_orders_minor=max(facts.open_orders_minor - own, 0),
    )
    return int(str(position["available_minor"]))


def sign_order(
    session: Session,
    actor: Actor,
    order: str,
    *,
    signed_name: str,
    signature_id: str,
    minor_exponent: int,
    now: datetime,
) -> None:
    """The distributor has signed: the lines are frozen, the order counts against the credit from now on.

    Args:
        session: A writing session.
        actor: The visit's rep.
        order: The id of a draft or a reopened order.
        signed_name: Who signed.
        signature_id: The signature, as the tablet delivered it.
        minor_exponent: Decimal places of the currency's minor unit.
        now: When.

    Raises:
        OverCredit: above the credit left, and no manager has agreed to it.
        InvalidValue: nothing is ordered, nobody signed, or a state in which nothing is signed.
    """
    held = _own(session, actor, order)
    if held.state == "signed" and held.signature_id == signature_id:
        return
    if "signed" not in MOVES[held.state]:
        raise InvalidValue("order", held.state, "one that is not signed")
    if not signed_name.strip():
        raise InvalidValue("name", signed_name, "who signs")
    signature = session.get(Attachment, signature_id)
    if signature is None or signature.kind != "signature" or signature.subject != subject_of(order):
        raise NotReachable("signature")
    if signature.added_at < held.changed_at:
        raise InvalidValue("signature", signature.added_at, "one given after the last change")
    row = find_order(session, actor, order)
    if not any(line.quantity > 0 for line in row.lines):
        raise InvalidValue("quantity", 0, "at least one case")
    amount, left = (
        in_minor(row.amount, minor_exponent),
        credit_left(session, actor, order, held.distributor_id, minor_exponent),
    )
    if left is not None and amount > left and held.override_by is None:
        raise OverCredit(amount, left)
    held.signed_name, held.signature_id, held.signed_at = signed_name.strip()[:100], signature_id, now
    _set_state(session, actor, held, "signed", "", now)
    fill_objectives(session, held.visit_id or "", minor_exponent)


def set_order_state(
    session: Session,
    actor: Actor,
    order: str,
    state: str,
    *,
    reason: str = "",
    minor_exponent: int,
    now: datetime,
) -> None:
    """Says that an order was sent, confirmed, reopened (`amended`) or cancelled; the last two need a reason.

    A reopened order is signed anew, and its credit is checked again then. It stays the rep's while the visit is
    worked on; sending, confirming and cancelling go on afterwards.

    Raises:
        InvalidValue: a move that the order's state does not allow, or a missing reason.
        NotAllowed, NotReachable: somebody else's order, or a visit that is closed.
    """
    require_role(actor, "Moving an order", "rep", "manager")
    held = _own(session, actor, order) if state == "amended" else _reachable(session, actor, order)
    if held.state == state:
        return
    if state not in MOVES[held.state] or state == "signed":
        raise InvalidValue("order", held.state, "a state from which this can follow")
    if state in WITH_REASON and not reason.strip():
        raise InvalidValue("reason", reason, "why")
    if state == "amended":
        held.signature_id, held.signed_name, held.signed_at = None, "", None
        held.override_by, held.override_reason = None, ""
    _set_state(session, actor, held, state, reason.strip(), now)
    if held.visit_id is not None:
        fill_objectives(session, held.visit_id, minor_exponent)


def override_credit(session: Session, actor: Actor, order: str, *, reason: str, now: datetime) -> None:
    """A manager lets an order pass above the credit left, with his reason; it holds for these quantities.

    Raises:
        NotAllowed: the actor is no manager.
        InvalidValue: without a reason, or the order is signed already.
    """
    require_role(actor, "Agreeing to an order above the credit", "manager")
    held = _reachable(session, actor, order)
    if held.state not in EDITABLE_STATES:
        raise InvalidValue("order", held.state, "one that is not signed")
    if not reason.strip():
        raise InvalidValue("reason", reason, "why")
    held.override_by, held.override_reason = actor.user_id, reason.strip()
    touch(session, held, now)
    _record(session, actor, held, "override", None, actor.user_id, reason.strip(), now)


def _own(session: Session, actor: Actor, order: str) -> Order:
    """An order of a visit that the actor still works on, or a second one that waits since an earlier visit."""
    held = session.get(Order, order)
    if held is None or held.visit_id is None:
        raise NotReachable("order")
    if held.split_from is not None and held.state == "draft":
        require_role(actor, "Signing an order", "rep")
        require_distributor(session, actor, held.distributor_id)
    else:
        editable_visit(session, actor, held.visit_id)
    return held


def _reachable(session: Session, actor: Actor, order: str) -> Order:
    """An order of a distributor of the actor's."""
    held = session.get(Order, order)
    if held is None:
        raise NotReachable("order")
    require_distributor(session, actor, held.distributor_id)
    return held


def _set_state(session: Session, actor: Actor, order: Order, state: str, reason: str, now: datetime) -> None:
    before, order.state, order.state_reason = order.state, state, reason
    touch(session, order, now)
    _record(session, actor, order, "state", before, state, reason, now)


def _record(
    session: Session,
    actor: Actor,
    order: Order,
    field: str,
    before: str | None,
    after: str,
    reason: str,
    now: datetime,
) -> None:
    if order.visit_id is None:
        return
    visit = session.get_one(Visit, order.visit_id)
    record_change(
        session,
        actor,
        visit,
        field,
        before,
        after,
        reason=reason,
        now=now,
        record="order",
        record_id=order.id,
    )
