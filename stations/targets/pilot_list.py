"""Importing a list of standardization pilots: all rows, or none if one is wrong.

A pilot is known by name, kind and city. A row adds it, adds the stages that the registry does not have yet, or dates
more exactly those that it has. Imported again, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.duty.roles import Action, Actor, require, whole_province
from stations.entered_text import comparable, narrow, read_text, says_nothing
from stations.errors import InvalidForm, InvalidInput
from stations.language import N_, day_in_china
from stations.partial_date import PartialDate
from stations.places.area_words import AreaWords, areas_on_file
from stations.readers.dates import read_partial_date
from stations.registry.centre import Stage
from stations.registry.dated_entries import AHEAD
from stations.tables.table_file import TableRow, read_table
from stations.targets.pilot import Pilot, PilotKind, PilotStage

MOST = 2_000
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("名称", "项目名称", "试点名称", "试点项目名称", "试点项目", "示范区名称", "项目", "name"),
        "name_en": ("英文名称", "name in english"),
        "kind": ("类型", "类别", "试点类型", "试点类别", "项目类型", "项目类别", "kind"),
        "city": ("设区市", "市", "地市", "所在市", "城市", "city"),
        "county": ("县(市、区)", "县市区", "区县", "县", "区", "所在县市区", "所在地", "所在地区", "county"),
        "host": ("承担单位", "申报单位", "实施单位", "建设单位", "依托单位", "host"),
        "status": ("状态", "阶段", "进展", "status", "stage"),
        "approved": ("立项日期", "立项时间", "批准日期", "批准时间", "下达日期", "下达时间", "approved"),
        "accepted": ("验收日期", "验收时间", "通过验收日期", "考核日期", "考核时间", "评估日期", "accepted"),
        "withdrawn": ("撤销日期", "取消日期", "withdrawn"),
        "as_of": ("截至日期", "统计日期", "as of"),
        "source": ("来源", "文号", "依据", "依据文件", "source"),
    }
)
KINDS: tuple[tuple[str, PilotKind], ...] = (
    ("农业", PilotKind.AGRICULTURAL),
    ("agricultur", PilotKind.AGRICULTURAL),
    ("社会管理", PilotKind.SOCIAL),
    ("公共服务", PilotKind.SOCIAL),
    ("服务业", PilotKind.SOCIAL),
    ("social", PilotKind.SOCIAL),
    ("public", PilotKind.SOCIAL),
)
"""A part of what lists call a kind, and the kind."""

STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        **{stage.value: stage for stage in Stage},
        **dict.fromkeys(("计划", "规划", "拟申报", "申报", "申报中", "已申报"), Stage.PLANNED),
        **dict.fromkeys(("立项", "已立项", "批准", "已批准", "获批", "已下达", "批准筹建"), Stage.APPROVED),
        **dict.fromkeys(("在建", "建设中", "创建中", "实施中", "试点中", "推进中"), Stage.UNDER_CONSTRUCTION),
        **dict.fromkeys(("验收", "已验收", "通过验收", "验收合格", "建成", "已建成", "完成"), Stage.ACCEPTED),
        **dict.fromkeys(("通过考核", "考核合格", "通过评估"), Stage.ACCEPTED),
        **dict.fromkeys(("撤销", "已撤销", "取消", "终止"), Stage.WITHDRAWN),
    }
)
DATED = MappingProxyType({"approved": Stage.APPROVED, "accepted": Stage.ACCEPTED, "withdrawn": Stage.WITHDRAWN})
"""The columns with dates, and the stage that each dates."""

KIND_WORDS = MappingProxyType({PilotKind.AGRICULTURAL: "农业标准化", PilotKind.SOCIAL: "社会管理和公共服务"})
STAGE_WORDS = MappingProxyType(
    {
        Stage.PLANNED: "规划",
        Stage.APPROVED: "立项",
        Stage.UNDER_CONSTRUCTION: "在建",
        Stage.ACCEPTED: "已验收",
        Stage.WITHDRAWN: "已撤销",
    }
)
"""The words that the list is written with."""

_ORDER = {stage: place for place, stage in enumerate(Stage)}


@dataclass(frozen=True)
class ListedPilot:
    """A pilot of the list. ``stages``: its stages in order, each with its date and the date of the source, if told."""

    row: int
    name: str
    name_en: str
    kind: PilotKind
    city_adcode: str
    county_adcode: str | None
    host: str
    stages: tuple[tuple[Stage, PartialDate | None, PartialDate | None], ...]
    source: str

    @property
    def key(self) -> tuple[str, PilotKind, str]:
        """What a pilot is known by."""
        return comparable(self.name), self.kind, self.city_adcode


@dataclass(frozen=True)
class ImportedPilots:
    """The codes of the pilots that were added and changed, and the number of those that stayed as they were."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self.added) + len(self.changed) + self.unchanged


def import_pilots(
    session: Session, actor: Actor | None, content: bytes, *, source: str, now: datetime
) -> ImportedPilots:
    """Import the pilots of a CSV or Excel file. ``source``: of rows that name none.

    Raises:
        NotAllowed: the actor may not edit the province's targets.
        InvalidInput: the file can't be read.
        InvalidForm: one problem for each wrong field and row; nothing is imported.
    """
    actor = require(actor, Action.EDIT_TARGETS, whole_province())
    rows = read_table(content, COLUMNS, ("name", "kind"))
    problems: list[InvalidInput] = []
    if not 0 < len(rows) <= MOST:
        message = N_("Give from 1 to {most} pilots, not {count}")
        problems.append(InvalidInput("file", message, most=MOST, count=len(rows)))
    standing = {(comparable(one.name), one.kind, one.city_adcode): one for one in session.scalars(_held(actor))}
    areas, today = areas_on_file(session), day_in_china(now)
    planned: list[tuple[ListedPilot, Pilot | None]] = []
    first_row: dict[tuple[str, PilotKind, str], int] = {}
    for row in rows:
        try:
            listed = _read(row, areas, source, today)
            first = first_row.setdefault(listed.key, row.number)
            if first != row.number:
                message = N_("“{text}” stands in row {row} already; keep one of the two")
                raise InvalidInput("name", message, text=listed.name, row=first)
            held = standing.get(listed.key)
            if held is not None:
                _check_dates(held, listed)
            planned.append((listed, held))
        except InvalidInput as problem:
            problems.append(InvalidInput(f"row {row.number}", problem.message, **problem.params))
    if problems:
        raise InvalidForm(problems)
    done = _write(session, actor, planned, now)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action="import_pilots",
        subject_kind="pilot",
        subject="*",
        added=list(done.added),
        changed=list(done.changed),
        unchanged=done.unchanged,
        source=source,
    )
    return done


def _held(actor: Actor) -> Select[Pilot]:
    return select(Pilot).where(Pilot.sample.is_(actor.sample)).order_by(Pilot.code)


def _read(row: TableRow, areas: AreaWords, source: str, today: date) -> ListedPilot:
    def cell(name: str) -> str:
        written = row.cells.get(name, "").strip()
        return "" if says_nothing(written) else written

    city, county = areas.read(cell("city"), cell("county"))
    if not city:
        raise InvalidInput("city", N_("Write the city or the county that it lies in"))
    return ListedPilot(
        row.number,
        read_text("name", row.cells.get("name", ""), limit=160),
        read_text("name_en", cell("name_en"), limit=240, required=False),
        _kind(cell("kind")),
        city,
        county or None,
        read_text("host", cell("host"), limit=160, required=False),
        _stages(cell("status"), {name: cell(name) for name in (*DATED, "as_of")}, today),
        read_text("source", cell("source") or source, limit=2000),
    )


def _kind(written: str) -> PilotKind:
    plain = narrow(written).casefold()
    for part, kind in KINDS:
        if part in plain:
            return kind
    raise InvalidInput(
        "kind", N_("“{value}” is no kind of pilot; write 农业标准化 or 社会管理和公共服务"), value=written or "–"
    )


def _stages(
    status: str, dates: Mapping[str, str], today: date
) -> tuple[tuple[Stage, PartialDate | None, PartialDate | None], ...]:
    """Return the stages that a row tells, in order. The one of ``status`` is known on the row's day, or today."""
    stages: dict[Stage, tuple[PartialDate | None, PartialDate | None]] = {
        stage: (read_partial_date(name, dates[name]), None) for name, stage in DATED.items() if dates[name]
    }
    plain = narrow(status).casefold()
    if plain and plain not in STAGES:
        known = "、".join(word for word in STAGES if not word.isascii())
        raise InvalidInput("status", N_("“{value}” is not known; use one of: {known}"), value=status, known=known)
    if plain and STAGES[plain] not in stages:
        as_of = read_partial_date("as_of", dates["as_of"]) if dates["as_of"] else PartialDate.of(today)
        stages[STAGES[plain]] = (None, as_of)
    if not stages:
        raise InvalidInput("status", N_("Write the stage, or the date of approval or acceptance"))
    for stage, (dated, _as_of) in stages.items():
        if dated and dated.earliest > today + AHEAD:
            raise InvalidInput(stage, N_("{date} lies more than a year ahead; check the year"), date=str(dated))
    _check_order({stage: dated for stage, (dated, _as_of) in stages.items()})
    return tuple((stage, *stages[stage]) for stage in sorted(stages, key=_ORDER.__getitem__))


def _check_order(dates: Mapping[Stage, PartialDate | None]) -> None:
    """Raise ``InvalidInput`` if a stage is dated after a later one."""
    dated = [(stage, dates[stage]) for stage in sorted(dates, key=_ORDER.__getitem__)]
    known = [one for _stage, one in dated if one is not None]
    for earlier, later in zip(known, known[1:], strict=False):
        if earlier.earliest > later.latest:
            message = N_("{later} can't come before {earlier}; correct one of the two dates")
            raise InvalidInput("accepted", message, later=str(later), earlier=str(earlier))


def _check_dates(held: Pilot, listed: ListedPilot) -> None:
    """Raise ``InvalidInput`` if the list dates a stage otherwise than the registry."""
    registered = {entry.stage: entry.dated for entry in held.history}
    for stage, dated, _as_of in listed.stages:
        known = registered.get(stage)
        if dated and known and not dated.agrees_with(known):
            message = N_("The registry dates this stage {standing}, the list {told}; find out which is right")
            raise InvalidInput("accepted", message, standing=str(known), told=str(dated))
    _check_order(registered | {stage: dated for stage, dated, _as_of in listed.stages if dated})


def _write(
    session: Session, actor: Actor, planned: Sequence[tuple[ListedPilot, Pilot | None]], now: datetime
) -> ImportedPilots:
    number = session.scalar(select(func.count()).select_from(Pilot).where(Pilot.sample.is_(actor.sample))) or 0
    taken = set(session.scalars(select(Pilot.code)))
    prefix = "SAMPLE-P" if actor.sample else "P"
    added, changed, unchanged = [], [], 0
    for listed, held in planned:
        if held is None:
            while (code := f"{prefix}-{(number := number + 1):03d}") in taken:
                pass
            held = Pilot(
                code=code,
                name=listed.name,
                kind=listed.kind,
                city_adcode=listed.city_adcode,
                source=listed.source,
                sample=actor.sample,
                created_at=now,
                updated_at=now,
            )
            session.add(held)
            _put(held, listed, actor, now)
            added.append(code)
        elif _put(held, listed, actor, now):
            held.version += 1
            held.updated_at = now
            changed.append(held.code)
        else:
            unchanged += 1
    session.flush()
    return ImportedPilots(tuple(added), tuple(changed), unchanged)


def _put(pilot: Pilot, listed: ListedPilot, actor: Actor, now: datetime) -> bool:
    """Write what the list tells beyond the registry. Return whether that was anything."""
    changed = False
    for field in ("name_en", "host", "county_adcode"):
        told = getattr(listed, field)
        if told and getattr(pilot, field) != told:
            setattr(pilot, field, told)
            changed = True
    registered = {entry.stage: entry for entry in pilot.history}
    for stage, dated, as_of in listed.stages:
        entry = registered.get(stage)
        if entry is None:
            if any(_ORDER[stage] < _ORDER[known] for known in registered) and dated is None:
                continue  # the registry knows that it has gone further
            registered[stage] = PilotStage(
                stage=stage,
                dated=dated,
                as_of=as_of,
                source=listed.source,
                recorded_by=actor.username,
                recorded_at=now,
            )
            changed = True
        elif dated and (entry.dated is None or len(str(dated)) > len(str(entry.dated))):
            entry.dated, entry.as_of, entry.source = dated, None, listed.source
            entry.recorded_by, entry.recorded_at = actor.username, now
            changed = True
    if changed:
        pilot.history = sorted(registered.values(), key=lambda entry: _ORDER[entry.stage])
        for position, entry in enumerate(pilot.history):
            entry.position = position
    return changed
