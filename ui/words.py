"""The words that belong to codes: steps, states, kinds, roles. Resolved as they are drawn, never at import."""

from language import _


def step_word(step: str) -> str:
    """The stepper's word for a step, at most eight Latin letters."""
    return {
        "prepare": _("Prepare"),
        "prices": _("Prices"),
        "stock": _("Stock"),
        "sales": _("Sales"),
        "accounts": _("Accounts"),
        "service": _("Service"),
        "market": _("Market"),
        "order": _("Order"),
        "talk": _("Talk"),
        "wrap_up": _("Wrap‑up"),
        "submit": _("Submit"),
    }[step]


def visit_state(state: str) -> str:
    """A visit's state."""
    return {
        "planned": _("planned"),
        "draft": _("in progress"),
        "submitted": _("submitted"),
        "returned": _("returned"),
        "approved": _("approved"),
        "cancelled": _("cancelled"),
    }[state]


def result_word(result: str) -> str:
    """Whether an objective was reached."""
    return {"reached": _("Reached"), "partly": _("Partly"), "missed": _("Missed")}[result]


def objective_kind(kind: str) -> str:
    """What sort of objective it is."""
    return {
        "order_amount": _("Order amount"),
        "list_products": _("Products to list"),
        "new_product": _("New product"),
        "collect": _("Collect money"),
        "price": _("Price"),
        "complaint": _("Settle a complaint"),
        "policy": _("Explain a policy"),
        "relationship": _("Customer relationship"),
        "other": _("Other"),
    }[kind]


def role_word(role: str) -> str:
    """A user's role."""
    return {
        "rep": _("Sales rep"),
        "manager": _("Regional manager"),
        "clerk": _("Back-office clerk"),
        "administrator": _("Administrator"),
    }[role]
