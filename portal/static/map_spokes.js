/* Lines from one place of a map to many others, in one path for each place. Uses Leaflet. */
"use strict";
(function () {
  const OPACITY = 0.8;

  class MapSpokes {
    constructor(map) {
      this.map = map;
      this.layer = null;
      this.drawn = "";
    }

    /* spokes: [{colour, width, places: [[lon, lat] of the middle, then of each end]}] */
    place(spokes) {
      const wanted = JSON.stringify(spokes);
      if (wanted === this.drawn) return;
      this.drawn = wanted;
      if (this.layer) this.map.removeLayer(this.layer);
      const paths = spokes.map(({ colour, width, places: [[lon, lat], ...ends] }) => L.polyline(
        ends.map(([endLon, endLat]) => [[lat, lon], [endLat, endLon]]),
        { color: colour, weight: width, opacity: OPACITY, interactive: false, pane: "spokes", className: "map-spokes" },
      ));
      this.layer = L.layerGroup(paths).addTo(this.map);
    }
  }

  /* The lines as features for a picture of the map: [{geometry, look}]. */
  function features(spokes) {
    return spokes.map(({ colour, width, places: [middle, ...ends] }) => ({
      geometry: { type: "MultiLineString", coordinates: ends.map((end) => [middle, end]) },
      look: { color: colour, weight: width, opacity: OPACITY },
    }));
  }

  window.mapSpokes = { MapSpokes, features };
})();
