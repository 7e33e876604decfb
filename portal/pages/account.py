"""我的账号: the user's account, duties and sign-ins. ``?done=…``: what a form outside Streamlit has done."""

import streamlit as st
from markupsafe import Markup

from portal.accounts.device_words import device_in_words
from portal.components import facts, link, notice, page_url, sample_tag, tag
from portal.duty.duties import duty_in_words
from portal.duty.duty_page import end_signed_out
from portal.language import N_, _, ngettext
from portal.page_action import draw_outcome, perform
from portal.settings import settings
from portal.storage import engine
from portal.visit import visit
from stations.accounts.own_account import has_password
from stations.accounts.second_factor import second_factor_of
from stations.accounts.sign_ins import IDLE_FOR, SIGNED_IN_FOR, SignIn, list_sign_ins
from stations.accounts.single_sign_on import UserIdentity, list_identities, unlink_identity
from stations.audit_search.values import METHODS
from stations.database import reading
from stations.duty.roles import Action, Actor

present = visit()
actor, language = present.actor, present.language
st.title(_("My account"))
if actor is None:
    end_signed_out(_("You are not signed in."), "/account")
DONE = {
    "password": N_("Your password is changed. You were signed out everywhere else."),
    "passkey": N_("The passkey is added. You were signed out everywhere else."),
    "passkey_removed": N_("The passkey is removed."),
    "signed_out": N_("Signed out there."),
    "factor_removed": N_("Two-step sign-in is removed. The password alone signs you in now."),
}
if (done := st.query_params.get("done", "")) in DONE:
    notice(_(DONE[done]), "good")
draw_outcome()

with reading(engine()) as session:
    duties = [duty_in_words(session, duty) for duty in actor.duties]
    sign_ins = list_sign_ins(session, actor, present.now)
    identities = list_identities(session, actor)
    factor = second_factor_of(session, actor.username)
    password = has_password(session, actor.username)

facts(
    [
        (_("Person"), Markup("{} {}").format(actor.name, sample_tag() if actor.sample else "")),
        (_("User name"), actor.username),
        (_("Duties"), Markup(" ").join(tag(duty) for duty in duties) or _("None yet; an administrator gives them")),
    ]
)
ways = [link(page_url("desk"), _("Work desk"))]
if actor.may_somewhere(Action.EDIT_ACCOUNTS):
    ways.append(link(page_url("accounts"), _("Accounts in my area")))
if actor.may_somewhere(Action.SEE_AUDIT):
    ways.append(link(page_url("audit"), _("Audit log")))
st.html(Markup('<p class="ways">{}</p>').format(Markup(" · ").join(ways)))


def draw_sign_in(actor: Actor, one: SignIn) -> None:
    """Draw one browser that is signed in, with a button to sign it out."""
    own = one.code == present.sign_in
    with st.container(horizontal=True, vertical_alignment="center", key=f"sign_in_{one.code}"):
        st.html(
            Markup('<div class="device"><strong>{}</strong> {}<p>{}</p></div>').format(
                device_in_words(one.device),
                tag(_("This browser"), "good") if own else "",
                _(
                    "{method}, from {address}; since {since}, last used {last}",
                    method=_(METHODS[one.method]),
                    address=one.client_address or _("an address not told"),
                    since=language.format_datetime(one.created_at),
                    last=language.format_datetime(one.last_seen_at),
                ),
            )
        )
        if not own:
            st.html(_ending(one.code, _("Sign out")))


def _ending(which: str, words: str) -> Markup:
    """Return a link to the page that ends sign-ins, after the password once more."""
    return Markup('<a class="button quiet" href="/end-sign-ins?which={}" target="_self">{}</a>').format(which, words)


# Sample accounts are shared by all visitors, so the browsers signed in to them are not shown.
if actor.sample:
    st.header(_("Password"))
    told = _("Anyone may enter as this invented person, without a password; so there is none to change.")
    notice(told, "sample")
else:
    st.header(_("Where you are signed in"))
    st.html(
        Markup('<p class="source">{}</p>').format(
            _(
                "A sign-in ends after {minutes} minutes without use, and after {hours} hours in any case.",
                minutes=int(IDLE_FOR.total_seconds() // 60),
                hours=int(SIGNED_IN_FOR.total_seconds() // 3600),
            )
        )
    )
    for one in sign_ins:
        draw_sign_in(actor, one)
    with st.container(horizontal=True, key="everywhere"):
        if len(sign_ins) > 1:
            st.html(_ending("others", _("Sign out everywhere else")))
        st.html(_ending("all", _("Sign out everywhere, here too")))
    st.header(_("Password"))
    if password:
        st.html(
            Markup('<p><a class="button quiet" href="/password" target="_self">{}</a></p>').format(
                _("Change the password")
            )
        )
    else:
        st.html(
            Markup('<p class="source">{}</p>').format(
                _("None: you sign in without one. A one-time code of your administrator sets one.")
            )
        )
    st.header(_("Two-step sign-in"))
    lines = [_("Not set up. Beside the password, a code of an app on your phone can be asked for.")]
    if factor:
        told = _("Set up on {day}: beside the password, a code of your app is asked for.")
        if not factor.app:
            told = _("Passkeys since {day}.")
        lines = [
            told.format(day=language.format_datetime(factor.set_up_at)),
            ngettext("One recovery code is left.", "{count} recovery codes are left.", factor.codes_left),
        ]
    st.html(
        Markup(
            '<p class="source">{}</p><p><a class="button quiet" href="/second-factor/set-up" target="_self">{}</a></p>'
        ).format(Markup("<br>").join(lines), _("Change two-step sign-in") if factor else _("Set up two-step sign-in"))
    )


def draw_identity(actor: Actor, one: UserIdentity) -> None:
    """Draw one linked identity, with a button to unlink it."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"identity_{one.id}"):
        st.html(
            Markup('<div class="device"><strong>{}</strong><p>{}</p></div>').format(
                one.subject, _("{issuer}, linked {day}", issuer=one.issuer, day=language.format_datetime(one.linked_at))
            )
        )
        st.button(
            _("Let go"),
            key=f"unlink_{one.id}",
            on_click=lambda: perform(
                lambda session: unlink_identity(session, actor, one.id, visit().now),
                _("This identity can no longer sign in as you."),
            ),
        )


provider = settings().provider
if provider and not actor.sample:
    st.header(_("Single sign-on"))
    for identity in identities:
        draw_identity(actor, identity)
    st.html(
        Markup('<p><a class="button quiet" href="/single-sign-on/link" target="_self">{}</a></p>').format(
            _("Link my identity at {provider}", provider=provider.name or provider.issuer)
        )
    )
