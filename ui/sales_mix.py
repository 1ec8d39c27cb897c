"""The sales screen's parts: the roles of the products, why sales changed, the table, the display's score."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

import pandas as pd
import streamlit as st

from core.sales_mix import display_score
from data.checklists import ChecklistRow
from data.sales_mix import Span
from language import _
from language.calendar import month
from language.formats import amount, currency_symbol, is_missing, number, percent
from ui.checklists import checklist_rows
from ui.markup import small
from ui.names import name_of
from ui.sales_charts import ROLES, axis_start, draw_bridge, draw_quadrant, draw_shares
from ui.sales_facts import SalesFacts
from ui.sales_words import missing_words, role_word, span_words
from ui.visit_frame import VisitPage

TABLE_ROWS = 10


def draw_roles(page: VisitPage, facts: SalesFacts) -> None:
    """What sells much and earns much as a chart; where margins or a comparison are missing, bars of shares."""
    currency = page.company.currency
    has_roles = facts.once(_has_roles)
    if has_roles:
        st.markdown(facts.once(_roles_heading, currency))
        draw_quadrant(facts, currency)
    if facts.before is None or not has_roles:
        st.markdown(facts.once(_shares_heading))
        draw_shares(facts)
    for line in facts.once(missing_words):
        st.markdown(f":gray[:material/info:] {small(line)}")


def _has_roles(facts: SalesFacts) -> bool:
    return bool(facts.own["role"].isin(ROLES).any())


def _roles_heading(facts: SalesFacts, currency: str) -> str:
    cases, margin = facts.lines
    legend = _("lines: {cases} cases, mean margin {margin}/case · size: revenue").format(
        cases=number(cases), margin=amount(margin, currency, 2)
    )
    return f"**{_('What sells much, what earns much')}** &ensp; {small(legend)}"


def _shares_heading(facts: SalesFacts) -> str:
    unit = _("of our revenue") if facts.own["revenue"].notna().any() else _("of our cases")
    return f"**{_('Share of each product')}** &ensp; {small(unit)}"


def draw_why(page: VisitPage, facts: SalesFacts) -> None:
    """The bridge from the earlier revenue to this one."""
    if facts.after is None:
        return
    if facts.before is None or facts.bridge.empty:
        why = _("No comparable period: too few sales of earlier days were told.")
        st.markdown(f"**{_('Why it changed')}** &ensp; {small(why)}")
        return
    heading, names = facts.once(_bridge_words, facts.before, facts.after, page.today, page.company.currency)
    st.markdown(heading)
    draw_bridge(facts, names, page.company.currency)


def _bridge_words(
    facts: SalesFacts, before: Span, after: Span, today: date, currency: str
) -> tuple[str, tuple[str, str]]:
    """The heading with the days and where the axis starts, and what the two totals are called."""
    told = f"{span_words(before, today)} → {span_words(after, today)} · {currency_symbol(currency).strip()}"
    start = axis_start(facts)
    if start:
        told += _("; axis starts at {amount}").format(amount=number(start))
    return f"**{_('Why it changed')}** &ensp; {small(told)}", _end_names(before, after, today)


def _end_names(before: Span, after: Span, today: date) -> tuple[str, str]:
    """What the two totals are called: their months, or before and now within one month."""
    names = month(before.start, today), month(after.start, today)
    return names if names[0] != names[1] else (_("Before"), _("Now"))


def draw_table(page: VisitPage, facts: SalesFacts) -> None:
    """The same as the chart, product by product, competitors' included; made when it is opened."""
    opened = st.expander(_("All products as a table"), key="sales_table", on_change="rerun")
    if not opened.open:
        return
    with opened:
        table = _table(facts)
        sign = currency_symbol(page.company.currency).strip()
        two = st.column_config.NumberColumn
        st.dataframe(
            table,
            hide_index=True,
            row_height=46,
            height=46 * min(len(table), TABLE_ROWS) + 44,
            column_config={
                "product": st.column_config.TextColumn(_("Product"), width=210, pinned=True),
                "role": st.column_config.TextColumn(_("Role"), width=170),
                "cases": two(_("Cases"), format="%.1f", width=85),
                "revenue": two(_("Revenue ({unit})").format(unit=sign), format="localized", width=120),
                "share": two(_("Share of its sales"), format="percent", width=150),
                "margin": two(_("Margin ({unit}/case)").format(unit=sign), format="%.2f", width=140),
                "margin_share": two(_("Share of our margin"), format="percent", width=160),
                "change": two(_("Change ({unit})").format(unit=sign), format="localized", width=110),
            },
        )


def _table(facts: SalesFacts) -> pd.DataFrame:
    own = facts.own
    total = own["revenue"].sum() + facts.rivals["revenue"].sum()
    rivals = facts.rivals.join(facts.names[["name", "name_en"]]).sort_values("revenue", ascending=False)
    blocks = []
    for rows, roles in (
        (own, [role_word(role) for role in own["role"]]),
        (rivals, [_("Competitor")] * len(rivals)),
    ):
        block = pd.DataFrame(
            {
                "product": [name_of(*pair) for pair in zip(rows["name"], rows["name_en"], strict=True)],
                "role": roles,
                "cases": rows["quantity"].to_numpy(),
                "revenue": rows["revenue"].round().to_numpy(),
                "share": rows["revenue"].to_numpy() / (total or float("nan")),
            }
        )
        for column, source in (
            ("margin", "unit_margin"),
            ("margin_share", "margin_share"),
            ("change", "change"),
        ):
            block[column] = rows[source].to_numpy() if source in rows else float("nan")
        blocks.append(block)
    return pd.concat([block for block in blocks if len(block)], ignore_index=True).round({"change": 0})


def draw_display(page: VisitPage, rows: Sequence[ChecklistRow]) -> None:
    """The display checklist with its weights and its score."""
    told = score_words(rows)
    st.markdown(f"**{_('Display')}** &ensp; {small(told)}")
    weighted = [
        replace(
            row,
            text=_("{item} (weight {weight})").format(
                item=name_of(row.text, row.text_en), weight=f"{row.weight.normalize():f}"
            ),
            text_en="",
        )
        for row in rows
    ]
    checklist_rows(page, weighted)


def score_words(rows: Sequence[ChecklistRow]) -> str:
    """The score with the weight behind it, or why there is none."""
    if not rows:
        return _("The office keeps no checklist for this.")
    score, answered = _score(tuple((row.item_id, row.weight, row.answer) for row in rows))
    if is_missing(score):
        return _("not scored yet: nothing is answered")
    return _("score {score}: weight {passed} of {answered} answered").format(
        score=percent(score, 0), passed=f"{score * answered:g}", answered=f"{answered:g}"
    )


@lru_cache(maxsize=256)
def _score(lines: tuple[tuple[str, Decimal, str | None], ...]) -> tuple[float, float]:
    """The score of lines with their weights and answers, and the weight that was answered."""
    passed = {"yes": True, "no": False}
    answers = pd.DataFrame(
        {
            "item": [item for item, _weight, _answer in lines],
            "weight": [float(weight) for _item, weight, _answer in lines],
            "passed": [passed.get(answer or "") for _item, _weight, answer in lines],
        }
    )
    return display_score(answers), float(answers["weight"][answers["passed"].notna()].sum())
