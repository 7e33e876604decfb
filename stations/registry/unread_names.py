"""The fields of lists whose words are kept beside the record if they can't be read, each with its title."""

from __future__ import annotations

from stations.language import N_
from stations.registry.record_state import FIELD_NAMES
from stations.registry.stage_fields import STAGE_LABELS, date_column, document_column, remark_column

STATION_UNREAD: dict[str, str] = {
    **{
        field: FIELD_NAMES[field]
        for field in ("code", "name_en", "brand", "host", "address", "hours", "phone", "contact_name", "contact_phone")
    },
    **{field: FIELD_NAMES[field] for field in ("services", "chains", "source")},
    "county": FIELD_NAMES["county_adcode"],
    "place": N_("Coordinates"),
    "status": N_("Status"),
    "opened": N_("Opened"),
    "since": N_("Status since"),
    "reason": N_("Reason"),
    "history": FIELD_NAMES["history"],
}
"""The fields of a list of stations whose words are kept if they can't be read, each with its title."""

_STAGE_NAMES = {
    name: title
    for stage, titles in STAGE_LABELS.items()
    for name, title in zip((date_column(stage), document_column(stage), remark_column(stage)), titles, strict=True)
}
UNREAD_NAMES: dict[str, str] = {
    **STATION_UNREAD,
    "level": FIELD_NAMES["level"],
    "kind": FIELD_NAMES["kind"],
    "stage": N_("Stage"),
    **_STAGE_NAMES,
    "name": FIELD_NAMES["name"],
    "credit_code": N_("Unified social credit code"),
    "centre": N_("Centre"),
    "stations": N_("Stations it works for"),
    "line": N_("Line of scope"),
    "service": N_("Service"),
    "subject_zh": N_("Product or parameter"),
    "subject_en": N_("Product or parameter in English"),
    "range": N_("Range"),
    "accuracy": N_("Uncertainty or class of accuracy"),
    "standard": N_("Standard (method)"),
    "limitation": N_("Limitation"),
    "cma_number": N_("Number of approval (CMA)"),
    "cnas_number": N_("Number of accreditation (CNAS)"),
    "authorization_number": N_("Number of authorization as a legal metrology institute"),
    "valid_from": N_("Valid from"),
    "valid_until": N_("Valid until"),
}
"""The fields of any list whose words are kept, each with its title."""
