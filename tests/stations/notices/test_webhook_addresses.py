"""Which addresses a call-back may reach: none within the own network, in whatever form it is written."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, ip_network

import pytest

from stations.errors import InvalidInput
from stations.notices.channels import webhook
from stations.notices.channels.webhook import _pin
from stations.notices.parcel import NotSent

PRIVATE = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0"]
WITHIN_IPV6 = {
    "NAT64": lambda plain: f"64:ff9b::{plain}",
    "NAT64 within a network": lambda plain: f"64:ff9b:1::{plain}",
    "6to4": lambda plain: f"2002:{int(plain) >> 16:x}:{int(plain) & 0xFFFF:x}::1",
    "Teredo": lambda plain: f"2001:0:808:808:8000:63bf:{~int(plain) >> 16 & 0xFFFF:x}:{~int(plain) & 0xFFFF:x}",
    "Teredo server": lambda plain: f"2001:0:{int(plain) >> 16:x}:{int(plain) & 0xFFFF:x}:8000:63bf:f7f7:f7f7",
    "mapped": lambda plain: f"::ffff:{plain}",
    "compatible": lambda plain: f"::{plain}",
    "translated": lambda plain: f"::ffff:0:{plain}",
    "ISATAP": lambda plain: f"2606:4700::5efe:{plain}",
    "ISATAP of a global address": lambda plain: f"2606:4700::200:5efe:{plain}",
}


@pytest.mark.parametrize("plain", PRIVATE)
@pytest.mark.parametrize("form", WITHIN_IPV6.values(), ids=WITHIN_IPV6)
def test_a_private_address_within_an_ipv6_one_is_not_called(form: Callable[[IPv4Address], str], plain: str) -> None:
    written = form(IPv4Address(plain))
    with pytest.raises(NotSent, match="is a private address") as refused:
        _pin(f"https://[{written}]/", (ip_network("198.18.0.0/15"),))
    assert refused.value.for_good


@pytest.mark.parametrize("written", ["fc00::1", "fe80::1", "fec0::1", "::1", "::", "ff02::1", "ff0e::1", "2001:db8::1"])
def test_an_ipv6_address_that_is_not_public_is_not_called(written: str) -> None:
    with pytest.raises(NotSent, match="private"):
        _pin(f"https://[{written}]/", ())


@pytest.mark.parametrize("written", ["2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1", "8.8.8.8"])
def test_a_public_address_is_called_in_whatever_form(written: str) -> None:
    host = f"[{written}]" if ":" in written else written
    assert _pin(f"https://{host}/a?b", ())[2] == f"https://{host}:443/a?b"


def test_a_name_is_called_only_if_all_its_addresses_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("8.8.8.8", 443)), (10, 1, 6, "", ("64:ff9b::a00:1", 443, 0, 0))]
    monkeypatch.setattr(webhook.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(NotSent, match="10.0.0.1"):
        _pin("https://firm.example/", ())
    assert _pin("https://firm.example/", (ip_network("10.0.0.0/8"),))[2] == "https://8.8.8.8:443/"


@pytest.mark.parametrize("written", ["http://example.com/hook", "HTTP://example.com/", "http://10.0.0.5/"])
def test_only_https_is_taken_unless_a_closed_network_is_named(written: str) -> None:
    with pytest.raises(InvalidInput, match="not encrypted") as refused:
        webhook.check_address("url", written, {})
    assert (refused.value.field, refused.value.params["value"]) == ("url", written)
    assert webhook.check_address("url", written, {"WEBHOOK_NETWORKS": "10.0.0.0/8"}) == written


def test_http_is_called_in_the_named_network_only() -> None:
    assert _pin("http://10.0.0.5/hook", (ip_network("10.0.0.0/8"),))[2] == "http://10.0.0.5:80/hook"
    for elsewhere in ("8.8.8.8", "[2606:4700::1111]", "[::ffff:8.8.8.8]"):
        with pytest.raises(NotSent, match="only https is called elsewhere") as refused:
            _pin(f"http://{elsewhere}/hook", (ip_network("10.0.0.0/8"),))
        assert refused.value.for_good
