"""A link that fails on demand, between the browser and the app: a TCP proxy of this process's own.

Chromium's offline switch leaves an open websocket alone, so the faults are made here, below HTTP.
"""

import asyncio
import re
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

DELIVERIES = re.compile(rb"POST /(entries|attachments)[ ?]")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNK = 64 * 1024


@dataclass(eq=False)
class Connection:
    """One connection of the browser's, with its twin to the app."""

    browser: asyncio.StreamWriter
    app: asyncio.StreamWriter
    is_websocket: bool = False
    drops_reply: bool = False
    passes_on: int | None = None
    """Bytes still to be passed on to the app before the connection is cut."""

    def cut(self) -> None:
        """Ends both sides at once, as a link that is lost does: no goodbye."""
        for writer in (self.browser, self.app):
            writer.transport.abort()


@dataclass
class FaultProxy:
    """Passes everything on to the app at `app_port` until it is told otherwise.

    Use it as a context manager; `url` is where the browser goes. The faults: `refuse()`, `black_hole()`,
    `delay()`, `cut_messages()`, `drop_replies()`; `mend()` ends them all. `happened` counts, by fault, the
    messages that were really hit, so that a test can show that its fault took place.
    """

    app_port: int
    happened: dict[str, int] = field(default_factory=dict)
    port: int = 0

    def __post_init__(self) -> None:
        self.connections: set[Connection] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.swallows = False
        self.seconds = 0.0
        self.drops = 0
        self.cuts = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="fault proxy", daemon=True)

    def __enter__(self) -> "FaultProxy":
        self.thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_problem: object) -> None:
        self._do(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    @property
    def url(self) -> str:
        """Where the browser goes."""
        return f"http://127.0.0.1:{self.port}"

    def refuse(self) -> None:
        """Nobody listens any more, and what was open is cut."""
        self._do(self._refuse())

    def black_hole(self) -> None:
        """Everything is taken and nothing arrives, on open connections too."""
        self._do(self._set(swallows=True))

    def delay(self, seconds: float) -> None:
        """Every piece takes this long, in both directions."""
        self._do(self._set(seconds=seconds))

    def drop_replies(self, times: int = 1) -> None:
        """The next deliveries reach the app; their replies are lost with the connection."""
        self._do(self._set(drops=times))

    def cut_messages(self, times: int = 1) -> None:
        """The next deliveries, or messages of Streamlit's websocket, end in the middle."""
        self._do(self._set(cuts=times))

    def mend(self) -> None:
        """The link is well. What went through the black hole is lost, and its connections with it."""
        self._do(self._mend())

    # ── in the proxy's own thread ───────────────────────────────────────────────────────────────────────────

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=20)

    async def _set(self, **faults: Any) -> None:
        for name, value in faults.items():
            setattr(self, name, value)

    async def _listen(self) -> None:
        self.server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def _refuse(self) -> None:
        self.server.close()
        self._cut_all()

    async def _mend(self) -> None:
        if self.swallows:
            self._cut_all()
        await self._set(swallows=False, seconds=0.0, drops=0, cuts=0)
        if not self.server.is_serving():
            await self._listen()

    async def _close(self) -> None:
        self.server.close()
        self._cut_all()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def _cut_all(self) -> None:
        for connection in list(self.connections):
            connection.cut()

    async def _take(self, from_browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if not self.server.is_serving():
            # Taken in the moment in which the link was refused.
            to_browser.transport.abort()
            return
        self.tasks.add(task)
        try:
            from_app, to_app = await asyncio.open_connection("127.0.0.1", self.app_port)
        except OSError:
            # The app is down: the browser learns it as it would without a proxy.
            to_browser.transport.abort()
            self.tasks.discard(task)
            return
        connection = Connection(to_browser, to_app)
        self.connections.add(connection)
        try:
            await asyncio.gather(self._send(from_browser, connection), self._reply(from_app, connection))
        except OSError:
            # One side has gone while something was on its way to it; the other is told by the cut.
            self._count("broken")
        finally:
            connection.cut()
            self.connections.discard(connection)
            self.tasks.discard(task)

    async def _send(self, reader: asyncio.StreamReader, connection: Connection) -> None:
        async for piece in self._pieces(reader, connection):
            self._look_at(piece, connection)
            whole = connection.passes_on is None or connection.passes_on > len(piece)
            passed = piece if whole else piece[: connection.passes_on]
            if connection.passes_on is not None:
                connection.passes_on -= len(passed)
            connection.app.write(passed)
            await connection.app.drain()
            if not whole:
                self._count("cut")
                connection.cut()

    async def _reply(self, reader: asyncio.StreamReader, connection: Connection) -> None:
        async for piece in self._pieces(reader, connection):
            if connection.drops_reply:
                self._count("reply dropped")
                connection.cut()
                return
            connection.browser.write(piece)
            await connection.browser.drain()

    async def _pieces(self, reader: asyncio.StreamReader, connection: Connection) -> Any:
        """The pieces that get through; ends, and cuts, when one side has gone."""
        try:
            while piece := await reader.read(CHUNK):
                if self.seconds:
                    self._count("delayed")
                    await asyncio.sleep(self.seconds)
                if self.swallows:
                    self._count("swallowed")
                else:
                    yield piece
        except OSError:
            # Reset by either side: the same as an end.
            return
        finally:
            connection.cut()

    def _look_at(self, piece: bytes, connection: Connection) -> None:
        is_delivery = DELIVERIES.match(piece) is not None
        if is_delivery and self.drops:
            self.drops -= 1
            connection.drops_reply = True
        if self.cuts and connection.passes_on is None and (is_delivery or connection.is_websocket):
            self.cuts -= 1
            connection.passes_on = _half(piece) if is_delivery else len(piece) // 2
        if b"\r\nupgrade: websocket" in piece[:4096].lower():
            connection.is_websocket = True

    def _count(self, fault: str) -> None:
        self.happened[fault] = self.happened.get(fault, 0) + 1


def _half(request: bytes) -> int:
    """Bytes from a request's beginning to the middle of its body."""
    head = request.find(b"\r\n\r\n") + 4
    length = _LENGTH.search(request[:head])
    return head + (int(length[1]) // 2 if length else 0)
