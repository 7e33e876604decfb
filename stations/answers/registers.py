"""The registers of stations, centres and institutions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.answers.centre_stages import STAGES
from stations.answers.columns import Column, Columns, as_plain
from stations.answers.presentation import listing
from stations.language import N_, Bilingual, Language, day_in_china
from stations.registry.centre import Centre, CentreKind, CentreLevel, CentreStage, list_centres
from stations.registry.dated_stage import latest
from stations.registry.institutions import Institution, ScopeEntry, find_institutions
from stations.registry.record_state import PERSONAL_FIELDS
from stations.registry.register_page import WHOLE, RegisterPage
from stations.registry.station import Station, StationStatus, StationToday, Status, list_stations
from stations.source_wording import source_wording

STATUS_HISTORY: Columns[StationStatus] = Columns(
    Column("status", lambda entry: entry.status, N_("Status")),
    Column("dated", lambda entry: entry.dated, N_("Since")),
    Column("as_of", lambda entry: entry.as_of, N_("As of")),
    Column("reason", lambda entry: entry.reason, N_("Reason")),
    Column(
        "source",
        lambda entry: entry.source or entry.station.source,
        N_("Source"),
        show=lambda text, language: source_wording(language, text),
    ),
)
STATUS_HISTORY_COLUMNS = STATUS_HISTORY.take("status", "dated", "as_of", "reason", "source")
"""The table of a station's history of status, oldest first."""


def stations_on(
    session: Session,
    as_of: date,
    *,
    samples: bool,
    county_adcode: str | None = None,
    statuses: Collection[Status] | None = None,
    services: Collection[str] = (),
    page: RegisterPage = WHOLE,
) -> list[StationToday]:
    """Return every station, or such stations (``list_stations``), with its status on ``as_of`` and its history, sorted
    by code.
    """
    found = list_stations(
        session,
        as_of,
        samples=samples,
        county_adcode=county_adcode,
        statuses=statuses,
        services=services,
        page=page,
    )
    # Adds the histories to the stations that are loaded already.
    histories = select(Station).options(selectinload(Station.history))
    if county_adcode is not None:
        histories = histories.where(Station.county_adcode == county_adcode)
    if page.limit is not None:
        histories = histories.where(Station.code.in_([one.station.code for one in found]))
    session.scalars(histories).all()
    return found


STATIONS: Columns[StationToday] = Columns(
    Column("code", lambda one: one.station.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.station.name, one.station.name_en), N_("Name")),
    Column("brand", lambda one: one.station.brand),
    Column("host", lambda one: one.station.host),
    Column("status", lambda one: one.status, N_("Status")),
    Column("city", lambda one: Bilingual(one.station.city.name, one.station.city.name_en), N_("City")),
    Column(
        "county",
        lambda one: one.station.county and Bilingual(one.station.county.name, one.station.county.name_en),
        N_("County, city or district"),
    ),
    Column("adcode", lambda one: one.station.county_adcode),
    Column("address", lambda one: one.station.address, N_("Address")),
    Column("phone", lambda one: one.station.phone, N_("Telephone")),
    Column("hours", lambda one: one.station.hours),
    Column("lon", lambda one: one.station.lon, N_("Longitude")),
    Column("lat", lambda one: one.station.lat, N_("Latitude")),
    Column("misplaced", lambda one: one.station.misplaced),
    Column(
        "unread",
        lambda one: {each.field: each.words for each in one.station.unread if each.field not in PERSONAL_FIELDS},
        data=dict,
    ),
    Column("services", lambda one: [offer.service_code for offer in one.station.offers]),
    Column("source", lambda one: one.station.source),
    Column("sample", lambda one: one.station.sample),
    Column("version", lambda one: one.station.version),
    Column("changed_on", lambda one: day_in_china(one.station.updated_at)),
    Column(
        "history",
        lambda one: [STATUS_HISTORY.as_data(entry) for entry in one.station.history],
        data=list,
    ),
)

COUNTY_STATION_COLUMNS = STATIONS.take("name", "status", "address", "phone")
"""The table of a county's stations on its page."""

COUNTY_STATION_FILE = STATIONS.take("code", *(column.key for column in COUNTY_STATION_COLUMNS), "lon", "lat")
"""The same table for a file."""

STATION_REGISTER = listing(
    STATIONS, "code", "name", "status", "city", "county", "lon", "lat", samples=lambda one: one.station.sample
)
"""The stations, each with its status on a date."""


@dataclass(frozen=True)
class CentreToday:
    """A centre with its last known stage on the date of the query; None if none is known yet."""

    centre: Centre
    stage: CentreStage | None


def centres_on(
    session: Session,
    as_of: date,
    *,
    samples: bool,
    county_adcode: str | None = None,
    level: CentreLevel | None = None,
    kind: CentreKind | None = None,
    page: RegisterPage = WHOLE,
) -> list[CentreToday]:
    """Return every centre, or such centres (``list_centres``), with its last known stage on ``as_of``, by code."""
    found = list_centres(
        session, samples=samples, county_adcode=county_adcode, level=level, kind=kind, page=page
    )
    return [CentreToday(one, latest(one.history, as_of)) for one in found]


def _place(centre: Centre) -> Bilingual:
    """Return the county and city of a centre, or its city alone."""
    city, county = centre.city, centre.county
    if county is None:
        return Bilingual(city.name, city.name_en)
    return Bilingual(f"{city.name}{county.name}", f"{county.name_en}, {city.name_en}")


CENTRES: Columns[CentreToday] = Columns(
    Column("code", lambda one: one.centre.code, N_("Centre code")),
    Column("name", lambda one: Bilingual(one.centre.name, one.centre.name_en), N_("Centre")),
    Column("level", lambda one: one.centre.level, N_("Level")),
    Column("kind", lambda one: one.centre.kind, N_("Kind")),
    Column("stage", lambda one: one.stage and one.stage.stage, N_("Stage known last")),
    Column("dated", lambda one: one.stage and one.stage.dated and str(one.stage.dated), N_("Date")),
    Column("as_of", lambda one: one.stage and one.stage.as_of and str(one.stage.as_of), N_("As of")),
    Column("host", lambda one: one.centre.host),
    Column("city", lambda one: Bilingual(one.centre.city.name, one.centre.city.name_en), N_("City")),
    Column(
        "county",
        lambda one: one.centre.county and Bilingual(one.centre.county.name, one.centre.county.name_en),
        N_("County, city or district"),
    ),
    Column("place", lambda one: _place(one.centre), N_("Place"), in_data=False),
    Column(
        "source",
        lambda one: one.centre.source,
        N_("Source"),
        show=lambda text, language: source_wording(language, text),
    ),
    Column("history", lambda one: [STAGES.as_data(entry) for entry in one.centre.history], data=list),
    Column("sample", lambda one: one.centre.sample),
    Column("version", lambda one: one.centre.version),
    Column("changed_on", lambda one: day_in_china(one.centre.updated_at)),
)

CENTRE_KEYS = ("code", "name", "level", "kind", "stage", "dated", "as_of", "city", "county", "source")
CENTRE_COLUMNS = CENTRES.take(*CENTRE_KEYS)
"""The table of centres, on the command line and as saved from the page."""

CENTRE_PAGE_COLUMNS = CENTRES.take("name", "level", "kind", "place", "stage")
"""The table of centres on the page, where the stage is shown with its dates."""

COUNTY_CENTRE_COLUMNS = CENTRES.take("name", "level", "kind")
"""The table of a county's centres on its page; a file has all columns of the register."""

CENTRE_REGISTER = listing(CENTRES, *CENTRE_KEYS, samples=lambda one: one.centre.sample)
"""The centres, each with its last known stage."""


@dataclass(frozen=True)
class InstitutionToday:
    """An institution as it is on ``as_of``."""

    institution: Institution
    as_of: date

    @property
    def services(self) -> tuple[str, ...]:
        """The codes of the services in its scope, without duplicates."""
        return tuple(dict.fromkeys(entry.service_code for entry in self.institution.scope))

    @property
    def ends(self) -> date | None:
        """The day on which the first certificate of those in force ends; if all have ended, the last day of the last;
        None if none is known to end.
        """
        days = [entry.valid_until for entry in self.institution.scope if entry.valid_until is not None]
        ahead = [day for day in days if day >= self.as_of]
        return min(ahead) if ahead else None if len(days) < len(self.institution.scope) else max(days, default=None)

    @property
    def ended(self) -> bool:
        """Whether the whole scope has run out."""
        return self.ends is not None and self.ends < self.as_of


def institutions_on(
    session: Session, as_of: date, *, samples: bool, page: RegisterPage = WHOLE
) -> list[InstitutionToday]:
    """Return every institution, or those of a page, with its scope on ``as_of``, sorted by code."""
    found = find_institutions(
        session,
        samples=samples,
        words=page.words,
        city_adcode=page.city_adcode or None,
        after=page.after,
        limit=page.limit,
    )
    return [InstitutionToday(one, as_of) for one in found]


def _scope(entry: ScopeEntry, as_of: date) -> dict[str, Any]:
    return {
        "service": entry.service_code,
        "subject_zh": entry.subject_zh,
        "subject_en": entry.subject_en,
        "range": entry.range,
        "accuracy": entry.accuracy,
        "standard": entry.standard,
        "limitation": entry.limitation,
        "cma_number": entry.cma_number,
        "cnas_number": entry.cnas_number,
        "authorization_number": entry.authorization_number,
        "valid_from": as_plain(entry.valid_from),
        "valid_until": as_plain(entry.valid_until),
        "standing": entry.standing_on(as_of).value,
    }


def _end_in_words(one: InstitutionToday, language: Language) -> str | None:
    day = None if one.ends is None else one.ends.isoformat()
    return language.translate(N_("{date} (run out)"), date=day) if one.ended else day


INSTITUTIONS: Columns[InstitutionToday] = Columns(
    Column("code", lambda one: one.institution.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.institution.name, one.institution.name_en), N_("Name")),
    Column("kind", lambda one: one.institution.kind, N_("Kind")),
    Column(
        "city",
        lambda one: one.institution.city and Bilingual(one.institution.city.name, one.institution.city.name_en),
        N_("City"),
    ),
    Column("adcode", lambda one: one.institution.county_adcode),
    Column("credit_code", lambda one: one.institution.credit_code),
    Column("address", lambda one: one.institution.address),
    Column("phone", lambda one: one.institution.phone),
    Column("stations", lambda one: sorted(tie.station.code for tie in one.institution.stations)),
    Column("services", lambda one: one.services),
    Column("scope", lambda one: [_scope(entry, one.as_of) for entry in one.institution.scope], data=list),
    Column("entries", lambda one: len(one.institution.scope), N_("Entries of scope"), in_data=False),
    Column(
        "ends",
        lambda one: one,
        N_("Next end of validity"),
        show=_end_in_words,
        data=lambda one: as_plain(one.ends),
    ),
    Column("source", lambda one: one.institution.source),
    Column("sample", lambda one: one.institution.sample),
)

INSTITUTION_KEYS = ("code", "name", "kind", "city", "entries", "ends")
INSTITUTION_COLUMNS = INSTITUTIONS.take(*INSTITUTION_KEYS)
"""The table of institutions."""

INSTITUTION_REGISTER = listing(
    INSTITUTIONS, *INSTITUTION_KEYS, samples=lambda one: one.institution.sample
)
"""The institutions that work for the stations, each with its scope."""
