"""账号管理: the accounts in the user's area. ``?text=…&role=…&active=…&after=…``, ``?user=…`` for one, ``?new=1``."""

import streamlit as st
from markupsafe import Markup

from portal.accounts.account_record import draw_account, draw_new_account, state_tags
from portal.address_choice import draw_choice_of_one, text_in_address
from portal.answer_table import draw_answer
from portal.components import link, notice, page_url, sample_tag, tag
from portal.duty.duties import duty_in_words
from portal.duty.duty_page import open_page
from portal.keeping.register_downloads import draw_register_downloads
from portal.language import _
from portal.page_action import draw_outcome
from portal.page_end import end_page
from portal.paged_list import draw_turns
from portal.storage import engine
from portal.visit import visit
from stations.accounts.account_editing import list_accounts
from stations.accounts.duty_choices import roles_to_give
from stations.answers.accounts import ACCOUNT_COLUMNS, ACCOUNT_PAGE_COLUMNS
from stations.database import reading
from stations.duty.roles import Action, Responsibility, Role
from stations.language import label
from stations.lists.accounts import ACCOUNTS

PAGE = 30

present = visit()
language = present.language
actor = open_page(
    "accounts",
    _("Accounts"),
    Action.EDIT_ACCOUNTS,
    for_whom=_("For administrators of the province, a city or a county."),
    not_yours=_("Your duty does not include accounts."),
)
username = text_in_address("user")
if username or "new" in st.query_params:
    st.html(Markup("<p>{}</p>").format(link(page_url("accounts"), _("Back to all accounts"))))
    draw_outcome()
    if username:
        draw_account(actor, username, samples=present.samples)
    else:
        draw_new_account(actor)
    end_page()

st.html(
    Markup('<p class="lead">{}</p>').format(
        _("Who may do what in your area. Nobody gives a duty above the own one, or outside the own area.")
    )
)
if not actor.sample:
    st.html(
        Markup('<p><a class="button" href="{}" target="_self">{}</a> {}</p>').format(
            page_url("accounts", new="1"),
            _("Add an account"),
            link(page_url("import_list", kind=ACCOUNTS.name), _("Import a list of accounts")),
        )
    )


def search() -> None:
    """Write the search text to the address and return to the first page of the list."""
    st.query_params["text"] = st.session_state["accounts_text"]
    st.query_params.pop("after", None)


with st.container(border=True):
    first, second, third = st.columns(3)
    st.session_state["accounts_text"] = text_in_address("text")
    first.text_input(_("User name or name"), key="accounts_text", on_change=search, max_chars=80)
    with second:
        role = draw_choice_of_one("role", _("Role"), {one.value: label(language, one) for one in roles_to_give(actor)})
    with third:
        active = draw_choice_of_one("active", _("State"), {"1": _("In use"), "0": _("Out of use")})

with reading(engine()) as session:
    found = list_accounts(
        session,
        actor,
        samples=present.samples,
        text=text_in_address("text").strip(),
        role=Role(role) if role else None,
        active=None if active is None else active == "1",
        after=text_in_address("after"),
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    duties = {
        user.username: Markup(" ").join(
            tag(duty_in_words(session, Responsibility(duty.role, duty.area_kind, duty.area_code)))
            for duty in user.duties
        )
        for user in shown
    }
if not shown:
    notice(_("There are no such accounts in your area."))
    end_page()
draw_answer(
    ACCOUNT_PAGE_COLUMNS,
    shown,
    caption=_("Accounts, by user name"),
    drawn={
        "username": lambda user: link(page_url("accounts", user=user.username), user.username),
        "name": lambda user: Markup("{} {}").format(user.name, sample_tag() if user.sample else ""),
        "duties": lambda user: duties[user.username],
        "active": lambda user: state_tags(user, present.now),
    },
    saved=ACCOUNT_COLUMNS,
    stacks=True,
)
kept = {name: text_in_address(name) for name in ("text", "role", "active") if text_in_address(name)}
last = found[PAGE - 1].username if len(found) > PAGE else None
draw_turns("accounts", kept, last, _("More accounts"), beginning=_("To the beginning"))
draw_register_downloads(present, ACCOUNTS)
