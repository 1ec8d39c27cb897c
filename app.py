"""The door: run by Streamlit it draws a page, imported by a server it is the application itself."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ui.shell import draw, say_what_went_wrong

if __name__ == "__main__":
    draw()
else:
    from server import lifespan, middleware, routes

    # Until the first page is drawn Streamlit takes the folder `pages/` for its old page system: the first deep
    # link to a fresh server would find no page, or one without this door.
    PagesManager.uses_pages_directory = False
    app = st.App(
        __file__,
        routes=routes(),
        middleware=middleware(),
        lifespan=lifespan,
        on_script_error=say_what_went_wrong,
    )
