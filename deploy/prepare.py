#!/usr/bin/env python3
"""Write the files of every machine: ``python3 deploy/prepare.py MACHINES.ini FOLDER``. Needs Python and openssl.

Below FOLDER is a folder for each machine of MACHINES.ini, whose content belongs into that machine's ``/``. A second run
keeps the passwords and certificates of the first, in ``FOLDER/secrets``.
"""

from __future__ import annotations

import base64
import configparser
import json
import re
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent
PORTALS, DATABASES = ("portal1", "portal2"), ("db1", "db2", "db3")
MACHINES = ("front", *PORTALS, *DATABASES)
_PLACEHOLDER = re.compile(r"@([a-z0-9_]+)@")
_DAYS = "3650"


@dataclass(frozen=True)
class File:
    """A file of this folder, where it belongs, and who may read it: ``mode``."""

    source: str
    target: str
    mode: int = 0o644


FILES: dict[str, tuple[File, ...]] = {
    "front": (
        File("nginx/nginx.conf", "etc/nginx/nginx.conf"),
        File("nginx/portal.conf", "etc/sysctl.d/portal.conf"),
        *(
            File(f"nginx/{name}.{form}", f"etc/nginx/pages/{name}.{form}")
            for name in ("too_large", "too_many", "unavailable")
            for form in ("html", "json")
        ),
    ),
    "portal": (
        File("portal.env", "etc/portal/portal.env", 0o640),
        File("haproxy/haproxy.cfg", "etc/haproxy/haproxy.cfg"),
        File("systemd/portal.service", "etc/systemd/system/portal.service"),
        File("systemd/portal", "usr/local/sbin/portal", 0o755),
    ),
    "db": (
        File("etcd/etcd", "etc/default/etcd"),
        File("patroni/config.yml", "etc/patroni/config.yml", 0o600),
        File("patroni/create_database", "etc/patroni/create_database", 0o700),
        File("systemd/patroni.service.d/portal.conf", "etc/systemd/system/patroni.service.d/portal.conf"),
    ),
}
"""The files of each kind of machine."""


def kind_of(machine: str) -> str:
    """Return which files a machine gets."""
    return machine.rstrip("0123456789")


def read_machines(path: Path) -> dict[str, str]:
    """Read ``public_name`` and the address of every machine.

    Raises:
        SystemExit: one is missing or no address.
    """
    parser = configparser.ConfigParser()
    with path.open(encoding="utf-8") as file:
        parser.read_file(file)
    given = dict(parser["machines"]) if parser.has_section("machines") else {}
    if missing := {"public_name", *MACHINES} - given.keys():
        raise SystemExit(f"{path}: [machines] lacks {', '.join(sorted(missing))}")
    for machine in MACHINES:
        try:
            ip_address(given[machine])
        except ValueError:
            raise SystemExit(f"{path}: {machine} is “{given[machine]}”; write its IP address") from None
    return given


def read_secrets(folder: Path) -> dict[str, str]:
    """Return the passwords, made at the first call."""
    path = folder / "passwords.json"
    if not path.exists():
        made = {f"{who}_password": secrets.token_urlsafe(24) for who in ("portal", "replication", "rewind")}
        made["second_factor_key"] = base64.b64encode(secrets.token_bytes(32)).decode()
        _write(path, json.dumps(made, indent=1), 0o600)
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return known


def fill_in(text: str, values: dict[str, str]) -> str:
    """Return a file's text with ``@name@`` replaced.

    Raises:
        KeyError: there is no such value.
    """
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def write_machine(machine: str, values: dict[str, str], folder: Path) -> None:
    """Write the files of one machine below ``folder``."""
    values = {**values, "node": machine, "address": values[machine]}
    for file in FILES[kind_of(machine)]:
        text = (DEPLOY / file.source).read_text(encoding="utf-8")
        _write(folder / file.target, fill_in(text, values), file.mode)


def write_certificates(machines: dict[str, str], secret: Path, out: Path) -> None:
    """Make an authority of our own and a certificate of each database node, and put them where they are read.

    The certificate that visitors see comes from a public authority; until then it is one of this authority.
    """
    authority, authority_key = secret / "ca.crt", secret / "ca.key"
    if not authority.exists():
        _openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            _DAYS,
            "-subj",
            "/CN=portal cluster",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout",
            authority_key,
            "-out",
            authority,
        )
    names = {
        "front": f"DNS:{machines['public_name']}",
        **{node: f"IP:{machines[node]},IP:127.0.0.1" for node in DATABASES},
    }
    for machine, name in names.items():
        certificate, key, asked = (secret / f"{machine}.{kind}" for kind in ("crt", "key", "csr"))
        if not certificate.exists():
            extensions = secret / f"{machine}.ext"
            extensions.write_text(f"subjectAltName={name}\nextendedKeyUsage=serverAuth,clientAuth\n", encoding="utf-8")
            _openssl(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                f"/CN={machine}",
                "-keyout",
                key,
                "-out",
                asked,
            )
            _openssl(
                "x509",
                "-req",
                "-in",
                asked,
                "-CA",
                authority,
                "-CAkey",
                authority_key,
                "-CAcreateserial",
                "-days",
                _DAYS,
                "-extfile",
                extensions,
                "-out",
                certificate,
            )
            extensions.unlink()
            asked.unlink()
    for node in DATABASES:
        for service in ("etcd", "patroni"):
            tls = out / node / "etc" / service / "tls"
            _copy(authority, tls / "ca.crt", 0o644)
            _copy(secret / f"{node}.crt", tls / "node.crt", 0o644)
            _copy(secret / f"{node}.key", tls / "node.key", 0o600)
    for portal in PORTALS:
        _copy(authority, out / portal / "etc/haproxy/tls/ca.crt", 0o644)
        _copy(authority, out / portal / "etc/portal/ca.crt", 0o644)
    _copy(secret / "front.crt", out / "front/etc/nginx/tls/portal.crt", 0o644)
    _copy(secret / "front.key", out / "front/etc/nginx/tls/portal.key", 0o600)


def prepare(machines: dict[str, str], out: Path) -> None:
    """Write everything below ``out``."""
    secret = out / "secrets"
    secret.mkdir(parents=True, exist_ok=True, mode=0o700)
    values = {**machines, **read_secrets(secret)}
    for machine in MACHINES:
        write_machine(machine, values, out / machine)
    write_certificates(machines, secret, out)


def _openssl(*arguments: str | Path) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"openssl {arguments[0]} failed: {done.stderr.strip()}")


def _write(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _copy(source: Path, target: Path, mode: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    shutil.copyfile(source, target)
    target.chmod(mode)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    prepare(read_machines(Path(sys.argv[1])), Path(sys.argv[2]))
