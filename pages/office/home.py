"""The address without a page: leads everybody to where his day begins."""

import streamlit as st

from ui.current_user import me
from ui.navigation import HOMES

st.switch_page(HOMES[me().actor.role])
