"""The user's own page: language, password, signing out."""

import streamlit as st

from data.sign_in import set_language
from language import NAMES, _
from language.words import word
from ui import saving
from ui.current_user import me
from ui.markup import plain, small
from ui.names import name_of

user = me()
st.subheader(plain(name_of(user.user.name, user.user.name_en)), anchor=False)
st.markdown(small(f"{word('user_account.role', user.user.role)} · {plain(user.user.account)}"))
saving.show_outcome()


def change_language() -> None:
    saving.save(set_language, language=st.session_state["language_choice"])


with st.container(key="touch_language"):
    st.segmented_control(
        _("Language"),
        list(NAMES),
        default=user.user.language,
        key="language_choice",
        format_func=lambda code: NAMES[code],
        required=True,
        on_change=change_language,
    )
with st.container(horizontal=True):
    # Pages of the server, outside this app: a sign-in cookie is set and removed by HTTP alone.
    st.link_button(_("Change password"), "/account/password", icon=":material/key:")
    st.link_button(_("Sign out"), "/sign-out", icon=":material/logout:")
