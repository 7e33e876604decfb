"""The groups of operations in the OpenAPI document that several modules share."""

from __future__ import annotations

from stations.language import N_

REQUESTS = N_("Requests of firms")
PARTNERS = N_("Other offices' systems")
