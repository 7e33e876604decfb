"""Starting and killing the machines, and asking them how they are."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from deploy.prepare import prepare
from tests.failover import network
from tests.failover.network import ADDRESSES, DATABASES, PORTALS, namespace
from tests.failover.run_machine import ROOT, read_environment
from tests.failover.visitors import LAST_STEPS

PUBLIC_NAME = "portal.example.com"
START_SECONDS = 600


class Machines:
    """All machines of a trial. ``folder``: where each has a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def prepare(self) -> None:
        """Write the files of all machines, as an operator does."""
        prepare({"public_name": PUBLIC_NAME, **ADDRESSES}, self.folder)
        for portal in PORTALS:
            settings = self.folder / portal / "etc/portal/portal.env"
            text = settings.read_text(encoding="utf-8")
            # The sample network has stations to file with; one machine's folder stands for the shared one.
            text = text.replace("\nSAMPLE=0\n", "\nSAMPLE=1\n").replace(
                "#BACKUP_FOLDER=/var/backups/portal", self._shared()
            )
            settings.write_text(text, encoding="utf-8")

    def _shared(self) -> str:
        shared = self.folder / "backups"
        shared.mkdir(exist_ok=True)
        shared.chmod(0o777)
        return f"BACKUP_FOLDER={shared}"

    def start(self, machine: str) -> None:
        """Switch a machine on."""
        folder = self.folder / machine
        (folder / "log").mkdir(parents=True, exist_ok=True)
        (folder / "log").chmod(0o777)
        network.plug_in(machine)
        command = [
            *("ip", "netns", "exec", namespace(machine)),
            *("unshare", "--mount", "--ipc", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"),
            *(sys.executable, "-m", "tests.failover.run_machine", machine, str(folder)),
        ]
        with (folder / "log/machine.log").open("ab") as log:
            self._running[machine] = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, machine: str) -> None:
        """Kill −9 everything on a machine at the same moment."""
        process = self._running.pop(machine)
        process.kill()
        process.wait()

    def stop_all(self) -> None:
        """Kill whatever still runs."""
        for machine in list(self._running):
            self.kill(machine)

    def signal_program(self, machine: str, name: str, what: signal.Signals) -> None:
        """Send a signal to the programs of a name on a machine."""
        listed = subprocess.run(
            ["ip", "netns", "pids", namespace(machine)], capture_output=True, text=True, check=True
        ).stdout.split()
        for pid in map(int, listed):
            if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                os.kill(pid, what)

    def cluster(self) -> dict[str, dict[str, Any]]:
        """Return what Patroni says of each database node: the one that leads, else the first that answers.

        One that was cut off tells for some seconds of the time before.
        """
        leader = self.leader()
        for node in sorted(DATABASES, key=lambda node: node != leader):
            told = self._get(f"https://{ADDRESSES[node]}:8008/cluster")
            if told:
                return {member["name"]: member for member in json.loads(told)["members"]}
        return {}

    def leader(self) -> str:
        """Return the node that leads and answers as such; "" if none does."""
        return next((node for node in DATABASES if self._get(f"https://{ADDRESSES[node]}:8008/primary")), "")

    def synchronous(self) -> list[str]:
        """Return the nodes that commits wait for."""
        return [name for name, member in self.cluster().items() if member["role"] == "sync_standby"]

    def wait_whole(self) -> None:
        """Wait until one node leads, the others follow, one of them synchronously, and both portals are ready."""
        self._wait("three nodes that follow one another", self._whole)
        for portal in PORTALS:
            self.wait_ready(portal)

    def _whole(self) -> bool:
        members = self.cluster()
        states = sorted((member["role"], member["state"]) for member in members.values())
        return bool(self.leader()) and (
            states
            in (
                [("leader", "running"), ("replica", state), ("sync_standby", state)]
                for state in ("running", "streaming")
            )
            and len({member.get("timeline") for member in members.values()}) == 1
        )

    def wait_ready(self, portal: str) -> None:
        """Wait until a portal server can work."""
        self._wait(f"{portal} to be ready", lambda: self._get(f"http://{ADDRESSES[portal]}:8501/ready"))

    def wait_leader(self) -> None:
        """Wait until a node leads."""
        self._wait("a leader", self.leader)

    def _wait(self, what: str, done: Any) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise SystemExit(f"waited {START_SECONDS} seconds in vain for {what}; the logs are in {self.folder}")
            time.sleep(0.5)

    def _get(self, url: str) -> str:
        command = ["ip", "netns", "exec", namespace("visitors"), "curl", "-sSf", "-m", "10"]
        authority = str(self.folder / "secrets/ca.crt")
        command += ["--cacert", authority, "-H", f"Host: {PUBLIC_NAME}", url]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.stdout or "{}" if done.returncode == 0 else ""

    def set_up(self) -> None:
        """Create the portal's tables, once for all servers, straight in the database that leads."""
        direct = {"at": f"@{ADDRESSES[self.leader()]}:5432/"}
        done = self.run_at_portal(PORTALS[0], "-m", "stations", "setup", **direct)
        if done.returncode:
            raise SystemExit(f"setup failed: {done.stderr[-2000:]}")

    def answer_at_portal(self, portal: str, *arguments: str) -> str:
        """Return what ``run_at_portal`` prints.

        Raises:
            SystemExit: it fails.
        """
        done = self.run_at_portal(portal, *arguments)
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)[:80]} at {portal} failed: {done.stderr[-2000:]}")
        return done.stdout

    def let_visitors_in(self) -> Path:
        """Let the visitors come; return the file of what they see. They know the portal by its name."""
        seen, hosts = self.folder / "seen.jsonl", self.folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost\n{ADDRESSES['front']} {PUBLIC_NAME}\n", encoding="utf-8")
        authority = str(self.folder / "secrets/ca.crt")
        script = 'mount --make-rprivate / && mount --bind "$0" /etc/hosts && exec "$@"'
        with (self.folder / "visitors.log").open("ab") as log:
            self._running["visitors"] = subprocess.Popen(
                [
                    *(
                        "ip",
                        "netns",
                        "exec",
                        namespace("visitors"),
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        script,
                        str(hosts),
                    ),
                    *(sys.executable, "-m", "tests.failover.visitors", f"https://{PUBLIC_NAME}", str(seen)),
                ],
                cwd=ROOT,
                env={**os.environ, "SSL_CERT_FILE": authority, "REQUESTS_CA_BUNDLE": authority},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return seen

    def see_visitors_off(self) -> None:
        """Let each visitor finish what it does, and go."""
        visitors = self._running.pop("visitors")
        visitors.terminate()
        visitors.wait(timeout=2 * LAST_STEPS)

    def run_at_portal(self, portal: str, *arguments: str, at: str = "") -> subprocess.CompletedProcess[str]:
        """Run Python with the settings of a portal server and in its network. ``at``: another way to the database."""
        settings = read_environment(self.folder / portal / "etc/portal/portal.env")
        authority = self.folder / portal / "etc/portal/ca.crt"
        url = settings["DATABASE_URL"].replace("/etc/portal/ca.crt", str(authority))
        settings["DATABASE_URL"] = url.replace("@127.0.0.1:5432/", at) if at else url
        return subprocess.run(
            ["ip", "netns", "exec", namespace(portal), sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=300,
        )
