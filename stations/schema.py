"""All tables, gathered so that migrations see every one of them."""

from stations import (  # noqa: F401 - importing a module registers its tables
    accounts,
    attachments,
    audit,
    catalogue,
    centres,
    chains,
    code_session,
    counties,
    institutions,
    outbox,
    pilots,
    reference_data,
    registry,
    request_draft,
    request_guard,
    revision,
    satisfaction,
    service_request,
    sign_ins,
    targets,
)
from stations.database import Base

metadata = Base.metadata
