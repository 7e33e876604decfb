"""The button that asks the browser for its position.

The position is written to the page's address, as ``?lon=…&lat=…&accuracy=…`` (WGS-84 degrees, metres).
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from portal.language import _


def draw_my_location(parameters: Sequence[str]) -> None:
    """Draw the button. ``parameters``: the query parameters that the new position replaces."""
    st.html(
        Markup(
            '<div class="my-location"><button type="button" class="button" data-my-location data-clear="{}" '
            'data-asking="{}" data-insecure="{}" data-denied="{}" data-unavailable="{}" data-late="{}">'
            '<span aria-hidden="true">◎</span> {}</button> <span role="status"></span></div>'
        ).format(
            " ".join(parameters),
            _("Asking your device…"),
            _("Your browser tells a position only over https. Type your address or click on the map."),
            _("You did not let this site know your position. Type your address or click on the map."),
            _("Your device does not know its position now. Type your address or click on the map."),
            _("Your device took too long. Try again, type your address or click on the map."),
            _("Use my location"),
        )
    )
