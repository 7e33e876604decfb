"""All tables, gathered so that migrations see every one of them."""

from stations import (  # noqa: F401 - importing a module registers its tables
    accounts,
    audit,
    candidate_place,
    catalogue,
    centres,
    chains,
    counties,
    imported_figure,
    pilots,
    reference_data,
    registry,
    request_guard,
    revision,
    scenario,
    service_request,
    sign_ins,
    targets,
)
from stations.database import Base

metadata = Base.metadata
