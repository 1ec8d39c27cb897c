"""Stock against sales: what is out, short or too much, how long all of it lasts, and what to do about it."""

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd
import streamlit as st

from language import _, n_
from language.calendar import day
from language.formats import MISSING, is_missing, number, percent, units
from ui.markup import badge, plain, small
from ui.stock_charts import draw_bars, legend
from ui.stock_facts import StockFacts
from ui.stock_share import draw_share, share_of_stock
from ui.stock_words import (
    Product,
    age_words,
    called,
    cases_at_risk,
    change_words,
    over,
    packed,
    ratio_missing,
    sell_down_words,
    sentence,
    whole_cases,
    worth_words,
)
from ui.visit_frame import VisitPage

MOST_BARS = 40
"""Products in the picture before it shows only those that stand out."""
MOST_ROWS = 8
"""Products in the list of what to sell down before the rest is asked for."""
RANK = {"negative": 0, "out": 1, "short": 2, "normal": 2, "excess": 2, "unknown": 3, "dead": 4}
"""The bars from above: what lasts some days stands by its days."""


def say_not_counted(page: VisitPage, facts: StockFacts, start: Callable[[], None]) -> None:
    """Says that nothing was counted in this visit, and how old the last count is; `start` opens the pad."""
    basis = facts.basis_on
    if basis is None:
        st.markdown(
            _(
                "**Nothing was ever counted here.** Count first; then this view says what is short or too much."
            )
        )
    else:
        last = _("Last count {date}, {age}").format(
            date=day(basis, page.today), age=age_words(basis, facts.on)
        )
        said = badge("orange", ":material/history:", last)
        st.markdown(said + " " + _("Nothing was counted in this visit yet."))
    if page.is_editable:
        st.button(_("Start counting"), key="stock_start", icon=":material/inventory_2:", on_click=start)


def draw_overview(page: VisitPage, facts: StockFacts) -> None:
    """The sentence, the four figures, the picture, and what to sell down."""
    wrong = facts.judged["status"].isin(["negative", "out"]).any()
    icon = ":red[:material/error:] " if wrong else ""
    st.markdown(icon + sentence(facts, page.company.currency))
    change = change_words(facts, page.company.currency)
    if change:
        st.markdown(change)
    _metrics(page, facts)
    grid = st.grid(2, min_column_width=500, gap="medium")
    with grid.cell():
        _supply(facts)
    with grid.cell():
        _sell_down(facts)
    with grid.cell():
        _classes(facts, page.company.currency)
    with grid.cell():
        draw_share(page, facts)
    _notes(facts)


def _metrics(page: VisitPage, facts: StockFacts) -> None:
    share, before, told = share_of_stock(page, facts)
    cases = cases_at_risk(facts)
    lots = int((facts.lots["at_risk"] > 0).sum())
    figures = (
        (
            _("Stock-to-sales, 30 days"),
            number(facts.ratio, 2),
            ratio_missing(facts) if is_missing(facts.ratio) else _was(number(facts.ratio_before, 2)),
        ),
        (
            _("Days of supply"),
            number(facts.supply),
            _("aim {low}–{high} days").format(low=facts.min_days, high=facts.max_days),
        ),
        (
            _("Our share"),
            percent(share, 0),
            _share_note(share, before, told),
        ),
        (
            _("Will not sell in time"),
            units(cases, "case"),
            _("no dates counted")
            if is_missing(cases)
            else n_("{count} lot", "{count} lots", lots).format(count=lots),
        ),
    )
    row = st.container(horizontal=True)
    for label, value, note in figures:
        row.metric(label, value, note or None, delta_color="off", delta_arrow="off")


def _share_note(share: float, before: float, told: Decimal | None) -> str:
    if is_missing(share):
        return _("others not known")
    return _was(percent(before, 0)) or (_("as told") if told is not None else _("goods counted"))


def _was(figure: str) -> str:
    return "" if figure == MISSING else _("was {figure}").format(figure=figure)


def _supply(facts: StockFacts) -> None:
    st.markdown(f"**{_('Days of supply')}** &ensp; {small(legend(facts))}")
    rows = facts.judged[facts.judged["status"].isin(RANK)]
    if len(rows) > MOST_BARS and not st.session_state.get("stock_all"):
        st.button(
            _("Show all {count} products").format(count=len(rows)), key="stock_show_all", on_click=_show_all
        )
        rows = _outstanding(rows)
    if len(rows):
        draw_bars(facts, rows.iloc[np.lexsort((rows["days_of_supply"], rows["status"].map(RANK)))])


def _outstanding(rows: pd.DataFrame) -> pd.DataFrame:
    """What is not normal; where that is too much for a picture, what lacks before what lasts the longest."""
    rows = rows[rows["status"] != "normal"]
    lacks = rows["status"].isin(["negative", "out", "short"])
    longest = rows["days_of_supply"].where(~lacks, float("inf"))
    return rows.loc[longest.sort_values(ascending=False, kind="stable").index[:MOST_BARS]]


def _show_all() -> None:
    st.session_state["stock_all"] = True


def _sell_down(facts: StockFacts) -> None:
    st.subheader(_("Selling down the excess"), anchor=False)
    rows = facts.judged.assign(over=over(facts.judged, facts))
    rows = rows[(rows["over"] > 0) | (rows["at_risk"] > 0)]
    worth = rows["price"].fillna(0.0)
    rows = rows.assign(worth=rows["over"] * worth, risk=(rows["at_risk"] * worth).fillna(0.0))
    rows = rows.sort_values(["risk", "worth"], ascending=False, kind="stable")
    if rows.empty:
        st.markdown(small(_("Nothing is above its {days} days.").format(days=facts.max_days)))
    most = len(rows) if st.session_state.get("stock_all_over") else MOST_ROWS
    with st.container(gap="xsmall"):
        for product in rows.head(most).reset_index(names="id").to_dict("records"):
            said = plain(sell_down_words(product, facts))
            st.markdown(f"**{called(product)}** {_expiry_badge(product, facts)}  \n{small(said)}")
    if len(rows) > most:
        st.button(
            _("Show all {count} products").format(count=len(rows)),
            key="stock_show_over",
            on_click=_show_all_over,
        )


def _show_all_over() -> None:
    st.session_state["stock_all_over"] = True


def _expiry_badge(product: Product, facts: StockFacts) -> str:
    lots = facts.lots[facts.lots["product_id"] == product["id"]]
    if lots.empty:
        return ""
    first = lots[lots["at_risk"] > 0].head(1) if product["at_risk"] > 0 else lots.head(1)
    on = day(first["expires_on"].iloc[0].date(), facts.on)
    if product["at_risk"] > 0:
        left = whole_cases(product, product["at_risk"])
        text = _("expires {date}, {quantity} will not sell").format(date=on, quantity=left)
        return badge("red", ":material/hourglass_bottom:", text)
    return badge("gray", ":material/event:", _("expires {date}").format(date=on))


def _classes(facts: StockFacts, currency: str) -> None:
    """ABC by value sold against fast, slow and not sold: how many products, and the money in them."""
    own = facts.judged[facts.judged["rate"].notna() & (facts.judged["status"] != "none")]
    st.subheader(_("Value and pace"), anchor=False)
    if not (own["rate"] > 0).any():
        st.markdown(small(_("Without sales there are no classes.")))
        return
    pace = np.select([~(own["rate"] > 0), own["is_fast"]], ["not sold", "fast"], "slow")
    groups = dict(list(own.groupby(["abc", pace])))
    table = {_("Class"): [_("A: most of the value"), _("B: the next"), _("C: the rest")]}
    for code, name in {"fast": _("Fast"), "slow": _("Slow"), "not sold": _("Not sold")}.items():
        table[name] = [_group_words(groups.get((abc, code)), currency) for abc in "ABC"]
    st.table(pd.DataFrame(table), border="horizontal", hide_index=True)
    st.markdown(
        small(
            _(
                "Products and their stock at purchase prices. A, B, C by the value sold (80%, 95%); fast: the"
                " products that make 80% of the cases sold."
            )
        )
    )


def _group_words(group: pd.DataFrame | None, currency: str) -> str:
    return MISSING if group is None else f"{len(group)} · {plain(worth_words(group, currency))}"


def _notes(facts: StockFacts) -> None:
    """What the figures leave out, and what they rest on."""
    own = facts.own
    notes = [
        _(
            "Stock-to-sales: stock ÷ what was sold in the last 30 days told of, both in value at purchase prices."
            " Days of supply: pieces ÷ pieces sold a day in stock; for all together in value."
            " Will not sell in time: left on its date at this pace, the oldest sold first."
        )
    ]
    estimated = int(own["is_estimated"].sum())
    if estimated:
        notes.append(
            n_(
                "The sales of {count} product are estimated from the two counts.",
                "The sales of {count} products are estimated from the two counts.",
                estimated,
            ).format(count=estimated)
        )
    doubtful = own[own["derived"] < 0]
    notes += [
        _("{product}: {quantity} more than came: count again.").format(
            product=called(product), quantity=packed(product, -product["derived"])
        )
        for product in doubtful.head(3).to_dict("records")
    ]
    priceless = int(facts.judged["price"].isna().sum())
    if priceless:
        notes.append(
            n_(
                "{count} product has no purchase price and is in no value.",
                "{count} products have no purchase price and are in no value.",
                priceless,
            ).format(count=priceless)
        )
    for note in notes:
        st.markdown(small(note))
