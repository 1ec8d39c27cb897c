"""An address at which this user has no page: somebody else's, or nobody's."""

import streamlit as st

from language import _
from ui.current_user import me
from ui.navigation import HOMES

st.warning(_("This page is not yours, or it does not exist."), icon=":material/search_off:")
if st.button(_("To my first page"), type="primary", key="to_first_page"):
    st.switch_page(HOMES[me().actor.role])
