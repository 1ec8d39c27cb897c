"""What stands out at a distributor: each alarm with its figure and the threshold that made it.

The screens turn an alarm into a sentence; here is only what is true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

SEVERITIES = ("wrong", "attention", "high", "note")
"""Worst first: wrong (red), attention (orange), high (blue), note (blue or grey)."""


@dataclass(frozen=True)
class Alarm:
    """One thing that stands out.

    Attributes:
        kind: `out_of_stock`, `over_credit`, `over_base_stock`, `below_market`, `above_market`, `below_cost`,
            `promise_due`, `near_expiry`, `complaint_open`, `visit_overdue`, `first_visit`.
        severity: One of `SEVERITIES`.
        subject: What it is about (a product's name, a promise's text); empty where the kind says it all.
        subject_en: The same in English.
        figure: By how much: a quantity, a fraction, days or minor units, by kind.
        threshold: The bound that made it an alarm, in the figure's unit; `None` where there is none.
        since: Day from which on it holds, or the day that is due; `None` when unknown.
        count: How many of the same kind stand behind it.
    """

    kind: str
    severity: str
    subject: str = ""
    subject_en: str = ""
    figure: float | None = None
    threshold: float | None = None
    since: date | None = None
    count: int = 1


_ORDER = {
    kind: position
    for position, kind in enumerate(
        (
            "over_credit",
            "over_base_stock",
            "out_of_stock",
            "below_cost",
            "below_market",
            "above_market",
            "promise_due",
            "complaint_open",
            "near_expiry",
            "visit_overdue",
            "first_visit",
        )
    )
}


def worst_first(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Sorts alarms by severity, then kind, then size.

    Example:
        >>> [a.kind for a in worst_first([Alarm("near_expiry", "attention"), Alarm("over_credit", "wrong")])]
        ['over_credit', 'near_expiry']
    """
    return sorted(
        alarms,
        key=lambda alarm: (
            SEVERITIES.index(alarm.severity),
            _ORDER[alarm.kind],
            -abs(alarm.figure or 0),
            alarm.subject,
        ),
    )


def credit_alarms(
    *,
    exposure_minor: int,
    credit_limit_minor: int | None,
    consigned_minor: int,
    base_stock_minor: int | None,
) -> list[Alarm]:
    """Credit limit and base-stock credit, each against what is out.

    Args:
        exposure_minor: Receivable less prepayments plus open orders, in minor units.
        credit_limit_minor: The credit limit (信用额度), minor units; `None` when none is agreed.
        consigned_minor: Goods out on base-stock credit, at value, minor units.
        base_stock_minor: The base-stock credit (铺底额度), minor units; `None` when none is agreed.

    Returns:
        An alarm a line that is passed; the figure is the excess in minor units.

    Example:
        >>> credit_alarms(exposure_minor=8_630_000, credit_limit_minor=8_000_000,
        ...               consigned_minor=0, base_stock_minor=None)[0].figure
        630000
    """
    lines = (
        ("over_credit", exposure_minor, credit_limit_minor),
        ("over_base_stock", consigned_minor, base_stock_minor),
    )
    return [
        Alarm(kind, "wrong", figure=used - line, threshold=line)
        for kind, used, line in lines
        if line is not None and used > line
    ]


def promise_alarms(promises: Sequence[tuple[str, date | None]], today: date) -> list[Alarm]:
    """Promises due today or earlier that are still open; one without a date is never due.

    Args:
        promises: Text and due day of each open promise.
        today: The day at the distributor's place.

    Example:
        >>> promise_alarms([("two racks", date(2026, 11, 21))], date(2026, 11, 21))[0].figure
        0.0
    """
    return [
        Alarm(
            "promise_due",
            "attention",
            subject=text,
            subject_en=text,
            figure=float((today - due).days),
            since=due,
        )
        for text, due in promises
        if due is not None and due <= today
    ]


def stock_alarms(names: Sequence[tuple[str, str]], counted_on: date | None) -> list[Alarm]:
    """Products that sell and of which none was left at the last count.

    Args:
        names: Name and English name of each product that is out.
        counted_on: Day of that count.

    Example:
        >>> stock_alarms([("绿茶", "Green tea")], None)[0].subject_en
        'Green tea'
    """
    return [
        Alarm("out_of_stock", "wrong", subject=name, subject_en=english, since=counted_on)
        for name, english in names
    ]


def price_alarms(deviations: Sequence[tuple[str, str, float, str]], threshold: float) -> list[Alarm]:
    """Prices that stand out of the market.

    Args:
        deviations: Name, English name, deviation from the market median as a fraction, and the status that
            `core.price_comparison.compare_distributors` gave.
        threshold: The smallest deviation that counts, a fraction.

    Example:
        >>> [alarm.kind for alarm in price_alarms([("乌龙", "Oolong", -0.146, "low")], 0.03)]
        ['below_market']
    """
    kinds = {"low": ("below_market", "attention"), "high": ("above_market", "high")}
    return [
        Alarm(*kinds[status], subject=name, subject_en=english, figure=deviation, threshold=threshold)
        for name, english, deviation, status in deviations
        if status in kinds
    ]


def expiry_alarm(lots: int, at_risk: float) -> list[Alarm]:
    """Lots that will not all sell before their date.

    Args:
        lots: How many lots have goods at risk.
        at_risk: Base units that cannot be sold in time.

    Example:
        >>> expiry_alarm(2, 690.0)[0].count
        2
    """
    return [Alarm("near_expiry", "attention", figure=at_risk, count=lots)] if lots and at_risk > 0 else []


def complaint_alarm(recorded: Sequence[date], today: date) -> list[Alarm]:
    """Complaints that nobody has answered yet; the figure is the age of the oldest in days.

    Example:
        >>> complaint_alarm([date(2026, 11, 16)], date(2026, 11, 21))[0].figure
        5.0
    """
    if not recorded:
        return []
    oldest = min(recorded)
    return [
        Alarm(
            "complaint_open",
            "attention",
            figure=float((today - oldest).days),
            since=oldest,
            count=len(recorded),
        )
    ]
