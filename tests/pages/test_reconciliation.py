"""The account screen as a rep sees it: position, differences, proposals, their book, goods and the letter."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select
from streamlit.testing.v1 import AppTest

from data.access import Actor
from data.book_files import BookRefused
from data.collateral import check_collateral
from data.engine import writing
from data.identifiers import new_id
from data.tables.dealings import AccountDifference, AccountLink, LedgerEntry, OpenItem, SellIn
from data.tables.distributors import Collateral, CollateralCheck, CreditTerm
from data.tables.products import PurchasePrice
from data.tables.records import Document
from data.tables.visits import VisitStep
from tests import builders
from tests.data.ledger_lines import line
from tests.pages.office import TODAY, Office, office, shown, stored

__all__ = ["office"]

PAGE = "pages/visit/reconciliation.py"


def owe(office: Office, minor: int = 1200) -> None:
    with writing(office.engine) as session:
        session.add(
            CreditTerm(
                id=new_id(),
                distributor_id=office.hongda,
                from_on=TODAY - timedelta(days=400),
                credit_limit_minor=8_000_000,
                base_stock_minor=3_000_000,
                term_days=30,
            )
        )
        session.add(
            OpenItem(
                id=new_id(),
                distributor_id=office.hongda,
                document="FH-1",
                kind="invoice",
                on=TODAY - timedelta(days=70),
                due_on=TODAY - timedelta(days=40),
                amount_minor=minor,
                open_minor=minor,
                as_of_on=TODAY,
            )
        )


def write_books(office: Office, theirs: bool = True, equal: bool = False) -> dict[str, str]:
    """Ours: 500 and 700; theirs: 500 and, of the second, another amount."""
    ago = {"on": TODAY - timedelta(days=10)}
    with writing(office.engine) as session:
        ids = {
            "a": line(session, office.hongda, "ours", "FH-1", 500, **ago),
            "b": line(session, office.hongda, "ours", "FH-2", 700, **ago),
        }
        if theirs:
            ids["x"] = line(session, office.hongda, "theirs", "FH-1", 500, **ago)
            ids["y"] = line(session, office.hongda, "theirs", "FH-2", 700 if equal else 640, **ago)
    return ids


def begin(office: Office, view: str = "", **values: object) -> AppTest:
    visit_id = values.get("visit") or office.visit(office.hongda, state="draft")
    return office.open("limin", PAGE, {"visit": str(visit_id), **({"view": view} if view else {})})


def metrics(app: AppTest) -> list[tuple[str, str, str]]:
    return [(each.label, each.value, each.delta) for each in app.metric]


def test_the_position_stands_in_four_figures_and_the_age_in_words(office: Office):
    owe(office)
    write_books(office)
    app = begin(office)
    assert metrics(app) == [
        ("Credit limit", "80,000.00", "no collateral"),
        ("In use", "12.00", "0% of the limit"),
        ("Receivable", "12.00", "overdue 12.00"),
        ("Paid, not settled", "0.00", "none"),
    ]
    text = shown(app)
    assert "Overdue ¥12.00 (31–60 days)" in text
    assert "Left for the order **79,988.00**" in text
    assert "ask the office" not in text


def test_our_own_books_that_do_not_add_up_are_said_to(office: Office):
    owe(office, 1150)
    write_books(office)
    assert "Our own ledger and our open items differ by +¥0.50" in shown(begin(office))


def test_the_sentence_says_by_how_much_and_what_is_explained(office: Office):
    write_books(office)
    text = shown(begin(office))
    assert "**Ours is ¥0.60 more than theirs.** 1 difference: explained ¥0.00, unexplained ¥0.60." in text
    assert "amount differs" in text
    assert "No reason yet" in text


def test_without_a_book_our_side_is_readable_and_the_step_is_skipped_with_that_reason(office: Office):
    owe(office)
    write_books(office, theirs=False)
    app = begin(office)
    assert "**No book was shown yet.** By ours they owe ¥12.00." in shown(app)
    app.button(key="no_book").click().run()
    assert not app.exception
    (step,) = [step for step in stored(office, select(VisitStep)) if step.step == "accounts"]
    assert (step.state, step.reason) == ("skipped", "The book was not shown today")


def test_where_no_ledger_of_ours_is_loaded_nothing_is_said_to_be_zero(office: Office):
    app = begin(office)
    assert "**No ledger of ours is loaded for this distributor**, and no book was shown yet." in shown(app)
    assert "no open items are loaded" in shown(app)
    assert "0.00" not in shown(app)
    with writing(office.engine) as session:
        line(session, office.hongda, "theirs", "FH-1", 500, on=TODAY)
        difference = AccountDifference(
            id=new_id(),
            distributor_id=office.hongda,
            entries_hash="0" * 64,
            kind="missing_in_ours",
            amount_minor=5,
            state="explained",
            reason="timing",
            opened_at=builders.NOW,
        )
        session.add(difference)
    app.run()
    assert "Their book's balance is ¥5.00." in shown(app)
    assert "Nothing to compare with" in shown(app)
    assert [row.state for row in stored(office, select(AccountDifference))] == ["explained"]
    within(app, "bar_letter")
    assert "there is no balance to confirm" in shown(app)


def test_a_credit_limit_without_open_items_has_dashes_beside_it(office: Office):
    owe(office)
    with writing(office.engine) as session:
        session.execute(delete(OpenItem))
    assert metrics(begin(office)) == [
        ("Credit limit", "80,000.00", "no collateral"),
        ("In use", "—", "— of the limit"),
        ("Receivable", "—", "not loaded"),
        ("Paid, not settled", "—", "not loaded"),
    ]


def test_what_we_owe_them_is_said_so(office: Office):
    with writing(office.engine) as session:
        line(session, office.hongda, "ours", "P-1", -500, on=TODAY)
    assert "By ours we owe them ¥5.00." in shown(begin(office))


def test_books_that_agree_are_one_green_line(office: Office):
    write_books(office, equal=True)
    text = shown(begin(office))
    assert "**Both books agree to the cent: ¥12.00.**" in text
    assert "Nothing differs" in text


def open_difference(office: Office) -> AppTest:
    app = begin(office)
    key = next(each.key for each in app.button if (each.key or "").startswith("difference_"))
    return app.button(key=key).click().run()


def test_a_reason_is_saved_as_it_is_chosen(office: Office):
    write_books(office)
    app = open_difference(office)
    app.pills(key="difference_reason").select("damage").run()
    assert not app.exception
    (row,) = stored(office, select(AccountDifference))
    assert (row.reason, row.state, row.amount_minor, row.kind) == (
        "damage",
        "explained",
        60,
        "amount_differs",
    )
    (step,) = [step for step in stored(office, select(VisitStep)) if step.step == "accounts"]
    assert step.state == "begun"


def test_a_difference_that_is_gone_is_settled_when_the_screen_is_opened(office: Office):
    ids = write_books(office)
    visit = office.visit(office.hongda, state="draft")
    with writing(office.engine) as session:
        session.add(
            AccountDifference(
                id=new_id(),
                distributor_id=office.hongda,
                entries_hash="0" * 64,
                kind="missing_in_ours",
                amount_minor=5,
                state="explained",
                reason="timing",
                opened_at=builders.NOW,
            )
        )
    app = begin(office, visit=visit)
    assert not app.exception
    assert [row.state for row in stored(office, select(AccountDifference))] == ["settled"]
    assert len(ids) == 4


def test_a_closing_balance_alone_settles_no_difference_of_lines(office: Office):
    write_books(office, theirs=False)
    with writing(office.engine) as session:
        line(session, office.hongda, "theirs", f"closing-{TODAY}", 900, on=TODAY, kind="other", reference="")
        for key, kind in (("0", "missing_in_theirs"), ("1", "balance_only")):
            session.add(
                AccountDifference(
                    id=new_id(),
                    distributor_id=office.hongda,
                    entries_hash=key * 64,
                    kind=kind,
                    amount_minor=5,
                    state="explained",
                    reason="legacy",
                    opened_at=builders.NOW,
                )
            )
    app = begin(office)
    assert "Ours is" in shown(app)
    assert "**Legacy item** :gray-badge[not in theirs]" in shown(app)
    assert app.segmented_control(key="view_choice").options[0] == "Differences 2"
    kept = {row.kind: row.state for row in stored(office, select(AccountDifference))}
    assert kept == {"missing_in_theirs": "explained", "balance_only": "settled"}


def propose(office: Office) -> None:
    """Two entries of an amount whose numbers differ in one character: asked about, never taken."""
    ago = {"on": TODAY - timedelta(days=5)}
    write_books(office, equal=True)
    with writing(office.engine) as session:
        line(session, office.hongda, "ours", "FH-22601", 9100, **ago)
        line(session, office.hongda, "theirs", "FH-72601", 9100, **ago)


@pytest.mark.parametrize(("button", "verdict", "left"), [("agree", "confirmed", 0), ("refuse", "refused", 2)])
def test_a_proposal_is_answered_with_one_tap(office: Office, button: str, verdict: str, left: int):
    propose(office)
    app = begin(office, "proposals")
    key = next(each.key for each in app.button if (each.key or "").startswith(f"{button}_"))
    app.button(key=key).click().run()
    assert not app.exception
    (link,) = stored(office, select(AccountLink))
    assert (link.verdict, link.linked_by) == (verdict, office.users["limin"])
    assert "Nothing to ask" in shown(app)
    assert app.segmented_control(key="view_choice").options[0] == f"Differences {left}"


def within(app: AppTest, opener: str) -> AppTest:
    """Runs with the dialog open: without a browser each run draws the whole page, and a dialog is one tap."""
    app.button(key=opener).click()
    return app.run()


def test_what_agrees_is_parted_with_a_reason(office: Office):
    write_books(office, equal=True)
    app = begin(office, "agreed")
    key = next(each.key for each in app.button if (each.key or "").startswith("match_"))
    within(app, key)
    app.text_input(key="unlink_reason").set_value("two deliveries")
    within(app, key)
    app.button(key="unlink_save").click()
    within(app, key)
    assert not app.exception
    (link,) = stored(office, select(AccountLink))
    assert (link.verdict, link.reason) == ("refused", "two deliveries")


def test_lines_are_linked_by_hand_with_why(office: Office):
    ago = {"on": TODAY - timedelta(days=5)}
    write_books(office, equal=True)
    with writing(office.engine) as session:
        ours = line(session, office.hongda, "ours", "FH-5", 900, **ago)
        theirs = line(session, office.hongda, "theirs", "X-1", 880, **ago)
    app = begin(office, "agreed")
    within(app, "link_by_hand")
    app.multiselect(key="link_ours").set_value([ours])
    app.multiselect(key="link_theirs").set_value([theirs])
    app.text_input(key="link_reason").set_value("freight taken off")
    within(app, "link_by_hand")
    assert "They differ by +¥0.20" in shown(app)
    app.button(key="link_save").click()
    within(app, "link_by_hand")
    assert not app.exception
    (link,) = stored(office, select(AccountLink))
    assert (link.our_entries, link.their_entries, link.reason) == (ours, theirs, "freight taken off")


def test_five_hundred_lines_are_shown_a_page_at_a_time(office: Office):
    write_books(office)
    with writing(office.engine) as session:
        for number in range(500):
            line(session, office.hongda, "ours", f"Z-{number}", 1000 + number, on=TODAY - timedelta(days=9))
    app = begin(office)
    rows = [each for each in app.button if (each.key or "").startswith("difference_")]
    assert len(rows) == 15
    assert "1 to 15 of 501" in shown(app)


def test_a_typed_line_turns_the_sign_on_the_button(office: Office):
    write_books(office, theirs=False)
    app = begin(office, "book")
    app.segmented_control(key="book_way").set_value("lines").run()
    app.text_input(key="line_reference_0").set_value("FH-1").run()
    app.number_input(key="qty_line_credit_0").set_value(5.0).run()
    assert app.button(key="line_add").label == "Add line: +5.00 for us"
    app.button(key="line_add").click().run()
    assert not app.exception
    (entry,) = stored(office, select(LedgerEntry).where(LedgerEntry.side == "theirs"))
    assert (entry.reference, entry.amount_minor, entry.kind) == ("FH-1", 500, "invoice")
    assert "1 line · balance 5.00" in shown(app)


def test_a_closing_balance_alone_is_one_unexplained_difference(office: Office):
    write_books(office, theirs=False)
    app = begin(office, "book")
    app.segmented_control(key="book_way").set_value("closing").run()
    app.number_input(key="qty_closing").set_value(10.0).run()
    app.button(key="closing_save").click().run()
    assert not app.exception
    assert "**Ours is ¥2.00 more than theirs.** 1 difference: explained ¥0.00, unexplained ¥2.00." in shown(
        app
    )


def upload(office: Office, text: str, name: str = "book.csv") -> AppTest:
    write_books(office, theirs=False)
    app = begin(office, "book")
    app.file_uploader(key="book_file_0").set_value((name, text.encode(), "text/csv")).run()
    assert not app.exception
    return app


def test_a_file_is_loaded_with_its_bad_rows_named(office: Office):
    day = (TODAY - timedelta(days=10)).isoformat()
    rows = [f"{day},FH-1,,5.00,goods", f"{day},FH-2,,seven,goods", f"{day},P-1,2.00,,paid"]
    app = upload(office, "\n".join(["date,reference,debit,credit,text", *rows]))
    assert "Row 3, credit “seven”: expected an amount such as 1,234.50." in shown(app)
    assert "The sign is turned: 3.00 credit in their book is +3.00 for us." in shown(app)
    app.button(key="book_load").click().run()
    assert not app.exception
    found = stored(office, select(LedgerEntry.amount_minor).where(LedgerEntry.side == "theirs"))
    assert sorted(found) == [-200, 500]


def test_a_file_that_cannot_be_a_book_is_refused_in_a_sentence(office: Office):
    app = upload(office, "name,price\ntea,5\n")
    assert "The file lacks the columns: date, document number, text, debit." in shown(app)
    assert stored(office, select(LedgerEntry).where(LedgerEntry.side == "theirs")) == []


def test_a_file_that_could_not_be_saved_stays_with_the_reason(office: Office):
    def refuse(_session, _actor, *_values, **_options):
        raise BookRefused("overlap", first=TODAY, last=TODAY, count=1)

    day = (TODAY - timedelta(days=10)).isoformat()
    app = upload(office, f"date,reference,debit,credit,text\n{day},FH-1,,5.00,goods")
    office.patch.setattr("ui.reconciliation_book.load_book", refuse)
    app.button(key="book_load").click().run()
    assert not app.exception
    assert "the book has 1 line that this file lacks" in shown(app)
    assert app.button(key="book_load").label == "Load 1 new line"


def test_a_told_balance_is_taken_back(office: Office):
    write_books(office, theirs=False)
    with writing(office.engine) as session:
        line(session, office.hongda, "theirs", f"closing-{TODAY}", 900, on=TODAY, kind="other", reference="")
    app = begin(office, "book")
    app.button(key="closing_remove").click().run()
    assert not app.exception
    assert "No book was shown yet" in shown(app)
    assert stored(office, select(LedgerEntry).where(LedgerEntry.side == "theirs")) == []


def consign(office: Office) -> None:
    with writing(office.engine) as session:
        session.add(
            Collateral(
                id="c" * 36,
                distributor_id=office.hongda,
                kind="consigned_goods",
                description="铺底货",
                quantity=Decimal(100),
                value_minor=50_000,
                recorded_on=TODAY - timedelta(days=50),
            )
        )


def test_what_another_tablet_counted_stands_in_the_field_at_the_next_touch(office: Office):
    consign(office)
    visit = office.visit(office.hongda, state="draft")
    app = begin(office, "goods", visit=visit)
    rep = Actor(office.users["limin"], "rep", TODAY)
    for seen, found in ((None, 90), (90, 80)):
        with writing(office.engine) as session:
            count = None if seen is None else Decimal(seen)
            check_collateral(session, rep, visit, "c" * 36, builders.NOW, seen=count, quantity=Decimal(found))
        app.run()
        assert app.number_input(key=f"qty_collateral_{'c' * 36}").value == found


def test_what_another_tablet_said_of_a_difference_is_not_overwritten_unseen(office: Office):
    write_books(office)
    app = begin(office)
    opener = next(each.key for each in app.button if (each.key or "").startswith("difference_"))
    within(app, opener)
    with writing(office.engine) as session:
        (row,) = session.scalars(select(AccountDifference))
        row.reason, row.state = "price", "explained"
    app.pills(key="difference_reason").select("damage")
    within(app, opener)
    assert [row.reason for row in stored(office, select(AccountDifference))] == ["price"]
    app.button(key="conflict_mine").click().run()
    assert [row.reason for row in stored(office, select(AccountDifference))] == ["damage"]


def test_the_credit_of_a_price_cut_is_unknown_until_the_stock_of_its_day_is_known(office: Office):
    cut_on = TODAY - timedelta(days=5)
    with writing(office.engine) as session:
        tea = builders.product(session, "T500")
        for on, price in ((TODAY - timedelta(days=90), "2.5"), (cut_on, "2.2")):
            session.add(
                PurchasePrice(
                    id=new_id(), product_id=tea, from_on=on, price=Decimal(price), tax_basis="excluded"
                )
            )
        session.add(
            SellIn(
                id=new_id(),
                distributor_id=office.hongda,
                product_id=tea,
                document="FH-1",
                on=TODAY - timedelta(days=30),
                quantity=Decimal(10),
                amount_minor=2500,
            )
        )
    app = begin(office, "goods")
    assert "**Credit for the stock of the day of the cut: —.**" in shown(app)
    assert "1 not counted on that day." in shown(app)
    app.number_input(key=f"qty_cut_{tea}").set_value(0).run()
    assert "**Credit for the stock of the day of the cut: ¥0.00.**" in shown(app)


def test_goods_are_counted_against_the_record(office: Office):
    consign(office)
    app = begin(office, "goods")
    app.number_input(key=f"qty_collateral_{'c' * 36}").set_value(90).run()
    assert not app.exception
    assert [row.quantity for row in stored(office, select(CollateralCheck))] == [90]
    assert "Missing at 1: ¥50.00 by the record." in shown(app)
    assert "10 missing" in shown(app)


def test_the_letter_asks_first_when_something_is_unexplained(office: Office):
    owe(office)
    write_books(office)
    app = begin(office)
    within(app, "bar_letter")
    assert "1 difference over +¥0.60 is not explained yet" in shown(app)
    assert app.button(key="letter_make").disabled
    app.segmented_control(key="letter_sure").set_value("yes")
    within(app, "bar_letter")
    app.button(key="letter_make").click()
    within(app, "bar_letter")
    assert not app.exception
    (letter,) = stored(office, select(Document))
    assert (letter.version, letter.kind, letter.distributor_id) == (1, "confirmation_letter", office.hongda)
    assert '"our_balance_minor":1200' in letter.figures


def test_a_submitted_visit_is_read_and_not_changed(office: Office):
    write_books(office)
    app = begin(office, visit=office.visit(office.hongda, state="submitted"))
    assert "**Ours is ¥0.60 more than theirs.**" in shown(app)
    assert "link_by_hand" not in [each.key for each in app.button]


def test_another_reps_visit_is_not_shown(office: Office):
    write_books(office)
    visit = office.visit(office.hongda, state="draft")
    app = office.open("chentao", PAGE, {"visit": visit})
    assert "not among yours" in shown(app)
    assert not app.metric


def managers_differences(distributor_id: str) -> None:
    import language
    from ui.current_user import me
    from ui.reconciliation_write_off import draw_open_differences

    language.use("en")
    draw_open_differences(me(), distributor_id)


def test_the_manager_reads_of_the_books_what_the_rep_does_although_nobody_said_a_word(office: Office):
    write_books(office)
    office.open("zhoulan", "pages/review/queue.py")
    app = AppTest.from_function(managers_differences, args=(office.hongda,), default_timeout=30).run()
    assert not app.exception
    text = "**Ours is ¥0.60 more than theirs.** 1 difference: explained ¥0.00, unexplained ¥0.60."
    assert text in shown(app)
    assert text in shown(begin(office))


def test_a_manager_writes_off_with_a_reason(office: Office):
    with writing(office.engine) as session:
        session.add(
            AccountDifference(
                id="e" * 36,
                distributor_id=office.hongda,
                entries_hash="0" * 64,
                kind="missing_in_ours",
                amount_minor=-2000,
                state="explained",
                reason="legacy",
                owner="周岚",
                opened_at=builders.NOW,
            )
        )
    office.open("zhoulan", "pages/review/queue.py")
    app = AppTest.from_function(managers_differences, args=(office.hongda,), default_timeout=30).run()
    assert not app.exception
    assert "**Legacy item** :gray-badge[not in ours]" in shown(app)
    opener = f"write_off_{'e' * 36}"
    within(app, opener)
    reason = next(field for field in app.text_input if str(field.key).startswith("write_off_reason_"))
    reason.set_value("three years old")
    within(app, opener)
    app.button(key="write_off_save").click()
    within(app, opener)
    assert not app.exception
    assert [row.state for row in stored(office, select(AccountDifference))] == ["written_off"]
