"""The door: run by Streamlit it draws a page, imported by a server it is the application itself."""

import streamlit as st

from ui.shell import draw

if __name__ == "__main__":
    draw()
else:
    from server import lifespan, middleware, routes

    app = st.App(__file__, routes=routes(), middleware=middleware(), lifespan=lifespan)
