"""All tables, gathered so that migrations see every one of them."""

from stations import (  # noqa: F401 - importing a module registers its tables
    accounts,
    audit,
    catalogue,
    centres,
    chains,
    counties,
    merged_code,
    not_a_double,
    pilots,
    proposal,
    record_history,
    reference_data,
    registry,
    request_guard,
    revision,
    service_request,
    sign_ins,
    targets,
)
from stations.database import Base

metadata = Base.metadata
