"""Names in the quadrant chart: the telling ones, and never one upon another."""

import pandas as pd

from ui.sales_labels import GAP, HEIGHT, LINE, MOST, WIDTH, named_products, place_labels

FRAME = pd.DataFrame({"cases": [0.0, WIDTH], "margin": [0.0, HEIGHT]})


def products(*places: tuple[float, float], revenue: list[float] | None = None) -> pd.DataFrame:
    """Products at pixels of the plot, the first the largest."""
    table = pd.DataFrame(places, columns=["cases", "margin"])
    table["name"] = [f"Product {row}" for row in table.index]
    table["revenue"] = revenue or [float(100 - row) for row in table.index]
    table["change"] = float("nan")
    return table


def test_the_largest_the_margins_and_the_biggest_change_are_named_first() -> None:
    table = products(*((300.0, 10.0 * row + 50) for row in range(12)))
    table["change"] = [1.0, 2, 3, 4, 5, 6, 7, -90, 9, 10, 11, 12]
    assert named_products(table)[:4] == [0, 1, 11, 7]
    assert len(named_products(table)) == MOST


def test_a_name_begins_right_of_its_shape() -> None:
    label = place_labels(products((300.0, 150.0)), FRAME).iloc[0]
    assert label["side"] == "left"
    assert label["cases"] > 300 + GAP
    assert label["margin"] == 150


def test_at_the_right_edge_a_name_ends_left_of_its_shape() -> None:
    label = place_labels(products((WIDTH - 15.0, 150.0)), FRAME).iloc[0]
    assert label["side"] == "right"
    assert label["cases"] < WIDTH - 15


def test_names_of_neighbours_do_not_cover_each_other() -> None:
    labels = place_labels(products((300.0, 150.0), (304.0, 152.0), (308.0, 148.0)), FRAME)
    lines = labels[labels["side"] == "left"]["margin"].sort_values().diff().dropna()
    assert (lines >= LINE - 5).all()
    assert not labels.duplicated(["side", "margin"]).any()


def test_a_name_without_room_is_left_out() -> None:
    crowd = products(*((300.0 + 3 * row, 150.0) for row in range(30)))
    assert len(place_labels(crowd, FRAME)) < MOST


def test_products_without_revenue_still_have_a_place() -> None:
    assert len(place_labels(products((300.0, 150.0), revenue=[0.0]), FRAME)) == 1
