"""What the order screen assumes where nobody has said when goods arrive."""

from datetime import date, timedelta

import pytest

from data.order_suggestion import Rhythm
from tests.core.test_order_table import ON, counted, past
from ui.order_facts import OrderFacts, calculated


def facts(found: Rhythm) -> OrderFacts:
    return calculated(past(), counted(), ON, found)


def test_a_lead_time_that_nobody_said_is_assumed_and_said() -> None:
    found = facts(Rhythm(None, None, 14))
    assert (found.lead_days, found.is_lead_assumed, found.target_days) == (7, True, 21)
    assert found.deliver_on == ON + timedelta(days=7)


@pytest.mark.parametrize(("days", "review"), [(10, 10), (None, 14), (-3, 14)])
def test_the_review_period_ends_with_the_next_visit(days: int | None, review: int) -> None:
    coming: date | None = None if days is None else ON + timedelta(days=days)
    assert facts(Rhythm(7, coming, 14)).review_days == review


def test_a_line_is_made_when_it_is_drawn_and_then_kept() -> None:
    found = facts(Rhythm(7, None, 14))
    (line,) = found.lines(found.groups["suggested"])
    assert (line["id"], line["quantity"]) == ("tea", 165)
    assert found.lines(["tea"])[0] is line


def test_only_what_is_suggested_is_offered_with_a_quantity() -> None:
    found = facts(Rhythm(7, None, 14))
    (offer,) = found.offers
    assert (offer.suggested, offer.quantity, offer.pack_size, offer.unit_price) == (165, 165, 15, 2)
    line = found.offered["tea"]
    assert (line.cases, line.change, line.is_offered) == (11, 0, False)
