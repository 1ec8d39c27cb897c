"""Account reconciliation: two books compared, payments and open items, ageing, credit, price protection."""

from core.reconciliation.credit import credit_position, days_sales_outstanding, price_protection
from core.reconciliation.matching import Reconciliation, reconcile
from core.reconciliation.open_items import ageing, settle
from core.reconciliation.payments import match_payments
from core.reconciliation.references import normalise_reference

__all__ = [
    "Reconciliation",
    "ageing",
    "credit_position",
    "days_sales_outstanding",
    "match_payments",
    "normalise_reference",
    "price_protection",
    "reconcile",
    "settle",
]
