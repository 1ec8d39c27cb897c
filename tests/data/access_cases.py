"""What each argument of a function of `data` is in the access tests; a new name of an argument is added here."""

import inspect
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from data.identifiers import new_id
from data.pictures import SafePicture
from data.visit_log import LogFilter

NO_ACTOR_YET = {
    # Building blocks that know no person: they are handed what somebody was already let through to.
    "access": "the rules themselves",
    "engine": "makes connections",
    "database": "names the database",
    "migrate": "changes the schema",
    "types": "column types",
    "errors": "errors",
    "frames": "turns rows into tables",
    "identifiers": "makes ids",
    "model_page": "writes a page of the docs",
    "values": "changes a record that its caller has found",
    "pictures": "makes a picture safe",
    "entry_fields": "reads an entry",
    "entry_rows": "rows",
    "entry_words": "runs within a command that has let the actor through",
    "entry_projections": "runs within a command that has let the actor through",
    "rival_moves": "runs within a command that has let the actor through",
    "their_book": "makes codes of lines",
    "book_cells": "reads a cell of a file",
    "book_checks": "compares two lists of lines",
    "book_files": "reads a file",
    "letters.canonical": "writes figures the same way",
    "order_records": "runs within commands that have let the actor through",
    "passwords": "hashes and rules",
    "sign_in_delay": "before anybody is somebody",
    "sign_in.sign_in": "finds out who the actor is",
    "sign_in.sign_in_demo": "finds out who the actor is",
    "sign_in.demo_users": "the demo's chips, on the machine itself",
    "sign_in.signed_in_user": "finds out who the actor is",
    "sign_in.recognise": "finds out who the actor is",
    "sign_in.sign_out": "ends the session of the token given",
    "sign_in.end_sessions": "runs within a command of the administrator's",
    "sign_in.change_password": "knows its person by the token",
    "sign_in.account_of": "writes an account's name the same way",
    "sign_in.set_language": "changes the actor's own row and no other",
    "audit.record_change": "runs within a command that has let the actor through",
    "visits.visit_rows": "runs a statement that select_visits made",
    "visits.select_visits": "makes a statement, from the actor alone",
    "backup": "the operator at the machine",
    "backup_values": "the operator at the machine",
    "restore": "the operator at the machine",
    "operator": "the operator at the machine",
}
"""Modules and functions without an actor, each with its reason."""

EVERYBODYS = {
    "company.company_settings": "thresholds and currency",
    "inventory.product_names": "the product list",
    "market.competitors": "who competes",
    "preparation.changes_since": "price list, promotions and news are for everybody",
    "price_comparison.purchase_prices": "the price list",
    "order_suggestion.orderable": "the product list",
    "order_suggestion.order_rules": "how the company replenishes",
    "order_suggestion.promotions_between": "promotions are for everybody",
    "price_protection.price_cuts": "the price list, beside counts that the demo does not have",
    "checklists.checklist": "the office's questions",
    "coaching.news_to_tell": "the office's news",
}
"""Questions whose answers hold nothing of a distributor, so that nothing can leak; they still need the visit."""

OWN_ALONE = {
    "entries.conflicts_of": "only the actor's own proposals",
    "visits.returned_visits": "only the actor's own visits",
    "visits.unfinished_visits": "only the actor's own visits",
    "visit_steps.editable_visit": "only the rep of the visit, besides the filter",
    "users.create_user": "a command that answers; the tests of commands hold it",
    "account_differences.close_vanished": "a command that answers",
    "their_lines.preview_book": "compares a file, which the world here does not have",
    "order_suggestion.goods_coming": "orders under way, which the chosen one does not have",
}
"""Questions that ask for the actor's own beside the filter: without the filter they still tell nothing."""

OWN_WORDS = {
    "objectives.add_objective": {"kind": "other"},
    "objectives.change_objective": {"field": "text", "seen": "", "value": "x"},
    "service.add_complaint": {"kind": "quality"},
    "coaching.save_coaching": {"kind": "advice"},
    "coaching.answer_news": {"seen": None, "answer": "welcomed"},
    "checklists.answer_checklist": {"seen": None, "answer": "yes"},
    "attachments.add_attachment": {"kind": "photo"},
    "promises.close_promise": {"seen": "open", "state": "kept"},
    "visit_steps.set_step": {"state": "done"},
    "wrap_up.set_next_visit": {"seen": None},
    "account_differences.say_of_difference": {"field": "reason"},
    "order_states.set_order_state": {"state": "sent"},
}


def arguments_for(name: str, parameters: Iterable[inspect.Parameter], world: Any) -> dict[str, Any]:
    """Values for the arguments of a function, all about the visit that is not the outsider's."""
    known = values(world) | OWN_WORDS.get(name, {})
    if name == "orders.find_order":
        known["wanted"] = world.order_id
    given = {}
    for parameter in parameters:
        if parameter.name in known:
            given[parameter.name] = known[parameter.name]
        elif parameter.default is inspect.Parameter.empty:
            raise AssertionError(f"{name}: no value is known for {parameter.name}; add it to access_cases.py")
    return given


def values(world: Any) -> dict[str, Any]:
    today = world.today
    return {
        "visit_id": world.visit.id,
        "visit_ids": [world.visit.id],
        "distributor_id": world.distributor_id,
        "distributor_ids": [world.distributor_id],
        "objective_id": world.objective_id,
        "promise_id": world.promise_id,
        "directive_id": world.directive_id,
        "complaint_id": world.complaint_id,
        "attachment_id": world.attachment_id,
        "entry_id": world.entry_id,
        "entries": [
            {
                "id": new_id(),
                "user": world.visit.rep_id,
                "visit": world.visit.id,
                "row": "visit",
                "field": "summary",
                "value": "x",
            }
        ],
        "order": world.order_id,
        "wanted": LogFilter(),
        "orders": world.orders,
        "offers": [],
        "held_back": {},
        "signed_name": "x",
        "signature_id": world.attachment_id,
        "quantity": Decimal(1),
        "span": world.span,
        "spans": {"this": world.span},
        "source": "told",
        "file": None,
        "file_name": "x.csv",
        "line": None,
        "letter": None,
        "found": None,
        "present": [],
        "collateral_id": world.collateral_id,
        "link_id": new_id(),
        "document_id": world.document_id,
        "difference_id": world.difference_id,
        "our_ids": ["a"],
        "their_ids": ["b"],
        "verdict": "confirmed",
        "as_of_on": today,
        "deliver_on": today,
        "amount_minor": 1,
        "note_id": new_id(),
        "talk_id": new_id(),
        "prospect_id": new_id(),
        "comment_id": new_id(),
        "good_id": new_id(),
        "item_id": new_id(),
        "news_id": new_id(),
        "product_id": world.product_id,
        "user_id": world.visit.rep_id,
        "rep_id": world.visit.rep_id,
        "to_rep_id": world.visit.rep_id,
        "company": world.company,
        "credit": {},
        "name": "display",
        "name_en": "display",
        "account": world.account,
        "role": "rep",
        "language": "en",
        "region_ids": (),
        "step": "prepare",
        "text": "x",
        "answer": "x",
        "reason": "x",
        "owner": "x",
        "made_by": "company",
        "topic": "price",
        "competitor": "",
        "contact": "",
        "next_step": "x",
        "next_step_on": today,
        "subject": "",
        "picture": SafePicture(b"x", "image/jpeg"),
        "content": b"x",
        "accept": True,
        "satisfied": True,
        "is_done": True,
        "target": None,
        "seen": None,
        "value": Decimal(1),
        "passed_on": None,
        "due_on": today,
        "on": today,
        "from_on": today,
        "since": None,
        "before": world.until,
        "after": today - timedelta(days=400),
        "until": world.until,
        "start": today - timedelta(days=400),
        "end": world.until,
        "days": 400,
        "limit": 500,
        "tax_basis": world.company.tax_basis,
        "minor_exponent": 2,
        "now": world.visit.changed_at,
    }
