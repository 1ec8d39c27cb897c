"""What a visit found on the review card, in the log's record and on paper; and what is said of it."""

import io

import pypdf
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data.engine import writing
from data.tables.visits import Comment, Visit
from tests import builders
from tests.builders import NOW
from tests.findings import add_findings
from tests.pages.office import Office, shown, stored
from tests.pages.steps import typed
from ui.current_user import current_user
from ui.visit_log import OPENED
from ui.visit_papers import pdf_maker

QUEUE = "pages/review/queue.py"
LOG = "pages/office/visit_log.py"
SUBMIT = "pages/visit/submit.py"


@pytest.fixture
def visit_id(office: Office) -> str:
    id_ = office.visit(office.hongda, state="submitted", submitted_at=NOW)
    with writing(office.engine) as session:
        product = builders.product(session, "T1", name="绿茶", name_en="Green tea")
        rival = builders.product(session, "R1", is_own=False, maker="恒岳", name_en="Rival tea")
        add_findings(session, id_, product=product, rival=rival)
    return id_


def opened(office: Office, account: str, visit_id: str) -> AppTest:
    app = office.open(account, LOG)
    app.session_state[OPENED] = visit_id
    app.run()
    assert not app.exception
    return app


def tables_of(app: AppTest, wanted: str) -> list[list[str]]:
    return next(
        table.value.values.tolist() for table in app.dataframe if list(table.value.columns)[1] == wanted
    )


@pytest.mark.parametrize("place", ["card", "record"])
def test_the_manager_sees_what_was_found(office: Office, visit_id: str, place: str) -> None:
    app = office.open("zhoulan", QUEUE) if place == "card" else opened(office, "zhoulan", visit_id)
    labels = [tab.label for tab in app.tabs]
    assert {"Prices", "Stock", "Order", "More"} <= set(labels)
    assert tables_of(app, "Selling price") == [
        ["Green tea", "¥45.0 / case", "told"],
        ["Rival tea", "¥42.0 / case", "told"],
    ]
    assert tables_of(app, "Stock") == [["Green tea", "2 cases", "counted"]]
    assert tables_of(app, "Ordered")[0][:2] == ["Green tea", "2 cases"]
    text = shown(app)
    for said in (
        "2 prices entered",
        "1 product counted",
        "¥90",
        "signed by 王",
        "Service: 门头旧了",
        "Price · 恒岳: 45 → 42",
        "Prospect 新店: call",
        "Cup: 31 of 40 passed on",
        "Complaint, Quality: 漏液",
        "Welcomed: New product",
        "Display · score 100%",
        "Counter: Yes",
        "**Photos** 1",
    ):
        assert said in text
    assert len(app.get("image")) == 1


def test_a_visit_that_found_nothing_says_so(office: Office) -> None:
    office.visit(office.hongda, state="submitted", submitted_at=NOW)
    text = shown(office.open("zhoulan", QUEUE))
    for said in (
        "No price was entered.",
        "Nothing was counted.",
        "No order was made.",
        "No notes, answers or photos.",
    ):
        assert said in text


def test_every_flag_stands_with_its_reason(office: Office) -> None:
    office.visit(
        office.hongda, state="submitted", submitted_at=NOW, incomplete_reason="owner away", summary="x"
    )
    text = shown(office.open("zhoulan", QUEUE))
    assert text.count("10 steps missing: owner away") == 2
    assert "Prepare, Prices, Stock" in text


def test_the_manager_comments_without_deciding(office: Office, visit_id: str) -> None:
    app = office.open("zhoulan", QUEUE)
    app.button(key="comment").click().run()
    assert "write the comment first" in shown(app)
    for words in ("why so low?", "and the rest?"):
        typed(office, "zhoulan", visit_id, "comment", words)
        app.button(key="comment").click().run()
    app.button(key="comment").click().run()
    assert "write the comment first" in shown(app)
    assert stored(office, select(Comment.text).order_by(Comment.text)) == ["and the rest?", "why so low?"]
    assert stored(office, select(Visit.state)) == ["submitted"]


@pytest.mark.parametrize("state", ["submitted", "returned", "approved"])
def test_the_rep_answers_on_submit(office: Office, state: str) -> None:
    visit_id = office.visit(office.hongda, state=state, submitted_at=NOW)
    app = office.open("limin", SUBMIT, {"visit": visit_id})
    key = f"answer_{visit_id}"
    typed(office, "limin", visit_id, "comment", "the dealer was away")
    app.button(key=f"send_{key}").click().run()
    assert "the dealer was away" in shown(app)
    assert stored(office, select(Comment.kind)) == ["comment"]
    assert stored(office, select(Visit.state)) == [state]


def test_a_visit_not_yet_handed_in_takes_no_comment(office: Office) -> None:
    visit_id = office.visit(office.hongda, state="draft")
    app = office.open("limin", SUBMIT, {"visit": visit_id})
    assert f"send_answer_{visit_id}" not in [button.key for button in app.button]


@pytest.mark.parametrize(("account", "may"), [("limin", True), ("zhoulan", True), ("hejing", False)])
def test_the_record_takes_a_comment_from_rep_and_manager(
    office: Office, visit_id: str, account: str, may: bool
) -> None:
    app = opened(office, account, visit_id)
    key = f"log_comment_{visit_id}"
    assert (f"send_{key}" in [button.key for button in app.button]) is may
    if may:
        typed(office, account, visit_id, "comment", "noted")
        app.button(key=f"send_{key}").click().run()
        assert stored(office, select(Comment.text)) == ["noted"]


def test_the_paper_has_the_figures_of_each_step(office: Office, visit_id: str) -> None:
    office.open("zhoulan", QUEUE)
    user = current_user()
    assert user is not None
    pages = pypdf.PdfReader(io.BytesIO(pdf_maker(user, visit_id)())).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (
        "Our prices 1; Competitors' prices 1",
        "Products counted 1; Out of stock 0",
        "Order ¥90, 2 cases, Signed, signed by 王",
        "Price · 恒岳: 45 → 42",
        "Cup: 31 of 40 passed on",
        "Photos 1",
    ):
        assert said in text
