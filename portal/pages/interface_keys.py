"""接口密钥: keys of other offices' systems in the user's area. ``?key=…`` for one (``&log=…``: a log),
``?new=1``, ``?after=…``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.answer_table import draw_answer
from portal.components import link, notice, page_url, sample_tag
from portal.duty.duty_page import open_page
from portal.language import _
from portal.page_action import draw_outcome
from portal.page_end import end_page
from portal.paged_list import draw_turns
from portal.partners.call_back_view import draw_call_backs
from portal.partners.conflict_view import draw_conflicts
from portal.partners.key_form import draw_new_key
from portal.partners.key_view import draw_key, scope_tags, state_tag
from portal.storage import engine
from portal.visit import visit
from stations.answers.interface_keys import KEY_COLUMNS, KEY_PAGE_COLUMNS, ListedKey
from stations.database import reading
from stations.duty.roles import Action
from stations.partners.key_administration import list_keys

PAGE = 30

present = visit()
actor = open_page(
    "interface_keys",
    _("Interface keys"),
    Action.EDIT_KEYS,
    for_whom=_("For administrators of the province, a city or a county."),
    not_yours=_("Your duty does not include keys of other systems."),
)
prefix = text_in_address("key")
if prefix or "new" in st.query_params:
    st.html(Markup("<p>{}</p>").format(link(page_url("interface_keys"), _("Back to all keys"))))
    draw_outcome()
    if prefix:
        key = draw_key(actor, prefix)
        if key is not None:
            draw_call_backs(actor, key, text_in_address("log"))
    elif actor.sample:
        notice(_("Invented people look at keys and change none."))
    else:
        draw_new_key(actor)
    end_page()

draw_outcome()
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("With a key, the system of another office reads and changes here what the key allows, in its area.")
    )
)
if not actor.sample:
    st.html(
        Markup('<p><a class="button" href="{}" target="_self">{}</a></p>').format(
            page_url("interface_keys", new="1"), _("Make a key")
        )
    )
draw_conflicts(actor)
after = text_in_address("after")
with reading(engine()) as session:
    found = list_keys(
        session,
        actor,
        samples=present.samples,
        after=int(after) if after.isdecimal() and len(after) < 10 else None,
        limit=PAGE + 1,
    )
shown = [ListedKey(key, present.now) for key in found[:PAGE]]
if not shown:
    notice(_("There is no key in your area yet."))
    end_page()
draw_answer(
    KEY_PAGE_COLUMNS,
    shown,
    caption=_("Keys, the newest first"),
    drawn={
        "prefix": lambda one: link(page_url("interface_keys", key=one.key.prefix), one.key.prefix),
        "name": lambda one: Markup("{} {}").format(one.key.name, sample_tag() if one.key.sample else ""),
        "scopes": lambda one: scope_tags(one.key),
        "state": lambda one: state_tag(one.key, present.now),
    },
    saved=KEY_COLUMNS,
    stacks=True,
)
last = found[PAGE - 1].id if len(found) > PAGE else None
draw_turns("interface_keys", {}, last, _("More keys"), beginning=_("To the beginning"))
end_page()
