"""When the demo's reps visit: a year of past visits, today's plan, two overdue, and 28 days ahead."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from data.demo.company import PEOPLE, person
from data.demo.distributors import PLACES, Place
from data.demo.rows import chance, demo_id

DAYS_BACK = 350
DAYS_AHEAD = 28
CLOCKS = ("10:00", "11:30", "13:30", "15:00", "16:30", "17:30", "08:30", "09:15")
CANCELLED_SHARE = 0.025


@dataclass(frozen=True)
class Appointment:
    """A visit of the demo, past or planned."""

    place: Place
    rep: str
    day: date
    clock: str
    stop: int
    state: str
    is_planned: bool = True

    @cached_property
    def id(self) -> str:
        """The id of the visit's row."""
        return demo_id("visit", self.place.code, self.day)

    @cached_property
    def rep_id(self) -> str:
        """The id of the rep."""
        return person(self.rep).id

    @property
    def rep_name(self) -> str:
        """The name of the rep."""
        return person(self.rep).name

    @property
    def is_made(self) -> bool:
        """Whether the visit was made to its end."""
        return self.state in ("submitted", "returned", "approved")


def schedule(today: date) -> list[Appointment]:
    """All visits in order of day and time."""
    wanted: list[tuple[date, Place, str, str]] = []
    for rep in (p.account for p in PEOPLE if p.role == "rep"):
        for place, anchor, state in _anchors(rep, today):
            wanted.append((anchor, place, rep, state))
            wanted.extend(_later(place, rep, anchor, today))
            if not place.is_new:
                wanted.extend(_earlier(place, anchor, today))
    wanted.sort(key=lambda w: (w[0], w[2], w[3] != "draft", w[1].number))
    stops: Counter[tuple[str, date]] = Counter()
    appointments = []
    for day, place, rep, state in wanted:
        stop = stops[rep, day]
        stops[rep, day] += 1
        planned = state == "planned" or chance("planned", place.code, day).random() > 0.08
        appointments.append(
            Appointment(place, rep, day, _clock(state, stop, day == today), stop + 1, state, planned)
        )
    return appointments


def _clock(state: str, stop: int, is_today: bool) -> str:
    # Who has already sent today's first report was there before the others began.
    return "08:30" if is_today and state == "submitted" else CLOCKS[stop % len(CLOCKS)]


def _anchors(rep: str, today: date) -> list[tuple[Place, date, str]]:
    """The visit of each distributor that stands nearest to today: overdue, yesterday's, or today's."""
    places = [p for p in PLACES if p.rep == rep]
    if rep == "limin":
        overdue = {6: 7, 7: 4}
        return [
            (p, today - timedelta(days=overdue[p.number]), "planned")
            if p.number in overdue
            else (p, _workday_before(today), "returned")
            if p.story == "returned"
            else (p, today, "draft" if p.story == "lead" else "planned")
            for p in places
        ]
    anchors = [(p, today, "submitted" if n == 0 else "planned") for n, p in enumerate(places[:4])]
    anchors.append((places[4], today - timedelta(days=3), "planned"))
    anchors.extend((p, _workday_before(today), "submitted") for p in places[5:])
    return anchors


def _workday_before(day: date) -> date:
    before = day - timedelta(days=1)
    return before - timedelta(days=1) if before.weekday() == 6 else before


def _later(place: Place, rep: str, anchor: date, today: date) -> list[tuple[date, Place, str, str]]:
    days = []
    day = max(anchor, today) + timedelta(days=place.visit_interval_days - 2)
    while day <= today + timedelta(days=DAYS_AHEAD):
        days.append((_off_sunday(day), place, rep, "planned"))
        day += timedelta(days=place.visit_interval_days)
    return [d for d in days if d[0] <= today + timedelta(days=DAYS_AHEAD)]


def _earlier(place: Place, anchor: date, today: date) -> list[tuple[date, Place, str, str]]:
    visits: list[tuple[date, Place, str, str]] = []
    day = anchor - timedelta(days=place.visit_interval_days)
    while day > today - timedelta(days=DAYS_BACK):
        on = _off_sunday(day)
        last = not visits
        state = "approved"
        if last and place.number in (18, 33):
            state = "returned"
        elif not last and chance("cancelled", place.code, on).random() < CANCELLED_SHARE:
            state = "cancelled"
        handed_over = place.number == 9 and on < today - timedelta(days=190)
        visits.append((on, place, "limin" if handed_over else place.rep, state))
        day -= timedelta(
            days=place.visit_interval_days + chance("gap", place.code, on).choice((-2, 0, 0, 1, 3))
        )
    return visits


def _off_sunday(day: date) -> date:
    return day + timedelta(days=1) if day.weekday() == 6 else day
