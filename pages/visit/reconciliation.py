"""Accounts: both books compared line by line, what is out against the credit, and the letter to sign."""

import streamlit as st

from data.account_differences import close_vanished
from language import _
from ui import saving, visit_frame
from ui.address import segments_in_address
from ui.reconciliation_book import draw_book
from ui.reconciliation_goods import draw_goods
from ui.reconciliation_letter import draw_bar
from ui.reconciliation_lists import draw_differences, draw_matches, draw_proposals, offer_skip
from ui.reconciliation_position import draw_position, position_of
from ui.reconciliation_reading import accounts_of
from ui.reconciliation_words import own_gap, sentence, title_facts

page = visit_frame.open_page("accounts")
accounts = accounts_of(page.actor, page.visit.distributor_id)
position = position_of(page)
is_entered = page.is_editable and page.visit.state != "planned"
if is_entered and accounts.vanished:
    saving.save(close_vanished, page.visit.id, accounts.standing)

visit_frame.title(page, _("Accounts"), title_facts(accounts, position, page.company, page.today))
draw_bar(page, accounts, position)
st.markdown(sentence(accounts, position, page.company))
if not accounts.books.is_shown and page.steps["accounts"].state != "skipped":
    offer_skip(page)
draw_position(page, position)
if gap := own_gap(accounts, position, page.company):
    st.markdown(gap)

open_differences = [each for each in accounts.differences if each.state in ("open", "explained")]
views = {
    "differences": f"{_('Differences')} {len(open_differences) + len(accounts.carried)}",
    "proposals": f"{_('Proposals')} {len(accounts.proposals)}",
    "agreed": f"{_('Agreed')} {len(accounts.matches)}",
    "book": _("Their book"),
    "goods": _("Goods"),
}
with st.container(key="touch_accounts_view"):
    view = segments_in_address(_("View"), "view", views)
if view == "differences":
    draw_differences(page, accounts)
elif view == "proposals":
    draw_proposals(page, accounts)
elif view == "agreed":
    draw_matches(page, accounts)
elif view == "book":
    draw_book(page, accounts)
else:
    draw_goods(page)
