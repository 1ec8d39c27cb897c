"""Our app with a made company, and the bare page beside it: two processes on free ports, ended whatever happens."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.shelf_company import MANAGER, PASSWORD, REP, Size, make_company
from benchmarks.streamlit_client import StreamlitClient
from data.engine import create_engine_for
from data.migrate import upgrade
from data.sign_in import SignedIn, sign_in
from tests.running_app import ROOT, START_SECONDS, RunningApp, start_app

STEPS = (
    "prepare", "prices", "stock", "sales", "accounts", "service", "market", "order", "talk", "wrap-up", "submit",
)  # fmt: skip
SCREENS = {
    **{(REP, page): True for page in STEPS},
    **{(REP, page): False for page in ("today", "distributor", "visit-log")},
    **{(MANAGER, page): False for page in ("review", "region")},
}
"""Whose screens are measured; whether the visit stands in the address."""


def seconds_worked(app: RunningApp) -> float:
    """Processor seconds that a server has used so far, all its threads together.

    Unlike the time of an answer it hardly depends on what else the machine is doing.
    """
    fields = Path(f"/proc/{app.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Contest:
    """Both servers, and how one gets in.

    Args:
        ours: Our app.
        bare: The bare page.
        visits: Ids of the begun visits.
        distributor: Id of a distributor that has everything.
        cookies: The cookie of each account.
    """

    ours: RunningApp
    bare: RunningApp
    visits: list[str]
    distributor: str
    cookies: dict[str, str]

    def open_ours(self, account: str, page: str, visit: int = 0) -> StreamlitClient:
        """Opens one of our screens."""
        query = {"visit": self.visits[visit % len(self.visits)]} if SCREENS[account, page] else {}
        if page == "distributor":
            query = {"distributor": self.distributor}
        return StreamlitClient.open(self.ours.url, page, urlencode(query), self.cookies[account])

    def open_bare(self, widgets: int) -> StreamlitClient:
        """Opens the bare page with as many widgets."""
        return StreamlitClient.open(self.bare.url, "", urlencode({"widgets": widgets}))


@contextmanager
def contest(size: Size) -> Iterator[Contest]:
    """Makes the company in a folder of its own, starts both servers, and clears everything away afterwards."""
    with tempfile.TemporaryDirectory(prefix="fieldvisit-bench-") as made:
        folder = Path(made)
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        engine = create_engine_for(url)
        upgrade(engine)
        now = datetime.now(UTC)
        visits, distributor = make_company(engine, folder / "company", now, size)
        cookies = {}
        for account in (REP, MANAGER):
            done = sign_in(
                engine, account=account, password=PASSWORD, address="", now=now, demo_allowed=False
            )
            assert isinstance(done, SignedIn)
            cookies[account] = f"fieldvisit_session={done.token}"
        engine.dispose()
        ours = start_app(url, folder)
        try:
            bare = _start_bare(folder)
            try:
                yield Contest(ours, bare, visits, distributor, cookies)
            finally:
                bare.stop()
        finally:
            ours.stop()


def _start_bare(folder: Path) -> RunningApp:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    page, log = ROOT / "benchmarks" / "bare_page.py", folder / "bare.log"
    options = ("--server.port", str(port), "--server.address", "127.0.0.1")
    variables = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(page), *options],
            cwd=ROOT,
            env={**variables, "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    bare = RunningApp(f"http://127.0.0.1:{port}", "", log, process)
    deadline = time.monotonic() + START_SECONDS
    while not bare.is_healthy():
        if process.poll() is not None or time.monotonic() > deadline:
            bare.stop()
            raise RuntimeError(f"The bare page did not start:\n{log.read_text(errors='replace')[-4000:]}")
        time.sleep(0.1)
    return bare
