"""A page with the own elements and nothing else, run as a Streamlit app of its own by the tests beside it.

Query: `kind` count or prices, text, photo, signature; `visit`, `user`, `language`, `products`, `lots`, `search`.
"""

import streamlit as st
from starlette.routing import Route

from language import use
from tests.elements import stub_server
from tests.elements.chinese import in_chinese
from tests.elements.shelf import prices_fields, prices_rows, stock_fields, stock_rows
from ui.elements import pad, photos, queue_state, signature, text, written_rows
from ui.elements.texts import bar_texts, pad_texts, photo_texts, queue_texts, signature_texts

app = st.App(
    __file__,
    routes=[
        Route("/entries", stub_server.entries, methods=["POST"]),
        Route("/attachments", stub_server.attachments, methods=["POST"]),
        Route("/stored", stub_server.stored),
        Route("/elsewhere", stub_server.enter_elsewhere, methods=["POST"]),
    ],
)


def words_in_language(texts: dict[str, str]) -> dict[str, str]:
    return in_chinese(texts) if st.query_params.get("language") == "zh" else texts


@st.fragment
def counting() -> None:
    use("en")
    query = st.query_params
    visit, zh = query.get("visit", "v1"), query.get("language") == "zh"
    products = int(query.get("products", 24))
    kind = "prices" if query.get("kind") == "prices" else "count"
    if kind == "prices":
        rows, fields = prices_rows(visit, products, zh), prices_fields(zh)
    else:
        rows, fields = stock_rows(visit, products, zh, lots=query.get("lots", "")), stock_fields(zh)
    report = pad(
        written_rows(rows),
        fields,
        kind=kind,
        label="Stock",
        visit=visit,
        user=query.get("user", "anna"),
        source="counted",
        key="pad",
        search=query.get("search", ""),
        blind="blind" in query,
        texts=words_in_language(pad_texts()),
    )
    st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1
    st.caption(f"told waiting={report.waiting} empty={report.is_empty} drawn={st.session_state['drawn']}")


def writing() -> None:
    query = st.query_params
    visit = query.get("visit", "v1")
    value, version = stub_server.STORE.value(visit, "objective:1", None, "note")
    words = text(
        "Note",
        visit=visit,
        user=query.get("user", "anna"),
        row="objective:1",
        field="note",
        value=value,
        version=version,
        key="note",
        tells="tells" in query,
        texts=words_in_language(queue_texts()),
    )
    if st.button("Keep"):
        st.caption(f"kept {words.text} under {words.entry_id}")


def drawn() -> None:
    use("en")
    st.set_page_config(layout="wide")
    query = st.query_params
    visit, user = query.get("visit", "v1"), query.get("user", "anna")
    what = query.get("kind", "count")
    if what in ("count", "prices"):
        st.html(f'<div style="height:{64 if what == "count" else 127}px"></div>')
        counting()
    elif what == "text":
        writing()
    elif what == "photo":
        photos(
            "Take a photo",
            visit=visit,
            user=user,
            subject="display",
            key="photo",
            texts=words_in_language(photo_texts()),
        )
    elif what == "signature":
        held = [one["id"] for one in stub_server.STORE.attachments.values() if one["visit"] == visit]
        signature(
            "I order these goods.",
            visit=visit,
            user=user,
            subject="order",
            key="sign",
            held=held,
            texts=words_in_language(signature_texts()),
        )
    if "bar" in query or what == "nothing":
        report = queue_state(user=user, texts=words_in_language(bar_texts()))
        st.button("Submit", disabled=not report.is_empty)
        st.html('<a href="/sign-out">Sign out</a>')


if __name__ == "__main__":
    drawn()
