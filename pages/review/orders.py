"""Orders of the region that want something: a word above the credit, sending, confirming."""

import streamlit as st

from data.database import database
from data.engine import reading
from data.order_states import credit_left_of
from data.orders import open_orders
from language import _
from ui import saving
from ui.current_user import me
from ui.markup import small
from ui.order_review import draw_open_orders, orders_sentence

user = me()
st.subheader(_("Orders"), anchor=False)
saving.show_outcome()
with reading(database()) as session:
    rows = open_orders(session, user.actor)
    left = credit_left_of(session, user.actor, [row.order for row in rows], user.company.minor_exponent)
st.markdown(orders_sentence(user, rows, left))
if not rows:
    st.markdown(small(_("Nothing was ordered in the last weeks.")))
draw_open_orders(user, rows, left)
