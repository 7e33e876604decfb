from __future__ import annotations

from ipaddress import ip_network

import pytest

from stations.errors import InvalidInput
from stations.notices.address import check_address
from stations.notices.channel import Channel
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.notices.channels.email import MailServer
from stations.notices.channels.sms import CHANNEL as SMS
from stations.notices.channels.sms import TextGateway
from stations.notices.channels.webhook import CHANNEL as WEBHOOK
from stations.notices.channels.webhook import CallBacks
from stations.notices.settings import read_notice_settings


def test_nothing_is_on_by_itself() -> None:
    settings = read_notice_settings({})
    assert settings.channels == ()


def test_every_way_out_can_be_told() -> None:
    settings = read_notice_settings(
        {
            "SMTP_URL": "smtp+starttls://station:p%40ss@mail.example.com",
            "SMTP_FROM": "质量小站 <station@example.com>",
            "SMS_GATEWAY_URL": "http://10.0.0.5/send",
            "SMS_GATEWAY_TOKEN": "token",
            "WEBHOOK_SECRET": "a secret of this installation",
            "WEBHOOK_NETWORKS": "10.0.0.0/8, fd00::/8",
        }
    )
    assert settings.channels == (SMS, EMAIL, WEBHOOK)
    assert settings.ways[EMAIL] == MailServer(
        "smtp+starttls", "mail.example.com", 587, "station", "p@ss", "质量小站 <station@example.com>"
    )
    assert settings.ways[SMS] == TextGateway("http://10.0.0.5/send", "token")
    assert settings.ways[WEBHOOK] == CallBacks(
        b"a secret of this installation", (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    )


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("SMTP_URL", {"SMTP_URL": "mail.example.com"}),
        ("SMTP_URL", {"SMTP_URL": "smtp://host:port"}),
        ("SMTP_FROM", {"SMTP_URL": "smtp://host"}),
        ("SMS_GATEWAY_URL", {"SMS_GATEWAY_URL": "ftp://host"}),
        ("WEBHOOK_SECRET", {"WEBHOOK_SECRET": "short"}),
        ("WEBHOOK_NETWORKS", {"WEBHOOK_SECRET": "x" * 24, "WEBHOOK_NETWORKS": "intranet"}),
    ],
)
def test_what_cant_be_used_is_told_by_name(name: str, environment: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_notice_settings(environment)
    assert refused.value.field == name and name in str(refused.value)


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        (EMAIL, " wang＠example.com ", "wang@example.com"),
        (EMAIL, "王小明 <wang@example.com>", "wang@example.com"),
        (SMS, "+86 138-0000-0000", "13800000000"),
        (SMS, "１３８００００００００", "13800000000"),
        (WEBHOOK, "https://example.com/hook?firm=1", "https://example.com/hook?firm=1"),
    ],
)
def test_an_address_is_kept_as_its_channel_writes_it(channel: Channel, typed: str, kept: str) -> None:
    assert check_address("address", channel, typed) == kept


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        *((EMAIL, wrong) for wrong in ("", "wang", "a@b", "a@b.cn, c@d.cn", "a@b.cn\nBcc: c@d.cn", "<a@b.cn")),
        *((SMS, wrong) for wrong in ("", "0512-5555 0000", "12345678901", "138000000001")),
        *(
            (WEBHOOK, wrong)
            for wrong in (
                "",
                "example.com",
                "ftp://example.com",
                "https://",
                "https://user:word@example.com",
                "https://example.com/#x",
                "https://example.com:99999/",
                "https://exa mple.com",
                "javascript:alert(1)",
                "http://[::1",
            )
        ),
    ],
)
def test_what_is_no_address_is_refused(channel: Channel, typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_address("address", channel, typed)
    assert refused.value.field == "address"
