"""The form that a firm fills in to file a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from stations.language import DEFAULT_LANGUAGE, LanguageCode


@dataclass(frozen=True)
class RequestForm:
    """The firm's entries.

    ``credit_code``: unified social credit code (GB 32100-2015). ``credit_code_as_printed``: the firm has compared it
    with its licence, though its check character is wrong. ``quantities``, ``remarks``: by service code.
    ``station_code``: empty leaves the choice to the routing rules. ``split_agreed``: a part may be done through another
    station. ``despite_duplicate``: the firm knows of a similar request and files this one too. ``notice_channel``,
    ``notice_address``: where to send notices of each step, in ``language``. ``lon``, ``lat``: the firm's place in
    degrees, WGS-84. ``parts``: the code of a station and those of the services that it is to do, for each of several
    stations; empty for one request to one station.
    """

    services: tuple[str, ...] = ()
    station_code: str = ""
    firm_name: str = ""
    credit_code: str = ""
    credit_code_as_printed: bool = False
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    county_adcode: str = ""
    product: str = ""
    description: str = ""
    wanted_on: date | None = None
    lon: float | None = None
    lat: float | None = None
    consent: bool = False
    quantities: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    chain_code: str = ""
    split_agreed: bool = False
    despite_duplicate: bool = False
    notice_channel: str = ""
    notice_address: str = ""
    language: LanguageCode = DEFAULT_LANGUAGE
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
