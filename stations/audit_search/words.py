"""Words for the actions, subjects and details of the audit log, by the codes that ``log.record`` receives."""

from __future__ import annotations

from typing import Any

from stations.accounts.factor_check import Given
from stations.accounts.sign_ins import Method
from stations.audit.chain import canonical
from stations.duty.roles import Role
from stations.language import N_, Language, label
from stations.requests.escalation import Level
from stations.requests.moves import MoveName

ACTIONS: dict[str, str] = {
    "acknowledge_alert": N_("took note of a coverage alert"),
    "add_alert_rule": N_("added an alert rule"),
    "activate_user": N_("put an account back into use"),
    "add_centre": N_("added a centre"),
    "add_chain": N_("put an industrial chain on the list"),
    "add_institution": N_("added an institution"),
    "add_passkey": N_("added a passkey"),
    "add_pilot": N_("added a pilot"),
    "add_station": N_("added a station"),
    "add_target": N_("added a target"),
    "add_template": N_("added a reply template"),
    "add_user": N_("added an account"),
    "assign": N_("assigned a request to a steward"),
    "attach": N_("attached a file"),
    "begin_ledger": N_("began a ledger of instruments"),
    "change_alert_rule": N_("changed an alert rule"),
    "change_chain": N_("changed an industrial chain"),
    "change_escalation_rule": N_("changed a rule of escalation"),
    "change_password": N_("changed the password"),
    "change_rule": N_("changed a counting rule"),
    "change_status": N_("changed the status"),
    "check_coverage": N_("checked coverage for alerts"),
    "choose_notice_way": N_("chose how to be told"),
    "confirm_address": N_("confirmed an address"),
    "correct_history": N_("corrected the history"),
    "deactivate_user": N_("put an account out of use"),
    "delete_ledger": N_("deleted a ledger of instruments"),
    "delete_unused": N_("deleted what was kept long enough"),
    "deliver_item": N_("delivered a service"),
    "edit_centre": N_("changed a centre"),
    "edit_institution": N_("changed an institution"),
    "edit_pilot": N_("changed a pilot"),
    "edit_station": N_("changed a station"),
    "end_all_sign_ins": N_("ended all sign-ins of everybody"),
    "end_subscription": N_("ended a subscription"),
    "edit_template": N_("changed a reply template"),
    "escalate": N_("escalated a request that is overdue"),
    "file_request": N_("filed a request"),
    "forget_words": N_("forgot words of lists"),
    "give_duty": N_("gave a duty"),
    "import_accounts": N_("imported a list of accounts"),
    "import_centres": N_("imported a list of centres"),
    "import_figure": N_("imported a county figure"),
    "import_institutions": N_("imported a list of institutions"),
    "import_instruments": N_("imported instruments"),
    "import_pilots": N_("imported a list of pilots"),
    "import_places": N_("imported candidate places"),
    "issue_ledger_code": N_("issued a new code of a ledger"),
    "import_stations": N_("imported a list of stations"),
    "issue_setup_code": N_("issued a one-time code"),
    "open_file": N_("opened a file of a request"),
    "open_personal_data": N_("opened a request with its personal data"),
    "link_chain": N_("linked an industrial chain"),
    "link_identity": N_("linked an identity of single sign-on"),
    "lock": N_("was locked after wrong passwords"),
    "mark_as_two": N_("marked as no double"),
    "merge_centre": N_("merged two centres"),
    "merge_station": N_("merged two stations"),
    "plan_station": N_("planned a station from a scenario"),
    "erase_request": N_("erased the data of a request"),
    "rate": N_("rated the service"),
    "remember_words": N_("remembered words of lists"),
    "remove_instruments": N_("removed instruments"),
    "remove_alert_contact": N_("took away where an office is told"),
    "rename_user": N_("changed a name"),
    "remove_passkey": N_("removed a passkey"),
    "restore_chain": N_("put an industrial chain back on the list"),
    "remove_second_factor": N_("removed the second factor"),
    "renew_recovery_codes": N_("made new recovery codes"),
    "reset_second_factor": N_("reset a second factor"),
    "retire_chain": N_("took an industrial chain off the list"),
    "retry_notice": N_("sent a notice again"),
    "save_instruments": N_("saved an instrument"),
    "record_visit": N_("recorded a visit on site"),
    "set_alert_contact": N_("set where an office is told"),
    "set_user_contact": N_("changed the telephone or e-mail address of an account"),
    "set_password": N_("set the first password"),
    "shut_out": N_("was shut out after failed sign-ins"),
    "set_up_second_factor": N_("set up a second factor"),
    "set_weights": N_("set the weights of the evaluation"),
    "sign_in": N_("signed in"),
    "sign_out": N_("signed out"),
    "sign_out_everywhere": N_("ended sign-ins everywhere"),
    "subscribe": N_("asked to be told of an opening"),
    "take_duty": N_("took a duty away"),
    "take_schema_back": N_("took the schema of the database back"),
    "unlink_chain": N_("unlinked an industrial chain"),
    "unlink_identity": N_("let go of an identity of single sign-on"),
    "use_recovery_code": N_("used a recovery code"),
    "verify_instruments": N_("wrote down a verification"),
    "withdraw_visit": N_("took back a visit on site"),
    "write_message": N_("wrote a message"),
}

SUBJECTS: dict[str, str] = {
    "alert_contact": N_("alert contact"),
    "candidate_place": N_("candidate places"),
    "pilot": N_("pilot"),
    "centre": N_("centre"),
    "chain": N_("industrial chain"),
    "client": N_("network address"),
    "county_figure": N_("county figure"),
    "coverage_alert": N_("coverage alert"),
    "coverage_alert_rule": N_("alert rule"),
    "instrument_ledger": N_("ledger of instruments"),
    "institution": N_("institution"),
    "import": N_("imported list"),
    "notice": N_("notice"),
    "evaluation_scheme": N_("weights of the evaluation"),
    "escalation_rule": N_("rule of escalation"),
    "office_words": N_("words of an office"),
    "proposal": N_("proposal"),
    "scenario": N_("scenario"),
    "schema": N_("schema of the database"),
    "reply_template": N_("reply template"),
    "service_request": N_("service request"),
    "site_visit": N_("visit on site"),
    "station": N_("station"),
    "subscription": N_("subscription"),
    "target": N_("target"),
    "user": N_("account"),
}

DETAILS: dict[str, str] = {
    "after": N_("after"),
    "area": N_("area of duty"),
    "attachment": N_("file"),
    "before": N_("before"),
    "channel": N_("way"),
    "corrected": N_("cells put right"),
    "days": N_("days"),
    "active": N_("in force"),
    "fields": N_("fields"),
    "due_on": N_("due"),
    "ended": N_("sign-ins ended"),
    "field": N_("field"),
    "issuer": N_("identity provider"),
    "level": N_("level"),
    "means": N_("means"),
    "method": N_("how"),
    "raised": N_("raised"),
    "reason": N_("reason"),
    "role": N_("role"),
    "row": N_("row"),
    "second_factor": N_("second factor"),
    "service": N_("service"),
    "services": N_("services"),
    "settled": N_("settled"),
    "station": N_("station"),
    "word": N_("word"),
    "words": N_("words"),
}

METHODS: dict[Method, str] = {
    Method.PASSWORD: N_("with a password"),
    Method.SINGLE_SIGN_ON: N_("by single sign-on"),
    Method.SAMPLE: N_("as an invented person"),
    Method.PASSKEY: N_("with a passkey"),
}

FACTORS: dict[Given, str] = {
    Given.APP_CODE: N_("a code of the app"),
    Given.RECOVERY_CODE: N_("a recovery code"),
    Given.PASSKEY: N_("a passkey"),
}

# Actors without an account.
ACTORS: dict[str, str] = {
    "command line": N_("command line"),
    "coverage check": N_("the daily check of coverage"),
    "escalation": N_("the escalation of overdue requests"),
    "firm": N_("a firm"),
    "nobody": N_("nobody signed in"),
    "portal": N_("the portal itself"),
    "reminders": N_("the daily reminders"),
}


def action_word(language: Language, action: str) -> str:
    """Return the words for an action; the code itself if there are none."""
    if action in ACTIONS:
        return language.translate(ACTIONS[action])
    return label(language, MoveName(action)) if action in list(MoveName) else action


def detail_in_words(language: Language, detail: dict[str, Any]) -> str:
    """Return the details of an entry as text: “role: Auditor; area of duty: 110000”."""
    told = (
        language.translate(
            N_("{name}: {value}"),
            name=language.translate(DETAILS[key]) if key in DETAILS else key,
            value=_value_in_words(language, key, value),
        )
        for key, value in detail.items()
    )
    return language.translate(N_("; ")).join(told)


def _value_in_words(language: Language, key: str, value: Any) -> str:
    if key == "role" and value in list(Role):
        return label(language, Role(value))
    if key == "level" and value in list(Level):
        return label(language, Level(value))
    if key == "method" and value in list(Method):
        return language.translate(METHODS[Method(value)])
    if key == "second_factor" and value in list(Given):
        return language.translate(FACTORS[Given(value)])
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return " | ".join(detail_in_words(language, one) for one in value)
    if isinstance(value, list):
        return ", ".join(_value_in_words(language, "", one) for one in value)
    return value if isinstance(value, str) else canonical(value)


def subject_word(language: Language, kind: str) -> str:
    """Return the words for a kind of record; the code itself if there are none."""
    return language.translate(SUBJECTS[kind]) if kind in SUBJECTS else kind


def actor_word(language: Language, actor: str) -> str:
    """Return the name of an actor; a user name unchanged."""
    return language.translate(ACTORS[actor]) if actor in ACTORS else actor
