"""The order in words: what stands beside the title, and the sentence to read out."""

from datetime import date

from language import _, current, n_
from language.calendar import day
from language.formats import amount, days, listed, percent, units
from ui.markup import plain
from ui.order_facts import OrderFacts
from ui.order_live import LiveOrder


def between() -> str:
    """What stands between two sentences: a Chinese full stop is as wide as a space already."""
    return " " if current() == "en" else ""


def change_reasons() -> dict[str, str]:
    """The words for why a rep orders otherwise than suggested, by code."""
    return {
        "customer_wish": _("Customer's wish"),
        "promotion": _("Promotion"),
        "storage": _("No room"),
        "money": _("Short of money"),
        "count_doubtful": _("Count doubtful"),
        "other": _("Other"),
    }


def title_facts(facts: OrderFacts, today: date) -> str:
    """What stands beside the title: the count it stands on, when goods come, how far they must reach."""
    counted = _counted(facts, today)
    arrives = _("delivery {day}").format(day=day(facts.deliver_on, today))
    if facts.is_lead_assumed:
        arrives = f":orange[{_('delivery in {days}, assumed').format(days=days(facts.lead_days))}]"
    reach = _("fill to {days} of forecast sales").format(days=days(facts.target_days))
    told = [*([counted] if counted else []), arrives, reach]
    if not facts.has_prices:
        told.append(f":orange[{_('no prices known')}]")
    return " · ".join(told)


def _counted(facts: OrderFacts, today: date) -> str:
    if facts.count_on is None:
        # The sentence below begins with it.
        return ""
    counts = facts.counts
    if counts.latest_before is None:
        return _("from this visit's count")
    age = days((facts.on - counts.latest_before).days)
    told = {"day": day(counts.latest_before, today), "age": age, "now": counts.now, "known": counts.known}
    text = _("count of {day}, {age} ago, carried forward")
    if counts.now:
        text = _("{now} of {known} counted, the rest from {day}")
    return f":orange[{text.format(**told)}]"


def sentence(facts: OrderFacts, live: LiveOrder, today: date) -> str:
    """What can be read out to the distributor, as Markdown."""
    if live.is_cancelled:
        return _("**The order was cancelled.** {reason}").format(
            reason=plain(live.first.state_reason if live.first else "")
        )
    count = len(facts.groups["suggested"])
    if not live.is_open:
        said = n_(
            "**{cases} of {count} product ordered.**",
            "**{cases} of {count} products ordered.**",
            len(live.ordered),
        )
        return said.format(cases=units(live.cases, "case"), count=len(live.ordered))
    if not count and facts.count_on is None:
        said = _(
            "**Nothing was ever counted here, so nothing is suggested.** Count first, or order by hand: what"
            " sells most stands on top."
        )
    elif not count:
        said = _("**Nothing needs to be ordered today.**")
    else:
        told = _told(facts, today)
        if told:
            text = n_(
                "**{cases} of {count} product suggested**: {facts}.",
                "**{cases} of {count} products suggested**: {facts}.",
                count,
            )
        else:
            text = n_(
                "**{cases} of {count} product suggested.**",
                "**{cases} of {count} products suggested.**",
                count,
            )
        said = text.format(cases=units(facts.urgency.cases, "case"), count=count, facts=listed(told))
    if live.changed:
        said += between() + n_(
            "You changed {count} line.", "You changed {count} lines.", live.changed
        ).format(count=live.changed)
    if live.unpriced:
        text = n_(
            "{count} line ordered has no price and is not in the amount.",
            "{count} lines ordered have no price and are not in the amount.",
            live.unpriced,
        )
        said += between() + text.format(count=live.unpriced)
    return said


def against_objective(live: LiveOrder, currency: str) -> str:
    """The order against what the visit is to sell; empty where nothing was set, or nothing ordered has a price."""
    target = live.bounds.objective
    if target is None or (live.unpriced and live.unpriced == len(live.ordered)):
        return ""
    share = percent(float(live.amount / target), 0)
    if live.unpriced:
        text = _("At least {share} of the objective of {target}.")
        return text.format(share=share, target=amount(target, currency))
    return _("{share} of the objective of {target}.").format(share=share, target=amount(target, currency))


def _told(facts: OrderFacts, today: date) -> list[str]:
    told, out, late = [], facts.urgency.out, facts.urgency.late
    if out:
        told.append(n_("{count} is out", "{count} are out", out).format(count=out))
    if late:
        told.append(
            n_("{count} will not last until {day}", "{count} will not last until {day}", late).format(
                count=late, day=day(facts.deliver_on, today)
            )
        )
    gaps = len(facts.groups["gaps"])
    if gaps:
        told.append(
            n_("{count} must-sell product is missing", "{count} must-sell products are missing", gaps).format(
                count=gaps
            )
        )
    unknown = len(facts.groups["unknown"])
    if unknown:
        told.append(
            n_("{count} without a suggestion", "{count} without a suggestion", unknown).format(count=unknown)
        )
    return told
