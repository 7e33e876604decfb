"""The folium elements of the county map; none of them refers to another host.

A map is created once. Later changes are sent in a ``CountyState``: streamlit-folium does not recreate the map as long
as everything else sent to it stays the same.
"""

from __future__ import annotations

import json
import re
from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from portal.assets import asset_url

# Characters that JSON does not escape but that may end a script or a line in one.
_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&'\u2028\u2029"})

# folium renders its output as a Jinja template once more, so a name with {{ … }} would be run on the server. Outside
# strings JSON never contains these pairs.
_TEMPLATE_OPENING = re.compile(r"\{(?=[{%#])")


def script_json(value: Any) -> str:
    """Return ``value`` as JSON that is safe inside a ``<script>`` of folium.

    It can't close the script, end its string, or be taken for a Jinja template.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return _TEMPLATE_OPENING.sub(r"\\u007b", text)


class LocalMap(folium.Map):
    """A folium map with our own copy of Leaflet, without the unused jQuery, Bootstrap and icon fonts."""

    default_js = [
        ("leaflet", asset_url("leaflet/leaflet.js")),
        ("markercluster", asset_url("leaflet.markercluster/leaflet.markercluster.js")),
    ]
    default_css = [
        ("leaflet_css", asset_url("leaflet/leaflet.css")),
        ("markercluster_css", asset_url("leaflet.markercluster/MarkerCluster.css")),
        ("theme_css", asset_url("theme.css")),
    ]


class CountyOutlines(JSCSSMixin, MacroElement):
    """Loads the county outlines from their address and draws them; its parent is the map.

    ``options``: those of ``CountyMap`` in ``portal/static/county_map.js``.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            countyMap.begin({{ this._parent.get_name() }}, {{ this.options }});
        {% endmacro %}
        """
    )
    default_js = [
        (name, asset_url(f"portal/{name}.js"))
        for name in (
            "map_ground",
            "map_names",
            "map_markers",
            "map_spokes",
            "map_areas",
            "map_dots",
            "map_picture",
            "county_map",
        )
    ]
    default_css = [
        ("map_symbols_css", asset_url("portal/map_symbols.css")),
        ("county_map_css", asset_url("portal/county_map.css")),
    ]

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()
        self._name = "CountyOutlines"
        self.options = script_json(options)


class CountyState(MacroElement):
    """The current content of the map: fills, highlight, markers, view. Its parent is a feature group.

    ``state``: that of ``CountyMap.show`` in ``portal/static/county_map.js``.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            countyMap.show(map_div, {{ this.state }});
        {% endmacro %}
        """
    )

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__()
        self._name = "CountyState"
        self.state = script_json(state)
