"""Prices compared: what stands out, every product against its market, and one product in full."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from data.database import database
from data.engine import reading
from data.price_comparison import price_history
from language import _, n_
from language.calendar import day
from language.formats import MISSING, currency_symbol, is_missing, percent, price
from language.words import word
from ui import charts, icons
from ui.list_row import ICON_WIDTH, list_row
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.price_charts import draw_strip, trend
from ui.price_facts import PriceFacts
from ui.price_words import (
    Product,
    market_words,
    previous_words,
    reasons,
    rival_words,
    rivals_sentence,
    seen_words,
    sentence,
)
from ui.visit_frame import VisitPage

STATE_ICONS = {
    "wrong": ":red[:material/error:]",
    "low": ":orange[:material/arrow_downward:]",
    "high": ":blue[:material/arrow_upward:]",
    "normal": ":gray[:material/check:]",
}
MOST_IN_PLOT, LEAST_IN_PLOT = 40, 20
"""Products in one strip plot before it shows only those that stand out, and the next ones while they are few."""
SAID = ["source", "observed_on", "previous_price", "previous_date", "pack_size"]
"""What the words of the strip plot are made of."""
FIGURE_WIDTH = 124
"""Pixels of a price with what it is held against."""
MOST_ROWS = 12
"""Products named one by one before the rest waits for a tap."""


def draw_comparison(page: VisitPage, facts: PriceFacts, unit: str) -> None:
    """The sentence, what needs attention, the strip plot, and the competitors."""
    worst = facts.attention["state"].head(1).to_list()
    icon = f"{STATE_ICONS[worst[0]]} " if worst else ""
    st.markdown(icon + sentence(facts, unit))
    if not facts.own.empty:
        _attention_and_strip(page, facts, unit)
    draw_rivals(page, facts, unit)


def _attention_and_strip(page: VisitPage, facts: PriceFacts, unit: str) -> None:
    grid = st.grid(2, min_column_width=500, gap="medium")
    everything = st.session_state.get("price_all_rows", False)
    count = len(facts.attention)
    named = facts.attention if everything else facts.attention.head(MOST_ROWS)
    attention = [{"id": id_, **row} for id_, row in named.to_dict("index").items()]
    with grid.cell(), st.container(gap="xsmall"):
        if not attention:
            st.markdown(small(_("Nothing needs a question today.")))
        for product in attention:
            _attention_row(page, product, unit)
        if count > len(attention):
            _show_all(_("Show all {count}").format(count=count), "price_all_rows")
    with grid.cell():
        _strip(page, facts, unit)


def _attention_row(page: VisitPage, product: Product, unit: str) -> None:
    beside = list_row()
    name = plain(name_of(product["name"], product["name_en"]))
    why = plain(reasons(product, unit, page.company.price_threshold, page.today))
    seen = small(plain(seen_words(product, page.today)))
    told = f"{STATE_ICONS[product['state']]} **{name}** &ensp;{seen}  \n:small[{why}]"
    beside.markdown(told, width="stretch")
    amount = price(product["price"] * _pieces(product, unit))
    market = small(plain(market_words(product, unit)))
    beside.markdown(f"**{amount}**  \n{market}", width=FIGURE_WIDTH, text_alignment="right")
    if beside.button(
        "", key=f"price_{product['id']}", icon=icons.DETAILS, help=_("Details"), width=ICON_WIDTH
    ):
        _details(page, product, unit)


def _strip(page: VisitPage, facts: PriceFacts, unit: str) -> None:
    threshold = page.company.price_threshold
    legend = _("grey: others · large: here · band: ±{share} · ↓↑ since its last price").format(
        share=percent(threshold, 0)
    )
    st.markdown(f"**{_('Deviation from the market median')}** &ensp; {small(legend)}")
    rows = facts.own
    if len(rows) > MOST_IN_PLOT and not st.session_state.get("price_all"):
        _show_all(_("Show all {count} products").format(count=len(rows)), "price_all")
        rows = rows.head(min(max(len(facts.attention), LEAST_IN_PLOT), MOST_IN_PLOT))
    if rows.empty:
        return
    told = rows[SAID].to_dict("records")
    seen = [seen_words(row, page.today) for row in told]
    previous = [previous_words(row, unit, page.today) for row in told]
    draw_strip(facts, rows.assign(seen=seen, previous=previous), threshold, unit)
    here = int((facts.own["visit_id"] == page.visit.id).sum())
    st.markdown(
        small(
            n_(
                "{count} price is of this visit; the others are the last ones seen here.",
                "{count} prices are of this visit; the others are the last ones seen here.",
                here,
            ).format(count=here)
        )
    )


def _show_all(label: str, name: str) -> None:
    def show() -> None:
        st.session_state[name] = True

    st.button(label, key=f"show_{name}", on_click=show)


def draw_rivals(page: VisitPage, facts: PriceFacts, unit: str) -> None:
    """The competitors' prices: what moved since last time and the gap to ours."""
    asked = int((~facts.names["is_own"]).sum())
    if not asked:
        return
    st.subheader(_("Competitors"), anchor=False)
    st.markdown(rivals_sentence(facts.rivals, asked, unit, page.visit.id))
    most = len(facts.rivals) if st.session_state.get("price_all_rivals") else MOST_ROWS
    with st.container(gap="xxsmall"):
        for rival in facts.rivals.head(most).to_dict("records"):
            beside = list_row()
            name = plain(name_of(rival["name"], rival["name_en"]))
            said = plain(rival_words(rival, unit, page.today))
            told = " · ".join(filter(None, [rival["maker"], seen_words(rival, page.today)]))
            beside.markdown(f"**{name}** &ensp;{small(plain(told))}  \n:small[{said}]", width="stretch")
            pieces = _pieces(rival, unit)
            ours = price(rival["own_price"] * pieces)
            beside.markdown(
                f"**{price(rival['price'] * pieces)}**  \n{small(_('ours {price}').format(price=ours))}",
                width=FIGURE_WIDTH,
                text_alignment="right",
            )
    if len(facts.rivals) > most:
        _show_all(_("Show all {count}").format(count=len(facts.rivals)), "price_all_rivals")


def _details(page: VisitPage, product: Product, unit: str) -> None:
    @st.dialog(name_of(product["name"], product["name_en"]), width="large")
    def show() -> None:
        pieces = _pieces(product, unit)
        measure = f"{currency_symbol(page.company.currency)}/{word('price_observation.unit', unit)}"
        st.markdown(
            f"{small(measure)} · {small(plain(seen_words(product, page.today)))} · "
            f"{small(word('company.tax_basis', page.company.tax_basis))}"
        )
        _market_lines(product, pieces, page)
        _chain_lines(product, pieces, page.today)
        _policy_lines(product, pieces)
        _history(page, product, pieces)

    show()


def _market_lines(product: Product, pieces: int, page: VisitPage) -> None:
    if product["market"] in ("low", "high", "normal"):
        rank = round(product["percent_rank"] * product["peers"]) + 1
        figures = {
            "price": price(product["price"] * pieces),
            "median": price(product["median"] * pieces),
            "low": price(product["low"] * pieces),
            "high": price(product["high"] * pieces),
            "rank": rank,
            "count": int(product["peers"]) + 1,
            "days": page.company.market_price_days,
        }
        text = _(
            "{price} here; market median {median}, from {low} to {high}; rank {rank} of {count} from below;"
            " prices of the last {days} days"
        ).format(**figures)
    else:
        text = plain(market_words(product, "piece"))
    st.markdown(f"**{_('Market')}**  \n{text}")


def _chain_lines(product: Product, pieces: int, today: date) -> None:
    purchase, retail = product["purchase_price"], product["retail_price"]
    since = "" if is_missing(purchase) else day(product["purchase_from"].date(), today)
    steps = [
        _step(_("Purchase"), purchase, pieces, since),
        _step(_("Selling"), product["price"], pieces, _rate(product["margin"])),
        _step(_("Retail"), retail, pieces, _rate(product["retail_margin"])),
    ]
    title = f"**{_('From purchase to retail')}**"
    if product["inverted"]:
        title += " " + badge("red", ":material/error:", _("Price inversion"))
    st.markdown(title)
    for cell, text in zip(st.columns(3), steps, strict=True):
        cell.markdown(text)


def _step(name: str, amount: float, pieces: int, beside: str) -> str:
    figure = price(amount * pieces)
    return f"{small(name)}  \n**{figure}**  \n{small(plain(beside) or MISSING)}"


def _rate(margin: float) -> str:
    return "" if is_missing(margin) else _("margin {share}").format(share=percent(margin))


def _policy_lines(product: Product, pieces: int) -> None:
    if product["policy"] == "no_policy":
        text = _("No price policy is set for this product here.")
    else:
        bounds = {
            "low": price(product["policy_low"] * pieces),
            "high": price(product["policy_high"] * pieces),
            "gap": price(abs(product["gap"]) * pieces),
        }
        text = {
            "below": _("{gap} below the recommended {low} to {high}"),
            "above": _("{gap} above the recommended {low} to {high}"),
            "within": _("within the recommended {low} to {high}"),
        }[product["policy"]].format(**bounds)
    legal = _(
        "The policy is a recommendation. In many places the law forbids imposing resale prices: ask and report,"
        " do not order."
    )
    st.markdown(f"**{_('Price policy')}**  \n{text}  \n{small(legal)}")


def _history(page: VisitPage, product: Product, pieces: int) -> None:
    on = page.today if page.is_editable else page.visit.planned_on
    with reading(database()) as session:
        table = price_history(
            session,
            page.actor,
            page.visit.distributor_id,
            product["id"],
            on=on,
            tax_basis=page.company.tax_basis,
        )
    # Selling first: it has the first colour in every language.
    table = table[table["kind"].isin(["selling", "retail"])].sort_values(
        "kind", ascending=False, kind="stable"
    )
    st.markdown(f"**{_('Prices here so far')}**")
    if len(table) < 2:
        st.markdown(small(_("There is no earlier price to compare with.")))
        return
    amounts = table["price"] * pieces
    rows = pd.DataFrame(
        {
            "on": table["observed_on"],
            "price": amounts,
            "kind": [word("price_observation.kind", kind) for kind in table["kind"]],
            "figure": [price(amount) for amount in amounts],
            "seen": [seen_words(row, page.today) for row in table.to_dict("records")],
        }
    )
    corridor: dict[str, Any] = {
        "low": [product["policy_low"] * pieces],
        "high": [product["policy_high"] * pieces],
    }
    band = pd.DataFrame(corridor, dtype="float64").dropna()
    told = _("The prices of this product here over time")
    charts.draw(
        trend, charts.picture({"prices": rows, "band": band}, alt_text=told, height=240), key="price_trend"
    )


def _pieces(product: Product, unit: str) -> int:
    return int(product["pack_size"]) if unit == "case" else 1
