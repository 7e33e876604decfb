"""How the installation stands: each part with what to do, the server processes, security events. For the province."""

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import Tone, link, notice, page_url, source, tag
from portal.duty.duty_page import open_operator_page
from portal.language import N_, _
from portal.storage import engine
from portal.visit import visit
from stations import clock
from stations.answers.operations import CHECK_COLUMNS, EVENT_COLUMNS, SERVER_COLUMNS
from stations.jobs.expected import expected_jobs
from stations.language import label
from stations.operations.check import Check, State
from stations.operations.standing import Installation, operations

TONES: dict[State, Tone] = {State.FINE: "good", State.NOTICE: "warn", State.FAILING: "bad"}
SUMMARY = {
    State.FINE: N_("Everything is fine."),
    State.NOTICE: N_("It works; to be looked at: {count}."),
    State.FAILING: N_("Failing: {count}."),
}

present = visit()
language = present.language
actor = open_operator_page("operations", _("Operation of the portal"))
standing = operations(
    actor, Installation(engine(), expected_jobs(), present.now, clock.installation_clock().set_to)
)


def state_tag(check: Check) -> Markup:
    """Return the state of a part in its colour."""
    return tag(label(language, check.state), TONES[check.state])


of_worst = sum(check.state is standing.state for check in standing.checks)
notice(_(SUMMARY[standing.state], count=of_worst), TONES[standing.state])
draw_answer(
    CHECK_COLUMNS,
    sorted(standing.checks, key=lambda check: -list(State).index(check.state)),
    caption=_("Parts, those that need somebody first"),
    drawn={"state": state_tag},
    stacks=True,
)
st.header(_("Security events of the last 7 days"))
if standing.events:
    draw_answer(EVENT_COLUMNS, standing.events, caption=_("Counted by hour"), numbers=("count",), stacks=True)
    source(Markup("{} {}").format(_("Who did what stands in the audit log."), link(page_url("audit"), _("Audit log"))))
else:
    st.html(Markup("<p>{}</p>").format(_("None.")))
st.header(_("Server processes"))
draw_answer(SERVER_COLUMNS, standing.servers, caption=_("Seen in the last 5 minutes"), stacks=True)
source(
    _(
        "Version {build}, {instant}. The same by command: {command}",
        build=standing.build,
        instant=language.format_datetime(standing.at),
        command="python -m stations operations",
    )
)
