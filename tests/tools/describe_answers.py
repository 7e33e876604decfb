"""Write the schemas of the answers of ``/api/v1`` and their examples: ``python -m tests.tools.describe_answers``.

Every question is asked of a new database with the sample network, in many ways, and the schema is what all its answers
have in common. Run it after an answer has got another shape; the tests say when that is so.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from tests.tools.describe_exchanges import WEBHOOK_SECRET, of_a_firm, of_a_system, of_scenarios

DAYS = ("2000-01-01", "2021-01-01", "2023-06-30", "2025-03-01", "2026-11-24", "2027-06-30")
MAP_KEY = re.compile(r"\d{6}|\d+")
SHOWN_ITEMS = 2
SITING_STATES = ("askForSiting", "getSitingStatus", "cancelSiting")
RECORDS = {"getStation": "stations", "getCentre": "centres", "getInstitution": "institutions"}

_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"),
)  # fmt: skip


def schema_of_all(values: list[Any]) -> dict[str, Any]:
    """Return the JSON schema of several values of one kind. What was never more than null or empty may be anything."""
    given = [one for one in values if one is not None]
    kinds = list(dict.fromkeys(_kind(one) for one in given))
    if "number" in kinds:
        kinds = [kind for kind in kinds if kind != "integer"]
    if not kinds:
        return {}
    names = [*kinds, *(["null"] if len(given) < len(values) else [])]
    schema: dict[str, Any] = {"type": names[0] if len(names) == 1 else names}
    if "object" in kinds:
        schema |= _of_objects([one for one in given if isinstance(one, dict)])
    if "array" in kinds:
        schema["items"] = schema_of_all([each for one in given if isinstance(one, list) for each in one])
    return schema


def _kind(value: Any) -> str:
    return next(name for kind, name in _TYPES if isinstance(value, kind))


def _of_objects(objects: list[dict[str, Any]]) -> dict[str, Any]:
    keys = list(dict.fromkeys(key for one in objects for key in one))
    if keys and all(MAP_KEY.fullmatch(key) for key in keys):
        return {"additionalProperties": schema_of_all([value for one in objects for value in one.values()])}
    properties = {key: schema_of_all([one[key] for one in objects if key in one]) for key in keys}
    needed = [key for key in keys if all(key in one for one in objects)]
    return {"properties": properties, **({"required": needed} if needed else {})}


def shortened(value: Any) -> Any:
    """Return an answer with only the first items of each list, and of each object that is a table by code."""
    if isinstance(value, list):
        return [shortened(one) for one in value[:SHOWN_ITEMS]]
    if isinstance(value, dict):
        by_code = len(value) > SHOWN_ITEMS and all(MAP_KEY.fullmatch(key) for key in value)
        items = list(value.items())[:SHOWN_ITEMS] if by_code else value.items()
        return {key: shortened(one) for key, one in items}
    return value


def asked_paths(codes: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the paths that each operation is asked by, the best example first. ``codes``: of records, by register."""
    place = "lon=120.98&lat=31.39"
    on = [f"as_of={day}&sample={sample}" for day in reversed(DAYS) for sample in "10"]
    services = [f"service={code}" for code in codes["services"][:30]]
    kinds = [f"centre_kind={kind}" for kind in codes["centre_kinds"]]
    return {
        "getCoverage": [f"/coverage?{each}" for each in ("", *on)],
        "getCoverageCurve": ["/coverage/curve?from=2026-01-01", "/coverage/curve", "/coverage/curve?sample=0"],
        "getCoverageChanges": [f"/coverage/changes?from={a}&to={b}" for a in DAYS for b in reversed(DAYS) if a < b],
        "getCoverageRisk": [f"/coverage/risk?{each}" for each in ("", *on)],
        "getCoverageReach": [f"/coverage/near?{each}" for each in ("", *on)],
        "getCounty": [f"/counties/{code}" for code in codes["counties"]]
        + [f"/counties/{code}?{each}" for code in codes["counties"][:5] for each in on],
        "getLocate": [f"/locate?{place}", "/locate?lon=100&lat=31"],
        "getAddress": [f"/addresses?q={quote(text)}" for text in codes["addresses"]],
        "getNearest": [f"/nearest?{place}&{each}&k=20" for each in ("", *on, *services)],
        "getServices": [
            f"/services?q={quote('压力表')}",
            "/services",
            *(f"/services?q={quote(text)}" for text in ("ISO9001", "秤", "nothing")),
        ],
        "getTargets": [f"/targets?{each}" for each in ("", *on)],
        "getTarget": [f"/targets/{code}" for code in codes["targets"]]
        + [f"/targets/{code}?{each}" for code in codes["targets"] for each in on],
        "getReach": [f"/reach?{each}" for each in ("", *on, "weights=equal&catchment=10", *services[:3], *kinds)],
        "getFigures": ["/figures"],
        "getMeasures": ["/measures"],
        "getStations": [f"/stations?limit=1000&{each}" for each in ("", *on)],
        "getCentres": [f"/centres?limit=1000&{each}" for each in ("", *on)],
        "getInstitutions": [f"/institutions?limit=1000&{each}" for each in ("", *on)],
        "getPilots": [f"/pilots?limit=1000&{each}" for each in ("", *on)],
        "getChains": [f"/chains?{each}" for each in ("", *on)],
        "getChain": [f"/chains/{code}" for code in codes["chains"]]
        + [f"/chains/{code}?{each}" for code in codes["chains"][:3] for each in on],
        "getChainCounties": [f"/chains/{code}/counties" for code in codes["chains"]]
        + [f"/chains/{code}/counties?{each}" for code in codes["chains"][:3] for each in on],
        "getCentreReach": [f"/centres/reach?{each}" for each in ("", *on, "within=1", "within=500")],
        "getCompleteness": [f"/completeness?{each}" for each in ("", *on)],
        "getRecordScores": [f"/completeness/cities?{each}" for each in ("", *on)],
        **{
            operation: [f"/{name}/{code}" for code in codes[name]]
            + [f"/{name}/{code}?{each}" for code in codes[name][:20] for each in ("as_of=2000-01-01", *on[::2])]
            for operation, name in RECORDS.items()
        },
        "getPublishedTotals": ["/published/totals"],
        "getPublishedClusters": ["/published/clusters"],
    }  # fmt: skip


def _get(path: str) -> Any:
    from portal.api.v1.interface import api
    from tests.portal.api.asgi import ask

    answer = ask(api, path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code} {answer.content.decode()}")
    return answer.json()


def _codes() -> dict[str, list[str]]:
    from stations.province import example
    from stations.registry.centre import CentreKind

    place = example()
    counties = [one["adcode"] for one in _get("/coverage")["counties"]]
    first = [place.county.adcode, *(code for code in counties if code != place.county.adcode)]
    registers = ("stations", "centres", "institutions")
    return {
        **{name: [one["code"] for one in _get(f"/{name}?limit=1000")] for name in registers},
        "counties": first,
        "centre_kinds": [kind.value for kind in CentreKind],
        "addresses": [place.town_address, place.address, "nowhere"],
        "targets": [one["code"] for one in _get("/targets")],
        "chains": [one["code"] for one in _get("/chains")["chains"]],
        "services": [one["code"] for one in _get("/services")],
    }


def _in(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def _siting() -> dict[str, list[Any]]:
    """Return the states and results of computations."""
    from portal.api.v1.interface import api
    from portal.planning.siting_progress import jobs
    from tests.portal.api.asgi import ask

    states, results = [], []
    for question in (
        {"model": "p-median", "p": 3, "weights": "population"},
        {"model": "p-median", "p": 1},
        {"model": "lscp", "keep_existing": True},
        {"model": "mclp", "p": 2, "budget": 5.0, "points": [[120.98, 31.39]]},
        {"model": "lscp", "within_km": 1, "forbid": [_get("/coverage")["counties"][0]["adcode"]]},
        {"model": "p-center", "p": 2, "must": [_get("/coverage")["counties"][0]["adcode"]]},
    ):
        begun = ask(api, "/siting", method="POST", body=json.dumps(question).encode(), content_type="application/json")
        address = begun.headers["location"].removeprefix("/api/v1")
        while (state := _get(address))["status"] in {"waiting", "running"}:
            states.append(state)
        states.insert(0, state)
        results.append(_get(f"{address}/result"))
    states.append({**states[0], "progress": None, "result": None})
    states.append({**states[0], "progress": {"step": 1, "best": 1.5, "bound": None}})
    states.append({**states[0], "progress": {"step": 1, "best": None, "bound": 1.5}})
    jobs().close()
    return {name: states for name in SITING_STATES} | {"getSitingResult": results}


def describe() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schemas and the examples, by operation."""
    schemas, examples = {}, {}
    for operation, paths in asked_paths(_codes()).items():
        answers = [_get(path) for path in paths]
        schemas[operation] = schema_of_all(answers)
        examples[operation] = {
            "path": paths[0].rstrip("?"),
            **{code: shortened(_get(_in(paths[0], code))) for code in ("zh_CN", "en")},
        }
    for operation, found in {**_siting(), "compareScenarios": of_scenarios(_get)}.items():
        schemas[operation] = schema_of_all(found)
        examples[operation] = {code: shortened(found[0]) for code in ("zh_CN", "en")}
    of_a_system(examples, shortened, of_a_firm(examples, shortened))
    return schemas, examples


def write(path: Path, data: dict[str, Any], *, by_line: Iterable[str]) -> None:
    """Write JSON with one operation a line, so that a change is seen where it is."""
    lines = (f"{json.dumps(key)}: {json.dumps(data[key], ensure_ascii=False)}" for key in by_line)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Write both files."""
    os.environ |= {"CLOCK": "2026-11-24T10:00+08:00", "SAMPLE": "1", "API_RATE": "off", "API_COSTLY_RATE": "off"}
    os.environ |= {"WEBHOOK_SECRET": WEBHOOK_SECRET, "WEBHOOK_NETWORKS": "127.0.0.0/8"}
    with TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/portal.sqlite3"
        from geo.province import province_in_use
        from portal.api.v1.described import EXAMPLES, SCHEMAS
        from portal.storage import engine
        from stations.commands.command_line import main as command

        if command(["setup"]):
            raise SystemExit(1)
        schemas, examples = describe()
        engine().dispose()
    write(SCHEMAS, schemas, by_line=sorted(schemas))
    write(province_in_use().folder / EXAMPLES, examples, by_line=sorted(examples))


if __name__ == "__main__":
    main()
