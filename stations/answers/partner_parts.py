"""The parts of requests that a station does for another one, as its own people see them."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.language import N_, Bilingual, day_in_china
from stations.requests.partner_parts import PartnerPart

PARTS: Columns[PartnerPart] = Columns(
    Column("number", lambda part: part.number, N_("Tracking number")),
    Column("state", lambda part: part.state, N_("State")),
    Column("sample", lambda part: part.sample, N_("Sample")),
    Column("service", lambda part: part.service.code),
    Column(
        "service_name", lambda part: Bilingual(part.service.name_zh, part.service.name_en), N_("Service"), in_data=False
    ),
    Column("product", lambda part: part.product, N_("Product")),
    Column("quantity", lambda part: part.quantity, N_("Quantity")),
    Column("remarks", lambda part: part.remarks, N_("Remarks")),
    Column("due_on", lambda part: part.due_on, N_("Due")),
    Column("delivered_on", lambda part: part.delivered_at and day_in_china(part.delivered_at), N_("Delivered")),
    Column(
        "institution",
        lambda part: part.institution and Bilingual(part.institution.name, part.institution.name_en),
        N_("Institution"),
    ),
    Column("partner", lambda part: part.partner.code),
    Column("partner_name", lambda part: Bilingual(part.partner.name, part.partner.name_en), N_("Done by")),
    Column("station", lambda part: part.station.code),
    Column("station_name", lambda part: Bilingual(part.station.name, part.station.name_en), N_("Answered for by")),
    Column("station_phone", lambda part: part.station.phone, N_("Telephone")),
)

PART_COLUMNS = PARTS.take(
    *("number", "state", "sample", "service_name", "product", "quantity", "remarks", "due_on", "delivered_on"),
    *("institution", "partner_name", "station_name", "station_phone"),
)
"""The table of parts, the most urgent first."""
