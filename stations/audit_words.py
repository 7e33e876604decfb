"""What the audit log's actions and subjects are called: a word for each code that ``audit.record`` is given."""

from __future__ import annotations

from stations.labels import label
from stations.language import N_, Language
from stations.request_moves import MoveName

ACTIONS: dict[str, str] = {
    "activate_user": N_("put an account back into use"),
    "add_user": N_("added an account"),
    "change_password": N_("changed the password"),
    "deactivate_user": N_("put an account out of use"),
    "deliver_item": N_("delivered a service"),
    "file_request": N_("filed a request"),
    "give_duty": N_("gave a duty"),
    "issue_setup_code": N_("issued a one-time code"),
    "link_identity": N_("linked an identity of single sign-on"),
    "lock": N_("was locked after wrong passwords"),
    "rename_user": N_("changed a name"),
    "set_password": N_("set the first password"),
    "shut_out": N_("was shut out after failed sign-ins"),
    "sign_in": N_("signed in"),
    "sign_out": N_("signed out"),
    "sign_out_everywhere": N_("ended sign-ins everywhere"),
    "take_duty": N_("took a duty away"),
    "unlink_identity": N_("let go of an identity of single sign-on"),
    "write_message": N_("wrote a message"),
}

SUBJECTS: dict[str, str] = {
    "client": N_("network address"),
    "service_request": N_("service request"),
    "user": N_("account"),
}

# Who acts without an account.
ACTORS: dict[str, str] = {
    "command line": N_("command line"),
    "firm": N_("a firm"),
    "nobody": N_("nobody signed in"),
}


def action_word(language: Language, action: str) -> str:
    """What was done, in words; a code that no words are known for stays a code."""
    if action in ACTIONS:
        return language.translate(ACTIONS[action])
    return label(language, MoveName(action)) if action in list(MoveName) else action


def subject_word(language: Language, kind: str) -> str:
    """What kind of record it was done to."""
    return language.translate(SUBJECTS[kind]) if kind in SUBJECTS else kind


def actor_word(language: Language, actor: str) -> str:
    """Who did it: a user name as it is."""
    return language.translate(ACTORS[actor]) if actor in ACTORS else actor
