"""The files of the company itself: settings, regions, markets, users, distributors and who looks after them."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from secrets import token_urlsafe

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.importing import kinds as k
from data.importing.kinds import Context
from data.importing.layout import Column, Layout, Values, later, optional
from data.passwords import hashed
from data.tables import Base
from data.tables.base import TAX_BASES
from data.tables.company import ROLES
from data.tables.distributors import BEHAVIOUR_TYPES, BUYING_ROLES, DistributorAssignment

Fill = Callable[[Values, Context], None]

_tables = Base.metadata.tables


def _company(values: Values, _context: Context) -> None:
    values["id"] = "company"
    values["name_en"] = values["name_en"] or values["name"]


def _keep_currency(before: Values, after: Values) -> str | None:
    if (before["currency"], before["minor_exponent"]) != (after["currency"], after["minor_exponent"]):
        return "The currency of a company cannot change: its amounts are kept in it."
    return None


def _names(*pairs: tuple[str, str]) -> Fill:
    """Fills an empty name from another."""

    def fill(values: Values, _context: Context) -> None:
        for name, source in pairs:
            values[name] = values[name] or values[source]

    return fill


def _distributor(values: Values, context: Context) -> None:
    _names(("short_name", "name"), ("name_en", "name"), ("short_name_en", "short_name"))(values, context)
    values["time_zone"] = values["time_zone"] or context.time_zone


def _new_user(_values: Values, now: datetime) -> Values:
    # Nobody knows this password: the user signs in after `reset-password`.
    return {"password_hash": hashed(token_urlsafe(32)), "created_at": now}


def _overlapping(session: Session, rows: list[tuple[int, Values]]) -> list[tuple[int, str, str]]:
    """Two reps cannot look after one distributor on the same day."""
    spans: dict[str, dict[date, tuple[date | None, int]]] = defaultdict(dict)
    known = select(
        DistributorAssignment.distributor_id, DistributorAssignment.from_on, DistributorAssignment.to_on
    )
    for distributor, start, end in session.execute(known):
        spans[distributor][start] = (end, 0)
    for number, values in rows:
        spans[values["distributor_id"]][values["from_on"]] = (values["to_on"], number)
    found = []
    for by_start in spans.values():
        ordered = sorted(by_start.items())
        for (start, (end, first)), (following, (_, second)) in pairwise(ordered):
            if (end is None or end > following) and max(first, second):
                message = f"Another rep has the distributor from {start}: end that assignment by {following}."
                found.append((second or first, "from_on", message))
    return found


LAYOUTS = (
    Layout(
        "company.csv",
        "The company's settings, one row. It is loaded first; without it nothing else is.",
        _tables["company"],
        ("id",),
        (
            Column("name", "name", k.text(200), "Name"),
            optional("name_en", "name_en", k.text(200), "Name in Latin letters; the name where empty", ""),
            Column("currency", "currency", k.code(3), "Currency code, such as CNY; cannot change later"),
            optional(
                "minor_exponent",
                "minor_exponent",
                k.whole(),
                "Decimals of the currency: 2 for fen and cents",
                2,
            ),
            Column("tax_basis", "tax_basis", k.one_of(*TAX_BASES), "Whether prices are usually with tax"),
            Column("time_zone", "time_zone", k.time_zone(), "Time zone of the company"),
            optional(
                "price_threshold",
                "price_threshold",
                k.decimal(4, 0),
                "Share from which a price deviates: 0.03 is 3 %",
                Decimal("0.03"),
            ),
            optional(
                "market_price_days",
                "market_price_days",
                k.whole(1),
                "Age up to which market prices are compared, in days",
                45,
            ),
            optional("short_days", "short_days", k.whole(), "Days of supply below which stock is short", 10),
            optional(
                "excess_days", "excess_days", k.whole(1), "Days of supply above which stock is excess", 45
            ),
            optional(
                "visit_interval_days", "visit_interval_days", k.whole(1), "Usual days between two visits", 21
            ),
            optional(
                "blind_counts",
                "blind_counts",
                k.yes_no(),
                "Whether the expected stock is hidden while counting",
                False,
            ),
        ),
        fill=_company,
        guard=_keep_currency,
    ),
    Layout(
        "regions.csv",
        "Sales regions: what a manager answers for.",
        _tables["region"],
        ("code",),
        (
            Column("code", "code", k.code(), "Code of the region"),
            Column("name", "name", k.text(200), "Name"),
            optional("name_en", "name_en", k.text(200), "Name in Latin letters; the name where empty", ""),
        ),
        fill=_names(("name_en", "name")),
    ),
    Layout(
        "markets.csv",
        "Markets within a region: the distributors whose prices are compared with each other.",
        _tables["market"],
        ("code",),
        (
            Column("code", "code", k.code(), "Code of the market"),
            Column("region", "region_id", k.reference("region", "code of a region"), "Region"),
            Column("name", "name", k.text(200), "Name"),
            optional("name_en", "name_en", k.text(200), "Name in Latin letters; the name where empty", ""),
        ),
        fill=_names(("name_en", "name")),
    ),
    Layout(
        "users.csv",
        "Who signs in. A loaded user has no password until `reset-password` gives him one.",
        _tables["user_account"],
        ("account",),
        (
            Column("account", "account", k.account(), "What he signs in with"),
            Column("name", "name", k.text(200), "Name as colleagues write it"),
            optional("name_en", "name_en", k.text(200), "Name in Latin letters; the name where empty", ""),
            Column("role", "role", k.one_of(*ROLES), "Role"),
            optional(
                "language", "language", k.one_of("zh", "en"), "Language of his screens; zh where empty", "zh"
            ),
        ),
        fill=_names(("name_en", "name")),
        at_first=_new_user,
    ),
    Layout(
        "user_regions.csv",
        "The regions that a manager answers for, or that are handed to a clerk.",
        _tables["user_region"],
        ("user_id", "region_id"),
        (
            Column(
                "account",
                "user_id",
                k.reference("regional", "account of a manager or clerk"),
                "Manager or clerk",
            ),
            Column("region", "region_id", k.reference("region", "code of a region"), "Region"),
        ),
    ),
    Layout(
        "distributors.csv",
        "Distributors (经销商).",
        _tables["distributor"],
        ("code",),
        (
            Column("code", "code", k.code(), "Number of the distributor"),
            Column("market", "market_id", k.reference("market", "code of a market"), "Market"),
            Column("name", "name", k.text(200), "Full name"),
            optional(
                "short_name", "short_name", k.text(200), "Short name for lists; the name where empty", ""
            ),
            optional("name_en", "name_en", k.text(200), "Name in Latin letters; the name where empty", ""),
            optional(
                "short_name_en",
                "short_name_en",
                k.text(200),
                "Short name in Latin letters; the short name where empty",
                "",
            ),
            optional("address", "address", k.text(300), "Address", ""),
            optional("territory", "territory", k.text(300), "Territory that it serves", ""),
            optional("time_zone", "time_zone", k.time_zone(), "Time zone; the company's where empty", ""),
            optional(
                "behaviour_type",
                "behaviour_type",
                k.one_of(*BEHAVIOUR_TYPES),
                "How it decides; unknown where empty",
                "unknown",
            ),
            optional("lead_time_days", "lead_time_days", k.whole(), "Days from order to delivery"),
            optional(
                "visit_interval_days",
                "visit_interval_days",
                k.whole(1),
                "Days between two visits; the company's where empty",
            ),
            optional("since_on", "since_on", k.day(), "Distributor since"),
            optional("closed_on", "closed_on", k.day(), "No distributor any more from this day on"),
        ),
        checks=(later("since_on", "closed_on"),),
        fill=_distributor,
    ),
    Layout(
        "contacts.csv",
        "People at a distributor and their part in buying.",
        _tables["distributor_contact"],
        ("id",),
        (
            Column("code", "id", k.own_code("distributor_contact"), "Your code of the contact"),
            Column(
                "distributor",
                "distributor_id",
                k.reference("distributor", "code of a distributor"),
                "Distributor",
            ),
            Column("name", "name", k.text(200), "Name"),
            optional("position", "position", k.text(100), "Position", ""),
            Column("buying_role", "buying_role", k.one_of(*BUYING_ROLES), "Part in buying"),
            optional("phone", "phone", k.text(40), "Telephone, as text", ""),
            optional("note", "note", k.text(2000), "How to talk to him", ""),
        ),
    ),
    Layout(
        "assignments.csv",
        "Which rep looks after a distributor, from a day on. At most one on any day.",
        _tables["distributor_assignment"],
        ("distributor_id", "from_on"),
        (
            Column(
                "distributor",
                "distributor_id",
                k.reference("distributor", "code of a distributor"),
                "Distributor",
            ),
            Column("rep", "rep_id", k.reference("rep", "account of a rep"), "Rep"),
            Column("from_on", "from_on", k.day(), "First day"),
            optional(
                "to_on",
                "to_on",
                k.day(),
                "First day on which it is not his any more; empty: until further notice",
            ),
        ),
        checks=(later("from_on", "to_on"),),
        whole=_overlapping,
    ),
)
