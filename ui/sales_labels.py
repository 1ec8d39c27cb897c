"""Which products of the quadrant chart are named, and where their names stand without covering each other."""

import pandas as pd

MOST = 7
WIDTH, HEIGHT = 690, 300
"""Pixels of the plot on the narrowest screen; on a wider one names have more room."""
LETTER, WIDE_LETTER = 8.2, 15.5
LINE = 19
GAP = 7
LEAST_AREA, MOST_AREA = 50, 700
"""Square pixels of the smallest and the largest shape."""

Box = tuple[float, float, float, float]


def named_products(products: pd.DataFrame) -> list[int]:
    """The rows worth naming: the two largest, the best and the worst margin, the biggest change, then the larger.

    Args:
        products: `revenue, margin, change` (currency units), a row a product.

    Returns:
        Row labels, at most `MOST`, in the order of their worth.
    """
    by_revenue = products["revenue"].sort_values(ascending=False, kind="stable").index
    chosen = list(by_revenue[:2])
    chosen += [products["margin"].idxmin(), products["margin"].idxmax()]
    if products["change"].notna().any():
        chosen.append(products["change"].abs().idxmax())
    return list(dict.fromkeys([*chosen, *by_revenue[2:]]))[:MOST]


def place_labels(products: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Sets each name right or left of its shape, a line higher or lower where another stands in the way.

    Args:
        products: `name, cases, margin, revenue, change`, a row a product.
        frame: `cases, margin` of two opposite corners of the plot.

    Returns:
        `name, cases, margin` (where the name begins, or ends) and `side` (`left`: begins there). A name that
        finds no room is left out; its shape tells it when touched.
    """
    low, high = frame.min(), frame.max()
    scale = {axis: (high[axis] - low[axis]) / size for axis, size in (("cases", WIDTH), ("margin", HEIGHT))}
    x = (products["cases"] - low["cases"]) / scale["cases"]
    y = (products["margin"] - low["margin"]) / scale["margin"]
    most = float(products["revenue"].max()) or 1.0
    area = LEAST_AREA + (MOST_AREA - LEAST_AREA) * products["revenue"].clip(lower=0) / most
    half = area**0.5 / 2 + 1
    taken: list[Box] = [(a - r, b - r, a + r, b + r) for a, b, r in zip(x, y, half, strict=True)]
    # The four corners have words of their own.
    for across in ((0.0, 120.0), (WIDTH - 190.0, float(WIDTH))):
        taken += [(across[0], 0.0, across[1], 22.0), (across[0], HEIGHT - 22.0, across[1], float(HEIGHT))]
    rows = []
    for row in named_products(products):
        name = str(products.at[row, "name"])
        width = sum(LETTER if letter.isascii() else WIDE_LETTER for letter in name)
        for side, up in ((side, up) for up in (0, LINE, -LINE) for side in ("left", "right")):
            start = x[row] + half[row] + GAP if side == "left" else x[row] - half[row] - GAP - width
            box = (start, y[row] + up - LINE / 2, start + width, y[row] + up + LINE / 2)
            if _is_free(box, taken):
                taken.append(box)
                anchor = (start if side == "left" else start + width) * scale["cases"] + low["cases"]
                rows.append((name, anchor, (y[row] + up) * scale["margin"] + low["margin"], side))
                break
    return pd.DataFrame(rows, columns=["name", "cases", "margin", "side"])


def _is_free(box: Box, taken: list[Box]) -> bool:
    left, low, right, high = box
    if left < 0 or right > WIDTH or low < 0 or high > HEIGHT:
        return False
    return all(right <= a or left >= c or high <= b or low >= d for a, b, c, d in taken)
