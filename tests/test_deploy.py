"""The files of ``deploy/`` fit the portal: settings, limits, commands and what the proxy tells of visitors."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import subprocess
from ipaddress import IPv6Address, ip_address
from pathlib import Path

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st

from deploy.prepare import DATABASES, DEPLOY, FILES, MACHINES, PORTALS, fill_in, prepare, read_machines, write_machine
from portal.api.routes import INTERFACES
from portal.body_limit import LARGER, LIMIT
from portal.navigation import ENTRIES
from portal.server import PING_EVERY
from portal.settings import read_settings
from portal.upload_gate import FRAMING, OF_VISIT, UPLOADS
from stations.accounts.factor_settings import read_factor_settings
from stations.backup.settings import read_backup_settings
from stations.client_network import network_of
from stations.settings import read_settings as read_domain_settings
from tests.failover.figures import Pause, compare, longest_pause
from tests.failover.run_machine import portal_unit, programs, read_environment

ROOT = DEPLOY.parent
NGINX = (DEPLOY / "nginx/nginx.conf").read_text(encoding="utf-8")
KILOBYTE = 1024
VALUES = {
    "portal_password": "p", "replication_password": "r", "rewind_password": "w", "second_factor_key": "A" * 43 + "=",
    **read_machines(DEPLOY / "machines.ini"),
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of all machines, without certificates."""
    folder = tmp_path_factory.mktemp("machines")
    for machine in MACHINES:
        write_machine(machine, VALUES, folder / machine)
    return folder


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def location(path: str) -> str:
    """Return the block of nginx's configuration for a location."""
    found = re.search(rf"location [=~^ ]*{re.escape(path)} {{(.*?)\n        }}", NGINX, flags=re.DOTALL)
    assert found, path
    return found[1]


def test_every_machine_gets_its_files_and_nothing_is_left_to_fill_in(written: Path) -> None:
    for machine in MACHINES:
        for path in (written / machine).rglob("*"):
            assert path.is_dir() or not re.search(
                r"@[a-z0-9_]+@", path.read_text(encoding="utf-8").replace(":p@", "")
            ), path
    for node in DATABASES:
        patroni = (written / node / "etc/patroni/config.yml").read_text(encoding="utf-8")
        assert f"name: {node}\n" in patroni and f"listen: {VALUES[node]}:8008" in patroni
        assert (written / node / "etc/patroni/config.yml").stat().st_mode & 0o077 == 0
    for portal in PORTALS:
        assert (written / portal / "etc/portal/portal.env").stat().st_mode & 0o007 == 0
    with pytest.raises(KeyError):
        fill_in("@unknown@", VALUES)


def test_every_file_of_the_folder_goes_to_a_machine() -> None:
    used = {file.source for files in FILES.values() for file in files}
    rest = {
        path.relative_to(DEPLOY).as_posix()
        for path in DEPLOY.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert rest - used == {"Containerfile", "Containerfile.dockerignore", "machines.ini", "prepare.py"}


@pytest.mark.parametrize(
    ("line", "told"), [("db2 = 10.0.0.22\n", "lacks db2"), ("front = 10.0.0.10", "front is “ten”")]
)
def test_a_machine_without_an_address_is_named(line: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "machines.ini"
    text = (DEPLOY / "machines.ini").read_text(encoding="utf-8")
    assert line in text
    file.write_text(text.replace(line, "" if line.endswith("\n") else "front = ten"), encoding="utf-8")
    with pytest.raises(SystemExit, match=told):
        read_machines(file)


@needs("openssl")
def test_a_second_run_keeps_passwords_and_certificates(tmp_path: Path) -> None:
    def everything() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    machines = read_machines(DEPLOY / "machines.ini")
    prepare(machines, tmp_path)
    before = everything()
    prepare(machines, tmp_path)
    assert everything() == before
    secret = [path for path in before if path.suffix == ".key" or path.name == "passwords.json"]
    assert len(secret) > 6 and all(path.stat().st_mode & 0o077 == 0 for path in secret)


def test_the_portal_takes_the_environment_file(written: Path) -> None:
    environment = read_environment(written / "portal1/etc/portal/portal.env")
    settings = read_settings(environment)
    assert (settings.host, settings.port) == (VALUES["portal1"], 8501)
    assert VALUES["public_name"] in settings.allowed_hosts
    assert environment["FORWARDED_ALLOW_IPS"] == VALUES["front"]
    domain = read_domain_settings(environment)
    assert not domain.samples and domain.database_url.startswith("postgresql://portal:p@127.0.0.1:5432/portal?")
    read_factor_settings(environment)
    read_backup_settings(environment)
    both = [read_environment(written / one / "etc/portal/portal.env") for one in PORTALS]
    assert {name for name in both[0] if both[0][name] != both[1][name]} == {"HOST"}


def test_the_proxy_takes_as_much_as_the_portal() -> None:
    default = re.search(r"\n    client_max_body_size (\d+)k;", NGINX)
    uploads = re.search(r"client_max_body_size (\d+)k;", location(UPLOADS))
    assert default and int(default[1]) * KILOBYTE == LIMIT
    assert uploads and int(uploads[1]) * KILOBYTE == OF_VISIT + FRAMING
    assert "proxy_request_buffering off" in location(UPLOADS)  # the portal refuses by the length, before it is sent


def test_the_proxy_gives_up_before_the_portal_does_and_after_it_asks() -> None:
    default = inspect.signature(uvicorn.Config).parameters
    kept = re.search(r"keepalive_timeout (\d+)s; # uvicorn", NGINX)
    assert kept and int(kept[1]) < default["timeout_keep_alive"].default
    silent = re.search(r"proxy_read_timeout (\d+)s", location("/_stcore/stream"))
    assert silent and 2 * PING_EVERY < int(silent[1]) <= 3 * PING_EVERY


def test_no_page_has_the_name_of_what_the_proxy_answers_itself() -> None:
    own = {"assets", "geometry", "static", "metrics", "too_large", "too_many", "unavailable"}
    assert not own & {entry.name for entry in ENTRIES}
    for form in ("html", "json"):
        pages = set(re.findall(rf"error_page [\d =]+ /(\w+)\.{form}", NGINX))
        assert pages == {path.stem for path in (DEPLOY / "nginx").glob(f"*.{form}")}


def test_the_proxy_knows_every_interface_for_programs() -> None:
    """What it has to say itself is told to programs as problem details."""
    for interface in INTERFACES:
        assert re.match(r"/(api|ogc|open311|downloads|hsds)(/|$)", interface.path), interface.path
    block = NGINX.partition("location ~ ^/(api|ogc|open311|downloads|hsds)(/|$) {")[2]
    taken = re.search(r"client_max_body_size (\d+)k;", block)
    assert taken and int(taken[1]) * KILOBYTE >= max((LIMIT, *(limit for _, limit in LARGER)))
    for path in (DEPLOY / "nginx").glob("*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        assert {"type", "title", "status", "detail"} == set(told)


def counted_as(address: str) -> str:
    """Return the network under which nginx counts an address."""
    for name in ("$remote_addr $network_written", "$network_written $network"):
        block = NGINX.partition(f"map {name} {{")[2].partition("}")[0]
        rules = re.findall(r'"~(.+?)" (\S+);', block)
        assert rules
        found = next((found for pattern, _ in rules if (found := re.search(pattern, address))), None)
        if found is not None:
            value = dict(rules)[found.re.pattern]
            address = re.sub(r"\$(\d)", lambda number, found=found: found[int(number[1])], value)
    return address


# What IPv6 gives to visitors begins with 2 or 3; the second part is never zero there. Zeros in a row are left out.
given_out = st.tuples(
    st.sampled_from([0x2001, 0x2408, 0x3FFF]),
    st.integers(1, 0xFFFF),
    *[st.sampled_from([0, 0, 1, 0xFFFF])] * 6,
).map(lambda parts: str(IPv6Address(":".join(f"{part:x}" for part in parts))))


@given(st.one_of(st.ip_addresses(v=4).map(str), given_out))
def test_the_proxy_counts_visitors_by_the_network_that_the_portal_counts(drawn: str) -> None:
    address = ip_address(drawn)
    if address.version == 4:
        assert counted_as(drawn) == network_of(drawn)
        return
    near, far = (IPv6Address(number) for number in (int(address) >> 64 << 64 | 0x1234_0001, int(address) ^ (1 << 64)))
    assert counted_as(str(near)) == counted_as(str(address))
    assert counted_as(str(far)) != counted_as(str(address))


def test_what_a_visitor_says_of_its_address_is_not_passed_on() -> None:
    sent = dict(re.findall(r"^    proxy_set_header (\S+) (\S+);", NGINX, flags=re.MULTILINE))
    assert sent["X-Forwarded-For"] == "$remote_addr" and sent["X-Forwarded-Proto"] == "$scheme"
    assert sent["Host"] == "$http_host" and sent["Forwarded"] == sent["X-Forwarded-Host"] == '""'
    assert not re.search(r"^ {8,}proxy_set_header", NGINX, flags=re.MULTILINE)  # it would drop all of these


def test_the_unit_starts_the_portal_and_shuts_it_in() -> None:
    unit = portal_unit()
    assert unit["ExecStart"] == f"{unit['WorkingDirectory']}/.venv/bin/python -m portal"
    targets = {f"/{file.target}" for file in FILES["portal"]}
    assert unit["EnvironmentFile"] in targets
    assert unit["User"] not in {"", "root"} and unit["Restart"] == "always" and "MemoryMax" in unit
    shut = (
        "NoNewPrivileges",
        "PrivateTmp",
        "PrivateDevices",
        "ProtectHome",
        "ProtectKernelModules",
        "RestrictSUIDSGID",
    )
    assert unit["ProtectSystem"] == "strict" and [unit[name] for name in shut] == ["yes"] * len(shut)


def test_the_container_runs_the_same_command_as_nobody_special() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    stages = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    last = lines[stages[-1] :]
    assert len(stages) == 2 and "USER portal" in last
    assert 'CMD ["/opt/portal/.venv/bin/python", "-m", "portal"]' in last
    assert any("--require-hashes -r requirements.txt" in line for line in lines[: stages[-1]])
    for part in ("geo", "stations", "portal", ".streamlit"):
        assert f"COPY {part} {part}" in last and (ROOT / part).is_dir()


def test_what_is_acknowledged_is_on_two_nodes() -> None:
    patroni = (DEPLOY / "patroni/config.yml").read_text(encoding="utf-8")
    times = {
        name: int(value)
        for name, value in re.findall(r"^    (ttl|loop_wait|retry_timeout): (\d+)$", patroni, re.MULTILINE)
    }
    assert times["ttl"] >= times["loop_wait"] + 2 * times["retry_timeout"]
    for line in (
        "synchronous_mode: true",
        "synchronous_mode_strict: true",
        "primary_start_timeout: 0",
        'synchronous_commit: "on"',
        "statement_timeout: 0",
    ):
        assert f"{line}\n" in patroni
    # What a receipt is read from is on two nodes, too.
    reading = (DEPLOY / "haproxy/haproxy.cfg").read_text(encoding="utf-8").partition("backend reading")[2]
    assert "OPTIONS /synchronous\n" in reading
    # The newer interface of etcd would let a leader that returns take the lead from its successor.
    assert "\netcd:\n" in patroni and "ETCD_ENABLE_V2=true\n" in (DEPLOY / "etcd/etcd").read_text(encoding="utf-8")
    assert "host " not in patroni and patroni.count("hostssl ") == 9  # no connection without TLS


@needs("nginx")
def test_nginx_takes_its_file(written: Path, tmp_path: Path) -> None:
    own = tmp_path / "nginx"
    shutil.copytree(written / "front/etc/nginx", own)
    text = re.sub(
        r"^ +(ssl_certificate(_key)?|.*listen) .*\n", "", (own / "nginx.conf").read_text(), flags=re.MULTILINE
    )
    for there, here in (("/run/nginx.pid", own / "pid"), ("/var/cache/nginx", own / "cache"), ("/var/log/nginx", own)):
        text = text.replace(there, str(here))
    (own / "test.conf").write_text(
        text.replace("server_name", "listen 127.0.0.1:1;\n        server_name"), encoding="utf-8"
    )
    done = subprocess.run(["nginx", "-t", "-p", own, "-c", own / "test.conf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@needs("haproxy")
def test_haproxy_takes_its_file(written: Path, tmp_path: Path) -> None:
    text = (written / "portal1/etc/haproxy/haproxy.cfg").read_text(encoding="utf-8")
    own = tmp_path / "haproxy.cfg"
    own.write_text(re.sub(r" check-ssl .* inter", " inter", text), encoding="utf-8")
    done = subprocess.run(["haproxy", "-c", "-f", own], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@needs("systemd-analyze")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    own = tmp_path / "portal.service"
    own.write_text((DEPLOY / "systemd/portal.service").read_text().replace("/opt/portal/.venv/bin/python", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", own], capture_output=True, text=True)
    assert not [line for line in done.stderr.splitlines() if "portal.service" in line], done.stderr


def test_the_pause_after_a_fault_is_the_longest_without_success() -> None:
    assert longest_pause([9, 10.5, 31, 32, 55], since=10, until=60) == Pause(0.5, 21), "that of the fault"
    assert longest_pause([], since=10, until=60) == Pause(0, 50)


def test_what_is_lost_or_doubled_is_found() -> None:
    seen = [
        {"what": "filed", "product": name, "number": number} for name, number in (("a", "1"), ("b", "2"), ("c", "3"))
    ]
    seen.append({"what": "given up", "product": "d", "number": "", "raw": []})
    stored = [("a", "1"), ("b", "9"), ("d", "4"), ("d", "5")]
    found = compare(seen, stored)
    assert (found["lost"], found["other"], found["doubled"]) == (["c"], ["b"], ["d"])


def test_the_trial_runs_the_commands_of_the_units() -> None:
    web = programs("front")
    assert [program.command[0] for program in web] == ["/usr/sbin/nginx"]
