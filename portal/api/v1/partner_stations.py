"""Stations for systems that keep their own in step: reading with versions, bulk changes, conflicts."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.api.inquiry import Asked, unknown_word
from portal.api.keys import PRIVATE, Key
from portal.api.repeatable import Once, RepeatableRoute
from portal.api.v1.partner_shapes import BulkResult, Conflicts, Proposals, RegistryStation, RegistryStations
from portal.api.v1.problems import failures
from portal.api.v1.tags import PARTNERS
from portal.storage import engine
from stations.answers.bulk_rows import bulk_data
from stations.errors import InvalidInput
from stations.language import N_
from stations.partners.area_records import conflict_for_key, list_area_stations, open_area_station
from stations.partners.bulk_change import MOST_ROWS, change_stations
from stations.partners.row_proposal import proposals_of_system
from stations.partners.scopes import Scope
from stations.partners.sync_conflict import conflicts_of_system
from stations.readers.numbers import read_whole_number

MOST = 1000
_JSON, _LINES = "application/json", "application/x-ndjson"
_ROW = {
    "type": "object",
    "required": ["id"],
    "description": "A station by the system's own id, with the fields that change. 以本系统编号标识的小站及变更字段。",
    "properties": {
        "id": {"type": "string", "description": "The id in your system. 贵系统中的编号。"},
        "code": {"type": "string", "description": "The code here, to link a station that exists. 已有小站的编号。"},
        "version": {"type": "integer", "description": "The version here that you started from. 所依据的版本。"},
        "name": {"type": "string"},
        "address": {"type": "string"},
        "county": {"type": "string", "description": "A name or an adcode. 名称或区划代码。"},
        "services": {"type": "array", "items": {}, "description": "Codes, or objects with code, since, until."},
        "status": {"description": "planned, active, suspended or closed, with since and, for the last two, a reason."},
        "settle": {
            "type": "object",
            "description": "Decides a conflict: the version here, and for each field ours or theirs. 对冲突的处理。",
        },
    },
    "additionalProperties": True,
    "example": {
        "id": "A-001",
        "name": "高新区质量小站",
        "county": "县（市、区）的名称或区划代码",
        "address": "科技路 1 号",
        "services": ["metrology.calibration"],
        "source": "城市平台",
        "status": {"status": "active", "since": "2026-03"},
    },
}
_BODY = {
    "required": True,
    "content": {
        _JSON: {
            "schema": {
                "type": "object",
                "required": ["rows"],
                "properties": {"rows": {"type": "array", "items": _ROW, "minItems": 1, "maxItems": MOST_ROWS}},
            }
        },
        _LINES: {"schema": {"type": "string", "description": "A row on each line. 每行一条。"}},
    },
}
router = APIRouter(route_class=RepeatableRoute, tags=[PARTNERS])
Limit = Annotated[str | None, Query(description=f"1 to {MOST}; 100 where it is left out. 每页条数。")]


@router.get("/registry/stations", operation_id="listRegistryStations", response_model_exclude_unset=True)
def list_registry_stations(
    asked: Asked,
    key: Key,
    response: Response,
    after: Annotated[
        str | None, Query(description="`next` of the page before. 上一页的 next。", max_length=40)
    ] = None,
    limit: Limit = None,
) -> RegistryStations:
    """Return the stations of the key's area with their versions, by code. 密钥区域内的小站及版本。"""
    count = read_whole_number("limit", limit, 1, MOST) if limit is not None else 100
    with asked.reading() as session:
        found = list_area_stations(session, key, samples=asked.samples, after=after or "", limit=count + 1)
    more = found[count - 1]["code"] if len(found) > count else None
    response.headers.update(PRIVATE)
    return RegistryStations.model_validate({"stations": found[:count], "next": more})


@router.get(
    "/registry/stations/{code}", operation_id="getRegistryStation", response_model_exclude_unset=True
)
def get_registry_station(
    asked: Asked, key: Key, code: Annotated[str, Path(max_length=40)], response: Response
) -> RegistryStation:
    """Return one station of the key's area with its version. 密钥区域内的一个小站。"""
    with asked.reading() as session:
        found = open_area_station(session, key, code, samples=asked.samples)
    response.headers.update(PRIVATE)
    return RegistryStation.model_validate(found)


async def _rows(request: Request) -> list[Any]:
    """Return the rows of a body; a line that is no JSON is told as a row that can't be read.

    Raises:
        HTTPException: the body is of another type (415).
        InvalidInput: it is not JSON, or not as it is described.
    """
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _LINES:
        text = body.decode("utf-8", "replace")
        return [_line(line) for line in text.splitlines() if line.strip()]
    if body and kind != _JSON:
        raise HTTPException(415, headers={"Accept": f"{_JSON}, {_LINES}"})
    try:
        read = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InvalidInput("rows", N_("The body is no valid JSON.")) from None
    if not isinstance(read, dict) or not isinstance(read.get("rows"), list) or set(read) != {"rows"}:
        raise InvalidInput("rows", N_("Send the rows as {shape}, or one on each line"), shape='{"rows": [{…}, {…}]}')
    return list(read["rows"])


def _line(line: str) -> Any:
    try:
        return json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return line


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


Mode = Annotated[
    str | None,
    Query(
        description="`each`: every row that can be is written; `all`: all or none. each 逐条写入；all 全部或全不。",
        json_schema_extra={"enum": ["each", "all"]},
    ),
]
DryRun = Annotated[
    str | None,
    Query(description="`1`: only say what would come of it. 1 为试运行。", json_schema_extra={"enum": ["0", "1"]}),
]


@router.post(
    "/stations/bulk",
    operation_id="changeStations",
    openapi_extra={"requestBody": _BODY},
    responses=failures(413, 415),
    response_model_exclude_unset=True,
)
def change_stations_at_once(
    asked: Asked,
    key: Key,
    rows: Annotated[list[Any], Depends(_rows)],
    response: Response,
    once: Once,
    mode: Mode = None,
    dry_run: DryRun = None,
) -> BulkResult:
    """Add and change many stations at once. 批量新增和变更小站。

    Each row is told with its outcome: created, changed, unchanged, conflict (with base, ours and theirs of each field),
    refused (with field, what was written and what to do), or left out. The same rows sent again change nothing.
    With a key that may only propose, a row becomes a proposal (proposed, with its number) that people decide on.
    逐行返回结果；密钥只能提出变更申请时，该行转为变更申请（proposed 及编号），由管理员决定。
    """
    if mode not in (None, "each", "all"):
        raise unknown_word("mode", mode, ("each", "all"))
    if dry_run not in (None, "0", "1"):
        raise unknown_word("dry_run", dry_run, ("0", "1"))
    trial = dry_run == "1"
    results = change_stations(
        engine(), key, rows, all_or_none=mode == "all", dry_run=trial, now=asked.now, also=once.mark_done
    )
    response.headers.update(PRIVATE)
    return BulkResult.model_validate(bulk_data(results, key, asked.language, dry_run=trial))


@router.get("/sync/conflicts", operation_id="listSyncConflicts", response_model_exclude_unset=True)
def list_sync_conflicts(asked: Asked, key: Key, response: Response) -> Conflicts:
    """Return the open conflicts of the key's system. 本系统尚未处理的冲突。"""
    key.require(Scope.WRITE_STATIONS, Scope.PROPOSE_STATIONS)
    with asked.reading() as session:
        found = [
            {
                "id": one.external_id,
                "code": one.code,
                "base_version": one.base_version,
                "version": one.version,
                "at": one.at.isoformat(),
                "fields": conflict_for_key(key, list(one.fields)),
            }
            for one in conflicts_of_system(session, key.system)
        ]
    response.headers.update(PRIVATE)
    return Conflicts.model_validate({"conflicts": found})


@router.get("/sync/proposals", operation_id="listSyncProposals")
def list_sync_proposals(
    asked: Asked,
    key: Key,
    response: Response,
    after: Annotated[
        str | None, Query(description="The last `number` of the page before. 上一页最后的 number。", max_length=20)
    ] = None,
    limit: Limit = None,
) -> Proposals:
    """Return what the key's system proposed and what came of it, the newest first. 本系统提出的变更申请及其结果。"""
    key.require(Scope.PROPOSE_STATIONS, Scope.WRITE_STATIONS)
    last = read_whole_number("after", after, 1, 2_000_000_000) if after is not None else None
    count = read_whole_number("limit", limit, 1, MOST) if limit is not None else 100
    with asked.reading() as session:
        found = proposals_of_system(session, key.system, after=last, limit=count)
    response.headers.update(PRIVATE)
    return Proposals.model_validate({"proposals": found})
