"""The word that people read for each stored code: `word("visit.state", "returned")` is 已退回 / Returned.

Named by table and column, so that a screen, a document and an export call a thing the same.
"""

from core.errors import InvalidInput
from language.formats import MISSING
from language.translations import _, mark

STEPS = {
    "prepare": mark("Prepare"),
    "prices": mark("Prices"),
    "stock": mark("Stock"),
    "sales": mark("Sales"),
    "accounts": mark("Accounts"),
    "service": mark("Service"),
    "market": mark("Market"),
    "order": mark("Order"),
    "talk": mark("Talk"),
    "wrap_up": mark("Wrap\N{NON-BREAKING HYPHEN}up"),
    "submit": mark("Submit"),
}
"""The stepper's words, at most 8 Latin letters each; `submit` is a screen, not a stored step."""

_TAX_BASIS = {"included": mark("tax included"), "excluded": mark("tax excluded")}
_SOURCE = {
    "counted": mark("counted"),
    "read": mark("read in their system"),
    "told": mark("told"),
    "estimated": mark("estimated"),
    "imported": mark("imported"),
}
_PRICE_KIND = {"selling": mark("Selling price"), "retail": mark("Retail price")}

WORDS: dict[str, dict[str, str]] = {
    "visit_step.step": STEPS,
    "visit_step.state": {
        "open": mark("Not begun"),
        "begun": mark("Begun"),
        "done": mark("Done"),
        "skipped": mark("Skipped"),
    },
    "visit.state": {
        "planned": mark("Planned"),
        "draft": mark("In progress"),
        "submitted": mark("Submitted"),
        "returned": mark("Returned"),
        "approved": mark("Approved"),
        "cancelled": mark("Cancelled"),
    },
    "objective.kind": {
        "order_amount": mark("Order amount"),
        "list_products": mark("List products"),
        "new_product": mark("New product"),
        "collect": mark("Collect money"),
        "price": mark("Price"),
        "complaint": mark("Settle a complaint"),
        "policy": mark("Explain a policy"),
        "relationship": mark("Customer relationship"),
        "other": mark("Other"),
    },
    "objective.result": {
        "reached": mark("Reached"),
        "partly": mark("Partly"),
        "missed": mark("Not reached"),
    },
    "promise.state": {
        "open": mark("Open"),
        "kept": mark("Kept"),
        "broken": mark("Broken"),
        "withdrawn": mark("Withdrawn"),
    },
    "promise.made_by": {"company": mark("We promised"), "distributor": mark("The distributor promised")},
    "comment.kind": {
        "comment": mark("Comment"),
        "return": mark("Returned"),
        "approve": mark("Approved"),
    },
    "checklist_item.checklist": {
        "tools": mark("Tools"),
        "display": mark("Display"),
        "promotion": mark("Promotion"),
        "service": mark("Service"),
        "market": mark("Market"),
        "training": mark("Training"),
    },
    "checklist_answer.answer": {
        "yes": mark("Yes"),
        "no": mark("No"),
        "not_applicable": mark("Not applicable"),
    },
    "market_note.topic": {
        "channel": mark("Channel"),
        "price": mark("Price"),
        "product": mark("Product"),
        "advertising": mark("Advertising"),
        "promotion": mark("Promotion"),
        "share": mark("Market share"),
        "people": mark("People"),
        "point_of_sale": mark("POP and banners"),
        "credit_standing": mark("Credit standing"),
        "other": mark("Other"),
    },
    "news_item.kind": {
        "company": mark("Company news"),
        "sales": mark("Sales news"),
        "competitor": mark("Competitor news"),
        "policy": mark("Policy news"),
    },
    "talk.kind": {
        "news": mark("Told"),
        "training": mark("Training"),
        "advice": mark("Advice"),
        "solved": mark("Problem solved"),
    },
    "talk.answer": {
        "welcomed": mark("Welcomed"),
        "neutral": mark("Neutral"),
        "objected": mark("Objected"),
        "not_told": mark("Not told"),
    },
    "complaint.kind": {
        "quality": mark("Quality"),
        "delivery": mark("Delivery"),
        "price": mark("Price"),
        "promotion": mark("Promotion"),
        "service": mark("Service"),
        "account": mark("Account"),
        "return": mark("Return of goods"),
        "other": mark("Other"),
    },
    "complaint.state": {
        "recorded": mark("Recorded"),
        "handled": mark("Handled"),
        "rechecked": mark("Rechecked"),
        "reported_back": mark("Reported back"),
        "withdrawn": mark("Withdrawn"),
    },
    "prospect.stage": {
        "contact": mark("First contact"),
        "consult": mark("Consultation"),
        "follow_up": mark("Follow-up"),
        "tender": mark("Tender"),
        "signed": mark("Signed"),
        "lost": mark("Lost"),
    },
    "user_account.role": {
        "rep": mark("Sales rep"),
        "manager": mark("Regional manager"),
        "clerk": mark("Back-office clerk"),
        "administrator": mark("Administrator"),
    },
    "distributor.behaviour_type": {
        "hesitant": mark("Hesitant"),
        "lingering": mark("Lingering"),
        "quick_yes": mark("Quick yes"),
        "unknown": mark("Not known yet"),
    },
    "distributor_contact.buying_role": {
        "decider": mark("Decides"),
        "technical": mark("Technical guardian"),
        "user": mark("Uses"),
        "purse": mark("Pays"),
        "many_hats": mark("Many hats"),
    },
    "collateral.kind": {
        "deposit": mark("Deposit"),
        "property": mark("Property"),
        "vehicle": mark("Vehicle"),
        "guarantee": mark("Guarantee"),
        "consigned_goods": mark("Consigned goods"),
        "other": mark("Other"),
    },
    "open_item.kind": {
        "invoice": mark("Invoice"),
        "prepayment": mark("Prepayment"),
        "unapplied_payment": mark("Paid, not settled"),
    },
    "ledger_entry.side": {"ours": mark("Our book"), "theirs": mark("Their book")},
    "ledger_entry.kind": {
        "opening": mark("Opening balance"),
        "invoice": mark("Invoice"),
        "payment": mark("Payment"),
        "return": mark("Return of goods"),
        "rebate": mark("Rebate"),
        "claim": mark("Claim settlement"),
        "other": mark("Other"),
    },
    "account_link.verdict": {"confirmed": mark("Agreed"), "refused": mark("Not the same")},
    "account_difference.state": {
        "open": mark("Open"),
        "explained": mark("Explained"),
        "settled": mark("Settled"),
        "written_off": mark("Written off"),
    },
    "distributor_order.state": {
        "draft": mark("Draft"),
        "signed": mark("Signed"),
        "sent": mark("Sent"),
        "confirmed": mark("Confirmed"),
        "amended": mark("Amended"),
        "cancelled": mark("Cancelled"),
    },
    "order_rule.policy": {
        "service_level": mark("Service level"),
        "cover_days": mark("Days of cover"),
        "min_max": mark("Minimum and maximum"),
        "one_and_half": mark("One and a half times the sales"),
    },
    "document.kind": {
        "confirmation_letter": mark("Confirmation letter"),
        "order": mark("Order form"),
    },
    "attachment.kind": {
        "photo": mark("Photo"),
        "signature": mark("Signature"),
        "document": mark("Document"),
    },
    "price_observation.kind": {**_PRICE_KIND, "purchase": mark("Purchase price")},
    "price_policy.kind": _PRICE_KIND,
    "price_observation.unit": {"piece": mark("piece"), "case": mark("case")},
    "product.unit": {
        "bottle": mark("bottle"),
        "can": mark("can"),
        "box": mark("box"),
        "piece": mark("piece"),
    },
    "price_observation.source": _SOURCE,
    "sell_out.source": _SOURCE,
    "stock_count.source": _SOURCE,
    "company.tax_basis": _TAX_BASIS,
    "purchase_price.tax_basis": _TAX_BASIS,
    "price_policy.tax_basis": _TAX_BASIS,
    "price_observation.tax_basis": _TAX_BASIS,
    "distributor_order.tax_basis": _TAX_BASIS,
}


def word(column: str, code: str | None) -> str:
    """The word for a stored code, in the language spoken now.

    Args:
        column: Table and column, as in `WORDS`.
        code: The code that is stored there.

    Returns:
        The word; `MISSING` for `None`.

    Raises:
        InvalidInput: no such column, or no such code in it.

    Example:
        >>> from language import speaking
        >>> with speaking("zh"):
        ...     word("visit.state", "returned"), word("objective.result", None)
        ('已退回', '—')
    """
    if column not in WORDS:
        raise InvalidInput("column", "a table and column of language.words", value=repr(column))
    if code is None:
        return MISSING
    if code not in WORDS[column]:
        raise InvalidInput(column, "one of " + ", ".join(WORDS[column]), value=repr(code))
    return _(WORDS[column][code])
