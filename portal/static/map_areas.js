/* Areas over the counties of a map, such as what is reached within some minutes. Uses Leaflet. */
"use strict";
(function () {
  const LOOK = { weight: 1, color: "#2b2b2b", fill: true, fillOpacity: 0.75 };

  class MapAreas {
    constructor(map) {
      this.map = map;
      this.layer = null;
      this.drawn = "";
    }

    /* areas: [{colour, parts: [[ring: [lon, lat], …], …]}], the largest first */
    place(areas) {
      const wanted = JSON.stringify(areas);
      if (wanted === this.drawn) return;
      this.drawn = wanted;
      if (this.layer) this.map.removeLayer(this.layer);
      const shapes = areas.map(({ colour, parts }) => L.polygon(
        parts.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lat, lon]))),
        { ...LOOK, fillColor: colour, interactive: false, pane: "areas", className: "map-areas" },
      ));
      this.layer = L.layerGroup(shapes).addTo(this.map);
    }
  }

  /* The areas as features for a picture of the map: [{geometry, look}]. */
  function features(areas) {
    return areas.map(({ colour, parts }) => ({
      geometry: { type: "MultiPolygon", coordinates: parts },
      look: { ...LOOK, fillColor: colour },
    }));
  }

  window.mapAreas = { MapAreas, features };
})();
