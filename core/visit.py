"""The visit as a process: its steps, when it is complete, its states and who may move it.

A visit is planned, becomes a draft when the rep starts it, is submitted, and is returned or approved by the
manager. Steps can be done in any order, left half-done, or skipped with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

STEPS = (
    "prepare",
    "prices",
    "stock",
    "sales",
    "accounts",
    "service",
    "market",
    "order",
    "talk",
    "wrap_up",
)
"""The ten steps that count, in the stepper's order; Submit is not a step to complete."""

STEP_STATES = ("open", "begun", "done", "skipped")

VISIT_STATES = ("planned", "draft", "submitted", "returned", "approved", "cancelled")

OBJECTIVE_KINDS = (
    "order_amount",
    "list_products",
    "new_product",
    "collect",
    "price",
    "complaint",
    "policy",
    "relationship",
    "other",
)
"""Sales objectives first, then administrative ones."""

COMPLAINT_KINDS = (
    "quality",
    "delivery",
    "price",
    "promotion",
    "service",
    "account",
    "return",
    "other",
)

_MOVES: Mapping[tuple[str, str], frozenset[str]] = {
    ("planned", "draft"): frozenset({"rep"}),
    ("planned", "cancelled"): frozenset({"rep"}),
    ("draft", "submitted"): frozenset({"rep"}),
    ("draft", "cancelled"): frozenset({"rep"}),
    ("returned", "submitted"): frozenset({"rep"}),
    ("submitted", "returned"): frozenset({"manager"}),
    ("submitted", "approved"): frozenset({"manager"}),
}


def may_move(state: str, to: str, role: str) -> bool:
    """Whether somebody in a role may move a visit from one state to another.

    Args:
        state: The visit's state, one of `VISIT_STATES`.
        to: The state it would get.
        role: `rep`, `manager`, `clerk` or `administrator`.

    Returns:
        True when the move is one of the process and the role makes it.

    Example:
        >>> may_move("draft", "submitted", "rep"), may_move("draft", "approved", "manager")
        (True, False)
    """
    return role in _MOVES.get((state, to), frozenset())


def is_editable(state: str) -> bool:
    """Whether the rep still enters into a visit of this state; afterwards changes are corrections.

    Example:
        >>> is_editable("returned"), is_editable("submitted")
        (True, False)
    """
    return state in ("planned", "draft", "returned")


@dataclass(frozen=True)
class Completeness:
    """How far a visit is: which steps are settled (done or skipped) and which are missing.

    Attributes:
        done: Steps done, in the stepper's order.
        skipped: Steps skipped with a reason.
        missing: Steps open, begun, or skipped without a reason.
    """

    done: tuple[str, ...]
    skipped: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether no step is missing."""
        return not self.missing


def completeness(states: Mapping[str, str], reasons: Mapping[str, str]) -> Completeness:
    """Sorts the steps of a visit into done, skipped and missing.

    Args:
        states: State by step; a step that is absent is open.
        reasons: Reason by step, for those skipped.

    Returns:
        The three lists; together they hold each of the ten steps once.

    Example:
        >>> found = completeness({"prepare": "done", "stock": "skipped"}, {"stock": "warehouse closed"})
        >>> found.done, found.skipped, len(found.missing)
        (('prepare',), ('stock',), 8)
    """
    done = tuple(step for step in STEPS if states.get(step) == "done")
    skipped = tuple(step for step in STEPS if states.get(step) == "skipped" and reasons.get(step, "").strip())
    settled = {*done, *skipped}
    return Completeness(done, skipped, tuple(step for step in STEPS if step not in settled))


def next_step(step: str) -> str:
    """The step after another; after the last one comes `submit`.

    Example:
        >>> next_step("prepare"), next_step("wrap_up")
        ('prices', 'submit')
    """
    position = STEPS.index(step) + 1
    return STEPS[position] if position < len(STEPS) else "submit"
