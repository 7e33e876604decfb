"""Telephone numbers as links: each number dials what a telephone can dial, with its extension (RFC 3966)."""

from __future__ import annotations

import pytest

from portal.components import phone_link


@pytest.mark.parametrize(
    ("numbers", "links"),
    [
        ("025-8888 0000", '<a href="tel:+862588880000">025-8888 0000</a>'),
        ("025-84530001转8001、8002", '<a href="tel:+862584530001;ext=8001">025-84530001转8001、8002</a>'),
        (
            "0512-55550001、13800000000",
            '<a href="tel:+8651255550001">0512-55550001</a>、<a href="tel:+8613800000000">13800000000</a>',
        ),
        ("12315", '<a href="tel:12315">12315</a>'),
        ("8888 0000", '<a href="tel:88880000">8888 0000</a>'),
        ("ask <here>", "ask &lt;here&gt;"),
    ],
)
def test_each_number_dials(numbers: str, links: str) -> None:
    assert phone_link(numbers) == links
