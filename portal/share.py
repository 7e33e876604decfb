"""Sharing a page: its link, to be copied, and the same as a QR code, drawn here on the server."""

from __future__ import annotations

from urllib.parse import urlsplit

import segno
import streamlit as st
from markupsafe import Markup

from portal.language import _
from stations.notices.firm_address import public_url

_WIDTH = 180  # pixels


def whole_address(path: str) -> str:
    """Return the whole address of a page of this site: below ``PUBLIC_URL``, or else below what the visitor called."""
    here = urlsplit(st.context.url or "")
    return (public_url() or f"{here.scheme}://{here.netloc}") + path


def draw_share(path: str, heading: str, told: str) -> None:
    """Draw a box, closed at first, with the link and the QR code of a page.

    ``path``: its path and query, which hold no secret; ``told``: what the code leads to.
    """
    address = whole_address(path)
    with st.expander(heading):
        drawn = segno.make(address, error="m", micro=False)
        st.image(drawn.svg_inline(scale=4, border=4, light="#fff"), alt=told, width=_WIDTH)
        st.html(
            Markup(
                '<p class="share"><a href="{0}" target="_self">{0}</a> '
                '<button type="button" class="button quiet" data-copy="{0}" data-done="{1}">{2}</button></p>'
            ).format(address, _("Copied"), _("Copy the link"))
        )
