"""The words that an office taught once, remembered for its next list.

An office is that of an area: the province, a city or a county. Whoever may import lists there sees, teaches and forgets
its words. What an invented person teaches applies to lists of invented persons only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, Text, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from geo.province import province_in_use
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, choice
from stations.duty.roles import Action, Actor, Area, AreaKind, require, signed_in, whole_province
from stations.errors import InvalidInput
from stations.imports.vocabulary import Vocabulary
from stations.imports.word_mapping import Origin, TaughtWord, WordKind, WordMapping
from stations.language import N_
from stations.personal_data import PersonalData
from stations.registry.record_terms import Terms
from stations.tables.table import LIST_MARK


class RememberedWord(Base):
    """A word that an office taught.

    ``list_kind``: the kind of list whose words it is (``Vocabulary.list_kind``). ``word``: it in the form in which it
    is compared. ``means``: the meaning, several parted by ``LIST_MARK``; empty if it is left out.
    """

    __tablename__ = "remembered_word"
    in_caches = False
    personal_data = PersonalData(
        columns=("taught_by",),
        written=("word", "written"),
        kept="until the office forgets it",
        deleted_by=("stations.imports.remembered_words:forget_words",),
    )

    area_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    sample: Mapped[bool] = mapped_column(primary_key=True)
    list_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[WordKind] = mapped_column(choice(WordKind, "kind"), primary_key=True)
    word: Mapped[str] = mapped_column(String(200), primary_key=True)
    written: Mapped[str] = mapped_column(String(200))
    means: Mapped[str] = mapped_column(Text)
    taught_by: Mapped[str] = mapped_column(String(80))
    taught_at: Mapped[datetime]


@dataclass(frozen=True)
class Remembered:
    """A remembered word, who taught it and when. ``holds``: whether what it means is still on file."""

    word: TaughtWord
    by: str
    at: datetime
    holds: bool


def office_of(actor: Actor | None, action: Action) -> str:
    """Return the adcode of the area whose office an actor is when importing: the widest of their areas of duty.

    Raises:
        NotAllowed: the actor may not import anywhere.
    """
    actor = signed_in(actor)
    kinds = list(AreaKind)
    duties = [duty for duty in actor.duties_for(action) if duty.area_kind is not AreaKind.STATION]
    if not duties:
        require(actor, action, whole_province(sample=actor.sample))
    return min(duties, key=lambda duty: (kinds.index(duty.area_kind), duty.area_code)).area_code


def remembered_words(
    session: Session, actor: Actor | None, area_code: str, vocabulary: Vocabulary, terms: Terms
) -> list[Remembered]:
    """Return the words that the office of an area remembers for such lists, by kind, as written.

    Raises:
        NotAllowed: the actor may not import for that office.
        InvalidInput: there is no such area.
    """
    actor = require(actor, vocabulary.action, _area(area_code, terms, sample=_sample(actor)))
    rows = session.scalars(_words_of(area_code, actor.sample, vocabulary).execution_options(populate_existing=True))
    found = [
        Remembered(_taught(row), row.taught_by, row.taught_at, vocabulary.on_file(_taught(row), terms)) for row in rows
    ]
    return sorted(found, key=lambda one: (list(WordKind).index(one.word.kind), one.word.written))


def mapping_of(remembered: Iterable[Remembered]) -> WordMapping:
    """Return the mapping by the remembered words, without those whose meaning is not on file any more."""
    return WordMapping(words=tuple(one.word for one in remembered if one.holds))


def remember_words(
    session: Session,
    actor: Actor | None,
    area_code: str,
    words: Sequence[TaughtWord],
    vocabulary: Vocabulary,
    terms: Terms,
    *,
    now: datetime,
) -> None:
    """Remember words for the next lists of the office of an area; a word that it knows takes the new meaning.

    Raises:
        NotAllowed: the actor may not import for that office.
        InvalidInput: there is no such area, a word can't be taught, or a meaning is not on file.
    """
    actor = require(actor, vocabulary.action, _area(area_code, terms, sample=_sample(actor)))
    told: dict[tuple[WordKind, str], TaughtWord] = {}
    for word in words:
        word.check("word")
        if not vocabulary.on_file(word, terms):
            raise InvalidInput("word", N_("What “{word}” is to mean is not on file"), word=word.written)
        told[word.key] = word
    for key, word in sorted(told.items()):  # in one order, so that two who teach the same words wait for each other
        kind, compared = key
        _put(
            session,
            {
                "area_code": area_code,
                "sample": actor.sample,
                "list_kind": vocabulary.list_kind,
                "kind": kind,
                "word": compared,
            },
            {
                "written": word.written,
                "means": LIST_MARK.join(word.means),
                "taught_by": actor.username,
                "taught_at": now,
            },
        )
    if words:
        _log(session, AuditAction.REMEMBER_WORDS, actor, area_code, vocabulary, words, now)


def forget_words(
    session: Session,
    actor: Actor | None,
    area_code: str,
    words: Collection[tuple[WordKind, str]],
    vocabulary: Vocabulary,
    terms: Terms,
    *,
    now: datetime,
) -> None:
    """Forget words of the office of an area. ``words``: their ``TaughtWord.key``; one that is not there is passed over.

    Raises:
        NotAllowed: the actor may not import for that office.
        InvalidInput: there is no such area.
    """
    actor = require(actor, vocabulary.action, _area(area_code, terms, sample=_sample(actor)))
    held = session.scalars(_words_of(area_code, actor.sample, vocabulary))
    gone = [row for row in held if (row.kind, row.word) in words]
    for row in gone:
        session.delete(row)
    if gone:
        _log(session, AuditAction.FORGET_WORDS, actor, area_code, vocabulary, [_taught(row) for row in gone], now)


def _put(session: Session, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Add a word or give it a new meaning in one statement, since a colleague may be adding it at the same moment."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(RememberedWord).values({**key, **values})
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=dict(values))
    session.execute(statement, execution_options={"populate_existing": True})


def _words_of(area_code: str, sample: bool, vocabulary: Vocabulary) -> Select[RememberedWord]:
    return select(RememberedWord).where(
        RememberedWord.area_code == area_code,
        RememberedWord.sample.is_(sample),
        RememberedWord.list_kind == vocabulary.list_kind,
    )


def _taught(row: RememberedWord) -> TaughtWord:
    return TaughtWord(row.kind, row.written, tuple(filter(None, row.means.split(LIST_MARK))), Origin.REMEMBERED)


def _area(code: str, terms: Terms, *, sample: bool) -> Area:
    """Return the area of an office: its own within the province, so that a city's duty does not reach the words of its
    counties.
    """
    province = province_in_use().adcode
    if code == province:
        return Area(province, sample=sample)
    if code in terms.cities:
        return Area(province, city=code, sample=sample)
    if code in terms.counties:
        return Area(province, county=code, sample=sample)
    raise InvalidInput("area", N_("“{area}” is not the name or adcode of the province, a city or a county"), area=code)


def _sample(actor: Actor | None) -> bool:
    return actor is not None and actor.sample


def _log(
    session: Session,
    action: AuditAction,
    actor: Actor,
    area_code: str,
    vocabulary: Vocabulary,
    words: Sequence[TaughtWord],
    now: datetime,
) -> None:
    told = [{"word": word.written, "means": LIST_MARK.join(word.means)} for word in words]
    kind, by = vocabulary.list_kind, actor.username
    log.record(
        session,
        at=now,
        actor=by,
        action=action,
        subject_kind=AuditSubject.OFFICE_WORDS,
        subject=area_code,
        list=kind,
        words=told,
    )
