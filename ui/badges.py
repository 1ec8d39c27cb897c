"""Alarms as badges: what, by how much, against which threshold."""

from collections.abc import Sequence
from functools import lru_cache

from core.alarms import Alarm
from data.company import CompanySettings
from language import _, current, n_
from language.formats import amount, number, percent
from ui.icons import ALARM_ICONS
from ui.markup import badge, plain, small
from ui.names import name_of

COLOURS = {"wrong": "red", "attention": "orange", "high": "blue", "note": "blue"}


_REMEMBERED = 4096
"""Words kept ready: a long shelf has dozens of alarms, in the same words at every touch."""


def alarm_text(alarm: Alarm, company: CompanySettings) -> str:
    """An alarm in a few words, for a badge."""
    return _text(current(), alarm, company.currency, company.minor_exponent)


def alarm_reason(alarm: Alarm, company: CompanySettings) -> str:
    """Why it is an alarm, with its threshold, and what to do."""
    return _reason(current(), alarm, company.currency, company.minor_exponent)


def alarm_line(alarm: Alarm, company: CompanySettings) -> str:
    """An alarm as a badge, and under it why it is one, with its threshold, and what to do."""
    return _line(current(), alarm, company.currency, company.minor_exponent)


def alarm_badge(alarm: Alarm, company: CompanySettings) -> str:
    """An alarm as a badge."""
    return _badge(current(), alarm, company.currency, company.minor_exponent)


@lru_cache(maxsize=_REMEMBERED)
def _badge(spoken: str, alarm: Alarm, currency: str, minor_exponent: int) -> str:
    told = _text(spoken, alarm, currency, minor_exponent)
    return badge(COLOURS[alarm.severity], ALARM_ICONS[alarm.kind], told)


@lru_cache(maxsize=_REMEMBERED)
def _text(spoken: str, alarm: Alarm, currency: str, minor_exponent: int) -> str:
    subject = name_of(alarm.subject, alarm.subject_en)
    figure = alarm.figure or 0.0
    if alarm.kind == "out_of_stock":
        return _("{product} out of stock").format(product=subject)
    if alarm.kind == "over_credit":
        return _("Over the credit limit by {amount}").format(amount=_money(figure, currency, minor_exponent))
    if alarm.kind == "over_base_stock":
        return _("Over base-stock credit by {amount}").format(amount=_money(figure, currency, minor_exponent))
    if alarm.kind == "below_market":
        return _("{product} {share} below market").format(product=subject, share=percent(-figure))
    if alarm.kind == "above_market":
        return _("{product} {share} above market").format(product=subject, share=percent(figure))
    if alarm.kind == "promise_due":
        if figure > 0:
            return _("Promise {days} days overdue: {promise}").format(days=number(figure), promise=subject)
        return _("Promise due today: {promise}").format(promise=subject)
    if alarm.kind == "near_expiry":
        return n_(
            "{count} lot will not sell in time", "{count} lots will not sell in time", alarm.count
        ).format(count=alarm.count)
    if alarm.kind == "complaint_open":
        return n_(
            "{count} complaint unanswered ({days} days)",
            "{count} complaints unanswered ({days} days)",
            alarm.count,
        ).format(count=alarm.count, days=number(figure))
    return {
        "first_visit": _("New distributor: profile first"),
        "visit_overdue": _("Visit {days} days overdue").format(days=number(figure)),
        "below_cost": _("{product} below cost").format(product=subject),
    }[alarm.kind]


@lru_cache(maxsize=_REMEMBERED)
def _line(spoken: str, alarm: Alarm, currency: str, minor_exponent: int) -> str:
    reason = small(plain(_reason(spoken, alarm, currency, minor_exponent)))
    return f"{_badge(spoken, alarm, currency, minor_exponent)}  \n{reason}"


@lru_cache(maxsize=_REMEMBERED)
def _reason(spoken: str, alarm: Alarm, currency: str, minor_exponent: int) -> str:
    if alarm.kind in ("below_market", "above_market"):
        return _("Threshold {threshold}. Ask what happened before you judge.").format(
            threshold=percent(alarm.threshold or 0.0, 0)
        )
    if alarm.kind in ("over_credit", "over_base_stock"):
        return _("The line is {line}. Agree on a payment before the next delivery.").format(
            line=_money(alarm.threshold or 0.0, currency, minor_exponent)
        )
    return {
        "out_of_stock": _("None left at the last count though it sells. Count again and order."),
        "promise_due": _("Keep it today, or agree on a new day and say why."),
        "near_expiry": _("At today's rate these goods outlive their date. Agree on how to sell them down."),
        "complaint_open": _("Recorded and not answered. Answer at once, and say who handles it."),
        "first_visit": _("No visit yet. Ask for people, territory and terms."),
        "visit_overdue": _("The agreed rhythm was missed."),
        "below_cost": _("It sells below its purchase price. Ask what happened."),
    }[alarm.kind]


def badges(alarms: Sequence[Alarm], company: CompanySettings, limit: int = 3) -> str:
    """The worst alarms as badges, and how many more there are; a green word where there is none."""
    if not alarms:
        return badge("green", ":material/check:", _("Nothing stands out"))
    shown = [alarm_badge(alarm, company) for alarm in alarms[:limit]]
    if len(alarms) > limit:
        shown.append(f":gray-badge[+{len(alarms) - limit}]")
    return " ".join(shown)


def _money(minor: float, currency: str, minor_exponent: int) -> str:
    return amount(minor / 10**minor_exponent, currency)
