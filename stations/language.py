"""Text for people in Chinese or English: messages, dates, numbers and distances.

Messages are written in English in the code (the gettext msgid) and translated where they are shown. Code that only
raises or stores a message marks it with ``N_``; code that shows it calls ``Language.translate``. Placeholders are
named: ``translate("{count} rows", count=3)``. Catalogues are read from their ``.po`` files, so no compile step is
needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, Self

from babel import dates, numbers, units

from stations.compiled_catalogue import read_catalogue

LanguageCode = str
"""A key of ``LANGUAGES``."""


class Tongue(NamedTuple):
    """What a language of the user interface has besides its catalogues.

    ``locale``: Babel's, for dates and numbers. ``name``: of the language, in itself. ``names``: which name of a record
    it takes where there are two, the Chinese or the English one. ``comma``: what stands between the items of a list.
    """

    locale: str
    name: str
    names: Literal["zh", "en"] = "en"
    comma: str = ", "


LANGUAGES: dict[LanguageCode, Tongue] = {
    "zh_CN": Tongue("zh_Hans_CN", "中文", names="zh", comma="、"),
    "en": Tongue("en_GB", "English"),
}
DEFAULT_LANGUAGE: LanguageCode = "zh_CN"
CHINA_TIME = timezone(timedelta(hours=8), "UTC+8")  # one zone, no summer time since 1991


def day_in_china(moment: datetime) -> date:
    """Return the date in China at a moment, which carries its time zone."""
    return moment.astimezone(CHINA_TIME).date()


_COARSE_DATES = {"month": "yMMMM", "year": "y"}  # CLDR skeletons


class Bilingual(NamedTuple):
    """A name in both languages, as a parameter of a message."""

    zh: str
    en: str | None

    def __str__(self) -> str:
        return self.zh


@dataclass(frozen=True)
class Worded:
    """A message with its parameters, as a parameter of another message."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.message.format(**self.params) if self.params else self.message


@dataclass(frozen=True)
class Counted:
    """A number of things as a parameter of a message: ``Counted("{count} digit", "{count} digits", 1)``."""

    singular: str
    plural: str
    count: int

    def __str__(self) -> str:
        return (self.singular if self.count == 1 else self.plural).format(count=self.count)


class Listed(tuple[str | Worded, ...]):
    """A list of messages as one parameter of a message; each is translated."""

    def __str__(self) -> str:
        return ", ".join(map(str, self))


class ListedAsWritten(tuple[str, ...]):
    """A list of words as one parameter of a message, such as codes; they stand as they are in every language."""

    def __str__(self) -> str:
        return ", ".join(self)


@dataclass(frozen=True)
class Catalogue:
    """A gettext domain: ``directory/<code>/LC_MESSAGES/<domain>.po``."""

    directory: Path
    domain: str

    def path(self, code: str) -> Path:
        """Return the path of the translations into ``code``. English, the source language, has no file."""
        return self.directory / code / "LC_MESSAGES" / f"{self.domain}.po"


STATIONS_CATALOGUE = Catalogue(Path(__file__).resolve().parent / "locale", "stations")


def N_(message: str) -> str:
    """Mark ``message`` for translation and return it unchanged."""
    return message


class LabelledEnum(StrEnum):
    """Base class of enumerations whose members have a label for people.

    A member is written as ``ACTIVE = "active", N_("Active")``: its value, then its ``label``, a message to be
    translated. ``Status("active")`` finds a member by its value.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        # With the default, type checkers accept Status("active"). A member without a label is an error.
        if not label:
            raise TypeError(f"{cls.__name__}: “{value}” lacks its label")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


@cache
def _translations(code: str, catalogues: tuple[Catalogue, ...]) -> NullTranslations:
    """Return the translations of the catalogues, searched in order; missing messages stay in English."""
    translations = NullTranslations()
    if code == "en":
        return translations
    for catalogue in reversed(catalogues):
        layer = read_catalogue(catalogue.path(code), code)
        layer.add_fallback(translations)
        translations = layer
    return translations


@dataclass(frozen=True)
class Language:
    """A language of the user interface, with its catalogues.

    Raises:
        ValueError: ``code`` is not one of ``LANGUAGES``.
    """

    code: LanguageCode = DEFAULT_LANGUAGE
    catalogues: tuple[Catalogue, ...] = field(default=(STATIONS_CATALOGUE,), repr=False)

    def __post_init__(self) -> None:
        if self.code not in LANGUAGES:
            raise ValueError(f"“{self.code}” is not one of the languages {', '.join(LANGUAGES)}")

    @property
    def tag(self) -> str:
        """The BCP 47 tag for HTML and HTTP: ``zh-CN`` or ``en``."""
        return self.code.replace("_", "-")

    @property
    def _locale(self) -> str:
        return LANGUAGES[self.code].locale

    def translate(self, message: str, **params: Any) -> str:
        """Return ``message`` in this language, its ``{placeholders}`` filled from ``params``."""
        # gettext translates "" into the catalogue's header.
        text = _translations(self.code, self.catalogues).gettext(message) if message else ""
        return text.format(**{name: self._say(value) for name, value in params.items()}) if params else text

    def _say(self, value: Any) -> Any:
        if isinstance(value, Listed):
            return self.translate(", ").join(
                self._say(one) if isinstance(one, Worded) else self.translate(one) for one in value
            )
        if isinstance(value, ListedAsWritten):
            return self.join(value)
        if isinstance(value, Worded):
            return self.translate(value.message, **value.params)
        if isinstance(value, Counted):
            return self.ngettext(value.singular, value.plural, value.count)
        return self.pick(*value) if isinstance(value, Bilingual) else value

    def ngettext(self, singular: str, plural: str, count: int, **params: Any) -> str:
        """Return the singular or plural for ``count``, which also fills ``{count}`` as a formatted number."""
        text = _translations(self.code, self.catalogues).ngettext(singular, plural, count)
        return text.format(count=self.format_number(count), **params)

    def pick(self, zh: str | None, en: str | None) -> str:
        """Return the Chinese or English text of a record; the other one if the preferred is missing."""
        first, second = (zh, en) if LANGUAGES[self.code].names == "zh" else (en, zh)
        return first or second or ""

    @property
    def comma(self) -> str:
        """The separator of list items: ``、`` or a comma and a blank."""
        return LANGUAGES[self.code].comma

    @property
    def semicolon(self) -> str:
        """The separator of statements in one line: ``；`` or a semicolon and a blank."""
        return "；" if self.code == "zh_CN" else "; "

    def join(self, parts: Iterable[str]) -> str:
        """Return the parts joined into a list within a sentence."""
        return self.comma.join(parts)

    def format_date(self, day: date, precision: Literal["day", "month", "year"] = "day") -> str:
        """Return ``2026年11月24日`` or ``24 November 2026``, no finer than ``precision``."""
        if precision == "day":
            return dates.format_date(day, format="long", locale=self._locale)
        return dates.format_skeleton(_COARSE_DATES[precision], day, locale=self._locale)

    def format_season(self, month: int, day: int | None = None) -> str:
        """Return a month, or a day, of any year: ``5月``, ``5月1日``; ``May``, ``1 May``."""
        return dates.format_skeleton("MMMd" if day else "MMM", date(2024, month, day or 1), locale=self._locale)

    def format_datetime(self, moment: datetime, zone: tzinfo = CHINA_TIME) -> str:
        """Return date and time to the minute in ``zone``. ``moment`` has a time zone."""
        local = moment.astimezone(zone)
        return f"{self.format_date(local.date())} {local:%H:%M}"

    def format_number(self, value: float, decimals: int | None = None) -> str:
        """Return the number with grouped thousands; with ``decimals``, exactly that many."""
        pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return numbers.format_decimal(value, format=pattern, locale=self._locale)

    def format_percent(self, ratio: float, decimals: int = 0) -> str:
        """Return ``0.893`` as ``89%``."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
        return numbers.format_percent(ratio, format=pattern, locale=self._locale)

    def format_distance(self, metres: float) -> str:
        """Return metres below one kilometre, else kilometres: one decimal up to 100 km, none above."""
        if metres < 999.5:
            return self._spaced(units.format_unit(round(metres), "length-meter", length="short", locale=self._locale))
        kilometres = metres / 1000
        pattern = "0.0" if kilometres < 99.95 else "#,##0"
        return self._spaced(
            units.format_unit(kilometres, "length-kilometer", length="short", format=pattern, locale=self._locale)
        )

    def format_minutes(self, seconds: float) -> str:
        """Return seconds as minutes: one decimal below 10 minutes, none above."""
        minutes = seconds / 60
        pattern = "0.#" if minutes < 9.95 else "#,##0"
        return self._spaced(
            units.format_unit(minutes, "duration-minute", length="short", format=pattern, locale=self._locale)
        )

    @staticmethod
    def _spaced(amount: str) -> str:
        """Put a blank between a number and its unit, as all our texts have it; CLDR's Chinese has none."""
        return re.sub(r"(?<=\d)(?=[^\d\s.,])", " ", amount)


def nearest_language(*wishes: str | None) -> LanguageCode:
    """Return the first supported language among the wishes, else Chinese.

    Args:
        wishes: language codes or BCP 47 tags (``zh_CN``, ``zh-Hans-CN``, ``en-US``), most wanted first. Empty and
            unsupported ones are skipped.
    """
    spoken = {code.split("_")[0]: code for code in LANGUAGES}
    for wish in wishes:
        tongue = (wish or "").replace("_", "-").split("-")[0].strip().lower()
        if tongue in spoken:
            return spoken[tongue]
    return DEFAULT_LANGUAGE


class Labelled(Protocol):
    """An object with a label to show: a member of a ``LabelledEnum``, or a row of a data table."""

    @property
    def label(self) -> str:
        """The message to show as its name."""


def label(language: Language, member: Labelled) -> str:
    """Return the label of ``member`` in ``language``."""
    return language.translate(member.label)
