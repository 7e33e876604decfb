"""What people call the domain's terms: each enumeration's members as translatable words."""

from __future__ import annotations

from enum import StrEnum

from geo.siting import SitingModel
from stations.access.roles import ROLE_NAMES, Role
from stations.catalogue.chain import ChainTier
from stations.catalogue.chain_keeping import Server
from stations.coverage.alert_rules import AlertKind
from stations.coverage.county_coverage import CoverageStatus
from stations.coverage.through_time import Danger
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.firms.instruments import RowOutcome, Standing
from stations.language import N_, Language
from stations.notices.outbox import Channel, NoticeState
from stations.planning.demand import Weighting
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.registry.double_merging import HistoryChoice
from stations.registry.doubles import DoubleReason
from stations.registry.institutions import InstitutionKind, ScopeStanding
from stations.registry.nearest_stations import PlacedBy
from stations.registry.proposal import ProposalState, StepKind
from stations.registry.record_history import ChangeKind
from stations.registry.record_kind import RecordKind
from stations.registry.station import Status
from stations.requests.escalation import Level
from stations.requests.moves import MoveName, Party, State
from stations.requests.reply_templates import TemplateUse
from stations.requests.routing_record import Chooser
from stations.requests.routing_rules import Factor
from stations.station_import.plan import Outcome
from stations.targets.counting_rule import Bucket, Measure, Subject
from stations.targets.pilot import PilotKind

LABELS: dict[type[StrEnum], dict[StrEnum, str]] = {
    Status: {
        Status.PLANNED: N_("Planned station"),
        Status.ACTIVE: N_("Active"),
        Status.SUSPENDED: N_("Suspended"),
        Status.CLOSED: N_("Closed for good"),
    },
    CoverageStatus: {
        CoverageStatus.UNCOVERED: N_("Uncovered"),
        CoverageStatus.THIN: N_("Thin"),
        CoverageStatus.FULLY_SERVED: N_("Fully served"),
    },
    Standing: {
        Standing.OVERDUE: N_("Overdue"),
        Standing.SOON: N_("Due soon"),
        Standing.VALID: N_("Verification valid"),
        Standing.UNKNOWN: N_("Last verification not known"),
    },
    RowOutcome: {
        RowOutcome.NEW: N_("New instrument"),
        RowOutcome.CHANGED: N_("Changed"),
        RowOutcome.UNCHANGED: N_("As it is"),
        RowOutcome.WRONG: N_("Wrong"),
    },
    Danger: {
        Danger.ENDING: N_("Known to fall uncovered"),
        Danger.RESTING_ON_ONE: N_("Rests on one station"),
    },
    Outcome: {
        Outcome.NEW: N_("New"),
        Outcome.CHANGED: N_("Changed"),
        Outcome.UNCHANGED: N_("Unchanged"),
        Outcome.DOUBTFUL: N_("Doubtful"),
        Outcome.WRONG: N_("Wrong"),
    },
    AlertKind: {
        AlertKind.UNCOVERED: N_("No active station"),
        AlertKind.ENDING: N_("About to lose its last station"),
    },
    CentreLevel: {
        CentreLevel.NATIONAL: N_("National"),
        CentreLevel.PROVINCIAL: N_("Provincial"),
    },
    CentreKind: {
        CentreKind.QUALITY_INSPECTION: N_("Quality inspection centre"),
        CentreKind.METROLOGY: N_("Metrology centre"),
        CentreKind.INDUSTRIAL_METROLOGY: N_("Industrial metrology testing centre"),
    },
    PilotKind: {
        PilotKind.AGRICULTURAL: N_("Agricultural standardization pilot"),
        PilotKind.SOCIAL: N_("Social-management and public-service standardization pilot"),
    },
    Stage: {
        Stage.PLANNED: N_("Planned"),
        Stage.APPROVED: N_("Approved for construction"),
        Stage.UNDER_CONSTRUCTION: N_("Under construction"),
        Stage.ACCEPTED: N_("Accepted"),
        Stage.WITHDRAWN: N_("Withdrawn"),
    },
    Bucket: {
        Bucket.COUNTED: N_("Counted"),
        Bucket.PIPELINE: N_("In the pipeline"),
        Bucket.PLANNED: N_("Only planned"),
        Bucket.UNDATED: N_("Reached, date not known well enough"),
        Bucket.BEFORE: N_("Reached before the period"),
        Bucket.AFTER: N_("Reached after the period"),
        Bucket.WITHDRAWN: N_("Withdrawn"),
        Bucket.UNKNOWN: N_("Nothing known by that date"),
    },
    Measure: {
        Measure.ACCEPTED_IN_PERIOD: N_("Accepted in the period"),
        Measure.APPROVED_IN_PERIOD: N_("Approved in the period"),
        Measure.IN_BEING: N_("In being"),
    },
    Subject: {
        Subject.CENTRE: N_("Centres"),
        Subject.PILOT: N_("Pilots"),
        Subject.COUNTY: N_("Counties covered"),
    },
    Server: {
        Server.CENTRE: N_("Centre"),
        Server.STATION: N_("Station"),
    },
    ChainTier: {
        ChainTier.KEY: N_("Key chain"),
        ChainTier.STRONG: N_("Strong chain"),
        ChainTier.OUTSTANDING: N_("Outstanding chain"),
    },
    SitingModel: {
        SitingModel.LSCP: N_("Reach every county with the fewest (LSCP)"),
        SitingModel.MCLP: N_("Reach most people (MCLP)"),
        SitingModel.P_MEDIAN: N_("Least average distance (p-median)"),
        SitingModel.P_CENTER: N_("Least worst distance (p-center)"),
    },
    Weighting: {
        Weighting.EQUAL: N_("Every county counts alike"),
        Weighting.POPULATION: N_("Every resident counts alike"),
    },
    PlacedBy: {
        PlacedBy.POINT: N_("Placed by its coordinates"),
        PlacedBy.COUNTY: N_("Placed by its county only"),
        PlacedBy.CITY: N_("Placed by its city only"),
    },
    InstitutionKind: {
        InstitutionKind.METROLOGY: N_("Metrology institute"),
        InstitutionKind.TESTING: N_("Testing laboratory"),
        InstitutionKind.CERTIFICATION: N_("Certification body"),
        InstitutionKind.STANDARDS: N_("Standards institute"),
        InstitutionKind.INTELLECTUAL_PROPERTY: N_("Intellectual property service"),
        InstitutionKind.FINANCE: N_("Bank or insurer"),
        InstitutionKind.CENTRE: N_("National or provincial centre"),
    },
    ScopeStanding: {
        ScopeStanding.VALID: N_("In force"),
        ScopeStanding.UNDATED: N_("End not told"),
        ScopeStanding.NOT_YET: N_("Not yet in force"),
        ScopeStanding.LAPSED: N_("Run out"),
    },
    State: {
        State.SUBMITTED: N_("Submitted"),
        State.ACCEPTED: N_("Taken on"),
        State.IN_PROGRESS: N_("In progress"),
        State.PAUSED: N_("In progress, waits for the firm"),
        State.DELIVERED: N_("Delivered"),
        State.CLOSED: N_("Closed"),
        State.RETURNED: N_("Returned for more information"),
        State.REFUSED: N_("Refused"),
        State.CANCELLED: N_("Cancelled"),
    },
    MoveName: {
        MoveName.ACCEPT: N_("Accept"),
        MoveName.RETURN: N_("Ask for more information"),
        MoveName.ANSWER: N_("Answer and submit again"),
        MoveName.REFUSE: N_("Refuse"),
        MoveName.START: N_("Start work"),
        MoveName.DELIVER: N_("Deliver"),
        MoveName.CLOSE: N_("Confirm and close"),
        MoveName.CANCEL: N_("Cancel the request"),
        MoveName.TRANSFER: N_("Hand over to another station"),
        MoveName.REOPEN: N_("Reopen a service"),
        MoveName.REMIND: N_("Remind the station"),
        MoveName.SPLIT: N_("Hand some services to another station"),
        MoveName.ASSIGN: N_("Assign to a steward"),
    },
    RecordKind: {
        RecordKind.STATION: N_("Station"),
        RecordKind.CENTRE: N_("Centre"),
    },
    ChangeKind: {
        ChangeKind.LOADED: N_("Loaded, as it stood before its first change"),
        ChangeKind.ADDED: N_("Added to the registry"),
        ChangeKind.EDITED: N_("Edited"),
        ChangeKind.STATUS: N_("Status changed"),
        ChangeKind.CORRECTED: N_("History of status corrected"),
        ChangeKind.MERGED: N_("Another record merged into it"),
        ChangeKind.MERGED_AWAY: N_("Merged into another record"),
    },
    ProposalState: {
        ProposalState.WAITING: N_("Waits for a decision"),
        ProposalState.RETURNED: N_("Returned with a question"),
        ProposalState.ACCEPTED: N_("Proposal accepted"),
        ProposalState.REFUSED: N_("Proposal refused"),
        ProposalState.WITHDRAWN: N_("Taken back"),
    },
    StepKind: {
        StepKind.PROPOSED: N_("Proposed"),
        StepKind.COMMENTED: N_("Comment on the proposal"),
        StepKind.RETURNED: N_("Returned with a question"),
        StepKind.RESUBMITTED: N_("Submitted again"),
        StepKind.ACCEPTED: N_("Proposal accepted"),
        StepKind.REFUSED: N_("Proposal refused"),
        StepKind.WITHDRAWN: N_("Taken back"),
    },
    DoubleReason: {
        DoubleReason.NAME: N_("Same name in other words"),
        DoubleReason.PHONE: N_("Same telephone line"),
        DoubleReason.PLACE: N_("Within 150 m"),
    },
    HistoryChoice: {
        HistoryChoice.BOTH: N_("The entries of both, in the order of their dates"),
        HistoryChoice.SURVIVOR: N_("Only those of the record that stays"),
    },
    UnitLevel: {
        UnitLevel.STATION: N_("Each station"),
        UnitLevel.COUNTY: N_("Each county"),
        UnitLevel.CITY: N_("Each city"),
    },
    Indicator: {
        Indicator.REQUESTS: N_("Requests"),
        Indicator.ANSWERED_IN_TIME: N_("Answered in time"),
        Indicator.DELIVERED_IN_TIME: N_("Delivered in time"),
        Indicator.MEDIAN_DAYS: N_("Median days"),
        Indicator.P90_DAYS: N_("90% within days"),
        Indicator.SATISFACTION: N_("Satisfaction"),
        Indicator.REOPENED: N_("Reopened"),
        Indicator.REFUSED: N_("Refused requests"),
        Indicator.BREADTH: N_("Breadth"),
        Indicator.FIRMS: N_("Firms that filed"),
        Indicator.FIRMS_PER_1000: N_("Firms per 1,000"),
        Indicator.VISITS: N_("Visits on site"),
    },
    Level: {
        Level.COUNTY: N_("the county"),
        Level.CITY: N_("the city"),
        Level.PROVINCE: N_("the province"),
    },
    TemplateUse: {
        TemplateUse.MESSAGE: N_("For a message"),
        TemplateUse.RETURN: N_("For asking for more"),
        TemplateUse.REFUSE: N_("For refusing"),
    },
    Party: {
        Party.FIRM: N_("Firm"),
        Party.STATION: N_("Station"),
    },
    Factor: {
        Factor.DISTANCE: N_("Distance from the firm"),
        Factor.LOAD: N_("Open requests for each steward"),
        Factor.CHAIN: N_("Serves the firm's industrial chain"),
        Factor.CERTAINTY: N_("Services named in the station's record"),
        Factor.CAPABILITY: N_("Services with an institution of valid scope behind the station"),
    },
    Chooser: {
        Chooser.RULES: N_("Proposed by the routing rules"),
        Chooser.FIRM: N_("Chosen by the firm"),
        Chooser.STATION: N_("Handed over by another station"),
    },
    Channel: {
        Channel.EMAIL: N_("E-mail"),
        Channel.WEBHOOK: N_("Web call-back"),
        Channel.SMS: N_("Text message"),
    },
    NoticeState: {
        NoticeState.WAITING: N_("Waiting"),
        NoticeState.SENT: N_("Sent"),
        NoticeState.FAILED: N_("Failed"),
        NoticeState.WITHHELD: N_("Sample, never sent"),
    },
    Role: ROLE_NAMES,
}


def label(language: Language, member: StrEnum) -> str:
    """What ``member`` is called in ``language``."""
    return language.translate(LABELS[type(member)][member])
