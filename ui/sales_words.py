"""Sales in words: the sentence to read out, the days of a period, where figures come from, what is missing."""

from datetime import date, timedelta

from data.sales_mix import Span
from language import _, current, n_, p_
from language.calendar import day
from language.formats import amount, is_missing, listed, number, percent, units
from language.words import word
from ui.markup import plain
from ui.names import name_of
from ui.sales_facts import Past, SalesFacts


def period_words(past: Past) -> dict[str, str]:
    """The periods by code, as the control shows them."""
    words = {
        "this_month": _("This month"),
        "last_month": _("Last month"),
        "a_year_ago": _("A year ago"),
        "since_visit": _("Since last visit"),
    }
    return {period: words[period] for period in past.periods}


def against_words() -> dict[str, str]:
    """What a period is compared with, by code."""
    return {"before": _("vs before"), "year": _("vs last year")}


def role_word(role: str) -> str:
    """What a product is to the distributor, as the trade says it."""
    return {
        "star": _("Main and profitable"),
        "plowhorse": _("Main"),
        "puzzle": _("Profitable"),
        "dog": p_("role", "Slow"),
        "none": _("Not sold"),
        "unknown": _("Margin unknown"),
    }[role]


def span_words(span: Span, today: date) -> str:
    """The first and the last day of a period."""
    last = span.end - timedelta(days=1)
    return day(last, today) if span.days == 1 else f"{day(span.start, today)} – {day(last, today)}"


def facts_words(facts: SalesFacts, today: date) -> str:
    """Which days the figures cover, how rows are counted to them, and where they come from."""
    if facts.after is None:
        return _("sell-out")
    sources = listed([word("sell_out.source", source) for source in facts.source])
    return _("sell-out {days}, each row counted where it begins · {source}").format(
        days=span_words(facts.after, today), source=sources
    )


def sentence(facts: SalesFacts, past: Past, currency: str, today: date) -> str:
    """What can be read out to the distributor: change, price, volume, main cause, our share, as Markdown."""
    if facts.after is None:
        return _nothing_told(past, today)
    if not facts.own["revenue"].notna().any():
        cases = number(facts.own["quantity"].sum())
        return _("**{count} cases of ours were sold**; what they brought in was not told.").format(
            count=cases
        )
    said = [_change(facts, currency, today)]
    if facts.before is not None and len(facts.bridge):
        said.append(_causes(facts, currency))
    said.append(share_words(facts))
    return joined(said)


def joined(sentences: list[str]) -> str:
    """Sentences one after the other; Chinese sets no space between them."""
    return ("" if current() == "zh" else " ").join(sentences)


def _nothing_told(past: Past, today: date) -> str:
    if past.told_until is None:
        return _("**This distributor has not told of its sales yet.** Ask for them, or load its file.")
    last = day(past.told_until - timedelta(days=1), today)
    return _("**No sales of these days are told yet**; they are known until {date}.").format(date=last)


def _change(facts: SalesFacts, currency: str, today: date) -> str:
    before, after = facts.totals
    if facts.before is None or not len(facts.bridge):
        total = amount(facts.own["revenue"].sum(), currency)
        return _("**Sold of ours: {total}.** No comparable period.").format(total=total)
    change = after - before
    told = {
        "total": amount(after, currency),
        "change": amount(abs(change), currency),
        "days": span_words(facts.before, today),
    }
    if round(change) == 0:
        return _("**Sold of ours: {total}, as much as {days}**:").format(**told)
    told["rate"] = percent(change / before if before else None, sign=True)
    if change > 0:
        return _("**Sold of ours: {total}, {change} ({rate}) more than {days}**:").format(**told)
    return _("**Sold of ours: {total}, {change} ({rate}) less than {days}**:").format(**told)


def _causes(facts: SalesFacts, currency: str) -> str:
    moved = listed(
        [
            _moved(
                facts.effects["volume"],
                currency,
                _("more volume brought {amount}"),
                _("less volume cost {amount}"),
                _("volume changed nothing"),
            ),
            _moved(
                facts.effects["price"],
                currency,
                _("higher prices brought {amount}"),
                _("lower prices cost {amount}"),
                _("prices changed nothing"),
            ),
        ]
    )
    main = main_cause(facts)
    if main is None:
        return _("{moved}; no product stands out.").format(moved=moved)
    product, effect, value = main
    cause = _cause_words(effect, value > 0).format(product=plain(product))
    return _("{moved}; the main cause: {cause} ({amount}).").format(
        moved=moved, cause=cause, amount=amount(abs(value), currency)
    )


def _moved(value: float, currency: str, rise: str, fall: str, nothing: str) -> str:
    told = amount(abs(value), currency)
    return nothing if round(value) == 0 else (rise if value > 0 else fall).format(amount=told)


def main_cause(facts: SalesFacts) -> tuple[str, str, float] | None:
    """The one product and effect that did most for the change: name, effect and currency units.

    Volume and mix of one product are together what its quantity did. `None` when nothing changed.
    """
    bridge = facts.bridge
    change = float(bridge["change"].sum())
    if round(change) == 0:
        return None
    effects = {
        "price": bridge["price"],
        "quantity": bridge["volume"] + bridge["mix"],
        "new": bridge["new"],
        "discontinued": bridge["discontinued"],
    }
    pull = 1 if change > 0 else -1
    effect = max(effects, key=lambda name: float((pull * effects[name]).max()))
    product = (pull * effects[effect]).idxmax()
    names = facts.names
    shown = name_of(str(names.at[product, "name"]), str(names.at[product, "name_en"]))
    return shown, effect, pull * float((pull * effects[effect]).max())


def _cause_words(effect: str, is_rise: bool) -> str:
    if effect == "price":
        return _("{product} became dearer") if is_rise else _("{product} became cheaper")
    if effect == "quantity":
        return _("{product} sells more") if is_rise else _("{product} sells less")
    if effect == "new":
        return _("{product} is new")
    return _("{product} is gone")


def share_words(facts: SalesFacts) -> str:
    """Our part of what is known of the distributor's sales, and whether a part of it is estimated."""
    if is_missing(facts.share):
        if facts.rivals.empty:
            return _("Competitors' sales are not known yet.")
        return _("Competitors' sales are not known in money yet.")
    said = [_("Of its sales known to us, ours are {share}.").format(share=percent(facts.share, 0))]
    estimated = int(facts.rivals["is_estimated"].sum())
    if estimated:
        said.append(
            n_(
                "One competitor's amount is estimated from its price here.",
                "{count} competitors' amounts are estimated from their prices here.",
                estimated,
            ).format(count=estimated)
        )
    return joined(said)


def rivals_words(facts: SalesFacts, currency: str) -> str:
    """Competitors' volume as far as it is known, our share, and what the share leaves out."""
    known = facts.rivals
    if known.empty:
        return share_words(facts)
    said = [
        _("Known of competitors: {cases}, {amount}.").format(
            cases=units(round(float(known["quantity"].sum())), "case"),
            amount=amount(known["revenue"].sum(min_count=1), currency),
        )
    ]
    if not is_missing(facts.share):
        said.append(share_words(facts))
    without = int(known["revenue"].isna().sum())
    if without:
        said.append(
            n_(
                "One is in no amount and no share: its price here is not known.",
                "{count} are in no amount and no share: their prices here are not known.",
                without,
            ).format(count=without)
        )
    return joined(said)


def missing_words(facts: SalesFacts) -> list[str]:
    """What the figures leave out and why, in sentences."""
    own = facts.own
    said = []
    revenue = int(own["revenue"].isna().sum())
    if revenue:
        said.append(
            n_(
                "{count} product is left out of the amounts: what it brought in was not told.",
                "{count} products are left out of the amounts: what they brought in was not told.",
                revenue,
            ).format(count=revenue)
        )
    cost = int(own["cost"].isna().sum())
    if cost:
        said.append(
            n_(
                "{count} product has no margin and no role: its cost was not told.",
                "{count} products have no margin and no role: their costs were not told.",
                cost,
            ).format(count=cost)
        )
    return said
