"""Which personal data is kept, why, how long, and how to have it deleted."""

import streamlit as st
from markupsafe import Markup

from portal.components import facts, link, page_url, source, table
from portal.language import _, current, pick
from portal.places.geocoding import geocoder
from portal.publisher import publisher
from portal.settings import settings
from stations.language import Bilingual
from stations.privacy import kept_data
from stations.requests.consent import Purpose, current_consent

PURPOSES = {
    Purpose.REQUEST: _("For a request"),
    Purpose.LEDGER: _("For a ledger of instruments"),
    Purpose.SUBSCRIPTION: _("To be told of an opening"),
}


def say(words: Bilingual) -> str:
    """Return words in the visitor's language."""
    return current().pick(words.zh, words.en)


def prose(words: Bilingual) -> Markup:
    """Return words for a cell, in lines that break anywhere."""
    return Markup('<span class="breaks">{}</span>').format(say(words))


st.title(_("Privacy"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("Only what a request, a ledger or a message needs is asked for. It is used for that alone, and then deleted.")
    )
)
st.header(_("What is kept, why, and how long"))
table(
    [_("What"), _("What for"), _("How long")],
    [[prose(one.what), prose(one.why), prose(one.kept)] for one in kept_data()],
    caption=_("Personal data in this portal"),
    stacks=True,
)
source(_("The portal deletes by these rules itself, every day. Backups are overwritten in turn after that."))
st.header(_("What you agree to"))
texts = {purpose: current_consent(purpose) for purpose in Purpose}
facts([(told, pick(texts[purpose].text_zh, texts[purpose].text_en)) for purpose, told in PURPOSES.items()])
st.header(_("Who sees it"))
seen_by = [
    _("The station that answers, those that do a part of the request, and the administrators above them."),
    _("Whoever opens telephone numbers and names in the office is written into the audit log."),
    _("Nothing is handed to advertisers or to anybody for statistics."),
    _(
        "Cookies are set only for what you do here: the language, the browser's own requests and ledgers, signing in, "
        "and whether samples are shown."
    ),
]
if settings().base_map != "none":
    seen_by.append(_("Your browser fetches the base map from its provider, who so learns your network address."))
if geocoder():
    seen_by.append(_("An address that you type to find a place is looked up at a map service, without your name."))
st.html(Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(told) for told in seen_by)))
st.header(_("Your rights"))
pages = [link(page_url("track"), _("Track")), link(page_url("instruments"), _("My ledger"))]
st.html(
    Markup("<p>{} {}</p>").format(
        _("You can see, correct and delete what you left. For anything else ask the station or the publisher."),
        Markup(" · ").join(pages),
    )
)
ours = publisher()
facts(
    [
        (_("Publisher"), pick(ours.name, ours.name_en)),
        (_("Hotline"), ours.hotline),
        (_("E-mail address"), ours.email),
        (_("Address"), ours.address),
    ]
)
