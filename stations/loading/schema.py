"""All tables, imported here so that migrations see them: importing a module registers its tables."""

# ruff: noqa: F401

import stations.accounts.accounts
import stations.accounts.passkeys
import stations.accounts.second_factor
import stations.accounts.sign_in_guard
import stations.accounts.sign_ins
import stations.accounts.single_sign_on
import stations.alerts.alert_contacts
import stations.alerts.alert_rules
import stations.alerts.alerts
import stations.alerts.settling
import stations.audit.log
import stations.bulletin.letter
import stations.catalogue.chain
import stations.catalogue.service
import stations.changes.feed
import stations.data_load
import stations.evaluation.site_visits
import stations.evaluation.weights
import stations.firms.instruments
import stations.firms.ledgers
import stations.firms.subscriptions
import stations.imports.remembered_words
import stations.job_runs
import stations.keeping.not_a_double
import stations.keeping.proposal
import stations.notices.outbox
import stations.partners.call_back
import stations.partners.external_id
import stations.partners.interface_key
import stations.partners.sync_conflict
import stations.places.counties
import stations.planning.candidate_place
import stations.planning.demand_point
import stations.planning.distance_table
import stations.planning.imported_figure
import stations.planning.population_layer
import stations.planning.scenario
import stations.registry.centre
import stations.registry.confirmation
import stations.registry.institutions
import stations.registry.merged_code
import stations.registry.record_history
import stations.registry.station
import stations.requests.attachments
import stations.requests.bulk_record
import stations.requests.code_guard
import stations.requests.code_session
import stations.requests.draft
import stations.requests.erasure
import stations.requests.escalation
import stations.requests.filing_limits
import stations.requests.idempotency
import stations.requests.internal_notes
import stations.requests.rating
import stations.requests.reply_templates
import stations.requests.routing_rules
import stations.requests.saved_views
import stations.requests.service_request
import stations.requests.upload_quota
import stations.requests.urging
import stations.revision
import stations.security_events
import stations.server_processes
import stations.targets.pilot
import stations.targets.target
from stations.database import Base

metadata = Base.metadata
