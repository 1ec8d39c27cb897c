"""What our screens are measured against: as many widgets as the address says, one table, one chart, nothing else.

`streamlit run benchmarks/bare_page.py` from the checkout, so that the same platform settings hold.
"""

import gc

import numpy as np
import pandas as pd
import streamlit as st

ROWS = 300
SPEC = {
    "mark": "bar",
    "encoding": {
        "x": {"field": "number", "type": "ordinal"},
        "y": {"field": "value", "type": "quantitative"},
    },
}


@st.cache_resource
def _warm() -> pd.DataFrame:
    """The collector as the product's start sets it: what is loaded is not looked at any more, the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    values = np.random.default_rng(1).uniform(0, 100, ROWS)
    return pd.DataFrame(
        {"number": range(ROWS), "name": [f"Product {n}" for n in range(ROWS)], "value": values}
    )


def draw() -> None:
    """Draws the page."""
    st.set_page_config(layout="wide")
    table = _warm()
    kinds = (
        lambda n: st.button(f"Button {n}", key=f"button{n}"),
        lambda n: st.text_input(f"Text {n}", key=f"text{n}"),
        lambda n: st.number_input(f"Number {n}", key=f"number{n}"),
        lambda n: st.segmented_control(f"Choice {n}", ["a", "b", "c"], key=f"choice{n}"),
    )
    for number in range(int(st.query_params.get("widgets", "20"))):
        kinds[number % len(kinds)](number)
    st.dataframe(table, hide_index=True)
    st.vega_lite_chart(table, SPEC)


if __name__ == "__main__":
    draw()
