"""系统设置: what is set and from where, secrets left out; a test notice, the tiles and the identity provider tried."""

import streamlit as st
from markupsafe import Markup

from portal.accounts.openid_connect import check_provider
from portal.answer_table import draw_answer
from portal.components import link, notice, page_url, tag
from portal.duty.duty_page import open_operator_page
from portal.language import _, current
from portal.maps import base_maps
from portal.page_action import draw_outcome, draw_problems, perform
from portal.settings import settings
from portal.visit import visit
from stations.answers.installation_settings import SETTING_COLUMNS
from stations.errors import DomainError
from stations.language import label
from stations.notices.settings import read_notice_settings
from stations.operations.installation_settings import ShownSetting, Subject, settings_for
from stations.operations.trial_notice import send_test_notice
from stations.province import example

TILE_ZOOM = 8

present = visit()
language = present.language
actor = open_operator_page("settings", _("Settings"))
draw_outcome()
st.html(
    Markup('<p class="lead">{} {}</p>').format(
        _("What this installation is set to. Settings are changed on the server, in its environment, not here."),
        link(page_url("operations"), _("Operation of the portal")),
    )
)


def value_drawn(one: ShownSetting) -> Markup | str:
    """Return the value of a setting; a tag where it is set but secret, or not set."""
    if one.masked:
        return tag(_("set, not shown"), "good")
    if one.value is None:
        return Markup('<span class="quiet">{}</span>').format(_("not set"))
    return Markup('<code class="hash">{}</code>').format(one.value)


def draw_test_notice() -> None:
    """Draw the form that sends a test notice by a channel that is set up."""
    ways = read_notice_settings().offered()
    ready = {code: channel for code, channel in ways.items() if channel in read_notice_settings().channels}
    if not ready:
        notice(_("No channel is set up: no notice leaves this portal."), "warn")
        return
    left, right = st.columns([1, 2])
    left.selectbox(
        _("Channel"), list(ready), format_func=lambda one: label(current(), ready[one]), key="settings_channel"
    )
    right.text_input(_("Where to"), key="settings_address", max_chars=300)
    draw_problems("settings_notice")
    # Read when the button is pressed: what was typed just before has not been through a run of the page yet.
    typed = st.session_state
    st.button(
        _("Send a test notice"),
        on_click=lambda: perform(
            lambda session: send_test_notice(
                session,
                visit().actor,
                read_notice_settings(),
                typed["settings_channel"],
                typed["settings_address"],
                language=language,
                now=visit().now,
            ),
            _("The test notice was taken by the other side."),
            beside="settings_notice",
        ),
    )


def draw_provider_test() -> None:
    """Draw the button that asks the identity provider what it is."""
    provider = settings().provider
    if provider is None or not st.button(_("Try the identity provider")):
        return
    try:
        check_provider(provider)
    except DomainError as error:
        notice(_(error.message, **error.params), "bad")
    else:
        notice(_("The identity provider answers."), "good")


def draw_tiles() -> None:
    """Draw the button that shows a tile of each layer, fetched by the visitor's browser as on every map."""
    urls = base_maps.tile_urls(settings(), language.code)
    chosen = base_maps.chosen(settings())
    if chosen is None or not st.button(_("Try the map tiles")):
        return
    place = example()
    tiles = [base_maps.tile_at(url, chosen.subdomains[:1] or "", place.lon, place.lat, TILE_ZOOM) for url in urls]
    picture = Markup('<img src="{}" width="256" height="256" alt="{}">')
    pictures = Markup(" ").join(picture.format(one, _("The tile did not arrive")) for one in tiles)
    st.html(Markup("<p>{}</p>{}").format(_("Your browser fetches these as it does on every map:"), pictures))


TESTS = {Subject.NOTICES: draw_test_notice, Subject.SIGN_IN: draw_provider_test, Subject.MAP: draw_tiles}
shown = settings_for(actor)
for subject in Subject:
    draw_answer(
        SETTING_COLUMNS,
        [one for one in shown if one.setting.subject is subject],
        caption=label(language, subject),
        drawn={"value": value_drawn, "origin": lambda one: label(language, one.origin)},
        stacks=True,
    )
    if subject in TESTS:
        TESTS[subject]()
