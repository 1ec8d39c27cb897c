"""The HTTP side of the process: the door before Streamlit, and what Streamlit itself cannot do."""

from starlette.middleware import Middleware
from starlette.routing import Route

from server import account_page, entries, metrics, sign_in_page, sign_out_page
from server.door import Door, door_of_environment
from server.gate import Gate
from server.guard import Guard
from server.shell import Shell
from server.start import lifespan

__all__ = ["Door", "lifespan", "middleware", "routes"]


def routes(door: Door | None = None) -> list[Route]:
    """The pages of the door itself and what tablets deliver; they stand before Streamlit's own routes."""
    at = door or door_of_environment()
    return [
        *sign_in_page.routes(at),
        *sign_out_page.routes(at),
        *account_page.routes(at),
        *metrics.routes(at),
        *entries.routes(at),
    ]


def middleware(door: Door | None = None) -> list[Middleware]:
    """What every request passes, the outermost first: headers and counts, the gate, the words of the shell."""
    at = door or door_of_environment()
    return [Middleware(Guard, door=at), Middleware(Gate, door=at), Middleware(Shell)]
