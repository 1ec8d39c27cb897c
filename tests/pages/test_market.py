"""The manager's three lists of his region on the screen."""

from datetime import timedelta
from decimal import Decimal

import pytest

from data.engine import writing
from data.identifiers import new_id
from data.tables.dealings import OpenItem, PriceObservation, StockCount
from data.tables.distributors import CreditTerm
from tests import builders
from tests.builders import NOW
from tests.pages.office import TODAY, Office, shown

PAGE = "pages/review/market.py"


def fill(office: Office) -> None:
    """A price, a count and a debt at Hongda."""
    with writing(office.engine) as session:
        tea = builders.product(session, "TEA", name_en="Green tea")
        at = {"distributor_id": office.hongda, "product_id": tea, "pack_size": 15}
        session.add(
            PriceObservation(
                id=new_id(),
                kind="selling",
                amount=Decimal("2.25"),
                unit="piece",
                tax_basis="excluded",
                observed_on=TODAY - timedelta(days=3),
                source="told",
                observed_at=NOW,
                **at,
            )
        )
        session.add(
            StockCount(id=new_id(), counted_on=TODAY, quantity=33, source="counted", counted_at=NOW, **at)
        )
        session.add(
            CreditTerm(
                id=new_id(),
                distributor_id=office.hongda,
                from_on=TODAY,
                credit_limit_minor=800_000,
                base_stock_minor=0,
                term_days=30,
            )
        )
        session.add(
            OpenItem(
                id=new_id(),
                distributor_id=office.hongda,
                document="INV-1",
                kind="invoice",
                on=TODAY - timedelta(days=40),
                due_on=TODAY - timedelta(days=10),
                amount_minor=900_000,
                open_minor=900_000,
                as_of_on=TODAY,
            )
        )


def test_the_control_switches_between_the_three_lists_and_stands_in_the_address(office: Office) -> None:
    fill(office)
    app = office.open("zhoulan", PAGE)
    assert app.dataframe[0].value.loc[0, ["Product", "Price"]].tolist() == ["Green tea", 2.25]
    app.segmented_control(key="list_choice").set_value("stock").run()
    assert app.query_params["list"] == "stock"
    assert app.dataframe[0].value.loc[0, ["Product", "Stock"]].tolist() == ["Green tea", "2 cases 3 bottles"]
    app.segmented_control(key="list_choice").set_value("credit").run()
    assert app.dataframe[0].value.loc[0, ["Limit", "Used", "Overdue"]].tolist() == [800_000, 900_000, 900_000]
    assert "**1 distributor is over its limit** · ¥9,000.00 overdue in all" in shown(app)


def test_an_address_opens_the_list_that_it_names(office: Office) -> None:
    fill(office)
    assert "Overdue" in office.open("zhoulan", PAGE, {"list": "credit"}).dataframe[0].value
    assert "Price" in office.open("zhoulan", PAGE, {"list": "nonsense"}).dataframe[0].value


def test_a_search_finds_distributor_or_product_in_either_language(office: Office) -> None:
    fill(office)
    app = office.open("zhoulan", PAGE)
    for words, found in (("green TEA", 1), ("商品TEA", 1), ("hongda", 1), ("*", 0)):
        app.text_input(key="find").set_value(words).run()
        assert not app.exception
        assert sum(len(frame.value) for frame in app.dataframe) == found


@pytest.mark.parametrize("name", ["prices", "stock", "credit"])
def test_an_empty_region_says_so(office: Office, name: str) -> None:
    app = office.open("zhoulan", PAGE, {"list": name})
    assert not app.dataframe
    assert "Nothing to show" in shown(app)
