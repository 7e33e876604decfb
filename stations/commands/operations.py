"""How the installation stands, and whether its settings work."""

from __future__ import annotations

from stations.answers.installation_settings import SETTING_LIST, TRIED_NOTICE
from stations.answers.operations import OPERATIONS
from stations.audit.vocabulary import SystemActor
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command
from stations.jobs.expected import expected_jobs
from stations.language import N_
from stations.notices.settings import read_notice_settings
from stations.operations.check import State
from stations.operations.installation_settings import shown_settings
from stations.operations.standing import Installation, look
from stations.operations.trial_notice import send_test_notice_as


@command(needs_database=False)
def operations_command(call: Call) -> Output:
    """Look at every part of the installation; the exit code is 1 if one fails."""
    standing = look(Installation(call.engine, expected_jobs(), call.now, call.clock_set_to))
    return Output(OPERATIONS, standing, exit_code=1 if standing.state is State.FAILING else 0)


@command(needs_database=False)
def settings_command(_call: Call) -> Output:
    """Return every setting with its value, secrets left out, and where it comes from."""
    return Output(SETTING_LIST, shown_settings())


@command(
    argument("channel", help=N_("The channel: email, sms or webhook.")),
    argument("address", help=N_("Where to.")),
)
def test_notice_command(call: Call, channel: str, address: str) -> Output:
    """Send a test notice at once."""
    with call.transaction() as session:
        send_test_notice_as(
            session,
            SystemActor.COMMAND_LINE,
            read_notice_settings(),
            channel,
            address,
            language=call.language,
            now=call.now,
        )
    return Output(TRIED_NOTICE, address)
