"""What runs on one machine: it lays the files of ``deploy/`` over ``/etc``, then starts the programs and keeps them up.

``python -m tests.failover.run_machine MACHINE FOLDER``, as the first process of namespaces of its own: once it is
killed, everything on the machine is gone at the same moment. It does what systemd does with the units: a program that
ends is started again after the unit's ``RestartSec``.
"""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from deploy.prepare import kind_of

ROOT = Path(__file__).resolve().parents[2]
PORTAL_UNIT = ROOT / "deploy/systemd/portal.service"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Program:
    """A program of a machine. ``pause``: seconds before it is started again."""

    command: list[str]
    user: str = "root"
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    pause: float = 5

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={"PATH": PATH, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=self.user,
                group=self.user if self.user != "root" else None,
                extra_groups=[] if self.user != "root" else None,
                umask=0o077 if self.user == "portal" else -1,
            )


def read_environment(path: Path) -> dict[str, str]:
    """Read an environment file as systemd does, as far as ours go: a name and a value a line."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def portal_unit() -> configparser.SectionProxy:
    """Return the section ``Service`` of the portal's unit."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(PORTAL_UNIT, encoding="utf-8")
    return unit["Service"]


def programs(kind: str) -> list[Program]:
    """Return what a kind of machine runs: the commands of Debian's units and of our own."""
    if kind == "db":
        return [
            Program(["/usr/bin/etcd"], "etcd", read_environment(Path("/etc/default/etcd"))),
            Program(["/usr/bin/patroni", "/etc/patroni/config.yml"], "postgres", {"HOME": "/var/lib/postgresql"}),
        ]
    if kind == "portal":
        unit = portal_unit()
        settings = read_environment(Path(unit["EnvironmentFile"])) | dict([unit["Environment"].split("=", 1)])
        command = shlex.split(unit["ExecStart"])
        return [
            Program(["/usr/sbin/haproxy", "-Ws", "-f", "/etc/haproxy/haproxy.cfg", "-p", "/run/haproxy.pid"]),
            Program(command, unit["User"], settings, unit["WorkingDirectory"], float(unit["RestartSec"])),
        ]
    return [Program(["/usr/sbin/nginx", "-g", "daemon off; master_process on;"])]


def lay_out(kind: str, folder: Path) -> None:
    """Put the machine's own folders in the place of this machine's, for the processes in this namespace alone."""
    _mount("--make-rprivate", "/")
    for place in ("etc", "var"):
        (folder / place).mkdir(exist_ok=True)
        (folder / f"{place}.work").mkdir(exist_ok=True)
        layers = f"lowerdir=/{place},upperdir={folder}/{place},workdir={folder}/{place}.work"
        _mount("-t", "overlay", "overlay", "-o", layers, f"/{place}")
    _mount("-t", "tmpfs", "tmpfs", "/run")
    if kind == "db":
        for owner, place in (("postgres", "/run/postgresql"), ("postgres", "/etc/patroni"), ("etcd", "/etc/etcd")):
            _give(owner, Path(place))
    if (settings := Path("/etc/sysctl.d/portal.conf")).exists():
        subprocess.run(["sysctl", "--quiet", "--load", str(settings)], check=True)  # of this network namespace
    if kind == "portal":
        _add_user("portal")
        for owner, place in (("portal", "/var/lib/portal"), ("portal", "/etc/portal"), ("haproxy", "/run/haproxy")):
            _give(owner, Path(place))
        _mount("-t", "tmpfs", "tmpfs", "/opt")
        Path("/opt/portal").mkdir()
        _mount("--bind", "-o", "ro", str(ROOT), "/opt/portal")
        _open_to_all(Path(sys.base_prefix))


def _add_user(name: str) -> None:
    for file, line in (
        ("passwd", f"{name}:x:9990:9990::/var/lib/{name}:/usr/sbin/nologin"),
        ("group", f"{name}:x:9990:"),
    ):
        path = Path("/etc") / file
        path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")


def _give(owner: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, owner, owner)


def _open_to_all(python: Path) -> None:
    """Let every user run a Python that lies in root's own folder."""
    if not python.is_relative_to("/root"):
        return
    _mount("-t", "tmpfs", "tmpfs", "/mnt")
    aside = Path("/mnt/python")
    aside.mkdir()
    _mount("--bind", str(python), str(aside))
    _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/root")
    python.mkdir(parents=True)
    _mount("--bind", str(aside), str(python))


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def keep_up(wanted: list[Program], logs: Path) -> None:
    """Start the programs, and again what ends, for ever."""
    due = dict.fromkeys(range(len(wanted)), 0.0)
    running: dict[int, subprocess.Popen[bytes]] = {}
    while True:
        for number, program in enumerate(wanted):
            if number in running and running[number].poll() is not None:
                del running[number]
                due[number] = time.monotonic() + program.pause
            if number not in running and time.monotonic() >= due[number]:
                running[number] = program.start(logs / f"{Path(program.command[0]).name}.log")
        _reap({process.pid for process in running.values()})
        time.sleep(0.2)


def _reap(ours: set[int]) -> None:
    # As the first process of its namespace it inherits the children of whoever died.
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) not in ours:
            try:
                state = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if state[0] == "Z" and state[1] == "1":
                os.waitpid(int(entry.name), os.WNOHANG)


if __name__ == "__main__":
    machine, folder = sys.argv[1], Path(sys.argv[2])
    lay_out(kind_of(machine), folder)
    keep_up(programs(kind_of(machine)), folder / "log")
