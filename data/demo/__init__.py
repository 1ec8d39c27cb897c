"""The demo company: made by seeded code, fresh relative to a given day, the same on every machine."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from data.demo.accounts import accounts, add_accounts
from data.demo.checklists import add_checklists
from data.demo.company import PASSWORD, add_company
from data.demo.credit import add_credit
from data.demo.dealings import add_dealings, simulate
from data.demo.distributors import add_distributors
from data.demo.follow_up import add_follow_up
from data.demo.market import add_market
from data.demo.products import add_products
from data.demo.promotions import add_promotions
from data.demo.rows import Rows, clear
from data.demo.schedule import schedule
from data.demo.their_books import add_their_books
from data.demo.visits import add_visits
from data.passwords import hashed

__all__ = ["PASSWORD", "demo_rows", "make_demo"]

BOOK_DAYS = 60


def make_demo(session: Session, today: date, now: datetime | None = None) -> dict[str, int]:
    """Replaces everything in the database by the demo company as of a day.

    Args:
        session: Within `writing`; the schema is there.
        today: The day that is today in the demo: figures end the day before, plans reach 28 days ahead.
        now: Nothing in the demo happened after it; `None` for a day that is over.

    Returns:
        The number of rows a table.
    """
    clear(session)
    rows = demo_rows(today, hashed(PASSWORD))
    if now is not None:
        rows.end_before(now)
    return rows.write(session)


def demo_rows(today: date, password_hash: str) -> Rows:
    """All rows of the demo company as of a day."""
    rows = Rows()
    add_company(rows, today, password_hash)
    add_products(rows, today)
    add_distributors(rows, today)
    add_promotions(rows, today)
    add_checklists(rows, today)
    dealings = simulate(today)
    add_dealings(rows, dealings)
    books = accounts(dealings)
    add_accounts(rows, dealings, books)
    add_credit(rows, today, books)
    made = add_visits(rows, dealings, books, schedule(today))
    first_visits = {
        code: next((v.id for v in visits if (today - v.day).days <= BOOK_DAYS), visits[-1].id)
        for code, all_visits in made.by_place.items()
        if (visits := [v for v in all_visits if made.left_out.get(v.id) != "accounts"])
    }
    add_their_books(rows, dealings, books, first_visits)
    add_follow_up(rows, today, made)
    add_market(rows, today, books, made)
    return rows
