"""How far the portal can be used by everybody: the standard, how it is checked, and what is known not to meet it."""

import streamlit as st
from markupsafe import Markup

from portal.components import facts, source, table
from portal.language import N_, _
from portal.publisher import publisher

# What is known not to meet WCAG 2.2 AA: what, whom it hinders, and what helps meanwhile.
KNOWN = (
    (
        N_("Maps"),
        N_("Outlines of counties can't be reached by keys, and are not read aloud."),
        N_("Every figure of a map also stands in the table or list beside it; a place can be given by its address."),
    ),
    (
        N_("Charts"),
        N_("Single points of a chart can't be reached by keys."),
        N_("The same figures stand in the table below the chart."),
    ),
    (
        N_("Grids for editing many rows"),
        N_("They are drawn as a picture; what a screen reader gets is a table of the visible rows only."),
        N_("The list can be saved as a file, edited there and imported again."),
    ),
    (
        N_("Attached files"),
        N_("Files that firms and stations attach are as they were made; scans have no text."),
        N_("Ask the station by telephone or in the request for what a file says."),
    ),
    (
        N_("Time"),
        N_("A sign-in ends after thirty minutes without use; no warning comes before."),
        N_("What was typed into a request is kept as a draft."),
    ),
)

st.title(_("Accessibility"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("This portal is for everybody: by keyboard, with a screen reader, enlarged, on a phone, without colours.")
    )
)
facts(
    [
        (
            _("Standard"),
            _("WCAG 2.2, level AA (GB/T 37668-2019 asks for much the same); met but for what is listed below"),
        ),
        (
            _("How it is checked"),
            _("Every page is checked by axe-core in a browser, at a desk and on a phone, before each release."),
        ),
        (_("Not checked"), _("Nobody who needs assistive technology every day has tried it for us yet.")),
    ]
)
st.header(_("What does not meet it yet"))
table(
    [_("Part"), _("What hinders"), _("What helps meanwhile")],
    [[_(part), _(what), _(help_)] for part, what, help_ in KNOWN],
    caption=_("Known gaps"),
    stacks=True,
)
st.header(_("Tell us"))
ours = publisher()
facts([(_("Hotline"), ours.hotline), (_("E-mail address"), ours.email), (_("Address"), ours.address)])
source(
    _("What you can't use, and on which page: it is put right, or you are helped another way.")
    if ours.hotline or ours.email
    else _("What you can't use, and on which page: any station takes it and passes it on.")
)
