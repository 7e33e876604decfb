"""The outbox as it is told: the same columns for the desk, its files and ``deliver-notices``."""

from __future__ import annotations

from stations.answers.columns import cells, headings
from stations.answers.outbox import FAILED, FAILED_COLUMNS, OUTBOX, STANDING, STANDING_COLUMNS, Outbox
from stations.answers.presentation import note_of, render
from stations.language import Language
from stations.notices.channel_table import CHANNELS, channel_of
from stations.notices.delivery import Delivered
from stations.notices.outbox import Notice, NoticeState, OutboxStanding
from tests.conftest import NOW

CHINESE, ENGLISH = Language("zh_CN"), Language("en")
EMAIL, SMS = channel_of("email"), channel_of("sms")
WAITING = OutboxStanding(SMS, NoticeState.WAITING, 1234, NOW, configured=False)
SENT = OutboxStanding(EMAIL, NoticeState.SENT, 5, NOW, configured=True)
FAILURE = Notice(key="filed/SR-1/email", channel=EMAIL, last_error="mailbox full", tries=8)


def test_notices_by_channel_and_state() -> None:
    assert headings(STANDING_COLUMNS, ENGLISH) == ["Way", "State", "Configured", "Notices", "Oldest"]
    assert cells(STANDING_COLUMNS, WAITING, ENGLISH)[1:4] == ["Waiting", "no", 1234]
    assert STANDING.as_data(WAITING) == {
        **{"channel": "sms", "state": "waiting", "configured": False, "count": 1234, "oldest": NOW.isoformat()}
    }


def test_a_failed_notice() -> None:
    told = FAILED.as_data(FAILURE)
    assert told == {"key": "filed/SR-1/email", "channel": "email", "last_error": "mailbox full", "tries": 8}
    assert cells(FAILED_COLUMNS, FAILURE, CHINESE)[2:] == ["mailbox full", 8]


def test_a_round_of_delivery_tells_what_is_left() -> None:
    outbox = Outbox(Delivered(sent=5, failed=1), (EMAIL,), (SENT, WAITING), (FAILURE,))
    told = OUTBOX.data(outbox, ENGLISH)
    assert (told["sent"], told["failed"], told["configured"]) == (5, 1, ["email"])
    assert told["waiting"] == {channel.code: 1234 if channel is SMS else 0 for channel in CHANNELS}
    assert [one["state"] for one in told["standing"]] == ["sent", "waiting"]
    assert [one["key"] for one in told["failed_for_good"]] == ["filed/SR-1/email"]
    assert "1,234 notices wait" in note_of(OUTBOX, outbox, ENGLISH)
    assert len(render(OUTBOX, outbox, ENGLISH, "csv").splitlines()) == 1 + len(CHANNELS)
