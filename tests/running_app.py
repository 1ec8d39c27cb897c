"""Runs the real app in a process of its own, as `make run` does, for the tests that talk to it over HTTP."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_SECONDS = 90.0


@dataclass(frozen=True)
class RunningApp:
    """A started app.

    Args:
        url: Where it answers, without a slash at the end.
        database_url: The database it uses.
        log: The file that holds all it printed.
        process: The process, to be killed and looked at.
    """

    url: str
    database_url: str
    log: Path
    process: subprocess.Popen[bytes]

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        """Ends the process, gently first."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_app(database_url: str, folder: Path, *, port: int | None = None, **environment: str) -> RunningApp:
    """Starts the app on a free port of this machine and waits until it answers.

    Args:
        database_url: A migrated database; the app neither migrates nor seeds it.
        folder: Where the log goes; also the process's home, so that nobody's own settings take part.
        port: The port to use again after a restart.
        environment: Further variables for the process.

    Raises:
        RuntimeError: The app ended or did not answer in time; the message holds the end of its log.
    """
    port = port or _free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    variables = {
        **inherited,
        "DATABASE_URL": database_url,
        "FIELDVISIT_HOST": "127.0.0.1",
        "HOME": str(folder),
        **environment,
    }
    options = ("--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true")
    log = folder / "app.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    app = RunningApp(f"http://127.0.0.1:{port}", database_url, log, process)
    try:
        _wait_until_healthy(app)
    except RuntimeError:
        app.stop()
        raise
    return app


def _wait_until_healthy(app: RunningApp) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not app.is_healthy():
        if app.process.poll() is not None or time.monotonic() > deadline:
            log = app.log.read_text(errors="replace")[-4000:]
            raise RuntimeError(f"The app did not start at {app.url}:\n{log}")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
