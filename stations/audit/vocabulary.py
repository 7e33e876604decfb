"""What the audit log can say: actions, kinds of record, keys of details and actors without an account.

Each has its words for people where it is declared, so nothing can be written to the log that a reader finds as a code.
"""

from __future__ import annotations

from typing import Annotated, TypedDict, get_type_hints

from stations.language import N_, LabelledEnum


class LoggedAction(LabelledEnum):
    """Base class of the enumerations whose members are actions in the log."""


class AuditAction(LoggedAction):
    """An action. The moves of a request are actions as well: ``requests.moves.MoveName``."""

    ACKNOWLEDGE_ALERT = "acknowledge_alert", N_("took note of a coverage alert")
    ACTIVATE_USER = "activate_user", N_("put an account back into use")
    ADD_ALERT_RULE = "add_alert_rule", N_("added an alert rule")
    ADD_CALL_BACK = "add_call_back", N_("subscribed a system to call-backs")
    ADD_CENTRE = "add_centre", N_("added a centre")
    ADD_CHAIN = "add_chain", N_("put an industrial chain on the list")
    ADD_INSTITUTION = "add_institution", N_("added an institution")
    ADD_PASSKEY = "add_passkey", N_("added a passkey")
    ADD_PILOT = "add_pilot", N_("added a pilot")
    ADD_STATION = "add_station", N_("added a station")
    ADD_TARGET = "add_target", N_("added a target")
    ADD_TEMPLATE = "add_template", N_("added a reply template")
    ADD_USER = "add_user", N_("added an account")
    ANSWER_URGING = "answer_urging", N_("answered an urging")
    ASSIGN = "assign", N_("assigned a request to a steward")
    ATTACH = "attach", N_("attached a file")
    BEGIN_LEDGER = "begin_ledger", N_("began a ledger of instruments")
    CHANGE_ALERT_RULE = "change_alert_rule", N_("changed an alert rule")
    CHANGE_CHAIN = "change_chain", N_("changed an industrial chain")
    CHANGE_CONTACT = "change_contact", N_("corrected the contact details of a request")
    CHANGE_ESCALATION_RULE = "change_escalation_rule", N_("changed a rule of escalation")
    CHANGE_PASSWORD = "change_password", N_("changed the password")
    CHANGE_RULE = "change_rule", N_("changed a counting rule")
    CHANGE_STATUS = "change_status", N_("changed the status")
    CHECK_COVERAGE = "check_coverage", N_("checked coverage for alerts")
    CHOOSE_NOTICE_WAY = "choose_notice_way", N_("chose how to be told")
    CONFIRM_ADDRESS = "confirm_address", N_("confirmed an address")
    CONFIRM_STATION = "confirm_station", N_("confirmed that the record of a station is right")
    CORRECT_HISTORY = "correct_history", N_("corrected the history")
    DEACTIVATE_USER = "deactivate_user", N_("put an account out of use")
    DISABLE_CALL_BACK = "disable_call_back", N_("switched call-backs off")
    ENABLE_CALL_BACK = "enable_call_back", N_("switched call-backs on")
    DELETE_LEDGER = "delete_ledger", N_("deleted a ledger of instruments")
    DELETE_SCENARIO = "delete_scenario", N_("deleted a scenario")
    DELETE_UNUSED = "delete_unused", N_("deleted what was kept long enough")
    DELIVER_ITEM = "deliver_item", N_("delivered a service")
    EDIT_CENTRE = "edit_centre", N_("changed a centre")
    EDIT_INSTITUTION = "edit_institution", N_("changed an institution")
    EDIT_PILOT = "edit_pilot", N_("changed a pilot")
    EDIT_STATION = "edit_station", N_("changed a station")
    EDIT_TEMPLATE = "edit_template", N_("changed a reply template")
    END_ALL_SIGN_INS = "end_all_sign_ins", N_("ended all sign-ins of everybody")
    END_SUBSCRIPTION = "end_subscription", N_("ended a subscription")
    ERASE_REQUEST = "erase_request", N_("erased the data of a request")
    ESCALATE = "escalate", N_("escalated a request that is overdue")
    FILE_REQUEST = "file_request", N_("filed a request")
    FORGET_WORDS = "forget_words", N_("forgot words of lists")
    GIVE_DUTY = "give_duty", N_("gave a duty")
    IMPORT_ACCOUNTS = "import_accounts", N_("imported a list of accounts")
    IMPORT_CENTRES = "import_centres", N_("imported a list of centres")
    IMPORT_DEMAND = "import_demand", N_("imported places with demand")
    IMPORT_DISTANCES = "import_distances", N_("imported a table of distances")
    IMPORT_FIGURE = "import_figure", N_("imported a county figure")
    IMPORT_INSTITUTIONS = "import_institutions", N_("imported a list of institutions")
    IMPORT_INSTRUMENTS = "import_instruments", N_("imported instruments")
    IMPORT_PILOTS = "import_pilots", N_("imported a list of pilots")
    IMPORT_PLACES = "import_places", N_("imported candidate places")
    IMPORT_POPULATION = "import_population", N_("imported a population raster")
    IMPORT_ROADS = "import_roads", N_("imported a road network")
    IMPORT_STATIONS = "import_stations", N_("imported a list of stations")
    ISSUE_LEDGER_CODE = "issue_ledger_code", N_("issued a new code of a ledger")
    ISSUE_REQUEST_CODE = "issue_request_code", N_("issued a new code of a request")
    ISSUE_SETUP_CODE = "issue_setup_code", N_("issued a one-time code")
    LINK_CHAIN = "link_chain", N_("linked an industrial chain")
    LINK_IDENTITY = "link_identity", N_("linked an identity of single sign-on")
    LOCK = "lock", N_("was locked after wrong passwords")
    MAKE_KEY = "make_key", N_("made a key for the interfaces")
    MARK_AS_TWO = "mark_as_two", N_("marked as no double")
    MERGE_CENTRE = "merge_centre", N_("merged two centres")
    MERGE_STATION = "merge_station", N_("merged two stations")
    OPEN_FILE = "open_file", N_("opened a file of a request")
    OPEN_PERSONAL_DATA = "open_personal_data", N_("opened a request with its personal data")
    PLAN_STATION = "plan_station", N_("planned a station from a scenario")
    PROPOSAL_ACCEPTED = "proposal_accepted", N_("accepted a proposal")
    PROPOSAL_COMMENTED = "proposal_commented", N_("commented on a proposal")
    PROPOSAL_PROPOSED = "proposal_proposed", N_("proposed a change")
    PROPOSAL_REFUSED = "proposal_refused", N_("refused a proposal")
    PROPOSAL_RESUBMITTED = "proposal_resubmitted", N_("submitted a proposal again")
    PROPOSAL_RETURNED = "proposal_returned", N_("returned a proposal with a question")
    PROPOSAL_WITHDRAWN = "proposal_withdrawn", N_("took a proposal back")
    RATE = "rate", N_("rated the service")
    RECOVER_ACCESS = "recover_access", N_("opened requests again by a confirmed address")
    RECORD_VISIT = "record_visit", N_("recorded a visit on site")
    REMEMBER_WORDS = "remember_words", N_("remembered words of lists")
    REDELIVER_CALL_BACK = "redeliver_call_back", N_("sent a call-back again")
    REMOVE_ALERT_CONTACT = "remove_alert_contact", N_("took away where an office is told")
    REMOVE_CALL_BACK = "remove_call_back", N_("ended the call-backs of a system")
    REMOVE_DISTANCES = "remove_distances", N_("removed a table of distances")
    REMOVE_INSTRUMENTS = "remove_instruments", N_("removed instruments")
    PASSKEYS_ALONE = "passkeys_alone", N_("signs in by passkeys alone from now on")
    REMOVE_PASSKEY = "remove_passkey", N_("removed a passkey")
    REMOVE_PLACE = "remove_place", N_("took an imported place off the list")
    REMOVE_POPULATION = "remove_population", N_("removed the population raster")
    REMOVE_ROADS = "remove_roads", N_("removed the road network")
    REMOVE_SECOND_FACTOR = "remove_second_factor", N_("removed the second factor")
    RENAME_SCENARIO = "rename_scenario", N_("renamed a scenario")
    RENAME_USER = "rename_user", N_("changed a name")
    RENEW_CALL_BACK_SECRET = "renew_call_back_secret", N_("made a new secret of call-backs")
    RENEW_RECOVERY_CODES = "renew_recovery_codes", N_("made new recovery codes")
    RENEW_SAMPLES = "renew_samples", N_("dated the sample network anew")
    RESET_SECOND_FACTOR = "reset_second_factor", N_("reset a second factor")
    RESTORE_CHAIN = "restore_chain", N_("put an industrial chain back on the list")
    RETIRE_CHAIN = "retire_chain", N_("took an industrial chain off the list")
    RETRY_NOTICE = "retry_notice", N_("sent a notice again")
    SAVE_INSTRUMENTS = "save_instruments", N_("saved an instrument")
    SAVE_SCENARIO = "save_scenario", N_("saved a scenario")
    SEND_TEST_NOTICE = "send_test_notice", N_("sent a test notice")
    SETTLE_CONFLICT = "settle_conflict", N_("decided on a conflict with another system")
    SET_ALERT_CONTACT = "set_alert_contact", N_("set where an office is told")
    SET_PASSWORD = "set_password", N_("set the first password")
    SET_UP_SECOND_FACTOR = "set_up_second_factor", N_("set up a second factor")
    SET_USER_CONTACT = "set_user_contact", N_("changed where the person of an account is reached and works")
    SET_WEIGHTS = "set_weights", N_("set the weights of the evaluation")
    SHUT_OUT = "shut_out", N_("was shut out after failed sign-ins")
    SIGN_IN = "sign_in", N_("signed in")
    SIGN_OUT = "sign_out", N_("signed out")
    SIGN_OUT_EVERYWHERE = "sign_out_everywhere", N_("ended sign-ins everywhere")
    SUBSCRIBE = "subscribe", N_("asked to be told of an opening")
    TAKE_BACK = "take_back", N_("took back an act on several requests")
    TAKE_DUTY = "take_duty", N_("took a duty away")
    TAKE_SCHEMA_BACK = "take_schema_back", N_("took the schema of the database back")
    UNLINK_CHAIN = "unlink_chain", N_("unlinked an industrial chain")
    UNLINK_IDENTITY = "unlink_identity", N_("let go of an identity of single sign-on")
    UNLOCK_USER = "unlock_user", N_("let an account sign in again after failures")
    URGE = "urge", N_("urged about a request")
    USE_RECOVERY_CODE = "use_recovery_code", N_("used a recovery code")
    VERIFY_INSTRUMENTS = "verify_instruments", N_("wrote down a verification")
    WITHDRAW_KEY = "withdraw_key", N_("withdrew a key for the interfaces")
    WITHDRAW_VISIT = "withdraw_visit", N_("took back a visit on site")
    WITHDRAW_URGING = "withdraw_urging", N_("took an urging back")
    WRITE_BULLETIN = "write_bulletin", N_("wrote texts of a bulletin")
    WRITE_MESSAGE = "write_message", N_("wrote a message")
    WRITE_NOTE = "write_note", N_("wrote an internal note")


class AuditSubject(LabelledEnum):
    """A kind of record that an action is about."""

    ALERT_CONTACT = "alert_contact", N_("alert contact")
    BULLETIN = "bulletin", N_("bulletin")
    CANDIDATE_PLACE = "candidate_place", N_("candidate places")
    CENTRE = "centre", N_("centre")
    CHAIN = "chain", N_("industrial chain")
    CLIENT = "client", N_("network address")
    COUNTY_FIGURE = "county_figure", N_("county figure")
    COVERAGE_ALERT = "coverage_alert", N_("coverage alert")
    COVERAGE_ALERT_RULE = "coverage_alert_rule", N_("alert rule")
    DEMAND_POINT = "demand_point", N_("places with demand")
    DISTANCE_TABLE = "distance_table", N_("table of distances")
    ESCALATION_RULE = "escalation_rule", N_("rule of escalation")
    EVALUATION_SCHEME = "evaluation_scheme", N_("weights of the evaluation")
    IMPORT = "import", N_("imported list")
    INSTITUTION = "institution", N_("institution")
    INSTRUMENT_LEDGER = "instrument_ledger", N_("ledger of instruments")
    INTERFACE_KEY = "interface_key", N_("interface key")
    NOTICE = "notice", N_("notice")
    OFFICE_WORDS = "office_words", N_("words of an office")
    PILOT = "pilot", N_("pilot")
    POPULATION_LAYER = "population_layer", N_("population raster")
    PROPOSAL = "proposal", N_("proposal")
    REPLY_TEMPLATE = "reply_template", N_("reply template")
    ROAD_NETWORK = "road_network", N_("road network")
    SAMPLES = "samples", N_("sample network")
    SCENARIO = "scenario", N_("scenario")
    SCHEMA = "schema", N_("schema of the database")
    SERVICE_REQUEST = "service_request", N_("service request")
    SITE_VISIT = "site_visit", N_("visit on site")
    STATION = "station", N_("station")
    SUBSCRIPTION = "subscription", N_("subscription")
    TARGET = "target", N_("target")
    USER = "user", N_("account")


class SystemActor(LabelledEnum):
    """Somebody who acts without an account."""

    COMMAND_LINE = "command line", N_("command line")
    COVERAGE_CHECK = "coverage check", N_("the daily check of coverage")
    ESCALATION = "escalation", N_("the escalation of overdue requests")
    FIRM = "firm", N_("a firm")
    NOBODY = "nobody", N_("nobody signed in")
    PORTAL = "portal", N_("the portal itself")
    REMINDERS = "reminders", N_("the daily reminders")


class Detail(TypedDict, total=False):
    """The details of an entry, each with its words. Values are whatever JSON can represent."""

    active: Annotated[object, N_("in force")]
    added: Annotated[object, N_("added")]
    addressees: Annotated[object, N_("sent to")]
    after: Annotated[object, N_("after")]
    area: Annotated[object, N_("area of duty")]
    asked_next: Annotated[object, N_("asked next")]
    attachment: Annotated[object, N_("file")]
    before: Annotated[object, N_("before")]
    call_back: Annotated[object, N_("call-backs")]
    cells: Annotated[object, N_("cells")]
    chain: Annotated[object, N_("industrial chain")]
    changed: Annotated[object, N_("changed")]
    channel: Annotated[object, N_("way")]
    consent: Annotated[object, N_("version of the consent")]
    corrected: Annotated[object, N_("cells put right")]
    counties: Annotated[object, N_("counties")]
    county: Annotated[object, N_("county")]
    data_of: Annotated[object, N_("data of")]
    dated: Annotated[object, N_("dates corrected")]
    days: Annotated[object, N_("days")]
    digest: Annotated[object, N_("checksum")]
    document_number: Annotated[object, N_("document number")]
    doubtful: Annotated[object, N_("doubtful rows")]
    due_on: Annotated[object, N_("due")]
    ended: Annotated[object, N_("sign-ins ended")]
    ends_on: Annotated[object, N_("last day")]
    field: Annotated[object, N_("field")]
    fields: Annotated[object, N_("fields")]
    file: Annotated[object, N_("file")]
    instruments: Annotated[object, N_("instruments")]
    issued_by: Annotated[object, N_("issued by")]
    issuer: Annotated[object, N_("identity provider")]
    junctions: Annotated[object, N_("junctions")]
    kind: Annotated[object, N_("kind")]
    ledgers: Annotated[object, N_("ledgers")]
    left: Annotated[object, N_("rows left out")]
    level: Annotated[object, N_("level")]
    list: Annotated[object, N_("list")]
    means: Annotated[object, N_("means")]
    merged: Annotated[object, N_("merged record")]
    method: Annotated[object, N_("how")]
    moved: Annotated[object, N_("references moved")]
    name: Annotated[object, N_("name")]
    new: Annotated[object, N_("new")]
    note: Annotated[object, N_("note")]
    other: Annotated[object, N_("other record")]
    overall: Annotated[object, N_("overall rating")]
    pairs: Annotated[object, N_("pairs of places")]
    pieces: Annotated[object, N_("pieces of road")]
    places: Annotated[object, N_("places")]
    raised: Annotated[object, N_("raised")]
    reason: Annotated[object, N_("reason")]
    role: Annotated[object, N_("role")]
    row: Annotated[object, N_("row")]
    scenario: Annotated[object, N_("scenario")]
    scopes: Annotated[object, N_("scopes")]
    second_factor: Annotated[object, N_("second factor")]
    service: Annotated[object, N_("service")]
    services: Annotated[object, N_("services")]
    settled: Annotated[object, N_("settled")]
    sites: Annotated[object, N_("new stations")]
    size: Annotated[object, N_("bytes")]
    source: Annotated[object, N_("source")]
    split_from: Annotated[object, N_("split from")]
    station: Annotated[object, N_("station")]
    status: Annotated[object, N_("status")]
    steward: Annotated[object, N_("steward")]
    subscriptions: Annotated[object, N_("subscriptions")]
    total: Annotated[object, N_("total")]
    unchanged: Annotated[object, N_("unchanged")]
    urged: Annotated[object, N_("urged")]
    verified_on: Annotated[object, N_("verified on")]
    version: Annotated[object, N_("version")]
    word: Annotated[object, N_("word")]
    words: Annotated[object, N_("words")]
    wrong: Annotated[object, N_("wrong")]


def detail_words() -> dict[str, str]:
    """Return the words of each key of a detail, to be translated."""
    return {key: hint.__metadata__[0] for key, hint in get_type_hints(Detail, include_extras=True).items()}
