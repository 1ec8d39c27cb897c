"""Users: who may sign in, made, retired and helped by the administrator, and whose distributors are whose."""

import streamlit as st

from data.database import database
from data.engine import reading
from data.region import list_regions
from data.users import list_users
from language import _
from language.formats import number
from ui import icons
from ui.address import segments_in_address
from ui.current_user import me
from ui.markup import small
from ui.names import name_of
from ui.users import DIALOG, offer_actions, open_dialog, show_users
from ui.users_dialogs import show_dialog

user = me()
with reading(database()) as session:
    found = list_users(session, user.actor)
    regions = {id_: name_of(name, name_en) for id_, name, name_en in list_regions(session, user.actor)}
active = [row for row in found if row.retired_at is None]
with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader(f"{_('Users')} · {number(len(active))}", anchor=False)
    st.button(_("New user"), key="do_new", icon=icons.ADD, on_click=open_dialog, args=("new",))
with st.container(key="touch_users"):
    view = segments_in_address(_("View"), "view", {"active": _("Active"), "all": _("With the retired ones")})
chosen = show_users(active if view == "active" else found, regions)
if chosen is None:
    st.markdown(
        small(_("Choose a user to hand distributors over, to set regions or a password, or to retire."))
    )
else:
    offer_actions(chosen, user.actor.user_id)
if DIALOG in st.session_state:
    show_dialog(found, regions)
