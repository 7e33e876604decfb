"""All tables, gathered so that migrations see every one of them."""

from stations import (  # noqa: F401 - importing a module registers its tables
    accounts,
    attachments,
    audit,
    candidate_place,
    catalogue,
    centres,
    chains,
    code_session,
    counties,
    coverage_alert_notices,
    coverage_alerts,
    imported_figure,
    institutions,
    merged_code,
    not_a_double,
    outbox,
    pilots,
    proposal,
    record_history,
    reference_data,
    registry,
    request_draft,
    request_guard,
    revision,
    routing_rules,
    satisfaction,
    scenario,
    service_request,
    sign_in_guard,
    sign_ins,
    single_sign_on,
    targets,
)
from stations.database import Base

metadata = Base.metadata
