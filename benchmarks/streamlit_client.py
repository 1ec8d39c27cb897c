"""A browser's part in talking to Streamlit: its messages over the websocket, and how long an answer takes."""

import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ANSWER_SECONDS = 120.0
FAILED = ":material/error:"
"""The icon of the door's apology."""
WIDGETS = frozenset(
    {
        "bidi_component", "button", "button_group", "checkbox", "date_input", "download_button", "file_uploader",
        "menu_button", "multiselect", "number_input", "pagination", "radio", "selectbox", "slider", "text_area",
        "text_input", "time_input",
    }
)  # fmt: skip


@dataclass
class StreamlitClient:
    """One open page.

    Args:
        connection: The websocket.
        query: The address's query, without its question mark.
        page: The page's path in the address.
    """

    connection: ClientConnection
    query: str
    page: str
    _script: str = ""
    _kept: dict[str, ForwardMsg] = field(default_factory=dict)

    @classmethod
    def open(cls, url: str, page: str, query: str = "", cookie: str = "") -> Self:
        """Connects as a browser that shows a page would."""
        address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
        headers = {"Cookie": cookie} if cookie else {}
        connection = connect(
            address, origin=url, additional_headers=headers, subprotocols=["streamlit"], max_size=None
        )
        return cls(connection, query, page)

    def rerun(self) -> tuple[float, Counter[str]]:
        """Draws the whole page, as every touch of a widget does.

        Returns:
            Seconds until the last message has arrived, and how many elements of each kind came.

        Raises:
            RuntimeError: the page failed, or is another than was asked for.
        """
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_script_hash = self._script
        state.page_name = "" if self._script else self.page
        state.cached_message_hashes.extend(self._kept)
        state.widget_states.SetInParent()
        state.context_info.timezone = "UTC"
        started = time.perf_counter()
        self.connection.send(message.SerializeToString())
        self._acknowledge_at_once()
        drawn = self._listen()
        return time.perf_counter() - started, drawn

    def close(self) -> None:
        """Leaves the page."""
        self.connection.close()

    def _acknowledge_at_once(self) -> None:
        """Keeps Linux's delayed acknowledgements out of the measurement.

        Otherwise a server whose socket waits for an acknowledgement before it sends the next small packet stands
        still for 40 ms, now and then, ours and the bare one alike.
        """
        self.connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def _listen(self) -> Counter[str]:
        drawn: Counter[str] = Counter()
        while True:
            answer = self._receive()
            kind = answer.WhichOneof("type")
            if kind == "page_not_found":
                raise RuntimeError(f"There is no page {self.page}.")
            if kind == "new_session":
                drawn.clear()
                self._script = answer.new_session.page_script_hash
            elif kind == "navigation":
                self._script = answer.navigation.page_script_hash
            elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                self._count(drawn, answer)
            elif kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return drawn

    def _receive(self) -> ForwardMsg:
        """The next message; one that was kept comes as its hash alone."""
        answer = ForwardMsg()
        answer.ParseFromString(self.connection.recv(timeout=ANSWER_SECONDS))
        self._acknowledge_at_once()
        if answer.WhichOneof("type") == "ref_hash":
            return self._kept[answer.ref_hash]
        if answer.metadata.cacheable:
            self._kept[answer.hash] = answer
        return answer

    def _count(self, drawn: Counter[str], answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        kind = element.WhichOneof("type") or "empty"
        if kind == "exception" or (kind == "alert" and element.alert.icon == FAILED):
            raise RuntimeError(f"{self.page} failed: {element}")
        drawn[kind] += 1
        if kind in WIDGETS:
            drawn["widgets"] += 1
